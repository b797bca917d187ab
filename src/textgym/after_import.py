"""Do something once another package has been imported, without importing it now.

`import textgym` must make its ids known to Gymnasium, yet must not import Gymnasium (and NumPy with it, half a second in
all) for a command line that only prints its help. So where Gymnasium is not there yet, registration waits for it.
"""

import importlib.abc
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType


def call_after_import(name: str, callback: Callable[[], None]) -> None:
    """Call `callback` right after the top-level package `name` is first imported, by whomever."""
    sys.meta_path.insert(0, _Watcher(name, callback))


class _Watcher(importlib.abc.MetaPathFinder):
    """Finds nothing itself: when the awaited package is asked for, it asks those after it and wraps the loader they name.

    It stays until the package has really been imported: to be asked for a spec may also mean that somebody only wants
    to know whether the package is installed, and an import may fail and be tried again.
    """

    def __init__(self, name: str, callback: Callable[[], None]) -> None:
        self._name = name
        self._callback = callback

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        for finder in sys.meta_path[sys.meta_path.index(self) + 1 :]:
            spec = finder.find_spec(fullname, path, target)
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _Loader(spec.loader, self)
                return spec
        return None

    def done(self) -> None:
        """The package is there: stop watching, and call back."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
            self._callback()


class _Loader(importlib.abc.Loader):
    """Runs the module as its own loader would, puts that loader back, then tells the watcher."""

    def __init__(self, loader: importlib.abc.Loader, watcher: _Watcher) -> None:
        self._loader = loader
        self._watcher = watcher

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._watcher.done()
