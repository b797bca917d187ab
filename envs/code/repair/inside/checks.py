"""Runs tests of the tree for the policy, with the pytest that is loaded already. The output is pytest's own."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

import pytest

ORDER: dict[str, Any] = {}

HOME = os.getcwd()
REPO = os.path.join(HOME, "repo")
os.unlink("main.py")
os.chdir(REPO)
os.environ.update(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", PYTHONDONTWRITEBYTECODE="1", TERM="dumb", COLUMNS="80", TZ="UTC")
time.tzset()
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(REPO, place) for place in ORDER["search_path"]]
sys.path.append(os.path.join(HOME, "extras"))
sys.exit(int(pytest.main(ORDER["arguments"])))
