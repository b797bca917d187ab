"""Names of files in a sandbox: relative, and never out of the working directory."""

import re

_NAME = re.compile(r"[^\x00/]{1,255}(?:/[^\x00/]{1,255}){0,15}")


def check_name(name: str) -> str:
    """A relative file name that stays inside the working directory, or `ValueError` that says why not."""
    if not _NAME.fullmatch(name) or any(part in (".", "..") for part in name.split("/")):
        raise ValueError(
            f"file name {name!r:.100} must be relative, without '.' or '..' parts, at most 16 parts of 255 characters"
        )
    return name
