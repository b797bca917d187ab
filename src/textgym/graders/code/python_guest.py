"""What runs inside the sandbox for a `python` grader. Standard library of Python 3.9 and nothing else.

stdin: JSON {"source", "sample", "item"}. The source defines `grade(sample, item)`. Result channel: JSON, one of
{"value": the number as text}, {"raised": type and message, "line": in the source, or null} and {"no_number": what it was}.
What the source prints goes nowhere.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

_FILE = "grader.py"
_LONGEST = 500


def main() -> None:
    """Grade what stands on stdin."""
    leave, channel = os._exit, int(os.environ["RESULT_FD"])
    asked = json.loads(sys.stdin.buffer.read())
    told = json.dumps(_graded(asked)).encode()
    while told:
        told = told[os.write(channel, told) :]
    leave(0)  # its threads and exit handlers have nothing to add


def _graded(asked: dict[str, Any]) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "grader", "__file__": _FILE}
    try:
        exec(compile(asked["source"], _FILE, "exec", dont_inherit=True), names)  # noqa: S102 (this is what the sandbox is for)
        grade = names.get("grade")
        if not callable(grade):
            return {"raised": "NameError: the source defines no function grade(sample, item)", "line": None}
        value = grade(asked["sample"], asked["item"])
        if value is None or isinstance(value, (str, bytes, bytearray)):
            return {"no_number": repr(value)[:_LONGEST]}
        try:
            return {"value": repr(float(value))}  # numbers of other libraries have their own types
        except (TypeError, ValueError, OverflowError):
            return {"no_number": type(value).__name__[:_LONGEST]}
    except BaseException as error:
        return {"raised": _words(error), "line": _line(error)}


def _words(error: BaseException) -> str:
    try:
        message = str(error)[:_LONGEST]
    except BaseException:
        message = ""
    name = type(error).__name__[:100]
    return f"{name}: {message}" if message else name


def _line(error: BaseException) -> int | None:
    """The last line of the source that the exception went through."""
    if isinstance(error, SyntaxError) and error.filename == _FILE:
        return error.lineno
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _FILE:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


if __name__ == "__main__":
    main()
