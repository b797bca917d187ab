"""Attacks that use up what there is: processes, time, memory, disk, files, output."""

from collections.abc import Callable

from textgym.sandbox.conformance.attack import Attack
from textgym.sandbox.limits import Limits
from textgym.sandbox.results import RunResult

_SECOND = Limits(wall_s=1, cpu_s=10)
_HALF = Limits(wall_s=0.5, cpu_s=10)
_ONE_CPU = Limits(wall_s=8, cpu_s=1)
_SMALL_OUTPUT = Limits(wall_s=10, cpu_s=10, output_kb=64, result_kb=64)
_BYTES = bytes(range(256)) * 64 + b"\x00\x1b[2J\xed\xa0\x80\xff\r\n"


def _capped(stream: str) -> Callable[[RunResult], str]:
    def check(result: RunResult) -> str:
        data, truncated = getattr(result, stream), getattr(result, f"{stream}_truncated")
        if len(data) != _SMALL_OUTPUT.output_kb * 1024 or not truncated:
            return f"{len(data)} bytes of {stream} kept, truncated: {truncated}"
        return ""

    return check


def _small_result(result: RunResult) -> str:
    size = len(result.result or b"")
    return f"{size} bytes of the result kept" if size > _SMALL_OUTPUT.result_kb * 1024 else ""


def _exact(result: RunResult) -> str:
    return "" if result.stdout == _BYTES and result.stderr == _BYTES[::-1] else "the bytes are not as written"


PROCESSES = [
    Attack(
        1,
        "fork_bomb",
        "A fork bomb ends at the wall limit, and no process of it is left.",
        """
while True:
    try:
        os.fork()
    except OSError:
        pass
""",
        ("timeout",),
        _SECOND,
        telling=True,
    ),
    Attack(
        2,
        "daemon",
        "A daemon ends with its program, and its files go with it.",
        """
import time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        while True:
            with open("daemon-was-here", "a") as file:
                file.write("x")
            time.sleep(0.01)
    os._exit(0)
os.wait()
done()
""",
        completes=True,
        telling=True,
    ),
    Attack(
        3,
        "orphan_holds_stdout",
        "Nobody waits for an orphan that keeps stdout open.",
        """
import time
done()
if os.fork() == 0:
    os.setsid()
    time.sleep(600)
os._exit(0)
""",
        completes=True,
    ),
    Attack(
        3,
        "thread_crowd",
        "Threads count as processes do.",
        """
import threading, time
started = 0
try:
    for _ in range(2000):
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
        started += 1
except RuntimeError:
    pass
expect("no more threads than allowed: %d" % started, started <= 64)
done()
sys.stdout.flush()
os._exit(0)
""",
        completes=True,
    ),
    Attack(
        4,
        "ignores_signals",
        "A program that ignores every signal ends at the wall limit.",
        """
import signal, time
for number in range(1, signal.NSIG):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    time.sleep(600)
""",
        ("timeout",),
        _HALF,
        telling=True,
    ),
    Attack(
        5, "loop", "An endless loop ends at the CPU limit.", "while True:\n    pass\n", ("cpu", "timeout"), _ONE_CPU
    ),
    Attack(
        5,
        "loop_in_c",
        "A loop in C, which no signal handler interrupts, ends at the CPU limit.",
        """
import signal
signal.signal(signal.SIGXCPU, signal.SIG_IGN)
sum(range(10**15))
""",
        ("cpu", "timeout"),
        _ONE_CPU,
        telling=True,
    ),
    Attack(
        6,
        "stops_itself",
        "A program that stops itself ends at the wall limit.",
        "import signal\nos.kill(os.getpid(), signal.SIGSTOP)\n",
        ("timeout",),
        _HALF,
    ),
    Attack(
        15,
        "closes_its_streams",
        "A program that closes its streams and sleeps ends at the wall limit.",
        "import time\nos.close(1)\nos.close(2)\ntime.sleep(600)\n",
        ("timeout",),
        _HALF,
    ),
]

MEMORY_AND_DISK = [
    Attack(
        7,
        "memory_bomb",
        "A program that takes memory without end ends with status memory.",
        "hoard = []\nwhile True:\n    hoard.append(bytearray(8 << 20))\n",
        ("memory",),
        Limits(wall_s=20, cpu_s=10, memory_mb=128),
        telling=True,
    ),
    Attack(
        7,
        "huge_mapping",
        "No more address space than allowed can be mapped.",
        """
import mmap
attempt("map 64 GB", lambda: mmap.mmap(-1, 64 << 30))
attempt("allocate 64 GB", lambda: bytearray(64 << 30))
done()
""",
        completes=True,
    ),
    Attack(
        8,
        "memory_bomb_of_many",
        "Eight processes that take memory end without harm to the sandbox.",
        """
for _ in range(8):
    if os.fork() == 0:
        hoard = []
        try:
            while True:
                hoard.append(bytearray(4 << 20))
        except MemoryError:
            os._exit(3)
for _ in range(8):
    os.wait()
done()
""",
        ("exit", "memory", "signal", "timeout"),
        Limits(wall_s=15, cpu_s=10, memory_mb=128, processes=16),
    ),
    Attack(
        9,
        "fills_the_disk",
        "The working directory, and every other writable place, is full at a bounded size.",
        """
import errno
written, block = 0, b"x" * (1 << 20)
for place in (".", "/tmp", "/var/tmp", "/dev/shm"):
    if not os.access(place, os.W_OK):
        continue
    try:
        for number in range(2000):
            with open(os.path.join(place, "fill-%d" % number), "wb") as file:
                file.write(block)
            written += 1
            if written >= 1024:
                break
    except OSError as error:
        expect("full: " + str(error), error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.ENOMEM))
expect("bounded: %d MB" % written, written < 1024)
done()
""",
        ("exit", "memory"),
        Limits(wall_s=20, cpu_s=20),
        telling=True,
    ),
    Attack(
        9,
        "one_large_file",
        "No file grows beyond its limit.",
        """
def grow():
    with open("large", "wb") as file:
        for _ in range(64):
            file.write(b"x" * (1 << 20))
attempt("a file of 64 MB", grow)
attempt("a sparse file of 1 TB", lambda: os.truncate("large", 1 << 40))
done()
""",
        completes=True,
        limits=Limits(wall_s=20, cpu_s=10, file_mb=4),
    ),
    Attack(
        10,
        "empty_files",
        "The number of files is bounded.",
        """
made = 0
try:
    while made < 100_000:
        os.close(os.open("f%d" % made, os.O_CREAT | os.O_WRONLY))
        made += 1
except OSError as error:
    print("held:", error)
expect("bounded: %d files" % made, made < 100_000)
done()
""",
        completes=True,
        limits=Limits(wall_s=20, cpu_s=20),
        telling=True,
    ),
    Attack(
        11,
        "deep_directories",
        "A tree of 3,000 levels is gone afterwards.",
        """
try:
    for _ in range(3000):
        os.mkdir("d")
        os.chdir("d")
except OSError as error:
    print("held:", error)
done()
""",
        completes=True,
        telling=True,
    ),
    Attack(
        12,
        "locked_directories",
        "Directories without permissions are gone afterwards.",
        """
for name in ("a", "a/b", "a/b/c"):
    os.mkdir(name)
    with open(name + "/file", "w") as file:
        file.write("x")
os.symlink("/", "a/b/root")
for name in ("a/b/c", "a/b", "a"):
    os.chmod(name, 0)
try:
    os.chmod(".", 0)
except OSError as error:
    print("held:", error)
done()
""",
        completes=True,
    ),
    Attack(
        13,
        "open_files",
        "The number of open files is bounded.",
        """
def open_many():
    for _ in range(5000):
        os.open("/dev/null", os.O_RDONLY)
attempt("5,000 open files", open_many)
os.write(1, b"tried everything")
""",
        completes=True,
    ),
]

OUTPUT = [
    Attack(
        14,
        f"floods_{stream}",
        f"A flood on {stream} ends the program at once, and the first bytes are kept.",
        f'while True:\n    os.write({number}, b"x" * 65536)\n',
        ("output_limit",),
        _SMALL_OUTPUT,
        check=_capped(stream),
        telling=stream == "stdout",
    )
    for number, stream in ((1, "stdout"), (2, "stderr"))
] + [
    Attack(
        14,
        "floods_result",
        "A flood on the result channel ends the program at once.",
        'fd = int(os.environ["RESULT_FD"])\nwhile True:\n    os.write(fd, b"x" * 65536)\n',
        ("output_limit", "malformed_result"),
        _SMALL_OUTPUT,
        result=True,
        check=_small_result,
    ),
    Attack(
        16,
        "any_bytes",
        "Every byte comes out as it was written.",
        f"data = {_BYTES!r}\nos.write(1, data)\nos.write(2, data[::-1])\n",
        exit_code=0,
        check=_exact,
    ),
    Attack(
        16,
        "long_line",
        "A line of 10 MB is cut at the limit.",
        'sys.stdout.write("x" * 10_000_000)\nsys.stdout.flush()\n',
        ("output_limit",),
        _SMALL_OUTPUT,
        check=_capped("stdout"),
    ),
]
