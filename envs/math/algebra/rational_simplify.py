"""RationalSimplify: write an expression of quotients as one quotient in lowest terms."""

from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.algebra.rational_functions import Quotient, equal, lowest_terms, read_quotient
from textgym.envs.math.draws import nonzero, sign_pattern
from textgym.envs.math.formulas import FormulaError
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.polynomials import Poly, degree, plus, scaled, times, written
from textgym.envs.math.single_answer import SingleAnswer, Unreadable


class RationalSimplifyConfig(LevelledConfig):
    """Knobs of RationalSimplify."""

    max_degree: int = Field(2, ge=1, le=4, description="highest degree of numerator and denominator of the answer")
    max_common: int = Field(2, ge=1, le=3, description="highest degree of what cancels in a single quotient")
    largest: int = Field(9, ge=3, le=100, description="largest coefficient of a factor in size")
    operations: bool = Field(True, description="two quotients may be added, subtracted, multiplied or divided")

    levels: ClassVar[Levels] = {
        "easy": {"max_degree": 1, "max_common": 1, "largest": 20, "operations": False},
        "hard": {"max_degree": 3, "largest": 15},
    }


class RationalSimplify(SingleAnswer[RationalSimplifyConfig]):
    """Write quotients of polynomials as one quotient in lowest terms.

    Observation: one quotient, or two of them joined by an operation, multiplied out.
    Action: a formula in x inside one <answer></answer>, such as `(x + 2)/(x^2 - 3)`, of numbers, + - * / ^ and
        parentheses. Text outside the tags is not read; anything else is invalid.
    Reward: 1 if the formula equals the expression and numerator and denominator have no common factor when it is written
        as one quotient, else 0. Numbers may be common to both: `(2x + 4)/(2x^2 - 6)` is accepted.
    Ends: after the answer.
    Splits: by the operation and the signs of the coefficients of what is left and of what cancels.
    Oracle: gives the quotient.

    The difficulty of a task is the sum of the degrees of numerators and denominators that are shown.
    """

    answer_form = "one quotient in lowest terms, such as (x + 2)/(x^2 - 3)"

    def generate(self, rng: Random) -> Task:
        config = self.config
        operation = rng.choice("1+-*/") if config.operations else "1"
        if operation == "1":
            common = self._polynomial(rng.randint(1, config.max_common), rng)
            shown = [(times(above, common), times(below, common)) for above, below in [self._quotient(rng)]]
        elif operation in "+-":
            # Denominators that share a factor, so that their product is not the lowest common one.
            shared = self._polynomial(1, rng)
            shown = [
                (self._polynomial(rng.randint(0, 1), rng), times(shared, self._polynomial(1, rng))) for _ in range(2)
            ]
        else:
            one, two = self._quotient(rng), self._quotient(rng)
            common = self._polynomial(1, rng)
            shown = [(times(one[0], common), one[1]), (two[0], times(two[1], common))]
            if operation == "/":
                shown[1] = (shown[1][1], shown[1][0])
        family = rng.claim(f"{operation} {[[sign_pattern(part) for part in quotient] for quotient in shown]}")
        answer = lowest_terms(_combined(operation, shown))
        if degree(answer[0]) < 0 or degree(answer[1]) < 1:
            raise RedrawError("nothing is left")
        texts = [_written(quotient) for quotient in shown]
        expression = texts[0] if operation == "1" else f"{texts[0]} {operation} {texts[1]}"
        if operation == "/":
            expression = f"({texts[0]}) / ({texts[1]})"
        return Task(
            prompt=self.ask(f"Write as one quotient in lowest terms:\n\n{expression}"),
            secret={"answer": _written(answer)},
            data={"expression": expression},
            family=family,
            difficulty=sum(degree(part) for quotient in shown for part in quotient),
        )

    def _polynomial(self, size: int, rng: Random) -> Poly:
        largest = self.config.largest
        lower = [nonzero(rng, largest) for _ in range(size)]
        return (*lower, rng.choice((1, 1, 2, 3)))

    def _quotient(self, rng: Random) -> Quotient:
        most = self.config.max_degree
        return self._polynomial(rng.randint(0, most), rng), self._polynomial(rng.randint(1, most), rng)

    def judge(self, task: Task, answer: str) -> bool:
        try:
            given = read_quotient(answer)
        except FormulaError as error:
            raise Unreadable(f"That is no quotient that can be read: {error}.") from None
        right = read_quotient(task.secret["answer"])
        # A quotient in lowest terms is the one whose numerator has the lowest degree.
        return equal(given, right) and degree(given[0]) == degree(right[0])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        above, below = ((nonzero(rng, 9), 1) for _ in range(2))
        return committed(f"({written(above)})/({written(below)})")

    def cheats(self, task: Task) -> dict[str, list[str]]:
        answer, expression = task.secret["answer"], task.data["expression"]
        return super().cheats(task) | {
            "the expression itself": [committed(expression), committed(f"1*({expression})")],
            "not in lowest terms": [committed(f"{answer}*(x+1)/(x+1)"), committed(f"{answer} + 1/x - 1/x")],
            "nothing over nothing": [committed("0/0"), committed("(x - x)/(x - x)"), committed("1/(x - x)")],
            "a tower of powers": [committed("x^-9^9^9"), committed("((x+1)^24)^24")],
        }


def _combined(operation: str, shown: list[Quotient]) -> Quotient:
    (a, b), (c, d) = shown[0], shown[-1]
    if operation == "1":
        return a, b
    if operation == "*":
        return times(a, c), times(b, d)
    if operation == "/":
        return times(a, d), times(b, c)
    return plus(times(a, d), scaled(times(c, b), 1 if operation == "+" else -1)), times(b, d)


def _written(quotient: Quotient) -> str:
    above, below = (written(part) if len(part) == 1 and part[0] > 0 else f"({written(part)})" for part in quotient)
    return f"{above}/{below}"
