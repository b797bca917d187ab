"""RecurrenceTerm: a later term of a sequence that is given by its law."""

from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, Task
from textgym.envs.math.draws import nonzero, signed_sum
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import WholeNumberAnswer

_LAWS = ("second order", "third order", "with n", "coupled", "quadratic remainder", "linear remainder")


class RecurrenceTermConfig(LevelledConfig):
    """Knobs of RecurrenceTerm."""

    min_steps: int = Field(5, ge=3, le=1_000, description="fewest applications of the law")
    max_steps: int = Field(9, ge=3, le=1_000, description="most applications of the law")
    largest: int = Field(6, ge=2, le=100, description="largest coefficient of the law in size")
    largest_start: int = Field(15, ge=3, le=1_000, description="largest first term in size")
    largest_modulus: int = Field(200, ge=60, le=10**6, description="largest modulus, where the law takes a remainder")
    largest_answer: int = Field(10**7, ge=1_000, le=10**100, description="bound on the answer in size")

    levels: ClassVar[Levels] = {
        "easy": {"min_steps": 3, "max_steps": 5, "largest": 4, "largest_answer": 10**5},
        "hard": {"min_steps": 8, "max_steps": 16, "largest": 9, "largest_modulus": 1_000, "largest_answer": 10**14},
    }


class RecurrenceTerm(WholeNumberAnswer[RecurrenceTermConfig]):
    """Find a later term of a sequence that is defined by a recurrence.

    Observation: the law, the first terms, and the index that is asked for.
    Action: the term inside one <answer></answer>, a whole number. Text outside the tags is not read; anything else is
        invalid.
    Reward: 1 for the term, else 0.
    Ends: after the answer.
    Splits: by the law with its coefficients, whatever its constant and the first terms are.
    Oracle: gives the term.

    Laws are linear of second and third order, have n in them, couple two sequences, or take remainders. The term is at
    least 10 in size. The difficulty of a task is how often the law must be applied.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        law = rng.choice(_LAWS)
        p, q, r, s = (nonzero(rng, config.largest) for _ in range(4))
        modulus = rng.randint(50, config.largest_modulus)
        coefficients = {"second order": (p, q), "with n": (p, q), "coupled": (p, q, r, s), "third order": (p, q, r)}
        family = rng.claim(f"{law} {coefficients.get(law, (p, q, modulus))}")
        size = 3 if law == "third order" else 1 if law in ("with n", "quadratic remainder") else 2
        lowest = 0 if "remainder" in law else -config.largest_start
        terms = [rng.randint(lowest, config.largest_start) for _ in range(size)]
        constant = nonzero(rng, 19)
        steps = rng.randint(config.min_steps, max(config.min_steps, config.max_steps))
        said, term = _Sequence(law, (p, q, r, s), constant, modulus).described(terms, steps)
        if abs(term) < 10 or abs(term) > config.largest_answer or term in terms:
            raise RedrawError("too easy to guess, or too large")
        return Task(
            prompt=self.ask(said),
            secret={"answer": term},
            data={"law": law, "first": terms},
            family=family,
            difficulty=steps,
        )

    def cheats(self, task: Task) -> dict[str, list[str]]:
        first = task.data["first"]
        return super().cheats(task) | {"a first term": [committed(str(first[0])), committed(f"a(1) = {first[0]}")]}


class _Sequence:
    """A law with its numbers: how it is said, and how it continues."""

    def __init__(self, law: str, numbers: tuple[int, int, int, int], constant: int, modulus: int) -> None:
        self.law = law
        self.numbers = numbers
        self.constant = constant
        self.modulus = modulus

    def described(self, first: list[int], steps: int) -> tuple[str, int]:
        """The question about the term after so many steps, and the term."""
        p, q, r, s = self.numbers
        if self.law == "coupled":
            a, b = first
            for _ in range(steps):
                a, b = p * a + q * b, r * a + s * b
            laws = [
                f"a(n) = {signed_sum([(p, '*a(n-1)'), (q, '*b(n-1)')])}",
                f"b(n) = {signed_sum([(r, '*a(n-1)'), (s, '*b(n-1)')])}",
            ]
            start = f"a(1) = {first[0]}, b(1) = {first[1]}"
            return _question(start, [_plain(law) for law in laws], steps + 1), a
        terms = list(first)
        while len(terms) < len(first) + steps:
            terms.append(self._next(terms))
        start = ", ".join(f"a({n}) = {term}" for n, term in enumerate(first, 1))
        return _question(start, [_plain(f"a(n) = {self._right_side()}")], len(terms)), terms[-1]

    def _next(self, terms: list[int]) -> int:
        p, q, r, _ = self.numbers
        if self.law == "with n":
            return p * terms[-1] + q * (len(terms) + 1) + self.constant
        if self.law == "quadratic remainder":
            return (terms[-1] ** 2 + p * terms[-1] + q) % self.modulus
        value = p * terms[-1] + q * terms[-2] + (r * terms[-3] if self.law == "third order" else 0) + self.constant
        return value % self.modulus if self.law == "linear remainder" else value

    def _right_side(self) -> str:
        p, q, r, _ = self.numbers
        if self.law == "with n":
            return signed_sum([(p, "*a(n-1)"), (q, "*n"), (self.constant, "")])
        if self.law == "quadratic remainder":
            inner = signed_sum([(1, "*a(n-1)^2"), (p, "*a(n-1)"), (q, "")])
            return f"({inner}) mod {self.modulus}"
        third = [(r, "*a(n-3)")] if self.law == "third order" else []
        inner = signed_sum([(p, "*a(n-1)"), (q, "*a(n-2)"), *third, (self.constant, "")])
        return f"({inner}) mod {self.modulus}" if self.law == "linear remainder" else inner


def _plain(law: str) -> str:
    """Without the multiplication sign of a coefficient of 1, which is not written."""
    for before in (" = ", " = -", "+ ", "- ", "(", "(-"):
        law = law.replace(f"{before}*", before)
    return law


def _question(start: str, laws: list[str], index: int) -> str:
    size = "with x mod m for the remainder from 0 to m - 1, " if "mod" in laws[0] else ""
    first = start.count("a(") + 1
    return (
        f"A sequence is given by {start} and, {size}for n >= {first},\n\n"
        + "\n".join(laws)
        + f"\n\nWhat is a({index})?"
    )
