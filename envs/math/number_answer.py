"""Environments whose answer is one number, whole or rational, and compared exactly."""

from fractions import Fraction
from typing import TypeVar

from textgym.actions.answers import committed
from textgym.core import Config, Random, State, Task
from textgym.envs.math.answer_parts import rational, whole_number
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

C = TypeVar("C", bound=Config)


class WholeNumberAnswer(SingleAnswer[C]):
    """One whole number; `secret["answer"]` holds it as an int. Quotients, decimals and formulas are not read."""

    answer_form = "one whole number"
    thousands = True

    def judge(self, task: Task, answer: str) -> bool:
        number = whole_number(answer)
        if number is None:
            raise Unreadable("That is not a whole number.")
        return bool(number == task.secret["answer"])

    def cheats(self, task: Task) -> dict[str, list[str]]:
        answer = task.secret["answer"]
        return super().cheats(task) | {
            "a formula for the answer": [committed(f"{answer} + 0"), committed(f"{2 * answer}/2")],
            "close by": [committed(str(answer + 1)), committed(str(answer - 1))],
        }


class RationalAnswer(SingleAnswer[C]):
    """One rational number; `secret["answer"]` holds it as text `p` or `p/q`.

    Whole numbers, fractions in lowest terms or not, and decimals are read, all exactly: 0.33 is not 1/3.
    """

    answer_form = "one exact number, that is a whole number, a fraction p/q or a decimal"
    thousands = True

    def judge(self, task: Task, answer: str) -> bool:
        number = rational(answer)
        if number is None:
            raise Unreadable("That is not a number that can be read.")
        return number == Fraction(task.secret["answer"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        number = rng.randint(-100, 100)
        return committed(f"{number}/{rng.randint(2, 20)}" if rng.getrandbits(1) else str(number))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        answer = Fraction(task.secret["answer"])
        return super().cheats(task) | {
            "a formula for the answer": [committed(f"{answer} + 0"), committed(f"({answer})")],
            "close by": [committed(str(answer + Fraction(1, 1000))), committed(str(-answer or 1))],
            "nothing over nothing": [committed("0/0"), committed(f"{answer.numerator}/0")],
        }
