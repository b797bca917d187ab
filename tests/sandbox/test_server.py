"""The server behind bubblewrap: what one call leaves, what it answers, and what it does with a host that misbehaves."""

import json
import os
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from textgym.sandbox.bwrap import BwrapProvider
from textgym.sandbox.calls import HEADER, Call, Transport, frame, read_message
from textgym.sandbox.errors import SandboxError, SandboxLostError
from textgym.sandbox.limits import Limits
from textgym.sandbox.session_messages import start_head
from textgym.sandbox.slots import SlotLease
from textgym.sandbox.supervisor import MUST_HOLD, SlotConfig, Supervisor, failed_checks

pytestmark = pytest.mark.sandbox
SHORT = Limits(wall_s=5, cpu_s=2, memory_mb=256)


@pytest.fixture(scope="module")
def provider() -> BwrapProvider:
    provider = BwrapProvider()
    reason = provider.available()
    if reason is not None:
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return provider


@pytest.fixture(scope="module")
def lease() -> Iterator[SlotLease]:
    lease = SlotLease()
    yield lease
    lease.release()


@pytest.fixture(scope="module")
def shared(provider: BwrapProvider, lease: SlotLease) -> Iterator[Supervisor]:
    supervisor = Supervisor(provider.start(lease.slot), provider.config(lease.slot))
    yield supervisor
    supervisor.kill()


@pytest.fixture
def supervisor(shared: Supervisor) -> Iterator[Supervisor]:
    """After every test: the supervisor lives, nothing is left in its directories, and no process of a program."""
    yield shared
    if shared.discard:
        return
    left = shared.run(
        Call(
            source="import os\n"
            "users = [line.split()[1] for pid in os.listdir('/proc') if pid.isdigit()"
            " for line in open(f'/proc/{pid}/status') if line.startswith('Uid:')]\n"
            "print([os.listdir(p) for p in ('/box', '/tmp', '/dev/shm')],"
            " users.count(str(os.getuid())), oct(os.stat('/box').st_mode))"
        )
    )
    # Without a uid of its own a program has that of the supervisor and the zygote.
    own = 1 if os.geteuid() == 0 else 3
    assert left.stdout == f"[['main.py'], [], []] {own} 0o41777\n".encode(), left


def run(supervisor: Supervisor, source: str, **limits: float) -> str:
    """Status and output of a program, in a line."""
    result = supervisor.run(Call(source=source, limits=SHORT.model_copy(update=limits)))
    return f"{result.status} {result.exit_code} {result.signal} {result.stdout.decode().strip()}"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("print(1)", "exit 0 None 1"),
        ("import sys; sys.exit(3)", "exit 3 None"),
        ("import sys; sys.exit(300)", "exit 44 None"),
        ("import sys; print(2); sys.exit('no')", "exit 1 None 2"),
        ("exit()", "exit 0 None"),
        ("1 /", "exit 1 None"),
        ("raise ValueError", "exit 1 None"),
        ("import os; os._exit(7)", "exit 7 None"),
        ("import os; os.abort()", "signal None 6"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "signal None 9"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "signal None 24"),
        ("import atexit; atexit.register(print, 'bye'); print('hi')", "exit 0 None hi\nbye"),
        ("import threading; threading.Timer(0.05, print, ['late']).start()", "exit 0 None late"),
        ("class A:\n def __del__(self): print('freed')\na = A()", "exit 0 None freed"),
        ("import sys; sys.excepthook = lambda *a: print('hook'); 1 / 0", "exit 1 None hook"),
        ("print(__name__, __file__); import sys; print(sys.argv)", "exit 0 None __main__ /box/main.py\n['main.py']"),
        ("import sys; print([m for m in sys.modules if m.startswith('server')])", "exit 0 None []"),
        ("import multiprocessing as m\nwith m.Pool(2) as p: print(p.map(abs, [-1]))", "exit 0 None [1]"),
        ("x = bytearray(10**10)", "memory None None"),
        ("def f(): f()\nf()", "exit 1 None"),
    ],
)
def test_a_program_ends_as_under_the_interpreter(supervisor: Supervisor, source: str, expected: str) -> None:
    assert run(supervisor, source).strip() == expected


def test_an_unclosed_file_is_written(supervisor: Supervisor) -> None:
    call = Call(source="f = open('o', 'w'); f.write('data')", files_out=["o"])
    assert supervisor.run(call).files == {"o": b"data"}


def test_a_traceback_shows_the_programs_lines_and_none_of_ours(supervisor: Supervisor) -> None:
    result = supervisor.run(Call(source="def f():\n    return 1 / 0\nf()"))
    text = result.stderr.decode()
    assert text.count("File ") == text.count('File "/box/main.py"') == 2
    assert "return 1 / 0" in text


def test_hashes_of_text_are_the_same_in_every_sandbox(provider: BwrapProvider, supervisor: Supervisor) -> None:
    with_lease = SlotLease()
    other = Supervisor(provider.start(with_lease.slot), provider.config(with_lease.slot))
    try:
        assert run(other, "print(hash('a'))") == run(supervisor, "print(hash('a'))")
    finally:
        other.kill()
        with_lease.release()


def test_nothing_carries_over(supervisor: Supervisor) -> None:
    dirty = "import builtins, sys, os, json, random\nbuiltins.print = None; json.dumps = None; sys.path.append('/x')\n"
    dirty += "os.environ['A'] = '1'; random.seed(1)\nfor p in ('/box', '/tmp', '/dev/shm'): open(p + '/x', 'w').close()"
    run(supervisor, dirty)
    clean = "import os, sys, json, random\nprint(json.dumps(1), '/x' in sys.path, 'A' in os.environ)"
    assert run(supervisor, clean) == "exit 0 None 1 False False"


def test_heaps_hold_nothing_of_earlier_calls(supervisor: Supervisor) -> None:
    """The marker is put together at run time, so that the scan cannot find itself."""
    marker = "needle" * 3
    supervisor.run(Call(source=f"print('{marker}')", stdin=marker.encode(), files={"f": marker.encode()}))
    scan = (
        "import re\nmarker, hits = ('need' + 'le').encode() * 3, 0\n"
        "with open('/proc/self/maps') as maps, open('/proc/self/mem', 'rb') as memory:\n"
        "    for line in maps:\n"
        "        low, high, mode = re.match(r'(\\w+)-(\\w+) (..)', line).groups()\n"
        "        if mode == 'rw':\n"
        "            memory.seek(int(low, 16)); data = memory.read(int(high, 16) - int(low, 16))\n"
        "            hits += data.count(marker) - data.count(marker + b'le'); del data\n"
        "print('hits', hits)"
    )
    found = run(supervisor, scan, memory_mb=1024)
    # The scanner's own copies of its own marker: no more than a handful, and none is of the earlier call's length.
    assert found.startswith("exit 0 None hits"), found
    assert int(found.split()[-1]) <= 4, found


def test_what_a_program_leaves_behind_is_ended_at_once(supervisor: Supervisor) -> None:
    source = "import os, time\nif os.fork() == 0:\n    os.setsid()\n    os.fork()\n    time.sleep(60)\nprint('parent')"
    assert run(supervisor, source) == "exit 0 None parent"


@pytest.mark.parametrize(
    "source",
    [
        "import os\nwhile 1:\n    try: os.fork()\n    except OSError: pass",
        "import signal, time\nfor i in range(1, 65):\n    try: signal.signal(i, signal.SIG_IGN)\n    except (OSError, ValueError): pass\nwhile 1: time.sleep(1)",
        "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
        "import os, time; os.close(1); os.close(2); time.sleep(60)",
        "sum(range(10 ** 12))",
    ],
)
def test_a_program_that_does_not_end_is_ended(supervisor: Supervisor, source: str) -> None:
    assert run(supervisor, source, wall_s=0.5, cpu_s=30).startswith("timeout")
    assert not supervisor.discard


def test_cpu_time_is_bounded_also_when_the_signal_is_ignored(supervisor: Supervisor) -> None:
    source = "import signal; signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile 1: pass"
    assert run(supervisor, source, cpu_s=1, wall_s=30).startswith("cpu None 9")


@pytest.mark.parametrize("stream", ["1", "2", "int(__import__('os').environ['RESULT_FD'])"])
def test_a_flood_is_cut_and_ended(supervisor: Supervisor, stream: str) -> None:
    source = f"import os\nwhile 1: os.write({stream}, b'x' * 65536)"
    result = supervisor.run(Call(source=source, result=True, limits=Limits(wall_s=30, output_kb=100, result_kb=100)))
    assert result.status == "output_limit"
    assert max(len(result.stdout), len(result.stderr), len(result.result or b"")) == 100 * 1024


def test_streams_are_bytes_up_to_exactly_the_limit(supervisor: Supervisor) -> None:
    data = bytes(range(256)) * 4
    source = f"import sys; sys.stdout.buffer.write({data!r}); sys.stderr.buffer.write({data!r} + b'x')"
    result = supervisor.run(Call(source=source, limits=Limits(output_kb=1)))
    assert (result.stdout, result.stdout_truncated) == (data, False)
    assert (result.stderr, result.stderr_truncated, result.status) == (data, True, "output_limit")


def test_a_large_stdin_that_nobody_reads_does_no_harm(supervisor: Supervisor) -> None:
    assert supervisor.run(Call(source="print(1)", stdin=bytes(32 << 20))).stdout == b"1\n"


@pytest.mark.parametrize(
    "source",
    [
        "while 1: f = open('f', 'ab'); f.write(bytes(1 << 20)); f.close()",
        "for i in range(10**6): open(str(i), 'w').close()",
        "import os\nfor i in range(10**6): os.mkdir('d'); os.chdir('d')",
    ],
)
def test_the_disk_ends_and_is_empty_afterwards(supervisor: Supervisor, source: str) -> None:
    assert run(supervisor, source, file_mb=1000).startswith("exit 1")
    assert not supervisor.discard


def test_closed_and_sticky_directories_are_removed(supervisor: Supervisor) -> None:
    source = (
        "import os\nos.mkdir('a'); os.mkdir('a/b'); open('a/b/c', 'w'); os.mkdir('s'); os.mkdir('s/t')\n"
        "open('s/x', 'w'); os.chmod('s', 0o1777); os.chmod('s', 0); os.chmod('a/b', 0); os.chmod('a', 0)\n"
    )
    assert run(supervisor, source) == "exit 0 None "
    assert not supervisor.discard


def test_files_out_are_regular_files_of_the_working_directory(supervisor: Supervisor) -> None:
    source = (
        "import os, socket\nos.symlink('/etc/ld.so.cache', 'link'); os.mkfifo('fifo'); os.mkdir('dir')\n"
        "os.symlink('/etc', 'etc'); socket.socket(socket.AF_UNIX).bind('sock')\n"
        "f = open('sparse', 'wb'); f.truncate(1 << 23); open('dir/ok', 'wb').write(b'ok')\n"
        "open('closed', 'w'); os.chmod('closed', 0)"
    )
    names = ["link", "fifo", "dir", "etc/ld.so.cache", "sock", "sparse", "missing", "dir/ok", "closed"]
    result = supervisor.run(Call(source=source, files_out=names, limits=Limits(files_out_kb=64)))
    assert result.files == {"dir/ok": b"ok"}
    assert set(result.file_errors) == set(names) - {"dir/ok"}


def test_a_call_that_cannot_be_begun_says_why(supervisor: Supervisor) -> None:
    for call in (
        Call(argv=["no-such-program"]),
        Call(source="1", files={"main.py": b""}),
        Call(source="1", files={"a": b"", "a/b": b""}),
        Call(source="1", env={"A=B": "1"}),
    ):
        result = supervisor.run(call)
        assert result.status == "setup_error"
        assert result.detail


def test_a_program_cannot_pose_as_one_that_was_not_begun(supervisor: Supervisor) -> None:
    source = (
        'import os\nfor fd in range(3, 1024):\n    try: os.write(fd, b\'["setup_error", "forged"]\')\n'
        "    except OSError: pass\nos._exit(127)"
    )
    assert run(supervisor, source) == "exit 127 None "


def test_argv_runs_with_the_interpreter_and_a_shell(supervisor: Supervisor) -> None:
    call = Call(argv=["sh", "-c", "cat; echo $A >&$RESULT_FD"], stdin=b"in", env={"A": "b"}, result=True)
    result = supervisor.run(call)
    assert (result.stdout, result.result) == (b"in", b"b\n")
    assert supervisor.run(Call(argv=["python3", "-c", "print(2)"])).stdout == b"2\n"


REFUSED = {
    "another abi": "import ctypes, mmap\nm = mmap.mmap(-1, 4096, prot=7); m.write(bytes.fromhex('b814000000cd80c3'))\n"
    "ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(m)))()",
    "x32": "import ctypes\nctypes.CDLL(None).syscall(ctypes.c_long(0x40000000 + 39))",
}


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="only x86_64 has another system call table")
@pytest.mark.parametrize("name", REFUSED)
def test_other_system_call_tables_are_deadly(supervisor: Supervisor, name: str) -> None:
    assert run(supervisor, REFUSED[name]) == "signal None 31 "


def test_no_child_can_be_given_to_the_zygote(supervisor: Supervisor) -> None:
    source = (
        "import ctypes, errno\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "number = {'x86_64': 56, 'aarch64': 220}[__import__('os').uname().machine]\n"
        "print(libc.syscall(ctypes.c_long(number), ctypes.c_long(0x8000 | 17), None, None, None, None),"
        " ctypes.get_errno() == errno.EPERM)"
    )
    assert run(supervisor, source) == "exit 0 None -1 True"


def test_the_self_test_is_whole_and_decides(supervisor: Supervisor) -> None:
    checks = supervisor.hello["checks"]
    assert checks.keys() >= MUST_HOLD
    assert failed_checks(supervisor.hello) == []
    assert failed_checks({"checks": {**checks, "ptrace": "allowed"}}) == ["ptrace: allowed"]
    assert failed_checks({"checks": {}})
    assert failed_checks({})


def test_a_place_that_would_not_be_wiped_is_refused(provider: BwrapProvider) -> None:
    lease = SlotLease()
    right = provider.config(lease.slot)
    wrong = SlotConfig(uid=right.uid, gid=right.gid, environ=right.environ, oom=right.oom, wipe=("/box", "/dev/shm"))
    with pytest.raises(SandboxError, match="writable: /tmp"):
        Supervisor(provider.start(lease.slot), wrong)
    lease.release()


@pytest.fixture
def raw(provider: BwrapProvider, monkeypatch: pytest.MonkeyPatch) -> Iterator[Transport]:
    """The bytes to a started supervisor."""
    lease = SlotLease()
    transport = provider.start(lease.slot)
    Supervisor(transport, provider.config(lease.slot))
    yield transport
    transport.kill()
    lease.release()


@pytest.mark.parametrize(
    "bad",
    [
        frame({"op": "nonsense"}),
        frame({"op": "run"}, b"body"),
        HEADER.pack(4, 0) + b"\xff\xff[]",
        HEADER.pack(2, 3) + b"[]" + b"abc",
        HEADER.pack((1 << 20) + 1, 0) + bytes((1 << 20) + 1),
    ],
)
def test_a_bad_frame_is_refused_and_the_next_one_served(raw: Transport, bad: bytes) -> None:
    raw.send(bad)
    head, _ = read_message(raw, 10, 1000)
    assert head["op"] == "error"
    raw.send(frame({"op": "ping"}))
    assert read_message(raw, 10, 0)[0] == {"op": "pong"}


def test_a_host_that_vanishes_takes_everything_with_it(provider: BwrapProvider) -> None:
    lease = SlotLease()
    transport = provider.start(lease.slot)
    Supervisor(transport, provider.config(lease.slot))
    process = transport._process
    source = b"import time; time.sleep(60)"
    head = {
        "op": "run",
        "argv": None,
        "source": len(source),
        "stdin": 0,
        "files": [],
        "env": {},
        "files_out": [],
        "limits": Limits(wall_s=60).model_dump(),
        "result": False,
    }
    transport.send(frame(head, source))
    process.stdin.close()
    assert process.wait(timeout=20) is not None
    transport.kill()
    lease.release()


@pytest.mark.parametrize("busy", [True, False])
def test_a_host_that_vanishes_takes_a_session_with_it(raw: Transport, busy: bool) -> None:
    head, body = start_head(Call(argv=["sleep", "60"]), stdin=True, channel=False)
    raw.send(frame({**head, "op": "open", "life_s": 60.0}, body))
    assert read_message(raw, 20, 0)[0] == {"op": "started", "ended": None}
    if busy:
        raw.send(
            frame({"op": "talk", "stdin": 0, "channel": 0, "until": "any", "ends": False, "eof": False, "wall_s": 60})
        )
    raw._process.stdin.close()
    assert raw._process.wait(timeout=20) is not None


@pytest.mark.parametrize(
    "bad",
    [
        {"op": "open"}, {"op": "run"}, {"op": "talk"}, {"op": "signal", "signal": "x"}, {"op": "put", "files": [["a"]]},
        {"op": "put", "files": [["a", 9]]}, {"op": "fetch", "names": 7, "most": 9}, {"op": "gather", "known": {}}, {},
    ],
)  # fmt: skip
def test_a_bad_frame_in_a_session_is_refused_and_the_session_goes_on(raw: Transport, bad: dict[str, object]) -> None:
    head, body = start_head(Call(argv=["cat"]), stdin=True, channel=False)
    raw.send(frame({**head, "op": "open", "life_s": 60.0}, body))
    read_message(raw, 20, 0)
    raw.send(frame(bad))
    assert read_message(raw, 20, 0)[0]["op"] == "error"
    raw.send(frame({"op": "close"}))
    assert read_message(raw, 20, 0)[0] == {"op": "closed", "discard": False}
    raw.send(frame({"op": "ping"}))
    assert read_message(raw, 10, 0)[0] == {"op": "pong"}


@pytest.mark.parametrize("life", [None, "long", []])
def test_a_malformed_opening_opens_no_session(raw: Transport, life: object) -> None:
    head, body = start_head(Call(argv=["cat"]), stdin=True, channel=False)
    raw.send(frame({**head, "op": "open", "life_s": life}, body))
    assert read_message(raw, 20, 0)[0]["op"] == "error"
    raw.send(frame({"op": "ping"}))
    assert read_message(raw, 10, 0)[0] == {"op": "pong"}


def test_a_dead_sandbox_is_lost_and_says_so(provider: BwrapProvider) -> None:
    lease = SlotLease()
    transport = provider.start(lease.slot)
    supervisor = Supervisor(transport, provider.config(lease.slot))
    transport.kill()
    with pytest.raises(SandboxLostError):
        supervisor.run(Call(source="print(1)"))
    assert supervisor.discard
    lease.release()


def test_a_server_that_was_not_tested_is_refused(provider: BwrapProvider) -> None:
    lease = SlotLease()
    transport = provider.start(lease.slot)
    hello = json.dumps({"op": "hello", "protocol": 1}).encode()
    program = f"import os; os.write(1, {struct.pack('!II', len(hello), 0) + hello!r})\n while os.read(0, 99999): pass"
    message = json.dumps({"modules": [["main", f"def main(message):\n {program}"]], "entry": "main"}).encode()
    transport.send(len(message).to_bytes(4, "big") + message)
    with pytest.raises(SandboxError, match="no self-test"):
        Supervisor(transport, provider.config(lease.slot))
    lease.release()


@pytest.mark.skipif(os.geteuid() != 0, reason="control groups of one's own need root here")
def test_memory_of_all_processes_together_is_bounded(provider: BwrapProvider) -> None:
    if not provider.describe()["cgroup"]:
        pytest.skip("no control group can be made on this host")
    lease = SlotLease()
    small = BwrapProvider(memory_mb=128)
    supervisor = Supervisor(small.start(lease.slot), small.config(lease.slot))
    source = (
        "import os, time\nfor i in range(6):\n    if os.fork() == 0: break\n"
        "x = [bytearray(b'x' * (1 << 20)) for _ in range(60)]\ntime.sleep(5)"
    )
    result = supervisor.run(Call(source=source, limits=Limits(wall_s=20)))
    assert result.status in ("memory", "exit"), result
    assert supervisor.run(Call(source="print(1)")).stdout == b"1\n"
    supervisor.kill()
    lease.release()


@pytest.mark.skipif(os.geteuid() != 0, reason="control groups of one's own need root here")
def test_control_groups_go_with_their_sandbox(provider: BwrapProvider) -> None:
    def mine() -> list[Path]:
        return list(Path("/sys/fs/cgroup").glob(f"**/textgym-{os.getpid()}-*"))

    before = mine()
    lease = SlotLease()
    transport = provider.start(lease.slot)
    time.sleep(0.1)
    transport.kill()
    assert mine() == before
    lease.release()


def test_an_interrupt_reaches_a_program_as_under_the_interpreter(supervisor: Supervisor) -> None:
    source = (
        "import os, signal\ntry:\n    os.kill(os.getpid(), signal.SIGINT)\nexcept KeyboardInterrupt:\n    print('here')"
    )
    assert run(supervisor, source) == "exit 0 None here"
    call = Call(argv=["sh", "-c", "kill -INT $$; echo no"])
    assert supervisor.run(call).signal == 2
