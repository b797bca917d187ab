"""Graders of groups: what a sample is worth beside the others that answer the same item.

Each looks at the whole group, wherever it stands in a tree. A sample without a value keeps its failure, and the others
are compared without it.
"""

import asyncio
import math
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import permutations
from typing import Any, ClassVar, Literal

from pydantic import Field

from textgym.core.outcome import Score
from textgym.graders.base import Bounds, Grader, Node
from textgym.graders.combining import combined, failed, first_failure, reaches
from textgym.graders.errors import GraderSpecError, Invalid
from textgym.graders.grading_call import current
from textgym.graders.sample import Item, Sample
from textgym.graders.template import as_text

_SAME = 1e-9
_LONGEST_KEY = 20_000


class GroupGrader(Grader):
    """A grader that gives a sample a value only beside others: by `grade_group`."""

    compares: ClassVar[bool] = True

    grader: Node

    @property
    def parts(self) -> tuple[Grader, ...]:
        return (self.grader,)

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        score = current().compared.get((id(self), id(sample)))
        if score is None:
            raise Invalid(
                "error",
                "it compares the samples of a group: call grade_group, and put it below no grader that changes samples",
            )
        return score

    async def _graded(self, item: Item, samples: Sequence[Sample]) -> list[Score]:
        """What the part says of each sample."""
        return await self.grader.agrade_group(item, samples)

    def _scores(
        self, children: Sequence[Score], compared: Callable[[list[float]], list[tuple[float, str]]]
    ) -> list[Score]:
        """The samples' scores: `compared` gives each value that there is another, and a reason."""
        found = [child.value for child in children if child.value is not None]
        made = iter(compared(found) if found else ())
        return [
            self._passed_on(child) if child.value is None else self._worth(child, *next(made)) for child in children
        ]

    def _worth(self, child: Score, value: float, reason: str = "") -> Score:
        return combined(value, self.type, [child], reason=reason)

    def _passed_on(self, child: Score) -> Score:
        return failed(self.type, [child], child) if child.value is None else self._worth(child, child.value)


class RankInGroup(GroupGrader):
    """The sample's place among the n of its group: `(i - 0.5) / n` for the i-th from below, ties at their mean place."""

    type: Literal["rank_in_group"] = "rank_in_group"

    async def _agrade_group(self, item: Item, samples: Sequence[Sample]) -> list[Score]:
        return self._scores(await self._graded(item, samples), _ranks)


class GroupZ(GroupGrader):
    """How far the value lies from the mean of the group: `(value - mean) / (std + eps)`, of the population's deviation.

    Attributes:
        eps: keeps groups without variance at 0.
        limit: the greatest distance; the bounds are `-limit` and `limit`. In a group of n no sample can be further
            away than `sqrt(n - 1)`, so that 10 cuts nothing off in groups of up to 101.
    """

    type: Literal["group_z"] = "group_z"
    eps: float = Field(1e-6, gt=0, allow_inf_nan=False)
    limit: float = Field(10.0, gt=0, allow_inf_nan=False)

    @property
    def bounds(self) -> Bounds:
        return (-self.limit, self.limit)

    async def _agrade_group(self, item: Item, samples: Sequence[Sample]) -> list[Score]:
        return self._scores(await self._graded(item, samples), self._distances)

    def _distances(self, values: list[float]) -> list[tuple[float, str]]:
        mean, deviation = _moments(values)
        reason = f"mean {mean:.6g}, deviation {deviation:.6g} of {len(values)}"
        return [
            (min(max((value - mean) / (deviation + self.eps), -self.limit), self.limit), reason) for value in values
        ]


class DropZeroVariance(GroupGrader):
    """Its part, but where all samples of the group have the same value, none has one: there is nothing to learn.

    The scores then have the status `skipped`, so that a trainer masks the group.
    """

    type: Literal["drop_zero_variance"] = "drop_zero_variance"

    @cached_property
    def bounds(self) -> Bounds:
        return self.grader.bounds

    async def _agrade_group(self, item: Item, samples: Sequence[Sample]) -> list[Score]:
        children = await self._graded(item, samples)
        found = [child.value for child in children if child.value is not None]
        if not found or max(found) - min(found) > _SAME:
            return [self._passed_on(child) for child in children]
        reason = f"all {len(found)} samples have {found[0]:g}"
        same = Score(name=self.grader.label, status="skipped", reason=reason)
        return [failed(self.type, [child], same if child.value is not None else child) for child in children]


class DiversityBonus(GroupGrader):
    """The part's value and, where it reaches `at_least`, `bonus` times the share in which the sample differs from others.

    A sample differs from another by 1 - Jaccard similarity of the sets of words of `key`, or with `distance="exact"` by
    1 where the keys are unequal, upper and lower case and white space apart; the mean over all others is taken.

    Attributes:
        bonus: the most that difference earns.
        at_least: what the value must reach, since wrong answers are the most diverse of all.
        key: what is compared, such as the answer alone; its first 20,000 characters are read.
        distance: how.
    """

    type: Literal["diversity_bonus"] = "diversity_bonus"
    templated = ("key",)
    bonus: float = Field(0.1, ge=0, allow_inf_nan=False)
    at_least: float = Field(0.5, allow_inf_nan=False)
    key: Any = "{{ sample.output_text }}"
    distance: Literal["words", "exact"] = "words"

    @cached_property
    def bounds(self) -> Bounds:
        low, high = self.grader.bounds
        return low, high + self.bonus if reaches(high, self.at_least) else high

    async def _agrade_group(self, item: Item, samples: Sequence[Sample]) -> list[Score]:
        children = await self._graded(item, samples)
        keys = [as_text(self.fill(self.key, item, sample))[:_LONGEST_KEY].casefold().split() for sample in samples]
        return [self._with_bonus(child, place, keys) for place, child in enumerate(children)]

    def _with_bonus(self, child: Score, place: int, keys: list[list[str]]) -> Score:
        if child.value is None:
            return self._passed_on(child)
        if not reaches(child.value, self.at_least):
            return self._worth(child, child.value, f"no bonus below {self.at_least:g}")
        others = keys[:place] + keys[place + 1 :]
        novelty = math.fsum(self._difference(keys[place], other) for other in others) / max(1, len(others))
        reason = f"differs from the {len(others)} others by {novelty:.3g}"
        return self._worth(child, child.value + self.bonus * novelty, reason)

    def _difference(self, one: list[str], other: list[str]) -> float:
        if self.distance == "exact" or one == other:
            return float(one != other)
        words, others = set(one), set(other)
        return 1.0 - len(words & others) / len(words | others)


class Tournament(GroupGrader):
    """Every sample against every other, in both orders; the value is the mean over all its games.

    The part is a pairwise grader: it says how much better the sample is than `{{ item.opponent.output_text }}`, with its
    upper bound for a win and its lower bound for a loss. `item.opponent` has all fields of a sample. A game of two is
    played twice, each being the opponent once, and its result is the mean of both, so that a grader that favours one
    side is fair all the same. How much it favours the sample is reported in each score's reason.
    """

    type: Literal["tournament"] = "tournament"

    @cached_property
    def bounds(self) -> Bounds:
        return self.grader.bounds

    def _check(self) -> None:
        if self.grader._comparing:
            raise GraderSpecError("tournament.grader: it grades one pair, so it cannot itself compare a group")

    async def _agrade_group(self, item: Item, samples: Sequence[Sample]) -> list[Score]:
        if len(samples) < 2:
            raise Invalid("skipped", "a tournament needs two samples")
        if "opponent" in item:
            raise Invalid("error", "the item has a field `opponent`, which a tournament needs for itself")
        described = [sample.model_dump(mode="json") for sample in samples]
        pairs = list(permutations(range(len(samples)), 2))
        asked = [self.grader.agrade({**item, "opponent": described[b]}, samples[a]) for a, b in pairs]
        scores = list(await asyncio.gather(*asked)) if self.waits else [await game for game in asked]
        games = dict(zip(pairs, scores, strict=True))
        bias = self._bias(games)
        return [self._standing(place, len(samples), games, bias) for place in range(len(samples))]

    def _bias(self, games: dict[tuple[int, int], Score]) -> str:
        """How far above a draw samples come out on average, where 1 is a win whoever plays; 0 favours nobody."""
        low, high = self.grader.bounds
        values = [score.value for score in games.values() if score.value is not None]
        if not values or high == low:
            return "position bias unknown"
        return f"position bias {(2 * math.fsum(values) / len(values) - low - high) / (high - low):+.3f}"

    def _standing(self, place: int, size: int, games: dict[tuple[int, int], Score], bias: str) -> Score:
        low, high = self.grader.bounds
        children: list[Score] = []
        results: list[float] = []
        for other in range(size):
            if other == place:
                continue
            played, returned = games[place, other], games[other, place]
            # The return game is on the other's account.
            unpaid = {"cost": 0.0, "tokens": 0, "name": f"sample {other} against this", "weight": -1.0}
            children += [
                played.model_copy(update={"name": f"against sample {other}"}),
                returned.model_copy(update=unpaid),
            ]
            if played.value is not None and returned.value is not None:
                results.append((played.value + low + high - returned.value) / 2)
        if 2 * len(results) < len(children):
            return failed(self.type, children, first_failure(children))
        score = combined(math.fsum(results) / len(results), self.type, children, reason=bias)
        return score.model_copy(update={"n": len(children)})


def _ranks(values: list[float]) -> list[tuple[float, str]]:
    ordered = sorted(values)
    places: dict[float, list[int]] = {}
    for place, value in enumerate(ordered, 1):
        places.setdefault(value, []).append(place)
    middle = {value: math.fsum(held) / len(held) for value, held in places.items()}
    return [((middle[value] - 0.5) / len(values), f"place {middle[value]:g} of {len(values)}") for value in values]


def _moments(values: list[float]) -> tuple[float, float]:
    mean = math.fsum(values) / len(values)
    return mean, math.sqrt(math.fsum((value - mean) ** 2 for value in values) / len(values))
