"""`textgym`: the verbs put together."""

import os
import sys
from contextlib import suppress
from typing import Annotated

import typer

from textgym.cli import (
    bank,
    bench,
    check,
    export,
    grade,
    info,
    judge,
    listing,
    play,
    redteam,
    replay,
    run,
    sandbox,
    search,
    view,
)
from textgym.cli.exits import DEBUG_VARIABLE, guarded
from textgym.cli.stdout import let_go

app = typer.Typer(
    name="textgym",
    help="Text-in, text-out environments for reinforcement learning of language models.",
    epilog="Exit codes: 0 fine, 1 what was asked for failed, 2 wrong usage, 3 interrupted and resumable.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_FIND, _TRY, _RUN, _READ = "Find an environment", "Try it", "Run and measure", "Work with what happened"

app.command("list", rich_help_panel=_FIND)(guarded(listing.list_environments))
app.command("search", rich_help_panel=_FIND)(guarded(search.search))
app.command("info", rich_help_panel=_FIND)(guarded(info.info))
app.command("play", rich_help_panel=_TRY)(guarded(play.play))
app.command("check", rich_help_panel=_TRY)(guarded(check.check))
app.command("redteam", rich_help_panel=_TRY)(guarded(redteam.redteam))
app.command("run", rich_help_panel=_RUN)(guarded(run.run))
app.command("bench", rich_help_panel=_RUN)(guarded(bench.bench))
app.add_typer(sandbox.app, rich_help_panel=_RUN)
app.add_typer(bank.app, rich_help_panel=_RUN)
app.add_typer(judge.app, rich_help_panel=_RUN)
app.command("view", rich_help_panel=_READ)(guarded(view.view))
app.command("replay", rich_help_panel=_READ)(guarded(replay.replay))
app.command("export", rich_help_panel=_READ)(guarded(export.export))
app.command("grade", rich_help_panel=_READ)(guarded(grade.grade))


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("textgym"))
        raise typer.Exit


@app.callback()
def textgym(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Text-in, text-out environments for reinforcement learning of language models."""
    if debug:
        os.environ[DEBUG_VARIABLE] = "1"


def main() -> None:
    """The entry point of the command `textgym`."""
    for stream in (sys.stdout, sys.stderr):
        # A lone surrogate in a model's text, or a terminal without UTF-8, must not end a report half-way.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    with suppress(OSError):  # a working directory that was removed
        # Last, so that it finds the `my_module` of `my_module:mine/Env-v0` and shadows nothing.
        sys.path.append(os.getcwd())
    try:
        app(prog_name="textgym")
    finally:
        let_go()
