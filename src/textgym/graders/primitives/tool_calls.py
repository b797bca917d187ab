"""A leaf that compares tool calls with those that should have been made."""

from collections import Counter
from typing import Any, ClassVar, Literal

from textgym.core.outcome import Score
from textgym.graders.base import Grader, passed
from textgym.graders.errors import Invalid
from textgym.graders.primitives.citations import name_and_arguments
from textgym.graders.primitives.json_values import leaves
from textgym.graders.primitives.leaf import Data, secret, seen
from textgym.graders.sample import Item, Sample

_MOST_CALLS = 200
_MOST_LEAVES = 20_000
_Call = tuple[str, "Counter[tuple[str, str]]"]

_MALFORMED = [("malformed", "")]  # like no arguments at all, and like none that can be read


class ToolCallMatch(Grader):
    """The F1 of two lists of tool calls: `2 S / (n + m)`, S the sum over matched calls of how alike they are.

    Calls with different names are not alike. With the same name they are as alike as the F1 of their arguments (each a path
    with its value), or with `arguments="exact"` only if all arguments are equal. In order, the best alignment is taken;
    without order, calls are matched greedily, the most alike first. More than 200 calls earn 0.

    Attributes:
        input: the calls, in OpenAI's shape or as `{"name": .., "arguments": {..}}`.
        reference: the calls that should have been made.
        arguments: how arguments count: their F1, all or nothing, or not at all.
        ordered: whether calls must come in the reference's order.
    """

    templated: ClassVar[tuple[str, ...]] = ("input", "reference")

    type: Literal["tool_call_match"] = "tool_call_match"
    input: Data = "{{ sample.output_tools }}"
    reference: Data
    arguments: Literal["f1", "exact", "ignore"] = "f1"
    ordered: bool = True

    def _grade(self, item: Item, sample: Sample) -> Score:
        reference = self.fill(self.reference, item, sample)
        theirs = _calls(reference)
        if theirs is None:
            raise Invalid("error", f"the reference is a list of at most {_MOST_CALLS} tool calls")
        given = self.fill(self.input, item, sample)
        ours = _calls(given)
        if ours is None:
            return passed(0.0, f"no list of at most {_MOST_CALLS} tool calls", seen(given), secret(reference))
        if not ours and not theirs:
            return passed(1.0, "no calls, and none wanted", seen(given), secret(reference))
        alike = [[self._alike(a, b) for b in theirs] for a in ours]
        total = _aligned(alike) if self.ordered else _greedy(alike)
        value = min(2 * total / (len(ours) + len(theirs)), 1.0)
        return passed(value, f"{len(ours)} calls, {len(theirs)} wanted", seen(given), secret(reference))

    def _alike(self, ours: _Call, theirs: _Call) -> float:
        if ours[0] != theirs[0]:
            return 0.0
        if self.arguments == "ignore" or ours[1] == theirs[1]:
            return 1.0
        if self.arguments == "exact":
            return 0.0
        return 2 * (ours[1] & theirs[1]).total() / (ours[1].total() + theirs[1].total())


def _calls(given: Any) -> list[_Call] | None:
    """Each call's name and the leaves of its arguments; None if there are too many, or something else is among them."""
    if not isinstance(given, list | tuple) or len(given) > _MOST_CALLS:
        return None
    found: list[_Call] = []
    left = _MOST_LEAVES
    for call in given:
        if not isinstance(call, dict):
            return None
        name, arguments = name_and_arguments(call)
        counted = Counter(_MALFORMED if arguments is None else leaves(arguments))
        left -= counted.total()
        if left < 0:
            return None
        found.append((name, counted))
    return found


def _aligned(alike: list[list[float]]) -> float:
    """The greatest sum along an alignment that keeps both orders."""
    best = [0.0] * (len(alike[0]) + 1 if alike else 1)
    for row in alike:
        new = [0.0]
        for place, value in enumerate(row):
            new.append(max(new[-1], best[place + 1], best[place] + value))
        best = new
    return best[-1]


def _greedy(alike: list[list[float]]) -> float:
    """The sum over pairs taken from the most alike down, each call once."""
    pairs = sorted((-value, i, j) for i, row in enumerate(alike) for j, value in enumerate(row) if value)
    total, used_here, used_there = 0.0, set(), set()
    for value, i, j in pairs:
        if i not in used_here and j not in used_there:
            used_here.add(i)
            used_there.add(j)
            total -= value
    return total
