"""The cache of archives: fetched once, checked at every use, whole or not there."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx

from textgym.envs.code.bank.catalogue import Pin
from textgym.envs.code.bank.errors import FetchError, HashError, OfflineError
from textgym.envs.code.bank.index import certificates, locate

LARGEST_ARCHIVE = 64 << 20

Progress = Callable[[str, int, int], None]
"""Told of every archive that is fetched: its name, how many are at hand, how many there are."""


def cache_folder() -> Path:
    """Where archives are kept: `$TEXTGYM_CACHE`, else `textgym` in `$XDG_CACHE_HOME` or in `~/.cache`."""
    named = os.environ.get("TEXTGYM_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "textgym"


def archive_path(pin: Pin) -> Path:
    """Where an archive is kept. The hash is part of the name: an archive is never taken for another."""
    return cache_folder() / "archives" / pin.sha256[:16] / pin.file


def archive_bytes(pin: Pin) -> bytes:
    """The bytes of an archive, fetched if they are not at hand; their hash is the pinned one.

    Raises:
        FetchError: it is not at hand and cannot be had, see its subclasses.
    """
    data = _kept(pin)
    if data is not None:
        return data
    try:
        return _fetched(pin)
    except FetchError as error:
        path = archive_path(pin)
        if path.exists():  # a damaged disk, or a hand that does not know what it does
            raise type(error)(f"{path} is damaged (its hash is not the pinned one). {error}") from None
        raise


def _kept(pin: Pin) -> bytes | None:
    """The bytes of an archive that is at hand as it should be."""
    try:
        data = archive_path(pin).read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == pin.sha256 else None


def fetch_all(pins: Iterable[Pin], progress: Progress | None = None) -> dict[Pin, bool]:
    """Make sure that archives are at hand and as they should be.

    Returns:
        Those that had to be fetched, and whether each was there, but damaged.

    Raises:
        FetchError: one cannot be had; those before it stay.
    """
    wanted = list(dict.fromkeys(pins))
    missing = {pin: archive_path(pin).exists() for pin in wanted if _kept(pin) is None}
    for done, pin in enumerate(missing):
        if progress is not None:
            progress(pin.label, len(wanted) - len(missing) + done, len(wanted))
        archive_bytes(pin)
    return missing


def _fetched(pin: Pin) -> bytes:
    archive_path(pin).parent.mkdir(parents=True, exist_ok=True)  # before anything is fetched that cannot be kept
    try:
        with httpx.Client(timeout=60, follow_redirects=True, verify=certificates()) as client:
            data = _download(locate(pin, client), client)
    except (httpx.HTTPError, OSError) as error:
        raise OfflineError(f"{pin.file} cannot be fetched: {type(error).__name__}: {error}") from None
    if hashlib.sha256(data).hexdigest() != pin.sha256:
        raise HashError(
            f"{pin.file}: what was fetched has another hash than the pinned one (sha256 {pin.sha256[:12]}…)"
        )
    _store(archive_path(pin), data)
    return data


def _download(url: str, client: httpx.Client) -> bytes:
    if url.startswith("file:"):
        return Path(unquote(urlsplit(url).path)).read_bytes()
    data = bytearray()
    with client.stream("GET", url) as answer:
        answer.raise_for_status()
        for chunk in answer.iter_bytes():
            data += chunk
            if len(data) > LARGEST_ARCHIVE:
                raise FetchError(f"an archive is larger than {LARGEST_ARCHIVE >> 20} MB")
    return bytes(data)


def _store(path: Path, data: bytes) -> None:
    """Write a file at once and whole, also beside other processes that do the same."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
