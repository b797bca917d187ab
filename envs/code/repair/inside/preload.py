"""Runs in the zygote of a box: loads pytest from an archive in memory, so that every call finds it loaded.

`ARCHIVE` (base64 of a zip with the sources of pytest and what it needs) and `LOADED` (the modules to import) are set by the
host, where they are declared. pytest is loaded with the plugins that it has of its own. Nothing of a
package under test is ever loaded here.
"""

from __future__ import annotations

import base64
import importlib
import importlib.abc
import io
import sys
import zipfile
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType

ARCHIVE: str = ""
LOADED: Sequence[str] = ()

ROOT = "/test-tools"


class Archive(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Finds modules in the archive and loads them from there."""

    def __init__(self, data: bytes) -> None:
        self.zip = zipfile.ZipFile(io.BytesIO(data))
        self.names = set(self.zip.namelist())

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec of a module that is in the archive."""
        base = fullname.replace(".", "/")
        for name, package in ((base + "/__init__.py", True), (base + ".py", False)):
            if name in self.names:
                spec = ModuleSpec(fullname, self, origin=ROOT + "/" + name, is_package=package)
                spec.has_location = True
                if package:
                    spec.submodule_search_locations = [ROOT + "/" + base]
                return spec
        return None

    def is_package(self, fullname: str) -> bool:
        return fullname.replace(".", "/") + "/__init__.py" in self.names

    def get_source(self, fullname: str) -> str:
        base = fullname.replace(".", "/")
        name = base + "/__init__.py" if self.is_package(fullname) else base + ".py"
        return self.zip.read(name).decode("utf-8")

    def get_code(self, fullname: str) -> CodeType:
        spec = self.find_spec(fullname)
        assert spec is not None
        code: CodeType = compile(self.get_source(fullname), str(spec.origin), "exec", dont_inherit=True)
        return code


sys.meta_path.append(Archive(base64.b64decode(ARCHIVE)))
for _name in (*LOADED, "pytest"):
    importlib.import_module(_name)
for _name in importlib.import_module("_pytest.config").default_plugins:
    importlib.import_module("_pytest." + _name)
importlib.import_module("_pytest.assertion.rewrite")
del ARCHIVE
