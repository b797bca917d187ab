"""What runs inside the sandbox for one command: unpacks the tree, runs the shell in it, and reports what is there then.

It is sent as source, needs nothing but Python 3.9's standard library, and shares uid and sandbox with the command that it
runs: a command may end it, or write a report in its place. That gains nothing. The report only says which files there are,
and whoever can forge it could have made those files. The host parses it as hostile data.
"""

from __future__ import annotations

import json
import os
import select
import signal
import stat
import struct
import time
from typing import Any

ROOT = b"/box"
_KEPT = 1 << 16
_POLL_S = 0.02
_CLOCK_LAG_NS = 50_000_000  # the kernel stamps files with the time of its last tick


class UnkeepableError(Exception):
    """The tree cannot be kept; the text says why."""


def main() -> None:
    """Serve the one order in the file `order`."""
    os.chdir(ROOT)
    with open("order", "rb") as file:
        (size,) = struct.unpack("!I", file.read(4))
        order = json.loads(file.read(size))
        blobs = file.read()
    os.unlink("order")
    os.unlink("main.py")
    home = os.path.join(ROOT, os.fsencode(order["home"]))
    unpack(home, order["entries"], blobs)
    started = time.time_ns() - _CLOCK_LAG_NS
    answer: dict[str, Any] = run(home, order) if order["command"] is not None else {}
    end_others()
    pieces: list[bytes] = []
    try:
        answer["entries"] = pack(home, order, started, pieces)
    except UnkeepableError as error:
        answer["unkeepable"] = str(error)
        pieces = []
    except OSError as error:
        answer["unkeepable"] = "the files cannot be read: " + (error.strerror or "")
        pieces = []
    head = json.dumps(answer).encode("ascii")
    report(struct.pack("!I", len(head)) + head + b"".join(pieces))


def report(data: bytes) -> None:
    """Write `data` to the result channel."""
    channel = int(os.environ["RESULT_FD"])
    while data:
        data = data[os.write(channel, data) :]


def unpack(home: bytes, entries: list[list[Any]], blobs: bytes) -> None:
    """Make the tree. Entries: [kind, path, mode, mtime, size or target], parents before what is in them."""
    os.mkdir(home, 0o755)
    folders = []
    start = 0
    for kind, name, mode, mtime, more in entries:
        path = os.path.join(home, os.fsencode(name))
        if kind == "dir":
            os.mkdir(path)
            folders.append((path, mode, mtime))
        elif kind == "link":
            os.symlink(os.fsencode(more), path)
        elif kind == "fifo":
            os.mkfifo(path)
            os.chmod(path, mode)
        else:
            with open(path, "wb") as file:
                file.write(blobs[start : start + more])
            start += more
            os.chmod(path, mode)
            os.utime(path, (mtime, mtime))
    for path, mode, mtime in reversed(folders):
        os.utime(path, (mtime, mtime))
        os.chmod(path, mode)


def run(home: bytes, order: dict[str, Any]) -> dict[str, Any]:
    """Run the command; its exit code, the head and the tail of what it wrote, and where it ended."""
    place = os.path.join(home, os.fsencode(order["cwd"]))
    note = b"/tmp/.cwd-" + os.urandom(8).hex().encode()
    script = b"trap 'pwd -P > " + note + b" 2>/dev/null' EXIT; " + order["command"].encode("utf-8", "replace")
    environment = {
        b"PATH": os.environb.get(b"PATH", b"/usr/bin:/bin"),
        b"HOME": home,
        b"PWD": place,
        b"LANG": b"C.UTF-8",
        b"TZ": b"UTC",
        b"TERM": b"dumb",
        b"PYTHONDONTWRITEBYTECODE": b"1",
    }
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            os.chdir(place)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(writing, 1)
            os.dup2(writing, 2)
            os.closerange(3, 64)
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            os.execve("/bin/bash", [b"bash", b"-c", script], environment)  # noqa: S606 (a shell is what is asked for)
        finally:
            os._exit(126)
    os.close(writing)
    os.set_blocking(reading, False)
    status, output = watch(child, reading, order["seconds"], order["most_output"])
    answer = {**output, **status}
    try:
        with open(note, "rb") as file:
            answer["cwd"] = os.fsdecode(file.read(4096).rstrip(b"\n"))
        os.unlink(note)
    except OSError:
        answer["cwd"] = None
    return answer


def watch(child: int, reading: int, seconds: float, most: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Wait for the shell and read what it writes; end it when time or output run out."""
    deadline = time.monotonic() + seconds
    head, tail, total, stopped = b"", b"", 0, None
    ended = False
    while True:
        ended = ended or os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        select.select([reading], [], [], 0 if ended else _POLL_S)
        try:
            chunk = os.read(reading, _KEPT)
        except BlockingIOError:
            chunk = b""
        total += len(chunk)
        room = _KEPT - len(head)
        head += chunk[:room]
        tail = (tail + chunk[room:])[-_KEPT:]
        if ended and not chunk:
            break
        if stopped is None and (time.monotonic() > deadline or total > most):
            stopped = "output" if total > most else "time"
            end_others()
        if stopped is not None and time.monotonic() > deadline + 5:
            break
        if not chunk and not ended:
            time.sleep(0.001)
    _, status = os.waitpid(child, 0)
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
    output = {"head": head.decode("latin-1"), "tail": tail.decode("latin-1"), "written": total}
    return {"exit_code": code, "stopped": stopped}, output


def end_others() -> None:
    """End what the command left running, as far as it can be seen: afterwards it could only disturb the report."""
    spared = {os.getpid(), *ancestors()}
    for _ in range(50):
        others = [pid for pid in own_processes() if pid not in spared]
        if not others:
            return
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in others:
                try:
                    os.kill(pid, number)
                except OSError:
                    spared.add(pid)
        time.sleep(0.002)


def own_processes() -> list[int]:
    """Processes of this uid that still run; those that only wait to be collected are left out."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/" + name + "/stat", "rb") as file:
                    state = file.read().rpartition(b")")[2].split()[0]
                if os.stat("/proc/" + name).st_uid == os.getuid() and state not in (b"Z", b"X"):
                    found.append(int(name))
            except OSError:
                continue
    return found


def ancestors() -> list[int]:
    """The chain of parents of this process."""
    chain, pid = [], os.getppid()
    while pid > 0 and pid not in chain:
        chain.append(pid)
        try:
            with open("/proc/" + str(pid) + "/stat", "rb") as file:
                pid = int(file.read().rpartition(b")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            break
    return chain


def pack(home: bytes, order: dict[str, Any], started: int, pieces: list[bytes]) -> list[list[Any]]:
    """The tree as entries like those of `unpack`; the mtime is null where the command wrote the file."""
    entries: list[list[Any]] = []
    room = order["most_bytes"]
    waiting = [(home, "")]
    if not os.path.isdir(home) or os.path.islink(home):
        raise UnkeepableError("the home directory is gone")
    while waiting:
        folder, prefix = waiting.pop()
        os.chmod(folder, 0o700)
        for raw in sorted(os.listdir(folder)):
            path = os.path.join(folder, raw)
            try:
                name = prefix + raw.decode("utf-8")
            except UnicodeDecodeError:
                raise UnkeepableError("a file's name is not UTF-8") from None
            if len(entries) >= order["most_entries"]:
                raise UnkeepableError("there are more than {} files and directories".format(order["most_entries"]))
            if len(name) > order["most_path"]:
                raise UnkeepableError("a path is longer than {} characters".format(order["most_path"]))
            facts = os.lstat(path)
            mode = stat.S_IMODE(facts.st_mode)
            mtime = None if facts.st_mtime_ns >= started else facts.st_mtime_ns // 1_000_000_000
            if stat.S_ISDIR(facts.st_mode):
                entries.append(["dir", name, mode, mtime, None])
                waiting.append((path, name + "/"))
            elif stat.S_ISLNK(facts.st_mode):
                try:
                    entries.append(["link", name, 0o777, None, os.readlink(path).decode("utf-8")])
                except UnicodeDecodeError:
                    raise UnkeepableError("a link's target is not UTF-8") from None
            elif stat.S_ISREG(facts.st_mode):
                if facts.st_size > room:
                    raise UnkeepableError("the files have more than {} bytes in all".format(order["most_bytes"]))
                data = content(path, mode, room)
                room -= len(data)
                pieces.append(data)
                entries.append(["file", name, mode, mtime, len(data)])
            elif stat.S_ISFIFO(facts.st_mode):
                entries.append(["fifo", name, mode, None, None])
    return entries


def content(path: bytes, mode: int, most: int) -> bytes:
    """The bytes of a regular file of ours, whatever its mode."""
    if not mode & stat.S_IRUSR:
        os.chmod(path, mode | stat.S_IRUSR)
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        return file.read(most)


if __name__ == "__main__":
    main()
