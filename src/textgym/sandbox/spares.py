"""Spare sandboxes of a pool: started before they are needed, and ended after they were, beside the calls."""

import collections
import logging
import threading
import time
from collections.abc import Callable

from textgym.core import TextgymError
from textgym.sandbox.started import StartedSandbox

_log = logging.getLogger(__name__)


class Spares:
    """Places for sandboxes beside those that serve; any thread may use them.

    A place holds a sandbox that is ready, or one that is on its way up or down: there are never more of all three than
    places. One thread does the work while there is some.

    Args:
        start: starts a sandbox.
        places: how many there are. With none, whoever needs a sandbox starts it, and whoever is done with one ends it.
    """

    def __init__(self, start: Callable[[], StartedSandbox], places: int) -> None:
        self._start = start
        self._places = places
        self._lock = threading.Lock()
        self._ready: collections.deque[StartedSandbox] = collections.deque()
        self._retired: collections.deque[StartedSandbox] = collections.deque()
        self._worker: threading.Thread | None = None
        self._at_work = False
        self._reserved = 0
        self._closed = False

    def fill(self) -> None:
        """Have every free place filled; does not wait for it."""
        with self._lock:
            self._wake()

    def take(self, old: StartedSandbox | None = None) -> StartedSandbox | None:
        """A sandbox that answers, if one is ready.

        Args:
            old: one that it takes the place of. It is ended: in the place of the spare, or a free one, and beside the caller;
                before this returns if there is none.
        """
        while (spare := self._reserve()) is not None:
            if spare.supervisor.answers():
                break
            spare.end()
            with self._lock:
                self._reserved -= 1
        with self._lock:
            self._reserved -= spare is not None
            kept = old is not None and not self._closed and self._used() < self._places
            if old is not None and kept:
                self._retired.append(old)
                self._wake()
        if old is not None and not kept:
            old.end()
        if spare is not None:
            spare.serving_since = time.monotonic()
        return spare

    def _reserve(self) -> StartedSandbox | None:
        """A sandbox that is ready, whose place stays taken."""
        with self._lock:
            if self._closed or not self._ready:
                return None
            self._reserved += 1
            return self._ready.popleft()

    def close(self) -> None:
        """End them all; returns when they are gone."""
        with self._lock:
            self._closed = True
            worker = self._worker
        if worker is not None:
            worker.join()
        with self._lock:
            left = [*self._ready, *self._retired]
            self._ready.clear()
            self._retired.clear()
        for sandbox in left:
            sandbox.end()

    def _used(self) -> int:
        return len(self._ready) + len(self._retired) + self._at_work + self._reserved

    def _has_work(self) -> bool:
        return not self._closed and (bool(self._retired) or self._used() < self._places)

    def _wake(self) -> None:
        """Have a worker look after the places; the lock is held."""
        if self._worker is None and self._has_work():
            self._worker = threading.Thread(target=self._work, name="textgym-sandbox-spares", daemon=True)
            self._worker.start()

    def _work(self) -> None:
        """End what is retired, then fill the places, until nothing is left to do or no sandbox can be started."""
        able = True
        while True:
            with self._lock:
                if not able or not self._has_work():
                    self._worker = None
                    return
                retired = self._retired.popleft() if self._retired else None
                self._at_work = True
            started = None
            if retired is not None:
                retired.end()
            else:
                started = self._start_one()
                able = started is not None
            with self._lock:
                self._at_work = False
                if started is not None:
                    self._ready.append(started)

    def _start_one(self) -> StartedSandbox | None:
        """A sandbox; None where it cannot be started: who needs one next will start it, and be told why not."""
        try:
            return self._start()
        except (TextgymError, OSError) as error:
            _log.warning("a spare sandbox could not be started: %s", error)
            return None
