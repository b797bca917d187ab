"""The pytest of every box: an archive of pure-Python sources, loaded once a sandbox before any package is seen."""

import base64
import functools
import importlib.metadata
import importlib.resources
import io
import zipfile

LIBRARY = "textgym_test_tools"
_DISTRIBUTIONS = ("pytest", "pluggy", "iniconfig", "packaging", "pygments")
_LOADED = (
    "argparse", "difflib", "hashlib", "logging", "pdb", "shutil", "subprocess", "tempfile", "unittest.mock",
    "xml.etree.ElementTree",
)  # fmt: skip


@functools.cache
def archive() -> bytes:
    """A zip of the sources, the same bytes each time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in sorted(_sources().items()):
            zipped.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


@functools.cache
def preload() -> str:
    """The source of the module that loads the archive in a sandbox."""
    program = (importlib.resources.files(__package__) / "inside" / "preload.py").read_text(encoding="utf-8")
    data = base64.b64encode(archive()).decode()
    return program.replace('ARCHIVE: str = ""\n', f"ARCHIVE = {data!r}\n").replace(
        "LOADED: Sequence[str] = ()\n", f"LOADED = {_LOADED!r}\n"
    )


def _sources() -> dict[str, bytes]:
    found = {}
    for name in _DISTRIBUTIONS:
        for file in importlib.metadata.files(name) or ():
            if file.suffix == ".py":
                found[file.as_posix()] = file.read_binary()
    return found
