"""Looking at a file and replacing a stretch of it: text in, text out, on a tree as data."""

import re

from textgym.envs.code.repair.tree import Files

_LINES = re.compile(r"\s*(\d{1,7})\s*(?:[-:,]\s*(\d{1,7}|end)?\s*)?")
_LARGEST = 4 << 20


class EditError(ValueError):
    """The edit or view cannot be done; the message says why."""


def clean_path(path: str) -> str:
    """A path as the tree has it: relative to the root, without `./` in front."""
    path = path.strip()
    while path.startswith("./"):
        path = path[2:]
    return path.rstrip("/")


def view(tree: Files, path: str, lines: str | None) -> str:
    """A file's lines with their numbers, or what is in a folder.

    Args:
        tree: the tree.
        path: a file or a folder; `""` or `"."` is the root.
        lines: such as `10-40`, `10-` or `10`; None for all.

    Raises:
        EditError: there is no such file, it is no text, or `lines` cannot be read.
    """
    path = clean_path(path)
    if path in ("", "."):
        return _listed(tree, "")
    data = tree.get(path)
    if data is None:
        if any(other.startswith(f"{path}/") for other in tree):
            return _listed(tree, f"{path}/")
        raise EditError(f"there is no file {path!r:.200}{_suggested(tree, path)}")
    text = read_text(tree, path)
    numbered = text.splitlines()
    first, last = _span(lines, len(numbered))
    shown = [f"{number:>5}  {line}" for number, line in enumerate(numbered[first - 1 : last], first)]
    if not shown:
        return "(The file is empty.)" if not numbered else f"(The file has {len(numbered)} lines.)"
    return "\n".join(shown)


def read_text(tree: Files, path: str) -> str:
    """The text of a file. Raises `EditError`."""
    data = tree.get(path)
    if data is None:
        raise EditError(f"there is no file {path!r:.200}{_suggested(tree, path)}")
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise EditError(f"{path} is no text") from None


def replaced(tree: Files, path: str, old: str, new: str) -> bytes:
    """The contents of a file after `old`, which must be in it exactly once, gave way to `new`.

    An empty `old` makes a new file.

    Raises:
        EditError: `old` is not there, or more than once.
    """
    if not old:
        if path in tree:
            raise EditError(f"{path} is there already: give the text to be replaced in it as 'old'")
        return (new if new.endswith("\n") else f"{new}\n").encode()
    text = read_text(tree, path)
    count = text.count(old)
    if count != 1:
        raise EditError(
            f"'old' is not in {path}: it must be there exactly as written, indentation included"
            if not count
            else f"'old' is {count} times in {path}: give more of the lines around it, so that it is there once"
        )
    result = text.replace(old, new).encode()
    if len(result) > _LARGEST:
        raise EditError(f"{path} would have {len(result):,} bytes")
    return result


def _span(lines: str | None, count: int) -> tuple[int, int]:
    if lines is None or not lines.strip():
        return 1, count
    found = _LINES.fullmatch(lines)
    if found is None:
        raise EditError(f"'lines' is such as 10-40, not {lines!r:.60}")
    first = max(1, int(found[1]))
    separated = len(lines.strip()) > len(found[1])
    if not separated:
        return first, first
    last = count if found[2] in (None, "end") else int(found[2])
    if last < first:
        raise EditError(f"'lines' is such as 10-40, and {first} is behind {last}")
    return first, last


def _listed(tree: Files, folder: str) -> str:
    names: dict[str, None] = {}
    for path in sorted(tree):
        if path.startswith(folder):
            name, slash, _ = path[len(folder) :].partition("/")
            names[name + slash] = None
    return "\n".join(names) or "(There are no files.)"


def _suggested(tree: Files, path: str) -> str:
    name = path.rpartition("/")[2]
    others = [other for other in sorted(tree) if other.rpartition("/")[2] == name][:3]
    return f"; there is {', '.join(others)}" if others and name else ""
