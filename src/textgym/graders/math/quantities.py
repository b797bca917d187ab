"""A value with what stands after it: its unit, what it counts, parts and powers in words, and words that change it."""

from textgym.graders.math.qualifiers import opposite, qualified
from textgym.graders.math.spoken import GROUPS, part
from textgym.graders.math.tree import Call, Div, Mul, Node, NotMath, Num, Pow, Quantity, Unit, number
from textgym.graders.math.units import read_compound, read_unit

_POWERS = {"squared": 2, "cubed": 3}


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
        rate = read_compound(f"{sign}{written}")
    else:
        rate = read_compound(f"{sign} {written}") if written.startswith(("per ", "a ", "an ")) else None
        rate = rate or _same_currency(unit, written)
    if rate is None:
        raise NotMath("a unit is not understood")
    return qualified(Quantity(value, rate), word) if word else Quantity(value, rate)


def _same_currency(unit: Unit, written: str) -> Unit | None:
    """The currency, where words after the value name it again or are a noun."""
    again = read_unit(written)
    if again is None:
        return None
    noun = any(base.startswith("#") for base, _ in again.dims)
    return unit if noun or again == unit else None


def _with_unit(value: Node, written: str) -> Node:
    unit = read_unit(written)
    if unit is None:
        raise NotMath(f"{written!r} is no unit")
    if isinstance(value, Quantity):
        raise NotMath("a value with two units")
    return Quantity(value, unit)


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
