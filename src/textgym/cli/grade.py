"""`textgym grade`: outputs that are there already, graded by a grader in JSON, ours or OpenAI's."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO, cast, get_args

import typer

from textgym.cli.exits import CommandError, ExitCode, leave
from textgym.cli.grade_results import Totals, kept_results, retried, write_result
from textgym.cli.grade_rows import Row, opened, read_rows, some_rows
from textgym.cli.options import AsJson
from textgym.cli.screen import console, facts, note, print_json, several, table, visible

if TYPE_CHECKING:
    from textgym.graders import Grader, OnInvalid

_PERIOD = 0.1
_A_GRADER = 'a grader is a JSON object, such as {"type": "exact", "reference": "{{ item.answer }}"}'
_KINDS: dict[type, str] = {
    list: "a list",
    str: "a text",
    int: "a number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}
_OF_THE_DATA = {"sample_parse_error", "invalid_variable_error"}


def grade(
    data: Annotated[
        Path,
        typer.Argument(metavar="DATA", help="JSON lines with `item` and `sample`; - is stdin.", show_default=False),
    ],
    *,
    grader: Annotated[
        str,
        typer.Option("--grader", "-g", metavar="FILE", help="A grader's JSON, ours or OpenAI's; a file, or the JSON."),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write the results to.", show_default=False)
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the results in --out.")] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="With --resume: grade the rows that failed again.")
    ] = False,
    concurrency: Annotated[
        int, typer.Option("--concurrency", "-c", min=1, help="Rows at the same time, where grading waits.")
    ] = 16,
    on_invalid: Annotated[
        str, typer.Option(metavar="WHAT", help="What a failed grading is worth: drop, zero, min, or raise to stop.")
    ] = "drop",
    sample_field: Annotated[
        str | None, typer.Option(help="Field of a row that holds the output.", show_default=False)
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Judges ask nobody: only answers that are kept count.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Grade outputs that are there already; each row of results has the fields of OpenAI's graders.run."""
    from textgym.cli.grade_work import grade_rows
    from textgym.graders import judging

    made = read_grader(grader)
    worth = _read_on_invalid(on_invalid)
    _check_out(out, resume=resume, retry_failed=retry_failed)
    totals = Totals()
    shown: list[dict[str, Any]] = []
    with ExitStack() as stack:
        asked = stack.enter_context(judging(offline=offline or None))
        rows = some_rows(data, read_rows(stack.enter_context(opened(data)), sample_field))
        file = None
        if out is not None:
            if resume and retry_failed and out.exists():
                file, rows = stack.enter_context(retried(out, rows, made, worth))
            else:
                if resume and out.exists():
                    for _, result in kept_results(out, rows, made, worth):
                        totals.add(result, before=True)
                file = stack.enter_context(_appended(out))
        progress = stack.enter_context(_progress(data, totals, shown=out is not None or as_json))
        write = _writer(file, shown if as_json else None)

        def take(result: dict[str, Any], row: Row) -> None:
            if asked.trouble and result["status"] != "ok" and totals.failed == totals.rows:
                raise CommandError(asked.trouble)  # as every row would end
            write(result)
            totals.add(result, before=row.kept is not None)
            progress(row)
            if worth == "raise" and result["status"] != "ok":
                why = next(iter(totals.first.values()))[1]
                raise CommandError(f"{data}:{row.line}: {result['status']}: {why}", ExitCode.FAILED)

        interrupted = grade_rows(made, rows, concurrency, worth, take)
    _report(made, totals, data=data, out=out, interrupted=interrupted, results=shown if as_json else None)


def read_grader(given: str) -> "Grader":
    """The grader in a file, or in the option itself."""
    from textgym.graders import GraderSpecError, load
    from textgym.graders.openai.reading import from_openai, is_openai

    inline = given.lstrip().startswith("{")
    named = "--grader" if inline or not given else f"--grader {given}"
    try:
        text = given if inline or not given else Path(given).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandError(
            f"{named}: {error.strerror or error}; give a file with a grader's JSON, or the JSON itself"
        ) from None
    except UnicodeDecodeError:
        raise CommandError(f"{named}: it is no UTF-8 text; {_A_GRADER}") from None
    if not text.strip():
        raise CommandError(f"{named}: it is empty; {_A_GRADER}")
    try:
        read = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{named}: no JSON: {error}") from None
    if not isinstance(read, dict):
        raise CommandError(f"{named}: it holds {_KINDS[type(read)]}; {_A_GRADER}")
    try:
        return from_openai(text) if is_openai(read) else load(text)
    except GraderSpecError as error:
        raise CommandError(f"{named}: {error}") from None


def _check_out(out: Path | None, *, resume: bool, retry_failed: bool) -> None:
    if retry_failed and not resume:
        raise CommandError("--retry-failed goes with --resume: it grades the rows again that failed in --out")
    if out is None:
        if resume:
            raise CommandError("--resume needs --out: the file with the results to go on with")
    elif out.is_dir():
        raise CommandError(f"--out {out}: it is a directory; name a file in it")
    elif not resume and out.exists() and out.stat().st_size:
        raise CommandError(f"{out} is there already: go on with --resume, or choose another --out")


def _read_on_invalid(given: str) -> "OnInvalid":
    from textgym.core.errors import did_you_mean
    from textgym.graders import OnInvalid

    if given not in get_args(OnInvalid):
        raise CommandError(f"--on-invalid {given!r}: {did_you_mean(given, get_args(OnInvalid))}")
    return cast("OnInvalid", given)


@contextmanager
def _appended(out: Path) -> Iterator[TextIO]:
    try:
        file = out.open("a", encoding="ascii")
    except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
        raise CommandError(f"--out {out}: {error.strerror}") from None
    with file:
        yield file


def _writer(file: TextIO | None, kept: list[dict[str, Any]] | None) -> Callable[[dict[str, Any]], None]:
    """Where results go: to the file, into the report of --json, or to stdout, as lines for a person or a program."""
    if file is not None:
        return lambda result: write_result(file, result)
    if kept is not None:
        return kept.append
    if not sys.stdout.isatty():
        return lambda result: write_result(sys.stdout, result)
    screen = console()
    return lambda result: screen.print(_shown(result), no_wrap=True, overflow="ellipsis")


def _shown(result: dict[str, Any]) -> Any:
    """A result on one line of a terminal."""
    from rich.text import Text

    line = Text(f"{result['line']:>6}  ", style="dim")
    reward = result["reward"]
    line.append("      -" if reward is None else f"{reward:7.3f}", style="bold yellow" if reward is None else "bold")
    for name, value in result["sub_rewards"].items():
        if value is not None:
            line.append("  ").append_text(visible(name, "dim")).append(f" {value:.3g}")
    if result["status"] != "ok":
        totals = Totals()
        totals.add(result)
        _, why = next(iter(totals.first.values()), (0, result["status"]))
        line.append(f"  {result['status']}: ", style="yellow").append_text(visible(why.split("\n")[0][:200]))
    return line


@contextmanager
def _progress(data: Path, totals: Totals, *, shown: bool) -> Iterator[Callable[[Row], None]]:
    """A bar on stderr that follows the bytes of the data, if it is to be shown."""
    if not shown or not sys.stderr.isatty():
        yield lambda row: None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    size = data.stat().st_size if data.is_file() else None
    columns = (
        BarColumn(bar_width=30),
        TextColumn("{task.fields[rows]}", markup=False),
        TextColumn("{task.fields[mean]}", markup=False),
        TextColumn("{task.fields[failed]}", style="yellow", markup=False),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=console(stderr=True), transient=True) as progress:
        bar = progress.add_task("", total=size, rows="", mean="", failed="")
        read, next_drawing = 0, 0.0

        def show(row: Row) -> None:
            nonlocal read, next_drawing
            read += row.size
            now = time.monotonic()
            if now >= next_drawing:
                next_drawing = now + _PERIOD
                progress.update(
                    bar,
                    completed=read,
                    rows=f"{several(totals.rows, 'row')}, {(totals.rows - totals.before) / totals.seconds:,.0f}/s",
                    mean="" if totals.mean is None else f"mean reward {totals.mean:.3f}",
                    failed=f"{totals.failed:,} failed" if totals.failed else "",
                )

        yield show


def _unfit(data: Path, totals: Totals, *, interrupted: bool) -> str | None:
    """What to say where not a single row can be graded: data and grader, or --sample-field, do not belong together."""
    if interrupted or totals.rewarded or not totals.errors.keys() <= _OF_THE_DATA:
        return None
    line, why = next(iter(totals.first.values()))
    return f"{data}: none of {several(totals.rows, 'row')} can be graded with this grader: line {line}: {why}"


def _report(
    grader: "Grader",
    totals: Totals,
    *,
    data: Path,
    out: Path | None,
    interrupted: bool,
    results: list[dict[str, Any]] | None,
) -> None:
    unfit = _unfit(data, totals, interrupted=interrupted)
    if results is not None:
        head = {"grader": {"name": grader.label, "type": grader.type, "digest": grader.digest}}
        where = {"data": str(data), "out": None if out is None else str(out), "interrupted": interrupted}
        print_json(head | where | totals.as_json() | ({} if out is not None else {"results": results}))
    elif unfit is None:
        listed = out is None and sys.stdout.isatty()
        _show(grader, totals, stderr=out is None and not listed, listed=listed)
    if unfit is not None:
        raise CommandError(unfit)
    if interrupted:
        note("interrupted" if out is None else f"interrupted: the same command with --resume goes on in {out}")
        leave(ExitCode.INTERRUPTED if out is None else ExitCode.RESUMABLE)
    if totals.failed:
        leave(ExitCode.FAILED)


def _show(grader: "Grader", totals: Totals, *, stderr: bool, listed: bool) -> None:
    """What the results come to, for a person."""
    mean = totals.mean
    spread = (
        "" if mean is None else f"  ({totals.least:g} to {totals.greatest:g}, {several(totals.rewarded, 'reward')})"
    )
    done = totals.rows - totals.before
    rows = {
        "grader": f"{grader.label}, {grader.digest[:12]}",
        "rows": f"{totals.rows:,}" + (f", {totals.before:,} of them before" if totals.before else ""),
        "mean reward": "none" if mean is None else f"{mean:.4g}{spread}",
    }
    if totals.failed:
        rows["failed"] = several(totals.failed, "row")
    if totals.tokens:
        rows["tokens"] = f"{totals.tokens:,}" + (f", {totals.cost:.4f} USD" if totals.cost else "")
    if done:
        rows["time"] = f"{totals.seconds:.1f} s, {done / max(totals.seconds, 1e-9):,.0f} rows/s"
    screen = console(stderr=stderr)
    if listed:
        screen.print()
    screen.print(facts(rows))
    if totals.parts:
        parts = table("part", "mean", "values", right=["mean", "values"])
        for name, (count, total) in totals.parts.items():
            parts.add_row(visible(name), f"{total / count:.4g}" if count else "-", f"{count:,}")
        screen.print()
        screen.print(parts)
    if totals.errors:
        errors = table("error", "rows", "first", right=["rows"])
        for error, count in totals.errors.most_common():
            line, why = totals.first[error]
            errors.add_row(error, f"{count:,}", visible(f"line {line}: {why}"[:300]))
        screen.print()
        screen.print(errors)
