"""`textgym bank`: the packages that repair tasks are made of, their recipes, and the proof of both."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textgym.cli.exits import CommandError, ExitCode, guarded, leave
from textgym.cli.options import AsJson
from textgym.cli.sandbox import check_provider
from textgym.cli.screen import busy, console, note, print_json, several, table, visible
from textgym.registry import service

if TYPE_CHECKING:
    from textgym.core import TextgymError

app = typer.Typer(name="bank", no_args_is_help=True)

Names = Annotated[
    list[str] | None, typer.Argument(metavar="PACKAGE", help="Packages; all unless given.", show_default=False)
]
ProviderName = Annotated[
    str, typer.Option("--provider", metavar="NAME", help="The sandbox: docker, bwrap, docker-fresh, or auto.")
]

_COUNTS = ("tests", "tasks")
_KINDS = ("single", "combined", "implement")
_WIDE = 112
"""Columns from which the tasks of each kind are shown, too; on fewer, no name would be whole."""


@app.callback()
def bank() -> None:
    """Repair tasks on real packages: what is there, what can be made, and whether it holds."""


def list_packages(names: Names = None, *, as_json: AsJson = False) -> None:
    """List the packages and how many tasks each has."""
    rows = service("bank").listed(_known(names))
    if as_json:
        print_json({"packages": rows, "tasks": sum(row["tasks"] or 0 for row in rows)})
        return
    screen = console()
    names_of_counts = (*_COUNTS, *(_KINDS if screen.width >= _WIDE else ()))
    shown = table("package", "licence", "split", "here", *names_of_counts, right=names_of_counts)
    for column in shown.columns[:4]:
        column.no_wrap = True
    for row in rows:
        counts = [f"{row[name]:,}" for name in names_of_counts if row["tasks"]]
        words = (row["package"], row["licence"], row["split"], "yes" if row["cached"] else "no")
        shown.add_row(*map(visible, words), *counts)
    screen.print(shown)
    ready = [row for row in rows if row["tasks"]]
    note(f"{several(sum(row['tasks'] for row in ready), 'task')} in {several(len(ready), 'package')} with recipes")


def fetch(
    names: Names = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Also packages that have no recipes yet.")] = False,
    as_json: AsJson = False,
) -> None:
    """Fetch the packages' archives into the cache; from then on no network is needed."""
    chosen = service("bank").packages(_known(names), with_recipes=not every and not names)
    try:
        with busy("looking into the cache") as say:
            done = service("bank").fetch_packages(
                chosen, lambda name, here, total: say(f"fetching {name}, {here} of {total} archives are here")
            )
    except OSError as error:
        where = f"the cache cannot be written: {error.filename or 'a file'}: {error.strerror or error}"
        raise CommandError(f"{where}; TEXTGYM_CACHE names another folder", ExitCode.FAILED) from None
    if as_json:
        print_json({"packages": len(chosen), **done})
        return
    for path in done["damaged"]:
        note(f"{path} was damaged (its hash was not the pinned one) and was fetched anew")
    here = several(done["archives"], "archive")
    note(f"{several(len(chosen), 'package')}: {here} here, {done['fetched']:,} of them fetched now")


def build(
    names: Names = None,
    *,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the recipes; textgym's own unless given.", show_default=False)
    ] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Also packages that have recipes there.")] = False,
    provider: ProviderName = "auto",
    as_json: AsJson = False,
) -> None:
    """Make recipes: run a package's tests, mine faults, and confirm them. A killed build goes on where it was."""
    from textgym.core.errors import TextgymError

    work = service("bank")
    folder = out or work.recipes_folder()
    if not folder.is_dir():
        raise CommandError(f"--out {folder}: there is no such folder")
    if not os.access(folder, os.W_OK):
        raise CommandError(f"--out {folder}: recipes cannot be written there")
    check_provider(provider)
    chosen = [spec for spec in work.packages(_known(names)) if rebuild or not work.has_recipes(spec, folder)]
    made: list[dict[str, Any]] = []
    failed: dict[str, str] = {}
    if chosen:
        with work.laboratory(provider) as where, busy("starting") as say:
            for spec in chosen:
                try:
                    made.append(work.build_package(where, spec, folder, lambda step: say(_progress(step))))
                except TextgymError as error:
                    _failed(failed, spec.label, error)
                else:
                    note(f"{spec.label}: {several(made[-1]['tasks'], 'task')}")
    if as_json:
        print_json({"built": made, "failed": failed})
    else:
        note(f"{several(len(made), 'package')} built, {len(failed)} failed")
    if failed:
        leave(ExitCode.FAILED)


def verify(
    names: Names = None,
    *,
    count: Annotated[
        int | None, typer.Option("-n", "--sample", min=1, help="So many tasks at random; all unless given.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Which ones.")] = 0,
    provider: ProviderName = "auto",
    as_json: AsJson = False,
) -> None:
    """Prove tasks again, three times each: the package passes its tests, the fault fails exactly the recipe's."""
    check_provider(provider)
    work = service("bank")
    chosen = work.packages(_known(names), with_recipes=not names)
    with work.laboratory(provider) as where, busy("starting") as say:
        found = work.verify_sample(
            where, chosen, count, seed, lambda name, done, total: say(f"{name}: {done} of {total} tasks proven")
        )
    broken = [finding for finding in found if not finding.held]
    if as_json:
        shown = [{"package": each.package, "task": each.n, "evidence": each.evidence} for each in broken]
        print_json({"verified": len(found), "held": len(found) - len(broken), "broken": shown})
    else:
        for each in broken:
            note(f"{each.package} task {each.n}: {each.evidence}")
        note(f"{len(found) - len(broken):,} of {several(len(found), 'task')} held, three runs each")
    if broken:
        leave(ExitCode.FAILED)


def _known(names: list[str] | None) -> list[str]:
    """The names, each once, when it is sure that the bank has them."""
    from textgym.core.errors import TextgymError

    try:
        service("bank").packages(names or ())
    except TextgymError as error:
        raise CommandError(str(error)) from None
    return list(dict.fromkeys(names or ()))


def _progress(step: Any) -> str:
    accepted = f", {several(step.accepted, 'task')} accepted" if step.accepted else ""
    return f"{step.package}: {step.stage} {step.done} of {step.total}{accepted}"


def _failed(failed: dict[str, str], label: str, error: "TextgymError") -> None:
    failed[label] = str(error)
    note(f"{label} failed: {error}")


app.command("list")(guarded(list_packages))
app.command("fetch")(guarded(fetch))
app.command("build")(guarded(build))
app.command("verify")(guarded(verify))
