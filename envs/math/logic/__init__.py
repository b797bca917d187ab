"""Logic and constraint puzzles. Where a puzzle speaks of one solution, making it proves that there is no other."""

from textgym.registry import Entry


def _entry(name: str, module: str, summary: str, *tags: str) -> Entry:
    return Entry(
        id=f"textgym/{name}-v0",
        entry_point=f"textgym.envs.math.logic.{module}:{name}",
        summary=summary,
        domain="math",
        tags=("single-turn", "logic", "puzzle", *tags),
    )


ENVIRONMENTS: tuple[Entry, ...] = (
    _entry("Zebra", "zebra", "Find out who lives where, from clues about neighbours."),
    _entry("Futoshiki", "futoshiki", "Fill a Latin square that obeys inequalities between neighbours."),
    _entry("Skyscrapers", "skyscrapers", "Find the heights of towers from how many are seen at the edge."),
    _entry("Binairo", "binairo", "Fill a board with zeros and ones in balance."),
    _entry("Nonogram", "nonogram", "Paint the picture whose runs have the given lengths."),
    _entry("Kakuro", "kakuro", "Fill in digits whose runs have the given sums."),
    _entry("KnightsKnaves", "knights_knaves", "Find out who tells the truth, from what everybody says."),
    _entry("SatAssignment", "sat_assignment", "Find values for variables that make every clause true."),
)
