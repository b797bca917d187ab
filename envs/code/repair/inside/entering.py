"""What a program does before it runs anything of a package: the same surroundings for each, whatever the machine's.

Loaded in a sandbox before any package is seen, under the name `textgym_entering`.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

KEPT: list[bytes] = []


def enter(root: str, search_path: Sequence[str], apart: int = 0) -> int:
    """Go into the tree that is in the folder `root` and find modules there; the number of the result channel.

    Forks of one process lay the same objects at the same addresses. Where two runs are to tell whether anything hangs on
    addresses or on a clock, one of them lays `apart` objects before, and lives so many days later.
    """
    if apart:
        KEPT.extend([bytes(number % 500) for number in range(apart)][::2])
        for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time"):
            setattr(time, name, shifted(getattr(time, name), apart * 86_461.7))
            setattr(time, f"{name}_ns", shifted(getattr(time, f"{name}_ns"), apart * 86_461_700_000_000))
    home = os.getcwd()
    channel = int(os.environ.pop("RESULT_FD"))
    os.unlink("main.py")
    os.chdir(os.path.join(home, root))
    os.environ.update(
        PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", PYTHONDONTWRITEBYTECODE="1", TERM="dumb", COLUMNS="80", TZ="UTC"
    )
    time.tzset()
    sys.dont_write_bytecode = True
    sys.path[:0] = [os.path.join(home, root, place) for place in search_path]
    sys.path.append(os.path.join(home, "extras"))
    return channel


def shifted(clock: Callable[[], Any], later: float) -> Callable[[], Any]:
    """A clock that is ahead of another."""
    return lambda: clock() + later
