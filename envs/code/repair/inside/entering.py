"""What a program does before it runs anything of a package: the same surroundings for each, whatever the machine's.

Loaded in a sandbox before any package is seen, under the name `textgym_entering`.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence


def enter(root: str, search_path: Sequence[str]) -> int:
    """Go into the tree that is in the folder `root` and find modules there; the number of the result channel."""
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
