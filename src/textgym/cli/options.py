"""Options that several verbs share, and how their values are read."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from textgym.cli.exits import CommandError
from textgym.cli.screen import note


def _matching_ids(incomplete: str) -> list[str]:
    from textgym.registry import entries

    names = [*entries(), *(name.removeprefix("textgym/") for name in entries())]
    return [name for name in names if name.startswith(incomplete)]


def every_id() -> list[str]:
    """The ids that `--all` stands for: those whose extras are installed. Of each other a line on stderr says what it needs."""
    from textgym.registry import entries, missing

    ids = []
    for env_id, entry in entries().items():
        if extras := missing(entry):
            note(f"left out: {env_id} needs {', '.join(extras)}: pip install 'textgym[{','.join(extras)}]'")
        else:
            ids.append(env_id)
    return ids


EnvId = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="An environment; the namespace `textgym/` may be left out.",
        autocompletion=_matching_ids,
        show_default=False,
    ),
]

Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        "-s",
        metavar="NAME=VALUE",
        help="A setting of the environment; may be repeated. The value is read as JSON where it is JSON, else as text.",
        show_default=False,
    ),
]

AsJson = Annotated[bool, typer.Option("--json", help="Print the report as JSON on stdout, and nothing else there.")]

SplitName = Annotated[
    str | None,
    typer.Option("--split", metavar="SPLIT", help="train, validation or test.", show_default=False),
]

RunDirectory = Annotated[
    Path, typer.Argument(metavar="DIR", help="The directory of a run: --out of `textgym run`.", show_default=False)
]


def named_path(text: str) -> Path:
    """A path that was given; an empty text, as an unset variable of the shell leaves it, is none.

    Raises:
        typer.BadParameter: it is empty.
    """
    if not text.strip():
        raise typer.BadParameter("it is empty: name a path")
    return Path(text)


def read_settings(pairs: Sequence[str] | None, split: str | None = None) -> dict[str, Any]:
    """Keyword arguments of an environment from `NAME=VALUE` texts, and from `--split` where it is given.

    Raises:
        CommandError: a text has no name or no equals sign.
    """
    settings = read_pairs("--set", pairs)
    return settings if split is None else settings | {"split": split}


def read_pairs(option: str, pairs: Sequence[str] | None) -> dict[str, Any]:
    """Names and values from `NAME=VALUE` texts; of a name given twice the last value counts.

    Raises:
        CommandError: a text has no name or no equals sign.
    """
    values: dict[str, Any] = {}
    for pair in pairs or ():
        name, equals, value = pair.partition("=")
        name = name.strip().replace("-", "_")
        if not equals or not name:
            raise CommandError(f"{option} {pair!r}: write NAME=VALUE, such as {option} max_turns=5")
        values[name] = read_value(value)
    return values


def read_value(text: str) -> Any:
    """The value that a text stands for: JSON where it is JSON, else the text itself."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
