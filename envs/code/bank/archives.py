"""Archives as data: the regular files of a source archive or a wheel, by path, unpacked in memory and within bounds."""

import io
import lzma
import tarfile
import zipfile
import zlib

from textgym.envs.code.bank.errors import ArchiveError
from textgym.sandbox.file_names import check_name

MOST_FILES = 20_000
MOST_BYTES = 256 << 20


def unpack(file: str, data: bytes) -> dict[str, bytes]:
    """The files of an archive; those of a source archive without the folder that all of them are in.

    Links, devices and directories are left out: nothing of an archive is written anywhere here.

    Args:
        file: the archive's name, which tells its kind.
        data: its bytes.

    Raises:
        ArchiveError: it cannot be read, a name leads out of it, or it holds too much.
    """
    try:
        members = _zipped(data) if file.endswith((".whl", ".zip")) else _tarred(data)
    except (
        tarfile.TarError,
        zipfile.BadZipFile,
        EOFError,
        OSError,
        zlib.error,
        lzma.LZMAError,
        NotImplementedError,
    ) as error:
        raise ArchiveError(f"{file} cannot be unpacked: {error}") from None
    except ValueError as error:
        raise ArchiveError(f"{file}: {error}") from None
    return members if file.endswith(".whl") else _without_root(file, members)


def _tarred(data: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    total = 0
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:*") as archive:
        for number, member in enumerate(archive):
            total += member.size
            _check(number, total)
            if member.isreg():
                content = archive.extractfile(member)
                found[check_name(_plain(member.name))] = b"" if content is None else content.read()
    return found


def _zipped(data: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    total = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for number, member in enumerate(archive.infolist()):
            total += member.file_size  # a zip reads no more than it announces
            _check(number, total)
            if not member.is_dir() and (member.external_attr >> 28) in (0, 8):
                found[check_name(_plain(member.filename))] = archive.read(member)
    return found


def _check(number: int, total: int) -> None:
    if number >= MOST_FILES or total > MOST_BYTES:
        raise ValueError(f"it holds more than {MOST_FILES:,} files or {MOST_BYTES >> 20} MB")


def _plain(name: str) -> str:
    return name.removeprefix("./")


def _without_root(file: str, members: dict[str, bytes]) -> dict[str, bytes]:
    roots = {name.partition("/")[0] for name in members}
    if len(roots) != 1 or any("/" not in name for name in members):
        raise ArchiveError(f"{file} does not hold one folder")
    return {name.partition("/")[2]: data for name, data in members.items()}
