"""A small package of ours as a source archive, the installed test tools as wheels, and an index that offers them."""

import hashlib
import importlib.metadata
import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from textgym.envs.code.bank.catalogue import Catalogue, PackageSpec, Pin

SHAPES = '''"""Areas and paths."""


def clamp(value, low, high):
    """The nearest number between two others."""
    if value < low:
        return low
    if value > high:
        return high
    return value


def total(numbers, start=0):
    """The sum, and how many were added."""
    result = start
    count = 0
    for number in numbers:
        if number is None:
            continue
        result += number
        count += 1
    return result, count


class Path:
    """Points, one after the other."""

    def __init__(self, points=()):
        self.points = list(points)

    def length(self):
        """The way along the grid."""
        found = 0
        for (a, b), (c, d) in zip(self.points, self.points[1:]):
            found += abs(a - c) + abs(b - d)
        return found
'''
TESTS = """import pytest
from shapes import Path, clamp, total


@pytest.mark.parametrize("value,low,high,expected", [(1, 2, 3, 2), (2, 2, 3, 2), (3, 2, 3, 3), (4, 2, 3, 3), (-1, -5, 5, -1)])
def test_clamp(value, low, high, expected):
    assert clamp(value, low, high) == expected


@pytest.mark.parametrize("numbers,expected", [([], (0, 0)), ([1], (1, 1)), ([1, None, 3], (4, 2)), ([None], (0, 0)), ([5, 5], (10, 2))])
def test_total(numbers, expected):
    assert total(numbers) == expected


def test_start():
    assert total([1], 2) == (3, 1)


@pytest.mark.parametrize("points,expected", [([], 0), ([(1, 1)], 0), ([(0, 0), (2, 3)], 5), ([(0, 0), (1, 0), (1, -1)], 2), ([(4, 4), (4, 4)], 0)])
def test_length(points, expected):
    assert Path(points).length() == expected
"""
FILES = {"shapes/__init__.py": SHAPES, "tests/test_shapes.py": TESTS, "PKG-INFO": "Name: shapes\n"}


def sdist(files: Mapping[str, str], root: str = "shapes-1.0") -> bytes:
    """A source archive with these files, the same bytes each time."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, text in files.items():
            member = tarfile.TarInfo(f"{root}/{path}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return buffer.getvalue()


def wheel(name: str) -> bytes:
    """What is installed of a distribution's Python sources, as a wheel."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for file in importlib.metadata.files(name) or ():
            if file.suffix == ".py":
                archive.writestr(zipfile.ZipInfo(file.as_posix()), file.read_binary())
    return buffer.getvalue()


class Index:
    """A package index in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = f"file://{folder}"
        folder.mkdir(parents=True, exist_ok=True)

    def offer(self, name: str, file: str, data: bytes) -> Pin:
        """Put a file on the index; its pin."""
        place = self.folder / name
        place.mkdir(exist_ok=True)
        (place / file).write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        names = sorted(each.name for each in place.iterdir() if each.name != "index.html")
        links = [
            f'<a href="{each}#sha256={hashlib.sha256((place / each).read_bytes()).hexdigest()}">x</a>' for each in names
        ]
        (place / "index.html").write_text("<html>\n" + "\n".join(links), encoding="utf-8")
        return Pin(name=name, version="1.0", file=file, sha256=digest)


def catalogue_of(index: Index, files: Mapping[str, str] = FILES) -> Catalogue:
    """A catalogue of our small package, on an index that has all of it."""
    pin = index.offer("shapes", "shapes-1.0.tar", sdist(files))
    tools = [index.offer(name, f"{name}-1.0-py3-none-any.whl", wheel(name)) for name in TOOLS]
    spec = PackageSpec(**pin.model_dump(), licence="MIT", sources=("shapes",), tests=("tests",), split="train")
    return Catalogue(tools=tuple(tools), packages=(spec,))


TOOLS = ("pytest", "pluggy", "iniconfig", "packaging", "pygments")
