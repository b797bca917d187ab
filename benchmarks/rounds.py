"""Contenders in interleaved rounds: A B C, A B C, ..., so that a load that comes and goes meets all of them alike."""

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from clocks import Stopwatch
from report import Row, Spread


@dataclass(slots=True)
class Rates:
    """What one contender did in each round.

    Attributes:
        wall: things done a second of wall time, one value a round.
        cpu: the same a second of CPU time.
    """

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def row(self, name: str, unit: str = "steps/s") -> Row:
        """The rates as a row of the report."""
        return Row(name, unit, Spread.of(self.wall), Spread.of(self.cpu))

    def over(self, other: "Rates", clock: str = "cpu") -> Spread:
        """How often this contender's rate goes into the other's, round by round."""
        mine, theirs = getattr(self, clock), getattr(other, clock)
        return Spread.of([a / b for a, b in zip(mine, theirs, strict=True)])

    def cost(self, name: str) -> Row:
        """Microseconds for each, instead of a rate."""
        return Row(
            name, "us", Spread.of([1e6 / rate for rate in self.wall]), Spread.of([1e6 / rate for rate in self.cpu])
        )


def interleave(contenders: Mapping[str, Callable[[], int]], rounds: int, workers: bool = True) -> dict[str, Rates]:
    """Run every contender once per round.

    Args:
        contenders: by name, a function that does a fixed amount of work and returns how many things it did.
        rounds: number of rounds; one more goes before them and is not counted.
        workers: whether any contender has worker processes, whose CPU time counts.
    """
    rates = {name: Rates() for name in contenders}
    gc.collect()
    gc.freeze()  # no contender pays for the collector's walk over the others' objects
    for number in range(rounds + 1):
        for name, work in contenders.items():
            gc.collect()
            with Stopwatch(workers) as spent:
                count = work()
            if number:
                rates[name].wall.append(count / spent.wall)
                rates[name].cpu.append(count / max(spent.cpu, 1e-9))
    gc.unfreeze()
    return rates
