"""The structure of an answer: lists, relations, brackets, sets, matrices and units around expressions."""

import re

from textgym.graders.math.cursor import bounded
from textgym.graders.math.expressions import Expressions
from textgym.graders.math.tokens import Token, tokenize
from textgym.graders.math.tree import (
    INFINITE,
    Add,
    Builder,
    Call,
    Div,
    Interval,
    Matrix,
    Neg,
    Node,
    NotMath,
    Quantity,
    Ratio,
    Relation,
    Sequence,
    SetOp,
    Unit,
    Word,
)
from textgym.graders.math.units import CURRENCIES, read_unit

_CLOCK = re.compile(r"\d{1,2} ?: ?\d{2}(?: ?: ?\d{2})?", re.ASCII)
_MATRICES = frozenset(
    ["matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "array", "cases"]
)


def parse(
    text: str,
    *,
    groups: bool = False,
    decimal_comma: bool = False,
    powers_of_ten: bool = True,
    letter_units: bool = False,
) -> Node:
    """The syntax tree of a cleaned text.

    Args:
        text: at most `options.MAX_CHARS` characters.
        groups: whether bare braces only group, and are no set.
        decimal_comma: whether 1,5 is a decimal outside brackets.
        powers_of_ten: whether 2e-1 is a decimal.
        letter_units: whether a letter after a number may be a unit.

    Raises:
        NotMath: it is not understood, or beyond the limits.
    """
    tokens = tokenize(text, decimal_comma=decimal_comma, powers_of_ten=powers_of_ten)
    parser = Answers(text, tokens, groups, letter_units)
    try:
        tree = parser.items()
    except RecursionError:
        raise NotMath("nested too deeply") from None
    if parser.token.kind != "end":
        raise NotMath(f"{parser.token.text!r} is left over")
    return bounded(tree)


class Answers(Expressions):
    """Reads a whole answer."""

    def __init__(self, text: str, tokens: list[Token], groups: bool, letter_units: bool) -> None:
        super().__init__(text, tokens, letter_units)
        self.groups = groups

    # -- lists ---------------------------------------------------------------------------------------------------------

    def items(self) -> Node:
        """Things with commas, semicolons or words between them, or one thing."""
        found, joiners = [self.statement()], list[str]()
        while (joiner := self.joiner()) is not None:
            self.place += 1
            while (another := self.joiner()) is not None:  # the comma before the last "and"
                joiner = another
                self.place += 1
            if self.token.kind == "end":
                break
            joiners.append(joiner)
            found.append(self.statement())
        for joiner in (";", "or"):
            if joiner in joiners and "," in joiners:
                return Sequence("list", tuple(_split(found, joiners, joiner)), joiner)
        if not joiners:
            return found[0]
        return Sequence("list", tuple(found), joiners[-1] if joiners[-1] != ";" else ",")

    def statement(self) -> Node:
        """An expression, or several with signs of relation between them."""
        self.enter()
        sides, ops = [self.side()], list[str]()
        while (op := self.relation()) is not None:
            self.place += 1
            ops.append(op)
            sides.append(self.side())
        self.leave()
        return Relation(tuple(ops), tuple(sides)) if ops else sides[0]

    def side(self) -> Node:
        """What stands on one side of a relation: sets, proportions, quantities."""
        first = self._ratio()
        while (op := self.set_sign()) is not None:
            self.place += 1
            part = self._ratio()
            known = first.parts if isinstance(first, SetOp) and first.op == op and op != "setminus" else (first,)
            first = SetOp(op, (*known, part))  # type: ignore[arg-type]
        return first

    def _ratio(self) -> Node:
        start = self.token.at
        items = [self._quantity()]
        while self.at(":") and not self.bars:
            self.place += 1
            items.append(self._quantity())
        if len(items) == 1:
            return items[0]
        written = self.text[start : self.token.at].strip()
        last = items[-1]
        if (
            isinstance(last, Quantity)
            and not isinstance(items[0], Quantity)
            and any(base.startswith("#") for base, _ in last.unit.dims)
        ):
            return Quantity(Ratio((*items[:-1], last.value), _CLOCK.match(written) is not None), last.unit)  # 7:30 pm
        return Ratio(tuple(items), _CLOCK.fullmatch(written) is not None)

    # -- quantities ----------------------------------------------------------------------------------------------------

    def _quantity(self) -> Node:
        """An expression with its unit, before it or after it."""
        negative = self.at("-") and self.peek().text in CURRENCIES
        self.place += negative
        if self.token.text in CURRENCIES and self.token.kind in ("op", "cmd"):
            sign = self.take().text
            value, rest = self.sum(), ""
            if self.at("/") or self._word_is_next():
                rest = self._unit_text()
            unit = read_unit(f"{sign} {rest}") if rest.startswith(("/", "per")) else read_unit(sign)
            if unit is None:
                raise NotMath("a unit is not understood")
            return Quantity(Neg(value) if negative else value, unit)
        value = self.sum()
        if isinstance(value, Word) or not (self._word_is_next() or self._fraction_of_units() or self._money_is_next()):
            return value
        written = self._unit_text()
        unit = read_unit(written)
        if unit is None:
            raise NotMath(f"{written!r} is no unit")
        value = _with_unit(value, unit)
        if self.token.kind == "num" and unit.dims and not unit.dims[0][0].startswith("#"):
            rest_of_it = self._quantity()  # 5 feet 6 inches
            if not isinstance(rest_of_it, Quantity) or rest_of_it.unit.dims != unit.dims:
                raise NotMath("two units that do not go together")
            return Add((value, rest_of_it))
        return value

    def _word_is_next(self) -> bool:
        return self.token.kind in ("word", "text") and self.joiner() is None and self.set_sign() is None

    def _money_is_next(self) -> bool:
        return self.token.text in CURRENCIES and self.token.kind in ("op", "cmd")

    def _fraction_of_units(self) -> bool:
        return self.at_command("frac") and self.peek(2).kind == "text"

    def _unit_text(self) -> str:
        """The text of a unit up to where it ends."""
        pieces: list[str] = []
        while not self.ends():
            token = self.token
            if token.kind == "num":
                if not pieces or pieces[-1][-1] not in "^-{":
                    break
                pieces.append(token.text)
            elif token.kind in ("word", "text"):
                pieces.append(("" if pieces and pieces[-1] in "^/" else " ") + token.text)
            elif token.kind == "op" and token.text in "^/*-.({})'" + CURRENCIES:
                pieces.append(token.text)
            elif token.kind == "cmd" and token.text in ("cdot", "frac", "$", "degree"):
                pieces.append({"cdot": "*", "frac": "", "$": "$", "degree": "°"}[token.text] or " ")
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

    # -- brackets ------------------------------------------------------------------------------------------------------

    def arguments(self) -> tuple[Node, ...]:
        self.expect("(")
        bars, self.bars = self.bars, 0
        found = [self.statement()]
        while self.accept(",", ";"):
            found.append(self.statement())
        self.expect(")")
        self.bars = bars
        return tuple(found)

    def bracketed(self) -> Node:
        self.enter()
        bars, self.bars = self.bars, 0
        opening = self.take().text
        spelled = self.tokens[self.place - 1].kind == "cmd"
        node = self._braced(spelled) if opening == "{" else self._in_brackets(opening)
        self.bars = bars
        self.leave()
        return node

    def _in_brackets(self, opening: str) -> Node:
        found = [self.statement()]
        while self.accept(",", ";"):
            found.append(self.statement())
        closing = self.take()
        if closing.text not in (")", "]", "[", "rangle") or (closing.text == "[") > (opening == "]"):
            raise NotMath("a bracket is not closed")
        if opening == "langle" or closing.text == "rangle":
            if (opening, closing.text) != ("langle", "rangle"):
                raise NotMath("brackets do not match")
            return Sequence("tuple", tuple(found))
        if len(found) == 1 and not (opening == "[" and _rows(found)):
            if (opening, closing.text) not in (("(", ")"), ("[", "]")):
                raise NotMath("brackets do not match")
            return found[0]
        if (opening, closing.text) == ("[", "]") and (rows := _rows(found)):
            return Matrix(rows)
        round_ = (opening, closing.text) == ("(", ")")
        if len(found) == 2 and not (round_ and not any(_infinite(end) for end in found)):
            return Interval(found[0], found[1], opening == "[", closing.text == "]")
        if not round_ and (opening, closing.text) != ("[", "]"):
            raise NotMath("brackets do not match")
        return Sequence("tuple" if round_ else "square", tuple(found))

    def _braced(self, spelled: bool) -> Node:
        """A group, or a set by its elements or by a condition."""
        closing = "cmd" if spelled else "op"
        if self.token.kind == closing and self.token.text == "}":
            self.place += 1
            return Sequence("set", ())
        if not spelled and self.depth > 2 and not self._list_within():
            inner = self.statement()
            if self.at_command("choose", "over"):
                name = self.take().text
                bottom = self.statement()
                inner = Call("binom", (inner, bottom)) if name == "choose" else Div(inner, bottom)
            self.expect("}")
            return inner
        self.bars = 1  # a bar ends the element
        inner = self._quantity_or_relation()
        self.bars = 0
        if self.at("|", ":") or self.at_command("mid"):
            self.place += 1
            node: Node = Builder(inner, self.items())
        else:
            found = [inner]
            while (joiner := self.joiner()) is not None:
                self.place += 1 if joiner else 0
                found.append(self.statement())
            node = self._group_or_set(found, spelled)
        if not (self.token.kind == closing and self.token.text == "}"):
            raise NotMath("a brace is not closed")
        self.place += 1
        return node

    def _group_or_set(self, found: list[Node], spelled: bool) -> Node:
        if spelled:
            return Sequence("set", tuple(found))
        if len(found) == 1:
            inner = found[0]
            if self.at_command("choose", "over"):
                name = self.take().text
                bottom = self.statement()
                return Call("binom", (inner, bottom)) if name == "choose" else Div(inner, bottom)
            return inner
        return Sequence("list" if self.groups else "set", tuple(found))

    def _quantity_or_relation(self) -> Node:
        sides, ops = [self._quantity()], list[str]()
        while (op := self.relation()) is not None:
            self.place += 1
            ops.append(op)
            sides.append(self._quantity())
        return Relation(tuple(ops), tuple(sides)) if ops else sides[0]

    def _list_within(self) -> bool:
        """Whether a comma or a bar stands in the group that is open, outside further brackets."""
        depth = 0
        for token in self.tokens[self.place :]:
            if token.kind not in ("op", "cmd"):
                continue
            depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
            if depth < 0:
                return False
            if not depth and token.kind == "op" and token.text in (",", ";"):
                return True
        return False

    # -- matrices ------------------------------------------------------------------------------------------------------

    def environment(self) -> Node:
        name = self._environment_name()
        if name not in _MATRICES:
            raise NotMath(f"the environment {name!r} is not read")
        if name == "array" and self.at("{"):
            while not self.accept("}"):
                if self.take().kind == "end":
                    raise NotMath("a brace is not closed")
        rows: list[tuple[Node, ...]] = []
        while not self.at_command("end"):
            if self.at_command("newrow", "hline"):
                self.place += 1
                continue
            row = [self.items()]
            while self.accept("&"):
                row.append(self.items())
            rows.append(tuple(row))
            if not self.at_command("newrow", "end"):
                raise NotMath("a matrix is not closed")
        self.place += 1
        if self._environment_name() != name or (len({len(row) for row in rows}) > 1 and name != "cases"):
            raise NotMath("a matrix whose rows do not fit")
        if name in ("vmatrix", "Vmatrix"):
            return Matrix(tuple(rows), "det")
        return Matrix(tuple(rows), "cases" if name == "cases" else "matrix")

    def _environment_name(self) -> str:
        self.expect("{")
        name = self.take().text
        self.accept("*")
        self.expect("}")
        return name


def _infinite(node: Node) -> bool:
    while isinstance(node, Neg):
        node = node.of
    return node == INFINITE


def _rows(found: list[Node]) -> tuple[tuple[Node, ...], ...] | None:
    """The rows of a matrix that is written as a list of lists, such as [[1, 2], [3, 4]]."""
    rows: list[tuple[Node, ...]] = []
    for item in found:
        if isinstance(item, Interval) and item.low_in and item.high_in:
            rows.append((item.low, item.high))
        elif isinstance(item, Sequence) and item.kind == "square":
            rows.append(item.items)
        else:
            return None
    return tuple(rows) if len({len(row) for row in rows}) == 1 else None


def _with_unit(value: Node, unit: Unit) -> Node:
    if isinstance(value, Quantity):
        raise NotMath("a value with two units")
    return Quantity(value, unit)


def _split(found: list[Node], joiners: list[str], at: str) -> list[Node]:
    """The groups between two of the joiners."""
    groups: list[list[Node]] = [[found[0]]]
    for joiner, item in zip(joiners, found[1:], strict=True):
        if joiner == at:
            groups.append([item])
        else:
            groups[-1].append(item)
    if at == "or" and len({len(group) for group in groups}) > 1:
        return [item for group in groups for item in group]
    return [group[0] if len(group) == 1 else Sequence("list", tuple(group)) for group in groups]
