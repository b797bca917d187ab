"""Garbage collection while episodes wait."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ALLOCATIONS = 20_000
"""Objects that come to be, more than go, before the youngest are looked through; Python's own figure is 700 to 2,000."""

_lock = threading.Lock()
_runs = 0
_before: tuple[int, int, int] | None = None


@contextmanager
def rare_collections() -> Iterator[None]:
    """Let Python look for garbage less often in the body; afterwards as often as before.

    A thousand episodes that wait hold some ten thousand small objects, each for as long as one wait. Collecting every few
    hundred allocations looks through the living again and again and makes old ones of them: a quarter of a run's CPU time.
    Bodies may overlap. Where collection is switched off, or rarer already, or is set anew meanwhile, it is left alone.
    """
    global _runs, _before
    with _lock:
        _runs += 1
        if _runs == 1:
            found = gc.get_threshold()
            if 0 < found[0] < ALLOCATIONS:
                _before = found
                gc.set_threshold(ALLOCATIONS, *found[1:])
    try:
        yield
    finally:
        with _lock:
            _runs -= 1
            if _runs == 0 and _before is not None:
                if gc.get_threshold() == (ALLOCATIONS, *_before[1:]):
                    gc.set_threshold(*_before)
                _before = None
