"""What leaves the box: the changes of package sources that a verdict may rest on, and nothing else."""

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from textgym.envs.code.repair.lines import opcodes
from textgym.envs.code.repair.problems import Package
from textgym.envs.code.repair.tree import Files, folders_of, path_problem

MOST_LINES = 400
MOST_FILE_BYTES = 1 << 20
_STARTUP = frozenset(["conftest.py", "sitecustomize.py", "usercustomize.py", "pytest.py", "setup.py"])
_TEST_FILE = re.compile(r"(test_.*|.*_test)\.py")


@dataclass(frozen=True)
class Export:
    """The part of the agent's changes that is graded.

    Attributes:
        files: new contents by path; None for a deleted file.
        added: lines that were added, as text.
        dropped: paths whose changes stay behind: tests, configuration, start-up files, what is no Python source, and new
            files that cannot stand beside what the package keeps.
        refused: why nothing can be graded, in words for the policy; empty if it can.
    """

    files: dict[str, bytes | None]
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    refused: str = ""


def export(package: Package, start: Files, tree: Files) -> Export:
    """The changes between two trees that may leave the box.

    Args:
        package: says which files are its sources.
        start: the tree at the beginning of the episode.
        tree: the tree now.
    """
    changed = {path: tree.get(path) for path in sorted(start.keys() | tree.keys()) if start.get(path) != tree.get(path)}
    files = {path: after for path, after in changed.items() if _may_leave(package, path, start.get(path), after)}
    for path in _in_the_way(package.shown, files):
        del files[path]
    added: list[str] = []
    changed_lines = 0
    for path, after in files.items():
        new, lost = _line_changes(start.get(path) or b"", after or b"")
        added += new
        # A deleted file weighs nothing: it can only break what is there.
        changed_lines += max(len(new), lost if after is not None else 0)
    dropped = tuple(path for path in changed if path not in files)
    refused = ""
    if changed_lines > MOST_LINES:
        refused = f"the patch changes {changed_lines} lines of the package; at most {MOST_LINES} are graded"
        files = {}
    return Export(files, tuple(added), dropped, refused)


def _in_the_way(shown: Files, files: Mapping[str, bytes | None]) -> list[str]:
    """New files below a file that stays, or in place of a folder that stays: a tree cannot hold both."""
    stays = {path for path in shown if files.get(path, b"") is not None}
    folders = folders_of(stays)
    new = [path for path, data in files.items() if data is not None and path not in shown]
    return [path for path in new if path in folders or not stays.isdisjoint(folders_of([path]))]


def _may_leave(package: Package, path: str, before: bytes | None, after: bytes | None) -> bool:
    name = posixpath.basename(path)
    if not package.is_source(path) or not path.endswith(".py") or name in _STARTUP:
        return False
    if before is None and path_problem(path):
        return False
    if before is None and (_TEST_FILE.fullmatch(name) or posixpath.dirname(path) in package.search_path):
        return False  # a new module at the top could stand in for somebody else's
    if after is None:
        return True
    if len(after) > MOST_FILE_BYTES or b"\0" in after:
        return False
    try:
        after.decode()
    except UnicodeDecodeError:
        return False
    return True


def _line_changes(before: bytes, after: bytes) -> tuple[list[str], int]:
    """The lines that are new, and how many are gone."""
    old, new = before.decode(errors="replace").splitlines(), after.decode(errors="replace").splitlines()
    blocks = [code for code in opcodes(old, new) if code[0] != "equal"]
    return [line for _, _, _, low, high in blocks for line in new[low:high]], sum(code[2] - code[1] for code in blocks)


_SUSPECTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("pytest", r"\b_?pytest\b"),
        ("unittest", r"\bunittest\b"),
        ("gc", r"\bgc\b"),
        ("inspect", r"\binspect\b"),
        ("ctypes", r"\bctypes\b"),
        ("atexit", r"\batexit\b"),
        ("frames", r"_getframe|\bf_back\b|\bf_locals\b|\b__traceback__\b|\bsettrace\b|\bsetprofile\b"),
        ("exit", r"\b_exit\b|\bSystemExit\b|\bsys\.exit\b|\babort\b|\bkill\b"),
        ("environment", r"\benviron\b|\bgetenv\b|PYTEST|\bsys\.argv\b"),
        ("modules", r"\bsys\.modules\b|\b__import__\b|\bimportlib\b|\bmeta_path\b"),
        ("dynamic code", r"\bexec\b|\beval\b|\bcompile\b|\bmarshal\b|\bpickle\b"),
        ("equality", r"def\s+__(eq|ne|hash|bool|instancecheck|class)__\b"),
        ("builtins", r"\bbuiltins\b|\b__builtins__\b"),
        ("files", r"\bopen\s*\(|\bos\.(write|dup|pipe|fork|listdir|walk|scandir)\b|\bpathlib\b|/proc\b"),
        ("processes", r"\bsubprocess\b|\bos\.system\b|\bthreading\b|\bsignal\b"),
        ("linecache", r"\blinecache\b|\b__code__\b|\b__globals__\b"),
    )
)


def tripwire(added: Iterable[str]) -> list[str]:
    """What in the added lines has little to do with a repair, by name. It proves nothing; it is there to be looked at."""
    found = set()
    for line in added:
        found |= {name for name, pattern in _SUSPECTS if name not in found and pattern.search(line[:2000])}
    return sorted(found)
