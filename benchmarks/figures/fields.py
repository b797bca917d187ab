"""The vector environment when every step reports five metrics."""

from cores import ENDLESS, TURNS
from figures.vector import ECHOES, GAMES, Work, add_targets, contenders
from peers import GEM_MISSING, has_gem
from report import Report
from rounds import interleave
from sizes import Size


def run(size: Size) -> Report:
    """As `vector`, with five info fields a step: two whole numbers, a float, a bool and a word."""
    report = Report("fields", "a vector environment in one process, five info fields a step")
    n = size.pick(1024, 1024, 16)
    work = Work(n, size.pick(2, 1, 1))
    for label, cores, turns in (
        (f"n={n}, an echo, no resets", ECHOES, ENDLESS),
        (f"n={n}, a game, no resets", GAMES, ENDLESS),
        (f"n={n}, a game, {TURNS} turns, NextStep", GAMES, TURNS),
    ):
        rates = interleave(contenders(work, cores, turns, 5, "NextStep"), size.pick(15, 3, 1), workers=False)
        report.rows += [one.row(f"{label}: {name}") for name, one in rates.items()]
        add_targets(report, rates, label, 3.0, None)
    if not has_gem():
        report.left_out.append(GEM_MISSING)
    report.notes.append("GEM hands on a list of dictionaries instead of columns; it is shown, and not a target.")
    return report
