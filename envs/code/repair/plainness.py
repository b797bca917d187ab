"""Whether a change can do nothing but compute: what a verdict asks for where it has nothing but the tests to go by.

Tests share a process with what they test, and code that reaches their runner can make them say anything. Where a bug changes
nothing that can be compared outside of tests (`differential`), the change itself is looked at: a function that uses only the
names of the original one, names of its own, and plain built-ins reaches no runner. Which name means what is worked out scope by
scope, as Python does (`symtable`). Of an original that reaches further itself (attributes by name, frames, modules of the
interpreter), only the words of the original are plain. Other repairs may be right as well. That cannot be told, and they are
not paid, nor called wrong.
"""

import ast
import builtins
import symtable
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from textgym.core.syntax import parse, scopes
from textgym.envs.code.repair.naming import FUNCTIONS, Function, head_of
from textgym.envs.code.repair.problems import Bug, Package, Problem

_COMPUTING = """abs all any ascii bin bool bytearray bytes chr complex dict divmod enumerate filter float frozenset hash hex int
isinstance issubclass iter len list map max min next oct ord pow range repr reversed round set slice sorted str sum tuple zip
NotImplemented"""
_ERRORS = {name for name, one in vars(builtins).items() if isinstance(one, type) and issubclass(one, Exception)}
_PLAIN_NAMES = frozenset(_COMPUTING.split()) | _ERRORS
_PLAIN_ATTRIBUTES = frozenset(
    name for kind in (str, bytes, int, float, list, tuple, dict, set) for name in vars(kind) if not name.startswith("_")
) - {"format", "format_map"}  # these look up attributes by names inside of texts
_HARMLESS = """True False None Ellipsis BaseException KeyboardInterrupt SystemExit GeneratorExit callable classmethod format
hasattr id object print property staticmethod super type"""
REACHING_NAMES = frozenset(vars(builtins)) - _PLAIN_NAMES - set(_HARMLESS.split()) | {
    "__builtins__",
    "attrgetter",
    "methodcaller",
}
"""Built-ins, and two functions of `operator`, with which code reaches what it has no name for."""
_INTERPRETER = """_pytest ast asyncio atexit builtins code codeop copyreg ctypes dis gc importlib inspect linecache marshal
multiprocessing os pathlib pickle pkgutil pluggy pytest runpy shutil signal site socket subprocess sys tempfile threading
traceback unittest"""
REACHING_MODULES = frozenset(_INTERPRETER.split())
_OPERATORS = """abs add all and bool bytes call class complex contains copy deepcopy delitem divmod doc enter eq exit float
floordiv format ge getitem gt hash iadd iand index init int invert ior isub iter le len lt missing mod mul name ne neg new
next or pos post_init pow qualname radd repr reversed ror round rsub setitem slots str sub truediv version xor"""
_HARMLESS_DUNDERS = frozenset(f"__{name}__" for name in _OPERATORS.split())
_FRAMES = ("f_", "gi_", "cr_", "ag_", "tb_")


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
        module = Surroundings(original)
        was, now = _taken_out(original, names), _taken_out(changed, names)
        if len(was) != len(names) or was.keys() != now.keys() or ast.dump(original) != ast.dump(changed):
            return False
        before, after = scopes(package.shown[path]), scopes(data)
        return all(
            ast.dump(was[name]) == ast.dump(now[name])
            or _plain(_words(was[name], before, name), _words(now[name], after, name), module)
            for name in names
        )
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def _taken_out(module: ast.Module, names: set[str]) -> dict[str, Function]:
    """The functions of these names, each of which is taken out of the tree; without those that are not there just once."""
    found: dict[str, list[Function]] = {}

    def walk(body: list[ast.stmt], prefix: str) -> None:
        for place, node in enumerate(body):
            if isinstance(node, FUNCTIONS) and prefix + node.name in names:
                found.setdefault(prefix + node.name, []).append(node)
                body[place] = ast.Pass()
            elif isinstance(node, ast.ClassDef):
                walk(node.body, f"{prefix}{node.name}.")
            elif isinstance(node, ast.If | ast.Try):
                for inner in (node.body, node.orelse, *([node.finalbody] if isinstance(node, ast.Try) else [])):
                    walk(inner, prefix)

    walk(module.body, "")
    return {name: nodes[0] for name, nodes in found.items() if len(nodes) == 1}


class Surroundings:
    """What a module has at its top.

    Attributes:
        plain: functions, classes and values that it defines and that reach nothing, nor what they use of it.
        reaching: those that do, and what it imports of modules that do.
    """

    def __init__(self, module: ast.Module) -> None:
        self.reaching = {
            (name.asname or name.name).partition(".")[0]
            for node in ast.walk(module)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in node.names
            if _reaching_import(node, name)
        }
        used: dict[str, set[str]] = {}
        for node in module.body:
            words = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
            if any(isinstance(part, ast.Attribute) and reaches(part.attr) for part in ast.walk(node)):
                words |= {"__builtins__"}
            for name in _defined(node):
                used.setdefault(name, set()).update(words)
        unsettled = True
        while unsettled:  # what uses something that reaches further does so itself
            further = {name for name, words in used.items() if words & (self.reaching | REACHING_NAMES)}
            unsettled = not further <= self.reaching
            self.reaching |= further
        self.plain = used.keys() - self.reaching


def _reaching_import(node: ast.Import | ast.ImportFrom, name: ast.alias) -> bool:
    if isinstance(node, ast.ImportFrom):
        return not node.level and (node.module or "").partition(".")[0] in REACHING_MODULES
    return name.name.partition(".")[0] in REACHING_MODULES


def _defined(node: ast.stmt) -> set[str]:
    """The names that a statement at a module's top defines, without what it imports."""
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


def reaches(attribute: str) -> bool:
    """Whether an attribute of this name leads to what code has no name for."""
    dunder = attribute.startswith("__") and attribute.endswith("__")
    return attribute.startswith(_FRAMES) or (dunder and attribute not in _HARMLESS_DUNDERS)


@dataclass
class _Words:
    """What a function says, by what it is used for.

    Attributes:
        outer: names that mean something outside of it.
        bound: names that it gives a meaning to.
        attributes: of anything, those that it changes too.
        changed: attributes that it sets or deletes.
        statements: those that are plain only where the original has them.
        head: what is evaluated outside of it when it is defined.
    """

    outer: set[str]
    bound: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    statements: set[str] = field(default_factory=set)
    head: str = ""


def _words(function: Function, module: symtable.SymbolTable, qualname: str) -> _Words:
    words = _Words(set(_outer_names(_scope_of(module, qualname, function.lineno))))
    kinds = {id(node.func) for node in _inside(function) if isinstance(node, ast.Call) and _asks_for_a_kind(node)}
    words.head = ast.dump(head_of(function))
    for node in _inside(function):
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                words.bound.add(node.id)
            elif node.id == "type" and id(node) not in kinds:  # with more arguments it makes a class
                words.statements.add(ast.dump(function))
        elif isinstance(node, ast.arg):
            words.bound.add(node.arg)
        elif isinstance(node, ast.Attribute):
            words.attributes.add(node.attr)
            if not isinstance(node.ctx, ast.Load):
                words.changed.add(node.attr)
        elif isinstance(node, ast.keyword):
            words.attributes.add(node.arg or "")
        elif isinstance(node, ast.ExceptHandler):
            words.bound.add(node.name or "")
        elif isinstance(node, (ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom, ast.ClassDef, ast.Match)):
            words.statements.add(ast.dump(node))
        elif isinstance(node, FUNCTIONS):
            words.bound.add(node.name)
    return words


def _asks_for_a_kind(call: ast.Call) -> bool:
    """Whether a call of `type` asks what something is."""
    return len(call.args) == 1 and not isinstance(call.args[0], ast.Starred) and not call.keywords


def _scope_of(module: symtable.SymbolTable, qualname: str, line: int) -> symtable.SymbolTable:
    """The scope of a function that is there once.

    Raises:
        ValueError: it is not.
    """
    found = [module]
    for part in qualname.split("."):
        found = [inner for one in found for inner in one.get_children() if inner.get_name() == part]
    (scope,) = [one for one in found if one.get_type() == "function" and one.get_lineno() == line]
    return scope


def _outer_names(scope: symtable.SymbolTable) -> Iterator[str]:
    """The names that a scope, or one within it, takes from the module or from Python."""
    for symbol in scope.get_symbols():
        if symbol.is_global():
            yield symbol.get_name()
    for inner in scope.get_children():
        yield from _outer_names(inner)


def _inside(function: Function) -> Iterator[ast.AST]:
    """Every node of a function but itself."""
    nodes = ast.walk(function)
    next(nodes)
    return nodes


def _plain(was: _Words, now: _Words, module: Surroundings) -> bool:
    if was.outer & (module.reaching | REACHING_NAMES) or any(map(reaches, was.attributes)):
        return False
    own = {name for name in now.bound if not name.startswith("__")}
    return (
        now.head == was.head
        and now.statements <= was.statements
        and now.bound - own <= was.bound
        and now.outer <= was.outer | module.plain | _PLAIN_NAMES
        and now.attributes <= was.attributes | _PLAIN_ATTRIBUTES
        and now.changed <= was.changed
    )
