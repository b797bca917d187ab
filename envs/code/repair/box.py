"""The sandboxes that repositories are worked on and graded in: what goes in as data, what comes back as data.

Nothing of an episode stays in a sandbox between two steps. Each call is given the tree as it is, and what it changes in it
comes back; so an episode can be saved at any step and goes on in any process, and a thousand episodes share a few
sandboxes. The sandboxes are this module's own, apart from those that all others share: they have pytest loaded before any call.
"""

import dataclasses
import functools
import importlib.resources
import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any

from textgym.core import InfraError
from textgym.envs.code.bank.errors import BankError
from textgym.envs.code.repair.toolchain import LIBRARY, archive, preload
from textgym.envs.code.repair.tree import MOST_BYTES, MOST_FILES, Files, path_problem
from textgym.sandbox import (
    Call,
    ImageError,
    Limits,
    Provider,
    RunResult,
    Sandbox,
    SandboxUnavailableError,
    open_sandbox,
)
from textgym.sandbox.calls import Transport
from textgym.sandbox.opening import make_provider
from textgym.sandbox.shared import SharedSandbox
from textgym.sandbox.starvation import arun_fairly
from textgym.sandbox.supervisor import SlotConfig

LIMITS = Limits(
    wall_s=60, cpu_s=30, memory_mb=1024, processes=64, file_mb=16, open_files=256, output_kb=1024, result_kb=8192
)
"""What any one call may use; those of a policy's commands name a shorter time."""

KEPT_BYTES = 16_000
"""Bytes kept of the head of a command's output, and of its tail: no fewer characters than an observation shows."""

_SHARED = ("entering", "structure")  # what several programs in `inside` import, as textgym_entering and so on
_CAPTURE_SECONDS = 20.0
_NAMED = 3
_SIZE = struct.Struct("!I")
_DECLARED = "ORDER: dict[str, Any] = {}\n"


class _WithTools:
    """A provider whose sandboxes have pytest loaded, and what several of our programs share."""

    def __init__(self, inner: Provider) -> None:
        self._inner = inner
        self.name = inner.name
        self.max_calls = inner.max_calls

    def available(self) -> str | None:
        return self._inner.available()

    def describe(self) -> dict[str, Any]:
        return self._inner.describe()

    def config(self, slot: int) -> SlotConfig:
        shared = [(f"textgym_{name}", _source(name)) for name in _SHARED]
        return dataclasses.replace(self._inner.config(slot), library=[(LIBRARY, preload()), *shared])

    def start(self, slot: int) -> Transport:
        return self._inner.start(slot)


def open_box(provider: str = "auto", slots: int | None = None) -> Sandbox:
    """A pool of sandboxes with pytest loaded; the caller closes it.

    Raises:
        InfraError: none can be used here; the message says what to install. Nothing is run without one.
    """
    try:
        preload()
    except BankError as error:
        raise InfraError(f"the test tools are not at hand: {error}") from error
    reasons = []
    for name in ("docker", "bwrap") if provider == "auto" else (provider,):
        try:
            return open_sandbox(_WithTools(make_provider(name, LIMITS)), slots=slots, limits=LIMITS)
        except (SandboxUnavailableError, ImageError) as error:
            reasons.append(str(error))
    raise InfraError("; ".join(reasons))


_shared = SharedSandbox(open_box)


def shared_box() -> Sandbox:
    """The process's pool, opened at the first call; a forked process opens its own. Raises `InfraError`."""
    return _shared.get()


async def run_call(call: Call) -> RunResult:
    """The result of a call in the process's pool.

    A call that ran out of wall-clock time may have been starved, by others on this machine: see `arun_fairly`. So neither can
    load fail an honest program, nor can one that sleeps have its verdict put off for ever.

    Raises:
        InfraError: there is no sandbox, it was lost twice, or the machine is too busy.
    """
    pool = await _shared.aget()
    (result,) = await arun_fairly(pool, [call])
    if result.status == "lost":
        raise InfraError(f"the sandbox was lost: {result.detail}")
    return result


@dataclasses.dataclass(frozen=True)
class CommandResult:
    """What came of a policy's command.

    Attributes:
        exit_code: its exit status; None where it was stopped.
        output: what it wrote, the middle left out where it was long.
        changed: files that it changed, by path; None for a deleted one. Every path is one that a tree takes.
        cpu_s: CPU seconds.
        note: what the policy has to be told beyond that, such as that it was stopped; empty if nothing.
        stopped: `time`, `lost_changes`, `too_large` or `left_out` (files with names that a tree does not take) where not all
            went well.
    """

    exit_code: int | None
    output: str
    changed: Mapping[str, bytes | None]
    cpu_s: float
    note: str = ""
    stopped: str = ""


async def run_command(
    command: str,
    start: Files,
    tree: Files,
    *,
    search_path: Sequence[str],
    extras: Files,
    seconds: float,
) -> CommandResult:
    """Run a shell command in a tree.

    Args:
        command: what the policy wrote, for bash.
        start: the tree as the episode began, which is all that a history in the box tells.
        tree: the tree as it is now.
        search_path: folders of the tree that Python imports from.
        extras: further modules that Python finds.
        seconds: wall-clock time that it may take.

    Raises:
        InfraError: there is no sandbox, or it was lost.
    """
    git = "git" in command
    changed = [path for path in sorted(tree) if tree[path] != start.get(path)] if git else []
    order = {
        "command": command,
        "search_path": list(search_path),
        "seconds": seconds,
        "keep": KEPT_BYTES,
        "most_bytes": MOST_BYTES,
        "most_files": MOST_FILES,
        "git": git,
        "changed": changed,
        "deleted": sorted(start.keys() - tree.keys()) if git else [],
    }
    files = {f"repo/{path}": data for path, data in (start if git else tree).items()}
    files |= {f"changed/{number}": tree[path] for number, path in enumerate(changed)}
    files |= {f"extras/{path}": data for path, data in extras.items()}
    files["test-tools.zip"] = archive()
    limits = LIMITS.model_copy(update={"wall_s": seconds + _CAPTURE_SECONDS})
    result = await run_call(Call(source=program("shell", order), files=files, limits=limits, result=True))
    return _read_command(result, seconds)


def _read_command(result: RunResult, seconds: float) -> CommandResult:
    """What a command's report says, which is no more than the word of the policy's own box."""
    try:
        frame = result.result or b""
        (size,) = _SIZE.unpack(frame[: _SIZE.size])
        head = json.loads(frame[_SIZE.size : _SIZE.size + size])
        rest = frame[_SIZE.size + size :]
        sizes = [int(length) for length in head["output"]]
        changed = [(str(path), None if length is None else int(length)) for path, length in head["changed"]]
        code = None if head["exit_code"] is None else int(head["exit_code"])
        elided, cpu_s, late = int(head["elided"]), float(head["cpu"]), bool(head["late"])
        too_large = bool(head.get("too_large"))
        lengths = [*sizes, *(length for _, length in changed if length is not None)]
        if len(sizes) != 2 or min(lengths) < 0 or sum(lengths) != len(rest):
            raise ValueError
    except (struct.error, ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        return CommandResult(
            None,
            result.stdout.decode(errors="replace"),
            {},
            result.cpu_s,
            "The command ended the program that runs it, or all of the box ran out of its limits. What it changed is lost.",
            "lost_changes",
        )
    blobs, at = [], 0
    for length in lengths:
        blobs.append(rest[at : at + length])
        at += length
    contents = iter(blobs[2:])
    files = {path: None if length is None else next(contents) for path, length in changed}
    middle = f"\n[... {elided:,} bytes left out ...]\n" if elided > 0 else ""
    output = blobs[0].decode(errors="replace") + middle + blobs[1].decode(errors="replace")
    if too_large:
        note = f"It changed more than {MOST_FILES} files or {MOST_BYTES >> 20} MB: none of its changes was kept."
        return CommandResult(code, output, {}, cpu_s, note, "too_large")
    problems = {path: problem for path in files if (problem := path_problem(path))}
    files = {path: data for path, data in files.items() if path not in problems}
    left_out = _left_out(list(problems.values()))
    if late:
        note = f"It was stopped after {seconds:g} seconds. What it had changed by then was kept."
        return CommandResult(None, output, files, cpu_s, f"{note} {left_out}".rstrip(), "time")
    return CommandResult(code, output, files, cpu_s, left_out, "left_out" if left_out else "")


def _left_out(problems: Sequence[str]) -> str:
    """What is said of files that cannot be kept, one reason for each; empty where there are none."""
    if not problems:
        return ""
    more = f"; and {len(problems) - _NAMED} more" if len(problems) > _NAMED else ""
    count = "1 file was" if len(problems) == 1 else f"{len(problems)} files were"
    return f"{count} not kept: {'; '.join(problems[:_NAMED])}{more}."


def program(name: str, order: Mapping[str, Any]) -> str:
    """The text of one of the programs in `inside`, with its order."""
    return _source(name).replace(_DECLARED, f"ORDER = {dict(order)!a}\n", 1)


@functools.cache
def _source(name: str) -> str:
    return (importlib.resources.files(__package__) / "inside" / f"{name}.py").read_text(encoding="utf-8")
