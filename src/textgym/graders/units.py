"""Units of measurement: what a text such as `km/h` or `square feet` measures, and how it converts.

    speed = find_unit("km/h")
    speed.dimension                      # (("length", 1), ("time", -1))
    speed.to_base(Fraction(36))          # Fraction(10, 1): metres a second

Factors are exact fractions, by the definitions of the SI (9th brochure) and of NIST Special Publication 811. Where the
definition is irrational (radian, parsec) the factor is right to 40 digits. Each currency is a dimension of its own: nothing
is exchanged. Three choices where usage differs: a year is 365.25 days and a month a twelfth of it, gallons and smaller
volumes are those of the United States, and `pound` is a mass (money is `£` or `pounds sterling`).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from textgym.graders.unit_table import METRIC, PLAIN

Dimension = tuple[tuple[str, int], ...]
"""Base quantities with their exponents, in alphabetical order, none of them 0; `()` for a pure number."""

_LONGEST = 120
_LARGEST_EXPONENT = 12
_LARGEST_DIMENSION = 64


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: `value * factor + offset` is the same quantity in base units.

    Attributes:
        dimension: what it measures.
        factor: base units in one of it. Base units are metre, kilogram, second, ampere, kelvin, mole, candela, degree of
            arc, bit, and one of each currency.
        offset: 0, but for temperatures in degrees Celsius and Fahrenheit.
    """

    dimension: Dimension
    factor: Fraction
    offset: Fraction = Fraction(0)

    def to_base(self, value: Fraction) -> Fraction:
        """A value in this unit, in base units."""
        return value * self.factor + self.offset

    def __mul__(self, other: "Unit") -> "Unit":
        """The product of two units. A degree of temperature inside a product is a difference: the offset is gone."""
        powers = dict(self.dimension)
        for base, power in other.dimension:
            powers[base] = powers.get(base, 0) + power
        return Unit(tuple(sorted((b, p) for b, p in powers.items() if p)), self.factor * other.factor)

    def __pow__(self, power: int) -> "Unit":
        """A whole power of the unit."""
        if power == 1:
            return self
        return Unit(tuple((b, p * power) for b, p in self.dimension if power), self.factor**power)


def find_unit(text: str) -> Unit | None:
    """The unit that the whole of `text` names, or None.

    Read are symbols (`cm`, `kWh`, `°C`, `$`, `%`), English names in singular and plural with SI and binary prefixes, powers
    (`m^2`, `m²`, `m**2`, `square metres`, `metres squared`), products (space, `*`, `·`, hyphen), quotients (`/`, `per`; what
    follows after a space stays below the line, as in `J/kg K`), one level of brackets, and LaTeX's `\\text{..}`, `\\mathrm{..}`, `^\\circ`, `\\%`, `\\$` around them. Symbols keep their case:
    `Mm` is no `mm`. A text of more than 120 characters names no unit.
    """
    return _found(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=4096)
def _found(text: str) -> Unit | None:
    plain = _plain(text)
    return (_alone(plain) or compound_unit(plain, _alone)) if plain else None


def compound_unit(text: str, known: Callable[[str], Unit | None]) -> Unit | None:
    """The unit that powers, products and quotients of known units make, or None: `find_unit` with other names.

    Args:
        text: what is read, without LaTeX; of any length.
        known: the unit of a symbol or name, which may be of several words; None where it is none.
    """
    tokens = list(_tokens(text))
    if not tokens or None in tokens:
        return None
    return _Reader([token for token in tokens if token is not None], known).whole()


# -- reading -----------------------------------------------------------------------------------------------------------

_LATEX = re.compile(r"\\(?:text|mathrm|textrm|operatorname|mbox|rm|unit|si)\b|[{}]|\\[,;:! ]|~")
_DEGREE = re.compile(r"\^?\\circ(?![A-Za-z])|\^?\\degree(?![A-Za-z])|º|˚")
_WRITTEN = {
    "\\%": "%",
    "\\$": "$",
    "\\cdot": "·",
    "\\times": "×",
    "\\mu": "µ",
    "μ": "µ",
    "Ω": "Ω",
    "\\Omega": "Ω",
    "−": "-",
}
_SUPERSCRIPT = re.compile("[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_TO_DIGITS = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_TOKEN = re.compile(
    r"\s*(?:(?P<power>(?:\^|\*\*)\s*\(?\s*(?P<exponent>[+-]?[0-9]{1,3})\s*\)?)|(?P<sign>/|\*|·|⋅|×|-|\(|\))|(?P<word>[^\s/*·⋅×()^0-9-]+))"
)
_POWERS_BEFORE = {"square": 2, "sq": 2, "sq.": 2, "cubic": 3, "cu": 3, "cu.": 3}
_POWERS_AFTER = {"squared": 2, "cubed": 3}
_MOST_WORDS = 3  # of one name, as in `pounds per square inch`


def _plain(text: str) -> str:
    """The text without LaTeX, with superscripts written as powers and white space collapsed."""
    if "\\" in text or "{" in text or "~" in text or "º" in text or "˚" in text:
        text = _DEGREE.sub("°", text)
        for written, char in _WRITTEN.items():
            text = text.replace(written, char)
        text = _LATEX.sub(" ", text)
    text = text.replace("μ", "µ").replace("−", "-").replace("Ω", "Ω")
    text = _SUPERSCRIPT.sub(lambda found: "^" + found[0].translate(_TO_DIGITS), text)
    text = re.sub(r"°\s+(?=[CFK]\b)", "°", text)
    return " ".join(text.split()).strip(".")


def _alone(name: str) -> Unit | None:
    """The unit of one symbol or name, prefixes included."""
    if name in _SYMBOLS:
        return _SYMBOLS[name]
    if (unit := _named(name.casefold())) is not None:
        return unit
    for length in (1, 2):
        prefix, rest = name[:length], name[length:]
        if prefix in _PREFIX_SYMBOLS and rest in _PREFIXED_SYMBOLS:
            return Unit(_SYMBOLS[rest].dimension, _SYMBOLS[rest].factor * _PREFIX_SYMBOLS[prefix])
        if prefix in _BINARY_SYMBOLS and rest in ("B", "b", "bit"):
            return Unit(_SYMBOLS[rest].dimension, _SYMBOLS[rest].factor * _BINARY_SYMBOLS[prefix])
    return None


def _named(name: str) -> Unit | None:
    for singular in _singulars(name):
        if singular in _NAMES:
            return _NAMES[singular]
        for prefix, scale in _PREFIX_NAMES.items():
            rest = singular[len(prefix) :]
            if rest in _PREFIXED_NAMES and singular.startswith(prefix):
                return Unit(_NAMES[rest].dimension, _NAMES[rest].factor * scale)
    return None


def _singulars(name: str) -> Iterator[str]:
    """The name, and what it may be the plural of."""
    yield name
    if name.endswith("s"):
        yield name[:-1]
        if name.endswith("es"):
            yield name[:-2]
        if name.endswith("ies"):
            yield name[:-3] + "y"
    first, space, rest = name.partition(" ")
    if space and first.endswith("s"):  # as in `degrees Celsius`
        yield f"{first[:-1]} {rest}"


def _tokens(text: str) -> Iterator[str | int | None]:
    """Words and signs as texts, exponents as whole numbers; None where the text is neither."""
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            yield None
            return
        at = found.end()
        yield int(found["exponent"]) if found["power"] else found["sign"] or found["word"]


class _Reader:
    """Tokens read from left to right: products, quotients, and one level of brackets."""

    def __init__(self, tokens: list[str | int], known: Callable[[str], Unit | None]) -> None:
        self._tokens = tokens
        self._known = known
        self._at = 0

    def whole(self) -> Unit | None:
        unit = self._product(nested=False)
        return unit if self._at == len(self._tokens) else None

    def _product(self, nested: bool) -> Unit | None:
        made, power, waiting = Unit((), Fraction(1)), 1, True
        while self._at < len(self._tokens):
            sign = self._tokens[self._at]
            if sign == ")" and nested:
                break
            if sign in ("/", "per", "*", "·", "⋅", "×", "-"):
                division = sign in ("/", "per")
                if waiting and not (division and self._at == 0):
                    return None
                power, waiting = (-1 if division else power), True
                self._at += 1
                continue
            factor = self._factor(nested)
            if factor is None:
                return None
            made, waiting = made * factor**power, False
            if sum(abs(exponent) for _, exponent in made.dimension) > _LARGEST_DIMENSION:
                return None
            power = 1 if self._at < len(self._tokens) and self._tokens[self._at] in ("*", "·", "⋅", "×") else power
        return None if waiting else made

    def _factor(self, nested: bool) -> Unit | None:
        before = _POWERS_BEFORE.get(str(self._tokens[self._at]).casefold(), 1)
        if before > 1:
            self._at += 1
        unit = self._atom(nested)
        if unit is None:
            return None
        if self._at < len(self._tokens):
            after = self._tokens[self._at]
            power = after if isinstance(after, int) else _POWERS_AFTER.get(after.casefold())
            if power is not None:
                self._at += 1
                if not 1 <= abs(power) <= _LARGEST_EXPONENT or before > 1:
                    return None
                return unit**power
        return unit**before

    def _atom(self, nested: bool) -> Unit | None:
        if self._at < len(self._tokens) and self._tokens[self._at] == "(":
            if nested:
                return None
            self._at += 1
            inner = self._product(nested=True)
            if inner is None or self._at == len(self._tokens):
                return None
            self._at += 1  # the closing bracket, which alone ends a nested product before the text does
            return inner
        for count in range(_MOST_WORDS, 0, -1):
            words = self._tokens[self._at : self._at + count]
            if len(words) == count and all(isinstance(word, str) for word in words):
                unit = self._known(" ".join(map(str, words)))
                if unit is not None:
                    self._at += count
                    return unit
        return None


# -- the table ---------------------------------------------------------------------------------------------------------

_PREFIXES = (
    "quetta Q 30, ronna R 27, yotta Y 24, zetta Z 21, exa E 18, peta P 15, tera T 12, giga G 9, mega M 6, kilo k 3, "
    "hecto h 2, deca da 1, deka da 1, deci d -1, centi c -2, milli m -3, micro µ -6, nano n -9, pico p -12, femto f -15, "
    "atto a -18, zepto z -21, yocto y -24, ronto r -27, quecto q -30"
)
_PREFIX_NAMES: dict[str, Fraction] = {}
_PREFIX_SYMBOLS: dict[str, Fraction] = {}
for _name, _symbol, _power in (entry.split() for entry in _PREFIXES.split(", ")):
    _PREFIX_NAMES[_name] = _PREFIX_SYMBOLS[_symbol] = Fraction(10) ** int(_power)
_PREFIX_SYMBOLS["u"] = _PREFIX_SYMBOLS["µ"]
_BINARY_SYMBOLS = {letter + "i": Fraction(1024) ** power for power, letter in enumerate("KMGTPEZY", 1)}
for _place, _name in enumerate(("kibi", "mebi", "gibi", "tebi", "pebi", "exbi", "zebi", "yobi"), 1):
    _PREFIX_NAMES[_name] = Fraction(1024) ** _place

_PI = Fraction("3.1415926535897932384626433832795028841972")


def _dimension(text: str) -> Dimension:
    pairs = (part.partition("^") for part in text.split())
    return tuple(sorted((base, int(power or 1)) for base, _, power in pairs))


def _read(table: str) -> Iterator[tuple[list[str], list[str], Unit]]:
    for line in table.strip().splitlines():
        symbols, names, factor, dimension = (cell.strip() for cell in line.split("|"))
        amount = 180 / _PI if factor == "RADIAN" else Fraction(factor)
        unit = Unit(_dimension(dimension), amount)
        yield (
            [symbol.strip() for symbol in symbols.split(",") if symbol.strip()],
            [name.strip() for name in names.split(",") if name.strip()],
            unit,
        )


_CELSIUS = Unit((("temperature", 1),), Fraction(1), Fraction("273.15"))
_FAHRENHEIT = Unit((("temperature", 1),), Fraction(5, 9), Fraction("459.67") * Fraction(5, 9))
_SYMBOLS: dict[str, Unit] = {"°C": _CELSIUS, "°F": _FAHRENHEIT, "degC": _CELSIUS, "degF": _FAHRENHEIT}
_NAMES: dict[str, Unit] = {
    "celsius": _CELSIUS,
    "centigrade": _CELSIUS,
    "degree celsius": _CELSIUS,
    "degree centigrade": _CELSIUS,
    "degree c": _CELSIUS,
    "fahrenheit": _FAHRENHEIT,
    "degree fahrenheit": _FAHRENHEIT,
    "degree f": _FAHRENHEIT,
}
_prefixed_symbols: set[str] = set()
_prefixed_names: set[str] = set()
for _symbols, _names, _unit in _read(METRIC):
    _SYMBOLS |= dict.fromkeys(_symbols, _unit)
    _NAMES |= dict.fromkeys(_names, _unit)
    _prefixed_symbols.update(_symbols)
    _prefixed_names.update(_names)
for _symbols, _names, _unit in _read(PLAIN):
    _SYMBOLS |= dict.fromkeys(_symbols, _unit)
    _NAMES |= dict.fromkeys(_names, _unit)
_PREFIXED_SYMBOLS = frozenset(_prefixed_symbols - {"sec"})
_PREFIXED_NAMES = frozenset(_prefixed_names)

UNITS: Mapping[str, Unit] = {**_NAMES, **_SYMBOLS}
"""Every symbol and every singular name of the table, prefixes apart."""
