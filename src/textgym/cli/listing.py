"""`textgym list`: every environment there is."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from textgym.cli.options import AsJson
from textgym.cli.screen import console, note, print_json, table

if TYPE_CHECKING:
    from textgym.registry import Entry


def list_environments(
    domain: Annotated[str | None, typer.Option(help="Only this domain, such as math.", show_default=False)] = None,
    tag: Annotated[
        list[str] | None, typer.Option(help="Only with this tag; repeated, with all of them.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the environments, yours and third parties' too."""
    from textgym.registry import entries

    known = list(entries().values())
    wanted = set(tag or ())
    shown = [entry for entry in known if domain in (None, entry.domain) and wanted <= set(entry.tags)]
    if as_json:
        print_json([entry.as_json() for entry in shown])
        return
    if shown:
        show_entries(shown)
    else:
        domains = ", ".join(sorted({entry.domain for entry in known}))
        tags = ", ".join(sorted({name for entry in known for name in entry.tags}))
        note(f"no environment fits. Domains: {domains}. Tags: {tags}.")


def show_entries(shown: Iterable["Entry"]) -> None:
    """Print environments as a table."""
    rows = table("id", "domain", "summary", "tags")
    rows.columns[0].no_wrap = True
    rows.columns[0].style = "bold"
    rows.columns[3].style = "dim"
    for entry in shown:
        needs = f" Needs {', '.join(entry.needs)}." if entry.needs else ""
        rows.add_row(entry.id, entry.domain, entry.summary + needs, ", ".join(entry.tags))
    console().print(rows)
