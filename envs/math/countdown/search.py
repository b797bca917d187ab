"""The fewest of some given numbers that reach a target, by exact search over their subsets.

Only positive values are looked at. This loses nothing: every value of an expression with signs is, up to its sign, the
value of one without, because |a + b| and |a - b| are the sum and the difference of |a| and |b|; and a subexpression of
value zero only spends numbers.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from textgym.envs.math.expression import Binary, Expression, Number

Value = int | Fraction

_TABLED = 3
"""Largest subsets whose values are all listed; of two halves of at most seven numbers one is no larger."""


class Search:
    """Answers questions about one list of numbers, and keeps what it found out for the next.

    Args:
        numbers: whole numbers of at least 1, at most seven.
        whole: only whole values on the way.
    """

    def __init__(self, numbers: Sequence[int], *, whole: bool) -> None:
        self._numbers = tuple(numbers)
        self._whole = whole
        self._values: dict[int, dict[Value, None]] = {}
        self._hopeless: set[tuple[int, Value]] = set()
        everything = (1 << len(self._numbers)) - 1
        self._subsets = sorted(range(1, everything + 1), key=lambda subset: (subset.bit_count(), subset))

    def fewest(self, target: int) -> tuple[int, Expression] | None:
        """How many numbers the shortest expression for `target` uses, and such an expression; None if there is none."""
        for subset in self._subsets:
            tree = self._express(subset, target)
            if tree is not None:
                return subset.bit_count(), tree
        return None

    def _express(self, subset: int, target: Value) -> Expression | None:
        """An expression that uses each number of the subset once and has this value."""
        if subset & (subset - 1) == 0:
            number = self._numbers[subset.bit_length() - 1]
            return Number(number) if number == target else None
        tabled = subset.bit_count() <= _TABLED
        if tabled:
            if target not in self._values_of(subset):
                return None
        elif (subset, target) in self._hopeless:
            return None
        for part, rest in _halves(subset):
            for value in self._values_of(part):
                for operator, wanted, value_first in self._completions(value, target):
                    other = self._express(rest, wanted)
                    if other is not None:
                        this = self._express(part, value)
                        assert this is not None  # it was listed as a value of this part
                        return Binary(operator, this, other) if value_first else Binary(operator, other, this)
        if not tabled:
            self._hopeless.add((subset, target))
        return None

    def _completions(self, value: Value, target: Value) -> Iterator[tuple[str, Value, bool]]:
        """The operations that make `target` of `value` and one other: operator, the other, whether `value` is first."""
        if value < target:
            yield "+", target - value, True
        elif value > target:
            yield "-", value - target, True
        yield "-", target + value, False
        yield "/", target * value, False
        if self._whole:
            if target % value == 0:
                yield "*", target // value, True
            if value % target == 0:
                yield "/", value // target, True
        else:
            yield "*", Fraction(target) / value, True
            yield "/", Fraction(value) / target, True

    def _values_of(self, subset: int) -> dict[Value, None]:
        """All positive values that use each number of the subset once; a dict for its order, which a set has not."""
        found = self._values.get(subset)
        if found is not None:
            return found
        found = {}
        if subset & (subset - 1) == 0:
            found[self._numbers[subset.bit_length() - 1]] = None
        else:
            for part, rest in _halves(subset):
                others = self._values_of(rest)
                for one in self._values_of(part):
                    for two in others:
                        found[one + two] = None
                        found[one * two] = None
                        small, large = (one, two) if one < two else (two, one)
                        if small != large:
                            found[large - small] = None
                        if not self._whole:
                            quotient = Fraction(large) / small
                            found[quotient] = None
                            found[1 / quotient] = None
                        elif large % small == 0:
                            found[large // small] = None
        self._values[subset] = found
        return found


def _halves(subset: int) -> Iterator[tuple[int, int]]:
    """The ways to split a subset in two, each once, the part with fewer numbers first."""
    part = (subset - 1) & subset
    while part:
        rest = subset ^ part
        fewer = part.bit_count() - rest.bit_count()
        if fewer < 0 or (fewer == 0 and part < rest):
            yield part, rest
        part = (part - 1) & subset
