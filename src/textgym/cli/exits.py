"""How a verb ends: exit codes, and errors as one clear line instead of a traceback."""

import functools
import os
import sys
from collections.abc import Callable
from contextlib import nullcontext
from enum import IntEnum
from typing import NoReturn, ParamSpec

import typer

from textgym.cli.screen import begin, note
from textgym.cli.stdout import kept_for_json

DEBUG_VARIABLE = "TEXTGYM_DEBUG"

_P = ParamSpec("_P")


class ExitCode(IntEnum):
    """The exit codes of every verb."""

    OK = 0
    """Fine."""
    FAILED = 1
    """What was asked for failed: a check, a replay, episodes without a reward, a full disk."""
    USAGE = 2
    """Wrong usage: an unknown id, option or setting, a value out of range, a missing file."""
    RESUMABLE = 3
    """Interrupted; the same command with `--resume` goes on where it stopped."""
    INTERRUPTED = 130
    """Interrupted, and there is nothing to resume."""


class CommandError(Exception):
    """A verb cannot go on; the message is one clear line that names the way out."""

    def __init__(self, message: str, code: ExitCode = ExitCode.USAGE) -> None:
        super().__init__(message)
        self.code = code


def leave(code: ExitCode) -> NoReturn:
    """End the command with this exit code."""
    raise typer.Exit(int(code))


def guarded(verb: Callable[_P, None]) -> Callable[_P, None]:
    """The verb with its errors turned into one line on stderr and an exit code; a closed pipe ends it quietly.

    With --json, stdout is kept for the result, whatever an environment or a policy prints.
    """

    @functools.wraps(verb)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> None:
        begin()
        try:
            with kept_for_json() if kwargs.get("as_json") else nullcontext():
                verb(*args, **kwargs)
            sys.stdout.flush()
        except typer.Exit:
            raise
        except BrokenPipeError:
            # The reader (`| head`) has seen enough. Nothing may be flushed into the closed pipe when Python shuts down.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            leave(ExitCode.OK)
        except KeyboardInterrupt:
            leave(ExitCode.INTERRUPTED)
        except Exception as error:
            if os.environ.get(DEBUG_VARIABLE, "") not in ("", "0"):
                raise
            message, code = explain(error)
            note(f"error: {message}")
            leave(code)

    return run


def explain(error: Exception) -> tuple[str, ExitCode]:
    """The line that an error is shown as, and the exit code that it ends with."""
    if isinstance(error, CommandError):
        return str(error), error.code
    from textgym.core.errors import (
        ConfigError,
        OptionalDependencyError,
        ResetError,
        TextgymError,
        UnknownEnvironmentError,
    )
    from textgym.episodes.errors import ExportError, ExportFullError, RecordError, StoreError, StoreFullError
    from textgym.policies.base import PolicySettingError

    text = str(error) or type(error).__name__
    if isinstance(error, ExportFullError | StoreFullError | RecordError):
        return text, ExitCode.FAILED
    if isinstance(
        error,
        ConfigError
        | ExportError
        | OptionalDependencyError
        | PolicySettingError
        | ResetError
        | StoreError
        | UnknownEnvironmentError,
    ):
        return text, ExitCode.USAGE
    if isinstance(error, TextgymError):
        return text, ExitCode.FAILED
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'the system'}: {error.strerror}", ExitCode.FAILED
    return f"{type(error).__name__}: {text} ({DEBUG_VARIABLE}=1 shows where)", ExitCode.FAILED
