"""Environments whose answer is a formula: a constant in closed form, or a function of x."""

from fractions import Fraction
from typing import ClassVar, TypeVar

from textgym.actions.answers import committed
from textgym.core import Config, Random, State, Task
from textgym.core.randomness import derive_key
from textgym.envs.math.closed_forms.comparison import TooLongError, same_constant, same_function, sample_points
from textgym.envs.math.closed_forms.surds import read_surd
from textgym.envs.math.closed_forms.syntax import FUNCTIONS, SYMBOLS, Formula, notation, read_formula
from textgym.envs.math.formulas import FormulaError
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

C = TypeVar("C", bound=Config)


class FormulaAnswer(SingleAnswer[C]):
    """One formula; `secret["answer"]` holds one that is right, as text."""

    answer_form = "one formula"
    symbols: ClassVar[tuple[str, ...]] = SYMBOLS
    functions: ClassVar[tuple[str, ...]] = FUNCTIONS

    def ask(self, question: str) -> str:
        return super().ask(f"{question}\n\nHow to write formulas: {notation(self.symbols, self.functions)}")

    def read(self, answer: str) -> Formula:
        """The formula that an answer consists of.

        Raises:
            Unreadable: it is none.
        """
        try:
            return read_formula(answer, symbols=self.symbols, functions=self.functions)
        except FormulaError as error:
            raise Unreadable(str(error)) from None

    def judge(self, task: Task, answer: str) -> bool:
        formula = self.read(answer)
        try:
            return self.same(task, formula, read_formula(task.secret["answer"]))
        except TooLongError as error:
            raise Unreadable(str(error)) from None

    def same(self, task: Task, answer: Formula, reference: Formula) -> bool:
        """Whether the answer is as good as the reference."""
        raise NotImplementedError(f"{type(self).__name__} must define same()")

    def cheats(self, task: Task) -> dict[str, list[str]]:
        answer = task.secret["answer"]
        return super().cheats(task) | {
            "close by": [committed(f"{answer} + 1/10^30"), committed(f"({answer})*(1 + 10^(-39))")],
            "nothing over nothing": [committed("0/0"), committed(f"({answer})*(1 - 1)/(1 - 1)")],
            "an equation": [committed(f"{answer} = {answer}")],
            "too large to grade": [committed("9^9^9^9"), committed("exp(exp(exp(99)))"), committed("0.1^999")],
        }


class ConstantAnswer(FormulaAnswer[C]):
    """One number in closed form: the exact value earns, whatever its form, and a decimal only where it is exact."""

    answer_form = "one exact number in closed form, not a decimal approximation"
    thousands = True
    symbols: ClassVar[tuple[str, ...]] = ("pi", "e")

    def same(self, task: Task, answer: Formula, reference: Formula) -> bool:
        return same_constant(answer, reference)

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        number = Fraction(rng.randint(-60, 60), rng.randint(1, 12))
        return committed(rng.choice(["{}", "{}", "({})*pi", "exp({})", "({})*sqrt(2)", "({})*ln(2)"]).format(number))


class SurdAnswer(ConstantAnswer[C]):
    """One number `a + b*sqrt(c)`, simplified so far that no computation is left in it; see `read_surd`."""

    answer_form = "one exact number, simplified to a form such as 3/4 or 5*sqrt(2)/3"
    symbols: ClassVar[tuple[str, ...]] = ()
    functions: ClassVar[tuple[str, ...]] = ("sqrt",)

    def read(self, answer: str) -> Formula:
        """The number that an answer consists of.

        Raises:
            Unreadable: it is none, or a computation.
        """
        try:
            return read_surd(answer)
        except FormulaError as error:
            raise Unreadable(str(error)) from None

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        number = Fraction(rng.randint(1, 60), rng.randint(1, 12))
        return committed(
            rng.choice([str(number), f"sqrt({rng.randint(2, 200)})", f"{number}*sqrt({rng.randint(2, 40)})"])
        )


class FunctionAnswer(FormulaAnswer[C]):
    """One formula in x: any that is the same function earns.

    `data["domain"]` holds the bounds of the interval on which functions are compared, as text of two rational numbers.
    """

    answer_form = "one formula in x"

    def points(self, task: Task) -> list[Fraction]:
        """Where functions are compared: points of the task's own."""
        low, high = map(Fraction, task.data["domain"])
        return sample_points(Random(derive_key("points", task.id)), low, high)

    def same(self, task: Task, answer: Formula, reference: Formula) -> bool:
        return same_function(answer, reference, self.points(task))

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        a, n = rng.randint(1, 12), rng.randint(1, 5)
        forms = [
            f"{a}*x^{n}",
            f"{a}*x^{n} + {n}",
            f"{a}*cos({n}*x)",
            f"-{a}*sin({n}*x)",
            f"{a}*exp({n}*x)",
            f"{a}/x^{n}",
        ]
        return committed(rng.choice(forms))
