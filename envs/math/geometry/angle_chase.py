"""AngleChase: follow an angle from figure to figure."""

from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import RationalAnswer

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_GROUPS = (
    {"line", "cyclic", "parallel"},
    {"apex", "base"},
    {"central", "inscribed", "bisector", "tangent"},
    {"right"},
)
"""Theorems that may undo each other."""
_PLAIN = ("line", "third", "exterior", "right", "apex", "base", "bisector")
_KINDS = (*_PLAIN, "cyclic", "parallel", "central", "inscribed", "four", "tangent")


class AngleChaseConfig(LevelledConfig):
    """Knobs of AngleChase."""

    steps: int = Field(4, ge=2, le=12, description="how many angles are found, one after the other")
    kinds: int = Field(13, ge=7, le=13, description="how many theorems occur: the first so many of the list")

    levels: ClassVar[Levels] = {"easy": {"steps": 3, "kinds": 7}, "hard": {"steps": 7, "kinds": 13}}


class AngleChase(RationalAnswer[AngleChaseConfig]):
    """Find an angle through a chain of figures.

    Observation: a first angle, and figures in each of which the angle found before leads to the next. The theorems, by
        `kinds`: 1 angles on a line, 2 the sum in a triangle, 3 the exterior angle, 4 right and 5-6 isosceles triangles, 7
        bisectors, 8 cyclic quadrilaterals, 9 parallels, 10-11 central and inscribed angles, 12 the sum in a
        quadrilateral, 13 tangent and chord.
    Action: the last angle in degrees inside one <answer></answer>, as a whole number, a fraction p/q or a decimal. Text
        outside the tags is not read; anything else is invalid.
    Reward: 1 for the exact angle, else 0.
    Ends: after the answer.
    Splits: by the sequence of theorems, whatever the angles and names.
    Oracle: gives the angle.

    The last angle is given nowhere. The difficulty of a task is the number of steps.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        kinds: list[str] = []
        while len(kinds) < config.steps:
            kind = rng.choice(_KINDS[: config.kinds])
            if not any(kinds and kind in group and kinds[-1] in group for group in _GROUPS):
                kinds.append(kind)
        family = rng.claim(f"angles {kinds}")
        angle = Fraction(rng.randint(40, 300), 2)
        given = [angle]
        texts = [f"Angle 1 measures {_degrees(angle)}."]
        for number, kind in enumerate(kinds, 1):
            text, angle, more = _step(kind, angle, number, rng)
            if not 5 <= angle <= 175 or angle.denominator > 8:
                raise RedrawError("an angle too small, too large or too fine")
            texts.append(text)
            given += more
        if angle in (*given, 90, 60, 45):
            raise RedrawError("the last angle stands in the text")
        return Task(
            prompt=self.ask(
                f"{' '.join(texts)} How many degrees does angle {config.steps + 1} measure? (Each sentence is about a figure of "
                "its own; equal angles are named.)"
            ),
            secret={"answer": str(angle)},
            data={"first": str(given[0]), "kinds": kinds},
            family=family,
            difficulty=config.steps,
        )

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return committed(str(Fraction(rng.randint(10, 350), 2)))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        angle = Fraction(task.secret["answer"])
        return super().cheats(task) | {
            "the supplement": [committed(str(180 - angle))] if angle != 90 else [],
            "the first angle": [committed(task.data["first"])],
            "with a unit": [committed(f"{angle}°"), committed(f"{angle} degrees")],
        }


def _degrees(angle: Fraction) -> str:
    return f"{float(angle):g} degrees"


def _step(kind: str, angle: Fraction, number: int, rng: Random) -> tuple[str, Fraction, list[Fraction]]:
    """A sentence about a new figure, the next angle, and the angles that the sentence gives."""
    a, b, c, d = rng.sample(_LETTERS, 4)
    old, new = f"angle {number}", f"angle {number + 1}"
    other = Fraction(rng.randint(15, 120))
    match kind:
        case "line":
            text = f"Point {b} lies on the line from {a} to {c}, between them; {a}{b}{d} equals {old}, and {new} is {d}{b}{c}."
            return text, 180 - angle, []
        case "third":
            text = (
                f"In triangle {a}{b}{c} the angle at {a} equals {old} and the angle at {b} measures {_degrees(other)}; "
                f"{new} is the angle at {c}."
            )
            return text, 180 - angle - other, [other]
        case "exterior":
            text = (
                f"In triangle {a}{b}{c} the angle at {a} equals {old} and the angle at {b} measures {_degrees(other)}; "
                f"{new} is the exterior angle at {c}."
            )
            return text, angle + other if angle + other < 180 else Fraction(0), [other]
        case "right":
            text = f"Triangle {a}{b}{c} has a right angle at {c} and its angle at {a} equals {old}; {new} is the one at {b}."
            return text, 90 - angle, []
        case "apex":
            text = f"Triangle {a}{b}{c} has {a}{b} = {a}{c} and its angle at {a} equals {old}; {new} is the one at {b}."
            return text, (180 - angle) / 2, []
        case "base":
            text = f"Triangle {a}{b}{c} has {a}{b} = {a}{c} and its angle at {b} equals {old}; {new} is the one at {a}."
            return text, 180 - 2 * angle, []
        case "bisector":
            text = f"The angle {a}{b}{c} equals {old}; the ray {b}{d} bisects it, and {new} is {a}{b}{d}."
            return text, angle / 2, []
        case "cyclic":
            text = (
                f"The corners of the convex quadrilateral {a}{b}{c}{d} lie on a circle and its angle at {a} equals {old}; "
                f"{new} is the angle at {c}."
            )
            return text, 180 - angle, []
        case "parallel":
            text = (
                f"In the trapezium {a}{b}{c}{d} the sides {a}{b} and {d}{c} are parallel and the angle at {a} equals {old}; "
                f"{new} is the angle at {d}."
            )
            return text, 180 - angle, []
        case "central":
            text = (
                f"Points {a}, {b} and {c} lie on a circle with centre {d}; the inscribed angle {a}{c}{b} equals {old}, which is "
                f"acute, and {new} is the central angle {a}{d}{b} over the same arc."
            )
            return text, 2 * angle if angle < 90 else Fraction(0), []
        case "inscribed":
            text = (
                f"Points {a}, {b} and {c} lie on a circle with centre {d}, {c} on the longer arc from {a} to {b}; the central "
                f"angle {a}{d}{b} equals {old}, and {new} is the inscribed angle {a}{c}{b}."
            )
            return text, angle / 2, []
        case "tangent":
            text = (
                f"{a}{b} is a chord of a circle with centre {d}, no diameter; the acute angle between {a}{b} and the tangent at "
                f"{a} equals {old}, and {new} is the angle {a}{d}{b}, below 180 degrees."
            )
            return text, 2 * angle if angle < 90 else Fraction(0), []
    third = Fraction(rng.randint(40, 120))
    text = (
        f"In the convex quadrilateral {a}{b}{c}{d} the angle at {a} equals {old}, the angle at {b} measures "
        f"{_degrees(other)} and the angle at {c} {_degrees(third)}; {new} is the angle at {d}."
    )
    return text, 360 - angle - other - third, [other, third]
