"""ClosedForm: a formula for the n-th term of a sequence that is given by a recurrence or a sum."""

from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.draws import nonzero, signed_sum
from textgym.envs.math.formulas import FormulaError
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.polynomials import Poly, written
from textgym.envs.math.sequences.exponential import ExponentialSum, exponential, read_exponential, value_at
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

_KINDS = ("two bases", "two bases", "base and line", "repeated", "sum")


class ClosedFormConfig(LevelledConfig):
    """Knobs of ClosedForm."""

    largest_base: int = Field(5, ge=2, le=20, description="largest base of a power in the formula, in size")
    largest: int = Field(40, ge=2, le=1_000, description="largest coefficient in the formula, in size")
    negative_bases: bool = Field(True, description="bases may be negative")
    sums: bool = Field(True, description="the sequence may be given as a sum of a polynomial")

    levels: ClassVar[Levels] = {
        "easy": {"largest_base": 4, "largest": 12, "negative_bases": False, "sums": False},
        "hard": {"largest_base": 9, "largest": 60},
    }


class ClosedForm(SingleAnswer[ClosedFormConfig]):
    """Find a formula in n for a sequence that is given by a recurrence, or by a sum.

    Observation: the recurrence with its first terms, or the sum.
    Action: the formula inside one <answer></answer>, such as `2*3^n - (-1)^(n+1) + n/2`: numbers, n, + - * / ^ and
        parentheses; only numbers have n in their exponent. Text outside the tags is not read; anything else is invalid.
    Reward: 1 if the formula gives every term, for all n >= 1, else 0.
    Ends: after the answer.
    Splits: by the recurrence without its constant and its first terms; of sums, by the polynomial without its constant.
    Oracle: gives a formula.

    Formulas are compared as sums of polynomials times powers, which is exact: no term is tried. The difficulty of a task
    is the number of terms of the formula.
    """

    answer_form = "a formula in n such as 2*3^n - (-1)^(n+1) + n/2"

    def generate(self, rng: Random) -> Task:
        config = self.config
        kind = rng.choice(_KINDS if config.sums else _KINDS[:-1])
        size = config.largest
        if kind == "sum":
            return self._sum([rng.randint(-size, size) for _ in range(rng.randint(2, 3))], rng)
        b, c = self._base(rng), self._base(rng)
        p, q, r = nonzero(rng, size), nonzero(rng, size), rng.randint(-size, size)
        if kind == "base and line":
            family = rng.claim(f"{kind} {b} {q * (1 - b)}")
            found = exponential((b, (p,)), (1, (r, q)))
            law = _law([(b, "*a(n-1)"), (q * (1 - b), "*n"), (r * (1 - b) + q * b, "")])
            return self._task(found, [1], law, family)
        if kind == "repeated":
            c = b
            found = exponential((b, (p, q)), (1, (r,)))
        else:
            found = exponential((b, (p,)), (c, (q,)), (1, (r,)))
        family = rng.claim(f"{kind} {sorted((b, c))}")
        if kind == "two bases" and b == c:
            raise RedrawError("one base")
        law = _law([(b + c, "*a(n-1)"), (-b * c, "*a(n-2)"), (r * (1 - b) * (1 - c), "")])
        return self._task(found, [1, 2], law, family)

    def _base(self, rng: Random) -> int:
        base = rng.randint(2, self.config.largest_base)
        if not self.config.negative_bases:
            return base
        return -rng.randint(1, self.config.largest_base) if rng.random() < 0.35 else base

    def _task(self, found: ExponentialSum, first: list[int], law: str, family: str) -> Task:
        start = ", ".join(f"a({n}) = {value_at(found, n)}" for n in first)
        return Task(
            prompt=self.ask(
                f"A sequence is given by {start} and\n\na(n) = {law} for n >= {first[-1] + 1}.\n\nFind a formula "
                "in n for a(n)."
            ),
            secret={"answer": written_sum(found)},
            data={"law": law},
            family=family,
            difficulty=sum(len([a for a in p if a]) for p in found.values()),
        )

    def _sum(self, lower: list[int], rng: Random) -> Task:
        """The sum of a polynomial, whose closed form is a polynomial with fractions."""
        term: Poly = (*lower, nonzero(rng, self.config.largest))
        family = rng.claim(f"sum {term[1:]}")
        # Sums of 1, k, k^2, k^3 for k from 1 to n, as text; their linear combination is read back as a formula.
        sums = ("n", "n*(n+1)/2", "n*(n+1)*(2n+1)/6", "n^2*(n+1)^2/4")
        formula = " + ".join(f"({a})*({text})" for a, text in zip(term, sums, strict=False) if a)
        shown = written(term, "k")
        return Task(
            prompt=self.ask(f"Find a formula in n for a(n), the sum of {shown} for k from 1 to n."),
            secret={"answer": formula},
            data={"law": shown},
            family=family,
            difficulty=len(term),
        )

    def judge(self, task: Task, answer: str) -> bool:
        try:
            given = read_exponential(answer.removeprefix("a(n)").lstrip().removeprefix("="))
        except FormulaError as error:
            raise Unreadable(f"That is no formula that can be read: {error}.") from None
        return given == read_exponential(task.secret["answer"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return committed(f"{nonzero(rng, 9)}*{rng.randint(2, 5)}^n + {nonzero(rng, 9)}*{rng.randint(2, 5)}^n")

    def cheats(self, task: Task) -> dict[str, list[str]]:
        answer, law = task.secret["answer"], task.data["law"]
        return super().cheats(task) | {
            "the law itself": [committed(law), committed("a(n)"), committed(f"sum {law}")],
            "right but for one term": [committed(f"{answer} + (n-1)*(n-2)*(n-3)*(n-4)/10^40")],
            "towers of powers": [committed("9^9^9^n"), committed("(n+1)^24^24"), committed("2^(99999999*n)")],
            "many powers": [committed(" + ".join(f"{b}^n" for b in range(2, 300)))],
        }


def _law(terms: list[tuple[int, str]]) -> str:
    text = signed_sum(terms)
    for before in ("+ ", "- ", "-"):
        text = text.replace(f"{before}*", before)
    return text.removeprefix("*")


def written_sum(found: ExponentialSum) -> str:
    """The formula as text: `(3n + 1)*2^n - 4`."""
    text = ""
    for base, p in found.items():
        power = "" if base == 1 else f"*{base}^n" if base > 0 else f"*({base})^n"
        text += f"{' + ' if text else ''}({written(p, 'n')}){power}"
    return text
