"""Runs tests of a tree and records with which arguments one function is called, as pickles that any process can load.

It only ever sees a package as it was published, so that nothing of a policy's is near. What the tests themselves define
travels by value, with its code, since no test is there when the calls are made again; so do iterators that were not begun.
"""

from __future__ import annotations

import collections
import enum
import gc
import importlib
import inspect
import io
import os
import re
import struct
import sys
import time
import types
from types import CodeType, FrameType
from typing import Any

import cloudpickle  # type: ignore[import-untyped]
import pytest
from textgym_entering import enter  # type: ignore[import-not-found]  # the sandbox has it loaded
from textgym_structure import attributes_of  # type: ignore[import-not-found]  # the sandbox has it loaded

ORDER: dict[str, Any] = {}

HOME = os.getcwd()
ROOT = os.path.join(HOME, ORDER["root"])
VARARGS, VARKEYWORDS = 0x04, 0x08
HEAP_TYPE = 1 << 9
RESUMED = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


class TooLargeError(Exception):
    """A pickle grows beyond what is kept."""


class Bounded(io.BytesIO):
    """A file in memory that does not grow beyond a number of bytes."""

    def __init__(self, largest: int) -> None:
        super().__init__()
        self.left = largest

    def write(self, data: Any) -> int:
        """Write, or raise `TooLargeError`."""
        self.left -= len(data)
        if self.left < 0:
            raise TooLargeError
        return super().write(data)


def match_again(method: str, pattern: Any, *place: Any) -> Any:
    """A match object, by the search that finds it."""
    return getattr(pattern, method)(*place)


def named_in(module: str, name: str) -> Any:
    """What a module calls by that name."""
    return getattr(importlib.import_module(module), name)


def make(kind: type, base: type, arguments: tuple[Any, ...]) -> Any:
    """An instance without its state, past the methods of its class."""
    return base.__new__(kind, *arguments)


def fill(value: Any, state: Any) -> None:
    """Give an instance what it holds and its attributes, past the methods of its class."""
    base, content, attributes = state
    if base is list:
        list.extend(value, content)
    elif base is set:
        set.update(value, content)
    elif content:
        for key, item in content:
            base.__setitem__(value, key, item)
    dictionary = None
    for kind in type(value).__mro__:
        for name, member in vars(kind).items():
            if name == "__dict__" and type(member) is types.GetSetDescriptorType:
                dictionary = member.__get__(value)
            elif type(member) is types.MemberDescriptorType and name in attributes:
                member.__set__(value, attributes.pop(name))
    if dictionary is not None:
        dictionary.update(attributes)


class Pickler(cloudpickle.Pickler):  # type: ignore[misc]
    """Pickles what others cannot: matches, generators that were not begun, and instances of the package's classes as they
    are, whatever their classes say about pickling; what a module of the package has a name for is found by it.
    """

    singletons: dict[int, tuple[str, str]] = {}  # noqa: RUF012 (one for all of this process)

    def reducer_override(self, value: Any) -> Any:
        """How `value` is made again."""
        kind = type(value)
        if id(value) in self.singletons:
            return named_in, self.singletons[id(value)]
        if kind is re.Match:
            place = (value.string, value.pos, value.endpos)
            for method in ("match", "fullmatch", "search"):
                found = getattr(value.re, method)(*place)
                if found is not None and found.regs == value.regs:
                    return match_again, (method, value.re, *place)
        if kind is types.GeneratorType:
            frame, code = value.gi_frame, value.gi_code
            if frame is None or inspect.getgeneratorstate(value) != inspect.GEN_CREATED or code.co_flags & VARKEYWORDS:
                raise TypeError("a generator that was begun")
            values = frame.f_locals
            cells = tuple(types.CellType(values[name]) for name in code.co_freevars)
            made = types.FunctionType(code, frame.f_globals, code.co_name, None, cells)
            return made, tuple(values[name] for name in code.co_varnames[: code.co_argcount])
        if is_of_tree(kind) and not issubclass(kind, (type, enum.Enum)):
            return as_it_is(value, kind) or super().reducer_override(value)
        return super().reducer_override(value)


def is_of_tree(kind: type) -> bool:
    """Whether a class is defined in the tree."""
    file = getattr(sys.modules.get(kind.__module__), "__file__", None) or ""
    return file.startswith(ROOT)


def as_it_is(value: Any, kind: type) -> Any:
    """How an instance is made again from what it holds; None where it is built on something else than is known here."""
    base: Any = next(one for one in kind.__mro__ if not one.__flags__ & HEAP_TYPE or one is collections.OrderedDict)
    arguments: tuple[Any, ...] = ()
    content: Any = None
    if base in (tuple, str, bytes, int, float, complex, frozenset):
        plain = base.__new__(base, base.__iter__(value)) if base in (tuple, frozenset) else base.__add__(value, base())
        arguments = (plain,)
    elif base in (list, set):
        content = list(base.__iter__(value))
    elif base in (dict, collections.OrderedDict):
        content = list(base.items(value))
    elif BaseException in kind.__mro__:
        arguments = BaseException.__dict__["args"].__get__(value)
    elif base is not object and reduces(value):
        return None
    attributes = attributes_of(value, kind) or {}
    return make, (kind, base, arguments), (base, content, attributes), None, None, fill


def reduces(value: Any) -> bool:
    """Whether a value says itself how it is made again; one that is half made cannot, and its attributes are all there is."""
    try:
        value.__reduce_ex__(4)
    except Exception:
        return False
    return True


class Recorder:
    """Takes down the arguments of calls of the function; a plugin that also lets only the named tests run."""

    def __init__(self, order: dict[str, Any], channel: int) -> None:
        self.path = os.path.join(ROOT, order["path"])
        self.name, self.qualname = order["name"], order["qualname"]
        self.shares: dict[str, int] = order["shares"]
        self.most, self.largest, self.room = order["most"], order["largest"], order["room"]
        self.attempts = order["attempts"]
        self.seconds, self.started = order["seconds"], time.process_time()
        self.channel = channel
        self.left = 0
        self.defaults: tuple[dict[str, Any], dict[str, Any]] | None = None
        self.begun: dict[int, FrameType] = {}
        self.found: dict[bytes, None] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave only what is named."""
        # Those with the largest shares first: in them the damage shows.
        items[:] = sorted(
            (item for item in items if item.nodeid in self.shares), key=lambda item: -self.shares[item.nodeid]
        )
        tests = {os.path.join(ROOT, path) for path in ORDER["test_files"]}
        for module in list(sys.modules.values()):
            file = getattr(module, "__file__", None) or ""
            if file in tests:
                cloudpickle.register_pickle_by_value(module)
            elif file.startswith(ROOT):
                for name, value in list(vars(module).items()):
                    if is_of_tree(type(value)) and not isinstance(value, (type, enum.Enum)):
                        Pickler.singletons.setdefault(id(value), (module.__name__, name))

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """A test begins, and with it a share of the calls that are kept."""
        if time.process_time() - self.started > self.seconds or len(self.found) >= self.most:
            item.session.shouldstop = "enough"
            return
        self.left = self.shares[item.nodeid]
        sys.setprofile(self)

    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:
        """Python's profiler calls this at every call and return."""
        if self.left <= 0 or time.process_time() - self.started > self.seconds:
            sys.setprofile(None)
            return
        if event != "call":
            return
        code = frame.f_code
        if code.co_name != self.name or code.co_filename != self.path:
            return
        if getattr(code, "co_qualname", self.qualname) != self.qualname:
            return
        if code.co_flags & RESUMED:
            if id(frame) in self.begun:
                return
            self.begun[id(frame)] = frame  # kept alive, so that no other frame gets its number
        self.attempts -= 1
        if self.attempts < 0 or len(self.found) >= self.most:
            self.left = 0
            return
        try:
            file = Bounded(min(self.largest, self.room))
            Pickler(file, protocol=4).dump(self.arguments(code, frame.f_locals))
        except Exception:
            return
        data = file.getvalue()
        if data not in self.found:
            self.found[data] = None
            self.room -= len(data)
            self.left -= 1
            framed = struct.pack("!I", len(data)) + data
            while framed:
                framed = framed[os.write(self.channel, framed) :]

    def arguments(self, code: CodeType, values: dict[str, Any]) -> Any:
        """`(positional, by keyword)`, those that are the function's defaults left out."""
        if self.defaults is None:
            self.defaults = defaults_of(code)
        by_position, by_keyword = self.defaults
        names = code.co_varnames
        count, only = code.co_argcount, code.co_kwonlyargcount
        at = count + only
        rest = values[names[at]] if code.co_flags & VARARGS else ()
        given = list(names[:count])
        while not rest and given and given[-1] in by_position and values[given[-1]] is by_position[given[-1]]:
            given.pop()
        positional = [*(values[name] for name in given), *rest]
        keywords = {
            name: values[name]
            for name in names[count : count + only]
            if not (name in by_keyword and values[name] is by_keyword[name])
        }
        if code.co_flags & VARKEYWORDS:
            keywords.update(values[names[at + bool(code.co_flags & VARARGS)]])
        return positional, keywords


def defaults_of(code: CodeType) -> tuple[dict[str, Any], dict[str, Any]]:
    """The defaults of the function whose code it is, by name: of what can be given by position, and of the rest."""
    for one in gc.get_referrers(code):
        if type(one) is types.FunctionType and one.__code__ is code:
            values = one.__defaults__ or ()
            names = code.co_varnames[: code.co_argcount]
            return dict(zip(names[len(names) - len(values) :], values)), dict(one.__kwdefaults__ or {})  # noqa: B905
    return {}, {}


def main() -> None:
    """Run the tests; each pickle is written down as soon as it was made, after its length."""
    channel = enter(ORDER["root"], ORDER["search_path"])
    pytest.main(ORDER["arguments"], plugins=[Recorder(ORDER, channel)])
    os._exit(0)


main()
