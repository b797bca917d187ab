"""Combinators that leave a value as it is, and bound what finding it takes: memory of a call, seconds, money."""

import asyncio
import hashlib
import json
from functools import cached_property
from typing import Literal

from pydantic import Field

from textgym.core.outcome import Score
from textgym.graders.base import Bounds, Grader, Node
from textgym.graders.combining import combined, failed
from textgym.graders.errors import GraderSpecError, Invalid
from textgym.graders.grading_call import Remembered, current
from textgym.graders.ledger import Ledger, opened
from textgym.graders.sample import Item, Sample


class Limited(Grader):
    """A grader that has the value of its part."""

    grader: Node

    @property
    def parts(self) -> tuple[Grader, ...]:
        return (self.grader,)

    @cached_property
    def bounds(self) -> Bounds:
        return self.grader.bounds

    def _passed_on(self, child: Score, reason: str = "") -> Score:
        if child.value is None:
            return failed(self.type, [child], child)
        return combined(child.value, self.type, [child], reason=reason)


class Cache(Limited):
    """Its part, asked once for equal content within one call of `grade` or `grade_group`.

    It pays where one judge stands in several places of a tree, or where samples of a group are equal. What was found in
    the cache costs nothing. Nothing outlives the call, so a grader stays a function of item and samples.
    """

    type: Literal["cache"] = "cache"

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        try:
            row = json.dumps(item, sort_keys=True)
        except (TypeError, ValueError):  # a row that is no JSON has no content to address it by
            return self._passed_on(await self.grader.agrade(item, sample))
        whole = json.dumps([self.grader.digest, row, sample.model_dump(mode="json")], sort_keys=True)
        key = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
        place = current().memo.setdefault(key, Remembered())
        async with place.lock:
            if place.score is not None:
                return self._passed_on(_free(place.score), "graded before in the same call")
            place.score = await self.grader.agrade(item, sample)
            return self._passed_on(place.score)


class Timeout(Limited):
    """Its part, given up after `seconds` of waiting with the status `timeout`.

    What is given up is waiting: for judges, sandboxes, asynchronous functions. A part that only computes is never cut
    short, since nothing in a process can stop it safely.
    """

    type: Literal["timeout"] = "timeout"
    seconds: float = Field(gt=0, allow_inf_nan=False)

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        if not self.grader.waits:
            return self._passed_on(await self.grader.agrade(item, sample))
        try:
            async with asyncio.timeout(self.seconds):
                return self._passed_on(await self.grader.agrade(item, sample))
        except TimeoutError:
            raise Invalid("timeout", f"{self.grader.label} took longer than {self.seconds:g} s") from None


class Budget(Limited):
    """Its part, with a cap on what it may spend on one sample; what exceeds it has the status `over_budget`.

    Attributes:
        usd: most US dollars.
        tokens: most tokens.
        calls: most calls of a model.
    """

    type: Literal["budget"] = "budget"
    usd: float | None = Field(None, ge=0, allow_inf_nan=False)
    tokens: int | None = Field(None, ge=0)
    calls: int | None = Field(None, ge=0)

    def _check(self) -> None:
        if self.usd is None and self.tokens is None and self.calls is None:
            raise GraderSpecError("budget: give a limit, as usd, tokens or calls")

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        with opened(Ledger(usd=self.usd, tokens=self.tokens, calls=self.calls)) as ledger:
            child = await self.grader.agrade(item, sample)
        spent = [
            f"{ledger.spent[unit]:g} of {limit:g} {unit}" for unit, limit in ledger.limits.items() if limit is not None
        ]
        return self._passed_on(child, f"spent {', '.join(spent)}")


def _free(score: Score) -> Score:
    """The same tree, not paid for a second time."""
    return score.model_copy(update={"cost": 0.0, "tokens": 0, "children": tuple(map(_free, score.children))})
