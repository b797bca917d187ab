"""Units beside mathematics: which words are units there, and the reading of compounds such as `square feet per hour`.

What a unit measures and how it converts stands in the shared table, `textgym.graders.units`. Here stand the words alone:
amid variables fewer of them are units, and some that are none elsewhere.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from textgym.graders import units as table
from textgym.graders.math.qualifiers import is_noun
from textgym.graders.math.tree import Unit

_WORDS = (
    "m meter metre", "km kilometer kilometre", "cm centimeter centimetre", "mm millimeter millimetre",
    "dm decimeter decimetre", "um micrometer micrometre micron", "nm nanometer nanometre", "in inch inche", "ft foot feet",
    "yd yard", "mi mile", "g gram gramme", "kg kilogram kilo kilogramme", "mg milligram", "t tonne", "lb pound lbs",
    "oz ounce", "ton", "s sec second", "min minute", "h hr hour", "day d", "week wk", "ms millisecond", "month", "year yr",
    "decade", "century centurie", "L l liter litre", "mL ml milliliter millilitre cc", "cL cl centiliter centilitre",
    "gal gallon", "qt quart", "pt pint", "cup", "ha hectare", "acre", "$ dollar buck usd USD", "¢ cent penny",
    "€ euro eur EUR", "£ gbp GBP", "pence", "yuan cny CNY rmb RMB", "¥ yen jpy JPY", "₹ rupee inr INR Rs", "mol mole",
    "K kelvin", "A amp ampere", "degC celsius centigrade", "degF fahrenheit", "N newton", "kN kilonewton", "J joule",
    "kJ kilojoule", "kWh", "W watt", "kW kilowatt", "Pa pascal", "kPa kilopascal", "Hz hertz", "kHz kilohertz",
    "MHz megahertz", "V volt", "ohm Ohm", "coulomb", "mph", "kph kmph kmh", "B byte", "bit", "dozen",
    "degree deg °", "rad radian", "% percent pct percentage",
)  # fmt: skip
"""Words of one unit each, the first of which names it."""
_COINS = {"quarter": Fraction(1, 4), "dime": Fraction(1, 10), "nickel": Fraction(1, 20)}


def _known() -> Iterator[tuple[str, Unit]]:
    for words in _WORDS:
        name, *others = words.split()
        found = table.find_unit(name)
        assert found is not None, name
        unit = _unit(name, found)
        yield from ((word, unit) for word in (name, *others))
    for coin, dollars in _COINS.items():
        yield coin, Unit(coin, dollars, (("USD", 1),))
    yield "unit", Unit("unit", Fraction(1), (("unit", 1),))


def _unit(name: str, found: table.Unit) -> Unit:
    if name == "rad":
        return Unit(name, Fraction(1), found.dimension)
    if found.dimension == (("angle", 1),):
        return Unit(name, found.factor / 180, found.dimension, angle=True)
    if found.offset:  # a scale of its own: degrees are not converted
        return Unit(name, Fraction(1), ((name, 1),))
    return Unit(name, found.factor, found.dimension)


KNOWN = dict(_known())
PERCENT, DEGREE = KNOWN["%"], KNOWN["degree"]
CURRENCIES = "$€£¥₹¢"
AMBIGUOUS = frozenset(["m", "g", "s", "h", "d", "t", "L", "l", "N", "J", "W", "V", "A", "K", "C", "F", "B"])
"""Single letters that are units only where nothing else fits: they are variables elsewhere."""
_UNLIKELY = frozenset(["d", "t", "A", "K", "C", "F", "B"])
_UNSURE = "?"
SCALES = {
    "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12,
}  # fmt: skip
_ABBREVIATED = re.compile(r"\b(sq|cu|ft|in|yd|mi|lb|lbs|oz|hr|hrs|min|mins|sec|secs|cm|km|mm|kg)\.(?= |$)")
_SCALE_OF_DEGREES = re.compile(r"^(?:degrees?|deg|°) ?(C|F)(?:elsius|ahrenheit)?$")
_FOR_EACH = re.compile(r"(\S.*?)(?: per | an? (?=[a-z]{2})| ?/ ?)([A-Za-z][a-z]+)")
_A_UNIT = re.compile(r" an? ")
_BETWEEN = re.compile(r"[·*]")
_GLUED_RATE = re.compile(r"^(k?m(?=[sh])|cm(?=s)|g(?=c?m)|kg(?=m)|N(?=m))(s|h|c?m) ?\^ ?-([123])$")
"""Two symbols without anything between them, as in ms^-1."""
_TYPESET = re.compile(r"\\(cdot|times|,|;|:| )")
_NOUN = re.compile(r"[A-Za-z][A-Za-z' .-]*(?:\^ ?\{?[23]\}?)?")


def named(word: str) -> Unit | None:
    """The unit of this name, in the singular or in the plural, or None.

    A symbol keeps its case where it is one of its own: Mm is no mm. Otherwise CM is cm.
    """
    if word not in KNOWN and len(word) <= 3 and not word.islower() and (own := _symbol(word)) is not None:
        return own if word.lower() in KNOWN else None
    for form in (word, word.lower() if len(word) > 2 else word, word.lower().removesuffix("s"), word.removesuffix(".")):
        if form in KNOWN and (len(form) > 1 or form == word):
            return KNOWN[form]
    return None


def read_unit(text: str) -> Unit | None:
    """A unit from its text, compounds included; a noun that is no unit counts things of its own kind.

    Returns:
        None where the text is no unit and no noun, or says something else about a number: `below`, `maybe`.
    """
    unit = read_compound(text) or _for_each(text)
    if unit is not None:
        return unit
    text = _spelled_out(text)
    if len(text) <= 4 and not text.islower() and not text.istitle() and (own := _symbol(text)) is not None:
        return own
    words = re.sub(r"[^A-Za-z' -]", "", text).casefold().split()
    if not words or not _NOUN.fullmatch(text) or not is_noun(words):
        return None
    noun = " ".join(word if word.endswith("ss") else word.removesuffix("s") for word in words)
    return Unit(noun, Fraction(1), ((f"#{noun}", 1),))


def _for_each(text: str) -> Unit | None:
    """A known unit for each thing of a kind, as in dollars per person and km/lap."""
    match = _FOR_EACH.fullmatch(text)
    unit, noun = (read_compound(match[1]), read_unit(match[2])) if match else (None, None)
    if unit is None or noun is None or unit.angle or not noun.dims or not noun.dims[0][0].startswith("#"):
        return None
    return Unit(f"{unit.name}/{noun.name}", unit.factor, (*unit.dims, (noun.dims[0][0], -1)))


def product(left: Unit, right: Unit) -> Unit | None:
    """The product of two units that are known; None where one is an angle, a share of a hundred or a count."""
    if any(one.angle or not one.dims or one.dims[0][0].startswith("#") for one in (left, right)):
        return None
    found = table.Unit(left.dims, left.factor) * table.Unit(right.dims, right.factor)
    return Unit("*".join(sorted([left.name, right.name])), found.factor, found.dimension)


def unsure(unit: Unit, letter: str) -> Unit:
    """A unit by one letter without a text command; where that is likelier a variable, as in 3t, it counts beside a unit alone."""
    return replace(unit, name=unit.name + _UNSURE) if letter in _UNLIKELY else unit


def is_sure(unit: Unit) -> bool:
    """Whether a unit is one beyond doubt, also beside a value without one."""
    return not unit.name.endswith(_UNSURE)


def read_compound(text: str) -> Unit | None:
    """A unit that is known, alone or with others; None for a noun."""
    text = _GLUED_RATE.sub(r"\1/\2^\3", _spelled_out(text))
    return (named(text) or _compound(text)) if text else None


def _spelled_out(text: str) -> str:
    if "\\" in text:
        text = re.sub(r" *\* *", "*", _TYPESET.sub(lambda match: "*" if match[1].isalpha() else " ", text))
    text = _ABBREVIATED.sub(r"\1 ", text.strip()).rstrip(". ")
    return _SCALE_OF_DEGREES.sub(r"deg\1", text).replace("per cent", "percent")


def _symbol(word: str) -> Unit | None:
    """The unit that a symbol with capitals is in the shared table, prefixes included, such as MPa."""
    found = table.find_unit(word)
    return Unit(word, found.factor, found.dimension) if found and not found.offset and found.dimension else None


def _compound(text: str) -> Unit | None:
    """A compound; all that follows the first `/` or `per` is below the line, as in J/kg·K."""
    names: list[str] = []

    def part(word: str) -> table.Unit | None:
        unit = named(word)
        if unit is None or unit.angle or unit is PERCENT:
            return None
        names.append(unit.name)
        return table.Unit(unit.dims, unit.factor)

    found = table.compound_unit(_BETWEEN.sub(" ", _A_UNIT.sub(" per ", text)).strip(), part)
    return Unit("*".join(sorted(names)), found.factor, found.dimension) if found else None
