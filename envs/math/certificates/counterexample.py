"""The CounterExample environment: show that a claim about all whole numbers of a range is false."""

from itertools import product
from math import isqrt
from typing import ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.answer_parts import whole_numbers
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

_MOST_OF_EACH = 300


class CounterExampleConfig(LevelledConfig):
    """Knobs of CounterExample."""

    levels: ClassVar[Levels] = {
        "easy": {"variables": 1, "high": 300, "degree": 2},
        "medium": {"variables": 1, "high": 1000, "degree": 3},
        "hard": {"variables": 2, "high": 40, "degree": 2},
    }

    variables: Literal[1, 2] = Field(1, description="numbers that a claim is about; 1, 1 or 2 by difficulty")
    high: int = Field(
        1000,
        ge=30,
        le=2000,
        description="largest value of each; a task takes this or up to a fifth less; 300, 1000 or 40 by difficulty; with two "
        "variables at most 300",
    )
    degree: int = Field(3, ge=1, le=4, description="highest power of each; 2, 3 or 2 by difficulty")
    most_share: float = Field(
        0.02, gt=0, le=0.05, description="largest share of all values that may be counterexamples"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.variables == 2 and self.high > _MOST_OF_EACH:
            raise ValueError(
                f"high ({self.high}) may be at most {_MOST_OF_EACH} where variables is 2, since all pairs are tried"
            )
        return self


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Polynomial(_Part):
    """A polynomial in the variables of a claim.

    Attributes:
        terms: coefficient and, for each variable, its power.
    """

    terms: tuple[tuple[int, tuple[int, ...]], ...]

    def value(self, at: tuple[int, ...]) -> int:
        """Its value where the variables have these values."""
        total = 0
        for coefficient, powers in self.terms:
            for number, power in zip(at, powers, strict=True):
                coefficient *= number**power
            total += coefficient
        return total

    def text(self, names: str) -> str:
        """The polynomial in writing."""
        written = ""
        for coefficient, powers in self.terms:
            factors = [
                f"{name}^{power}" if power > 1 else name for name, power in zip(names, powers, strict=True) if power
            ]
            size = abs(coefficient)
            factor = "*".join(([] if size == 1 and factors else [str(size)]) + factors)
            sign = "-" if coefficient < 0 else "+"
            written += f" {sign} {factor}" if written else f"-{factor}" if coefficient < 0 else factor
        return written

    def values(self, places: list[tuple[int, ...]]) -> list[int]:
        """Its value at each place, term by term: several times faster than one after the other."""
        columns = list(zip(*places, strict=True))
        totals = [0] * len(places)
        for coefficient, powers in self.terms:
            parts = [coefficient] * len(places)
            for column, power in zip(columns, powers, strict=True):
                if power:
                    parts = [part * number**power for part, number in zip(parts, column, strict=True)]
            totals = [total + part for total, part in zip(totals, parts, strict=True)]
        return totals

    @property
    def shape(self) -> str:
        """The powers and signs, without the coefficients."""
        return "".join(f"{'-' if coefficient < 0 else '+'}{powers}" for coefficient, powers in self.terms)


class Fact(_Part):
    """Something that may hold of a polynomial's value.

    Attributes:
        kind: `remainder`: divided by `modulus` it leaves `number`. `digits`: its digits add up to `number`. `square`: it is
            the square of a whole number.
        of: the polynomial.
        modulus: see `remainder`.
        number: see `remainder` and `digits`.
    """

    kind: Literal["remainder", "digits", "square"]
    of: Polynomial
    modulus: int = 1
    number: int = 0

    def holds(self, value: int) -> bool:
        """Whether it does where the polynomial has this value."""
        if self.kind == "remainder":
            return value % self.modulus == self.number
        if self.kind == "digits":
            return sum(map(int, str(abs(value)))) == self.number
        return value >= 0 and isqrt(value) ** 2 == value

    def text(self, names: str, *, denied: bool) -> str:
        """The fact, or its contrary, in words."""
        what, no = self.of.text(names), "not " if denied else ""
        if self.kind == "square":
            return f"{what} is {no}the square of a whole number"
        if self.kind == "digits":
            return f"the sum of the digits of {what} is {no}{self.number}"
        if self.number == 0:
            return f"{what} is {no}divisible by {self.modulus}"
        leaves = "does not leave" if denied else "leaves"
        return f"{what} {leaves} the remainder {self.number} when divided by {self.modulus}"


class Claim(_Part):
    """For all values from 1 to `high`: if `given` holds, where it is there, then `never` does not.

    Attributes:
        names: the variables, a letter each.
        high: their largest value.
        given: the condition; None for none.
        never: what is denied.
    """

    names: str
    high: int
    given: Fact | None
    never: Fact

    def refuted_by(self, at: tuple[int, ...]) -> bool:
        """Whether these values are in the range and make the claim false."""
        return (
            len(at) == len(self.names)
            and all(1 <= number <= self.high for number in at)
            and (self.given is None or self.given.holds(self.given.of.value(at)))
            and self.never.holds(self.never.of.value(at))
        )

    def refutations(self, places: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
        """Those of the places in the range that make the claim false.

        Raises:
            RedrawError: a polynomial is below 0 somewhere: what its digits or remainders are is a matter of taste.
        """
        facts = [self.never] if self.given is None else [self.given, self.never]
        left = places
        for fact in facts:
            values = fact.of.values(places)
            if min(values) < 0:
                raise RedrawError("digits and remainders of negative numbers are a matter of taste")
            known = dict(zip(places, values, strict=True))
            left = [at for at in left if fact.holds(known[at])]
        return left

    def text(self) -> str:
        """The claim as a sentence."""
        which = (
            f"every whole number {self.names}"
            if len(self.names) == 1
            else f"all whole numbers {' and '.join(self.names)}"
        )
        never = self.never.text(self.names, denied=True)
        said = never if self.given is None else f"if {self.given.text(self.names, denied=False)}, then {never}"
        return f"For {which} from 1 to {self.high}: {said}."

    @property
    def shape(self) -> str:
        """The form without the numbers."""
        given = "" if self.given is None else f"{self.given.kind} {self.given.of.shape}"
        return f"{len(self.names)} {given} > {self.never.kind} {self.never.of.shape}"


class CounterExample(SingleAnswer[CounterExampleConfig]):
    """Refute a false claim about all whole numbers of a range.

    Observation: the claim.
    Action: a value for the variable, or for both separated by a comma, in one <answer></answer>. Text outside the tags is not
        read; an action without exactly one such pair, or with anything but that many whole numbers in it, is invalid.
    Reward: 1 if the values are in the range and make the claim false, else 0. Any such values are right.
    Ends: after the answer.
    Splits: by the form of the claim: its parts, powers and signs without the numbers.
    Oracle: gives a counterexample.

    All values are looked at: there is a counterexample, and at most `most_share` of the values are one. The difficulty of a
    task is the share of those that are none.
    """

    answer_form = "the value, or both values separated by a comma"

    def generate(self, rng: Random) -> Task:
        config = self.config
        names = "n" if config.variables == 1 else "ab"
        high = rng.randint(config.high * 4 // 5, config.high)
        given = (
            None
            if rng.getrandbits(1)
            else Fact(kind="remainder", of=self._polynomial(1, rng), modulus=rng.randint(3, 9))
        )
        kind: Literal["remainder", "digits", "square"] = rng.choice(("remainder", "remainder", "digits", "square"))
        never = Fact(kind=kind, of=self._polynomial(config.degree, rng))
        claim = Claim(names=names, high=high, given=given, never=never)
        family = rng.claim(f"counterexample {claim.shape}")
        everything = list(product(range(1, high + 1), repeat=config.variables))
        claim = self._about(rng.choice(everything), claim, rng)
        against = claim.refutations(everything)
        if len(against) > config.most_share * len(everything):
            raise RedrawError("too many values are counterexamples")
        if not against or any(max(values) == 1 or min(values) == high for values in against):
            raise RedrawError("the first or the last value is a counterexample, or none is")
        return Task(
            prompt=self.ask(
                f"This claim is false:\n\n{claim.text()}\n\nRefute it: give "
                + (
                    "a value of n for which it does not hold."
                    if len(names) == 1
                    else "values of a and b for which it does not hold."
                )
            ),
            secret={"answer": ", ".join(map(str, rng.choice(against)))},
            data={"claim": claim.model_dump(mode="json")},
            family=family,
            difficulty=1 - len(against) / len(everything),
        )

    def _polynomial(self, degree: int, rng: Random) -> Polynomial:
        count = self.config.variables
        shapes = [powers for powers in product(range(degree + 1), repeat=count) if 0 < sum(powers) <= degree]
        while True:
            chosen = rng.sample(shapes, rng.randint(1, min(3, len(shapes))))
            if all(any(powers[at] for powers in chosen) for at in range(count)):
                break
        powers_down = sorted(chosen, reverse=True)
        if len(powers_down) == 1 or rng.getrandbits(1):
            powers_down.append((0,) * count)
        coefficients = [rng.randint(1, 25) * (1 if at == 0 else rng.choice((1, -1))) for at in range(len(powers_down))]
        return Polynomial(terms=tuple(zip(coefficients, powers_down, strict=True)))

    def _about(self, values: tuple[int, ...], claim: Claim, rng: Random) -> Claim:
        """The claim with numbers drawn such that these values refute it, where that is possible."""
        given, never = claim.given, claim.never
        if given is not None:
            given = given.model_copy(update={"number": given.of.value(values) % given.modulus})
        value = never.of.value(values)
        if never.kind == "remainder":
            modulus = rng.randint(60, 250)
            never = never.model_copy(update={"modulus": modulus, "number": value % modulus})
        elif never.kind == "digits":
            never = never.model_copy(update={"number": sum(map(int, str(abs(value))))})
        return claim.model_copy(update={"given": given, "never": never})

    def unknown(self, task: Task) -> str:
        return "n" if self.config.variables == 1 else ""

    def judge(self, task: Task, answer: str) -> bool:
        values = whole_numbers(answer)
        if values is None or len(values) != self.config.variables:
            raise Unreadable("That is not as many whole numbers as there are variables.")
        return Claim.model_validate(task.data["claim"]).refuted_by(tuple(values))

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        guess = [rng.randint(1, task.data["claim"]["high"]) for _ in range(self.config.variables)]
        return committed(", ".join(map(str, guess)))

    def candidates(self, task: Task) -> list[str]:
        end = task.data["claim"]["high"]
        return [committed(", ".join([str(number)] * self.config.variables)) for number in (1, end)]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        count, end = self.config.variables, task.data["claim"]["high"]
        return super().cheats(task) | {
            "out of range": [committed(", ".join([str(number)] * count)) for number in (0, -1, end + 1, 10**9)],
            "the claim is true": [committed("none")],
            "every value": [committed(", ".join(map(str, range(1, min(end, 150)))))],
        }
