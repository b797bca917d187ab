"""`Mutant`: one small change of a function, found, applied and found again."""

import ast
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from textgym.core import syntax
from textgym.envs.code.mutation import calls, expressions, statements
from textgym.envs.code.mutation.functions import Function, functions
from textgym.envs.code.mutation.place import Operator, Place
from textgym.envs.code.mutation.text import Splice, Text

OPERATORS: dict[str, Operator] = {
    operator.__name__: operator
    for operator in (
        expressions.binop,
        expressions.cmp,
        expressions.boolop,
        expressions.drop_cond_term,
        expressions.drop_unary,
        expressions.swap_operands,
        expressions.invert_ifexp,
        expressions.invert_if,
        expressions.bool_const,
        expressions.off_by_one,
        expressions.drop_bound,
        expressions.swap_elements,
        calls.swap_args,
        calls.drop_keyword,
        calls.remove_call,
        calls.wrong_method,
        calls.var_misuse,
        calls.except_type,
        calls.raise_type,
        calls.default_arg,
        statements.shuffle_lines,
        statements.return_none,
        statements.remove_assign,
        statements.aug_to_assign,
        statements.break_continue,
        statements.remove_raise,
        statements.remove_loop,
        statements.remove_cond,
        statements.remove_else,
        statements.remove_try,
        statements.remove_method,
        statements.remove_body,
    )
}
"""Every operator by its name. The order, the names and the numbering of their sites are part of stored recipes."""

REMOVALS = ("remove_method", "remove_body")
"""Operators that take away a whole function: what is left to do is to write it, not to find the fault."""

BUGS = tuple(name for name in OPERATORS if name not in REMOVALS)
"""Operators that leave a function with a fault in it."""


class MutationError(ValueError):
    """A mutation cannot be found again, or several do not fit together."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mutation of one function, as a replacement in the text of its module.

    The same text gives the same mutants in any process: file, `function`, `operator` and `site` find one again.

    Attributes:
        function: qualified name of the function, see `Function.name`.
        operator: name of the operator.
        site: number of the place among all that the operator finds in the function, from 0.
        start, end: the characters that are replaced.
        replacement: what they become.
        line: line of the first of them, from 1.
    """

    function: str
    operator: str
    site: int
    start: int
    end: int
    replacement: str
    line: int

    def apply(self, source: str) -> str:
        """The mutated text of the module."""
        return Splice(self.start, self.end, self.replacement).apply(source)


def sites(source: str, qualname: str | None = None, operators: Iterable[str] = BUGS) -> list[Mutant]:
    """All mutants of a function, or of every function of a module, in an order that depends on the text alone.

    Every mutant parses, and its syntax tree differs from the original's and from those of the mutants before it in the
    same function.

    Args:
        source: the text of the module.
        qualname: the function; None for all.
        operators: names of operators, see `OPERATORS`.

    Raises:
        SyntaxError: the source does not parse.
        MutationError: there is no such function or operator.
    """
    chosen = [_operator(name) for name in operators]
    text = Text(source)
    found: list[Mutant] = []
    for function in _named(functions(parse(source)), qualname):
        place = Place(text, function)
        part = _Part(text, function)
        for name, operator in chosen:
            for number, splice in enumerate(_splices(place, operator)):
                if part.admits(splice):
                    found.append(_mutant(place, name, number, splice))
    return found


def find(source: str, function: str, operator: str, site: int) -> Mutant:
    """The mutant that `sites` once gave.

    Raises:
        SyntaxError: the source does not parse.
        MutationError: the source has no such mutant.
    """
    named = _named(list(_functions_of(source)), function)
    place = Place(Text(source), named[0])
    for number, splice in enumerate(_splices(place, _operator(operator)[1])):
        if number == site:
            return _mutant(place, operator, site, splice)
    raise MutationError(f"{function}: {operator} has no site {site}")


@lru_cache(8)
def _functions_of(source: str) -> tuple[Function, ...]:
    """The functions of a module, which callers only look at."""
    return tuple(functions(parse(source)))


def combine(source: str, mutants: Sequence[Mutant]) -> str:
    """The text with several mutations at once.

    Raises:
        MutationError: two of them overlap.
    """
    ordered = sorted(mutants, key=lambda each: (each.start, each.end))
    for first, second in itertools.pairwise(ordered):
        if second.start < first.end or (second.start, second.end) == (first.start, first.end):
            raise MutationError(f"{first.operator} and {second.operator} change the same place")
    for each in reversed(ordered):
        source = each.apply(source)
    return source


def parse(source: str) -> ast.Module:
    """The syntax tree of a module.

    Raises:
        SyntaxError: it has none.
    """
    try:
        return syntax.parse(source)
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(str(error)) from None


class _Part:
    """The lines of one function, to tell what a splice makes of them without a look at the rest of the module."""

    def __init__(self, text: Text, function: Function) -> None:
        begin, self._end = text.span(function.node)
        self._begin = text.line_start(begin)
        self._text = text.source[self._begin : self._end]
        # Below an `if` a method keeps its indentation.
        self._head = "if 1:\n" if self._text[:1].isspace() else ""
        self._seen = {self._tree(self._text)}

    def admits(self, splice: Splice) -> bool:
        """Whether what comes of a splice parses and is new."""
        if splice.start <= self._begin and splice.end >= self._end:
            return True
        moved = Splice(splice.start - self._begin, splice.end - self._begin, splice.replacement)
        tree = self._tree(moved.apply(self._text))
        if tree is None or tree in self._seen:
            return False
        self._seen.add(tree)
        return True

    def _tree(self, text: str) -> str | None:
        try:
            return ast.dump(parse(self._head + text))
        except SyntaxError:
            return None


def _operator(name: str) -> tuple[str, Operator]:
    if name not in OPERATORS:
        raise MutationError(f"there is no operator {name!r}")
    return name, OPERATORS[name]


def _named(found: list[Function], qualname: str | None) -> list[Function]:
    if qualname is None:
        return found
    named = [function for function in found if function.name == qualname]
    if not named:
        raise MutationError(f"there is no function {qualname!r}")
    return named


def _splices(place: Place, operator: Operator) -> Iterator[Splice]:
    source = place.text.source
    ordered = sorted({_spaced(source, splice) for splice in operator(place)}, key=_position)
    return iter(ordered)


def _position(splice: Splice) -> tuple[int, int, str]:
    return splice.start, splice.end, splice.replacement


def _spaced(source: str, splice: Splice) -> Splice:
    """The splice with blanks where two words would otherwise become one."""
    before, after = source[splice.start - 1 : splice.start], source[splice.end : splice.end + 1]
    replacement = splice.replacement
    if _word(before) and _word(replacement[:1] or after):
        replacement = f" {replacement}"
    if _word(after) and _word(replacement[-1:]):
        replacement = f"{replacement} "
    return Splice(splice.start, splice.end, replacement)


def _word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _mutant(place: Place, operator: str, site: int, splice: Splice) -> Mutant:
    line = place.text.line(splice.start)
    return Mutant(place.function.name, operator, site, splice.start, splice.end, splice.replacement, line)
