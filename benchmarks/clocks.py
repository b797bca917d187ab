"""Wall time, and CPU time of this process together with its worker processes."""

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self


def children(pid: int | None = None) -> list[int]:
    """Process ids of all living descendants; empty where there is no /proc (macOS)."""
    found: list[int] = []
    for listing in Path(f"/proc/{pid or os.getpid()}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, listing.read_text().split()):
                found += [child, *children(child)]
    return found


def cpu_of(pid: int) -> float:
    """CPU seconds of another living process; 0 where it is gone or the system does not say."""
    try:
        return time.clock_gettime((~pid << 3) | 2)  # Linux's clock id of a process: clock_getcpuclockid(3)
    except OSError:
        return 0.0


def reaped_cpu() -> float:
    """CPU seconds of the children that have ended and were waited for."""
    times = os.times()
    return times.children_user + times.children_system


def resident_mb(pid: int | None = None) -> float:
    """Memory in use by a process, in MB; 0 where there is no /proc."""
    try:
        pages = int(Path(f"/proc/{pid or os.getpid()}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def open_files() -> int:
    """Number of open file descriptors of this process; 0 where the system does not list them."""
    for listing in ("/proc/self/fd", "/dev/fd"):
        with suppress(OSError):
            return len(os.listdir(listing))
    return 0


@dataclass(slots=True)
class Stopwatch:
    """Wall and CPU time of what happens inside a `with`, in seconds.

    Attributes:
        workers: whether the CPU time of child processes counts. Looking for them takes longer than a short round, so it
            happens before the clocks start and after they stop.
        wall: seconds of wall time.
        cpu: seconds of CPU time.
    """

    workers: bool = True
    wall: float = 0.0
    cpu: float = 0.0

    def __enter__(self) -> Self:
        self.cpu = -self._workers_cpu()
        self.cpu -= time.process_time()
        self.wall = -time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall += time.perf_counter()
        self.cpu += time.process_time()
        self.cpu += self._workers_cpu()
        if self.workers and not Path("/proc/self/task").exists():
            self.cpu = self.wall  # nobody says what the workers used

    def _workers_cpu(self) -> float:
        return sum(map(cpu_of, children())) + reaped_cpu() if self.workers else 0.0

    @property
    def running(self) -> float:
        """Seconds of wall time since the start, while inside."""
        return time.perf_counter() + self.wall


def machine_cpu() -> float:
    """CPU seconds of the whole machine so far, whoever used them.

    A container's cost falls on the engine, on its helpers and inside the container, mostly on processes that are gone when
    one looks. Only the machine's own account has all of it; it also has what else ran.
    """
    with suppress(OSError):
        return int(Path("/sys/fs/cgroup/cpuacct/cpuacct.usage").read_text()) / 1e9  # control groups, version 1
    with suppress(OSError, IndexError):
        return int(Path("/sys/fs/cgroup/cpu.stat").read_text().split()[1]) / 1e6  # version 2
    with suppress(OSError):
        user, nice, system, _, _, irq, softirq, *_ = Path("/proc/stat").read_text().split()[1:]
        return sum(map(int, (user, nice, system, irq, softirq))) / os.sysconf("SC_CLK_TCK")
    return 0.0
