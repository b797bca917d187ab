"""What is in a tar archive that a policy wrote, read in time and memory proportional to a fixed bound."""

import zlib
from dataclasses import dataclass

_BLOCK = 512
_MOST_BYTES = 4_000_000
_MOST_MEMBERS = 2_000


class ArchiveError(ValueError):
    """The bytes are no archive that is read here."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an archive: `file`, `dir` or `link`, its contents and target, and its permission bits."""

    kind: str
    data: bytes = b""
    target: str = ""
    mode: int = 0o644


def read_tar(data: bytes) -> dict[str, Member]:
    """The members of a tar archive, plain or gzipped, by name without leading `./` and trailing `/`.

    The formats are those of GNU tar and POSIX. A later member of a name replaces an earlier one, as when unpacking.

    Raises:
        ArchiveError: it is damaged, larger than 4 MB unpacked, or holds devices, sparse files or names that leave it.
    """
    if data[:2] == b"\x1f\x8b":
        data = gunzip(data)
    members: dict[str, Member] = {}
    place, long_name, long_link = 0, None, None
    for _ in range(2 * _MOST_MEMBERS):
        header = data[place : place + _BLOCK]
        if len(header) < _BLOCK or not any(header):
            break
        _check_sum(header)
        size = _number(header[124:136])
        body = data[place + _BLOCK : place + _BLOCK + size]
        if len(body) != size:
            raise ArchiveError("it is cut off")
        place += _BLOCK + -(-size // _BLOCK) * _BLOCK
        kind = header[156:157]
        if kind == b"L":
            long_name = _text(body)
        elif kind == b"K":
            long_link = _text(body)
        elif kind == b"x":
            records = _extended(body)
            if "size" in records:
                raise ArchiveError("it holds a file of a size that is not read here")
            long_name, long_link = records.get("path", long_name), records.get("linkpath", long_link)
        elif kind != b"g":
            name = long_name or _joined(header)
            target = long_link or _text(header[157:257])
            long_name = long_link = None
            path = _plain(name)
            if path:
                members[path] = _member(kind, body, target, _number(header[100:108]), members)
    if not members:
        raise ArchiveError("it is no tar archive, or an empty one")
    return members


def gunzip(data: bytes) -> bytes:
    """Unpack gzip, at most 4 MB.

    Raises:
        ArchiveError: it is damaged, or more.
    """
    try:
        unpacking = zlib.decompressobj(wbits=31)
        unpacked = unpacking.decompress(data, _MOST_BYTES + 1)
    except zlib.error:
        raise ArchiveError("it is no gzip file") from None
    if not unpacking.eof or len(unpacked) > _MOST_BYTES:
        raise ArchiveError("it is cut off, or too large")
    return unpacked


def _member(kind: bytes, body: bytes, target: str, mode: int, earlier: dict[str, Member]) -> Member:
    mode &= 0o7777
    if kind in (b"0", b"\0", b"7"):
        return Member("file", body, "", mode)
    if kind == b"1":  # a hard link: the file of that name once more
        linked = earlier.get(_plain(target))
        if linked is None:
            raise ArchiveError("a hard link points nowhere")
        return linked
    if kind == b"2":
        return Member("link", b"", target, mode)
    if kind == b"5":
        return Member("dir", b"", "", mode)
    raise ArchiveError("it holds something that is no file, directory or link")


def _check_sum(header: bytes) -> None:
    blanked = header[:148] + b" " * 8 + header[156:]
    if sum(blanked) != _number(header[148:156]):
        raise ArchiveError("it is no tar archive")


def _number(field: bytes) -> int:
    digits = field.strip(b" \0")
    if not digits:
        return 0
    if not digits.isdigit() or len(digits) > 12:
        raise ArchiveError("a number in it is none")
    try:
        return int(digits, 8)
    except ValueError:
        raise ArchiveError("a number in it is none") from None


def _text(field: bytes) -> str:
    try:
        return field.split(b"\0", 1)[0].decode("utf-8")
    except UnicodeDecodeError:
        raise ArchiveError("a name in it is not UTF-8") from None


def _joined(header: bytes) -> str:
    name, prefix = _text(header[:100]), _text(header[345:500])
    return f"{prefix}/{name}" if prefix and header[257:263] == b"ustar\0" else name


def _extended(body: bytes) -> dict[str, str]:
    """Records `LENGTH KEY=VALUE\\n` of a POSIX extended header."""
    records = {}
    while body:
        length, _, _ = body.partition(b" ")
        if not length.isdigit() or len(length) > 6 or not 0 < int(length) <= len(body):
            raise ArchiveError("an extended header is damaged")
        key, _, value = body[len(length) + 1 : int(length)].partition(b"=")
        records[_text(key)] = _text(value.rstrip(b"\n"))
        body = body[int(length) :]
    return records


def _plain(name: str) -> str:
    """A member's name as a path in the archive."""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts or name.startswith("/"):
        raise ArchiveError("a name in it leaves it")
    return "/".join(parts)
