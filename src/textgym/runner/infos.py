"""The infos of many environments as columns, exactly as Gymnasium's vector environments arrange them.

Gymnasium merges one environment at a time, which costs more than everything else in a step once there are a few metrics.
Here a column is filled at once. The result is the same, dtypes included: the first environment that has a key decides
the column's dtype, each key `k` has a mask `_k`, nested dictionaries become nested columns.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Infos = dict[str, Any]
_SCALARS = (int, float, bool)


def merge_infos(num_envs: int, indices: Sequence[int], infos: Sequence[dict[str, Any]]) -> Infos:
    """Columns of length `num_envs` from the infos of the environments at `indices` (ascending)."""
    return _merge(_Rows(num_envs, indices), infos) if infos else {}


class _Rows:
    """The rows of a column that have a value."""

    __slots__ = ("_where", "full", "indices", "num_envs")

    def __init__(self, num_envs: int, indices: Sequence[int]) -> None:
        self.num_envs = num_envs
        self.indices = indices
        self.full = len(indices) == num_envs
        self._where: npt.NDArray[np.intp] | None = None

    @property
    def where(self) -> npt.NDArray[np.intp]:
        if self._where is None:
            self._where = np.array(self.indices, dtype=np.intp)
        return self._where

    def mask(self) -> npt.NDArray[np.bool_]:
        if self.full:
            return np.ones(self.num_envs, dtype=np.bool_)
        mask = np.zeros(self.num_envs, dtype=np.bool_)
        mask[self.where] = True
        return mask


def _merge(rows: _Rows, infos: Sequence[dict[str, Any]]) -> Infos:
    merged: Infos = {}
    columns = _columns(infos)
    if columns is not None:
        for key, column in columns.items():
            merged[key] = _values(rows, key, column)
            merged[f"_{key}"] = rows.mask()
        return merged
    present: dict[str, list[int]] = {}
    for position, info in enumerate(infos):
        for key in info:
            present.setdefault(key, []).append(position)
    for key, positions in present.items():
        some = _Rows(rows.num_envs, [rows.indices[position] for position in positions])
        merged[key] = _values(some, key, [infos[position][key] for position in positions])
        merged[f"_{key}"] = some.mask()
    return merged


def _columns(infos: Sequence[dict[str, Any]]) -> dict[str, Sequence[Any]] | None:
    """The values of each key, where all infos have the same keys; otherwise None."""
    keys = list(infos[0])
    if set(map(len, infos)) != {len(keys)} or set(map(type, infos)) != {dict}:  # a Counter would make up what it lacks
        return None
    try:
        return {key: [info[key] for info in infos] for key in keys}
    except KeyError:
        return None


def _values(rows: _Rows, key: str, column: Sequence[Any]) -> Any:
    first = column[0]
    kind = type(first)
    alike = len(set(map(type, column))) == 1
    if key != "final_obs":
        if isinstance(first, dict) and (alike or all(isinstance(value, dict) for value in column)):
            return _merge(rows, column)
        if kind in _SCALARS or issubclass(kind, np.number):
            if alike and rows.full:
                return np.array(column, dtype=kind)
            array: npt.NDArray[Any] = np.zeros(rows.num_envs, dtype=kind)
            if alike:
                array[rows.where] = column
            else:
                _assign(array, rows.indices, column)
            return array
        if isinstance(first, np.ndarray):
            array = np.zeros((rows.num_envs, *first.shape), dtype=first.dtype)
            _assign(array, rows.indices, column)
            return array
    if alike and kind is str and rows.full:
        return np.array(column, dtype=object)
    array = np.full(rows.num_envs, fill_value=None, dtype=object)
    if alike and kind is str:
        array[rows.where] = column
    else:
        _assign(array, rows.indices, column)
    return array


def _assign(array: npt.NDArray[Any], indices: Sequence[int], column: Sequence[Any]) -> None:
    """One by one: NumPy casts (or refuses) each value as it does for Gymnasium, and stores sequences as objects."""
    for index, value in zip(indices, column, strict=True):
        array[index] = value


def join_infos(parts: Sequence[tuple[int, int, Infos]], num_envs: int) -> Infos:
    """The columns of consecutive blocks of environments as columns of all; a part is (first, count, infos)."""
    joined: Infos = {}
    for start, count, infos in parts:
        for key, value in infos.items():
            if isinstance(value, dict):
                if key not in joined:
                    nested = [(s, c, part[key]) for s, c, part in parts if key in part]
                    joined[key] = join_infos(nested, num_envs)
                continue
            if key not in joined:
                fill = None if value.dtype == object else 0
                joined[key] = np.full((num_envs, *value.shape[1:]), fill, dtype=value.dtype)
            if value.dtype == joined[key].dtype:
                joined[key][start : start + count] = value
            else:
                _assign(joined[key], *_present(start, value, infos[f"_{key}"]))
    return joined


def _present(start: int, value: npt.NDArray[Any], mask: npt.NDArray[np.bool_]) -> tuple[list[int], list[Any]]:
    rows = np.flatnonzero(mask)
    return [start + int(row) for row in rows], [value[row] for row in rows]
