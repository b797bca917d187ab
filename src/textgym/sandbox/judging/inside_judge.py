"""Runs the tests: to them the code under test looks like the module `solution`, and lives in another sandbox.

What an object of that code is asked to do is done over there; what comes back is plain data or again such an object. It can
say about itself whatever it likes, but it is never plain data, so it equals none, and nothing of it runs here.

The text of this file is sent to a sandbox: standard library, driver and link only, Python 3.9 or newer.
"""

from __future__ import annotations

import builtins
import contextlib
import inspect
import sys
import types
from collections.abc import Iterator
from typing import Any, TypeVar

from textgym.sandbox.driver import MODULE, NotPlainError, encode
from textgym.sandbox.judging.inside_link import Link

_T = TypeVar("_T")
_MAX_WORDS = 300


class RemoteError(Exception):
    """An exception of the code under test whose type is none of Python's own.

    Attributes:
        name: the name of its type.
    """

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}" if message else name)
        self.name = name


class _Judge:
    """Asks the other side, and answers when it calls what the tests passed to it."""

    def __init__(self) -> None:
        self.link = Link(self._called_back)
        self._functions: list[Any] = []
        self._failed_inside: BaseException | None = None

    def ask(self, operation: str, *arguments: Any, **named: Any) -> Any:
        """What an operation gives over there."""
        passed = [self._passed(one) for one in arguments]
        outcome = self.link.ask(operation, passed, {name: self._passed(one) for name, one in named.items()})
        if outcome[0] == "raised":
            raise _exception(outcome[1], outcome[2])
        return outcome[1] if outcome[0] == "value" else Remote(self, outcome[1], outcome[2])

    def _passed(self, argument: Any) -> list[Any]:
        if type(argument) is Remote:
            return ["object", argument._Remote__number]
        if inspect.isroutine(argument):
            self._functions.append(argument)
            return ["function", len(self._functions) - 1]
        try:
            encode(argument)
        except NotPlainError as error:
            raise TypeError(f"tests pass plain data, functions and objects of the code under test: {error}") from None
        return ["value", argument]

    def _called_back(self, asked: list[Any]) -> list[Any]:
        number, arguments = asked
        given = [one[1] if one[0] == "value" else Remote(self, one[1], one[2]) for one in arguments]
        try:
            value = self._functions[number](*given)
            passed = self._passed(value)
        except BaseException as error:
            if isinstance(error, AssertionError):
                self._failed_inside = error  # whatever the code under test makes of it
            return ["raised", type(error).__name__[:100]]  # what it says may tell what is expected
        return passed

    def run(self, test: Any, module: Any) -> list[str]:
        """Status and detail of a test."""
        self._failed_inside = None
        try:
            test(*[module] * bool(inspect.signature(test).parameters))
            if self._failed_inside is not None:
                raise self._failed_inside
        except AssertionError as error:
            return ["failed", f"{error}"[:_MAX_WORDS]]
        except Exception as error:
            return ["raised", f"{type(error).__name__}: {error}"[:_MAX_WORDS]]
        return ["passed", ""]


class Remote:
    """An object of the code under test. It does what is asked of it over there."""

    def __init__(self, judge: _Judge, number: int, kind: str) -> None:
        object.__setattr__(self, "_Remote__judge", judge)
        object.__setattr__(self, "_Remote__number", number)
        object.__setattr__(self, "_Remote__kind", kind)

    def __getattr__(self, name: str) -> Any:
        return self.__judge.ask("getattr", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self.__judge.ask("setattr", self, name, value)

    def __delattr__(self, name: str) -> None:
        self.__judge.ask("delattr", self, name)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self.__judge.ask("call", self, *arguments, **named)

    def __len__(self) -> int:
        return self.__exactly(int, "len")

    def __contains__(self, item: Any) -> bool:
        return self.__exactly(bool, "contains", item)

    def __str__(self) -> str:
        return self.__exactly(str, "str")

    def __repr__(self) -> str:
        return f"<object of type {self.__kind}>"

    def __instancecheck__(self, instance: Any) -> bool:
        if type(instance) is not Remote:
            return False
        answer = self.__judge.ask("isinstance", instance, self)
        return _checked(bool, answer)

    def __eq__(self, other: object) -> bool:
        return type(other) is Remote and self.__exactly(bool, "eq", other)

    def __ne__(self, other: object) -> bool:
        return type(other) is not Remote or self.__exactly(bool, "ne", other)

    def __lt__(self, other: Any) -> bool:
        return self.__exactly(bool, "lt", other)

    def __le__(self, other: Any) -> bool:
        return self.__exactly(bool, "le", other)

    def __gt__(self, other: Any) -> bool:
        return self.__exactly(bool, "gt", other)

    def __ge__(self, other: Any) -> bool:
        return self.__exactly(bool, "ge", other)

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        raise TypeError(f"an object of type {self.__kind} is neither true nor false here: ask it")

    def __exit__(self, *_: object) -> None:
        self.__judge.ask("exit", self)

    def __exactly(self, kind: type[_T], operation: str, *arguments: Any) -> _T:
        return _checked(kind, self.__judge.ask(operation, self, *arguments))


def _checked(kind: type[_T], value: Any) -> _T:
    if type(value) is not kind:
        raise TypeError(f"the code under test gave no {kind.__name__}")
    checked: _T = value
    return checked


def _delegate(operation: str) -> Any:
    def method(self: Any, *arguments: Any) -> Any:
        return self._Remote__judge.ask(operation, self, *arguments)

    return method


for _name in ("getitem", "setitem", "delitem", "iter", "next", "reversed", "enter", "abs", "neg", "pos", "invert"):
    setattr(Remote, f"__{_name}__", _delegate(_name))
for _name in ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow", "and_", "or_", "xor"):
    setattr(Remote, f"__{_name.strip('_')}__", _delegate(_name))


class _Solution(types.ModuleType):
    """The code under test as a module, so that tests may import from it."""

    def __init__(self, judge: _Judge) -> None:
        super().__init__(MODULE)
        self.__remote = Remote(judge, 0, "module")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.__remote, name)


def _exception(name: str, message: str) -> Exception:
    known = getattr(builtins, name, None)
    if isinstance(known, type) and issubclass(known, Exception) and known is not AssertionError:
        with contextlib.suppress(TypeError):
            return known(message)
    return RemoteError(name, message)


@contextlib.contextmanager
def raises(*names: str) -> Iterator[None]:
    """Expect an exception of the code under test whose type has one of these names exactly."""
    try:
        yield
    except AssertionError:
        raise
    except Exception as error:
        name = error.name if isinstance(error, RemoteError) else type(error).__name__
        assert name in names, f"{name} was raised"
    else:
        raise AssertionError("nothing was raised")


def main() -> None:
    """What the sandbox of the tests runs."""
    judge = _Judge()
    _, source, names = judge.link.receive()
    module = types.ModuleType("judge")
    solution = sys.modules[MODULE] = _Solution(judge)
    module.__dict__.update(solution=solution, raises=raises, RemoteError=RemoteError)
    try:
        exec(compile(source, "judge.py", "exec", dont_inherit=True), module.__dict__)  # noqa: S102 (the author's tests)
    except BaseException as error:
        judge.link.send(["unloadable", f"{type(error).__name__}: {error}"[:_MAX_WORDS]])
        return
    for number, name in enumerate(names):
        judge.link.send(["result", number, name, *judge.run(module.__dict__[name], solution)])
        judge.link.receive()
    judge.link.send(["done"])
    judge.link.receive()
