"""Operators on calls, names and handlers: what is called, with what, and which error is expected."""

import ast
import builtins
from collections.abc import Iterator

from textgym.envs.code.mutation.place import Place
from textgym.envs.code.mutation.text import Splice

_METHOD_PAIRS = (
    ("lstrip", "rstrip"),
    ("startswith", "endswith"),
    ("find", "rfind"),
    ("index", "rindex"),
    ("split", "rsplit"),
    ("partition", "rpartition"),
    ("ljust", "rjust"),
    ("upper", "lower"),
    ("removeprefix", "removesuffix"),
    ("append", "extend"),
    ("keys", "values"),
    ("add", "discard"),
    ("popleft", "pop"),
    ("appendleft", "append"),
    ("union", "intersection"),
    ("issubset", "issuperset"),
    ("isdigit", "isalnum"),
    ("isupper", "islower"),
    ("match", "search"),
    ("start", "end"),
    ("ceil", "floor"),
    ("encode", "decode"),
)
_ONE_WAY = {
    "strip": "lstrip",
    "title": "capitalize",
    "capitalize": "title",
    "casefold": "upper",
    "items": "keys",
    "setdefault": "get",
    "remove": "discard",
    "rpartition": "partition",
    "update": "setdefault",
    "fullmatch": "match",
    "difference": "intersection",
    "finditer": "findall",
    "isalpha": "isalnum",
    "isalnum": "isalpha",
    "copy": "clear",
}
_METHODS = {
    **dict(_METHOD_PAIRS),
    **{second: first for first, second in reversed(_METHOD_PAIRS)},
    **_ONE_WAY,
}
_FUNCTIONS = {
    "any": "all",
    "all": "any",
    "min": "max",
    "max": "min",
    "sorted": "list",
    "reversed": "iter",
    "isinstance": "issubclass",
    "set": "list",
    "list": "tuple",
    "tuple": "list",
    "int": "float",
    "float": "int",
    "str": "repr",
    "repr": "str",
    "ord": "len",
    "sum": "max",
    "abs": "round",
    "hasattr": "getattr",
    "frozenset": "tuple",
}
_EXCEPTIONS = {
    "ValueError": "TypeError",
    "TypeError": "ValueError",
    "KeyError": "IndexError",
    "IndexError": "KeyError",
    "LookupError": "IndexError",
    "AttributeError": "KeyError",
    "ImportError": "ModuleNotFoundError",
    "OSError": "FileNotFoundError",
    "StopIteration": "ValueError",
    "NotImplementedError": "TypeError",
    "UnicodeDecodeError": "UnicodeEncodeError",
    "UnicodeEncodeError": "UnicodeDecodeError",
    "OverflowError": "ValueError",
    "ZeroDivisionError": "OverflowError",
    "Exception": "ValueError",
    "RuntimeError": "ValueError",
}
_BUILTINS = frozenset(dir(builtins))


def swap_args(place: Place) -> Iterator[Splice]:
    """`f(a, b)` becomes `f(b, a)`."""
    for node in place.each(ast.Call):
        for first, second in zip(node.args, node.args[1:], strict=False):
            if not isinstance(first, ast.Starred) and not isinstance(second, ast.Starred):
                yield place.exchange(first, second)


def drop_keyword(place: Place) -> Iterator[Splice]:
    """`f(a, b=c)` becomes `f(a)`."""
    for node in place.each(ast.Call):
        parts: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
        for number, part in enumerate(parts):
            if not isinstance(part, ast.keyword) or part.arg is None:
                continue
            start, end = place.text.span(part)
            if number:
                before = place.text.span(parts[number - 1])[1]
                gap = place.text.source[before:start]
                yield Splice(before + (gap.rfind(",") if "," in gap else 0), end, "")
            elif len(parts) > 1:
                yield Splice(start, place.text.span(parts[1])[0], "")
            else:
                yield Splice(start, end, "")


def remove_call(place: Place) -> Iterator[Splice]:
    """A call as a statement becomes `pass`; `f(a)` becomes `a`, and `a.m()` becomes `a`."""
    statements = [node.value for node in place.each(ast.Expr) if isinstance(node.value, ast.Call)]
    for call in statements:
        yield place.replace(call, "pass")
    for node in place.each(ast.Call):
        if any(node is call for call in statements) or node.keywords:
            continue
        if len(node.args) == 1 and not isinstance(node.args[0], ast.Starred | ast.GeneratorExp):
            yield place.replace(node, f"({place.text.of(node.args[0])})")
        elif not node.args and isinstance(node.func, ast.Attribute):
            yield place.replace(node, place.text.of(node.func.value))


def wrong_method(place: Place) -> Iterator[Splice]:
    """A method or a builtin is taken for its neighbour: `lstrip` for `rstrip`, `any` for `all`."""
    for node in place.each(ast.Call):
        name = node.func
        if isinstance(name, ast.Attribute) and name.attr in _METHODS:
            end = place.text.span(name)[1]
            yield Splice(end - len(name.attr), end, _METHODS[name.attr])
        elif isinstance(name, ast.Name) and name.id in _FUNCTIONS and name.id not in place.locals:
            yield place.replace(name, _FUNCTIONS[name.id])


def var_misuse(place: Place) -> Iterator[Splice]:
    """A variable is taken for the one bound before it, and for the one bound after it."""
    names = place.locals
    for node in place.each(ast.Name):
        if isinstance(node.ctx, ast.Load) and node.id in names and node.id not in ("self", "cls"):
            position = names.index(node.id)
            for other in (names[position - 1] if position else None, *names[position + 1 : position + 2]):
                if other is not None and other not in ("self", "cls", "_"):
                    yield place.replace(node, other)


def except_type(place: Place) -> Iterator[Splice]:
    """A handler catches another error, or one error less."""
    for handler in place.each(ast.ExceptHandler):
        if isinstance(handler.type, ast.Name) and handler.type.id in _EXCEPTIONS:
            yield place.replace(handler.type, _EXCEPTIONS[handler.type.id])
        elif isinstance(handler.type, ast.Tuple) and len(handler.type.elts) > 1:
            caught = [place.text.of(each) for each in handler.type.elts]
            for number in range(len(caught)):
                rest = caught[:number] + caught[number + 1 :]
                yield place.replace(handler.type, rest[0] if len(rest) == 1 else f"({', '.join(rest)})")


def raise_type(place: Place) -> Iterator[Splice]:
    """Another error is raised: `ValueError` becomes `TypeError`."""
    for node in place.each(ast.Raise):
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        if isinstance(raised, ast.Name) and raised.id in _EXCEPTIONS and raised.id in _BUILTINS:
            yield place.replace(raised, _EXCEPTIONS[raised.id])


def default_arg(place: Place) -> Iterator[Splice]:
    """The default of an argument changes: `True` to `False`, a number by one, a string to none, anything to `None`."""
    arguments = place.function.node.args
    for default in (*arguments.defaults, *arguments.kw_defaults):
        if default is None:
            continue
        value = default.value if isinstance(default, ast.Constant) else ...
        if isinstance(value, bool):
            yield place.replace(default, str(not value))
        elif type(value) is int:
            yield place.replace(default, str(value + 1))
        elif isinstance(value, str) and value:
            yield place.replace(default, '""')
        elif value is None:
            yield place.replace(default, "False")
            yield place.replace(default, "0")
        else:
            yield place.replace(default, "None")
