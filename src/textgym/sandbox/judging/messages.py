"""What either side may say, checked before it is passed on: nobody is asked what was not, and only who was asked answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

_STATUSES = ("passed", "failed", "raised")
_MAX_NAME = 100
_MAX_WORDS = 300


class MalformedMessageError(ValueError):
    """The code under test said something else than what it may say now."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a test ended, as the tests' side tells.

    Attributes:
        name: its name.
        status: how it ended.
        detail: why, in words.
    """

    name: str
    status: Literal["passed", "failed", "raised"]
    detail: str


Pending = Sequence[tuple[Literal["judge", "candidate"], int]]
"""The questions that wait for an answer, the innermost last: who asked, and the number of the question."""


def from_candidate(message: Any, pending: Pending) -> list[Any]:
    """A message of the code under test: the answer to the last question, or a call of a function that it was given.

    Raises:
        MalformedMessageError: it is anything else.
    """
    if type(message) is not list or not pending or pending[-1][0] != "judge":
        raise MalformedMessageError("it said something that is no message")
    match message:
        case ["answer", int(number), list(outcome)] if number == pending[-1][1] and _is_outcome(outcome):
            return message
        case ["answer", *_]:
            raise MalformedMessageError("its answer is out of order or none")
        case ["ask", int(number), int(function), list(given)] if type(function) is int and type(number) is int:
            if all(type(one) is list and one[:1] != ["raised"] and _is_outcome(one) for one in given):
                return message
    raise MalformedMessageError("it said something that is no message")


def from_judge(message: Any, pending: Pending, names: Sequence[str], done: int) -> list[Any] | Result | None:
    """A message of the tests: a question, an answer, the result of the next test, or None at their end.

    Raises:
        MalformedMessageError: it is anything else.
    """
    if type(message) is not list:
        raise MalformedMessageError("the tests said something that is no message")
    match message:
        case ["ask", int(), str(), list(), dict()]:
            return message
        case ["answer", int(number), list()] if pending and pending[-1] == ("candidate", number):
            return message
        case ["result", int(number), str(name), str(status), str(detail)] if not pending:
            if number == done < len(names) and name == names[done] and status in _STATUSES:
                return Result(name, cast(Literal["passed", "failed", "raised"], status), detail[:_MAX_WORDS])
        case ["done"] if not pending and done == len(names):
            return None
        case ["unloadable", str(problem)] if not pending and done == 0:
            raise MalformedMessageError(f"the tests cannot be loaded: {problem}")
    raise MalformedMessageError("the tests said something that is no message")


def _is_outcome(outcome: list[Any]) -> bool:
    match outcome:
        case ["value", _]:
            return True
        case ["object", int(number), str(kind)]:
            return type(number) is int and number >= 0 and len(kind) <= _MAX_NAME
        case ["raised", str(name), str(words)]:
            return len(name) <= _MAX_NAME and len(words) <= _MAX_WORDS
    return False
