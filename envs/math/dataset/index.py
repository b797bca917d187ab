"""`Index`: which rows are in which split, found in one pass that also checks every row."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from textgym.core import SPLITS, ConfigError, Split
from textgym.envs.math.dataset.columns import Columns
from textgym.envs.math.dataset.json_lines import JsonLines
from textgym.envs.math.dataset.parquet import Parquet
from textgym.envs.math.dataset.rows import BadFileError, BadRowError, Memory, Row, Rows, Stamp
from textgym.envs.math.dataset.sample import ROWS

Files = tuple[tuple[Split | None, str], ...]
"""Files, each with the split that all of its rows are in; None where each row says so itself, or its family decides."""

_JSON_LINES = (".jsonl", ".ndjson")
_PARQUET = (".parquet", ".pq")


@dataclass(frozen=True)
class Index:
    """The rows of each split: where they are read, and their keys there, eight bytes a row."""

    places: Mapping[Split, tuple[Rows, "array[int]"]]

    def size(self, split: Split) -> int:
        """How many rows a split has."""
        return len(self.places[split][1])

    def row(self, split: Split, number: int) -> Row:
        """One row.

        Raises:
            TaskError: the file was changed since.
        """
        rows, keys = self.places[split]
        return rows.read(keys[number])


def stamps(files: Files) -> tuple[Stamp, ...]:
    """The files as they are now.

    Raises:
        ConfigError: one cannot be read, or is of an unknown kind.
    """
    found = []
    for _, path in files:
        if Path(path).suffix.lower() not in (*_JSON_LINES, *_PARQUET):
            raise ConfigError(
                f"setting 'path': {path or 'an empty text'} is neither JSON lines (.jsonl) nor Parquet (.parquet)"
            )
        try:
            found.append(Stamp.of(path))
        except OSError as error:
            raise ConfigError(f"setting 'path': {path}: {error.strerror or error}") from None
    return tuple(found)


@lru_cache(maxsize=8)
def index_of(files: Files, stamps: tuple[Stamp, ...], columns: Columns) -> Index:
    """The index of files, or of the sample where there is none; kept for whoever asks next.

    Raises:
        ConfigError: a row cannot be used; the message names file, line and field.
        OptionalDependencyError: a file is Parquet, and pyarrow is not installed.
    """
    if not files:
        return Index(_places(Memory(ROWS), None, columns))
    places: dict[Split, tuple[Rows, array[int]]] = {}
    for (split, path), stamp in zip(files, stamps, strict=True):
        try:
            found = _places(_opened(stamp), split, columns)
        except BadFileError as error:
            raise ConfigError(f"{path}: {error}") from None
        except BadRowError as error:
            raise ConfigError(f"{path}, {error}") from None
        places |= found if split is None else {split: found[split]}
    return Index({split: places.get(split, (Memory(()), array("Q"))) for split in SPLITS})


def _opened(stamp: Stamp) -> Rows:
    return JsonLines(stamp) if Path(stamp.path).suffix.lower() in _JSON_LINES else Parquet(stamp)


def _places(rows: Rows, split: Split | None, columns: Columns) -> dict[Split, tuple[Rows, "array[int]"]]:
    keys = {name: array("Q") for name in SPLITS}
    for place in rows.scan(columns.needed):
        try:
            columns.check(place.row)
            keys[columns.split_of(place.row) if split is None else split].append(place.key)
        except BadRowError as error:
            raise BadRowError(f"{place.name}: {error}") from None
    if not any(keys.values()):
        raise BadFileError("there is no row in it")
    return {name: (rows, found) for name, found in keys.items()}
