"""The structure of an answer: lists, relations, brackets, sets, matrices and units around expressions."""

import re
from functools import cached_property

from textgym.graders.math.budget import Budget
from textgym.graders.math.cursor import bounded
from textgym.graders.math.logic import is_capital, is_proposition, proposition
from textgym.graders.math.matrices import rows_of, system
from textgym.graders.math.quantities import Quantities
from textgym.graders.math.residues import MODULO, congruence, mark, reduced, residue, spelled
from textgym.graders.math.statements import settled, split
from textgym.graders.math.tokens import Token, tokenize
from textgym.graders.math.tree import (
    INFINITE,
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
    Sym,
)

_ALL_BUT = re.compile(
    r"(?:all |any )?(?:real numbers?|reals)(?: x)?,? (?:except|but|excluding|other than|except for|not equal to)"
)
_CLOCK = re.compile(r"\d{1,2} ?: ?\d{2}(?: ?: ?\d{2})?", re.ASCII)


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
        tree = parser.all_but() or parser.items()
        if parser.at_command("over"):  # it divides the whole
            parser.place += 1
            bottom = parser.items()
            if any(isinstance(one, Relation | Sequence) for one in (tree, bottom)):
                raise NotMath("a line of a fraction below no value")
            tree = Div(tree, bottom)
    except RecursionError:
        raise NotMath("nested too deeply") from None
    if parser.token.kind != "end":
        raise NotMath(f"{parser.token.text!r} is left over")
    return settled(bounded(tree), text)


class Answers(Quantities):
    """Reads a whole answer."""

    def __init__(self, text: str, tokens: list[Token], groups: bool, letter_units: bool) -> None:
        super().__init__(text, spelled(tokens), letter_units)
        self.groups = groups
        self.bold = set()

    # -- lists ---------------------------------------------------------------------------------------------------------

    def all_but(self) -> Node | None:
        """The numbers that are left where an answer begins with "all real numbers except"."""
        texts: list[str] = []
        for place, token in enumerate(self.tokens):
            if token.kind not in ("word", "text"):
                return None
            texts.append(token.text.lower())
            if _ALL_BUT.fullmatch(" ".join(texts)):
                self.place = place + 1
                break
        else:
            return None
        found = self.items()
        items = found.items if isinstance(found, Sequence) and found.kind in ("list", "set") else (found,)
        values = tuple(one.sides[-1] if isinstance(one, Relation) and one.ops == ("=",) else one for one in items)
        return SetOp("setminus", (Sym("mathbb R"), Sequence("set", values)))

    @cached_property
    def _work(self) -> Budget:
        """Bounds what is worked out while the answer is read."""
        return Budget()

    def items(self) -> Node:
        """Things with commas, semicolons or words between them, or one thing."""
        start = self.place
        found, joiners = [self.statement()], list[str]()
        while (joiner := self.joiner()) is not None:
            self.place += 1
            while (another := self.joiner()) is not None:  # the comma before the last "and"
                joiner = another
                self.place += 1
            if self.token.kind == "end" or self.at_command("newrow", "end") or self.at("&"):
                break
            joiners.append(joiner)
            found.append(self.statement())
        if "or" in joiners and (self._is_logical(start) or all(map(is_capital, found))):
            node = proposition(found, joiners)
            if node is not None:
                return node
        for joiner in (";", "or"):
            if joiner in joiners and "," in joiners:
                return Sequence("list", tuple(split(found, joiners, joiner)), joiner)
        if not joiners:
            return found[0]
        return Sequence("list", tuple(found), joiners[-1] if joiners[-1] != ";" else ",")

    def _is_logical(self, start: int) -> bool:
        """Whether a sign of logic was read since a place."""
        return any(one.kind == "cmd" and one.text in ("lor", "land") for one in self.tokens[start : self.place])

    def statement(self) -> Node:
        """An expression, or several with signs of relation between them."""
        self.enter()
        sides, ops = [self.side()], list[str]()
        while (op := self.relation()) is not None:
            self.place += 1
            ops.append(op)
            if op == "equiv":
                mark(self.tokens, self.place)
            sides.append(self.side())
        self.leave()
        return congruence(Relation(tuple(ops), tuple(sides))) if ops else sides[0]

    def side(self) -> Node:
        """What stands on one side of a relation: sets, proportions, quantities."""
        first = self._ratio()
        while (op := self.set_sign()) is not None:
            self.place += 1
            part = self._ratio()
            known = first.parts if isinstance(first, SetOp) and first.op == op and op != "setminus" else (first,)
            first = SetOp(op, (*known, part))  # type: ignore[arg-type]
        modulus = self._modulus()
        if modulus is not None:
            return residue(first, modulus, self._work)
        return reduced(first) if self.depth == 1 else first

    def _modulus(self) -> Node | None:
        """What stands after the sign of a class, in one of its spellings; None where there is none."""
        if self.at_command("pmod"):
            self.place += 1
            return self.product()
        if not self.at("(") or self.peek().text not in MODULO or self.peek().kind == "num":
            return None
        self.place += 2
        modulus = self.sum()
        self.expect(")")
        return modulus

    def _ratio(self) -> Node:
        start = self.token.at
        items = [self.quantity()]
        while self.at(":") and not self.bars:
            self.place += 1
            items.append(self.quantity())
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
        found = [self._grouped()]
        while self.accept(",", ";"):
            found.append(self.statement())
        closing = self.take()
        if closing.text not in (")", "]", "[", "rangle") or (closing.text == "[") > (opening == "]"):
            raise NotMath("a bracket is not closed")
        if opening == "langle" or closing.text == "rangle":
            if (opening, closing.text) != ("langle", "rangle"):
                raise NotMath("brackets do not match")
            return Sequence("tuple", tuple(found))
        if len(found) == 1 and not (opening == "[" and rows_of(found)):
            if (opening, closing.text) not in (("(", ")"), ("[", "]")):
                raise NotMath("brackets do not match")
            return found[0]
        if (opening, closing.text) == ("[", "]") and (rows := rows_of(found)):
            return Matrix(rows)
        if (opening, closing.text) == ("[", "]") and all(isinstance(one, Relation) for one in found):
            return Sequence("list", tuple(found))  # [x = 2, x = 3]
        round_ = (opening, closing.text) == ("(", ")")
        if len(found) == 2 and not (round_ and not any(_infinite(end) for end in found)):
            return Interval(found[0], found[1], opening == "[", closing.text == "]")
        if not round_ and (opening, closing.text) != ("[", "]"):
            raise NotMath("brackets do not match")
        return Sequence("tuple" if round_ else "square", tuple(found))

    def _grouped(self) -> Node:
        """A statement, or propositions with signs of logic between them."""
        found, joiners = [self.statement()], list[str]()
        while (joiner := self.joiner()) in ("and", "or") and is_proposition(found[-1]):
            self.place += 1
            joiners.append(joiner)
            found.append(self.statement())
        node = proposition(found, joiners) if joiners else found[0]
        if node is None:
            raise NotMath("a list stands in brackets")
        return node

    def _braced(self, spelled: bool) -> Node:
        """A group, or a set by its elements or by a condition."""
        closing = "cmd" if spelled else "op"
        if spelled and self.at_command("begin"):
            self.place += 1
            matrix = self.environment()  # the brace before it has no other
            found_system = system(matrix.rows) if isinstance(matrix, Matrix) and not self.at_command("}") else None
            if found_system is None:
                raise NotMath("a brace is not closed")
            return found_system
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
        sides, ops = [self.quantity()], list[str]()
        while (op := self.relation()) is not None:
            self.place += 1
            ops.append(op)
            sides.append(self.quantity())
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


def _infinite(node: Node) -> bool:
    while isinstance(node, Neg):
        node = node.of
    return node == INFINITE
