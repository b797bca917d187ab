"""The child: unpacks its files under its own identity, gives up every right, and becomes the program."""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import struct
import sys
import threading
import traceback
import types
from collections.abc import Mapping
from typing import Any, NoReturn

from . import confine, unpack
from .unpack import SetupError

MAIN = "main.py"
RESULT_FD = 3
_SIZE = struct.Struct("!I")
_HELD_BACK = 127
_TYPICAL = json.dumps(
    {"argv": None, "source": 8, "env": {}, "tree": [], "files": [["name", 1]], "limits": {"wall_s": 1.0, "cpu_s": 1}}
)


def get_ready(config: Mapping[str, Any]) -> types.ModuleType:
    """Do for a child what no call decides about; the module that a program will be run in."""
    os.setsid()
    if config["uid"] is None:
        confine.show()  # only root has a /proc/self of its own while it is hidden
    confine.first_to_go()
    os.chdir(config["work"])
    os.umask(0o022)
    main = types.ModuleType("__main__")
    main.__dict__.update(__file__=os.path.join(config["work"], MAIN), __cached__=None, __builtins__=__builtins__)
    _rehearse()
    return main


def _rehearse() -> None:
    """Touch what every program touches: its memory is shared with the zygote until then, and copied page by page."""
    json.loads(_TYPICAL)
    confine.set_limits(confine.NO_LIMITS)
    exec(compile("pass", MAIN, "exec", dont_inherit=True), {})  # noqa: S102
    gc.collect()


def start(config: Mapping[str, Any], payload: int, report: int, main: types.ModuleType) -> NoReturn:
    """Never returns. File descriptors 0, 1, 2 and, with a result channel, 3 are in place already.

    Args:
        config: the slot's, see `main`.
        payload: descriptor of a memory file: length and JSON of the call, then its tree, its source and its files.
        report: descriptor that takes the reason why the program could not be started.
        main: what `get_ready` gave.
    """
    try:
        confine.become(config["uid"], config["gid"])
        confine.show()  # of the zygote's memory nothing is hidden from its child, and a change of identity hides
        head, source = _unpack(payload)
        _set_environment(head)
        os.close(payload)
        confine.set_limits(head["limits"])
        if source is None:
            confine.restore_signals()
            argv = head["argv"]
            try:
                os.execvp(argv[0], argv)  # noqa: S606
            except (OSError, ValueError) as error:
                raise SetupError(f"cannot run {argv[0]!r:.200}: {error}") from None
    except SetupError as error:
        _give_up(report, "setup_error", str(error))
    except BaseException as error:
        _give_up(report, "fault", f"{type(error).__name__}: {error}")
    os.close(report)
    os._exit(_run(source, main))


def _give_up(report: int, kind: str, why: str) -> NoReturn:
    os.write(report, json.dumps([kind, why[:500]]).encode())
    os._exit(_HELD_BACK)


def _unpack(payload: int) -> tuple[dict[str, Any], bytes | None]:
    """The call's head and source; its files are in the working directory afterwards."""
    (size,) = _SIZE.unpack(os.pread(payload, _SIZE.size, 0))
    head = json.loads(os.pread(payload, size, _SIZE.size))
    position = _SIZE.size + size
    source = None
    with unpack.Unpacking(payload) as unpacking:
        tree, files = head["tree"], head["files"]
        after_tree = position + sum(length for _, length in tree)
        if head["source"] is not None:
            if any(name == MAIN for name, _ in [*tree, *files]):
                raise SetupError(f"the source is written to {MAIN!r}: no other file can have that name")
            source = os.pread(payload, head["source"], after_tree)
        unpacking.write(tree, position)
        if source is not None:
            unpacking.write([[MAIN, len(source)]], after_tree)
            after_tree += len(source)
        unpacking.write(files, after_tree)
    return head, source


def _set_environment(head: Mapping[str, Any]) -> None:
    """The zygote was started with the slot's own environment: only what this call adds is missing."""
    if head["result"]:
        os.environ["RESULT_FD"] = str(RESULT_FD)
    try:
        os.environ.update(head["env"])
    except (ValueError, OSError, UnicodeError) as error:
        raise SetupError(f"cannot set the environment: {error}") from None


def _run(source: bytes, main: types.ModuleType) -> int:
    """Run `source` as `python3 -I main.py` would; the exit status."""
    sys.modules["__main__"] = main
    sys.argv = [MAIN]
    path = main.__dict__["__file__"]
    code = _guard(lambda: exec(compile(source, path, "exec", dont_inherit=True), main.__dict__), 2)  # noqa: S102
    return _finish(main, code)


def _finish(main: types.ModuleType, code: int) -> int:
    """What the interpreter does at its end: wait for threads, run what was registered, free, flush."""
    shutdown = getattr(threading, "_shutdown", None)
    if shutdown is not None:
        _guard(shutdown, 1)
    _guard(atexit._run_exitfuncs, 1)
    # An unclosed file is flushed when it is freed, and a __del__ runs: what the program made goes, the library stays.
    for name in [name for name in main.__dict__ if name != "__builtins__"]:
        del main.__dict__[name]
    gc.collect()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            code = code or 120
    return code


def _guard(step: Any, hidden: int) -> int:
    """Run `step`; what it raises goes where the interpreter would send it. The exit status that this asks for."""
    try:
        step()
        return 0
    except SystemExit as error:
        return _exit_status(error)
    except BaseException as error:
        return _uncaught(error, hidden)


def _exit_status(error: SystemExit) -> int:
    if error.code is None:
        return 0
    if isinstance(error.code, int):
        return int(error.code) & 0xFF
    with contextlib.suppress(BaseException):
        sys.stdout.flush()
        sys.stderr.write(f"{error.code}\n")
    return 1


def _uncaught(error: BaseException, hidden: int) -> int:
    trace = error.__traceback__
    for _ in range(hidden):
        trace = trace.tb_next if trace is not None else None
    try:
        sys.stdout.flush()
        if sys.excepthook is sys.__excepthook__:
            traceback.print_exception(type(error), error, trace)
        else:
            sys.excepthook(type(error), error, trace)
    except SystemExit as final:
        return _exit_status(final)
    except BaseException:
        # No memory is left to say it at length.
        os.write(2, b"\n" + type(error).__name__.encode() + b"\n")
    return 1
