"""The journal of a build: what is done of a package, so that a killed build goes on where it was."""

import json
import os
from pathlib import Path
from typing import Any

from textgym.envs.code.bank.cache import cache_folder
from textgym.envs.code.bank.catalogue import PackageSpec

FORMAT = 1
"""Raised when what is mined, or how, changes: journals of other formats are begun anew."""


class Journal:
    """Steps by name, each with what came of it as JSON; appended to a file, a line a step.

    A line that was cut short by a crash, and what follows it, is forgotten.
    """

    def __init__(self, spec: PackageSpec) -> None:
        self.path: Path = cache_folder() / "bank" / f"{spec.label}-{spec.sha256[:8]}-{FORMAT}.jsonl"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._steps: dict[str, Any] = {}
        self._read()

    def _read(self) -> None:
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return
        good = 0
        for line in data.splitlines(keepends=True):
            try:
                name, value = json.loads(line)
            except (ValueError, TypeError):
                break
            if not line.endswith(b"\n"):
                break
            self._steps[name] = value
            good += len(line)
        if good < len(data):
            os.truncate(self.path, good)

    def get(self, step: str) -> Any:
        """What came of a step; None if it was not done yet."""
        return self._steps.get(step)

    def put(self, step: str, value: Any) -> None:
        """Take down what came of a step."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([step, value]) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._steps[step] = value

    def forget(self) -> None:
        """Begin anew."""
        self.path.unlink(missing_ok=True)
        self._steps.clear()
