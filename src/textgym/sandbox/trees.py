"""`FileTree`: files that many calls begin with, sent to a sandbox once."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from hashlib import blake2b
from typing import Any

from textgym.sandbox.file_names import check_name

DIGEST_BYTES = 16
KEPT_BYTES = 64 << 20
"""A sandbox keeps trees of so many bytes together, those that were used last."""


class FileTree(Mapping[str, bytes]):
    """Files by name, never changed. A sandbox that has seen a tree makes its files without being sent them again.

    Use one object for all calls and sessions that begin with the same files: it is known by a digest of them, which is
    computed once.

    Args:
        files: names and contents.

    Raises:
        ValueError: a name leaves the working directory.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = {check_name(name): bytes(data) for name, data in files.items()}
        self.listing: list[list[Any]] = [[name, len(data)] for name, data in self._files.items()]
        self.blob = b"".join(self._files.values())
        whole = blake2b(repr(self.listing).encode(errors="surrogatepass"), digest_size=DIGEST_BYTES)
        whole.update(self.blob)
        self.digest = whole.hexdigest()

    @cached_property
    def digests(self) -> dict[str, str]:
        """Digest of each file."""
        return digests(self._files)

    def __getitem__(self, name: str) -> bytes:
        return self._files[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __repr__(self) -> str:
        return f"<FileTree of {len(self)} files, {len(self.blob)} bytes, {self.digest}>"


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """Hexadecimal BLAKE2b digests of files, by name."""
    return {name: blake2b(data, digest_size=DIGEST_BYTES).hexdigest() for name, data in files.items()}
