"""The pool, over every provider that keeps its sandboxes: slots, threads, coroutines, losses, ends."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.sandboxes import BOTH, Watched
from textgym.sandbox import (
    Call,
    Limits,
    RunResult,
    Sandbox,
    SandboxClosedError,
    SandboxUnavailableError,
    open_sandbox,
)


@pytest.fixture(params=BOTH)
def watched(request: pytest.FixtureRequest) -> Watched:
    return Watched(request.param)


@pytest.fixture
def box(watched: Watched) -> Iterator[Sandbox]:
    with open_sandbox(watched, slots=2, spares=0) as pool:
        yield pool


def test_sandboxes_are_started_when_they_are_needed(box: Sandbox, watched: Watched) -> None:
    assert watched.started == []
    for _ in range(3):
        assert box.run_python("print(1)").stdout == b"1\n"
    assert len(watched.started) == 1
    box.warm_up()
    assert len(watched.started) == 2
    assert len(set(watched.numbers)) == 2


def test_what_goes_in_and_what_comes_out(box: Sandbox) -> None:
    source = """
import os, sys
with open(int(os.environ["RESULT_FD"]), "wb") as result:
    result.write(b"result")
with open("out", "wb") as out:
    out.write(open("in", "rb").read() + sys.stdin.buffer.read() + os.environ["WORD"].encode())
sys.exit(7)
"""
    run = box.run_python(
        source, stdin=b"stdin", files={"in": b"file"}, env={"WORD": "env"}, result=True, files_out=["out", "none"]
    )
    assert (run.status, run.exit_code, run.result, run.files) == ("exit", 7, b"result", {"out": b"filestdinenv"})
    assert list(run.file_errors) == ["none"]
    assert not run.retried


def test_a_program_by_its_argv(box: Sandbox) -> None:
    run = box.run(["sh", "-c", "cat; echo $0 err >&2"], stdin=b"in")
    assert (run.status, run.exit_code, run.stdout, run.stderr) == ("exit", 0, b"in", b"sh err\n")
    assert box.run(["no-such-program"]).status == "setup_error"


def test_calls_without_limits_have_those_of_the_pool(watched: Watched) -> None:
    with open_sandbox(watched, slots=1, limits=Limits(wall_s=0.3)) as pool:
        assert pool.run_python("import time; time.sleep(60)").status == "timeout"
        assert pool.run_python("import time; time.sleep(0.6)", limits=Limits(wall_s=20)).status == "exit"


def test_many_calls_come_back_in_order(box: Sandbox) -> None:
    runs = box.run_many([Call(source=f"print({number})") for number in range(20)])
    assert [int(run.stdout) for run in runs] == list(range(20))


def test_threads_never_see_each_others_results(box: Sandbox) -> None:
    def caller(thread: int) -> list[str]:
        wrong = []
        for turn in range(15):
            run = box.run_python("print(input())", stdin=f"{thread}-{turn}".encode(), files={"f": b"x" * thread})
            if run.stdout != f"{thread}-{turn}\n".encode():
                wrong.append(f"{thread}-{turn}: {run}")
        return wrong

    with ThreadPoolExecutor(8) as threads:
        assert [wrong for found in threads.map(caller, range(8)) for wrong in found] == []


def test_coroutines_share_the_slots(box: Sandbox, watched: Watched) -> None:
    async def episodes() -> list[RunResult]:
        one = box.arun_python("print(1)")
        other = box.arun(["echo", "2"])
        many = await asyncio.gather(*(box.arun_python(f"print({number})") for number in range(8)))
        return [await one, await other, *many, *await box.arun_many([Call(source="print('m')")] * 3)]

    printed = [run.stdout.decode().strip() for run in asyncio.run(episodes())]
    assert printed == ["1", "2", *map(str, range(8)), "m", "m", "m"]
    assert len(watched.started) <= 2


def test_a_caller_that_never_pauses_starves_nobody(watched: Watched) -> None:
    with open_sandbox(watched, slots=1) as box:
        box.warm_up()
        served, done = 0, threading.Event()

        def greedy() -> None:
            nonlocal served
            while not done.is_set() and served < 300:
                assert box.run_python("print(1)").ok
                served += 1

        with ThreadPoolExecutor(1) as threads:
            running = threads.submit(greedy)
            for _ in range(10):
                assert box.run_python("print(2)").ok
            done.set()
            running.result()
        assert served <= 30


def test_a_sandbox_lost_between_calls_is_replaced_unnoticed(box: Sandbox, watched: Watched) -> None:
    assert box.run_python("print(1)").ok
    watched.started[0].kill()
    run = box.run_python("print(2)")
    assert (run.stdout, run.retried) == (b"2\n", True)
    assert not box.run_python("print(3)").retried
    assert len(watched.started) == 2


def test_a_call_whose_sandbox_is_lost_twice_is_lost_and_not_failed(box: Sandbox, watched: Watched) -> None:
    ended = threading.Event()

    def kill_all() -> None:
        killed = 0
        while killed < 2 and not ended.wait(0.02):
            if len(watched.started) > killed and not ended.wait(0.7):
                watched.started[killed].kill()
                killed += 1

    killer = threading.Thread(target=kill_all)
    killer.start()
    run = box.run_python("import time; time.sleep(60)", limits=Limits(wall_s=30))
    ended.set()
    killer.join()
    assert (run.status, run.exit_code, run.retried, run.ok) == ("lost", None, True, False)
    assert run.detail
    assert box.run_python("print('again')").stdout == b"again\n"


def test_a_provider_that_fails_for_a_while_costs_calls_and_not_the_pool(box: Sandbox, watched: Watched) -> None:
    watched.failing = True
    run = box.run_python("print(1)")
    assert (run.status, run.detail) == ("lost", "no sandbox today")
    watched.failing = False
    assert box.run_python("print(1)").ok


def test_a_worn_sandbox_is_replaced(box: Sandbox, watched: Watched) -> None:
    watched.max_calls = 3
    for _ in range(7):
        run = box.run_python("print(1)")
        assert run.ok
        assert not run.retried
    assert len(watched.started) == 3


def test_two_pools_share_no_number(watched: Watched) -> None:
    name = watched.name
    other = Watched(name)
    with open_sandbox(watched, slots=2, spares=0) as one, open_sandbox(other, slots=2, spares=0) as two:
        one.warm_up()
        two.warm_up()
        assert len({*watched.numbers, *other.numbers}) == 4
        source = "import os; print(os.getuid())"
        uids = {pool.run_python(source).stdout for pool in (one, two)}
    if os.getuid() == 0 or name == "docker":
        assert len(uids) == 2


def test_closing_ends_what_runs_and_is_final(watched: Watched) -> None:
    pool = open_sandbox(watched, slots=1)
    ended: list[object] = []

    def call() -> None:
        try:
            ended.append(pool.run_python("import time; time.sleep(60)", limits=Limits(wall_s=60)))
        except SandboxClosedError as error:
            ended.append(error)

    # One call runs, and one waits for the slot.
    callers = [threading.Thread(target=call) for _ in range(2)]
    pool.warm_up()
    for caller in callers:
        caller.start()
    pool.close()
    pool.close()
    for caller in callers:
        caller.join(20)
    assert [type(each) for each in ended] == [SandboxClosedError] * 2
    with pytest.raises(SandboxClosedError):
        pool.run_python("print(1)")
    with pytest.raises(SandboxClosedError):
        pool.run_many([Call(source="print(1)")] * 2)


def test_closing_ends_many_calls_at_once(watched: Watched) -> None:
    pool = open_sandbox(watched, slots=2)
    pool.warm_up()
    closer = threading.Timer(0.5, pool.close)
    closer.start()
    with pytest.raises(SandboxClosedError):
        pool.run_many([Call(source="import time; time.sleep(60)", limits=Limits(wall_s=60))] * 8)
    closer.join()


def test_a_forked_child_neither_uses_nor_closes_the_pool(box: Sandbox) -> None:
    assert box.run_python("print(1)").ok
    child = os.fork()
    if child == 0:
        try:
            box.run_python("print(1)")
        except SandboxClosedError:
            box.close()
            os._exit(0)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    run = box.run_python("print(2)")
    assert (run.stdout, run.retried) == (b"2\n", False)


def test_a_malformed_call_is_refused_and_costs_no_slot(box: Sandbox) -> None:
    for _ in range(3):
        with pytest.raises(ValueError, match="relative"):
            box.run_python("pass", files={"../x": b""})
        with pytest.raises(ValueError, match="name a program"):
            box.run([])
    assert box.run_python("print(1)").ok


@pytest.mark.parametrize("provider", BOTH)
def test_a_process_that_ends_without_closing_leaves_no_error_and_no_sandbox(provider: str) -> None:
    program = f"""
from textgym.sandbox import open_sandbox
box = open_sandbox({provider!r}, slots=1)
print(box.run_python("print(1)").stdout.decode(), end="")
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"1\n", b"")


@pytest.mark.parametrize("provider", BOTH)
def test_ctrl_c_ends_a_call_and_the_pool_is_closed_behind_it(provider: str) -> None:
    program = f"""
from textgym.sandbox import Limits, open_sandbox
with open_sandbox({provider!r}, slots=1) as box:
    box.warm_up()
    print("ready", flush=True)
    try:
        box.run_python("import time; time.sleep(60)", limits=Limits(wall_s=60))
    except KeyboardInterrupt:
        print(box.run_python("print('still there')").stdout.decode(), end="", flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        threading.Event().wait(0.5)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60)[0] == b"still there\n"
        assert process.returncode == 0


def test_a_provider_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="choose auto, docker, bwrap, docker-fresh"):
        open_sandbox("dockre")


def test_nothing_runs_without_a_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nonexistent/docker.sock")
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(SandboxUnavailableError, match=r"docker: .*; bwrap: .*") as raised:
        open_sandbox("auto")
    assert "apt-get install docker.io" in str(raised.value)
    assert "bubblewrap" in str(raised.value)


@pytest.mark.sandbox
def test_without_an_engine_auto_takes_bubblewrap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nonexistent/docker.sock")
    with open_sandbox() as box:
        assert box.describe()["provider"] == "bwrap"
        assert box.run_python("print(1)").ok


@pytest.mark.docker
def test_auto_takes_docker_where_an_engine_has_the_image() -> None:
    with open_sandbox() as box:
        assert box.describe()["provider"] == "docker"
