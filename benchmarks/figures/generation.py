"""How fast tasks are made: our generators beside reasoning-gym's, on the families that both have."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from itertools import count
from time import process_time
from typing import Any

import textgym
from clocks import Stopwatch
from report import Report, Row, Spread, Target
from sizes import Size

_MISSING = "left out: reasoning-gym is not installed; `pip install reasoning-gym` into the benchmarks' environment"


@dataclass(frozen=True, slots=True)
class Pair:
    """One family, as both make it, with settings as alike as they allow.

    Attributes:
        env_id: ours.
        knobs: its settings.
        dataset: theirs; None for a family that only we have.
        config: its settings.
        least: the promised ratio of our rate to theirs; None where nothing is promised.
    """

    env_id: str
    knobs: dict[str, Any] = field(default_factory=dict)
    dataset: str | None = None
    config: dict[str, Any] = field(default_factory=dict)
    least: float | None = 1.0

    @property
    def name(self) -> str:
        """Ours, with its settings."""
        knobs = ", ".join(f"{name}={value}" for name, value in self.knobs.items())
        return self.env_id.removeprefix("textgym/") + (f" ({knobs})" if knobs else "")


_PAIRS = (
    Pair("textgym/Zebra-v0", {"houses": 4, "attributes": 4}, "zebra_puzzles", least=10),
    Pair("textgym/Sokoban-v0", {}, "sokoban", {"min_boxes": 3, "max_boxes": 3, "max_w": 8, "max_h": 8}),
    Pair("textgym/Sokoban-v0", {"difficulty": "hard"}, "sokoban", least=10),
    Pair("textgym/KnightsKnaves-v0", {"people": 2}, "knights_knaves"),
    Pair("textgym/Countdown-v0", {}, "countdown", {"min_numbers": 5, "max_numbers": 5}),
    Pair("textgym/Sudoku-v0", {"size": 4}, "mini_sudoku", {"min_empty": 9, "max_empty": 10}),
    Pair("textgym/Sudoku-v0", {"size": 9}, "sudoku", {"min_empty": 45, "max_empty": 49}),
    Pair("textgym/Futoshiki-v0", {"size": 5}, "futoshiki", {"min_board_size": 5, "max_board_size": 5}),
    Pair("textgym/Arithmetic-v0", {}, "basic_arithmetic", {"min_terms": 4, "max_terms": 7}),
    Pair("textgym/Arithmetic-v0", {"operators": "+-"}, "chain_sum", {"min_terms": 4, "max_terms": 7}, least=None),
    Pair("textgym/GraphColouring-v0", {"vertices": 10}, "graph_color", {"edge_probability": 0.5}, least=None),
    Pair("textgym/LinearEquation-v0", {}, "simple_equations"),
    Pair("textgym/QuadraticRoots-v0", {}, "polynomial_equations", {"min_degree": 2, "max_degree": 2}),
    Pair("textgym/PrimeFactorisation-v0", {}, "prime_factorization", {"min_value": 1000, "max_value": 10**6}),
    Pair("textgym/Skyscrapers-v0"),
    Pair("textgym/Binairo-v0"),
    Pair("textgym/Nonogram-v0"),
    Pair("textgym/Kakuro-v0"),
    Pair("textgym/SatAssignment-v0"),
    Pair("textgym/SlidingTiles-v0"),
    Pair("textgym/CounterExample-v0"),
    Pair("textgym/ResolutionProof-v0"),
)


def run(size: Size) -> Report:
    """Tasks of a stretch of indices, ours and theirs in turn; each for the same CPU time, and at least one task."""
    report = Report("generation", "tasks made, one core")
    compared = find_spec("reasoning_gym") is not None
    if compared:
        report.notes.append(f"Beside reasoning-gym {version('reasoning-gym')}.")
    else:
        report.left_out.append(_MISSING)
    rounds, seconds = size.pick(5, 3, 1), size.pick(1.0, 0.3, 0.001)
    for pair in _PAIRS:
        makers = [_Ours(pair)]
        if compared and pair.dataset is not None:
            makers.append(_Theirs(pair))
        taken = [[maker.rate(seconds) for maker in makers] for _ in range(rounds)]
        for maker, rates in zip(makers, zip(*taken, strict=True), strict=True):
            wall, cpu = zip(*rates, strict=True)
            report.rows.append(Row(maker.name, "tasks/s", Spread.of(wall), Spread.of(cpu)))
            if maker.failed:
                report.notes.append(f"{maker.name}: {maker.failed} tasks raised an exception and were left out.")
        if len(makers) > 1:
            wall, cpu = zip(*[(a[0] / b[0], a[1] / b[1]) for a, b in taken], strict=True)
            claim = f"{pair.name} over reasoning-gym's {pair.dataset}"
            if pair.least is None:
                report.notes.append(f"{claim}: {Spread.of(cpu).median:.2g} by CPU time; nothing is promised.")
            else:
                report.targets.append(Target(claim, Spread.of(cpu), ">=", pair.least, "cpu", Spread.of(wall)))
    report.notes.append(
        "Where a prompt of ours speaks of one solution, making the task proves it. Sums without parentheses and graphs that "
        "any colouring in turn solves are cheap to make; ours are neither, and no ratio is promised there."
    )
    return report


class _Maker:
    """Makes task after task.

    Attributes:
        name: for the report.
        failed: tasks that could not be made.
    """

    def __init__(self, name: str, make: Callable[[int], Any]) -> None:
        self.name = name
        self.failed = 0
        self._make = make
        self._indices: Iterator[int] = count()
        make(10**5)  # modules are imported, tables built

    def rate(self, seconds: float) -> tuple[float, float]:
        """Tasks a second by wall and by CPU clock."""
        made = 0
        end = process_time() + seconds
        with Stopwatch(workers=False) as watch:
            while not made or process_time() < end:
                try:
                    self._make(next(self._indices))
                    made += 1
                except ZeroDivisionError:  # basic_arithmetic of reasoning-gym 0.1.23 divides by what comes to zero
                    self.failed += 1
        return made / watch.wall, made / watch.cpu


class _Ours(_Maker):
    def __init__(self, pair: Pair) -> None:
        env = textgym.make(pair.env_id, **pair.knobs)
        super().__init__(pair.name, lambda index: env.task("train", index))


class _Theirs(_Maker):
    def __init__(self, pair: Pair) -> None:
        import reasoning_gym

        dataset = reasoning_gym.create_dataset(pair.dataset or "", size=10**6, seed=1, **pair.config)
        super().__init__(f"reasoning-gym: {pair.dataset}", lambda index: dataset[index])
