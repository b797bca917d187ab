"""UrnProbability: how likely an event is when balls are drawn from an urn."""

from collections.abc import Iterator
from fractions import Fraction
from math import comb, factorial, prod
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.combinatorics.phrases import COLOURS, counted, listed
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import RationalAnswer

Condition = tuple[str, int, int]
"""Kind, place of a colour, and a number; see `holds`."""

_ABOUT_A_COLOUR = ("exactly", "at least", "at most")
_ABOUT_ALL = ("one colour", "every colour", "colours")


class UrnProbabilityConfig(LevelledConfig):
    """Knobs of UrnProbability."""

    colours: int = Field(3, ge=2, le=6, description="how many colours there are")
    draws: int = Field(4, ge=2, le=8, description="most balls that are drawn; the fewest are 2")
    largest: int = Field(12, ge=4, le=60, description="most balls of a colour; the fewest are 2")
    conditions: int = Field(1, ge=1, le=2, description="how many conditions the event is made of, joined by and or or")

    levels: ClassVar[Levels] = {
        "easy": {"colours": 2, "draws": 3, "largest": 40},
        "hard": {"colours": 4, "draws": 5, "conditions": 2},
    }


class UrnProbability(RationalAnswer[UrnProbabilityConfig]):
    """Find the probability of an event when balls are drawn from an urn.

    Observation: how many balls of each colour there are, how many are drawn, whether each is put back, and an event about
        the colours drawn.
    Action: the probability inside one <answer></answer>, as a fraction p/q or an exact decimal. Text outside the tags is
        not read; anything else is invalid.
    Reward: 1 for the exact probability, else 0.
    Ends: after the answer.
    Splits: by the number of colours and of draws, the way of drawing, and the kinds and numbers of the conditions,
        whatever the balls and the colours.
    Oracle: gives the probability.

    The probability is neither 0 nor 1 and its denominator is at least 12. The difficulty of a task is the number of draws
    plus twice the number of conditions.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        draws = rng.randint(2, config.draws)
        back = rng.random() < 0.3
        conditions = [self._condition(draws, rng) for _ in range(config.conditions)]
        joint = rng.choice(["and", "or"]) if len(conditions) > 1 else ""
        shape = sorted((kind, number) for kind, _, number in conditions)
        family = rng.claim(f"urn {config.colours} {draws} {back} {joint} {shape}")
        urn = [rng.randint(2, config.largest) for _ in range(config.colours)]
        if not back and draws > sum(urn):
            raise RedrawError("there are too few balls")
        colours = rng.sample(COLOURS, config.colours)
        chance = probability(urn, draws, back, conditions, joint)
        if not 0 < chance < 1 or chance.denominator < 12:
            raise RedrawError("the event is too plain")
        balls = listed([f"{count} {colour}" for count, colour in zip(urn, colours, strict=True)])
        how = "each is put back before the next is drawn" if back else "none is put back"
        event = f" {joint} ".join(self._told(condition, colours) for condition in conditions)
        either = " (or both)" if joint == "or" else ""
        return Task(
            prompt=self.ask(
                f"An urn holds {balls} balls. {counted(draws, 'ball')} are drawn at random, one after the other; {how}. "
                f"What is the probability that {event}{either}?"
            ),
            secret={"answer": str(chance)},
            data={"urn": urn, "draws": draws, "back": back, "conditions": conditions, "joint": joint},
            family=family,
            difficulty=draws + 2 * len(conditions),
        )

    def _condition(self, draws: int, rng: Random) -> Condition:
        colours = self.config.colours
        kind = rng.choice([*_ABOUT_A_COLOUR * 2, *_ABOUT_ALL])
        if kind in _ABOUT_A_COLOUR:
            number = rng.randint(0, draws - 1) if kind != "at least" else rng.randint(1, draws)
            return kind, rng.randrange(colours), number
        if kind == "every colour" and draws < colours:
            kind = "one colour"
        return kind, 0, rng.randint(2, min(draws, colours)) if kind == "colours" else 0

    def _told(self, condition: Condition, colours: list[str]) -> str:
        kind, place, number = condition
        match kind:
            case "one colour":
                return "all balls drawn have the same colour"
            case "every colour":
                return "every colour is among the balls drawn"
            case "colours":
                return f"exactly {number} different colours are among the balls drawn"
        if number == 0:
            return f"no {colours[place]} ball is drawn"
        return f"{kind} {counted(number, f'{colours[place]} ball')} {'is' if number == 1 else 'are'} drawn"

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        every = comb(sum(task.data["urn"]), task.data["draws"])
        return committed(str(Fraction(rng.randint(1, every - 1), every)))


def probability(urn: list[int], draws: int, back: bool, conditions: list[Condition], joint: str) -> Fraction:
    """The probability that the conditions hold, by adding up the numbers of balls of each colour that may be drawn.

    Args:
        urn: balls of each colour.
        draws: how many are drawn.
        back: whether each is put back.
        conditions: see `holds`.
        joint: `or` where one of them is enough.
    """
    enough = any if joint == "or" else all
    favourable = 0
    for drawn in _drawn(len(urn), draws):
        if enough(holds(condition, drawn) for condition in conditions):
            if back:
                orders = factorial(draws) // prod(map(factorial, drawn))
                favourable += orders * prod(count**k for count, k in zip(urn, drawn, strict=True))
            else:
                favourable += prod(comb(count, k) for count, k in zip(urn, drawn, strict=True))
    balls = sum(urn)
    return Fraction(favourable, balls**draws if back else comb(balls, draws))


def holds(condition: Condition, drawn: tuple[int, ...]) -> bool:
    """Whether a condition holds for how many balls of each colour were drawn."""
    kind, place, number = condition
    match kind:
        case "exactly":
            return drawn[place] == number
        case "at least":
            return drawn[place] >= number
        case "at most":
            return drawn[place] <= number
        case "one colour":
            return max(drawn) == sum(drawn)
        case "every colour":
            return min(drawn) > 0
    return sum(count > 0 for count in drawn) == number


def _drawn(colours: int, draws: int) -> Iterator[tuple[int, ...]]:
    """All ways to split the draws among the colours."""
    if colours == 1:
        yield (draws,)
        return
    for first in range(draws + 1):
        for rest in _drawn(colours - 1, draws - first):
            yield (first, *rest)
