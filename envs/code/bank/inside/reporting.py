"""How values get to the host, and how work in a fork reports."""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

CHANNEL = int(os.environ.pop("RESULT_FD", "1"))
_FAULT = 70
_IDLE_S = 8.0  # a busy machine lets everyone run once in a while

Tell = Callable[[Any], None]


def say(value: Any) -> None:
    """Report one value to the host."""
    _write(CHANNEL, value)


def cpu_of(who: int) -> float:
    """CPU seconds so far of this process, or of its children that have ended."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def limited(work: Callable[[Tell], None], cpu_s: float, tell: Tell) -> str:
    """Run `work(report)` in a fork that ends after some CPU seconds; `tell` gets what it reports.

    Returns:
        How it ended: `exit`, `cpu` (too many CPU seconds, or none for a long while), or `crash`.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _child(work, cpu_s, writer)
    os.close(writer)
    late = not _listen(reader, child, time.monotonic() + 10 * cpu_s + 20, tell)
    if late:
        os.kill(child, signal.SIGKILL)
    os.close(reader)
    _, status = os.waitpid(child, 0)
    if late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGPROF, signal.SIGXCPU)):
        return "cpu"
    return "exit" if os.WIFEXITED(status) and os.WEXITSTATUS(status) != _FAULT else "crash"


def _child(work: Callable[[Tell], None], cpu_s: float, writer: int) -> None:
    try:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, cpu_s)
        work(lambda value: _write(writer, value))
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode("utf-8", "replace"))
        os._exit(_FAULT)
    os._exit(0)


def _listen(reader: int, child: int, deadline: float, tell: Tell) -> bool:
    """Hand on what is reported until the reporter has ended; False once it is late, or waits for what never comes."""
    rest = b""
    ticks, moved = -1, time.monotonic()
    while time.monotonic() < deadline:
        if not select.select([reader], [], [], 0.5)[0]:
            now = _ticks(child)
            if now != ticks:
                ticks, moved = now, time.monotonic()
            elif time.monotonic() - moved > _IDLE_S:
                return False
            continue
        chunk = os.read(reader, 1 << 16)
        if not chunk:
            return True
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            tell(json.loads(line))
    return False


def _ticks(process: int) -> int:
    """Clock ticks of CPU time that a process has used, its threads included."""
    with open(f"/proc/{process}/stat", encoding="ascii", errors="replace") as file:
        fields = file.read().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _write(channel: int, value: Any) -> None:
    data = json.dumps(value).encode() + b"\n"
    while data:
        data = data[os.write(channel, data) :]
