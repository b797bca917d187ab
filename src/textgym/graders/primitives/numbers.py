"""Leaves that compare numbers, exactly: no rounding comes between the output and the verdict."""

from fractions import Fraction
from typing import Any, ClassVar, Literal

from pydantic import Field

from textgym.core.outcome import Score
from textgym.graders.base import Grader, passed
from textgym.graders.errors import Invalid
from textgym.graders.primitives.leaf import OUTPUT, Data, NotNegative, secret, seen
from textgym.graders.primitives.numerals import as_fraction, leading_number, read_number
from textgym.graders.sample import Item, Sample
from textgym.graders.units import Unit, find_unit

_CURRENCIES = ("US$", "A$", "C$", "R$", "$", "€", "£", "¥", "₹", "₩", "₽")


class _Number(Grader):
    """A leaf whose input is a number, as a text that consists of it or as a JSON number.

    Attributes:
        input: the number; by default the whole output.
        reference: the number that it is compared with; a list means that any of them will do.
    """

    templated: ClassVar[tuple[str, ...]] = ("input", "reference")

    type: str
    input: Data = OUTPUT
    reference: Data

    def _grade(self, item: Item, sample: Sample) -> Score:
        given = self.fill(self.input, item, sample)
        golds = self.fill(self.reference, item, sample)
        numbers = [_gold(one) for one in (golds if isinstance(golds, list | tuple) else [golds])]
        if not numbers:
            raise Invalid("error", "the reference is an empty list")
        number = read_number(given)
        if number is None:
            return passed(0.0, "the output is not one number", seen(given), secret(golds))
        return passed(max(self._near(number, gold) for gold in numbers), "", seen(given), secret(golds))

    def _near(self, number: Fraction, gold: Fraction) -> float:
        """How near the number is, from 0 to 1."""
        raise NotImplementedError


def _gold(given: Any) -> Fraction:
    number = read_number(given)
    if number is None:
        raise Invalid("error", "the reference is not a number")
    return number


class NumberEqual(_Number):
    """1 if `abs(x - r) <= max(atol, rtol * abs(r))`, in exact fractions; by default only if they are equal.

    Attributes:
        atol: absolute tolerance.
        rtol: tolerance as a share of the reference.
    """

    type: Literal["number_equal"] = "number_equal"
    atol: NotNegative = 0.0
    rtol: NotNegative = 0.0

    def _near(self, number: Fraction, gold: Fraction) -> float:
        return float(abs(number - gold) <= max(as_fraction(self.atol), as_fraction(self.rtol) * abs(gold)))


class NumberScore(_Number):
    """`max(0, 1 - abs(x - r) / (tolerance * max(abs(r), epsilon)))`: from 1 at the reference linearly down to 0.

    Attributes:
        tolerance: at what share of the reference the value reaches 0.
        epsilon: stands for the reference's size where that is smaller.
    """

    type: Literal["number_score"] = "number_score"
    tolerance: float = Field(1.0, gt=0, allow_inf_nan=False)
    epsilon: float = Field(1e-9, gt=0, allow_inf_nan=False)

    def _near(self, number: Fraction, gold: Fraction) -> float:
        reach = as_fraction(self.tolerance) * max(abs(gold), as_fraction(self.epsilon))
        distance = abs(number - gold)
        return 0.0 if distance >= reach else float(1 - distance / reach)


class InRange(Grader):
    """1 if the input is a number from `low` to `high`; either end may be left open with null.

    Attributes:
        input: the number; by default the whole output.
        low: the least number.
        high: the greatest.
        inclusive: whether the ends themselves are inside.
    """

    templated: ClassVar[tuple[str, ...]] = ("input", "low", "high")

    type: Literal["in_range"] = "in_range"
    input: Data = OUTPUT
    low: Data = None
    high: Data = None
    inclusive: bool = True

    def _grade(self, item: Item, sample: Sample) -> Score:
        given = self.fill(self.input, item, sample)
        low, high = (self._end(end, item, sample) for end in (self.low, self.high))
        number = read_number(given)
        if number is None:
            return passed(0.0, "the output is not one number", seen(given), secret([self.low, self.high], "range"))
        above = low is None or number > low or (self.inclusive and number == low)
        below = high is None or number < high or (self.inclusive and number == high)
        return passed(float(above and below), "", seen(given), secret([self.low, self.high], "range"))

    def _end(self, end: Data, item: Item, sample: Sample) -> Fraction | None:
        return None if end is None else _gold(self.fill(end, item, sample))


class QuantityEqual(Grader):
    """1 if the input is the reference's quantity: the same dimension, and the same size within the tolerances.

    A quantity is a number and a unit of `textgym.graders.units`, such as `36 km/h`, `$5`, `20 °C` or `12.5%`. Tolerances are
    measured in the reference's unit.

    Attributes:
        input: the quantity; by default the whole output.
        reference: the quantity that it is compared with; a list means that any of them will do.
        unit: whether the input must name a unit, or is taken to be in the reference's where it names none.
        convert: whether another unit of the same dimension will do.
        atol: absolute tolerance.
        rtol: tolerance as a share of the reference.
    """

    templated: ClassVar[tuple[str, ...]] = ("input", "reference")

    type: Literal["quantity_equal"] = "quantity_equal"
    input: Data = OUTPUT
    reference: Data
    unit: Literal["required", "optional"] = "required"
    convert: bool = True
    atol: NotNegative = 0.0
    rtol: NotNegative = 0.0

    def _grade(self, item: Item, sample: Sample) -> Score:
        given = self.fill(self.input, item, sample)
        golds = self.fill(self.reference, item, sample)
        wanted = [_quantity(one) for one in (golds if isinstance(golds, list | tuple) else [golds])]
        if not wanted:
            raise Invalid("error", "the reference is an empty list")
        read = _quantity(given)
        if read is None:
            return passed(0.0, "the output is not one number with a unit", seen(given), secret(golds))
        verdicts = [self._verdict(read, gold) for gold in wanted]
        reason = "" if "" in verdicts else verdicts[0]
        return passed(float("" in verdicts), reason, seen(given), secret(golds))

    def _verdict(self, read: "tuple[Fraction, Unit | None]", gold: "tuple[Fraction, Unit | None] | None") -> str:
        """Empty if they are equal, else in what they differ."""
        if gold is None or gold[1] is None:
            raise Invalid("error", "the reference is not a number with a unit")
        (number, unit), (size, gold_unit) = read, (gold[0], gold[1])
        if unit is None:
            if self.unit == "required":
                return "the output names no unit"
            unit = gold_unit
        if unit.dimension != gold_unit.dimension:
            return "the output measures something else"
        if not self.convert and unit != gold_unit:
            return "the output is in another unit"
        converted = (unit.to_base(number) - gold_unit.offset) / gold_unit.factor
        near = abs(converted - size) <= max(as_fraction(self.atol), as_fraction(self.rtol) * abs(size))
        return "" if near else "the size differs"


def _quantity(given: Any) -> tuple[Fraction, Unit | None] | None:
    """A number and its unit; the unit is None where there is none, and all is None where anything else is in the way."""
    if not isinstance(given, str):
        number = read_number(given)
        return None if number is None else (number, None)
    text = given.strip() if len(given) <= _LONGEST_QUANTITY else ""
    sign = "-" if text.startswith(("-", "−")) else ""
    unsigned = text[len(sign) :].lstrip()
    for currency in _CURRENCIES:
        if unsigned.startswith(currency):
            number = read_number(sign + unsigned[len(currency) :].strip())
            unit = find_unit(currency)
            return None if number is None or unit is None else (number, unit)
    number, end = leading_number(text)
    if number is None:
        return None
    rest = text[end:].strip()
    if not rest:
        return number, None
    unit = find_unit(rest)
    return None if unit is None else (number, unit)


_LONGEST_QUANTITY = 500
