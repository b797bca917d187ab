"""Containers: how hardened they are, and what becomes of them when something dies."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import docker
import pytest

from support.sandboxes import until
from textgym.sandbox import Limits, Sandbox, SandboxUnavailableError, open_sandbox
from textgym.sandbox.docker import CAPABILITIES, DockerProvider
from textgym.sandbox.engine import LABEL, connect
from textgym.sandbox.image import ImageSpec
from textgym.sandbox.owners import MACHINE, OWNER, owner_labels

pytestmark = pytest.mark.docker

_SLEEP = Limits(wall_s=60)


@pytest.fixture
def engine() -> Iterator[Any]:
    client = connect()
    yield client
    client.close()


_of_others: set[str] = set()


@pytest.fixture(autouse=True)
def _neighbours(engine: Any) -> Iterator[None]:
    """A pool that other tests of this process left open is none of a test's business."""
    _of_others.update(_containers(engine))
    yield
    _of_others.clear()


def _containers(engine: Any, **labels: str) -> list[str]:
    wanted = labels or {OWNER: owner_labels()[OWNER]}
    filters = {"label": [f"{name}={value}" for name, value in wanted.items()]}
    found = [container["Id"] for container in engine.containers(all=True, filters=filters)]
    return [container for container in found if container not in _of_others]


def test_a_container_is_as_hardened_as_the_engine_can_make_it(engine: Any) -> None:
    with open_sandbox("docker", slots=1, limits=Limits(memory_mb=1024, processes=200)) as box:
        assert box.run_python("print(1)").ok
        (container,) = _containers(engine)
        found = engine.inspect_container(container)
        host = found["HostConfig"]
        assert host["NetworkMode"] == "none"
        assert host["ReadonlyRootfs"] is True
        assert host["CapDrop"] == ["ALL"]
        assert sorted(name.removeprefix("CAP_") for name in host["CapAdd"]) == sorted(CAPABILITIES)
        assert host["Privileged"] is False
        assert "no-new-privileges" in host["SecurityOpt"]
        assert not any("unconfined" in option for option in host["SecurityOpt"])
        assert host["PidsLimit"] >= 200
        assert host["Memory"] == host["MemorySwap"] >= 1024 << 20
        assert all("nr_inodes" in options and "nosuid" in options for options in host["Tmpfs"].values())
        assert host["LogConfig"]["Type"] == "none"
        assert host["AutoRemove"] is True
        assert not found["Mounts"]
        assert not host["Binds"]
        assert not host["Devices"]
    until(lambda: _containers(engine) == [])


def test_a_closed_pool_has_no_container_left(engine: Any) -> None:
    for _ in range(15):  # the engine removes a container by itself, too, and may be in the middle of it
        with open_sandbox("docker", slots=4) as box:
            assert box.run_python("").ok
        assert _containers(engine) == []


def test_a_program_has_nowhere_else_to_write() -> None:
    source = """
import os
found = []
for here, folders, names in os.walk("/"):
    folders[:] = [name for name in folders if os.path.join(here, name) not in ("/proc", "/sys")]
    if os.access(here, os.W_OK):
        found.append(here)
print(*sorted(found))
"""
    with open_sandbox("docker", slots=1) as box:
        assert box.run_python(source).stdout == b"/box /dev/shm /tmp\n"


@pytest.mark.parametrize("provider", ["docker", "docker-fresh"])
def test_a_container_killed_under_a_call(provider: str, engine: Any) -> None:
    with open_sandbox(provider, slots=1) as box:
        killed: list[str] = []

        def kill_the_first() -> None:
            until(lambda: bool(_containers(engine)))
            time.sleep(0.5)
            killed.extend(_containers(engine))
            engine.kill(killed[0])

        killer = threading.Thread(target=kill_the_first)
        killer.start()
        # The program ends only in the second container: what was seen of the first one proves nothing.
        run = box.run_python("import time; print('x', flush=True); time.sleep(1.5)", limits=_SLEEP)
        killer.join()
        assert (run.status, run.retried, run.stdout) == ("exit", True, b"x\n")
        assert killed[0] not in _containers(engine)
    until(lambda: _containers(engine) == [])


@pytest.mark.slow
def test_containers_that_die_at_random_falsify_nothing(engine: Any) -> None:
    ended = threading.Event()
    killed: list[str] = []

    def kill_now_and_then() -> None:
        while not ended.wait(0.4):
            for container in _containers(engine)[:1]:
                with contextlib.suppress(docker.errors.APIError):
                    engine.kill(container)
                    killed.append(container)

    def caller(thread: int) -> list[str]:
        wrong = []
        for turn in range(40):
            code = (thread * 40 + turn) % 256
            run = box.run_python(f"import sys; print(input()); sys.exit({code})", stdin=f"{thread}.{turn}".encode())
            if run.status != "lost" and (run.exit_code, run.stdout) != (code, f"{thread}.{turn}\n".encode()):
                wrong.append(str(run))
        return wrong

    with open_sandbox("docker", slots=3) as box:
        killer = threading.Thread(target=kill_now_and_then)
        killer.start()
        with ThreadPoolExecutor(8) as threads:
            assert [wrong for found in threads.map(caller, range(8)) for wrong in found] == []
        ended.set()
        killer.join()
        assert killed
        assert box.run_python("print(1)").ok
    until(lambda: _containers(engine) == [])


def test_a_supervisor_killed_from_outside(engine: Any) -> None:
    with open_sandbox("docker", slots=1) as box:
        assert box.run_python("print(1)").ok
        (container,) = _containers(engine)
        engine.kill(container, signal="SIGKILL")
        run = box.run_python("print(2)")
        assert (run.stdout, run.retried) == (b"2\n", True)
        assert container not in _containers(engine)


def test_a_container_that_is_paused_does_not_hold_its_caller_for_ever(
    engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textgym.sandbox.supervisor.GRACE_SECONDS", 0.5)
    with open_sandbox("docker", slots=1) as box:
        assert box.run_python("print(1)").ok
        (container,) = _containers(engine)
        engine.pause(container)
        run = box.run_python("print(2)", limits=Limits(wall_s=2))
        assert (run.stdout, run.retried) == (b"2\n", True)
        assert container not in _containers(engine)


def test_a_killed_process_leaves_no_container(engine: Any) -> None:
    program = """
from textgym.sandbox import open_sandbox
box = open_sandbox("docker", slots=2, spares=0)
box.warm_up()
print("up", flush=True)
box.run_python("import time; time.sleep(60)")
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        owner = next(
            container["Labels"][OWNER]
            for container in engine.containers(filters={"label": f"{LABEL}.owner"})
            if container["Labels"][OWNER].startswith(f"{process.pid}:")
        )
        assert len(_containers(engine, **{OWNER: owner})) == 2
        process.send_signal(signal.SIGKILL)
    until(lambda: _containers(engine, **{OWNER: owner}) == [])


def _left_behind(engine: Any, **labels: str) -> str:
    """A container such as a run could leave behind whose engine died with it."""
    container = engine.create_container(
        ImageSpec().tag,
        ["sleep", "600"],
        labels={**owner_labels(), f"{LABEL}.test": "1", **labels},
        host_config=engine.create_host_config(network_mode="none", auto_remove=True),
    )
    engine.start(container)
    return str(container["Id"])


def _await_removal(engine: Any, container: str) -> None:
    """The engine lists a container for a moment longer where another process is removing it, too."""
    deadline = time.monotonic() + 30
    while container in _containers(engine, **{f"{LABEL}.test": "1"}):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_what_the_dead_left_is_removed_when_a_pool_opens_and_nothing_else_is(engine: Any) -> None:
    dead = _left_behind(engine, **{OWNER: "1:1"})
    alive = _left_behind(engine)
    elsewhere = _left_behind(engine, **{OWNER: "1:1", MACHINE: "another"})
    try:
        with open_sandbox("docker", slots=1):
            _await_removal(engine, dead)
            assert {alive, elsewhere} <= set(_containers(engine, **{f"{LABEL}.test": "1"}))
    finally:
        for container in _containers(engine, **{f"{LABEL}.test": "1"}):
            engine.remove_container(container, force=True)


def test_what_the_dead_left_is_removed_even_when_the_image_is_gone(engine: Any) -> None:
    dead = _left_behind(engine, **{OWNER: "1:1"})
    provider = DockerProvider(image="textgym-sandbox:gone")
    try:
        assert dead[:12] in provider.reap()
        _await_removal(engine, dead)
        assert "textgym-sandbox:gone" in str(provider.available())
    finally:
        provider.close()


_TWO_SLOTS = """
import pathlib, sys, textgym.sandbox.slots
textgym.sandbox.slots.LOCKS = pathlib.Path(sys.argv[1])
from textgym.sandbox import Call, open_sandbox
print("ready", flush=True)
sys.stdin.readline()
with open_sandbox("docker", slots=2, spares=0) as box:
    box.warm_up()
    print("up", flush=True)
    sys.stdin.readline()
    runs = box.run_many([Call(source="import os, time; time.sleep(0.3); print(os.getuid())")] * 2)
    print(*[run.stdout.decode().strip() for run in runs], flush=True)
"""


def test_runs_that_share_an_engine_and_no_directory_share_no_uid(tmp_path: Path) -> None:
    """As two users do, or two machines: neither sees the other's locks, and both count from the same number."""
    runs = []
    for number in range(2):
        directory = tmp_path / str(number)
        directory.mkdir()
        argv = [sys.executable, "-c", _TWO_SLOTS, str(directory)]
        runs.append(subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
    uids: list[str] = []
    for word in ("ready", "up"):
        for run in runs:
            assert run.stdout is not None
            assert run.stdout.readline().strip() == word
        for run in runs:
            assert run.stdin is not None
            run.stdin.write("go\n")
            run.stdin.flush()
    for run in runs:
        with run:
            uids += run.communicate()[0].split()
        assert run.returncode == 0
    assert len(uids) == len(set(uids)) == 4


class _Wire:
    """A socket in front of the engine's that can be cut, as when the engine dies, and be mended."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._open: list[socket.socket] = []
        self._listener: socket.socket | None = None

    def mend(self) -> None:
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.path))
        self._listener.listen()
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        assert self._listener is not None
        self.path.unlink()
        for each in [self._listener, *self._open]:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near = listener.accept()[0]
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect("/var/run/docker.sock")
            self._open += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._copy, args=(one, other), daemon=True).start()

    @staticmethod
    def _copy(one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)


@pytest.mark.skipif(not os.path.exists("/var/run/docker.sock"), reason="the engine is not on this machine")
def test_an_engine_that_dies_and_comes_back(engine: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wire = _Wire(tmp_path / "engine.sock")
    wire.mend()
    monkeypatch.setenv("DOCKER_HOST", f"unix://{wire.path}")
    with open_sandbox("docker", slots=1) as box:
        assert box.run_python("print(1)").ok
        wire.cut()
        run = box.run_python("print(2)")
        assert (run.status, run.retried) == ("lost", True)
        assert run.detail
        # The supervisor's stdin went with the connection, and so it ended, with nobody there to end it.
        until(lambda: _containers(engine) == [])
        wire.mend()
        assert box.run_python("print(3)").stdout == b"3\n"
    wire.cut()


def test_a_fresh_container_for_each_call(engine: Any) -> None:
    with open_sandbox("docker-fresh", slots=1) as box:
        source = "import os; print(os.path.exists('/proc/1/environ'), sorted(os.listdir('.')))"
        for _ in range(2):
            run = box.run_python(source, files={"a": b""})
            assert (run.status, run.stdout) == ("exit", b"True ['a', 'main.py']\n")
            until(lambda: _containers(engine) == [])


def _host_facts(box: Sandbox) -> bytes:
    return box.run_python("import socket; print(socket.gethostname())").stdout


def test_nothing_names_the_host() -> None:
    with open_sandbox("docker", slots=1) as box:
        assert _host_facts(box) == b"sandbox\n"


def test_a_runtime_that_the_engine_lacks_is_named() -> None:
    with pytest.raises(SandboxUnavailableError, match=r"no runtime 'runsc'; it has .*runc"):
        open_sandbox(DockerProvider(runtime="runsc"))


def test_a_description_is_plain_data() -> None:
    with open_sandbox("docker", slots=3) as box:
        facts = box.describe()
    assert (facts["provider"], facts["slots"], facts["image"]) == ("docker", 3, ImageSpec().tag)
    assert facts["network"] is None
