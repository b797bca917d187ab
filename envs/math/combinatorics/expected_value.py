"""ExpectedValue: the exact mean of a random quantity."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from math import comb
from typing import Any, ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.combinatorics.dice import at_most, draw_dice, rolls, sums, told
from textgym.envs.math.combinatorics.phrases import COLOURS, listed
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import RationalAnswer

Drawn = tuple[str, str, Fraction, dict[str, Any]]
"""The structure, the question, the answer, and the numbers behind it."""


class ExpectedValueConfig(LevelledConfig):
    """Knobs of ExpectedValue."""

    parts: int = Field(3, ge=2, le=6, description="how many dice, colours, or prizes besides two")
    largest: int = Field(20, ge=6, le=200, description="largest number on a face, of balls of a colour, or of sectors")

    levels: ClassVar[Levels] = {"easy": {"parts": 2, "largest": 80}, "hard": {"parts": 4, "largest": 30}}


class ExpectedValue(RationalAnswer[ExpectedValueConfig]):
    """Find the exact expected value of a random quantity.

    Observation: a random experiment and a quantity: what a wheel of prizes pays; the highest number, the lowest number or
        the square of the sum of dice; how many colours are among balls drawn; how many draws until some ball of a colour
        comes; how many neighbours in a random row differ in colour.
    Action: the expected value inside one <answer></answer>, as a whole number, a fraction p/q or an exact decimal. Text
        outside the tags is not read; anything else is invalid.
    Reward: 1 for the exact value, else 0.
    Ends: after the answer.
    Splits: by the kind of quantity with the numbers of its parts (faces of each die, sectors of each prize, draws and
        balls of the fewest colour).
    Oracle: gives the value.

    The value is no whole number. The difficulty of a task is the number of parts.
    """

    def generate(self, rng: Random) -> Task:
        kinds: list[Callable[[Random], Drawn]] = [
            self._wheel,
            self._dice,
            self._dice,
            self._colours,
            self._wait,
            self._row,
        ]
        structure, question, answer, data = rng.choice(kinds)(rng)
        if answer.denominator == 1:
            raise RedrawError("the value is whole")
        return Task(
            prompt=self.ask(question),
            secret={"answer": str(answer)},
            data=data,
            family=f"expected {structure}",
            difficulty=self.config.parts,
        )

    def _wheel(self, rng: Random) -> Drawn:
        prizes = [rng.randint(-50, 100) for _ in range(self.config.parts + 2)]
        sectors = [rng.randint(1, self.config.largest) for _ in prizes]
        structure = rng.claim(f"expected wheel {sorted(sectors)}").removeprefix("expected ")
        clauses = [
            f"{n} of which {f'pay {prize}' if prize >= 0 else f'cost {-prize}'} points each"
            for n, prize in zip(sectors, prizes, strict=True)
        ]
        mean = Fraction(sum(n * prize for n, prize in zip(sectors, prizes, strict=True)), sum(sectors))
        question = (
            f"A wheel has {sum(sectors)} equal sectors, {listed(clauses)}. It is spun once. What is the expected number of "
            "points, costs counted as negative?"
        )
        return structure, question, mean, {"kind": "wheel", "prizes": prizes, "sectors": sectors}

    def _dice(self, rng: Random) -> Drawn:
        dice = draw_dice(self.config.parts, self.config.largest, rng)
        quantity = rng.choice(["highest number", "lowest number", "square of the sum"])
        faces = sorted(face for die in dice for face in die)
        structure = f"{quantity} {sorted(map(len, dice))} {faces[0]} {faces[-1]}"
        rng.claim(f"expected {structure}")
        if quantity == "square of the sum":
            mean = Fraction(sum(total**2 * count for total, count in sums(dice).items()), rolls(dice))
        else:
            sign = 1 if quantity == "highest number" else -1
            turned = [[sign * face for face in die] for die in dice]
            ends = sorted({face for die in turned for face in die})
            reached = [0, *(at_most(turned, end) for end in ends)]
            ways = [high - low for low, high in pairwise(reached)]
            mean = Fraction(sign * sum(end * count for end, count in zip(ends, ways, strict=True)), rolls(dice))
        question = f"{told(dice)}. What is the expected value of the {quantity}?"
        return structure, question, mean, {"kind": quantity, "dice": dice}

    def _urn(self, rng: Random) -> tuple[list[int], list[str], str]:
        urn = [rng.randint(2, self.config.largest) for _ in range(self.config.parts)]
        colours = rng.sample(COLOURS, len(urn))
        balls = listed([f"{count} {colour}" for count, colour in zip(urn, colours, strict=True)])
        return urn, colours, f"An urn holds {balls} balls."

    def _colours(self, rng: Random) -> Drawn:
        urn, _, told_urn = self._urn(rng)
        draws = rng.randint(2, min(12, sum(urn) - 1))
        structure = f"colours {len(urn)} {draws} {min(urn)}"
        rng.claim(f"expected {structure}")
        every = comb(sum(urn), draws)
        mean = sum((1 - Fraction(comb(sum(urn) - count, draws), every) for count in urn), Fraction(0))
        question = (
            f"{told_urn} {draws} balls are drawn at random, none is put back. What is the expected number of different "
            "colours among them?"
        )
        return structure, question, mean, {"kind": "colours", "urn": urn, "draws": draws}

    def _wait(self, rng: Random) -> Drawn:
        urn, colours, told_urn = self._urn(rng)
        wanted = rng.randint(1, min(urn[0], 5))
        structure = f"wait {len(urn)} {wanted} {urn[0]}"
        rng.claim(f"expected {structure}")
        mean = Fraction(wanted * (sum(urn) + 1), urn[0] + 1)
        ball = f"{wanted} {colours[0]} balls have" if wanted > 1 else f"a {colours[0]} ball has"
        question = (
            f"{told_urn} Balls are drawn at random, one after the other, and none is put back, until {ball} been drawn. "
            "What is the expected number of draws?"
        )
        return structure, question, mean, {"kind": "wait", "urn": urn, "wanted": wanted}

    def _row(self, rng: Random) -> Drawn:
        urn, _, told_urn = self._urn(rng)
        structure = f"row {len(urn)} {min(urn)} {max(urn)}"
        rng.claim(f"expected {structure}")
        balls = sum(urn)
        same = Fraction(sum(count * (count - 1) for count in urn), balls * (balls - 1))
        question = (
            f"{told_urn} All of them are put in a row in random order. What is the expected number of pairs of neighbours "
            "that differ in colour?"
        )
        return structure, question, (balls - 1) * (1 - same), {"kind": "row", "urn": urn}

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        below = rng.randint(2, 60)
        return committed(str(Fraction(rng.randint(1, 30 * below), below)))
