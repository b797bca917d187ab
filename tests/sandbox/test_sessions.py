"""Sessions over every provider that keeps its sandboxes: slots, threads, coroutines, trees, and what is refused."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.sandboxes import BOTH, Watched
from textgym.sandbox import (
    Call,
    FileTree,
    Limits,
    Sandbox,
    SandboxLostError,
    SessionEndedError,
    SessionFileError,
    SessionTimeoutError,
    Shell,
    open_sandbox,
)
from textgym.sandbox.shell import SHELL

LIMITS = Limits(wall_s=20, output_kb=64)


@pytest.fixture(params=BOTH)
def watched(request: pytest.FixtureRequest) -> Watched:
    return Watched(request.param)


@pytest.fixture
def counted(watched: Watched) -> Iterator[Sandbox]:
    """A pool whose sandboxes a test can count and end."""
    with open_sandbox(watched, slots=2, spares=0, limits=LIMITS) as pool:
        yield pool


@pytest.fixture(params=BOTH, scope="module")
def box(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A pool for all tests: what one of them leaves open, the others wait for in vain."""
    with open_sandbox(request.param, slots=2, spares=0, limits=LIMITS) as pool:
        yield pool


def test_a_session_has_its_slot_alone_until_it_is_closed(counted: Sandbox, watched: Watched) -> None:
    with counted.session() as one, counted.session() as two:
        assert one.run("id -u").stdout != two.run("id -u").stdout or watched.name == "bwrap"
        waiting = ThreadPoolExecutor(1)
        third = waiting.submit(counted.run_python, "print('third')")
        assert one.run("echo 1").stdout == b"1\n"
        assert not third.done()
        one.close()
        assert third.result(20).stdout == b"third\n"
        assert two.run("echo 2").stdout == b"2\n"
        waiting.shutdown()
    assert len(watched.started) == 2


def test_opening_and_closing_costs_no_sandbox(counted: Sandbox, watched: Watched) -> None:
    for number in range(10):
        with counted.session(files={"n": str(number).encode()}) as shell:
            assert shell.run("cat n; ls -A; touch left").stdout == b"%dn\n" % number
    assert len(watched.started) == 1


def test_a_worn_sandbox_is_replaced_after_a_session(counted: Sandbox, watched: Watched) -> None:
    watched.max_calls = 2
    for _ in range(5):
        with counted.session() as shell:
            assert shell.run("echo 1").ok
    assert len(watched.started) == 3


def test_many_sessions_from_many_threads(box: Sandbox) -> None:
    def episode(number: int) -> list[bytes]:
        with box.session(files={"number": str(number).encode()}) as shell:
            return [
                shell.run("cat number").stdout,
                shell.run("x=$(cat number); cd /tmp").stdout,
                shell.run("echo $x; pwd").stdout,
            ]

    with ThreadPoolExecutor(16) as threads:
        for number, seen in enumerate(threads.map(episode, range(32))):
            assert seen == [b"%d" % number, b"", b"%d\n/tmp\n" % number]


def test_many_sessions_of_coroutines_share_the_slots(box: Sandbox) -> None:
    async def episode(number: int) -> bytes:
        async with await box.asession(files={"a": b"%d" % number}) as shell:
            await shell.arun("x=$(cat a)")
            await asyncio.sleep(0)
            await shell.awrite_files({"b": b"!"})
            said = await shell.arun("cat b; printf $x")
            assert dict(await shell.aread_files(["b"])) == {"b": b"!"}
            assert set(await shell.afiles()) == {"a", "b"}
            assert set((await shell.achanges()).written) == {"b"}
            return said.stdout

    async def episodes() -> list[bytes]:
        return list(await asyncio.gather(*(episode(number) for number in range(24))))

    assert asyncio.run(episodes()) == [b"!%d" % number for number in range(24)]


def test_a_cancelled_opening_keeps_no_slot(box: Sandbox) -> None:
    async def give_up() -> None:
        async with await box.asession(), await box.asession():
            waiting = asyncio.ensure_future(box.asession())
            await asyncio.sleep(0.2)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting

    asyncio.run(give_up())
    with box.session() as one, box.session() as two:
        assert one.run("true").ok
        assert two.run("true").ok


def test_a_process_awaited(box: Sandbox) -> None:
    async def talk() -> tuple[bytes, tuple[bytes, bytes]]:
        async with await box.asession(["cat"]) as process:
            await process.awrite(b"one\ntwo\n")
            return await process.aread_until(b"one\n"), await process.aread()

    assert asyncio.run(talk()) == (b"one\n", (b"two\n", b""))


def test_what_a_process_wrote_before_its_end_can_still_be_read(box: Sandbox) -> None:
    with box.session(["sh", "-c", "echo out; echo err >&2; exit 3"]) as process:
        end = process.wait(wait_s=20)
        assert end is not None
        assert (end.status, end.exit_code) == ("exit", 3)
        assert process.read() == (b"out\n", b"err\n")
        assert process.read() == (b"", b"")
        with pytest.raises(SessionEndedError, match="has ended"):
            process.write(b"x")
        assert process.files() == {}


def test_what_does_not_come_is_told_with_what_came(box: Sandbox) -> None:
    with box.session(["sh", "-c", "printf half; printf oops >&2; exec sleep 60"]) as process:
        with pytest.raises(SessionTimeoutError) as raised:
            process.read_until(b"\n", wait_s=0.5)
        assert (raised.value.stdout, raised.value.stderr) == (b"half", b"oops")
        assert process.read() == (b"half", b"oops")
        assert process.read(wait_s=0.1) == (b"", b"")
        assert process.wait(wait_s=0.1) is None
    with box.session(["sh", "-c", "printf half"]) as process, pytest.raises(SessionEndedError) as ended:
        process.read_until(b"\n")
    assert ended.value.stdout == b"half"


def test_a_flood_is_bounded_in_the_host_and_waits_in_its_pipe(box: Sandbox) -> None:
    with box.session(["sh", "-c", "yes; echo never"]) as process:
        with pytest.raises(SessionTimeoutError, match="limit of the output"):
            process.read_until(b"never")
        out, _ = process.read()
        assert 64 * 1024 <= len(out) <= 2 * 64 * 1024
        for _ in range(3):
            assert process.read()[0].startswith((b"y\n", b"\ny"))
        assert process.end is None


def test_a_program_that_does_not_read_is_told_of(box: Sandbox) -> None:
    with box.session(["sleep", "60"]) as process:
        with pytest.raises(SessionTimeoutError, match=r"did not take \d+ of 1000000 bytes"):
            process.write(bytes(1_000_000), wait_s=0.5)
        assert process.alive


def test_large_input_and_output_pass_at_once(box: Sandbox) -> None:
    data = bytes(range(256)) * 160
    with box.session(["cat"]) as process:
        process.write(data)
        process.close_stdin()
        assert process.wait(wait_s=20)
        assert process.read() == (data, b"")


def test_a_session_that_cannot_be_begun_says_why_and_keeps_no_slot(box: Sandbox) -> None:
    for _ in range(3):
        with pytest.raises(SessionEndedError, match="no-such-program"):
            box.session(["no-such-program"])
        with pytest.raises(SessionEndedError, match="cannot write file"):
            box.session(files={"a": b"", "a/b": b""})
        with pytest.raises(ValueError, match="relative"):
            box.session(files={"../a": b""})
        with pytest.raises(ValueError, match="life_s"):
            box.session(life_s=0)
    assert box.run_python("print(1)").ok


def test_what_is_asked_of_a_shell_is_checked(box: Sandbox) -> None:
    with box.session() as shell:
        for command in ("a\0b", "x" * (1 << 21), "\udc80"):
            with pytest.raises(ValueError, match=r"NUL|too long|surrogates"):
                shell.run(command)
        with pytest.raises(ValueError, match="wall_s"):
            shell.run("true", wall_s=0)
        with pytest.raises(SessionFileError) as raised:
            shell.write_files({"a": b"1", "a/b": b"", "c": b"3"})
        assert set(raised.value.errors) == {"a/b"}
        assert shell.files() == {"a": b"1", "c": b"3"}
        assert shell.run("").ok


def test_a_long_command_of_many_lines(box: Sandbox) -> None:
    lines = "\n".join(f"line {number} 'quoted' \\ $dollar" for number in range(3000))
    with box.session() as shell:
        assert shell.run(f"cat > file <<'END'\n{lines}\nEND").ok
        assert shell.read_files(["file"])["file"].decode() == lines + "\n"


def test_a_snapshot_that_is_larger_than_the_limit_says_so(watched: Watched) -> None:
    with open_sandbox(watched, slots=1, limits=Limits(files_out_kb=4)) as pool, pool.session() as shell:
        shell.run("for i in 1 2 3; do head -c 2000 /dev/zero > f$i; done")
        found = shell.files()
        assert set(found) == {"f1", "f2"}
        assert set(found.errors) == {"f3"}


def test_names_of_files_that_no_json_holds(box: Sandbox) -> None:
    with box.session() as shell:
        shell.run(
            "touch $'bad\\xff' $'new\\nline' 'sp ace' ü; mkdir -p 1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17; mkdir empty"
        )
        found = shell.files()
        assert set(found) == {"new\nline", "sp ace", "ü"}
        assert len(found.errors) == 2
        assert found.whole


def test_a_tree_is_sent_once_and_is_there_for_calls_and_sessions(counted: Sandbox, watched: Watched) -> None:
    given = {"a/b": b"b", "c": bytes(range(256)), "main": b""}
    tree = FileTree(given)
    assert dict(tree) == given
    assert tree.digest == FileTree(dict(given)).digest != FileTree({**given, "d": b""}).digest
    sent: list[int] = []

    with counted.session() as shell:  # the sandbox is up
        assert shell.run("true").ok
    transport = watched.started[0]
    send = transport.send
    transport.send = lambda data: (sent.append(len(data)), send(data))  # type: ignore[method-assign, func-returns-value, assignment]
    large = FileTree({**given, "large": bytes(1 << 20)})
    for _ in range(3):
        with counted.session(tree=large, files={"c": b"new"}) as shell:
            assert shell.files() == {**large, "c": b"new"}
            shell.run("rm c; echo > e")
            changes = shell.changes()
            assert (dict(changes.written), changes.removed) == ({"e": b"\n"}, ("c",))
        run = counted.run_python("print(sorted(__import__('os').listdir()))", tree=large)
        assert run.stdout == b"['a', 'c', 'large', 'main', 'main.py']\n"
    assert sum(sent) < 2 << 20


def test_trees_that_a_sandbox_no_longer_keeps_are_sent_again(box: Sandbox) -> None:
    trees = [FileTree({"n": bytes([number]) * (30 << 20)}) for number in range(3)]
    source = "d = open('n', 'rb').read(); print(d[0], len(d))"
    for number in (0, 1, 2, 0, 2):
        run = box.call(Call(source=source, tree=trees[number], limits=Limits(file_mb=64)))
        assert run.stdout == b"%d %d\n" % (number, 30 << 20)


def test_a_session_lost_while_it_is_opened_is_opened_in_another_sandbox(counted: Sandbox, watched: Watched) -> None:
    assert counted.run_python("print(1)").ok
    watched.started[0].kill()
    with counted.session() as shell:
        assert shell.run("echo 2").stdout == b"2\n"
        watched.started[1].kill()
        with pytest.raises(SandboxLostError, match="after 1 turns"):
            shell.run("echo 3")
        with pytest.raises(SessionEndedError):
            shell.run("echo 4")
    assert counted.run_python("print(5)").ok


def test_turns_of_one_session_are_taken_one_after_the_other(box: Sandbox) -> None:
    with box.session() as shell, ThreadPoolExecutor(8) as threads:
        said = list(threads.map(lambda number: shell.run(f"x={number}; sleep 0.01; echo $x").stdout, range(24)))
    assert said == [b"%d\n" % number for number in range(24)]


def test_a_session_is_closed_from_many_sides_once(box: Sandbox) -> None:
    shells = [box.session() for _ in range(2)]
    closers = [threading.Thread(target=shell.close) for shell in shells for _ in range(4)]
    for closer in closers:
        closer.start()
    for closer in closers:
        closer.join(20)
    with box.session() as one, box.session() as two:
        assert isinstance(one, Shell)
        assert two.run("true").ok


def test_a_shell_that_is_not_bash(box: Sandbox) -> None:
    nonce, text = "0123", "x=$(printf 'a\\n b')\ncd /tmp\necho \"$x\" 'ü'"
    message = f"{nonce}\n{text.count(chr(10)) + 1}\n{len(text.encode()) + 1}\n{text}\n".encode()
    program = "import os, socket, subprocess, sys\nthird = open('/dev/null')\nours, theirs = socket.socketpair()\n"
    program += "os.dup2(theirs.fileno(), 3)\nours.sendall(sys.stdin.buffer.read() + b'4567\\n1\\n4\\npwd\\n')\n"
    program += (
        f"ours.shutdown(socket.SHUT_WR)\nsubprocess.run(['sh', '-c', {SHELL[-1]!r}, 'sh'], pass_fds=[3], check=True)\n"
    )
    program += "print(ours.recv(100))"
    run = box.run_python(program, stdin=message)
    assert run.stdout.decode() == "a\n b ü\n/tmp\nb'0123 0\\n4567 0\\n'\n", run
