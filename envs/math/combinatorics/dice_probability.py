"""DiceProbability: how likely an event is when dice with given faces are rolled."""

from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.combinatorics.dice import Die, at_most, draw_dice, reaching, rolls, sums, told
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import RationalAnswer

_EVENTS = ("sum is", "sum at least", "sum divisible", "highest", "lowest", "count")


class DiceProbabilityConfig(LevelledConfig):
    """Knobs of DiceProbability."""

    dice: int = Field(3, ge=2, le=6, description="how many dice are rolled")
    largest: int = Field(12, ge=6, le=50, description="largest number on a face; the smallest is 1")

    levels: ClassVar[Levels] = {"easy": {"dice": 2, "largest": 12}, "hard": {"dice": 4, "largest": 20}}


class DiceProbability(RationalAnswer[DiceProbabilityConfig]):
    """Find the probability of an event when dice with given faces are rolled.

    Observation: the faces of the dice, and an event: about the sum, the highest or the lowest number, or how many dice
        show at least a number.
    Action: the probability inside one <answer></answer>, as a fraction p/q or an exact decimal. Text outside the tags is
        not read; anything else is invalid.
    Reward: 1 for the exact probability, else 0.
    Ends: after the answer.
    Splits: by the numbers of faces with the kind of event and its number, whatever is on the faces.
    Oracle: gives the probability.

    The probability is neither 0 nor 1 and its denominator is at least 25. The difficulty of a task is the number of dice.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        dice = draw_dice(config.dice, config.largest, rng)
        kind = rng.choice(_EVENTS)
        number, dice_hit = self._number(kind, dice, rng), rng.randint(1, len(dice))
        family = rng.claim(f"dice {sorted(map(len, dice))} {kind} {number} {dice_hit if kind == 'count' else ''}")
        chance = Fraction(favourable(dice, kind, number, dice_hit), rolls(dice))
        if not 0 < chance < 1 or chance.denominator < 25:
            raise RedrawError("the event is too plain")
        event = {
            "sum is": f"the sum is {number}",
            "sum at least": f"the sum is at least {number}",
            "sum divisible": f"the sum is divisible by {number}",
            "highest": f"the highest number is exactly {number}",
            "lowest": f"the lowest number is exactly {number}",
            "count": f"exactly {dice_hit} of the dice {'shows' if dice_hit == 1 else 'show'} at least {number}",
        }[kind]
        return Task(
            prompt=self.ask(f"{told(dice)}. What is the probability that {event}?"),
            secret={"answer": str(chance)},
            data={"dice": dice, "event": kind, "number": number, "dice_hit": dice_hit},
            family=family,
            difficulty=config.dice,
        )

    def _number(self, kind: str, dice: list[Die], rng: Random) -> int:
        if kind in ("sum is", "sum at least"):
            return sum(rng.choice(die) for die in dice)
        if kind == "sum divisible":
            return rng.randint(3, 9)
        if kind == "count":
            return rng.choice(rng.choice(dice))
        shown = [rng.choice(die) for die in dice]
        return max(shown) if kind == "highest" else min(shown)

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        every = rolls(task.data["dice"])
        return committed(str(Fraction(rng.randint(1, every - 1), every)))


def favourable(dice: list[Die], kind: str, number: int, dice_hit: int) -> int:
    """In how many rolls the event happens."""
    match kind:
        case "sum is":
            return sums(dice)[number]
        case "sum at least":
            return sum(count for total, count in sums(dice).items() if total >= number)
        case "sum divisible":
            return sum(count for total, count in sums(dice).items() if total % number == 0)
        case "highest":
            return at_most(dice, number) - at_most(dice, number - 1)
        case "lowest":
            turned = [[-face for face in die] for die in dice]
            return at_most(turned, -number) - at_most(turned, -number - 1)
    return reaching(dice, number)[dice_hit]
