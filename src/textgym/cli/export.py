"""`textgym export`: a run in a form that other programs read."""

from pathlib import Path
from typing import Annotated

import typer

from textgym.cli.options import AsJson, RunDirectory, named_path
from textgym.cli.screen import busy, note, print_json, several

_WHY_NONE = {
    "sft": "no episode counts as solved, or earned as much as --min-reward: a lower --min-reward takes more of them",
    "preferences": "no group has two rewards that differ by more than --min-gap: pairs come from runs with --group-size 2 "
    "or more",
}


def export(
    directory: RunDirectory,
    *,
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help="jsonl, parquet, sft or preferences.")],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="PATH", parser=named_path, help="File to write; for parquet, a directory."),
    ],
    min_reward: Annotated[
        float | None,
        typer.Option(help="For sft: take what earned at least this, not what was solved.", show_default=False),
    ] = None,
    min_gap: Annotated[
        float, typer.Option(min=0, help="For preferences: the rewards of a pair must differ by more than this.")
    ] = 0.0,
    as_json: AsJson = False,
) -> None:
    """Write a run as flat JSON lines, as a Hugging Face dataset, as conversations to imitate, or as preference pairs."""
    from textgym.episodes import export as write

    with busy(f"writing {out}"):
        report = write(directory, to, out, min_reward=min_reward, min_gap=min_gap)
    if as_json:
        print_json(report.as_json())
    else:
        note(f"{report.out}: {several(report.rows, 'row')} from {several(report.episodes, 'episode')}")
        if report.episodes and not report.rows and report.to in _WHY_NONE:
            note(_WHY_NONE[report.to])
