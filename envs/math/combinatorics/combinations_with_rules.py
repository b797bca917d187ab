"""CombinationsWithRules: in how many ways a committee can be chosen."""

from math import comb
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.combinatorics.phrases import counted, listed
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import WholeNumberAnswer

_TRADES = ("engineer", "lawyer", "doctor", "teacher", "painter", "singer", "farmer", "baker", "sailor", "tailor")
_NAMES = ("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gia", "Hugo", "Ida", "Jon", "Kim", "Leo", "Mia", "Ned", "Ola")
_SMALLEST = 20

Bounds = list[tuple[int, int]]
"""Fewest and most members from each group."""


class CombinationsWithRulesConfig(LevelledConfig):
    """Knobs of CombinationsWithRules."""

    groups: int = Field(3, ge=2, le=6, description="how many groups the members come from")
    largest: int = Field(12, ge=6, le=60, description="largest size of a group; the smallest is 4")
    pairs: int = Field(1, ge=0, le=2, description="how many rules about two persons")

    levels: ClassVar[Levels] = {
        "easy": {"groups": 2, "largest": 60, "pairs": 0},
        "hard": {"groups": 4, "largest": 15, "pairs": 2},
    }


class CombinationsWithRules(WholeNumberAnswer[CombinationsWithRulesConfig]):
    """Count the committees that keep rules about groups and about pairs of persons.

    Observation: the sizes of the groups, the size of the committee, for some groups how many members at least, at most or
        exactly, and pairs of persons who serve only together or never together.
    Action: the number of possible committees, inside one <answer></answer>, as a whole number. Text outside the tags is
        not read; anything else is invalid.
    Reward: 1 for that number, else 0.
    Ends: after the answer.
    Splits: by the size of the committee with the rules, whatever the sizes of the groups.
    Oracle: gives the number.

    The number is at least 20. The difficulty of a task is the number of groups plus twice the number of pairs.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        chosen = rng.randint(config.groups + 1, config.groups + 4)
        sizes = [rng.randint(4, config.largest) for _ in range(config.groups)]
        trades = rng.sample(_TRADES, config.groups)
        bounds, clauses = self._bounds(chosen, trades, rng)
        pairs = [(place, bool(rng.getrandbits(1))) for place in sorted(rng.sample(range(config.groups), config.pairs))]
        ruled = sorted((bounds[g], [joined for place, joined in pairs if place == g]) for g in range(config.groups))
        family = rng.claim(f"committees {chosen} {ruled}")
        answer = count_committees(sizes, bounds, chosen, pairs)
        if answer < _SMALLEST:
            raise RedrawError("too few committees")
        names = rng.sample(_NAMES, 2 * config.pairs)
        for number, (place, joined) in enumerate(pairs):
            one, other = names[2 * number : 2 * number + 2]
            how = "serve together or not at all" if joined else "do not serve together"
            clauses.append(f"{one} and {other}, who are both {trades[place]}s, {how}")
        people = listed([counted(size, trade) for size, trade in zip(sizes, trades, strict=True)])
        return Task(
            prompt=self.ask(
                f"A committee of {chosen} is chosen from {people}. The rules: {'; '.join(clauses)}. How many different "
                "committees are possible?"
            ),
            secret={"answer": answer},
            data={"sizes": sizes, "bounds": bounds, "chosen": chosen, "pairs": [list(pair) for pair in pairs]},
            family=family,
            difficulty=config.groups + 2 * config.pairs,
        )

    def _bounds(self, chosen: int, trades: list[str], rng: Random) -> tuple[Bounds, list[str]]:
        """Bounds on the members of each group, and in words those that say something."""
        bounds: Bounds = []
        clauses: list[str] = []
        for trade in trades:
            few = rng.randint(1, max(1, chosen // 2))
            kind = rng.choice(["free", "at least", "at most", "at least", "at most", "between"])
            if kind == "free" and clauses:
                bounds.append((0, chosen))
            elif kind == "at most":
                bounds.append((0, few))
                clauses.append(f"at most {counted(few, trade)}")
            elif kind == "between" and few < chosen - 1:
                bounds.append((few, few + 1))
                clauses.append(f"{few} or {few + 1} {trade}s")
            else:
                bounds.append((few, chosen))
                clauses.append(f"at least {counted(few, trade)}")
        return bounds, clauses

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        everybody = comb(sum(task.data["sizes"]), task.data["chosen"])
        return committed(str(max(1, everybody * rng.randint(1, 99) // 100)))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        everybody = comb(sum(task.data["sizes"]), task.data["chosen"])
        return super().cheats(task) | {
            "the rules forgotten": [committed(str(everybody))] if everybody != task.secret["answer"] else []
        }


def count_committees(sizes: list[int], bounds: Bounds, chosen: int, pairs: list[tuple[int, bool]]) -> int:
    """How many committees keep the rules.

    Args:
        sizes: persons in each group.
        bounds: fewest and most members from each group.
        chosen: members in all.
        pairs: the group of two persons, and whether they serve only together (True) or never together.
    """
    if pairs:
        (place, joined), *rest = pairs
        without, both = _shifted(sizes, bounds, place, 0), _shifted(sizes, bounds, place, 2)
        with_both = count_committees(*both, chosen - 2, rest) if chosen >= 2 else 0
        if joined:
            return count_committees(*without, chosen, rest) + with_both
        return count_committees(sizes, bounds, chosen, rest) - with_both
    ways = [1] + [0] * chosen
    for size, (fewest, most) in zip(sizes, bounds, strict=True):
        ways = [
            sum(ways[total - k] * comb(size, k) for k in range(max(0, fewest), min(most, total) + 1))
            for total in range(chosen + 1)
        ]
    return ways[chosen]


def _shifted(sizes: list[int], bounds: Bounds, place: int, taken: int) -> tuple[list[int], Bounds]:
    """The groups without two persons of one of them, of whom `taken` are members already."""
    smaller = [size - 2 if group == place else size for group, size in enumerate(sizes)]
    fewer = [(low - taken, high - taken) if g == place else (low, high) for g, (low, high) in enumerate(bounds)]
    return smaller, fewer
