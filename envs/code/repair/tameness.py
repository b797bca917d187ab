"""Whether a change keeps its hands off what runs it: asked of every repair, also where calls outside of tests speak for it.

Such calls tell what the damaged function does with some arguments; that the rest of the package still works, and that the
function does it for all that ask, only tests say. They share a process with the change, and it can make them say anything if
it reaches their runner. So what is new must not reach further than what stood in its place: no module of the interpreter, no
built-in that runs code or finds things by name, no frames, and nothing that runs on import but definitions and plain values.
Unlike a plain change (`plainness`), a tame one may define what it likes and import what only computes.
"""

import ast
from collections.abc import Iterator, Mapping

from textgym.core.syntax import parse
from textgym.envs.code.repair.naming import FUNCTIONS, head_of
from textgym.envs.code.repair.plainness import REACHING_MODULES, REACHING_NAMES, Surroundings, reaches
from textgym.envs.code.repair.problems import Problem

_COMPUTING = """__future__ abc array base64 binascii bisect calendar cmath collections contextlib copy dataclasses datetime decimal
enum fractions functools hashlib heapq html itertools json keyword math numbers operator random re secrets statistics
string struct textwrap time typing unicodedata uuid zlib"""
_COMPUTING_MODULES = frozenset(_COMPUTING.split())
_REACHING = {name.strip("_") for name in REACHING_MODULES}
_DEFINITIONS = (*FUNCTIONS, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.Pass)


def is_tame(problem: Problem, candidate: Mapping[str, bytes]) -> bool:
    """Whether what a candidate has and the original lacks reaches no further than what stood in its place.

    Args:
        problem: knows the original.
        candidate: the tree that is judged.
    """
    shown = problem.package.shown
    own = {path.removeprefix("src/").partition("/")[0].removesuffix(".py") for path in shown}
    changed = {path: data for path, data in candidate.items() if shown.get(path) != data}
    return all(path.endswith(".py") and _tame_file(shown.get(path, b""), data, own) for path, data in changed.items())


def _tame_file(original: bytes, data: bytes, own: set[str]) -> bool:
    try:
        before, after = parse(original), parse(data)
        parts = list(_parts(before.body))
        stood, known = {name: part for name, part in parts if name}, {ast.dump(part) for _, part in parts}
        modules, reaching = _modules(after), Surroundings(after).reaching
        for name, part in _parts(after.body):
            if ast.dump(part) in known:
                continue
            if not isinstance(part, _DEFINITIONS) and not _is_text(part):
                return False
            allowed = _far(stood[name], own, modules, reaching) if name in stood else set()
            if not _far(part, own, modules, reaching) <= allowed:
                return False
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _parts(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, ast.stmt]]:
    """The statements of a module and of its classes, functions by their names; heads of classes and branches apart."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield f"class {prefix}{node.name}", head_of(node)
            yield from _parts(node.body, f"{prefix}{node.name}.")
        elif isinstance(node, ast.If):
            yield "", ast.Expr(node.test)
            yield from _parts([*node.body, *node.orelse], prefix)
        elif isinstance(node, ast.Try):
            for handler in node.handlers:
                if handler.type is not None:
                    yield "", ast.Expr(handler.type)
                yield from _parts(handler.body, prefix)
            yield from _parts([*node.body, *node.orelse, *node.finalbody], prefix)
        else:
            yield prefix + node.name if isinstance(node, FUNCTIONS) else "", node


def _is_text(part: ast.stmt) -> bool:
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)


def _modules(module: ast.Module) -> set[str]:
    """The names that a module has for modules, anywhere in it."""
    imports = [node for node in ast.walk(module) if isinstance(node, ast.Import)]
    return {(name.asname or name.name).partition(".")[0] for node in imports for name in node.names}


def _is_reaching(name: str) -> bool:
    return name.partition(".")[0].strip("_") in _REACHING


def _far(part: ast.stmt, own: set[str], modules: set[str], reaching: set[str]) -> set[str]:
    """Whatever in a statement reaches further than to values.

    These are names of its module that do so (functions and classes of the package's too, whatever they are given), and else
    expressions, with what is got and called of them.
    """
    above = {id(inner): node for node in ast.walk(part) for inner in ast.iter_child_nodes(node)}
    found: set[str] = set()
    for node in ast.walk(part):
        match node:
            case ast.Name(id=name):
                used = above.get(id(node))
                bare = not isinstance(used, ast.Attribute) or not isinstance(used.ctx, ast.Load)
                far = name in REACHING_NAMES or (name in modules and (bare or name in reaching))
                if name in reaching - modules:
                    found.add(name)
            case ast.Attribute(attr=name):
                far = reaches(name) or _is_reaching(name) or name in REACHING_NAMES
            case ast.Import(names=names):
                far = any(name.name.partition(".")[0] not in _COMPUTING_MODULES | own for name in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                computing = bool(level) or (module or "").partition(".")[0] in _COMPUTING_MODULES | own
                far = not computing or any(
                    name.name == "*" or _is_reaching(name.name) or name.name in REACHING_NAMES for name in names
                )
            case _:
                far = False
        if far:
            found.add(ast.dump(_whole(node, above)))
    return found


def _whole(node: ast.AST, above: Mapping[int, ast.AST]) -> ast.AST:
    """An expression with what is got of it, and its call."""
    while True:
        outer = above.get(id(node))
        if isinstance(outer, ast.Attribute) or (isinstance(outer, ast.Call) and outer.func is node):
            node = outer
        else:
            return node
