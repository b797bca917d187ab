"""The `bwrap` provider: the server inside bubblewrap, without a daemon, an image or (for most of it) root.

The system is the host's, read-only, and only what a Python program needs of it: /usr, the libraries, the prefix of this
Python. There is no network, no home, no other process. The directories that a program can write to are file systems in
memory of bounded size and number of files, mounted by `unshare` before bubblewrap starts, because bubblewrap itself cannot
bound the number of files.
"""

import contextlib
import os
import select
import shlex
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from textgym.sandbox.calls import Transport
from textgym.sandbox.errors import SandboxLostError, SandboxUnavailableError
from textgym.sandbox.network import Network
from textgym.sandbox.slots import slot_uid
from textgym.sandbox.supervisor import BOOTSTRAP, ENVIRON, SlotConfig

SCRATCH_MB = 16
STALLED_SECONDS = 20
"""A sandbox that reads nothing for so long is lost: its supervisor always reads a call to its end."""

_SCRATCH = ("/tmp", "/dev/shm")  # noqa: S108 - places inside the sandbox
_ROOT_CAPABILITIES = ("CAP_SETUID", "CAP_SETGID", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_KILL")
_GROUPS = Path("/sys/fs/cgroup")
_ETC = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime", "/etc/alternatives")


class PipeTransport:
    """A transport over the stdin and stdout of a process on this host."""

    def __init__(self, process: subprocess.Popen[bytes], groups: Sequence[Path] = ()) -> None:
        """Args: the process, started in a session of its own, and control groups to remove after it."""
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._in, self._out = process.stdin.fileno(), process.stdout.fileno()
        os.set_blocking(self._in, False)
        self._groups = groups
        self._lock = threading.Lock()
        self._users = 0
        self._ended = threading.Event()

    def send(self, data: bytes) -> None:
        """Send all of `data`. Raises `SandboxLostError`."""
        view = memoryview(data)
        poll = select.poll()
        with self._open():
            poll.register(self._in, select.POLLOUT)
            while view:
                if not poll.poll(STALLED_SECONDS * 1000):
                    raise SandboxLostError(f"the sandbox took no input for {STALLED_SECONDS} seconds")
                try:
                    view = view[os.write(self._in, view) :]
                except BlockingIOError:
                    continue
                except OSError as error:
                    raise SandboxLostError(f"the sandbox takes no more input: {error}{self._last_words()}") from None

    def receive(self, count: int, timeout: float) -> bytes:
        """Receive exactly `count` bytes within `timeout` seconds. Raises `SandboxLostError`."""
        deadline = time.monotonic() + timeout
        data = bytearray()
        poll = select.poll()
        with self._open():
            poll.register(self._out, select.POLLIN)
            while len(data) < count:
                left = deadline - time.monotonic()
                if left <= 0 or not poll.poll(left * 1000 + 1):
                    raise SandboxLostError("the sandbox did not answer in time")
                chunk = os.read(self._out, count - len(data))
                if not chunk:
                    raise SandboxLostError(f"the sandbox ended{self._last_words()}")
                data += chunk
        return bytes(data)

    def kill(self) -> None:
        """End the sandbox; safe to call again, and from another thread."""
        with self._lock:
            if self._ended.is_set():
                return
            self._ended.set()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        with self._lock:
            if not self._users:
                self._close()
        for group in self._groups:
            _remove_group(group)

    @contextlib.contextmanager
    def _open(self) -> Iterator[None]:
        """Keep the descriptors open: closed under another thread, their numbers could become those of other files."""
        with self._lock:
            if self._ended.is_set():
                raise SandboxLostError("the sandbox was ended")
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if self._ended.is_set() and not self._users:
                    self._close()

    def _close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _last_words(self) -> str:
        """The end of what the sandbox wrote to stderr, if it is known."""
        with contextlib.suppress(OSError, ValueError):
            if self._process.stderr is not None and select.select([self._process.stderr], [], [], 0.2)[0]:
                words = os.read(self._process.stderr.fileno(), 4096).decode(errors="replace").strip()
                return f": {words[-500:]}" if words else ""
        return ""


class BwrapProvider:
    """Starts sandboxes with bubblewrap. `docs/sandbox.md` says what is weaker here than in a container."""

    name = "bwrap"
    max_calls = 5000

    def __init__(
        self,
        memory_mb: int = 768,
        processes: int = 128,
        disk_mb: int = 64,
        files: int = 4096,
        network: Network | None = None,
    ) -> None:
        """The first two are not bounded where no control group can be made; `describe` says so.

        Args:
            memory_mb: memory of all processes and files of a sandbox together, in MB.
            processes: processes and threads of a sandbox, the supervisor's three among them.
            disk_mb: bytes in the working directory, in MB; they count as memory.
            files: files and directories in each directory that programs can write to.
            network: hosts that programs are to reach. There is no way to that here, so with any it is not available.
        """
        self._disk_mb = disk_mb
        self._files = files
        self._memory_mb = memory_mb
        self._processes = processes
        self._network = network

    def available(self) -> str | None:
        """Why it cannot be used here, in words; None where it can."""
        if self._network is not None:
            return "it grants no network; hosts that are listed by name can be reached with the provider docker"
        if sys.platform != "linux":
            return "bubblewrap needs Linux"
        missing = [tool for tool in ("bwrap", "unshare", "mount") if shutil.which(tool) is None]
        if missing:
            return f"not installed: {', '.join(missing)} (Debian, Ubuntu: apt-get install bubblewrap util-linux mount)"
        trial = subprocess.run(
            [*_command(self._disk_mb, self._files), "/bin/true"],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=20,
            check=False,
        )
        if trial.returncode == 0:
            return None
        why = trial.stderr.decode(errors="replace").strip()[-300:]
        return f"bubblewrap cannot make its namespaces here: {why}"

    def describe(self) -> dict[str, Any]:
        """What this provider can and cannot do on this host, for a person."""
        root = os.geteuid() == 0
        groups = _make_groups(f"textgym-trial-{os.getpid()}", self._memory_mb, self._processes)
        for group in groups:
            _remove_group(group)
        return {
            "provider": self.name,
            "bwrap": shutil.which("bwrap"),
            "own_uid": root,
            "cgroup": [str(group) for group in groups],
            "weaker": []
            if root and groups
            else [
                *([] if root else ["programs share the supervisor's uid; a seccomp filter keeps them from it"]),
                *([] if groups else ["no cgroup: memory is bounded for each process, not for all of a program's"]),
            ],
        }

    def config(self, slot: int) -> SlotConfig:
        """What the supervisor in a slot is told about the sandbox around it."""
        identity = slot_uid(slot) if os.geteuid() == 0 else None
        environ = {**ENVIRON, "PATH": f"{Path(_python()).parent}:/usr/bin:/bin"}
        return SlotConfig(uid=identity, gid=identity or 0, wipe=("/box", *_SCRATCH), environ=environ, oom=["/run/oom"])

    def reap(self) -> list[str]:
        """Remove the control groups that runs left which could not clean up; their names. Their processes died with them."""
        gone = []
        for kind in ("", "memory", "pids"):
            for group in sorted(_GROUPS.joinpath(kind).glob("textgym-*-*-*")):
                if not Path("/proc", group.name.split("-")[1]).exists():
                    _remove_group(group)
                    gone.append(str(group))
        return gone

    def start(self, slot: int) -> Transport:
        """A sandbox that waits for its server.

        Raises:
            SandboxUnavailableError: bubblewrap cannot be started.
        """
        groups = _make_groups(f"textgym-{os.getpid()}-{slot}-{time.monotonic_ns()}", self._memory_mb, self._processes)
        counter = next((path for path in map(_oom_file, groups) if path is not None), None)
        extra = ["--ro-bind", str(counter), "/run/oom"] if counter else []
        enter = [f"echo $$ > {shlex.quote(str(group / 'cgroup.procs'))}" for group in groups]
        argv = [*_command(self._disk_mb, self._files, enter, extra), _python(), "-I", "-S", "-c", BOOTSTRAP]
        try:
            process = subprocess.Popen(
                argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                bufsize=0,
                env={"PATH": os.environ.get("PATH", os.defpath)},
            )
        except OSError as error:
            raise SandboxUnavailableError(f"bubblewrap cannot be started: {error}") from None
        return PipeTransport(process, groups)


def _command(disk_mb: int, files: int, enter: Sequence[str] = (), extra: Sequence[str] = ()) -> list[str]:
    """The command line before the program: `unshare` for the bounded mounts, then bubblewrap."""
    root = os.geteuid() == 0
    steps = list(enter)
    binds: list[str] = []
    bwrap = _bwrap()
    # The host's /tmp, in this mount namespace only, makes room for the mounts; nothing of it reaches the sandbox.
    steps.append("mount -t tmpfs -o size=1m,mode=700 tmpfs /tmp")
    if Path(bwrap).is_relative_to("/tmp"):  # noqa: S108 - there it would be hidden, so it is carried over
        steps = [f"exec 9<{shlex.quote(bwrap)}", *steps, "cat <&9 >/tmp/bwrap && chmod 700 /tmp/bwrap && exec 9<&-"]
        bwrap = "/tmp/bwrap"  # noqa: S108
    for index, (place, megabytes) in enumerate([("/box", disk_mb), *((place, SCRATCH_MB) for place in _SCRATCH)]):
        options = f"size={megabytes}m,nr_inodes={files},mode=1777,nosuid,nodev"
        steps.append(f"mkdir /tmp/{index} && mount -t tmpfs -o {options} tmpfs /tmp/{index}")
        binds += ["--bind", f"/tmp/{index}", place]  # noqa: S108 - in the new mount namespace
    script = " && ".join([*steps, 'exec "$@"'])
    unshare = ["unshare", "--mount", "--propagation", "private"]
    if not root:
        unshare += ["--user", "--map-root-user"]
    bubblewrap = [bwrap, "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    bubblewrap += ["--die-with-parent", "--as-pid-1", "--hostname", "sandbox", "--clearenv", "--cap-drop", "ALL"]
    if root:
        bubblewrap += [part for capability in _ROOT_CAPABILITIES for part in ("--cap-add", capability)]
    else:
        # An identity that is not 0 in any namespace; the one that mounted is left behind.
        bubblewrap += ["--unshare-user", "--uid", "1000", "--gid", "1000"]
    bubblewrap += [*_system(), "--proc", "/proc", "--dev", "/dev", *binds, *extra]
    bubblewrap += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/", "--"]
    return [*unshare, "sh", "-c", script, "sh", *bubblewrap]


def _bwrap() -> str:
    """Where bubblewrap is."""
    return os.path.realpath(shutil.which("bwrap") or "bwrap")


def _system() -> list[str]:
    """Binds of the read-only system."""
    arguments = ["--ro-bind", "/usr", "/usr"]
    for place_name in ("/etc", "/run"):
        arguments += ["--perms", "0755", "--dir", place_name]
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        place = Path("/", name)
        if place.is_symlink():
            arguments += ["--symlink", os.readlink(place), str(place)]
        elif place.is_dir():
            arguments += ["--ro-bind", str(place), str(place)]
    for place_name in _ETC:
        if os.path.exists(place_name):
            arguments += ["--ro-bind", place_name, place_name]
    prefix = Path(sys.base_prefix).resolve()
    if not prefix.is_relative_to("/usr"):
        for parent in reversed(prefix.parents[:-1]):
            arguments += ["--perms", "0755", "--dir", str(parent)]
        arguments += ["--ro-bind", str(prefix), str(prefix)]
    return arguments


def _python() -> str:
    """The interpreter of the sandbox: the one that made this virtual environment, if it is one."""
    name = f"python{sysconfig.get_python_version()}"
    return str(Path(sys.base_prefix).resolve() / "bin" / name)


def _make_groups(name: str, memory_mb: int, processes: int) -> list[Path]:
    """Control groups for a sandbox, with its limits set; empty where this process may not make them."""
    memory = str(memory_mb << 20)
    if (_GROUPS / "cgroup.controllers").exists():
        wanted = {"memory.max": memory, "memory.swap.max": "0", "pids.max": str(processes)}
        group = _make_group(_GROUPS / name, wanted)
        return [group] if group else []
    limits = {
        "memory": {"memory.limit_in_bytes": memory, "memory.memsw.limit_in_bytes": memory},
        "pids": {"pids.max": str(processes)},
    }
    return [group for kind, wanted in limits.items() if (group := _make_group(_GROUPS / kind / name, wanted))]


def _make_group(path: Path, limits: dict[str, str]) -> Path | None:
    try:
        path.mkdir()
    except OSError:
        return None
    try:
        for file, value in limits.items():
            if (path / file).exists() or "sw" not in file:
                (path / file).write_text(value)
    except OSError:
        _remove_group(path)
        return None
    return path


def _remove_group(path: Path) -> None:
    """Remove a control group, whose last processes may still be on their way out."""
    for _ in range(50):
        try:
            path.rmdir()
            return
        except FileNotFoundError:
            return
        except OSError:
            time.sleep(0.02)


def _oom_file(group: Path) -> Path | None:
    """The file that counts the processes that the kernel ended for memory."""
    return next((file for name in ("memory.events", "memory.oom_control") if (file := group / name).exists()), None)
