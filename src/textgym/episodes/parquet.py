"""Episodes as a Hugging Face dataset: Parquet files and a dataset card that names them."""

import json
import os
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textgym.core import SPLITS, OptionalDependencyError

if TYPE_CHECKING:
    import pyarrow

# A row group is written when either is reached; pyarrow holds it a second time while it does.
_ROWS_IN_MEMORY = 1_000
_CHARACTERS_IN_MEMORY = 4_000_000


def write_parquet(rows: Iterable[dict[str, Any]], directory: Path) -> int:
    """Write flat rows below `directory`: `README.md`, and `data/SPLIT-00000-of-00001.parquet` for each split met.

    Settings and policy are columns of JSON text, so that every run has the same schema. Parquet holds UTF-8: a lone
    surrogate becomes U+FFFD.

    Returns:
        The number of rows.

    Raises:
        OptionalDependencyError: pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise OptionalDependencyError(
            "export to Parquet needs pyarrow: install it with `pip install 'textgym[parquet]'`"
        ) from None
    schema = _schema()
    data = directory / "data"
    data.mkdir(parents=True, exist_ok=True)
    writers: dict[str, Any] = {}
    waiting: dict[str, list[dict[str, Any]]] = {}
    characters: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    environments: Counter[str] = Counter()

    def fresh(split: str) -> Path:
        return data / f"{_file_name(split)}.{os.getpid()}.new"

    def flush(split: str) -> None:
        if split not in writers:
            writers[split] = stack.enter_context(parquet.ParquetWriter(fresh(split), schema, compression="zstd"))
        writers[split].write_table(pyarrow.Table.from_pylist(waiting.pop(split), schema=schema))
        characters[split] = 0

    try:
        with ExitStack() as stack:
            for row in rows:
                split = row["split"]
                counts[split] += 1
                environments[row["env_id"]] += 1
                waiting.setdefault(split, []).append(_cells(row))
                characters[split] += sum(len(message["content"]) for message in row["messages"])
                if len(waiting[split]) >= _ROWS_IN_MEMORY or characters[split] >= _CHARACTERS_IN_MEMORY:
                    flush(split)
            for split in list(waiting):
                flush(split)
        for split in writers:
            fresh(split).replace(data / _file_name(split))
    finally:
        for split in counts:  # a writer that could not even begin has left its file, too
            fresh(split).unlink(missing_ok=True)
    (directory / "README.md").write_text(_card(counts, environments), encoding="utf-8")
    return counts.total()


def _file_name(split: str) -> str:
    return f"{split}-00000-of-00001.parquet"


def _schema() -> "pyarrow.Schema":
    import pyarrow as pa

    text, number = pa.string(), pa.float64()
    return pa.schema(
        {
            "episode_id": text,
            "env_id": text,
            "config": text,
            "task_id": text,
            "seed": pa.int64(),
            "split": text,
            "index": pa.int64(),
            "group": pa.int64(),
            "sibling": pa.int64(),
            "reward": number,
            "success": pa.bool_(),
            "status": text,
            "stop_reason": text,
            "turns": pa.int64(),
            "rewards": pa.list_(number),
            "messages": pa.list_(pa.struct({"role": text, "content": text})),
            "policy": text,
            "attempts": pa.int64(),
        }
    )


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "config": json.dumps(row["config"], sort_keys=True),
        "policy": json.dumps(row["policy"], sort_keys=True),
        "messages": [{"role": message["role"], "content": _utf8(message["content"])} for message in row["messages"]],
    }


def _utf8(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _card(counts: Counter[str], environments: Counter[str]) -> str:
    """The dataset card. It names each file: a glob would also take in what an earlier export left."""
    files = "".join(f"  - split: {split}\n    path: data/{_file_name(split)}\n" for split in SPLITS if counts[split])
    configs = f"configs:\n- config_name: default\n  data_files:\n{files}" if files else ""
    played = "".join(f"| `{env_id}` | {count:,} |\n" for env_id, count in sorted(environments.items()))
    return (
        f"---\npretty_name: textgym episodes\ntags:\n- textgym\n- reinforcement-learning\n{configs}---\n\n"
        "# textgym episodes\n\n"
        "One row an episode: what was asked, what the policy did, and what it earned.\n\n"
        f"| environment | episodes |\n|---|---|\n{played}\n"
        "`messages` is the conversation, the environment speaking as the user. `reward` is null where the machinery or\n"
        "the grader failed (`status` is `infra_error` or `grader_error`): such a row says nothing about the policy.\n"
        "`config` and `policy` are JSON. `task_id` and `seed` name the task: with the environment's id and `config` they\n"
        "give the same task again. Splits are the environment's own and share no task.\n"
    )
