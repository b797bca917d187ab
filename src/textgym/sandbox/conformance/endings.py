"""Attacks on how an end is understood: clocks, crashes, odd exit codes."""

from collections.abc import Callable

from textgym.sandbox.conformance.attack import Attack
from textgym.sandbox.limits import Limits
from textgym.sandbox.results import RunResult


def _says(expected: bytes) -> Callable[[RunResult], str]:
    def check(result: RunResult) -> str:
        return "" if expected in result.stderr else f"stderr does not hold {expected!r}: {result.stderr[-200:]!r}"

    return check


CLOCKS = [
    Attack(
        45,
        "turns_the_clock",
        "A program's clocks and timers do not move its wall limit.",
        """
import signal, time
attempt("set the clock", lambda: time.clock_settime(time.CLOCK_REALTIME, 0))
signal.signal(signal.SIGALRM, lambda *_: None)
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
frozen = time.monotonic()
time.monotonic = time.time = time.perf_counter = lambda: frozen
sys.stdout.flush()
while True:
    time.sleep(60)
""",
        ("timeout",),
        Limits(wall_s=0.5, cpu_s=10),
    ),
]

ENDINGS = [
    Attack(
        46,
        "recursion",
        "Endless recursion is an ordinary error.",
        "def deeper():\n    return deeper()\ndeeper()\n",
        exit_code=1,
        check=_says(b"RecursionError"),
    ),
    Attack(
        46,
        "recursion_in_c",
        "A stack that overflows in C is a segmentation fault, or an ordinary error.",
        """
import sys
sys.setrecursionlimit(10**8)
nested = []
for _ in range(10**6):
    nested = [nested]
repr(nested)
""",
        ("signal", "exit", "memory"),
        Limits(wall_s=20, cpu_s=10),
    ),
    Attack(
        46,
        "segmentation_fault",
        "A crash has its signal.",
        "import ctypes\nctypes.string_at(0)\n",
        ("signal",),
        signal=11,
        telling=True,
    ),
    Attack(46, "abort", "An abort has its signal.", "os.abort()\n", ("signal",), signal=6),
    Attack(
        46,
        "kills_itself",
        "A program that kills itself has its signal.",
        "import signal\nos.kill(os.getpid(), signal.SIGKILL)\n",
        ("signal", "memory"),
        signal=9,
    ),
    Attack(46, "exit_code", "An exit code comes out as it is.", "sys.exit(42)\n", exit_code=42),
    Attack(46, "large_exit_code", "Of an exit code the low byte counts.", "sys.exit(256 + 7)\n", exit_code=7),
    Attack(46, "exit_text", "An exit with a text is a failure.", "sys.exit('no')\n", exit_code=1, check=_says(b"no")),
    Attack(46, "bare_exit", "os._exit is an exit.", "os._exit(5)\n", exit_code=5),
    Attack(
        46,
        "no_program",
        "What is no program ends as an error of that program.",
        "\x00\x01\x02 this is no Python (",
        exit_code=1,
    ),
    Attack(
        46,
        "exception",
        "An uncaught exception is told on stderr.",
        "raise ValueError('told')\n",
        exit_code=1,
        check=_says(b"ValueError: told"),
    ),
    Attack(
        46,
        "exits_in_a_thread",
        "A thread that exits takes nothing along, and atexit functions run.",
        """
import atexit, threading
atexit.register(done)
threading.Thread(target=lambda: sys.exit(3)).start()
""",
        exit_code=0,
        completes=True,
    ),
]
