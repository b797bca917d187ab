"""A file tree with Debian's (or Ubuntu's) Python, made by `debootstrap`, for machines that reach no image registry."""

import os
import platform
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from textgym.sandbox.errors import ImageError

DEFAULT_SUITE = "bookworm"
_WITHOUT = (
    "boot",
    "usr/share/doc",
    "usr/share/info",
    "usr/share/locale",
    "usr/share/man",
    "usr/share/perl5",
    "var/cache/apt",
    "var/cache/debconf",
    "var/lib/apt",
    "var/log",
)
_GLIBC_TAGS = (
    "manylinux2014",
    "manylinux_2_17",
    "manylinux_2_24",
    "manylinux_2_27",
    "manylinux_2_28",
    "manylinux_2_31",
)


def make_root(root: Path, apt: Sequence[str], pip: Sequence[str], report: Callable[[str], None]) -> None:
    """Make the tree at `root`.

    Args:
        root: a path at which nothing stands yet, on a file system that holds device files and programs.
        apt: Debian packages beside Python.
        pip: Python packages, as requirements; taken as wheels.
        report: receives one line of progress at a time.

    Raises:
        ImageError: with the reason, and where one helps, the command that changes it.
    """
    if not shutil.which("debootstrap"):
        raise ImageError("debootstrap is not installed (Debian, Ubuntu: sudo apt-get install debootstrap)")
    if os.geteuid() != 0:
        raise ImageError("debootstrap works as root only: sudo textgym sandbox build")
    suite, mirror = own_archive()
    packages = ",".join(["python3", "ca-certificates", *apt])
    # Without the archive's key debootstrap would go on with unsigned packages; this makes it stop.
    command = ["debootstrap", "--force-check-gpg", "--variant=minbase", f"--include={packages}", suite, str(root)]
    _run_reporting([*command, *([mirror] if mirror else [])], report)
    if pip:
        _install_wheels(root, pip, report)
    for name in _WITHOUT:
        shutil.rmtree(root / name, ignore_errors=True)
    (root / "var/log").mkdir()
    _strip_setuid(root)


def own_archive(etc: Path = Path("/etc")) -> tuple[str, str | None]:
    """The suite and the mirror that this machine takes its own packages from; None leaves the mirror to debootstrap."""
    release = _read(etc / "os-release")
    names = dict(line.split("=", 1) for line in release.splitlines() if "=" in line)
    suite = names.get("VERSION_CODENAME", "").strip('"')
    lists = [etc / "apt/sources.list", *sorted((etc / "apt/sources.list.d").glob("*"))]
    for path in lists:
        for mirror, suites in (
            _one_line_sources(_read(path)) if path.suffix == ".list" else _deb822_sources(_read(path))
        ):
            if suite and suite in suites and mirror.startswith(("http://", "https://", "file:")):
                return suite, mirror
    return (suite, None) if names.get("ID") in ("debian", "ubuntu") and suite else (DEFAULT_SUITE, None)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _one_line_sources(text: str) -> Iterator[tuple[str, list[str]]]:
    """`deb [options] mirror suite component...`, one source a line."""
    for line in text.splitlines():
        words = line.split("#")[0].split()
        if len(words) < 4 or words[0] != "deb":
            continue
        start = 1
        if words[1].startswith("["):
            start = next((i for i, word in enumerate(words) if word.endswith("]")), len(words)) + 1
        if "main" in words[start + 2 :]:
            yield words[start], [words[start + 1]]


def _deb822_sources(text: str) -> Iterator[tuple[str, list[str]]]:
    """Stanzas of `Field: value` lines, one empty line between two stanzas."""
    for stanza in text.split("\n\n"):
        fields = dict(line.split(":", 1) for line in stanza.splitlines() if ":" in line and line[0] not in "# \t")
        if "deb" in fields.get("Types", "").split() and "main" in fields.get("Components", "").split():
            for mirror in fields.get("URIs", "").split():
                yield mirror, fields.get("Suites", "").split()


def _run_reporting(command: Sequence[str], report: Callable[[str], None]) -> None:
    tail: list[str] = []
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            report(line.rstrip())
            tail = [*tail, line.strip()][-5:]
    if process.returncode:
        raise ImageError(f"{command[0]} exited with status {process.returncode}: {' / '.join(tail)}")


def _install_wheels(root: Path, pip: Iterable[str], report: Callable[[str], None]) -> None:
    """Unpack wheels for the tree's Python with our own pip: none of the packages' code is run as root."""
    version = os.readlink(root / "usr/bin/python3").removeprefix("python")
    packages = root / f"usr/local/lib/python{version}/dist-packages"
    machine = platform.machine().lower()
    tags = [argument for tag in _GLIBC_TAGS for argument in ("--platform", f"{tag}_{machine}")]
    pip_install = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    wheels = ["--only-binary=:all:", "--python-version", version, *tags, "--target", str(packages)]
    _run_reporting([*pip_install, *wheels, *pip], report)


def _strip_setuid(root: Path) -> None:
    """Take the setuid and setgid bits off every program: no child has a use for su or mount."""
    for directory, _, names in os.walk(root):
        for name in names:
            path = os.path.join(directory, name)
            mode = os.lstat(path).st_mode
            if stat.S_ISREG(mode) and mode & (stat.S_ISUID | stat.S_ISGID):
                os.chmod(path, stat.S_IMODE(mode) & ~(stat.S_ISUID | stat.S_ISGID))
