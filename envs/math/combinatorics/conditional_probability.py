"""ConditionalProbability: what was likely the cause, given what was seen."""

from dataclasses import asdict, dataclass
from fractions import Fraction
from math import comb
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.combinatorics.phrases import COLOURS, counted, listed
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import RationalAnswer

_LETTERS = "ABCDEF"


@dataclass(frozen=True)
class Case:
    """What may have been the cause, and what was seen.

    Attributes:
        shares: how likely each box is, in relation to the others.
        boxes: balls of the first and the second kind in each.
        draws: how many were drawn.
        seen: how many of them were of the first kind.
        asked: the place of the box whose probability is asked for, or -1 for the first kind in the next draw.
        put_back: whether each ball is put back.
    """

    shares: list[int]
    boxes: list[tuple[int, int]]
    draws: int
    seen: int
    asked: int
    put_back: bool


class ConditionalProbabilityConfig(LevelledConfig):
    """Knobs of ConditionalProbability."""

    boxes: int = Field(3, ge=2, le=6, description="how many boxes, or machines, may be the cause")
    draws: int = Field(3, ge=1, le=6, description="most observations; the fewest are 1")
    largest: int = Field(12, ge=4, le=60, description="most balls of a colour in a box; the fewest are 2")

    levels: ClassVar[Levels] = {"easy": {"boxes": 2, "draws": 1, "largest": 40}, "hard": {"boxes": 4, "draws": 4}}


class ConditionalProbability(RationalAnswer[ConditionalProbabilityConfig]):
    """Reason from what was seen to its cause, or to what comes next (Bayes' theorem).

    Observation: either boxes with balls of two colours, of which a spinner picks one, and what was drawn from it; or
        machines with their shares of the production and their rates of faulty parts, and what a sample from one machine
        showed. The question is how likely one box or machine is, or how likely the next ball or part is of one kind.
    Action: the probability inside one <answer></answer>, as a fraction p/q or an exact decimal. Text outside the tags is
        not read; anything else is invalid.
    Reward: 1 for the exact probability, else 0.
    Ends: after the answer.
    Splits: by the story, the shares in order of size, what was seen and what is asked, whatever is in the boxes.
    Oracle: gives the probability.

    The probability is neither 0 nor 1 and its denominator is at least 12. The difficulty of a task is the number of boxes
    plus the number of observations.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        story = rng.choice(["boxes, put back", "boxes", "machines"])
        draws = rng.randint(1, config.draws)
        seen = rng.randint(0, draws)
        asked = rng.randint(-1, config.boxes - 1)
        shares = [rng.randint(1, 9) for _ in range(config.boxes)]
        family = rng.claim(f"bayes {story} {draws} {seen} {asked >= 0} {sorted(shares)}")
        most = 40 if story == "machines" else config.largest
        boxes = [(rng.randint(2, config.largest), rng.randint(2, most)) for _ in shares]
        if story == "machines":
            boxes = [(rng.randint(1, 19), 0) for _ in shares]
            boxes = [(faulty, 100 - faulty) for faulty, _ in boxes]
        case = Case(shares, boxes, draws, seen, asked, put_back=story != "boxes")
        chance = posterior(case)
        if chance is None or not 0 < chance < 1 or chance.denominator < 12:
            raise RedrawError("the question is too plain")
        return Task(
            prompt=self.ask(self._machines(case, rng) if story == "machines" else self._boxes(case, rng)),
            secret={"answer": str(chance)},
            data=asdict(case),
            family=family,
            difficulty=config.boxes + draws,
        )

    def _boxes(self, case: Case, rng: Random) -> str:
        one, other = rng.sample(COLOURS, 2)
        contents = [
            f"Box {letter} holds {a} {one} and {b} {other} balls"
            for letter, (a, b) in zip(_LETTERS, case.boxes, strict=False)
        ]
        spins = [f"{share} lead to Box {letter}" for letter, share in zip(_LETTERS, case.shares, strict=False)]
        back = "each put back before the next" if case.put_back else "none put back"
        drawn = (
            f"{counted(case.draws, 'ball')}, {back}, and {case.seen} of them {'is' if case.seen == 1 else 'are'} {one}"
        )
        if case.draws == 1:
            drawn = f"one ball, which is {one if case.seen else other}"
            drawn += ", and put back" if case.put_back else ", and not put back"
        ask = (
            f"Box {_LETTERS[case.asked]} was picked"
            if case.asked >= 0
            else f"the next ball drawn from the same box will be {one}"
        )
        return (
            f"{listed(contents)}. A spinner with {sum(case.shares)} equal sectors picks a box: of its sectors, "
            f"{listed(spins)}. From the box that was picked, balls are drawn at random: {drawn}. Given this, what is the "
            f"probability that {ask}?"
        )

    def _machines(self, case: Case, rng: Random) -> str:
        product = rng.choice(["screws", "lamps", "tiles", "valves", "cups", "gears", "bolts", "locks", "pens", "plugs"])
        makers = [
            f"machine {letter} makes {share} of every {sum(case.shares)} {product}, and {faulty}% of its {product} are faulty"
            for letter, share, (faulty, _) in zip(_LETTERS, case.shares, case.boxes, strict=False)
        ]
        sample = f"{case.draws} {product} are tested, and exactly {case.seen} of them {'is' if case.seen == 1 else 'are'} faulty"
        if case.draws == 1:
            sample = f"one of the {product} is tested, and it is {'faulty' if case.seen else 'not faulty'}"
        ask = (
            f"the crate comes from machine {_LETTERS[case.asked]}"
            if case.asked >= 0
            else "the next one tested from it is faulty"
        )
        return (
            f"In a factory, {listed(makers)}; each is faulty independently of the others. A large crate holds {product} of "
            f"a single machine; the probability that it is a given machine's is that machine's share. From the crate, "
            f"{sample}. Given this, what is the probability that {ask}?"
        )

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        below = rng.randint(12, 400)
        return committed(str(Fraction(rng.randint(1, below - 1), below)))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        prior = Fraction(task.data["shares"][max(0, task.data["asked"])], sum(task.data["shares"]))
        return super().cheats(task) | {
            "what was seen ignored": [committed(str(prior))] if str(prior) != task.secret["answer"] else []
        }


def posterior(case: Case) -> Fraction | None:
    """The probability that is asked for, given what was drawn; None if that is impossible."""
    draws, seen = case.draws, case.seen
    weights = []
    for share, (first, second) in zip(case.shares, case.boxes, strict=True):
        if case.put_back:
            chance = Fraction(first**seen * second ** (draws - seen), (first + second) ** draws)
        else:
            chance = Fraction(comb(first, seen) * comb(second, draws - seen), comb(first + second, draws))
        weights.append(share * chance)
    total = sum(weights)
    if not total:
        return None
    if case.asked >= 0:
        return weights[case.asked] / total
    next_first = Fraction(0)
    for weight, (first, second) in zip(weights, case.boxes, strict=True):
        if weight:
            next_first += weight * (
                Fraction(first, first + second) if case.put_back else _ratio(first - seen, first + second - draws)
            )
    return next_first / total


def _ratio(above: int, below: int) -> Fraction:
    return Fraction(above, below) if below else Fraction(0)
