"""Units: a table of our own, exact, and the reading of compounds such as `m/s^2` or `square feet per hour`."""

import re
from fractions import Fraction

from textgym.graders.math.tree import Unit

_BASES: dict[str, tuple[str, str]] = {
    "m": ("L1", "m meter metre"), "1000 m": ("L1", "km kilometer kilometre"), "1/100 m": ("L1", "cm centimeter centimetre"),
    "1/1000 m": ("L1", "mm millimeter millimetre"), "1/10 m": ("L1", "dm decimeter decimetre"),
    "1/1000000 m": ("L1", "um micrometer micrometre micron"), "1/1000000000 m": ("L1", "nm nanometer nanometre"),
    "127/5000 m": ("L1", "in inch inche"), "381/1250 m": ("L1", "ft foot feet"), "1143/1250 m": ("L1", "yd yard"),
    "201168/125 m": ("L1", "mi mile"), "1852 m": ("L1", "nauticalmile"),
    "1 g": ("M1", "g gram gramme"), "1000 g": ("M1", "kg kilogram kilo kilogramme"), "1/1000 g": ("M1", "mg milligram"),
    "1000000 g": ("M1", "t tonne"), "45359237/100000 g": ("M1", "lb pound lbs"), "45359237/1600000 g": ("M1", "oz ounce"),
    "90718474/100 g": ("M1", "ton"),
    "1 s": ("T1", "s sec second"), "60 s": ("T1", "min minute"), "3600 s": ("T1", "h hr hour"), "86400 s": ("T1", "day d"),
    "604800 s": ("T1", "week wk"), "1/1000 s": ("T1", "ms millisecond"),
    "1 mo": ("month1", "month"), "12 mo": ("month1", "year yr"), "120 mo": ("month1", "decade"),
    "1200 mo": ("month1", "century centurie"),
    "1/1000 m3": ("L3", "L l liter litre"), "1/1000000 m3": ("L3", "mL ml milliliter millilitre cc"),
    "1/100000 m3": ("L3", "cL cl centiliter centilitre"),
    "473176473/125000000000 m3": ("L3", "gal gallon"), "473176473/500000000000 m3": ("L3", "qt quart"),
    "473176473/1000000000000 m3": ("L3", "pt pint"), "473176473/2000000000000 m3": ("L3", "cup"),
    "10000 m2": ("L2", "ha hectare"), "316160658/78125 m2": ("L2", "acre"),
    "1 USD": ("USD1", "$ dollar buck usd USD"), "1/100 USD": ("USD1", "¢ cent"), "1/20 USD": ("USD1", "nickel"),
    "1/10 USD": ("USD1", "dime"), "1/4 USD": ("USD1", "quarter"),
    "1 EUR": ("EUR1", "€ euro eur EUR"), "1 GBP": ("GBP1", "£ gbp GBP"), "1/100 GBP": ("GBP1", "pence penny"),
    "1 CNY": ("CNY1", "yuan cny CNY rmb RMB"), "1 JPY": ("JPY1", "¥ yen jpy JPY"), "1 INR": ("INR1", "₹ rupee inr INR Rs"),
    "1 mol": ("mol1", "mol mole"), "1 K": ("K1", "K kelvin"), "1 A": ("A1", "A amp ampere"),
    "1 C": ("degC1", "degC celsius centigrade"), "1 F": ("degF1", "degF fahrenheit"),
    "1000 N": ("M1 L1 T-2", "N newton"), "1000000 N": ("M1 L1 T-2", "kN kilonewton"),
    "1000 J": ("M1 L2 T-2", "J joule"), "1000000 J": ("M1 L2 T-2", "kJ kilojoule"), "3600000000 J": ("M1 L2 T-2", "kWh"),
    "1000 W": ("M1 L2 T-3", "W watt"), "1000000 W": ("M1 L2 T-3", "kW kilowatt"),
    "1000 Pa": ("M1 L-1 T-2", "Pa pascal"), "1000000 Pa": ("M1 L-1 T-2", "kPa kilopascal"),
    "1 Hz": ("T-1", "Hz hertz"), "1000 Hz": ("T-1", "kHz kilohertz"), "1000000 Hz": ("T-1", "MHz megahertz"),
    "1000 V": ("M1 L2 T-3 A-1", "V volt"), "1000 ohm": ("M1 L2 T-3 A-2", "ohm Ohm"), "1 Q": ("A1 T1", "coulomb"),
    "1397/3125 mph": ("L1 T-1", "mph"), "5/18 kph": ("L1 T-1", "kph kmph kmh"),
    "1 u": ("u1", "unit"), "1 byte": ("byte1", "B byte"), "1/8 byte": ("byte1", "bit"), "12 #": ("", "dozen"),
}  # fmt: skip
_INTO = {"square": 2, "sq": 2, "cubic": 3, "cu": 3}
_AFTER = {"squared": 2, "cubed": 3}


def _table() -> dict[str, Unit]:
    known: dict[str, Unit] = {}
    for given, (dims, names) in _BASES.items():
        number = given.partition(" ")[0]
        factor = Fraction(number) if number[0].isdigit() else Fraction(1)
        parsed = tuple(
            (match[1], int(match[2])) for part in dims.split() if (match := re.fullmatch(r"(\D+?)(-?\d+)", part))
        )
        first = names.split()[0]
        for name in names.split():
            known[name] = Unit(first, factor, tuple(sorted(parsed)))
    angle = (("angle", 1),)
    for name in ("degree", "deg", "°"):
        known[name] = Unit("degree", Fraction(1, 180), angle, angle=True)
    for name in ("radian", "rad"):
        known[name] = Unit("rad", Fraction(1), angle)
    for name in ("percent", "pct", "%", "percentage"):
        known[name] = PERCENT
    return known


PERCENT = Unit("%", Fraction(1, 100), ())
KNOWN = _table()
DEGREE = KNOWN["degree"]
CURRENCIES = "$€£¥₹¢"
AMBIGUOUS = frozenset(["m", "g", "s", "h", "d", "t", "L", "l", "N", "J", "W", "V", "A", "K", "C", "F", "B"])
"""Single letters that are units only where nothing else fits: they are variables elsewhere."""
SCALES = {
    "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12,
}  # fmt: skip
_ABBREVIATED = re.compile(r"\b(sq|cu|ft|in|yd|mi|lb|lbs|oz|hr|hrs|min|mins|sec|secs|cm|km|mm|kg)\.(?= |$)")
_SCALE_OF_DEGREES = re.compile(r"^(?:degrees?|deg|°) ?(C|F)(?:elsius|ahrenheit)?$")
_TOKEN = re.compile(r"[A-Za-z$€£¥₹¢°%]+|\^ ?\{? ?-?\d+ ?\}?|[/·*()]|\d+|-")


def named(word: str) -> Unit | None:
    """The unit of this name, in the singular or in the plural, or None."""
    for form in (word, word.lower() if len(word) > 2 else word, word.lower().removesuffix("s"), word.removesuffix(".")):
        if form in KNOWN and (len(form) > 1 or form == word):
            return KNOWN[form]
    return None


def read_unit(text: str) -> Unit | None:
    """A unit from its text, compounds included; a noun that is no unit counts things of its own kind.

    Returns:
        None where the text is no unit and no noun.
    """
    text = _ABBREVIATED.sub(r"\1 ", text.strip()).rstrip(". ")
    text = _SCALE_OF_DEGREES.sub(r"deg\1", text).replace("per cent", "percent")
    if not text:
        return None
    unit = _compound(_TOKEN.findall(text)) if "".join(_TOKEN.findall(text)) == text.replace(" ", "") else None
    if unit is not None:
        return unit
    words = re.sub(r"[^A-Za-z' -]", "", text).casefold().split()
    if not words or not re.fullmatch(r"[A-Za-z][A-Za-z' .-]*(?:\^ ?\{?[23]\}?)?", text):
        return None
    noun = " ".join(word if word.endswith("ss") else word.removesuffix("s") for word in words)
    return Unit(noun, Fraction(1), ((f"#{noun}", 1),))


def _compound(tokens: list[str]) -> Unit | None:
    factor, dims, names = Fraction(1), dict[str, int](), list[str]()
    sign, into, at = 1, 1, 0
    while at < len(tokens):
        token = tokens[at]
        at += 1
        if token in ("/", "per", "a", "an") and names:
            sign = -1
            continue
        if token in ("·", "*", "(", ")", "of", "and"):
            if token in ("of", "and"):
                return None
            continue
        if token in _INTO:
            into = _INTO[token]
            continue
        unit = named(token)
        if unit is None or unit.angle or (unit is PERCENT and len(tokens) > 1):
            return unit if unit is not None and len(tokens) == 1 else None
        power = into
        if at < len(tokens) and tokens[at] in _AFTER:
            power, at = _AFTER[tokens[at]], at + 1
        elif at < len(tokens) and tokens[at][0] == "^":
            power, at = int(re.sub(r"[^\d-]", "", tokens[at])), at + 1
        if abs(power) > 12:
            return None
        power, into = power * sign, 1
        factor *= unit.factor**power
        for base, exponent in unit.dims:
            dims[base] = dims.get(base, 0) + exponent * power
        names.append(f"{unit.name}^{power}")
        if len(names) == 1 and len(tokens) == 1:
            return unit
    if not names or len(names) > 8:
        return None
    return Unit("*".join(sorted(names)), factor, tuple(sorted((b, e) for b, e in dims.items() if e)))
