"""Runs a package's tests inside a sandbox: once, over mutants in memory, or over mutants on disk.

The working directory holds `order.json`, the test tools in `tools`, further modules in `extras` and the package's tree in
`repo`. What is found goes to the result channel, one JSON value a line. The order names a `mode`: see `suite`, `hot` and
`cold`.
"""

from __future__ import annotations

import json
import os
import sys
from typing import NoReturn

from .tree import HOME, REPO


def main() -> NoReturn:
    """Do what the order says, and end without the package's exit handlers."""
    with open("order.json", encoding="utf-8") as file:
        order = json.load(file)
    os.unlink("order.json")
    os.chdir(REPO)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.dont_write_bytecode = True
    sys.path[:] = [each for each in sys.path if os.path.abspath(each or HOME) != HOME]
    sys.path.insert(0, os.path.join(HOME, "tools"))
    sys.argv[:] = ["pytest"]
    from . import cold, hot, suite  # pytest, before the package is on the search path
    from .reporting import CHANNEL

    os.set_inheritable(CHANNEL, False)
    sys.path[:0] = [os.path.join(REPO, place) for place in order["search_path"]]
    sys.path.append(os.path.join(HOME, "extras"))
    {"run": suite.run, "hot": hot.run, "cold": cold.run}[order["mode"]](order)
    os._exit(0)
