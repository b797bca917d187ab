"""Whether a change can do nothing but compute: what a verdict asks for where it has nothing but the tests to go by.

Tests share a process with what they test, and code that reaches their runner can make them say anything. Where a bug changes
nothing that can be compared outside of tests (`differential`), the change itself is looked at: a function that uses only the
names of the original one, names of its own, and plain built-ins reaches no runner. Other repairs may be right as well. That
cannot be told, and they are not paid, nor called wrong.
"""

import ast
import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from textgym.core.syntax import parse
from textgym.envs.code.repair.problems import Bug, Package, Problem

_COMPUTING = """abs all any ascii bin bool bytearray bytes chr complex dict divmod enumerate filter float frozenset hash hex int
isinstance issubclass iter len list map max min next oct ord pow range repr reversed round set slice sorted str sum tuple zip
NotImplemented"""
_ERRORS = {name for name, one in vars(builtins).items() if isinstance(one, type) and issubclass(one, Exception)}
_PLAIN_NAMES = frozenset(_COMPUTING.split()) | _ERRORS
_PLAIN_ATTRIBUTES = frozenset(
    name for kind in (str, bytes, int, float, list, tuple, dict, set) for name in vars(kind) if not name.startswith("_")
) - {"format", "format_map"}  # these look up attributes by names inside of texts
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def is_plain(problem: Problem, candidate: Mapping[str, bytes]) -> bool:
    """Whether a candidate differs from the original in the damaged functions alone, and there in plain ways.

    Args:
        problem: says what was damaged, and knows the original.
        candidate: the tree that is judged.
    """
    package = problem.package
    damaged = {bug.path for bug in problem.bugs}
    paths = {path for path in {*package.shown, *candidate} if package.shown.get(path) != candidate.get(path)}
    if not paths <= damaged or not all(path in candidate for path in paths):
        return False
    return all(_plain_file(package, candidate[path], path, problem.bugs) for path in paths)


def _plain_file(package: Package, data: bytes, path: str, bugs: tuple[Bug, ...]) -> bool:
    try:
        original, changed = parse(package.shown[path]), parse(data)
        names = {bug.outer for bug in bugs if bug.path == path}
        was, now = _taken_out(original, names), _taken_out(changed, names)
        if len(was) != len(names) or was.keys() != now.keys() or ast.dump(original) != ast.dump(changed):
            return False
        module = _defined(original)
        return all(ast.dump(was[name]) == ast.dump(now[name]) or _plain(was[name], now[name], module) for name in names)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def _taken_out(module: ast.Module, names: set[str]) -> dict[str, _Function]:
    """The functions of these names, each of which is taken out of the tree; without those that are not there just once."""
    found: dict[str, list[_Function]] = {}

    def walk(body: list[ast.stmt], prefix: str) -> None:
        for place, node in enumerate(body):
            if isinstance(node, _FUNCTIONS) and prefix + node.name in names:
                found.setdefault(prefix + node.name, []).append(node)
                body[place] = ast.Pass()
            elif isinstance(node, ast.ClassDef):
                walk(node.body, f"{prefix}{node.name}.")
            elif isinstance(node, ast.If | ast.Try):
                for inner in (node.body, node.orelse, *([node.finalbody] if isinstance(node, ast.Try) else [])):
                    walk(inner, prefix)

    walk(module.body, "")
    return {name: nodes[0] for name, nodes in found.items() if len(nodes) == 1}


def _defined(module: ast.Module) -> set[str]:
    """The functions, classes and values that a module defines at its top, without what it imports."""
    names = {node.name for node in module.body if isinstance(node, (*_FUNCTIONS, ast.ClassDef))}
    for node in module.body:
        if isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


@dataclass
class _Words:
    """What a function says, by what it is used for."""

    names: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    statements: set[str] = field(default_factory=set)
    head: str = ""


def _words(function: _Function) -> _Words:
    words = _Words(head=ast.dump(function.args) + "".join(map(ast.dump, function.decorator_list)))
    for node in _inside(function):
        if isinstance(node, ast.Name):
            (words.names if isinstance(node.ctx, ast.Load) else words.bound).add(node.id)
        elif isinstance(node, ast.arg):
            words.bound.add(node.arg)
        elif isinstance(node, ast.Attribute):
            words.attributes.add(node.attr)
        elif isinstance(node, ast.keyword):
            words.attributes.add(node.arg or "")
        elif isinstance(node, ast.ExceptHandler):
            words.bound.add(node.name or "")
        elif isinstance(node, (ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom, ast.ClassDef, ast.Match)):
            words.statements.add(ast.dump(node))
        elif isinstance(node, _FUNCTIONS):
            words.bound.add(node.name)
    return words


def _inside(function: _Function) -> Iterator[ast.AST]:
    """Every node of a function but itself."""
    nodes = ast.walk(function)
    next(nodes)
    return nodes


def _plain(original: _Function, changed: _Function, module: set[str]) -> bool:
    was, now = _words(original), _words(changed)
    own = {name for name in now.bound if not name.startswith("__")}
    known = was.names | was.bound
    return (
        now.head == was.head
        and now.statements <= was.statements
        and now.bound - own <= known
        and now.names <= known | own | module | _PLAIN_NAMES
        and now.attributes <= was.attributes | _PLAIN_ATTRIBUTES
    )
