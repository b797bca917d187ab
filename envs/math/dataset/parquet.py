"""Parquet as rows, through the extra `parquet`."""

import bisect
import itertools
import math
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from textgym.core import OptionalDependencyError
from textgym.envs.math.dataset.rows import BadFileError, Place, Row, Stamp

_KEPT_ROW_GROUPS = 2


class Parquet:
    """A Parquet file; keys are numbers of rows, from 0. A row is read with the row group that it is in.

    Columns that JSON has no values for (bytes, images) are left out; times become texts, decimals too, exactly,
    and NaN and infinity become null.
    """

    def __init__(self, stamp: Stamp) -> None:
        self._stamp = stamp
        with _opened(stamp.path) as file:
            groups = [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)]
        self._ends = list(itertools.accumulate(groups))

    def scan(self, fields: Collection[str]) -> Iterator[Place]:
        """All rows, a batch in memory at a time, and of them only the fields asked for."""
        with _opened(self._stamp.path) as file:
            columns = [name for name in _plain_columns(file.schema_arrow) if name in fields]
            number = 0
            for batch in file.iter_batches(batch_size=1024, columns=columns):
                rows = batch.to_pylist() if columns else [{}] * batch.num_rows
                for row in rows:
                    yield Place(number, f"row {number + 1}", _json_row(row))
                    number += 1

    def read(self, key: int) -> Row:
        """The row of a number."""
        self._stamp.check()
        group = bisect.bisect_right(self._ends, key)
        start = self._ends[group - 1] if group else 0
        (row,) = _row_group(self._stamp, group).slice(key - start, 1).to_pylist()
        return _json_row(row)


@lru_cache(maxsize=_KEPT_ROW_GROUPS)
def _row_group(stamp: Stamp, group: int) -> Any:
    with _opened(stamp.path) as file:
        return file.read_row_group(group, columns=_plain_columns(file.schema_arrow))


def _opened(path: str) -> Any:
    try:
        from pyarrow import parquet
    except ImportError:
        raise OptionalDependencyError(
            "reading Parquet needs pyarrow: install it with `pip install 'textgym[parquet]'`"
        ) from None
    try:
        return parquet.ParquetFile(path)
    except (OSError, ValueError) as error:
        raise BadFileError(f"it is no Parquet file: {str(error).splitlines()[0]}") from None


def _plain_columns(schema: Any) -> list[str]:
    """The columns whose values JSON has, or that have one obvious way to be written as text."""
    return [field.name for field in schema if _is_plain(field.type)]


def _is_plain(kind: Any) -> bool:
    from pyarrow import types

    if types.is_dictionary(kind) or types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return _is_plain(kind.value_type)
    if types.is_struct(kind):
        return all(_is_plain(field.type) for field in kind)
    tests = (
        types.is_string,
        types.is_large_string,
        types.is_boolean,
        types.is_integer,
        types.is_floating,
        types.is_decimal,
        types.is_date,
        types.is_timestamp,
        types.is_null,
    )
    return any(test(kind) for test in tests)


def _json_row(row: Mapping[str, Any]) -> Row:
    return {name: _json_value(value) for name, value in row.items()}


def _json_value(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [_json_value(inner) for inner in value]
    if isinstance(value, Mapping):
        return _json_row(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
