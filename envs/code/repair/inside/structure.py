"""What a value is, as text: told by its structure and exact types, read past every method of its class.

Loaded in a sandbox before any package is seen, under the name `textgym_structure`. No object can say here what it is equal
to. Modules, and functions and types that are where their names say, are told by these, iterators of arguments by their types,
and what is beyond the bounds not at all. Some of it is fine print: what exceptions say, and where a function is written anew, attributes whose names begin
with an underscore. Whoever does so may have ways of his own.
"""

from __future__ import annotations

import hashlib
import re
import sys
import types
from collections import OrderedDict
from itertools import islice
from typing import Any

ATOMS = (type(None), bool, int, float, complex, str, bytes, type(Ellipsis), type(NotImplemented))
SEQUENCES = (list, tuple)
CONTENT: tuple[Any, ...] = (int, float, complex, str, bytes, bytearray, list, tuple, OrderedDict, dict, set, frozenset)
OPAQUE = (
    type(lambda: None), type(print), types.MethodType, types.ModuleType, types.CodeType, types.FrameType, type,
    types.MethodWrapperType, types.WrapperDescriptorType, types.MethodDescriptorType, types.MappingProxyType,
)  # fmt: skip
HEAP_TYPE = 1 << 9
FINE, ENDED = "\x01", "\x02"  # around fine print; no text of a value holds them, since `repr` spells them out
MARKS = re.compile(f"[{FINE}{ENDED}]")


class Structure:
    """The text of a value's structure, of bounded size.

    Args:
        nodes: how many values are looked at, at the most.
        deep: how deep they are nested, at the most.
        known: the names with an underscore in front that the package's code speaks of; attributes of other such names are
            the function's own business.
        anew: whether the function is written anew, so that attributes of these names are fine print.
        given: functions and classes that have no name to be found by, and are told by their number here.

    Attributes:
        nameless: those that were seen and are none of the given ones.
        blind: whether anything was seen of which nothing is told.
        callable: whether anything was seen that is no function or class and can be called all the same.
    """

    def __init__(
        self, nodes: int, deep: int, known: frozenset[str], anew: bool, given: dict[int, tuple[int, Any]] | None = None
    ) -> None:
        self.nodes, self.deep, self.known = nodes, deep, known
        self.given = {} if given is None else given
        self.nameless: dict[int, tuple[int, Any]] = {}
        self.marks = (FINE, ENDED) if anew else ("", "")
        self.above: list[int] = []
        self.items = 0
        self.blind = self.callable = False

    def text(self, value: Any, consume: int = 0) -> str:
        """The structure of `value`; of iterators anywhere in it the items that they yield, at most `consume` each."""
        if consume:
            self.items = consume
            try:
                return self.text(value)
            finally:
                self.items = 0
        self.nodes -= 1
        kind = type(value)
        if kind in ATOMS:
            return f"{kind.__name__} {value!r}"
        if self.nodes < 0 or len(self.above) >= self.deep:
            return "..."
        if id(value) in self.above:
            return f"above {len(self.above) - self.above.index(id(value))}"
        self.above.append(id(value))
        try:
            return self._text(value, kind)
        finally:
            self.above.pop()

    def _text(self, value: Any, kind: type) -> str:
        if kind in SEQUENCES:
            return f"{kind.__name__} [{', '.join(map(self.text, value))}]"
        if kind is types.MethodType:
            return f"method {self.text(value.__func__)} of {self.text(value.__self__)}"
        if kind is types.MappingProxyType:
            return f"mappingproxy {self.text(dict(value))}"
        if kind in OPAQUE or type in kind.__mro__:
            return f"{named(kind)} {self._named(value, kind)}"
        if self.items and hasattr(kind, "__next__"):
            return f"iterator [{', '.join(map(self.text, islice(value, self.items)))}]"
        self.callable = self.callable or any("__call__" in vars(base) for base in kind.__mro__)
        parts = [named(kind)]
        # First, since an instance may have no dictionary of its own until somebody asks for it.
        attributes = attributes_of(value, kind)
        base = next((base for base in CONTENT if base in kind.__mro__), None)
        if base is not None:
            parts.append(self._content(value, base))
        elif BaseException in kind.__mro__:
            parts.append(FINE + self.text(BaseException.__dict__["args"].__get__(value)) + ENDED)
        elif not hasattr(kind, "__next__") and (attributes is None or not kind.__flags__ & HEAP_TYPE):
            parts.append(self._reduced(value))
        shown = "; ".join(parts)
        for name in sorted(attributes or ()):
            if not name.startswith("_"):
                shown += f"; {name}: {self.text((attributes or {})[name])}"
            elif self.is_known(name):
                shown += f"{self.marks[0]}; {name}: {self.text((attributes or {})[name])}{self.marks[1]}"
        return f"<{shown}>"

    def _named(self, value: Any, kind: type) -> str:
        """What tells a function, class, module or the like from others; empty where nothing can."""
        module, name = getattr(value, "__module__", ""), str(getattr(value, "__qualname__", ""))
        if kind is types.FunctionType or (type in kind.__mro__ and value.__flags__ & HEAP_TYPE):
            if not is_found(value, module, name):  # it was made within a function, and may have any name
                if id(value) in self.given:
                    return f"given {self.given[id(value)][0]}"
                self.nameless.setdefault(id(value), (len(self.nameless), value))
                self.blind = True
                return ""
        elif "<" in name or kind in (types.CodeType, types.FrameType):
            self.blind = True
            return ""
        return f"{module} {name}"

    def is_known(self, name: str) -> bool:
        """Whether the package speaks of an attribute: under its name, or under that which its class makes `_Class__name` of."""
        if name in self.known:
            return True
        inner = name.find("__", 1)
        return inner > 0 and name[inner:] in self.known

    def _content(self, value: Any, base: Any) -> str:
        if base in SEQUENCES:
            return f"[{', '.join(map(self.text, base.__iter__(value)))}]"
        if base in (set, frozenset):
            return f"{{{', '.join(in_order(self._shared([(item,) for item in base.__iter__(value)])))}}}"
        if base in (dict, OrderedDict):
            pairs = self._shared(list(base.items(value)))
            return f"{{{', '.join(pairs if base is OrderedDict else in_order(pairs))}}}"
        return str(base.__repr__(value))

    def _shared(self, members: list[tuple[Any, ...]]) -> list[str]:
        """The texts of members whose order is nothing: each is looked at as far as the others, whichever comes first."""
        left, share = self.nodes, self.nodes // max(1, len(members))
        texts = []
        for member in members:
            self.nodes = share
            texts.append(": ".join(map(self.text, member)))
            left -= share - max(0, self.nodes)
        self.nodes = left
        return texts

    def _reduced(self, value: Any) -> str:
        """What pickle would keep of a value that is implemented in C."""
        try:
            reduced = value.__reduce_ex__(2)
        except Exception:
            return ""
        if isinstance(reduced, str):
            return reduced
        return ", ".join(self.text(list(part) if hasattr(type(part), "__next__") else part) for part in reduced[1:])


def named(kind: type) -> str:
    """A type's full name."""
    return f"{kind.__module__}.{kind.__qualname__}"


def is_found(value: Any, module: Any, name: str) -> bool:
    """Whether it is this object that a module has under this name."""
    found: Any = sys.modules.get(module) if isinstance(module, str) else None
    for part in name.split("."):
        found = getattr(found, "__dict__", {}).get(part)
        if type(found) in (staticmethod, classmethod):
            found = found.__func__
    return found is value


def attributes_of(value: Any, kind: type) -> dict[str, Any] | None:
    """The attributes of an instance and those of its slots; None if it cannot have any."""
    found: dict[str, Any] = {}
    any_ = False
    for base in kind.__mro__:
        for name, member in list(vars(base).items()):
            if name == "__dict__" and type(member) is types.GetSetDescriptorType:
                found.update(member.__get__(value))
                any_ = True
            elif type(member) is types.MemberDescriptorType and base.__flags__ & HEAP_TYPE:
                any_ = True
                try:
                    found[name] = member.__get__(value)
                except AttributeError:
                    continue
    return found if any_ else None


def without_fine_print(text: str) -> str:
    """A structure's text without what is marked as fine print."""
    if FINE not in text:
        return text
    kept, deep, start = [], 0, 0
    for found in MARKS.finditer(text):
        if not deep:
            kept.append(text[start : found.start()])
        deep += 1 if found[0] == FINE else -1
        start = found.end()
    return "".join([*kept, text[start:]])


def in_order(texts: list[str]) -> list[str]:
    """Texts sorted, so that fine print decides only between those that are alike without."""
    return sorted(texts, key=lambda text: (without_fine_print(text), text))


def digests(text: str) -> list[str]:
    """Hashes of a structure's text without its fine print, and with it."""
    return [digest(without_fine_print(text)), digest(text)]


def digest(text: str) -> str:
    """A hash of it."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
