"""The pytest of every box: an archive of pure-Python sources, loaded once a sandbox before any package is seen."""

import base64
import functools
import importlib.resources
import io
import zipfile

from textgym.envs.code.bank.catalogue import catalogue
from textgym.envs.code.bank.trees import library_files

LIBRARY = "textgym_test_tools"
_LOADED = (
    "argparse", "difflib", "hashlib", "logging", "pdb", "shutil", "subprocess", "tempfile", "unittest.mock",
    "xml.etree.ElementTree",
)  # fmt: skip


@functools.cache
def archive() -> bytes:
    """A zip of the sources, the same bytes each time.

    Raises:
        FetchError: they are not at hand and cannot be fetched.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in sorted(library_files(catalogue().tools).items()):
            if name.endswith(".py"):
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
