"""`export`: write a run in a form that other programs read."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from textgym.core.errors import did_you_mean
from textgym.episodes.errors import ExportError, ExportFullError
from textgym.episodes.journal import NO_ROOM
from textgym.episodes.lines import dumps
from textgym.episodes.record import Episode
from textgym.episodes.rows import flat_rows, preference_rows, sft_rows
from textgym.episodes.store import EpisodeStore

ExportFormat = Literal["jsonl", "parquet", "sft", "preferences"]
EXPORT_FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)

Source = EpisodeStore | str | Path | Iterable[Episode]
"""Where episodes come from: a run directory, a store, or anything that yields episodes."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export did.

    Attributes:
        to: the format.
        out: the file, or the directory for `parquet`.
        episodes: episodes read.
        rows: rows written; fewer than the episodes where the format takes only some.
    """

    to: ExportFormat
    out: str
    episodes: int
    rows: int

    def as_json(self) -> dict[str, Any]:
        """The report as JSON values."""
        return asdict(self)


def export(
    source: Source, to: str, out: str | Path, *, min_reward: float | None = None, min_gap: float = 0.0
) -> ExportReport:
    """Write episodes in another form, one at a time: memory does not grow with their number.

    | `to` | what is written |
    |---|---|
    | `jsonl` | one flat object an episode (`flat_rows`) |
    | `parquet` | the same as a Hugging Face dataset: a directory with a card and one Parquet file a split |
    | `sft` | one conversation a line, of successful episodes (`sft_rows`) |
    | `preferences` | one pair a line, from groups on the same task (`preference_rows`) |

    A file appears under its name only when it is complete; one that is there already is replaced.

    Args:
        source: a run directory, a store, or episodes.
        to: the format.
        out: the file to write; a directory for `parquet`.
        min_reward: for `sft`: take episodes that earned at least this, instead of the successful ones.
        min_gap: for `preferences`: rewards of a pair must differ by more than this.

    Raises:
        ExportError: there is no such format, an option does not belong to it, or `out` cannot be written.
        ExportFullError: the disk is full.
        OptionalDependencyError: `parquet` needs an extra that is not installed.
        StoreError: there is no run in the directory.
    """
    form = _checked(to, min_reward, min_gap)
    if isinstance(source, str | Path):
        source = EpisodeStore.open(source)
    group_size = source.manifest.group_size if isinstance(source, EpisodeStore) else None
    counted = _Counter(source)
    path = Path(out)
    if form == "parquet" and path.exists() and not path.is_dir():
        raise ExportError(f"{path} is a file; the format 'parquet' is written into a directory")
    if form != "parquet" and path.is_dir():
        raise ExportError(f"{path} is a directory; the format {form!r} is written into a file")
    try:
        if form == "parquet":
            from textgym.episodes.parquet import write_parquet

            rows = write_parquet(flat_rows(counted), path)
        elif form == "jsonl":
            rows = _write_lines(flat_rows(counted), path)
        elif form == "sft":
            rows = _write_lines(sft_rows(counted, min_reward), path)
        else:
            rows = _write_lines(preference_rows(counted, group_size, min_gap), path)
    except OSError as error:
        kind = ExportFullError if error.errno in NO_ROOM else ExportError
        why = os.strerror(error.errno) if error.errno else str(error)  # pyarrow has a longer text, and no `strerror`
        raise kind(f"cannot write {path}: {why}") from error
    return ExportReport(form, str(path), counted.episodes, rows)


def _checked(to: str, min_reward: float | None, min_gap: float) -> ExportFormat:
    for form in EXPORT_FORMATS:
        if form == to:
            break
    else:
        raise ExportError(f"no export format {to!r}: {did_you_mean(to, EXPORT_FORMATS)}")
    if min_reward is not None and form != "sft":
        raise ExportError(f"min_reward belongs to the format 'sft', not to {form!r}")
    if min_gap and form != "preferences":
        raise ExportError(f"min_gap belongs to the format 'preferences', not to {form!r}")
    return form


class _Counter:
    """Counts episodes on their way."""

    def __init__(self, episodes: Iterable[Episode]) -> None:
        self.episodes = 0
        self._source = episodes

    def __iter__(self) -> Iterator[Episode]:
        for episode in self._source:
            self.episodes += 1
            yield episode


def _write_lines(rows: Iterable[dict[str, Any]], path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    count = 0
    try:
        with fresh.open("wb") as file:
            for row in rows:
                file.write(dumps(row) + b"\n")
                count += 1
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return count
