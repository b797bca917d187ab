"""Leaves about files: a patch that applies, and files that are as they were."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from textgym.core.outcome import Score
from textgym.graders.base import Grader, passed
from textgym.graders.errors import Invalid
from textgym.graders.primitives.diffs import DiffError, applied, read_diff
from textgym.graders.primitives.leaf import Data, Text, TextLeaf, secret, seen
from textgym.graders.primitives.patterns import compiled, searchable
from textgym.graders.sample import Item, Sample

_DIGEST = re.compile(r"[0-9a-f]{64}")


class DiffApplies(TextLeaf):
    """1 if the input is a unified diff, and every hunk of it applies to the files.

    Context and removed lines must be there exactly, without fuzz; a hunk may stand at another line than it says.

    Attributes:
        reference: the files as they are, an object of path and text.
        result: if given, the files as they should be after it, for the paths that it names; others are not compared.
    """

    templated: ClassVar[tuple[str, ...]] = ("input", "reference", "result")
    longest: ClassVar[int | None] = 500_000

    type: Literal["diff_applies"] = "diff_applies"
    reference: Data = "{{ item.files }}"
    result: Data = None

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        files = _files(self.fill(self.reference, item, sample), "the files")
        wanted = None if self.result is None else _files(self.fill(self.result, item, sample), "the result")
        try:
            after = applied(read_diff(text), files)
        except DiffError as error:
            return passed(0.0, str(error).encode("utf-8", "replace").decode(), seen(text))
        if wanted is None:
            return passed(1.0, "", seen(text))
        wrong = [path for path in sorted(wanted) if after.get(path) != wanted[path]]
        return passed(float(not wrong), f"{len(wrong)} files differ", seen(text), secret(wrong, "different"))


def _files(given: Any, what: str) -> dict[str, str]:
    if not isinstance(given, Mapping) or not all(isinstance(t, str) for pair in given.items() for t in pair):
        raise Invalid("error", f"{what} are an object of paths and texts")
    return dict(given)


class FilesUnchanged(Grader):
    """1 if the artifacts that match the globs are exactly these files with these digests: none changed, gone or new.

    Attributes:
        globs: which artifacts are looked at. `*` and `?` stay inside a folder, `**` does not.
        sha256: an object of path and SHA-256 of the file's UTF-8, as 64 hexadecimal digits.
    """

    templated: ClassVar[tuple[str, ...]] = ("sha256",)

    type: Literal["files_unchanged"] = "files_unchanged"
    globs: tuple[Text, ...] = Field(("**",), min_length=1, max_length=100)
    sha256: Data

    @field_validator("globs")
    @classmethod
    def _can_be_matched(cls, globs: tuple[str, ...]) -> tuple[str, ...]:
        for glob in globs:
            compiled(_as_pattern(glob))
        return globs

    def _grade(self, item: Item, sample: Sample) -> Score:
        wanted = _files(self.fill(self.sha256, item, sample), "the digests")
        if not all(_DIGEST.fullmatch(digest) for digest in wanted.values()):
            raise Invalid("error", "sha256 is an object of paths and 64 hexadecimal digits")
        patterns = [compiled(_as_pattern(glob)) for glob in self.globs]
        looked_at = {
            path: hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
            for path, text in sample.artifacts.items()
            if any(pattern.fullmatch(searchable(path)) for pattern in patterns)
        }
        differing = sorted(path for path in looked_at.keys() | wanted.keys() if looked_at.get(path) != wanted.get(path))
        return passed(float(not differing), f"{len(differing)} files differ", secret(differing, "different"))


def _as_pattern(glob: str) -> str:
    """A glob as a regular expression."""
    parts = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "(?s)" + "".join(parts.get(part, re.escape(part)) for part in re.split(r"(\*\*/|\*\*|\*|\?)", glob))
