"""Runs beside the code under test: does with its objects what the tests in the other sandbox ask for.

The code shares this process and can do to it whatever it likes; all that it gains is to answer for itself. Plain data is
answered as it is; anything else stays here, and the other side gets a number for it.

The text of this file is sent to a sandbox: standard library, driver and link only, Python 3.9 or newer.
"""

from __future__ import annotations

import builtins
import operator
from typing import Any

from textgym.sandbox.driver import NotPlainError, encode, load, words
from textgym.sandbox.judging.inside_link import Link


def _call(function: Any, *arguments: Any, **named: Any) -> Any:
    return function(*arguments, **named)


_OPERATIONS = {
    "call": _call,
    "getattr": getattr,
    "setattr": setattr,
    "delattr": delattr,
    "len": len,
    "iter": iter,
    "next": next,
    "reversed": reversed,
    "str": str,
    "repr": repr,
    "abs": abs,
    "isinstance": isinstance,
    "enter": lambda manager: type(manager).__enter__(manager),
    "exit": lambda manager: type(manager).__exit__(manager, None, None, None),
    **{
        name: getattr(operator, name)
        for name in (
            *("getitem", "setitem", "delitem", "contains", "eq", "ne", "lt", "le", "gt", "ge", "neg", "pos", "invert"),
            *("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow", "and_", "or_", "xor"),
        )
    },
}


class Candidate:
    """The objects of the code under test, by the numbers that the other side knows them by."""

    def __init__(self) -> None:
        self._objects: dict[int, Any] = {}
        self._link = Link(self._do)

    def serve(self) -> None:
        """Load the code, which is number 0, and answer until there is nobody left to ask."""
        source = self._link.receive()[1]
        module, problem = load(source.encode("utf-8", "surrogatepass"))
        self._objects[0] = module
        if problem is not None:
            self._link.send(["unloadable", problem])
            return
        self._link.send(["loaded"])
        while True:
            self._link.reply(self._link.receive())

    def _do(self, asked: list[Any]) -> list[Any]:
        name, arguments, named = asked
        try:
            function = _OPERATIONS[name]
            value = function(*map(self._given, arguments), **{key: self._given(one) for key, one in named.items()})
        except BaseException as error:
            return ["raised", *words(error)]
        try:
            encode(value)
        except NotPlainError:
            number = len(self._objects)
            self._objects[number] = value
            return ["object", number, type(value).__name__[:100]]
        return ["value", value]

    def _given(self, argument: list[Any]) -> Any:
        kind, what = argument
        if kind == "object":
            return self._objects[what]
        if kind == "function":
            return lambda *arguments: self._call_back(what, arguments)
        return what

    def _call_back(self, number: int, arguments: tuple[Any, ...]) -> Any:
        passed = []
        for argument in arguments:
            try:
                encode(argument)
                passed.append(["value", argument])
            except NotPlainError:
                self._objects[len(self._objects)] = argument
                passed.append(["object", len(self._objects) - 1, type(argument).__name__[:100]])
        kind, what = self._link.ask(number, passed)
        if kind == "raised":
            known = getattr(builtins, what, None)
            raise known if isinstance(known, type) and issubclass(known, Exception) else RuntimeError(what)
        return self._given([kind, what])


def main() -> None:
    """What the sandbox of the code under test runs."""
    Candidate().serve()
