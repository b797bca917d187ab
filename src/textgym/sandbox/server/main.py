"""The supervisor: serves calls, one at a time, until its stdin ends."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Sequence
from typing import Any

from . import confine, fetch, mounts, session, syscalls, tidy, wire
from .outcome import OUTCOME, REFUSED
from .streams import Stream, memory_file, read_report
from .trees import MissingTreeError, Trees, payload

PROTOCOL = 1
KILL_SECONDS = 3.0
"""After this long a program that still has processes is left to the host, which ends the whole sandbox."""

WIPE_SECONDS = 1.0
"""After this long what is left of its files is left to the host as well: a new sandbox costs about as much."""
_PROBE_LIMITS = {
    "wall_s": 10.0,
    "cpu_s": 5.0,
    "memory_mb": 512,
    "processes": 16,
    "file_mb": 1,
    "open_files": 64,
    "output_kb": 64,
    "result_kb": 64,
    "files_out_kb": 1,
}


class Slot:
    """One place to run a program in, one at a time: its identity, its zygote, its directories."""

    def __init__(self, message: dict[str, Any]) -> None:
        self.config: dict[str, Any] = message["config"]
        self.uid: int | None = self.config["uid"]
        self.gid: int = self.config["gid"]
        self.reader = wire.Reader(0)
        self.trees = Trees()
        self.out_of_memory = _oom_count(self.config["oom"])
        self.ahead = 0  # the process that waits for the next order, where it is known
        self._start_zygote(message)
        self.wipe()

    def _start_zygote(self, message: dict[str, Any]) -> None:
        """A fresh interpreter, so that its heap begins empty, with string hashes that are the same in every run."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.channel = ours
        pid = os.fork()
        if pid == 0:
            protected = [os.getppid(), os.getpid()] if self.uid is None else []
            text = json.dumps(
                {**message, "modules": message["zygote"], "entry": "zygote", "protected": protected}
            ).encode()
            start = memory_file("zygote", len(text).to_bytes(4, "big") + text)
            sink = os.open(os.devnull, os.O_RDWR)
            os.lseek(start, 0, os.SEEK_SET)
            os.dup2(start, 0)
            os.dup2(sink, 1)
            os.dup2(theirs.fileno(), 3)
            os.set_inheritable(3, True)
            os.closerange(4, 64)
            python = sys.executable
            environment = {"HOME": self.config["work"], **self.config["environ"], "PYTHONHASHSEED": "0"}
            os.execve(python, [python, "-s", "-c", message["bootstrap"]], environment)  # noqa: S606
        self.zygote = pid
        theirs.close()
        ours.settimeout(30)
        if ours.recv(16) != b"ready":
            raise RuntimeError("the zygote did not start")
        ours.settimeout(None)

    def wipe(self) -> bool:
        """Empty the writable directories; whether it succeeded."""
        return tidy.wipe(self.config["wipe"], WIPE_SECONDS)

    def kill(self) -> bool:
        """End the program's processes; whether it succeeded."""
        return tidy.kill_all(self.uid, (self.zygote, self.ahead), KILL_SECONDS)

    def signal(self, number: int) -> None:
        """Send a signal to the program's processes."""
        tidy.signal_all(self.uid, (self.zygote, self.ahead), number)

    def run(self, head: dict[str, Any], payload: int, stdin: int) -> tuple[dict[str, Any], list[bytes]]:
        """Run what the memory files hold. The answer, and its blobs: stdout, stderr, result, files."""
        limits = head["limits"]
        streams = []
        ends = []
        for name, cap in (("stdout", "output_kb"), ("stderr", "output_kb"), ("result", "result_kb")):
            if name != "result" or head["result"]:
                reading, writing = os.pipe()
                os.set_blocking(reading, False)
                streams.append(Stream(name, reading, limits[cap] * 1024))
                ends.append(writing)
        said, saying = os.pipe()
        os.set_blocking(said, False)
        start = time.monotonic()
        try:
            self.ahead = 0
            socket.send_fds(self.channel, [b"fork"], [payload, stdin, *ends[:2], saying, *ends[2:]])
            for end in (*ends, saying):
                os.close(end)
            reason, outcome = self._watch(streams, start, start + limits["wall_s"])
            killed = outcome is not None or self.kill()
            status, cpu, self.ahead, maxrss = OUTCOME.unpack(outcome or self._outcome())
            killed = self.kill() and killed
            wall = time.monotonic() - start
            for stream in streams:
                stream.drain()
            complaint = read_report(said)
        finally:
            for fd in (said, *[stream.fd for stream in streams]):
                os.close(fd)
        answer = self.judge(reason, (status, cpu), complaint, streams, limits)
        files, errors = fetch.fetch(
            self.config["work"], head["files_out"], limits["files_out_kb"] * 1024, self.uid, self.gid
        )
        answer["wall_s"] = wall
        answer["maxrss_mb"] = maxrss / 1024
        answer["files"] = [(name, len(data)) for name, data in files]
        answer["file_errors"] = errors
        answer["discard"] = not (self.wipe() and killed)
        return answer, [bytes(stream.data) for stream in streams] + [data for _, data in files]

    def _watch(self, streams: list[Stream], start: float, deadline: float) -> tuple[str, bytes | None]:
        """Read the streams until the program ends or is to be ended; why it is, and the zygote's word if it came."""
        poll = select.poll()
        by_fd = {stream.fd: stream for stream in streams}
        for fd in by_fd:
            poll.register(fd, select.POLLIN)
        channel = self.channel.fileno()
        poll.register(channel, select.POLLIN)
        poll.register(0, 0)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return "timeout", None
            for fd, event in poll.poll(left * 1000 + 1):
                if fd == channel:
                    return "", self.channel.recv(64)
                if fd == 0:
                    if event & wire.ENDED:
                        raise wire.HostGoneError
                    continue
                stream = by_fd[fd]
                if not stream.read():
                    poll.unregister(fd)
                elif stream.truncated:
                    return f"output_limit: {stream.name}", None

    def _outcome(self) -> bytes:
        self.channel.settimeout(KILL_SECONDS)
        outcome = self.channel.recv(64)
        self.channel.settimeout(None)
        return outcome

    def judge(
        self,
        reason: str,
        ended: tuple[int, float],
        complaint: list[str],
        streams: Sequence[Stream],
        limits: dict[str, Any],
    ) -> dict[str, Any]:
        """The answer about a program: how it ended, and how long its streams are.

        Args:
            reason: why it was ended (`timeout`, or what exceeded a limit); empty where it ended by itself.
            ended: its wait status and its CPU time in seconds.
            complaint: what it said about its own start.
            streams: stdout, stderr and more, drained.
            limits: its limits.
        """
        status, cpu = ended
        answer: dict[str, Any] = {
            "op": "result",
            "status": "exit",
            "exit_code": None,
            "signal": None,
            "cpu_s": cpu,
            "detail": "",
            "result": None,
        }
        for stream in streams:
            answer[stream.name] = len(stream.data)
            answer[f"{stream.name}_truncated"] = stream.truncated
        full = [stream.name for stream in streams if stream.truncated]
        out_of_memory = _oom_count(self.config["oom"])
        starved = out_of_memory > self.out_of_memory
        self.out_of_memory = out_of_memory
        if status == REFUSED:
            raise RuntimeError("no child could be forked")
        if complaint:
            if complaint[0] != "setup_error":
                raise RuntimeError(f"a child could not be confined: {complaint[1]}")
            answer.update(status="setup_error", detail=complaint[1])
        elif reason == "timeout":
            answer["status"] = "timeout"
        elif full:
            answer.update(status="output_limit", detail=f"more than the limit was written to {full[0]}")
        elif os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            answer.update(status="signal", signal=number)
            # The kernel counts ticks for the limit and finer for the account, and so the two differ, more on a busy machine.
            least = {int(signal.SIGXCPU): 0.5, int(signal.SIGKILL): 0.9}.get(number)
            if least is not None and cpu >= least * limits["cpu_s"] and not starved:
                answer["status"] = "cpu"
            elif number == signal.SIGKILL and starved:
                answer.update(status="memory", detail="the memory of the whole sandbox ran out")
        else:
            code = os.WEXITSTATUS(status)
            answer["exit_code"] = code
            last = streams[1].data[-4096:].rstrip().rpartition(b"\n")[2]
            if code == 1 and last.startswith(b"MemoryError"):
                answer.update(status="memory", exit_code=None, detail="uncaught MemoryError")
        return answer


def main(message: dict[str, Any]) -> None:
    """Start the slot, say what holds here, then serve calls."""
    os.chdir("/")
    confine.hide()
    confine.adopt_orphans()
    answers = os.dup(1)
    os.dup2(2, 1)
    slot = Slot(message)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # after the zygote's start: an ignored signal is inherited, for good
    wire.send(answers, {"op": "hello", "protocol": PROTOCOL, **_probe(slot, message)})
    message.clear()  # the sources of all modules
    while True:
        try:
            if not _serve(slot, answers):
                break
        except wire.BadFrameError as error:
            wire.send(answers, {"op": "error", "detail": str(error)})
        except (wire.HostGoneError, EOFError, BrokenPipeError):
            break
    slot.kill()
    os._exit(0)


def _serve(slot: Slot, answers: int) -> bool:
    """Serve one call; False when there are no more."""
    head = slot.reader.head()
    if head is None:
        return False
    if head.get("op") == "ping":
        wire.send(answers, {"op": "pong"})
        return True
    try:
        if head.get("op") == "open":
            session.serve(slot, head, answers)
        elif head.get("op") == "run":
            _serve_call(slot, head, answers)
        else:
            raise wire.BadFrameError("an unknown operation")
    except MissingTreeError:
        wire.send(answers, {"op": "missing"})
    return True


def _serve_call(slot: Slot, head: dict[str, Any], answers: int) -> None:
    try:
        call = {name: head[name] for name in ("argv", "source", "env", "limits", "result")}
        given, stdin = payload(call, head, slot.trees.take(head, slot.reader)), memory_file("stdin")
        try:
            if head["source"] is not None:
                slot.reader.move(head["source"], given)
            slot.reader.move(head["stdin"], stdin)
            for _, size in head["files"]:
                slot.reader.move(size, given)
            os.lseek(stdin, 0, os.SEEK_SET)
            answer, blobs = slot.run(head, given, stdin)
        finally:
            os.close(given)
            os.close(stdin)
    except (KeyError, TypeError, ValueError) as error:
        raise wire.BadFrameError(f"a malformed call: {type(error).__name__}: {error}") from None
    wire.send(answers, answer, *blobs)


def _oom_count(paths: list[str]) -> int:
    """How often the kernel has ended a process here for memory; 0 where no counter can be read."""
    for path in paths:
        try:
            with open(path) as file:
                counts = dict(line.split() for line in file)
            return int(counts.get("oom_kill", 0))
        except (OSError, ValueError):
            continue
    return 0


def _probe(slot: Slot, message: dict[str, Any]) -> dict[str, Any]:
    """Facts about this place, and the self-test: an ordinary call that tries what must be refused."""
    source = message["probe"]
    others = mounts.unexpected(slot.config["wipe"])
    grant = {name: list(slot.config.get(name, ())) for name in ("hosts", "ports")}
    arguments = (syscalls.machine(), slot.zygote, list(slot.config["wipe"]), others, grant)
    text = f"{source}\n\nreport(*{arguments!r})\n".encode()
    head: dict[str, Any] = {"argv": None, "source": len(text), "env": {}, "files": [], "limits": _PROBE_LIMITS}
    head.update(result=True, files_out=[])
    given, stdin = payload(head, head, None), memory_file("stdin")
    wire.write_all(given, text)
    answer, blobs = slot.run(head, given, stdin)
    os.close(given)
    os.close(stdin)
    try:
        checks = json.loads(blobs[2])
    except ValueError:
        checks = {"probe": f"{answer['status']} {answer['detail']}: {blobs[1][-500:].decode(errors='replace')}"}
    return {
        "python": ".".join(map(str, sys.version_info[:3])),
        "machine": syscalls.machine(),
        "own_uid": slot.uid is not None,
        "pid_1": os.getpid() == 1,
        "oom_counter": any(os.access(path, os.R_OK) for path in slot.config["oom"]),
        "clean": not answer["discard"],
        "checks": checks,
    }
