"""Runs our own sources and their mutants with a budget of ticks, so that none runs forever or grows without bound.

Only code of this package comes here: references, and mutants that the bank's build makes of them. What a policy writes goes
into the sandbox and nowhere else. The budget is kept by instrumentation: each loop round, call and element of a
comprehension costs a tick, and an operation that makes something large costs what it makes. So the end of a run depends on
the source and the arguments alone, never on the clock.
"""

import ast
import copy
import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from textgym.core import syntax
from textgym.sandbox.driver import NotPlainError, encode

ENDLESS = "endless"
"""The outcome of a run that used up its ticks."""

_PER_TICK = 32  # characters, elements, or words of a number that cost as much as a loop round
_LONGEST_RANGE = 1_000_000
_OPERATIONS = {ast.Add: "add", ast.Mult: "mult", ast.Pow: "pow", ast.LShift: "shift"}


class OutOfTicksError(BaseException):
    """The budget is used up. No `Exception`, so that a source does not catch it by accident."""


class Program:
    """A source, compiled with a meter.

    Args:
        source: Python source; its last function is the one that is called.
        entry: that function's name.

    Raises:
        SyntaxError, ValueError: the source cannot be compiled.
    """

    def __init__(self, source: str, entry: str) -> None:
        tree = ast.fix_missing_locations(_Meter().visit(syntax.parse(source)))
        self._left = 0
        self._entry = entry
        self._names: dict[str, Any] = {
            "__name__": "reference",
            "__tick__": self._tick,
            "__each__": self._each,
            "__sized__": self._sized,
            "range": self._range,
        }
        self._code = compile(tree, "<reference>", "exec", dont_inherit=True)
        self._loaded = False

    def run(self, args: list[Any], budget: int) -> tuple[str, int]:
        """Call the function.

        Args:
            args: positional arguments; the caller's stay as they are.
            budget: ticks.

        Returns:
            What came of it, and the ticks used. What came of it is a text that is equal for equal outcomes: the value,
            canonically encoded; the name of the exception; `ENDLESS`; or that the value is no plain data.
        """
        self._left = budget
        try:
            if not self._loaded:
                exec(self._code, self._names)  # noqa: S102 (a source of this package)
                self._loaded = True
            text = encode(self._names[self._entry](*copy.deepcopy(args)), canonical=True)
        except OutOfTicksError:
            text = ENDLESS
        except NotPlainError:
            text = "no plain data"
        except (Exception, SystemExit) as error:
            text = f"raised {type(error).__name__}"
        return text, budget - self._left

    def _tick(self, cost: int = 1) -> None:
        self._left -= cost
        if self._left < 0:
            raise OutOfTicksError

    def _each(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self._tick()
            yield item

    def _sized(self, operation: str, left: Any, right: Any) -> Any:
        """Pay for what `left` and `right` will make; the right one, to go on with."""
        one, two = _size(left), _size(right)
        if operation == "add":
            cost = one + two
        elif operation == "mult":
            counted = [n for n in (left, right) if isinstance(n, int)]
            cost = max(one, two) * max(counted[0], 0) if len(counted) == 1 else one + two
        elif operation == "pow":
            cost = one * max(right, 1) if isinstance(right, int) else one
        else:
            cost = one + (max(right, 0) // 64 if isinstance(right, int) else 0)
        if cost > _PER_TICK:
            self._tick(cost // _PER_TICK)
        return right

    def _range(self, *bounds: int) -> range:
        made = range(*bounds)
        if len(made) > _LONGEST_RANGE:
            raise OutOfTicksError
        return made


def _size(value: Any) -> int:
    if isinstance(value, int):
        return value.bit_length() // 64 + 1
    return len(value) if isinstance(value, str | bytes | list | tuple | dict | set | frozenset) else 1


class _Meter(ast.NodeTransformer):
    """Puts the meter's calls into a tree."""

    def _ticking(self, node: Any) -> Any:
        self.generic_visit(node)
        node.body.insert(0, ast.Expr(_call("__tick__")))
        return node

    visit_For = visit_While = _ticking  # noqa: N815 (names of the visitor)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._ticking(node)  # type: ignore[no-any-return]

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        self.generic_visit(node)
        node.body = ast.Subscript(ast.Tuple([_call("__tick__"), node.body], ast.Load()), ast.Constant(1), ast.Load())
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        self.generic_visit(node)
        node.iter = _call("__each__", node.iter)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        name = _OPERATIONS.get(type(node.op))
        if name is None:
            return node
        # (lambda a, b: a + sized(b))(left, right) evaluates both sides once, in order.
        names = [ast.arg("__one__"), ast.arg("__two__")]
        one, two = (ast.Name(each.arg, ast.Load()) for each in names)
        body = ast.BinOp(one, node.op, _call("__sized__", ast.Constant(name), one, two))
        arguments = ast.arguments(posonlyargs=[], args=names, kwonlyargs=[], kw_defaults=[], defaults=[])
        return ast.Call(ast.Lambda(arguments, body), [node.left, node.right], [])

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        name = _OPERATIONS.get(type(node.op))
        if name is not None:
            target = copy.deepcopy(node.target)
            target.ctx = ast.Load()
            node.value = _call("__sized__", ast.Constant(name), target, node.value)
        return node


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


@functools.lru_cache(maxsize=1024)
def reference_program(source: str, entry: str) -> Callable[[list[Any], int], tuple[str, int]]:
    """`Program.run` of a reference, compiled once."""
    return Program(source, entry).run
