"""What a benchmark reports: rows of figures, targets with a verdict, and what could not be measured."""

import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from statistics import median
from typing import Any, Literal, Self

_PACKAGES = ("textgym", "gymnasium", "gem-llm", "reasoning-gym", "math-verify", "numpy", "pydantic")


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, smallest and largest of the rounds of one figure."""

    median: float
    min: float
    max: float
    rounds: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        """The spread of these values, of which there is at least one."""
        return cls(median(values), min(values), max(values), len(values))


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of one contender.

    Attributes:
        name: who or what was measured.
        unit: of both spreads, such as `steps/s` or `us`.
        wall: by wall clock; None where it was not read.
        cpu: by CPU clock, worker processes included; None where it was not read.
    """

    name: str
    unit: str
    wall: Spread | None = None
    cpu: Spread | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A promise and what came of it.

    Attributes:
        claim: the promise in words.
        figure: what was measured for it; ratios are formed within each round.
        relation: how `figure.median` must stand to `bound`.
        bound: the promised value.
        clock: which clock decides; `cpu` leaves the machine's other load out.
        other: the same figure by the other clock, for comparison; None where there is none.
    """

    claim: str
    figure: Spread
    relation: Literal[">=", "<="]
    bound: float
    clock: Literal["cpu", "wall", "count", "memory"] = "cpu"
    other: Spread | None = None

    @property
    def met(self) -> bool:
        """Whether the promise was kept in this run."""
        return self.figure.median >= self.bound if self.relation == ">=" else self.figure.median <= self.bound


@dataclass(slots=True)
class Report:
    """What one benchmark found.

    Attributes:
        name: of the benchmark.
        title: what it measures, in one line.
        rows: the figures.
        targets: the promises.
        notes: how to read the figures, and what else was seen.
        left_out: contenders that are not installed, with how to install them.
    """

    name: str
    title: str
    rows: list[Row] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def as_json(self, machine: dict[str, Any], size: str) -> dict[str, Any]:
        """The report as JSON values, beside the machine that it was made on."""
        return {
            "name": self.name,
            "title": self.title,
            "size": size,
            "machine": machine,
            "rows": [asdict(row) for row in self.rows],
            "targets": [{**asdict(target), "met": target.met} for target in self.targets],
            "met": all(target.met for target in self.targets),
            "notes": self.notes,
            "left_out": self.left_out,
        }

    def print(self) -> None:
        """Show the report in the terminal."""
        from rich.console import Console
        from rich.table import Table

        console = Console(width=None if os.isatty(1) else 150, highlight=False)
        table = Table(title=f"[bold]{self.name}[/]: {self.title}", title_justify="left", box=None, pad_edge=False)
        for heading in ("", "wall, median", "(min, max)", "CPU, median", "(min, max)", "unit"):
            table.add_column(heading, justify="left" if heading in ("", "unit") else "right")
        for row in self.rows:
            table.add_row(row.name, *_cells(row.wall), *_cells(row.cpu), row.unit)
        console.print(table)
        for target in self.targets:
            verdict = "[green]met   [/]" if target.met else "[red]missed[/]"
            also = "" if target.other is None else f" (by the other clock {_number(target.other.median)})"
            console.print(
                f"  {verdict} {target.claim}: {_number(target.figure.median)} {target.relation} "
                f"{_number(target.bound)}, {target.clock}{also}"
            )
        for line in (*self.notes, *self.left_out):
            console.print(f"  [dim]{line}[/]")
        console.print()


def _cells(spread: Spread | None) -> tuple[str, str]:
    if spread is None:
        return "", ""
    return _number(spread.median), f"({_number(spread.min)}, {_number(spread.max)})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def machine() -> dict[str, Any]:
    """What the figures were measured on; the load goes in before and after by whoever runs the benchmark."""
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = None
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "versions": found,
    }
