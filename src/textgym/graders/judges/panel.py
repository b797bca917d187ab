"""`panel`: several judges, and the value on which enough of them agree."""

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Literal

from pydantic import Field

from textgym.core.outcome import Score
from textgym.graders.base import Bounds, Grader, Node
from textgym.graders.combining import ask, combined, failed, first_failure, hull
from textgym.graders.errors import GraderSpecError
from textgym.graders.sample import Item, Sample

_SLACK = 1e-9


class Panel(Grader):
    """The mean of the largest group of judges that agree; no value where no group is large enough.

    Judges agree where their values lie within `within` of one another. Judges that fail are not counted. Where two groups
    of equal size disagree, or the largest is smaller than `min_agree`, the status is `skipped`: the panel is divided, and a
    divided panel has nothing to pay. Where fewer than `min_agree` judges have a value, the status is that of the first
    failure.

    Attributes:
        graders: the judges.
        min_agree: how many must agree.
        within: how far apart the values of judges that agree may be, in their units.
    """

    type: Literal["panel"] = "panel"

    graders: tuple[Node, ...] = Field(min_length=2)
    min_agree: int = Field(2, ge=1)
    within: float = Field(0.0, ge=0, allow_inf_nan=False)

    @property
    def parts(self) -> tuple[Grader, ...]:
        return self.graders

    @cached_property
    def bounds(self) -> Bounds:
        return hull(part.bounds for part in self.graders)

    def _check(self) -> None:
        if self.min_agree > len(self.graders):
            raise GraderSpecError(f"panel.min_agree: {self.min_agree} of {len(self.graders)} judges can never agree")

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        children = await ask(self.graders, item, sample)
        values = [child.value for child in children if child.value is not None]
        if len(values) < self.min_agree:
            return failed(self.type, children, first_failure(children))
        groups = self._largest(values)
        size = len(groups[0])
        if size < self.min_agree or len(groups) > 1:
            said = ", ".join(f"{value:g}" for value in sorted(values))
            divided = Score(status="skipped", name="the judges", reason=f"divided: {said}")
            return failed(self.type, children, divided)
        reason = f"{size} of {len(children)} judges agree"
        return combined(math.fsum(groups[0]) / size, self.type, children, reason=reason)

    def _largest(self, values: Sequence[float]) -> list[list[float]]:
        """The largest groups of values within `within` of one another, each once."""
        ordered = sorted(values)
        groups: list[list[float]] = []
        for place, low in enumerate(ordered):
            group = [value for value in ordered[place:] if value <= low + self.within + _SLACK]
            if group not in groups:
                groups.append(group)
        size = max(map(len, groups))
        return [group for group in groups if len(group) == size]
