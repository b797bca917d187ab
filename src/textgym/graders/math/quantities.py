"""A value with what stands after it: its unit, what it counts, parts and powers in words, and words that change it."""

from fractions import Fraction

from textgym.graders.math.matrices import Matrices
from textgym.graders.math.qualifiers import opposite, qualified
from textgym.graders.math.spoken import GROUPS, part
from textgym.graders.math.tree import (
    Add,
    Apply,
    Call,
    Div,
    Mul,
    Neg,
    Node,
    NotMath,
    Num,
    Pow,
    Quantity,
    Sym,
    Unit,
    Word,
    number,
)
from textgym.graders.math.units import CURRENCIES, PERCENT, named, product, read_compound, read_unit, unsure
from textgym.graders.math.vocabulary import JOINERS

_POWERS = {"squared": 2, "cubed": 3}
_SILENT = frozenset(["old", "left", "remaining", "total", "in total", "altogether"])
"""Words after a unit that say nothing new; what is left of a length may be a direction."""
_CHANCES = frozenset(["chance", "probability", "likelihood"])
_EXTENTS = frozenset(["tall", "long", "wide", "deep", "high", "thick"])


class Quantities(Matrices):
    """Reads expressions with their units."""

    def quantity(self) -> Node:
        """An expression with its unit, before it or after it."""
        if self.at_command("max", "min") and self.peek().kind in ("word", "num", "text"):
            return self._extreme()
        negative = self.at("-") and self.peek().text in CURRENCIES
        self.place += negative
        if self.token.text in CURRENCIES and self.token.kind in ("op", "cmd"):
            sign = self.take().text
            self.money = True
            value = self.sum()
            self.money = False
            rest = self._unit_text() if self.at("/") or self._word_is_next() else ""
            return money(Neg(value) if negative else value, sign, rest)
        value = self.sum()
        if isinstance(value, Word) or not (self._word_is_next() or self.units_over_units() or self._money_is_next()):
            return value
        first = self.token
        value = measured(value, self._unit_text())
        if isinstance(value, Quantity) and first.kind == "word":
            value = Quantity(value.value, unsure(value.unit, first.text))
        if not isinstance(value, Quantity) or not _is_known(value.unit):
            return value
        if self._factor_next():  # 3 cm * 4 cm
            self.place += 1
            other = self.quantity()
            together = product(value.unit, other.unit) if isinstance(other, Quantity) else None
            if together is None or not isinstance(other, Quantity):
                raise NotMath("two units that have no product")
            return Quantity(Mul((value.value, other.value)), together)
        if self.token.kind == "num" or self._parts_follow(value.unit):
            self.place += self.token.kind != "num"
            self.place += self.joiner() is not None
            rest_of_it = self.quantity()  # 5 feet 6 inches
            unit = _smallest(rest_of_it)
            if unit is None or unit.dims != value.unit.dims:
                raise NotMath("two units that do not go together")
            return Add((value, rest_of_it))
        return value

    def _factor_next(self) -> bool:
        return (self.at("*") or self.at_command("times", "cdot")) and self.peek().kind == "num"

    def _parts_follow(self, unit: Unit) -> bool:
        """Whether smaller parts of a quantity follow, the last of them after "and": 2 hours and 15 minutes.

        Each has a whole number, but the last, and is less than one of the unit before it; else they are a list.
        """
        at, joiner = self.place, ""
        if not self.tokens[at - 2].text.isdigit():
            return False
        while (found := JOINERS.get(self.tokens[at].text, self.tokens[at].text)) in (",", "and"):
            joiner, at = found, at + 1
            if joiner == "," and self.tokens[at].text == "and":
                joiner, at = "and", at + 1
            count, word = self.tokens[at], self.tokens[min(at + 1, len(self.tokens) - 1)]
            part = named(word.text) if count.kind == "num" and word.kind in ("word", "text") else None
            if part is None or part.dims != unit.dims or part.angle != unit.angle:
                return False
            if not count.text.replace(".", "", 1).isdigit() or Fraction(count.text) * part.factor >= unit.factor:
                return False
            at, unit = at + 2, part
            if joiner == "and":
                return self.tokens[at].kind == "end" or self.tokens[at].text in (")", "]", "}")
        return False

    def _extreme(self) -> Node:
        """The greatest or the least value of a function, as a name of its own."""
        name = self.take().text
        of = self.power()
        if isinstance(of, Apply):
            return Apply(f"{name} {of.name}", of.args)
        if isinstance(of, Sym):
            return Sym(f"{name} {of.name}")
        raise NotMath(f"{name} of one value")

    def _word_is_next(self) -> bool:
        return self.token.kind in ("word", "text") and self.joiner() is None and self.set_sign() is None

    def _money_is_next(self) -> bool:
        return self.token.text in CURRENCIES and self.token.kind in ("op", "cmd")

    def _unit_text(self) -> str:
        """The text of a unit up to where it ends."""
        pieces: list[str] = []
        opened = 0
        while (not self.ends() or (opened and self.at(")"))) and not self._factor_next():
            token = self.token
            opened += (token.text == "(") - (token.text == ")")
            if token.kind == "num":
                if not pieces or pieces[-1][-1] not in "^-{":
                    break
                pieces.append(token.text)
            elif token.kind in ("word", "text"):
                if token.text:
                    pieces.append(("" if pieces and pieces[-1] in "^/" else " ") + token.text)
            elif token.kind == "op" and token.text in "^/*-.({})'" + CURRENCIES:
                pieces.append(token.text)
            elif token.kind == "cmd" and token.text in ("cdot", "times", "frac", "$", "degree"):
                pieces.append({"cdot": "*", "times": "*", "frac": "", "$": "$", "degree": "°"}[token.text] or " ")
                if token.text == "frac":
                    return self._units_over_units()
            else:
                raise NotMath("a unit is not understood")
            self.place += 1
            if self.at("}") and "{" in pieces and "}" not in pieces:
                pieces.append(self.take().text)
        return "".join(pieces).replace("{", "").replace("}", "").strip()

    def _units_over_units(self) -> str:
        self.place += 1
        parts = []
        for _ in range(2):
            self.expect("{")
            parts.append(self._unit_text())
            self.expect("}")
        return "/".join(parts)


def measured(value: Node, written: str) -> Node:
    """A value with the words after it.

    Args:
        value: what stands before them.
        written: the words; not empty.

    Raises:
        NotMath: they are neither a unit, nor a noun, nor a part or power of the value.
    """
    value, written = _worked_out(value, written)
    word, written = opposite(written)
    if written:
        value = _with_unit(value, written)
    return qualified(value, word) if word else value


def money(value: Node, sign: str, written: str) -> Node:
    """A value with the sign of a currency before it and words after it; a noun among them says nothing new.

    Raises:
        NotMath: the words are another unit, or no noun.
    """
    value, written = _worked_out(value, written)
    word, written = opposite(written)
    unit = read_unit(sign)
    if written in ("", "in") or unit is None:
        rate = unit
    elif written.startswith("/"):
        rate = read_unit(f"{sign}{written}")
    else:
        rate = read_unit(f"{sign} {written}") if written.startswith(("per ", "a ", "an ")) else None
        rate = rate or _same_currency(unit, written)
    if rate is None:
        raise NotMath("a unit is not understood")
    return qualified(Quantity(value, rate), word) if word else Quantity(value, rate)


def _is_known(unit: Unit) -> bool:
    return bool(unit.dims) and not unit.dims[0][0].startswith("#")


def _smallest(node: Node) -> Unit | None:
    """The unit of a quantity, or of its last part where it has several, as in 5 feet 6 inches; None where it is none."""
    while isinstance(node, Add):
        node = node.terms[-1]
    return node.unit if isinstance(node, Quantity) else None


def _same_currency(unit: Unit, written: str) -> Unit | None:
    """The currency, where words after the value name it again or are a noun."""
    again = read_unit(written)
    if again is None:
        return None
    noun = any(base.startswith("#") for base, _ in again.dims)
    return unit if noun or again == unit else None


def _with_unit(value: Node, written: str) -> Node:
    if not isinstance(value, Quantity) and read_compound(written) is None:
        found = _with_noun(value, written)
        if found is not None:
            return found
    unit = read_unit(written)
    if unit is None:
        raise NotMath(f"{written!r} is no unit")
    if isinstance(value, Quantity):
        if value.unit == PERCENT and written.startswith(("of ", "per ")):
            return Quantity(value, read_unit(written.replace("of the ", "of ", 1)) or unit)
        if value.unit == PERCENT and written.casefold() in _CHANCES:
            return value
        raise NotMath("a value with two units")
    return Quantity(value, unit)


def _with_noun(value: Node, written: str) -> Node | None:
    """A value with a known unit and words that say of what it is: they count beside other such words alone.

    Words that say nothing, as in 12 years old, are dropped; the others are a unit around the quantity.
    """
    words = written.split(" ")
    for count in range(1, min(len(words), 4)):
        unit, rest = read_compound(" ".join(words[:count])), " ".join(words[count:])
        if unit is None or not unit.dims or unit.angle:
            continue
        if rest in _SILENT and not (rest == "left" and _is_length(unit)):
            return Quantity(value, unit)
        noun = (
            read_unit(rest.replace("of the ", "of ", 1))
            if rest.startswith("of ") or (rest in _EXTENTS and _is_length(unit))
            else None
        )
        if noun is not None:
            return Quantity(Quantity(value, unit), noun)
    return None


def _is_length(unit: Unit) -> bool:
    return any(base == "length" for base, _ in unit.dims)


def _worked_out(value: Node, written: str) -> tuple[Node, str]:
    """The value with the part, group or power that the first word names, and the other words.

    A word of another kind is left as it is.
    """
    first, _, rest = written.partition(" ")
    first = first.casefold()
    if not isinstance(value, Num):
        return value, written
    if first in _POWERS and not rest:
        return Pow(value, number(_POWERS[first])), ""
    if first == "factorial" and not rest:
        return Call("factorial", (value,)), ""
    below = part(first, value.value)
    if below is not None and _goes_on(rest):
        return Div(value, number(below)), _without_of(rest)
    if first in GROUPS and _goes_on(rest):
        return Mul((value, number(GROUPS[first]))), _without_of(rest)
    if first in ("dozen", "dozens") and rest:
        return Mul((value, number(12))), _without_of(rest)
    return value, written


def _goes_on(rest: str) -> bool:
    """Whether what is divided may follow: 2 thirds of a cup, and not 1 fifth grader."""
    return not rest or rest.startswith("of ") or read_compound(rest) is not None


def _without_of(rest: str) -> str:
    words = rest.split()
    while words and words[0] in ("of", "a", "an", "the"):
        words.pop(0)
    return " ".join(words)
