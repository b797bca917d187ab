"""Logic and constraint puzzles with one solution, which is proven."""

from textgym.registry import Entry


def _entry(name: str, module: str, summary: str, *tags: str) -> Entry:
    return Entry(
        id=f"textgym/{name}-v0",
        entry_point=f"textgym.envs.math.logic.{module}:{name}",
        summary=summary,
        domain="math",
        tags=("single-turn", "logic", "puzzle", *tags),
    )


ENVIRONMENTS: tuple[Entry, ...] = (_entry("Zebra", "zebra", "Find out who lives where, from clues about neighbours."),)
