"""Who gets the next free slot of a pool: whoever has waited longest."""

import collections
import threading
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class TurnsClosedError(Exception):
    """Nobody gets a turn any more."""


class _Turn(Generic[T]):
    """Somebody who waits, and what he gets in the end."""

    __slots__ = ("come", "given")

    def __init__(self) -> None:
        self.come = threading.Event()
        self.given: T | None = None


class Turns(Generic[T]):
    """Things that are used by one caller at a time; any thread may take one and give it back.

    A thing that is given back goes straight to the caller who has waited longest. Were it put where any caller finds it, one
    that calls without a pause would find it every time, before those who wait have even woken up.

    Args:
        things: what there is to be used; what was used last is used next.
    """

    def __init__(self, things: Iterable[T]) -> None:
        self._lock = threading.Lock()
        self._free = list(things)
        self._waiting: collections.deque[_Turn[T]] = collections.deque()
        self._closed = False

    def take(self) -> T:
        """The next free one; waits for it.

        Raises:
            TurnsClosedError: there are no more turns.
        """
        with self._lock:
            if self._closed:
                raise TurnsClosedError
            if self._free:
                return self._free.pop()
            turn: _Turn[T] = _Turn()
            self._waiting.append(turn)
        try:
            turn.come.wait()
        except BaseException:
            with self._lock:
                if turn in self._waiting:
                    self._waiting.remove(turn)
            if turn.given is not None:
                self.give_back(turn.given)
            raise
        if turn.given is None:
            raise TurnsClosedError
        return turn.given

    def take_all_free(self) -> list[T]:
        """All that nobody uses now; does not wait."""
        with self._lock:
            taken, self._free = self._free, []
        return taken

    def give_back(self, thing: T) -> None:
        """Let the next one have it."""
        with self._lock:
            if not self._waiting:
                self._free.append(thing)
                return
            turn = self._waiting.popleft()
            turn.given = thing
            turn.come.set()

    def close(self) -> None:
        """Turn away who waits and who comes."""
        with self._lock:
            self._closed = True
            while self._waiting:
                self._waiting.popleft().come.set()
