"""QuadraticRoots: both solutions of a quadratic equation, exactly."""

from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.algebra.surds import ForeignRootError, read_surd, square_free
from textgym.envs.math.answer_parts import parts
from textgym.envs.math.draws import nonzero, sign_pattern, signed, small_fraction
from textgym.envs.math.formulas import FormulaError
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.polynomials import Poly, plus, poly, primitive, scaled, written
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

_FORMS = ("standard", "moved", "moved", "two sides", "two sides", "product", "product")


class QuadraticRootsConfig(LevelledConfig):
    """Knobs of QuadraticRoots."""

    roots: Literal["rational", "surd", "either"] = Field("either", description="what the solutions are made of")
    largest: int = Field(30, ge=4, le=1_000, description="bound on the whole numbers that the solutions are made of")
    largest_denominator: int = Field(4, ge=1, le=50, description="largest denominator of a solution")
    forms: Literal["standard", "any"] = Field("any", description="equations are ... = 0, or in other forms as well")

    levels: ClassVar[Levels] = {
        "easy": {"roots": "rational", "largest": 30, "largest_denominator": 3, "forms": "standard"},
        "hard": {"largest": 40, "largest_denominator": 9},
    }


class QuadraticRoots(SingleAnswer[QuadraticRootsConfig]):
    """Find both solutions of a quadratic equation exactly.

    Observation: the equation.
    Action: both solutions inside one <answer></answer>, separated by a comma, in either order. Each is a formula of whole
        numbers, + - * /, parentheses and sqrt( ), such as `(3 - sqrt(5))/2`; any formula that comes to the solution is
        right, decimals are exact. Text outside the tags is not read; anything else is invalid.
    Reward: 1 if both numbers solve the equation and differ, else 0.
    Ends: after the answer.
    Splits: by the form of the equation, the signs of its coefficients, and the square-free number under the root (or, of
        rational solutions, their denominators).
    Oracle: gives the solutions.

    Both solutions are real, and they differ; they are checked by substitution in exact arithmetic. The difficulty of a
    task is the number of digits of the coefficients.
    """

    answer_form = "both solutions, separated by a comma, such as (3 - sqrt(5))/2, (3 + sqrt(5))/2"

    def generate(self, rng: Random) -> Task:
        config = self.config
        kind = rng.choice(("rational", "surd")) if config.roots == "either" else config.roots
        roots, quadratic, structure = (self._rational if kind == "rational" else self._surd)(rng)
        if not quadratic[1] or not quadratic[0]:
            raise RedrawError("solved at a glance")
        form = rng.choice(_FORMS) if config.forms == "any" else "standard"
        family = rng.claim(f"{form} {sign_pattern(quadratic)} {structure}")
        c, b, a = (int(number) for number in quadratic)
        return Task(
            prompt=self.ask(f"Find both solutions of\n\n{self._equation(form, quadratic, rng)}\n\nexactly."),
            secret={"answer": ", ".join(roots)},
            data={"coefficients": [a, b, c]},
            family=family,
            difficulty=sum(len(str(abs(number))) for number in (a, b, c)),
        )

    def _rational(self, rng: Random) -> tuple[list[str], Poly, str]:
        one, two = (small_fraction(rng, self.config.largest, self.config.largest_denominator) for _ in range(2))
        if one == two:
            raise RedrawError("one solution")
        below = sorted((one.denominator, two.denominator))
        return [str(one), str(two)], primitive((one * two, -one - two, 1)), f"rational {below}"

    def _surd(self, rng: Random) -> tuple[list[str], Poly, str]:
        middle, below = nonzero(rng, self.config.largest), rng.randint(1, self.config.largest_denominator)
        multiple, radicand = rng.randint(1, 5), rng.randint(2, 3 * self.config.largest)
        square, radicand = square_free(radicand)
        if radicand == 1:
            raise RedrawError("the root is whole")
        multiple *= square
        # (bx - m)^2 = k^2 d, where the roots are (m ± k √d)/b.
        quadratic = primitive((middle**2 - multiple**2 * radicand, -2 * middle * below, below**2))
        root = f"sqrt({radicand})" if multiple == 1 else f"{multiple}*sqrt({radicand})"
        roots = [f"({middle} {sign} {root})/{below}" if below > 1 else f"{middle} {sign} {root}" for sign in "-+"]
        return roots, quadratic, f"root of {radicand}"

    def _equation(self, form: str, quadratic: Poly, rng: Random) -> str:
        size = self.config.largest
        quadratic = scaled(quadratic, rng.choice((1, 1, -1, 2, 3)))
        if form == "standard":
            return f"{written(quadratic)} = 0"
        if form == "moved":
            line = poly(nonzero(rng, size) for _ in range(2))
            return f"{written(plus(quadratic, line))} = {written(line)}"
        if form == "two sides":
            right = poly(nonzero(rng, size) for _ in range(3))
            return f"{written(plus(quadratic, right))} = {written(right)}"
        shift = nonzero(rng, size)
        return f"x({written(quadratic[1:])}) {signed(shift)} = {shift - quadratic[0]}"

    def judge(self, task: Task, answer: str) -> bool:
        a, b, c = task.data["coefficients"]
        _, radicand = square_free(b * b - 4 * a * c)
        texts = [
            text.removeprefix("x").lstrip().removeprefix("=") if text[0] == "x" else text
            for text in parts(answer) or ()
        ]
        if len(texts) != 2:
            raise Unreadable("Two solutions are needed, separated by a comma.")
        try:
            one, two = (read_surd(text, radicand) for text in texts)
        except ForeignRootError:
            return False
        except FormulaError as error:
            raise Unreadable(f"That is no number that can be read: {error}.") from None
        return one != two and all(
            x.rational * b + a * (x * x).rational + c == 0 and x.multiple * b + a * (x * x).multiple == 0
            for x in (one, two)
        )

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        one, two = (Fraction(nonzero(rng, 12), rng.randint(1, 4)) for _ in range(2))
        return committed(f"{one}, {two}")

    def cheats(self, task: Task) -> dict[str, list[str]]:
        one, two = task.secret["answer"].split(", ")
        return super().cheats(task) | {
            "one solution twice": [committed(f"{one}, {one}"), committed(f"{one}, {one} + 0")],
            "one solution alone": [committed(two)],
            "three solutions": [committed(f"{one}, {two}, 0")],
            "the unknown": [committed("x, x + 1"), committed("x = x, x = -x")],
            "nothing over nothing": [committed("0/0, 0/0")],
            "a huge power": [committed("9^9^9^9, 1"), committed("sqrt(" * 500 + "2" + ")" * 500 + ", 1")],
        }
