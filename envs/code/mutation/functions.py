"""The functions of a module: their names, and the nodes that belong to each."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_IN_BLOCKS = (ast.stmt, ast.ExceptHandler, ast.match_case)
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
_FORMATTED = tuple(
    getattr(ast, name) for name in ("JoinedStr", "TemplateStr") if hasattr(ast, name)
)  # positions inside are wrong before Python 3.12


@dataclass(frozen=True)
class Function:
    """One function of a module.

    Attributes:
        name: its qualified name, as `__qualname__` has it. A second function of that name in the module (the setter of a
            property, the other branch of an `if`) is `name#2`, and so on in the order of the text.
        node: its definition.
        method: whether its definition stands directly in a class.
        only: whether it is the only statement of the block it stands in.
    """

    name: str
    node: FunctionNode
    method: bool
    only: bool

    @property
    def first_line(self) -> int:
        """The line of its first decorator, or of its `def`; from 1."""
        return min([self.node.lineno, *(each.lineno for each in self.node.decorator_list)])

    @property
    def last_line(self) -> int:
        """Its last line."""
        return self.node.end_lineno or self.node.lineno

    @property
    def body(self) -> list[ast.stmt]:
        """Its statements after the docstring."""
        match self.node.body[0]:
            case ast.Expr(ast.Constant(str())):
                return self.node.body[1:]
        return self.node.body


def functions(tree: ast.Module) -> list[Function]:
    """Every function of a module, nested ones and methods included, in the order of the text."""
    found: list[Function] = []
    seen: dict[str, int] = {}
    _collect(tree, "", False, found, seen)
    return found


def _collect(node: ast.AST, prefix: str, method: bool, found: list[Function], seen: dict[str, int]) -> None:
    # A definition is a statement, and stands in a block of statements, below handlers and cases too: never in an expression.
    for name in node._fields:
        block = getattr(node, name, None)
        if not isinstance(block, list) or not block or not isinstance(block[0], _IN_BLOCKS):
            continue
        for child in block:
            if isinstance(child, FunctionNode):
                path = prefix + child.name
                seen[path] = seen.get(path, 0) + 1
                label = path if seen[path] == 1 else f"{path}#{seen[path]}"
                found.append(Function(label, child, method, len(block) == 1))
                _collect(ast.Module(child.body, []), f"{path}.<locals>.", False, found, seen)
            elif isinstance(child, ast.ClassDef):
                _collect(ast.Module(child.body, []), f"{prefix}{child.name}.", True, found, seen)
            else:
                _collect(child, prefix, method, found, seen)


def own_nodes(function: Function) -> Iterator[ast.AST]:
    """The nodes of a function's body that run as part of it, from outside in and from left to right.

    Left out are nested functions and classes, annotations, the docstring, and the inside of formatted strings.
    """
    for statement in function.body:
        yield from _own(statement)


def _own(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, FunctionNode | ast.ClassDef):
        return
    if isinstance(node, _FORMATTED):
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _own(child)


def local_names(function: Function) -> list[str]:
    """Arguments and local variables of a function, in the order in which they are first bound."""
    arguments = function.node.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    names = [each.arg for each in (*named, arguments.vararg, arguments.kwarg) if each is not None]
    outer: set[str] = set()
    for node in own_nodes(function):
        if isinstance(node, ast.Global | ast.Nonlocal):
            outer.update(node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.append(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.append(node.name)
    return [name for name in dict.fromkeys(names) if name not in outer]
