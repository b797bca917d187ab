"""`textgym view`: what is in a run, and one episode as a transcript."""

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textgym.cli.exits import CommandError
from textgym.cli.options import AsJson, RunDirectory
from textgym.cli.screen import console, facts, note, print_json, table

if TYPE_CHECKING:
    from rich.console import Console

    from textgym.episodes import EpisodeStore

_SHORTEST_PREFIX = 4
_LONGEST_NUMBER = 9


def view(
    directory: RunDirectory,
    *,
    episode: Annotated[
        str | None,
        typer.Option(
            "--episode",
            "-e",
            metavar="N|ID",
            help="One episode: its number, its id or how its id begins.",
            show_default=False,
        ),
    ] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Only episodes that were not solved.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the episodes of a run, or read one of them turn by turn."""
    from textgym.episodes import EpisodeStore

    store = EpisodeStore.open(directory)
    if episode is not None:
        _view_one(_find(store, episode), as_json)
    elif as_json:
        run = {**store.manifest.model_dump(mode="json"), "complete": store.complete}
        print_json({"run": run, "episodes": list(_rows(store, failed))})
    else:
        _view_all(store, failed)


def _rows(store: "EpisodeStore", failed: bool) -> Iterator[dict[str, Any]]:
    """What a listing says of each episode."""
    for number, record in enumerate(store.records(), 1):
        outcome = record["outcome"]
        if failed and outcome["success"]:
            continue
        yield {
            "number": number,
            "episode_id": record["episode_id"],
            "task_id": record["task_id"],
            "seed": record["seed"],
            "group": record["group"],
            "sibling": record["sibling"],
            "turns": len(record["turns"]),
            "reward": record["reward"],
            "success": outcome["success"],
            "status": outcome["status"],
            "stop_reason": outcome["stop_reason"],
        }


def _view_all(store: "EpisodeStore", failed: bool) -> None:
    manifest = store.manifest
    count = store.count()
    of = "" if manifest.episodes is None or count == manifest.episodes else f" of {manifest.episodes:,}"
    screen = console()
    head: dict[str, Any] = {
        "environment": manifest.env_id,
        "policy": ", ".join(f"{name} {value}" for name, value in manifest.policy.items() if value is not None),
        "begun": manifest.created,
        "episodes": f"{count:,}{of}" + (f", in groups of {manifest.group_size}" if manifest.group_size > 1 else ""),
    }
    if manifest.config:
        head["settings"] = ", ".join(f"{name}={value!r}" for name, value in manifest.config.items())
    rows = table("#", "episode", "task", "turns", "reward", "end", right=["#", "turns", "reward"])
    rows.columns[1].no_wrap = True
    for row in _rows(store, failed):
        reward = "none" if row["reward"] is None else f"{row['reward']:.3g}"
        end = row["status"] if row["status"] == row["stop_reason"] else f"{row['status']}, {row['stop_reason']}"
        style = "green" if row["success"] else "yellow" if row["reward"] is None else "red"
        task = "/".join(row["task_id"].rsplit("/", 2)[1:])
        rows.add_row(str(row["number"]), row["episode_id"], task, str(row["turns"]), reward, end)
        rows.rows[-1].style = style if sys.stdout.isatty() else None
    with _paged(screen):
        screen.print(facts(head))
        if rows.row_count:
            screen.print()
            screen.print(rows)
    if failed and not rows.row_count:
        note(f"none to show: {'all are' if count else 'there is none that is not'} solved")


def _find(store: "EpisodeStore", wanted: str) -> dict[str, Any]:
    """The record of an episode by number, id, or beginning of its id."""
    number = int(wanted) if wanted.isdecimal() and wanted.isascii() and len(wanted) <= _LONGEST_NUMBER else None
    begins: list[dict[str, Any]] = []
    count = 0
    for count, record in enumerate(store.records(), 1):
        if count == number or record["episode_id"] == wanted:
            return record
        if len(wanted) >= _SHORTEST_PREFIX and record["episode_id"].startswith(wanted) and len(begins) < 2:
            begins.append(record)
    if len(begins) == 1:
        return begins[0]
    if begins:
        raise CommandError(f"--episode {wanted}: several ids begin so: write more of it")
    raise CommandError(f"--episode {wanted}: there is none; the run has episodes 1 to {count}, by number or id")


def _view_one(record: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(record)
        return
    from textgym.cli.transcript import episode_transcript
    from textgym.episodes import Episode

    screen = console(prose=True)
    with _paged(screen):
        for piece in episode_transcript(Episode.from_json(record)):
            screen.print(piece)


def _paged(screen: "Console") -> AbstractContextManager[object]:
    """A pager with colours where stdout is a terminal; it leaves at once what fits on the screen."""
    if not sys.stdout.isatty():
        return nullcontext()
    os.environ.setdefault("LESS", "FRX")
    return screen.pager(styles=screen.color_system is not None)
