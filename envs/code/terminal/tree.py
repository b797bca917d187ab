"""`Node` and `Tree`: files as data. A tree maps relative paths to nodes; every directory is a node of its own."""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["file", "dir", "link", "fifo"]
KINDS: tuple[Kind, ...] = ("file", "dir", "link", "fifo")


@dataclass(frozen=True, slots=True)
class Node:
    """One file, directory, symbolic link or fifo.

    Attributes:
        kind: which of them.
        mode: permission bits, such as 0o644; those of a link mean nothing.
        mtime: when a file was last written, in seconds since 1970; 0 for anything else.
        data: contents of a file.
        target: where a link points, as written.
    """

    kind: Kind = "file"
    mode: int = 0o644
    mtime: int = 0
    data: bytes = b""
    target: str = ""


Tree = dict[str, Node]


class TreeError(ValueError):
    """Paths and nodes that no directory could hold."""


def parents(path: str) -> list[str]:
    """The directories above a path, outermost first; the top itself is not among them."""
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def check_tree(tree: Mapping[str, Node]) -> None:
    """Check that every path is plain and lies in a directory of the tree.

    Raises:
        TreeError: one does not.
    """
    for path in tree:
        if any(part in ("", ".", "..") for part in path.split("/")) or "\0" in path:
            raise TreeError(f"{path!r:.200} is no path in a tree")
        for parent in parents(path):
            if parent not in tree or tree[parent].kind != "dir":
                raise TreeError(f"{path!r:.200} lies in no directory")


def in_order(tree: Mapping[str, Node]) -> list[str]:
    """The paths, sorted; a directory comes before what is in it."""
    return sorted(tree, key=lambda path: path.split("/"))


def node_to_json(node: Node) -> list[Any]:
    """A node as JSON: its kind, and what its kind needs. A file's bytes are base64 where they are no UTF-8."""
    if node.kind == "file":
        try:
            return ["file", node.mode, node.mtime, node.data.decode("utf-8")]
        except UnicodeDecodeError:
            return ["base64", node.mode, node.mtime, base64.b64encode(node.data).decode("ascii")]
    return ["link", node.target] if node.kind == "link" else [node.kind, node.mode]


def node_from_json(value: Any) -> Node:
    """The node that `node_to_json` wrote.

    Raises:
        TreeError: it wrote no such thing.
    """
    match value:
        case ["file", int(mode), int(mtime), str(text)]:
            return Node("file", mode & 0o7777, mtime, text.encode("utf-8", "surrogatepass"))
        case ["base64", int(mode), int(mtime), str(text)]:
            return Node("file", mode & 0o7777, mtime, base64.b64decode(text))
        case ["dir" | "fifo" as kind, int(mode)]:
            return Node(kind, mode & 0o7777)
        case ["link", str(target)]:
            return Node("link", 0o777, 0, b"", target)
    raise TreeError(f"{value!r:.200} describes no file")


def dump_tree(tree: Mapping[str, Node]) -> str:
    """A tree as one JSON text."""
    return json.dumps({path: node_to_json(tree[path]) for path in in_order(tree)}, ensure_ascii=False)


def load_tree(text: str) -> Tree:
    """The tree that `dump_tree` wrote."""
    return {path: node_from_json(value) for path, value in json.loads(text).items()}


def difference(before: Mapping[str, Node], after: Mapping[str, Node]) -> dict[str, list[Any] | None]:
    """What makes `before` into `after`, as JSON values: new nodes by path, None for what is gone."""
    changed: dict[str, list[Any] | None] = {path: None for path in in_order(before) if path not in after}
    changed |= {path: node_to_json(after[path]) for path in in_order(after) if before.get(path) != after[path]}
    return changed


def changed_tree(before: Mapping[str, Node], changes: Mapping[str, list[Any] | None]) -> Tree:
    """`before` with the changes that `difference` found.

    Raises:
        TreeError: the changes leave something that is no tree.
    """
    tree = {path: node for path, node in before.items() if path not in changes}
    tree |= {path: node_from_json(value) for path, value in changes.items() if value is not None}
    check_tree(tree)
    return tree


def size_of(nodes: Iterable[Node]) -> int:
    """Bytes of all files."""
    return sum(len(node.data) for node in nodes)
