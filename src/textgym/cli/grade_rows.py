"""The rows that `textgym grade` grades: JSON lines, read one at a time, of which none can stop the others."""

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from textgym.cli.exits import CommandError

LONGEST_LINE = 64 << 20
"""Bytes of a line that are read."""
_SAMPLE_FIELDS = ("sample", "model_sample")
_OUTPUTS = ("output_text", "output_tools", "choices", "output_json")
_SAMPLE_NAMES = (*_OUTPUTS, "messages", "artifacts", "usage")
_STDIN = Path("-")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the data.

    Attributes:
        line: its number, from 1.
        digest: sixteen hexadecimal digits of its bytes.
        size: its bytes, with those of blank lines before it.
        item: the row of data; empty where the line cannot be read.
        sample: the output, as a text or as fields of `Sample`.
        problem: why the line cannot be graded; None if it can.
        kept: the result that it has already; None if it is to be graded.
    """

    line: int
    digest: str
    size: int
    item: Mapping[str, Any]
    sample: Any = ""
    problem: str | None = None
    kept: dict[str, Any] | None = None


@contextmanager
def opened(data: Path) -> Iterator[BinaryIO]:
    """The file of the data; `-` is stdin.

    Raises:
        CommandError: it cannot be read.
    """
    if data == _STDIN:
        yield sys.stdin.buffer
        return
    try:
        file = data.open("rb")
    except OSError as error:
        raise CommandError(f"{data}: {error.strerror or error}") from None
    with file:
        yield file


def read_rows(file: BinaryIO, sample_field: str | None = None) -> Iterator[Row]:
    """The rows of the data in order; blank lines are passed over.

    Args:
        file: JSON lines.
        sample_field: the field that holds the output; None where it is found by its name.
    """
    size = 0
    for number, (raw, whole) in enumerate(_lines(file), start=1):
        size += len(raw)
        if whole and not raw.strip():
            continue
        digest = hashlib.sha256(raw.strip()).hexdigest()[:16]
        try:
            if not whole:
                raise ValueError(f"the line is longer than {LONGEST_LINE:,} bytes")
            item, sample = _parsed(raw, sample_field)
            yield Row(number, digest, size, item, sample)
        except ValueError as error:
            yield Row(number, digest, size, {}, problem=str(error))
        size = 0


def some_rows(data: Path, rows: Iterator[Row]) -> Iterator[Row]:
    """The same rows, of which there is at least one.

    Raises:
        CommandError: there is none.
    """
    first = next(rows, None)
    if first is None:
        name = "stdin" if data == _STDIN else str(data)
        raise CommandError(f'{name} holds no rows; each is a line such as {{"item": {{...}}, "sample": "..."}}')
    return chain([first], rows)


def _lines(file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Each line, and whether it is all there; of one that is too long the beginning."""
    while raw := file.readline(LONGEST_LINE):
        whole = len(raw) < LONGEST_LINE or raw.endswith(b"\n")
        yield raw, whole
        while not whole and raw and not raw.endswith(b"\n"):
            raw = file.readline(LONGEST_LINE)


def _parsed(raw: bytes, sample_field: str | None) -> tuple[Mapping[str, Any], Any]:
    """Item and sample of a line.

    Raises:
        ValueError: it holds none; the message says why.
    """
    try:
        row = json.loads(raw, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise ValueError("the line is no UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"the line is no JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise ValueError("the line is nested too deeply") from None
    if not isinstance(row, dict):
        raise ValueError(f"a row is a JSON object, not {type(row).__name__}")
    sample, used = _sample(row, sample_field)
    item = row.get("item", {} if "item" in row else None)
    if item is None:
        item = {} if "item" in row else {name: value for name, value in row.items() if name not in used}
    if not isinstance(item, dict):
        raise ValueError(f"item is a JSON object, not {type(item).__name__}")
    return item, sample


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"the line is no JSON: {name} is no number there")


def _sample(row: dict[str, Any], sample_field: str | None) -> tuple[Any, tuple[str, ...]]:
    """The output, and the fields of the row that it was made of."""
    names = (sample_field,) if sample_field is not None else _SAMPLE_FIELDS
    for name in names:
        if name in row:
            return _read_sample(row[name], name), (name,)
    if sample_field is None and "output_text" in row:
        return _read_sample(row, "the row"), _SAMPLE_NAMES
    wanted = f"no field {sample_field!r}" if sample_field else 'neither "sample" nor "output_text"'
    raise ValueError(f"the row has {wanted}: name the field of the output with --sample-field")


def _read_sample(given: Any, name: str) -> Any:
    from textgym.graders.sample import Sample

    if isinstance(given, str):
        return given
    if not isinstance(given, dict):
        raise ValueError(f"{name} is a text or an object, not {type(given).__name__}")
    fields = {field: given[field] for field in _SAMPLE_NAMES if given.get(field) is not None}
    if "output_json" in given:
        fields["output_json"] = given["output_json"]  # null is JSON too
    if not any(field in fields for field in _OUTPUTS):
        raise ValueError(f"{name} has no output_text")
    from pydantic import ValidationError

    try:
        return Sample.of(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ValueError(f"{name}.{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except ValueError as error:
        raise ValueError(f"{name}.{error}") from None
