"""What an attack is, and how its end is judged: in the host, from bytes that are assumed to be hostile."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from textgym.sandbox.limits import Limits
from textgym.sandbox.results import RunResult, Status

BREACH = "BREACH:"
"""What a program writes at the beginning of a line when something worked that must not work."""

_DONE = "tried everything"

_PRELUDE = f'''
import os, sys

def attempt(what, action):
    """Try something that must be refused."""
    try:
        got = action()
    except BaseException as error:
        print("held:", what, type(error).__name__, error)
    else:
        print("{BREACH}", what, repr(got)[:300])

def expect(what, holds):
    """Look at something that must be so."""
    print("held:" if holds else "{BREACH}", what)

def done():
    print("{_DONE}", flush=True)
'''

_SYSCALLS = """
import ctypes
_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
MACHINE = os.uname().machine
X86 = MACHINE == "x86_64"

def syscall(numbers, *args):
    # numbers: on x86_64 and on aarch64
    number = numbers if isinstance(numbers, int) else numbers[0 if X86 else 1]
    wide = [ctypes.c_long(each) if isinstance(each, int) else each for each in args]
    got = _libc.syscall(ctypes.c_long(number), *wide)
    if got < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return got
"""


class Runner(Protocol):
    """What an attack is run in: a `Sandbox`, or anything that runs Python likewise."""

    def run_python(
        self, source: str, *, files: Mapping[str, bytes] = ..., stdin: bytes = ..., limits: Limits, result: bool = ...
    ) -> RunResult:
        """Run a program."""


@dataclass(frozen=True, slots=True)
class Attack:
    """A small hostile program, and how a sandbox that holds ends it.

    Attributes:
        number: its place in the list of attacks.
        name: an identifier.
        promise: what holds, in words, when the attack fails.
        source: the program. `attempt(what, action)` marks a breach where `action` is not refused, `expect(what, holds)`
            where something does not hold, and `done()` says that the program came to its end.
        statuses: the statuses with which the call may end.
        limits: the limits of the call.
        stdin: what it reads.
        result: whether it gets a result channel.
        completes: whether the program must come to its `done()`.
        exit_code, signal: the only right ones, where there are such.
        check: a further look at the result; says what is wrong, or nothing.
        telling: part of the self-test of a host, where time is short.
    """

    number: int
    name: str
    promise: str
    source: str
    statuses: tuple[Status, ...] = ("exit",)
    limits: Limits = field(default_factory=lambda: Limits(wall_s=10, cpu_s=10))
    stdin: bytes = b""
    result: bool = False
    completes: bool = False
    exit_code: int | None = None
    signal: int | None = None
    check: Callable[[RunResult], str] | None = None
    telling: bool = False

    @property
    def program(self) -> str:
        """The source with what it uses."""
        return _PRELUDE + (_SYSCALLS if "syscall(" in self.source else "") + self.source

    def run(self, box: Runner) -> list[str]:
        """Run it in a sandbox; what went wrong, in words, and nothing where the sandbox held."""
        return self.judge(
            box.run_python(self.program, stdin=self.stdin, limits=self.limits, result=self.result, files={})
        )

    def judge(self, result: RunResult) -> list[str]:
        """What is wrong with this end of the program, in words."""
        wrong = breaches(result)
        if result.retried:
            wrong.append("the first sandbox was lost")
        if result.status not in self.statuses:
            wrong.append(f"ended with {_ending(result)} where {' or '.join(self.statuses)} was to be")
        for name in ("exit_code", "signal"):
            expected, got = getattr(self, name), getattr(result, name)
            if expected is not None and result.status in ("exit", "signal") and got != expected:
                wrong.append(f"{name} is {got} where {expected} was to be")
        if self.completes and _DONE.encode() not in result.stdout:
            wrong.append(f"did not come to its end: {_ending(result)}")
        if self.check is not None and (finding := self.check(result)):
            wrong.append(finding)
        return wrong


def breaches(result: RunResult) -> list[str]:
    """The lines in which a program says that something worked."""
    lines = result.stdout.decode(errors="backslashreplace").splitlines()
    return [line[:300] for line in lines if line.startswith(BREACH)]


def prelude() -> str:
    """`attempt`, `expect` and `done`, for programs outside the table."""
    return _PRELUDE


def _ending(result: RunResult) -> str:
    words = f"status {result.status}, exit code {result.exit_code}, signal {result.signal}"
    tail = result.stderr[-300:].decode(errors="backslashreplace").strip()
    return words + (f", {result.detail}" if result.detail else "") + (f", stderr ends {tail!r}" if tail else "")


_PROBE = """
import json, os, sys

me, here = os.getpid(), os.getcwd()
places = {here, os.path.expanduser("~"), "/tmp", "/var/tmp", "/run", "/run/lock", "/dev/shm", "/dev/mqueue", "/var/lock"}
mounts = set()
with open("/proc/self/mountinfo") as lines:
    for line in lines:
        mounts.add(line.split()[4].encode().decode("unicode_escape"))
left = {}
for place in sorted(places | mounts):
    if place.startswith(("/proc", "/sys")) or not os.path.isdir(place) or not os.access(place, os.W_OK):
        continue
    try:
        names = [os.path.join(place, name) for name in os.listdir(place)]
    except OSError as error:
        left[place] = str(error)
        continue
    expected = {*mounts, os.path.abspath(__file__), "/dev/pts/ptmx"}
    names = [name for name in names if name not in expected and not (here + "/").startswith(name + "/")]
    if names:
        left[place] = sorted(names)[:10]

processes = []
for pid in os.listdir("/proc"):
    if pid.isdigit() and int(pid) != me:
        try:
            with open("/proc/" + pid + "/status") as status:
                fields = dict(line.rstrip().split(":", 1) for line in status)
        except OSError:
            continue
        if int(fields["Uid"].split()[0]) == os.getuid():
            processes.append(fields["Name"].strip())

objects = []
for kind in ("shm", "msg", "sem"):
    try:
        with open("/proc/sysvipc/" + kind) as lines:
            objects += [kind for _ in lines][1:]
    except OSError:
        pass
threads = len(os.listdir("/proc/self/task"))
print(json.dumps({"left": left, "processes": sorted(processes), "ipc": objects, "threads": threads}))
"""


@dataclass(frozen=True, slots=True)
class Traces:
    """What a program finds of the programs before it.

    Attributes:
        left: files in writable places, by place.
        processes: names of other processes of its user.
        ipc: System V objects.
        threads: how many threads it has.
    """

    left: dict[str, Any]
    processes: list[str]
    ipc: list[str]
    threads: int

    def beyond(self, before: "Traces") -> list[str]:
        """What is there and was not before, in words."""
        wrong = [f"left behind in {place}: {names}" for place, names in self.left.items()]
        if len(self.processes) > len(before.processes):
            wrong.append(f"processes left behind: {self.processes}, before {before.processes}")
        if self.ipc:
            wrong.append(f"System V objects left behind: {self.ipc}")
        if self.threads != before.threads:
            wrong.append(f"{self.threads} threads in a new program, before {before.threads}")
        return wrong


def look(box: Runner) -> Traces:
    """Run a harmless program that looks for traces of earlier ones.

    Raises:
        AssertionError: it does not even run.
    """
    result = box.run_python(_PROBE, limits=Limits(wall_s=20, cpu_s=10))
    if not result.ok:
        raise AssertionError(f"a harmless program no longer runs: {_ending(result)}")
    if result.retried:
        raise AssertionError("the sandbox was lost before a harmless program ran")
    return Traces(**json.loads(result.stdout))
