"""One record a line: JSON whose last key is a checksum over all bytes before it.

The file stays plain JSON lines for every other tool, and a line that was torn by a crash is told from a whole one.
"""

import json
import math
from collections.abc import Iterable, Iterator
from typing import Any
from warnings import warn
from zlib import crc32

from textgym.episodes.errors import DamagedRecordWarning, RecordError

CHECKSUM_KEY = "crc"
_SEAL = b',"crc":"%08x"}\n'
_SEAL_LENGTH = len(_SEAL % 0)
_ID_PREFIX = b'{"episode_id":"'


def dumps(value: Any) -> bytes:
    """Compact UTF-8 JSON. Text that UTF-8 cannot hold (lone surrogates) is written with escapes.

    Raises:
        RecordError: a number is not finite; names the place.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, allow_nan=False, separators=(",", ":")).encode("ascii")
    except ValueError as error:
        place = next(_not_finite(value), None)
        if place is None:
            raise RecordError(f"not writable as JSON: {error}") from error
        raise RecordError(
            f"{place} is not a finite number, and JSON has no other; store null or leave it out"
        ) from None


def _not_finite(value: Any, place: str = "") -> Iterator[str]:
    if isinstance(value, float) and not math.isfinite(value):
        yield place or "the value"
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _not_finite(item, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _not_finite(item, f"{place}[{number}]")


def seal(record: dict[str, Any]) -> bytes:
    """A non-empty record as one line, checksum and newline included.

    Raises:
        RecordError: a number is not finite.
    """
    body = dumps(record)[:-1]
    return body + _SEAL % crc32(body)


def is_whole(line: bytes) -> bool:
    """Whether a line, newline included, is as `seal` made it."""
    return line.endswith(_SEAL % crc32(memoryview(line)[:-_SEAL_LENGTH]))


def unseal(line: bytes) -> dict[str, Any]:
    """The record of a whole line."""
    record: dict[str, Any] = json.loads(line[:-_SEAL_LENGTH] + b"}")
    return record


def episode_id_of(line: bytes) -> str:
    """The episode id of a whole line; several times cheaper than reading the record."""
    if line.startswith(_ID_PREFIX):
        end = line.index(b'"', len(_ID_PREFIX))
        text = line[len(_ID_PREFIX) : end]
        if b"\\" not in text:
            return text.decode()
    return str(unseal(line)["episode_id"])


def whole_lines(stream: Iterable[bytes], name: str) -> Iterator[tuple[int, bytes]]:
    """The whole lines of a file in order, each with the offset at which it ends.

    What follows the last whole line is a torn tail, or a line that another process is just writing: it is left out
    without a word. Damage before a whole line is something else, and gets a `DamagedRecordWarning`.
    """
    end = 0
    number = 0
    damaged: list[int] = []
    for line in stream:
        number += 1
        end += len(line)
        if not line.endswith(b"\n"):
            return  # reading on would take the rest, should it arrive meanwhile, for a line of its own
        if not is_whole(line):
            damaged.append(number)
            continue
        if damaged:
            lines = ", ".join(map(str, damaged[:10])) + (", ..." if len(damaged) > 10 else "")
            warn(f"{name}: damaged line {lines} passed over; its episode counts as not run", DamagedRecordWarning, 2)
            damaged.clear()
        yield end, line
