"""Trees of files that calls begin with, kept by the supervisor so that they need not be sent for every call."""

from __future__ import annotations

import os
from collections import OrderedDict
from typing import Any

from . import wire
from .streams import memory_file

MOST_BYTES = 64 << 20
"""Trees kept have at most so many bytes together; what was used last stays. They count as memory of the sandbox."""


class MissingTreeError(Exception):
    """The tree that a call names is not here: it is to be sent along."""


class Trees:
    """Trees by their digest. Each is a memory file that no program ever has: what programs get is a copy."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[int, list[list[Any]], int]] = OrderedDict()

    def take(self, head: dict[str, Any], reader: wire.Reader) -> tuple[int, list[list[Any]], int] | None:
        """The tree of a call: descriptor, names with lengths, and size; None where the call has none.

        If it comes with the call it is the beginning of the body.

        Raises:
            MissingTreeError: it neither comes with the call nor is here.
            BadFrameError: the body is shorter than the head says.
        """
        named = head.get("tree")
        if named is None:
            return None
        digest = str(named["digest"])
        if named.get("files") is not None:
            self._keep(digest, named["files"], reader)
        if digest not in self._kept:
            raise MissingTreeError
        self._kept.move_to_end(digest)
        return self._kept[digest]

    def _keep(self, digest: str, files: list[list[Any]], reader: wire.Reader) -> None:
        self._drop(digest)
        fd = memory_file("tree")
        size = sum(length for _, length in files)
        try:
            reader.move(size, fd)
        except BaseException:
            os.close(fd)
            raise
        self._kept[digest] = (fd, files, size)
        while len(self._kept) > 1 and sum(kept[2] for kept in self._kept.values()) > MOST_BYTES:
            self._drop(next(iter(self._kept)))

    def _drop(self, digest: str) -> None:
        if digest in self._kept:
            os.close(self._kept.pop(digest)[0])


def payload(call: dict[str, Any], head: dict[str, Any], tree: tuple[int, list[list[Any]], int] | None) -> int:
    """A memory file with a call's head and its tree, to which source and files are to be added.

    Args:
        call: what a child is to know of the call.
        head: the head of the call's message.
        tree: its tree, as `Trees.take` gave it.
    """
    named = [] if tree is None else tree[1]
    text = wire.sized({**call, "tree": named, "files": head["files"]})
    fd = memory_file("call", text)
    if tree is not None:
        position, left = 0, tree[2]
        while left:
            moved = os.sendfile(fd, tree[0], position, left)
            position += moved
            left -= moved
    return fd
