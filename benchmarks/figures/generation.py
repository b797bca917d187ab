"""How fast tasks are made: our generators beside reasoning-gym's, on the families that both have."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from itertools import count
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
        least: the promised ratio of our rate to theirs.
        tasks: made in a round of full size. Times of some differ a hundredfold from task to task, so the number is the same
            for both, instead of the time.
    """

    env_id: str
    knobs: dict[str, Any] = field(default_factory=dict)
    dataset: str | None = None
    config: dict[str, Any] = field(default_factory=dict)
    least: float = 1.0
    tasks: int = 2_000

    @property
    def name(self) -> str:
        """Ours, with its settings."""
        knobs = ", ".join(f"{name}={value}" for name, value in self.knobs.items())
        return self.env_id.removeprefix("textgym/") + (f" ({knobs})" if knobs else "")


_TEN_BY_TEN = {"min_w": 10, "max_w": 10, "min_h": 10, "max_h": 10, "min_boxes": 4, "max_boxes": 4}
_SHORT = {"min_terms": 4, "max_terms": 7}
_ANY_BASE = {"min_base": 2, "max_base": 36, "min_value": 2**12, "max_value": 2**24}
_THREE_NUMBERS = {"min_numbers": 3, "max_numbers": 3, "min_value": 24, "max_value": 20_000}

_PAIRS = (
    Pair("textgym/Zebra-v0", {"houses": 4, "attributes": 4}, "zebra_puzzles", least=10, tasks=30),
    Pair("textgym/Sokoban-v0", {}, "sokoban", least=10, tasks=100),
    Pair("textgym/Sokoban-v0", {"rows": 8, "columns": 8, "boxes": 4}, "sokoban", _TEN_BY_TEN, least=10, tasks=100),
    Pair("textgym/KnightsKnaves-v0", {"people": 2}, "knights_knaves"),
    Pair("textgym/Countdown-v0", {}, "countdown", {"min_numbers": 5, "max_numbers": 5}, tasks=100),
    Pair("textgym/Sudoku-v0", {"size": 4}, "mini_sudoku", {"min_empty": 9, "max_empty": 10}),
    Pair("textgym/Sudoku-v0", {"size": 9}, "sudoku", {"min_empty": 45, "max_empty": 49}, tasks=60),
    Pair("textgym/Futoshiki-v0", {"size": 5}, "futoshiki", {"min_board_size": 5, "max_board_size": 5}, tasks=60),
    Pair("textgym/LinearEquation-v0", {}, "simple_equations"),
    Pair("textgym/QuadraticRoots-v0", {}, "polynomial_equations", {"min_degree": 2, "max_degree": 2}, tasks=60),
    Pair("textgym/GraphColouring-v0", {"vertices": 10}, "graph_color", {"edge_probability": 0.5}),
    Pair("textgym/Arithmetic-v0", {}, "basic_arithmetic", _SHORT),
    Pair("textgym/LongSum-v0", {}, "chain_sum", _SHORT, tasks=20_000),
    Pair(
        "textgym/PrimeFactorisation-v0",
        {},
        "prime_factorization",
        {"min_value": 1000, "max_value": 10**6},
        tasks=20_000,
    ),
    Pair("textgym/Antiderivative-v0", {}, "intermediate_integration", tasks=60),
    Pair("textgym/NextTerm-v0", {}, "number_sequence"),
    Pair("textgym/BaseConversion-v0", {"arithmetic": False}, "base_conversion", _ANY_BASE, tasks=20_000),
    Pair("textgym/GcdLcm-v0", {"asked": "gcd"}, "gcd", _THREE_NUMBERS, tasks=20_000),
    Pair("textgym/GcdLcm-v0", {"asked": "lcm"}, "lcm", _THREE_NUMBERS, tasks=20_000),
    Pair("textgym/Skyscrapers-v0", tasks=500),
    Pair("textgym/Binairo-v0", tasks=300),
    Pair("textgym/Nonogram-v0"),
    Pair("textgym/Kakuro-v0", tasks=200),
    Pair("textgym/SatAssignment-v0"),
    Pair("textgym/SlidingTiles-v0"),
    Pair("textgym/CounterExample-v0", tasks=100),
    Pair("textgym/ResolutionProof-v0"),
)


def run(size: Size) -> Report:
    """Round after round a fresh stretch of indices, ours and theirs in turn."""
    report = Report("generation", "tasks made, one core")
    compared = find_spec("reasoning_gym") is not None
    if compared:
        report.notes.append(f"Beside reasoning-gym {version('reasoning-gym')}.")
    else:
        report.left_out.append(_MISSING)
    rounds, share = size.pick(5, 3, 1), size.pick(1.0, 0.3, 0.0)
    for pair in _PAIRS:
        makers = [_Ours(pair)]
        if compared and pair.dataset is not None:
            makers.append(_Theirs(pair))
        taken = [[maker.rate(max(1, int(share * pair.tasks))) for maker in makers] for _ in range(rounds)]
        for maker, rates in zip(makers, zip(*taken, strict=True), strict=True):
            wall, cpu = zip(*rates, strict=True)
            report.rows.append(Row(maker.name, "tasks/s", Spread.of(wall), Spread.of(cpu)))
            if maker.failed:
                report.notes.append(f"{maker.name}: {maker.failed} tasks raised an exception and were left out.")
        if len(makers) > 1:
            wall, cpu = zip(*[(a[0] / b[0], a[1] / b[1]) for a, b in taken], strict=True)
            claim = f"{pair.name} over reasoning-gym's {pair.dataset}"
            report.targets.append(Target(claim, Spread.of(cpu), ">=", pair.least, "cpu", Spread.of(wall)))
    report.notes.append(
        "Where a prompt of ours speaks of one solution, making the task proves it. A family of ours belongs to one split, and "
        "what could be guessed is drawn anew; theirs has no splits."
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

    def rate(self, tasks: int) -> tuple[float, float]:
        """Tasks a second by wall and by CPU clock."""
        made = 0
        with Stopwatch(workers=False) as watch:
            while made < tasks:
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
