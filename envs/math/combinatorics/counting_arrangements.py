"""CountingArrangements: in how many ways letters can be put in a row."""

from collections import Counter
from math import comb, factorial, prod
from typing import ClassVar, Self

from pydantic import Field, model_validator

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import WholeNumberAnswer

_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_SMALLEST = 200
_RULES = {
    "start": (1, "the row begins with {0}"),
    "end": (1, "the row ends with {0}"),
    "together": (1, "all copies of {0} stand next to each other"),
    "apart": (1, "no two copies of {0} stand next to each other"),
    "beside": (2, "{0} and {1} stand next to each other, in either order"),
    "before": (2, "{0} stands somewhere to the left of {1}"),
}


class CountingArrangementsConfig(LevelledConfig):
    """Knobs of CountingArrangements."""

    min_letters: int = Field(9, ge=4, le=20, description="fewest letters")
    max_letters: int = Field(13, ge=4, le=20, description="most letters")
    rules: int = Field(2, ge=0, le=4, description="how many rules the row must keep")

    levels: ClassVar[Levels] = {
        "easy": {"min_letters": 8, "max_letters": 13, "rules": 1},
        "hard": {"min_letters": 11, "max_letters": 15, "rules": 3},
    }

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.min_letters > self.max_letters:
            raise ValueError(f"min_letters ({self.min_letters}) must not be above max_letters ({self.max_letters})")
        return self


class CountingArrangements(WholeNumberAnswer[CountingArrangementsConfig]):
    """Count the ways to put letters, some of them alike, in a row under rules.

    Observation: the letters and the rules: what the row begins or ends with, copies that stand together or apart, two
        letters side by side, one left of another.
    Action: the number of different rows, inside one <answer></answer>, as a whole number. Text outside the tags is not
        read; anything else is invalid.
    Reward: 1 for that number, else 0.
    Ends: after the answer.
    Splits: by how often each letter occurs together with the rules and how often their letters occur, whatever the
        letters are.
    Oracle: gives the number.

    No two rules are about the same letter, so the number is a product of factorials and binomials. It is at least 200. The
    difficulty of a task is the number of letters plus three times the number of rules.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        size = rng.randint(config.min_letters, config.max_letters)
        kinds = rng.randint(max(2, size // 2), size - 1)
        copies = [1] * kinds
        for _ in range(size - kinds):
            copies[rng.randrange(kinds)] += 1
        rules = self._rules(copies, rng)
        parts = [(name, [copies[place] for place in places]) for name, places in rules]
        family = rng.claim(f"arrangements {sorted(copies)} {sorted(parts)}")
        answer = count_rows(copies, rules)
        if answer < _SMALLEST:
            raise RedrawError("too few rows")
        letters = rng.sample(_ALPHABET, kinds)
        row = [letter for letter, count in zip(letters, copies, strict=True) for _ in range(count)]
        rng.shuffle(row)
        clauses = [_RULES[name][1].format(*(letters[place] for place in places)) for name, places in rules]
        such = f" such that {'; '.join(clauses)}" if clauses else ""
        return Task(
            prompt=self.ask(
                f"In how many different ways can the {size} letters {' '.join(row)} be put in a row{such}? Copies of the "
                "same letter cannot be told apart."
            ),
            secret={"answer": answer},
            data={"letters": "".join(row), "rules": [[name, *(letters[p] for p in places)] for name, places in rules]},
            family=family,
            difficulty=size + 3 * len(rules),
        )

    def _rules(self, copies: list[int], rng: Random) -> list[tuple[str, tuple[int, ...]]]:
        """Rules about letters of their own; each kind of rule once, and at most one letter kept apart."""
        free = list(range(len(copies)))
        rng.shuffle(free)
        names = list(_RULES)
        rng.shuffle(names)
        rules: list[tuple[str, tuple[int, ...]]] = []
        for name in names:
            if len(rules) == self.config.rules:
                break
            needs = _RULES[name][0]
            repeated = name in ("together", "apart")
            fitting = [
                place
                for place in free
                if name in ("start", "end") or (copies[place] > 1 if repeated else copies[place] == 1)
            ]
            if len(fitting) < needs:
                continue
            places = tuple(fitting[:needs])
            free = [place for place in free if place not in places]
            rules.append((name, places))
        if len(rules) < self.config.rules:
            raise RedrawError("too few letters for so many rules")
        return rules

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        copies = Counter(task.data["letters"]).values()
        rows = factorial(sum(copies)) // prod(map(factorial, copies))
        return committed(str(max(1, rows // rng.randint(2, 60))))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        copies = Counter(task.data["letters"]).values()
        wrong = {factorial(sum(copies)), factorial(sum(copies)) // prod(map(factorial, copies))}
        return super().cheats(task) | {
            "the rules or the copies forgotten": [
                committed(str(number)) for number in sorted(wrong - {task.secret["answer"]})
            ],
        }


def count_rows(copies: list[int], rules: list[tuple[str, tuple[int, ...]]]) -> int:
    """How many different rows keep the rules.

    Args:
        copies: how often each letter occurs.
        rules: names from the table of rules, with the places of their letters in `copies`; no letter twice.
    """
    left = list(copies)
    factor, half, apart = 1, 1, 0
    for name, places in rules:
        if name in ("start", "end"):
            left[places[0]] -= 1
        elif name == "together":  # one block
            left[places[0]] = 1
        elif name == "beside":  # one block, in two orders
            left[places[1]] = 0
            factor *= 2
        elif name == "before":  # half of all rows, by exchanging the two
            half *= 2
        else:
            apart, left[places[0]] = left[places[0]], 0
    others = sum(left)
    rows = factorial(others) // prod(map(factorial, left)) * factor
    # The copies that stay apart go into different gaps between the others, ends included.
    return rows * comb(others + 1, apart) // half
