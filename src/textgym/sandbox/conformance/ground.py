"""What every group of conformance tests stands on: an open sandbox, a canary on the host, and a look around afterwards."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from textgym.sandbox.conformance.attack import Traces, breaches, look, prelude
from textgym.sandbox.limits import Limits
from textgym.sandbox.opening import open_sandbox
from textgym.sandbox.pool import Sandbox
from textgym.sandbox.results import RunResult

CANARY = "TEXTGYM_CANARY"
"""An environment variable of the host that no program may see."""

QUICK = Limits(wall_s=15, cpu_s=10)


class Ground:
    """The base of the groups of tests.

    Attributes:
        provider: a provider's name. A provider that has none overrides `open`.
    """

    provider: ClassVar[str] = ""

    _box: ClassVar[Sandbox]
    _before: ClassVar[Traces]
    _host: ClassVar[Path]
    _secret: ClassVar[str]

    @classmethod
    def open(cls, slots: int = 1) -> Sandbox:
        """A sandbox of the provider."""
        return open_sandbox(cls.provider, slots=slots)

    @classmethod
    def setup_class(cls) -> None:
        """Open what the tests of the class share; pytest calls it."""
        cls._secret = secrets.token_hex(16)
        cls._host = Path(tempfile.mkdtemp(prefix="textgym-canary-"))
        cls._host.chmod(0o777)
        (cls._host / "file").write_text(cls._secret)
        (cls._host / "file").chmod(0o666)
        os.environ[CANARY] = cls._secret
        cls._box = cls.open()
        cls._before = look(cls._box)

    @classmethod
    def teardown_class(cls) -> None:
        """Close it; pytest calls it."""
        os.environ.pop(CANARY, None)
        cls._box.close()
        shutil.rmtree(cls._host)

    @contextmanager
    def attacking(self) -> Iterator[list[str]]:
        """Collects what went wrong, adds what an attack left behind, and fails if there is anything."""
        wrong: list[str] = []
        yield wrong
        wrong += look(self._box).beyond(self._before)
        if os.listdir(self._host) != ["file"] or (self._host / "file").read_text() != self._secret:
            wrong.append("files of the host were changed")
        if wrong:
            raise AssertionError("\n".join(wrong[:20]))

    def run(
        self,
        program: str,
        *,
        files: Mapping[str, bytes] | None = None,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        limits: Limits = QUICK,
        files_out: tuple[str, ...] = (),
        box: Sandbox | None = None,
    ) -> tuple[RunResult, list[str]]:
        """Run a program that uses `attempt`, `expect` and `done`; its result, and what is wrong with it."""
        result = (box or self._box).run_python(
            prelude() + program, files=files or {}, stdin=stdin, env=env or {}, limits=limits, files_out=files_out
        )
        wrong = breaches(result)
        if not result.ok or result.retried:
            wrong.append(f"{result.status}, exit code {result.exit_code}, {result.detail} {result.stderr[-500:]!r}")
        return result, wrong
