"""The host between the tests and the code under test: passes on what each may say, and takes the verdict from the tests."""

import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from textgym.sandbox.calls import Call
from textgym.sandbox.driver import NotPlainError, decode, encode
from textgym.sandbox.errors import SandboxLostError, SessionEndedError
from textgym.sandbox.judging.library import CANDIDATE, JUDGE
from textgym.sandbox.judging.messages import MalformedMessageError, Pending, Result, from_candidate, from_judge
from textgym.sandbox.judging.verdict import Judged, TestStatus, TestVerdict
from textgym.sandbox.limits import Limits
from textgym.sandbox.results import Status as RunStatus
from textgym.sandbox.session import Seat, Session
from textgym.sandbox.session_messages import Turn

_SIZE = struct.Struct("!I")
_MOST_NESTED = 32
_MAX_WORDS = 300

TakeSeats = Callable[[], tuple[Seat, Seat]]


class _EndedError(Exception):
    """A side said something else than a message, or nothing any more."""

    def __init__(self, status: RunStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


class _Side(Session):
    """One of the two programs, which says one message at a time."""

    def __init__(self, seat: Seat, module: str, limits: Limits, deadline: float) -> None:
        self._deadline = deadline
        call = Call(source=f"import {module}\n{module}.main()\n", limits=limits)
        life = max(0.01, deadline - time.monotonic() + 5)
        super().__init__(seat, call, life, stdin=False, channel=True, announced=True)

    def told(self, message: list[Any]) -> Any:
        """What it says when it is told something.

        Raises:
            _EndedError: it ended, exceeded a limit, or said something that is no message.
        """
        text = encode(message).encode()
        with self._using():
            left = self._deadline - time.monotonic()
            turn = self._talk("frame", max(0.0, left), channel=_SIZE.pack(len(text)) + text, ends=True)
        if turn.end is not None and not turn.channel:
            raise _EndedError(*_how_it_ended(turn))
        size = len(turn.channel) - _SIZE.size
        if size < 0 or _SIZE.unpack_from(turn.channel)[0] != size:
            if turn.end is not None and turn.end.status not in ("exit", "signal"):
                raise _EndedError(*_how_it_ended(turn))
            raise _EndedError("malformed_result", "something else than one message was written")
        try:
            return decode(turn.channel[_SIZE.size :].decode("ascii"))
        except (NotPlainError, UnicodeDecodeError) as error:
            raise _EndedError("malformed_result", f"a message is malformed: {error}"[:_MAX_WORDS]) from None


def _how_it_ended(turn: Turn) -> tuple[RunStatus, str]:
    assert turn.end is not None
    end = turn.end
    if end.status == "exit":
        return "exit", f"its process exited with code {end.exit_code}"
    if end.status == "signal":
        return "signal", f"signal {end.signal} ended its process"
    return end.status, end.detail or f"it ran into the limit: {end.status}"


def judge_objects(take_seats: TakeSeats, source: str, tests: str, names: list[str], limits: Limits) -> Judged:
    """Run tests on a source, each in a sandbox of its own.

    Args:
        take_seats: gives two seats in one pool, for the code and for the tests.
        source: the code under test.
        tests: Python source of the tests.
        names: their names, as `test_names` finds them.
        limits: of both programs; the wall limit is that of all tests together.
    """
    try:
        return _attempt(take_seats, source, tests, names, limits)
    except SandboxLostError:
        pass
    try:
        return _attempt(take_seats, source, tests, names, limits)
    except SandboxLostError as error:
        return _verdict(names, [], "lost", str(error))


def _attempt(take_seats: TakeSeats, source: str, tests: str, names: list[str], limits: Limits) -> Judged:
    seats = take_seats()
    deadline = time.monotonic() + limits.wall_s
    sides: list[_Side] = []
    try:
        for seat, module in zip(seats, (CANDIDATE, JUDGE), strict=True):
            sides.append(_Side(seat, module, limits, deadline))
    except SessionEndedError as error:
        return _verdict(names, [], "judge_error", str(error))
    else:
        return _Relay(sides[0], sides[1], names).judge(source, tests)
    finally:
        for side in sides:
            side.close()
        for seat in seats[len(sides) :]:
            seat.leave()


@dataclass(slots=True)
class _Relay:
    candidate: _Side
    judge_side: _Side
    names: list[str]

    def judge(self, source: str, tests: str) -> Judged:
        """The verdict."""
        results: list[Result] = []
        try:
            loaded = self.candidate.told(["load", source])
        except _EndedError as error:
            return _verdict(self.names, results, error.status, error.detail)
        match loaded:
            case ["loaded"]:
                pass
            case ["unloadable", str(problem)]:
                refused = [TestVerdict(name, False, "unloadable", problem[:_MAX_WORDS]) for name in self.names]
                return Judged(False, "ok", tuple(refused))
            case _:
                return _verdict(
                    self.names, results, "malformed_result", "it said something else than that it is loaded"
                )
        return self._run(["load", tests, self.names], results)

    def _run(self, opening: list[Any], results: list[Result]) -> Judged:
        pending: list[tuple[Literal["judge", "candidate"], int]] = []
        speaker, message = "judge", opening
        try:
            while True:
                if speaker == "judge":
                    said = self._from_judge(message, pending, len(results))
                    if said is None:
                        return _verdict(self.names, results, None, "")
                    if isinstance(said, Result):
                        results.append(said)
                        message = ["go"]
                        continue
                else:
                    said = from_candidate(self.candidate.told(message), pending)
                if said[0] == "ask":
                    if len(pending) == _MOST_NESTED:
                        raise _EndedError("malformed_result", "questions are nested too deep")
                    pending.append(("judge" if speaker == "judge" else "candidate", said[1]))
                else:
                    pending.pop()
                speaker, message = "candidate" if speaker == "judge" else "judge", said
        except _JudgeError as error:
            return _verdict(self.names, results, "judge_error", str(error))
        except MalformedMessageError as error:
            return _verdict(self.names, results, "malformed_result", str(error))
        except _EndedError as error:
            return _verdict(self.names, results, error.status, error.detail)

    def _from_judge(self, message: list[Any], pending: Pending, done: int) -> list[Any] | Result | None:
        try:
            return from_judge(self.judge_side.told(message), pending, self.names, done)
        except MalformedMessageError as error:
            raise _JudgeError(str(error)) from None
        except _EndedError as error:
            # What the code gives may exhaust the tests' own limits, and a loop over it need not end.
            if error.status in ("timeout", "cpu", "memory", "output_limit"):
                raise
            raise _JudgeError(error.detail) from None


class _JudgeError(Exception):
    """The tests themselves failed."""


def _verdict(
    names: list[str], results: list[Result], status: RunStatus | Literal["judge_error"] | None, detail: str
) -> Judged:
    """The verdict after these results; with a status, on what prevented the others."""
    done = [TestVerdict(one.name, one.status == "passed", one.status, one.detail) for one in results]
    if status is None:
        return Judged(all(test.passed for test in done), "ok", tuple(done))
    left: TestStatus = "setup_error" if status == "judge_error" else status
    if status == "malformed_result":
        done = []  # nothing that such a program took part in is a result
    rest = [TestVerdict(name, False, left, detail[:_MAX_WORDS]) for name in names[len(done) :]]
    return Judged(False, status, (*done, *rest), detail[:_MAX_WORDS])
