"""What stood on the result channel of a driver, read strictly: bytes that hostile code may have written."""

from dataclasses import dataclass
from typing import Any, Literal

from textgym.sandbox.driver import MAGIC, RECORD, NotPlainError, decode, encode

Kind = Literal["value", "raised", "refused", "unloadable"]
_MAX_WORDS = 300


@dataclass(frozen=True, slots=True)
class Record:
    """The answer to one case.

    Attributes:
        kind: whether it is a value, or why there is none.
        value: the value; None where there is none.
        words: the value encoded, cut short; or the type and the message of an exception; or why it was refused.
        exception: name of the exception's type; empty where there was none.
    """

    kind: Kind
    value: Any = None
    words: str = ""
    exception: str = ""


@dataclass(frozen=True, slots=True)
class Records:
    """The answers that are there.

    Attributes:
        read: the well-formed records from the beginning on, in order.
        problem: what follows them instead of the rest, in words; empty where there are exactly as many as asked for, and
            nothing after them.
    """

    read: tuple[Record, ...]
    problem: str = ""


def read_records(data: bytes, count: int) -> Records:
    """The records of `count` cases in `data`. Never raises; takes time in proportion to the length."""
    read: list[Record] = []
    start = 0
    while len(read) < count:
        if len(data) - start < RECORD.size:
            return Records(tuple(read), f"there are {len(read)} records for {count} cases")
        magic, number, length = RECORD.unpack_from(data, start)
        start += RECORD.size
        if magic != MAGIC or number != len(read):
            return Records(tuple(read), f"record {len(read)} of {count} is out of order or none")
        if length > len(data) - start:
            return Records(tuple(read), f"record {len(read)} of {count} is cut off")
        try:
            read.append(_record(data[start : start + length]))
        except (NotPlainError, UnicodeDecodeError) as error:
            return Records(tuple(read), f"record {len(read)} of {count} is malformed: {error}"[:_MAX_WORDS])
        start += length
    if start < len(data):
        return Records(tuple(read), f"{len(data) - start} bytes follow the last record")
    return Records(tuple(read))


def _record(payload: bytes) -> Record:
    content = decode(payload.decode("ascii"))
    match content if type(content) is list else None:  # a pattern would take a tuple as well
        case ["value", value]:
            return Record("value", value, _cut(encode(value)))  # encoding bounds its depth as well
        case ["raised" | "unloadable" as kind, str(name), str(message)]:
            return Record(kind, None, _cut(f"{name}: {message}" if message else name), name)
        case ["refused", str(why)]:
            return Record("refused", None, _cut(why))
    raise NotPlainError("it is no record")


def _cut(words: str) -> str:
    return words if len(words) <= _MAX_WORDS else f"{words[: _MAX_WORDS - 3]}..."
