"""Ways to run one piece of Python source, from a bare fork to a fresh container, behind one signature."""

import contextlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from textgym.sandbox import Limits
from textgym.sandbox.owners import owner_labels
from textgym.sandbox.pool import Sandbox

LIMITS = Limits(wall_s=30, cpu_s=20)
PRINT = "print(1)"
UNITTEST = """
import unittest
class Test(unittest.TestCase):
    def test_sum(self):
        self.assertEqual(sum([1, 2, 3]), 6)
    def test_sorted(self):
        self.assertEqual(sorted([3, 1, 2]), [1, 2, 3])
    def test_raises(self):
        with self.assertRaises(ValueError):
            int("x")
unittest.TextTestRunner().run(unittest.defaultTestLoader.loadTestsFromTestCase(Test))
"""

Work = Callable[[str, int], list[float]]
"""Runs a source so often, and returns the wall seconds of each run."""


def repeated(once: Callable[[str], object], callers: int = 1) -> Work:
    """Work of so many callers, each waiting for its result before the next call."""

    def timed(source: str) -> float:
        began = time.perf_counter()
        once(source)
        return time.perf_counter() - began

    def work(source: str, count: int) -> list[float]:
        if callers == 1:
            return [timed(source) for _ in range(count)]
        with ThreadPoolExecutor(callers) as threads:
            return list(threads.map(timed, [source] * count))

    return work


def in_sandbox(box: Sandbox) -> Callable[[str], object]:
    """A call of ours; one that does not exit with 0 stops the benchmark."""

    def once(source: str) -> None:
        result = box.run_python(source, limits=LIMITS)
        if not result.ok:
            raise RuntimeError(f"a call failed: {result}")

    return once


def in_process(*prefix: str) -> Callable[[str], object]:
    """A command a call, the source as its last argument."""
    return lambda source: subprocess.run([*prefix, source], capture_output=True, check=True)


def bare_python() -> Callable[[str], object]:
    """An interpreter a call, with no isolation."""
    return in_process(sys.executable, "-I", "-c")


def bubblewrapped() -> Callable[[str], object] | None:
    """An interpreter a call inside bubblewrap; None where that is not installed or not allowed."""
    program = shutil.which("bwrap")
    if program is None:
        return None
    prefix = Path(sys.base_prefix)
    mounts = [place for place in ("/usr", "/lib", "/lib64", "/bin", str(prefix)) if Path(place).exists()]
    command = [program, "--unshare-all", "--die-with-parent", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    for place in dict.fromkeys(mounts):
        command += ["--ro-bind", place, place]
    once = in_process(*command, str(prefix / "bin" / "python3"), "-I", "-c")
    with contextlib.suppress(subprocess.CalledProcessError):
        once(PRINT)
        return once
    return None


@contextmanager
def forks() -> Iterator[Work]:
    """The bare limit, from a small process of its own."""
    command = [sys.executable, "-I", str(Path(__file__).with_name("forks.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None

        def work(source: str, count: int) -> list[float]:
            server.stdin.write(json.dumps([source, count]) + "\n")
            server.stdin.flush()
            answer: list[float] = json.loads(server.stdout.readline())
            return answer

        yield work
        server.stdin.close()


class Engine:
    """What a Docker engine offers beside us, through its own SDK: `exec` in a kept container, and a container a call.

    Args:
        image: the image that our sandbox uses too.
        stack: removes the container at the end.
    """

    def __init__(self, image: str, stack: ExitStack) -> None:
        import docker

        self.client: Any = docker.from_env(timeout=120, max_pool_size=64)
        self.image = image
        self._plain = {"network_mode": "none", "mem_limit": "512m", "init": True, "labels": owner_labels()}
        stack.callback(self.client.close)
        self._kept = self.client.containers.run(image, ["sleep", "86400"], detach=True, **self._plain)
        stack.callback(self._kept.remove, force=True)

    def execute(self, source: str) -> None:
        """`docker exec` in the kept container."""
        code, output = self._kept.exec_run(["python3", "-I", "-c", source])
        if code != 0:
            raise RuntimeError(f"docker exec failed: {output!r}")

    def fresh(self, source: str) -> None:
        """A container made, run and removed."""
        self.client.containers.run(self.image, ["python3", "-I", "-c", source], remove=True, stderr=True, **self._plain)
