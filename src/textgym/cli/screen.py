"""What is written where: results on stdout, everything about them on stderr, and no text that commands the terminal."""

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, TextIO, cast

from textgym.cli.stdout import write_result

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

_PIPED_WIDTH = 10_000
_PIPED_PROSE_WIDTH = 100
_QUIET_S = 10.0
_said_at = time.monotonic()
_PADDING = re.compile(r" +$|(?<=─{100})─+", re.MULTILINE)
_COMMANDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def console(*, stderr: bool = False, prose: bool = False) -> "Console":
    """A console that prints text as it is: no markup, no guessed highlighting, no colours unless on a terminal.

    Into a pipe or a file a row of a table stays one line for `grep`, however long; `prose`, which nobody greps, is
    wrapped at 100 characters.
    """
    from rich.console import Console

    class Screen(Console):
        def on_broken_pipe(self) -> None:
            """Leave a closed pipe to `guarded`, which ends the command quietly."""
            raise BrokenPipeError

    stream = sys.stderr if stderr else sys.stdout
    if stream.isatty() or "COLUMNS" in os.environ:
        return Screen(stderr=stderr, markup=False, highlight=False, emoji=False)
    width, file = _PIPED_PROSE_WIDTH if prose else _PIPED_WIDTH, cast(IO[str], _Unpadded(stream))
    return Screen(file=file, markup=False, highlight=False, emoji=False, width=width)


class _Unpadded:
    """A stream without what makes each line of a table as wide as the widest of them."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(_PADDING.sub("", text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def note(message: str) -> None:
    """A message beside the result, on stderr, wrapped between words where that is a terminal."""
    if sys.stderr.isatty():
        import shutil
        import textwrap

        width = max(20, shutil.get_terminal_size().columns - 1)
        wrapped = (
            textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) for line in message.split("\n")
        )
        message = "\n".join("\n".join(lines) for lines in wrapped)
    sys.stderr.write(f"{message}\n")


def several(number: int, thing: str) -> str:
    """`1 episode`, `2,000 episodes`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def begin() -> None:
    """A command begins: what it says of its progress in its first seconds goes to a terminal alone."""
    global _said_at
    _said_at = time.monotonic()


def _say_line(message: str) -> None:
    """Write a message on stderr, unless the command began, or wrote one, a short while ago."""
    global _said_at
    if time.monotonic() - _said_at >= _QUIET_S:
        _said_at = time.monotonic()
        sys.stderr.write(f"{message}\n")
        sys.stderr.flush()


@contextmanager
def busy(message: str) -> Iterator[Callable[[str], None]]:
    """A moving sign on stderr while something is under way, and a function that changes its message.

    Where stderr is no terminal, a message becomes a line of its own, if none was written in the last ten seconds: so a log
    shows how far a long command has come, and a short command writes nothing.
    """
    if not sys.stderr.isatty():
        yield _say_line
        return
    from rich.text import Text

    with console(stderr=True).status(Text(message)) as status:
        yield lambda message: status.update(Text(message))


def print_json(value: Any) -> None:
    """Write a result as JSON on stdout. Pure ASCII, so it is the same whatever the terminal's encoding."""
    write_result(json.dumps(value, indent=2, allow_nan=False) + "\n")


def visible(text: str, style: str = "") -> "Text":
    """Text from a model or an environment, made safe to show.

    Characters that would command a terminal or reorder the line (escape sequences, other controls, bidirectional
    overrides, lone surrogates) are written out as `\\x1b` or `\\u202e`, dimmed; line ends and tabs stay.
    """
    from rich.text import Text

    shown = Text(style=style)
    start = 0
    for match in _COMMANDS.finditer(text):
        code = ord(match[0])
        shown.append(text[start : match.start()])
        shown.append(f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}", style="dim")
        start = match.end()
    return shown.append(text[start:])


def table(*columns: str, title: str | None = None, right: Iterable[str] = ()) -> "Table":
    """An empty table in the house style; the columns named in `right` are numbers."""
    from rich import box
    from rich.table import Table

    made = Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False
    )
    numbers = set(right)
    for name in columns:
        number = name in numbers
        made.add_column(name, justify="right" if number else "left", no_wrap=number, overflow="fold")
    return made


def facts(rows: Mapping[str, Any]) -> "Table":
    """Names and values side by side, for the head of a report."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in rows.items():
        grid.add_row(name, value if hasattr(value, "__rich_console__") else visible(str(value)))
    return grid
