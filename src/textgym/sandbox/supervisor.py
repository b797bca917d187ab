"""The host's end of a sandbox: starts the server behind a transport, and runs calls with a deadline of its own."""

import importlib.resources
import json
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from textgym.sandbox.calls import Call, Transport, decode_result, encode_call, frame, name_tree, read_message
from textgym.sandbox.driver import DRIVER, driver_source
from textgym.sandbox.errors import SandboxError, SandboxLostError
from textgym.sandbox.judging.library import library as judging_library
from textgym.sandbox.limits import Limits
from textgym.sandbox.results import RunResult
from textgym.sandbox.trees import FileTree

PROTOCOL = 1
START_SECONDS = 30.0
PING_SECONDS = 2.0
GRACE_SECONDS = 10.0
"""How much longer than a call's wall limit the host waits before it ends the sandbox: time for the kill and the wipe."""

_SLOWEST_LINK = 4e6
"""Bytes a second at which even a large call arrives at a remote engine."""

_OF_BOTH = ("confine", "syscalls", "outcome", "unpack")
_OF_ZYGOTE = (*_OF_BOTH, "program", "zygote")
_OF_SUPERVISOR = (*_OF_BOTH, "wire", "tidy", "fetch", "mounts", "streams", "trees", "gather", "kept", "session", "main")
"""The server's modules by the process that loads them, each after those it imports: what is not loaded takes no memory."""

# fmt: off
PRELOAD = (
    "abc", "array", "ast", "bisect", "cmath", "collections.abc", "contextlib", "copy", "dataclasses", "datetime",
    "decimal", "enum", "fractions", "functools", "gc", "heapq", "inspect", "io", "itertools", "json", "linecache",
    "math", "numbers", "operator", "os", "pathlib", "pprint", "random", "re", "signal", "statistics", "string",
    "struct", "textwrap", "threading", "time", "traceback", "types", "typing", "unittest", "warnings", "weakref",
)
# fmt: on
"""Modules that the zygote loads once; a program finds them loaded, and an import costs it a dictionary look-up.

Each makes every fork dearer by the memory that it maps. Those that many programs use are here; those that pull in half the
library or C libraries of their own (unittest.mock, argparse, hashlib, tempfile, subprocess: +0.4 ms of 1.5 together) are not.
"""

MUST_HOLD = frozenset(
    [
        "rights",
        "root",
        "namespaces",
        "mount",
        "ptrace",
        "sysvipc",
        "keyring",
        "vsock",
        "tcp",
        "udp",
        "signals",
        "memory_of_others",
        "limits",
        "writable",
    ]
)
"""Checks of the self-test that a sandbox is refused for."""

MUST_HOLD_ON_A_NETWORK = frozenset(["sockets", "interfaces", "neighbours"])
"""Those that come with a network, and `ports` where these are bounded."""

# Reads one length-prefixed JSON message from stdin: {"modules": [[name, source]...], "entry": name, ...}.
BOOTSTRAP = """
import sys
sys.path[:] = [place for place in sys.path if place]
import json, os, types
def read(count):
    data = b""
    while len(data) < count:
        chunk = os.read(0, count - len(data))
        if not chunk:
            raise SystemExit("the server was not sent")
        data += chunk
    return data
message = json.loads(read(int.from_bytes(read(4), "big")))
package = sys.modules["server"] = types.ModuleType("server")
package.__path__ = []
for name, source in message["modules"]:
    module = sys.modules["server." + name] = types.ModuleType("server." + name)
    module.__package__ = "server"
    setattr(package, name, module)
    exec(compile(source, "<server/" + name + ">", "exec"), module.__dict__)
sys.modules["server." + message["entry"]].main(message)
"""


ENVIRON = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONHASHSEED": "0"}
"""The environment of a program beside what its call adds, HOME and RESULT_FD."""


@dataclass(frozen=True, slots=True)
class SlotConfig:
    """What a supervisor is told about its place.

    Attributes:
        uid: identity of the programs, used by nothing else on the host; None where the supervisor cannot change it.
        gid: their group.
        work: working directory of the programs.
        wipe: every directory that they can write to, `work` included.
        environ: their environment.
        oom: files with the kernel's count of processes that it ended for memory; the first that exists counts.
        hosts: the names under which they reach hosts over a network; with none they have no network.
        ports: the only ports that they may connect to; with none, where they have a network, every port.
        preload: modules for the zygote to load beside `PRELOAD`, where the image has them.
        library: modules for the zygote to make, each a name and its source, trusted as the image is; a program finds them
            loaded.
    """

    uid: int | None
    gid: int
    work: str = "/box"
    wipe: Sequence[str] = ("/box", "/tmp", "/dev/shm")  # noqa: S108 - places inside the sandbox
    environ: Mapping[str, str] = field(default_factory=lambda: ENVIRON)
    oom: Sequence[str] = ("/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control")
    hosts: Sequence[str] = ()
    ports: Sequence[int] = ()
    preload: Sequence[str] = ()
    library: Sequence[tuple[str, str]] = ()


class Supervisor:
    """A started sandbox that runs one call at a time.

    Attributes:
        hello: what the supervisor said about its place, with the results of its self-test under `checks`.
        calls: how many calls it has run.
        discard: whether it has to be replaced before the next call, because the last one could not be cleaned up.
    """

    def __init__(self, transport: Transport, config: SlotConfig) -> None:
        """Start the server in the sandbox behind `transport`, a process that runs `BOOTSTRAP`.

        Raises:
            SandboxLostError: no server answers there. The sandbox is killed.
            SandboxError: one does, and its self-test found something allowed that must be refused. It is killed.
        """
        self._transport = transport
        self.calls = 0
        self.discard = False
        self._trees: set[str] = set()
        settings = asdict(config)
        message = {
            "modules": _server_sources(_OF_SUPERVISOR),
            "zygote": _server_sources(_OF_ZYGOTE),
            "probe": _server_sources(["probe"])[0][1],
            "entry": "main",
            "bootstrap": BOOTSTRAP,
            "preload": [*PRELOAD, *settings.pop("preload")],
            "library": [(DRIVER, driver_source()), *judging_library(), *settings.pop("library")],
            "config": settings,
        }
        text = json.dumps(message).encode()
        try:
            transport.send(len(text).to_bytes(4, "big") + text)
            self.hello, _ = read_message(transport, START_SECONDS, 0)
            if self.hello.get("protocol") != PROTOCOL:
                raise SandboxLostError("the supervisor does not speak this protocol")
            failed = failed_checks(self.hello, _must_hold(config))
            if failed:
                raise SandboxError("the sandbox does not hold: " + "; ".join(failed))
        except BaseException:
            self.kill()
            raise

    def run(self, call: Call) -> RunResult:
        """Run a call.

        Raises:
            SandboxLostError: the sandbox did not answer in time, or with something that is no answer. It is killed.
            ValueError: the call is larger than a sandbox takes.
        """
        self.calls += 1
        head, body = self._ask(
            lambda send_tree: encode_call(call, send_tree=send_tree),
            call.tree,
            call.limits.wall_s,
            _largest_answer(call.limits),
        )
        try:
            result = decode_result(head, body)
        except SandboxLostError:
            self.kill()
            raise
        self.discard = head.get("discard") is not False
        return result

    def exchange(
        self, head: Mapping[str, Any], body: bytes = b"", *, wait_s: float, most: int = 0, tree: FileTree | None = None
    ) -> tuple[dict[str, Any], bytes]:
        """Send a message of a session, and return the answer.

        Args:
            head, body: the message, but for its tree.
            wait_s: how long the sandbox may take for it by its own clock.
            most: how long the answer's body may be, in bytes.
            tree: its tree.

        Raises:
            SandboxLostError: no answer came in time, or one that is none. The sandbox is killed.
            ValueError: the message is larger than a sandbox takes.
        """

        def message(send_tree: bool) -> bytes:
            blob = tree.blob if tree is not None and send_tree else b""
            return frame({**head, "tree": name_tree(tree, send_tree)}, blob + body)

        return self._ask(message, tree, wait_s, most)

    def _ask(
        self, message: Callable[[bool], bytes], tree: FileTree | None, wait_s: float, most: int
    ) -> tuple[dict[str, Any], bytes]:
        """Send a message, with its tree if need be, and return the answer."""
        send_tree = tree is not None and tree.digest not in self._trees
        while True:
            sent = message(send_tree)
            deadline = time.monotonic() + wait_s + GRACE_SECONDS + (len(sent) + most) / _SLOWEST_LINK
            try:
                self._transport.send(sent)
                head, body = read_message(_Until(self._transport, deadline), 0, most)
                if head.get("op") == "error":
                    raise SandboxLostError(f"the supervisor refused what it was asked: {head.get('detail')}")
                if head.get("op") == "missing" and send_tree:
                    raise SandboxLostError("the supervisor did not take a tree")
            except BaseException:
                self.kill()
                raise
            if tree is not None:
                self._trees.add(tree.digest)
            if head.get("op") != "missing":
                return head, body
            send_tree = True

    def answers(self) -> bool:
        """Whether it still does, when it is asked while nothing runs; it is killed if it does not."""
        try:
            self._transport.send(frame({"op": "ping"}))
            head, _ = read_message(_Until(self._transport, time.monotonic() + PING_SECONDS), 0, 0)
        except SandboxLostError:
            self.kill()
            return False
        return head.get("op") == "pong"

    def kill(self) -> None:
        """End the sandbox and all that runs in it."""
        self.discard = True
        self._transport.kill()


class _Until:
    """A transport whose every read ends at one deadline."""

    def __init__(self, transport: Transport, deadline: float) -> None:
        self._transport = transport
        self._deadline = deadline

    def send(self, data: bytes) -> None:
        self._transport.send(data)

    def receive(self, count: int, timeout: float) -> bytes:
        return self._transport.receive(count, max(timeout, self._deadline - time.monotonic()))

    def kill(self) -> None:
        self._transport.kill()


def failed_checks(hello: Mapping[str, Any], must_hold: Collection[str] = MUST_HOLD) -> list[str]:
    """The checks of `must_hold` that failed in a server's self-test: what was found, with the name of the check."""
    checks = hello.get("checks")
    if not isinstance(checks, dict):
        return ["no self-test was run"]
    missing = [f"{name}: not checked" for name in sorted(must_hold) if name not in checks]
    return [f"{name}: {found}" for name, found in checks.items() if found and name in {*must_hold, "probe"}] + missing


def _must_hold(config: SlotConfig) -> frozenset[str]:
    with_network = MUST_HOLD_ON_A_NETWORK if config.hosts else frozenset()
    return MUST_HOLD | with_network | (frozenset(["ports"]) if config.ports else frozenset())


def _largest_answer(limits: Limits) -> int:
    return 1024 * (2 * limits.output_kb + limits.result_kb + limits.files_out_kb)


def _server_sources(names: Iterable[str]) -> list[tuple[str, str]]:
    folder = importlib.resources.files("textgym.sandbox") / "server"
    return [(name, (folder / f"{name}.py").read_text(encoding="utf-8")) for name in names]
