"""The packed file of a complete run: zstd frames that are read one by one, so that damage to one costs no other.

A head says how long everything is. It is a zstd frame of the kind that decompressors skip, and each frame after it holds
whole lines, so that `zstdcat` gives the lines.
"""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from struct import Struct
from typing import IO, NamedTuple
from warnings import warn
from zlib import crc32

import zstandard

from textgym.episodes.errors import DamagedRecordWarning, StoreError
from textgym.episodes.lines import is_whole, whole_lines

_FRAMES = 16
"""Frames that a short run is packed into, so that damage costs a part of it too."""

_LEAST_FRAME, _LARGEST_FRAME = 1 << 13, 1 << 18
"""Bytes of lines in a frame. Larger ones would pack hardly better, smaller ones a fourth worse."""

_CHUNK = 1 << 15
_BLOCK = 1 << 20
_HEAD = Struct("<4sI4sQQI")  # magic number and length of a skippable frame, tag, bytes unpacked and packed, checksum
_HEAD_MAGIC = b"\x50\x2a\x4d\x18"
_TAG = b"tgym"
_FRAME_MAGIC = zstandard.FRAME_HEADER


class _Sizes(NamedTuple):
    plain: int
    packed: int


def pack(source: IO[bytes], target: IO[bytes]) -> None:
    """Write the lines of a file packed; `target` stands at its start."""
    compressor = zstandard.ZstdCompressor(write_checksum=True)
    size = os.fstat(source.fileno()).st_size
    frame_size = min(max(size // _FRAMES, _LEAST_FRAME), _LARGEST_FRAME)
    target.write(bytes(_HEAD.size))
    plain, packed = 0, _HEAD.size
    while lines := source.readlines(frame_size):
        frame = compressor.compress(b"".join(lines))
        target.write(frame)
        plain += sum(map(len, lines))
        packed += len(frame)
    target.seek(0)
    target.write(_head(plain, packed))


def _head(plain: int, packed: int) -> bytes:
    body = _HEAD.pack(_HEAD_MAGIC, _HEAD.size - 8, _TAG, plain, packed, 0)[:-4]
    return body + crc32(body).to_bytes(4, "little")


def _read_head(head: bytes) -> _Sizes | None:
    if len(head) < _HEAD.size:
        return None
    *_, plain, packed, _ = _HEAD.unpack(head)
    return _Sizes(plain, packed) if head == _head(plain, packed) else None


def unpacked_size(file: IO[bytes]) -> int | None:
    """How many bytes were packed into a file, which stands at its start; None where that is not to be read."""
    head = file.read(_HEAD.size)
    if head.startswith(_FRAME_MAGIC):
        return zstandard.frame_content_size(head)
    sizes = _read_head(head)
    return None if sizes is None else sizes.plain


def packed_lines(file: IO[bytes], path: Path) -> Iterator[tuple[int, bytes]]:
    """The whole lines of a packed file in order, each with the bytes of lines up to its end.

    What is damaged is passed over; in the end a `DamagedRecordWarning` says how much that was.

    Raises:
        StoreError: the file was cut short, or is a single frame, as older files are, and damaged.
    """
    head = file.read(_HEAD.size)
    if head.startswith(_FRAME_MAGIC):
        yield from _lines_of_one_frame(file, path)
        return
    sizes, there = _read_head(head), os.fstat(file.fileno()).st_size
    whole = _HEAD.size if sizes is None else sizes.packed
    if there < whole:
        raise StoreError(f"{path} is cut short: {there:,} of {whole:,} bytes; copy it anew")
    end = 0
    start = _next_frame(file, 0) if sizes is None else _HEAD.size
    while start is not None:
        file.seek(start)
        plain, after = _unpacked(file)
        for line in plain.splitlines(keepends=True):
            if is_whole(line):
                end += len(line)
                yield end, line
        start = _next_frame(file, start + 1) if after is None else after if after < there else None
    if sizes is None:
        warn(f"{path}: its head is damaged; whatever of it can be read is read", DamagedRecordWarning, 2)
    elif end != sizes.plain:
        lost = f"{sizes.plain - end:,} of {sizes.plain:,} bytes of episodes"
        warn(f"{path}: {lost} are damaged and passed over; those episodes count as not run", DamagedRecordWarning, 2)


def _unpacked(file: IO[bytes]) -> tuple[bytes, int | None]:
    """The frame that begins here, as far as it can be read, and where it ends; None if it is damaged."""
    frame, pieces = zstandard.ZstdDecompressor().decompressobj(), []
    try:
        while chunk := file.read(_CHUNK):
            pieces.append(frame.decompress(chunk))
            if frame.eof:
                return b"".join(pieces), file.tell() - len(frame.unused_data)
    except zstandard.ZstdError:
        pass
    return b"".join(pieces), None


def _next_frame(file: IO[bytes], start: int) -> int | None:
    """Where from here on a frame may begin."""
    file.seek(start)
    seen = b""
    while chunk := file.read(_CHUNK):
        seen += chunk
        found = seen.find(_FRAME_MAGIC)
        if found >= 0:
            return start + found
        start += len(seen) - 3
        seen = seen[-3:]
    return None


def _lines_of_one_frame(file: IO[bytes], path: Path) -> Iterator[tuple[int, bytes]]:
    end = 0
    file.seek(0)
    size = unpacked_size(file)
    file.seek(0)
    try:
        with zstandard.ZstdDecompressor().stream_reader(file) as reader:
            for end, line in whole_lines(io.BufferedReader(reader, _BLOCK), str(path)):
                yield end, line
    except zstandard.ZstdError as error:
        raise StoreError(f"{path} is damaged: {error}") from error
    if end != size:  # the decompressor takes a file that was cut short for one that ends early
        raise StoreError(f"{path} is cut short: {end:,} of {size:,} bytes of episodes; copy it anew")
