"""Bubblewrap that is not where the system keeps its programs, such as in a virtual environment below /tmp."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from textgym.sandbox import open_sandbox

pytestmark = pytest.mark.sandbox


def test_it_is_used_from_wherever_the_path_finds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(prefix="textgym it's here ", dir="/tmp") as place:
        found = shutil.which("bwrap")
        assert found is not None
        shutil.copy2(found, Path(place, "bwrap"))
        monkeypatch.setenv("PATH", f"{place}:{os.environ['PATH']}")
        with open_sandbox("bwrap", slots=1) as box:
            assert box.describe()["bwrap"] == str(Path(place, "bwrap"))
            result = box.run_python("import os; print(sorted(os.listdir('/proc/self/fd')), os.listdir('/tmp'))")
    assert result.ok
    assert result.stdout == b"['0', '1', '2', '3'] []\n"
