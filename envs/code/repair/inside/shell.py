"""Runs one shell command in the tree, and reports its output and which files it changed.

The command runs as the same user as this program and can do to it whatever it likes: what is reported is the word of the
policy's own box, about itself, and the host takes it for no more.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import resource
import select
import shutil
import signal
import struct
import subprocess
import sys
import time
from typing import Any

ORDER: dict[str, Any] = {}

HOME = os.getcwd()
REPO = os.path.join(HOME, "repo")
SKIPPED = {"__pycache__", ".git", ".pytest_cache", ".hypothesis", ".mypy_cache", ".ruff_cache"}


def environment() -> dict[str, str]:
    """What the command finds in its environment."""
    found = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "HOME", "PYTHONHASHSEED")}
    places = [os.path.join(REPO, place) for place in ORDER["search_path"]]
    places += [os.path.join(HOME, "extras"), os.path.join(HOME, "test-tools.zip")]
    found["PATH"] = os.pathsep.join([os.path.join(HOME, "bin"), found.get("PATH", "/usr/bin:/bin")])
    found["PYTHONPATH"] = os.pathsep.join(places)
    found["PYTHONDONTWRITEBYTECODE"] = "1"
    found["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    found["PYTEST_ADDOPTS"] = "-p no:cacheprovider --color=no"
    found["GIT_PAGER"] = found["PAGER"] = "cat"
    found["TERM"], found["COLUMNS"], found["TZ"] = "dumb", "80", "UTC"
    return found


def put_programs() -> None:
    """Give the interpreter and pytest the names under which they are called, where the system does not."""
    os.mkdir("bin")
    os.symlink(sys.executable, os.path.join("bin", "python"))
    for name in ("pytest", "py.test"):
        with open(os.path.join("bin", name), "w") as file:
            file.write('#!/bin/sh\nexec python3 -m pytest "$@"\n')
            os.fchmod(file.fileno(), 0o755)


def git(*arguments: str) -> None:
    """Run git in the tree, quietly and the same each time."""
    stamp = "2000-01-01T00:00:00Z"
    known = {"GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp, "GIT_CONFIG_NOSYSTEM": "1"}
    program = shutil.which("git") or "git"
    identity = ["-c", "user.name=box", "-c", "user.email=box@localhost", "-c", "init.defaultBranch=main"]
    subprocess.run(
        [program, *identity, *arguments],
        cwd=REPO,
        env={**os.environ, **known},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


def put_changes() -> None:
    """Make a commit of the tree as it began, where git is here, and only then apply what was changed since."""
    if ORDER["git"] and shutil.which("git"):
        git("init", "-q")
        git("add", "-A", "-f")
        git("commit", "-q", "-m", "The package")
    for path in ORDER["deleted"]:
        if os.path.exists(os.path.join(REPO, path)):
            os.unlink(os.path.join(REPO, path))
        # A folder may have to make room for a file of its name, as a file may for a folder.
        while path := os.path.dirname(path):
            with contextlib.suppress(OSError):
                os.rmdir(os.path.join(REPO, path))
    for number, path in enumerate(ORDER["changed"]):
        os.makedirs(os.path.dirname(os.path.join(REPO, path)) or REPO, exist_ok=True)
        os.replace(os.path.join(HOME, "changed", str(number)), os.path.join(REPO, path))


def digests() -> dict[str, bytes]:
    """A hash of every regular file of the tree by path; what is no regular file is left out, and never followed."""
    found: dict[str, bytes] = {}
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            entries = list(os.scandir(os.path.join(REPO, folder)))
        except OSError:
            continue
        for entry in entries:
            path = os.path.join(folder, entry.name)
            if entry.name in SKIPPED or entry.is_symlink():
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
            elif entry.is_file(follow_symlinks=False) and not path.endswith((".pyc", ".pyo")):
                data = read(path)
                if data is not None:
                    found[path] = hashlib.blake2b(data, digest_size=16).digest()
    return found


def read(path: str) -> bytes | None:
    """The bytes of a file, b"" for more than can be reported anyway; None if it cannot be read."""
    try:
        file = os.open(os.path.join(REPO, path), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(file, "rb") as stream:
            return stream.read(ORDER["most_bytes"] + 1)
    except OSError:
        return None


def run() -> tuple[dict[str, Any], list[bytes]]:
    """Run the command; how it ended, its CPU seconds, and the head and the tail of its output."""
    shell = shutil.which("bash") or "/bin/sh"
    process = subprocess.Popen(
        [shell, "-c", ORDER["command"]],
        cwd=REPO,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    assert process.stdout is not None
    pipe = process.stdout.fileno()
    os.set_blocking(pipe, False)
    deadline = time.monotonic() + ORDER["seconds"]
    head, tail, count, open_ = bytearray(), bytearray(), 0, True
    keep = ORDER["keep"]
    late = False
    while True:
        ended = process.poll() is not None
        if not ended and time.monotonic() >= deadline:
            late = True
            break
        if open_ and select.select([pipe], [], [], 0 if ended else 0.02)[0]:
            try:
                chunk = os.read(pipe, 1 << 16)
            except BlockingIOError:
                continue
            open_ = bool(chunk)
            count += len(chunk)
            room = max(0, keep - len(head))
            head += chunk[:room]
            tail += chunk[room:]
            del tail[: max(0, len(tail) - keep)]
            continue
        if ended:
            break
        if not open_:
            time.sleep(0.005)
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    code = process.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "exit_code": None if late else code,
        "late": late,
        "cpu": used.ru_utime + used.ru_stime,
        "elided": count - len(head) - len(tail),
    }, [bytes(head), bytes(tail)]


def main() -> None:
    """Do all of it, and write one frame to the result channel."""
    channel = int(os.environ.pop("RESULT_FD"))
    os.set_inheritable(channel, False)
    os.unlink("main.py")
    os.makedirs(REPO, exist_ok=True)
    put_programs()
    put_changes()
    before = digests()
    head, blobs = run()
    after = digests()
    changed: list[Any] = []
    size = 0
    for path in sorted(set(before) | set(after)):
        if before.get(path) == after.get(path):
            continue
        data = read(path) if path in after else None
        size += len(data or b"")
        if size > ORDER["most_bytes"] or len(changed) >= ORDER["most_files"]:
            head["too_large"] = True
            changed, blobs = [], blobs[:2]
            break
        changed.append([path, None if data is None else len(data)])
        if data is not None:
            blobs.append(data)
    head["changed"] = changed
    head["output"] = [len(blob) for blob in blobs[:2]]
    text = json.dumps(head).encode("utf-8", "surrogateescape")
    frame = struct.pack("!I", len(text)) + text + b"".join(blobs)
    while frame:
        frame = frame[os.write(channel, frame) :]
    sys.stdout.flush()
    os._exit(0)


main()
