"""Names of files in a sandbox: relative, and never out of the working directory."""

MOST_PARTS = 16
MOST_PART_BYTES = 255


def check_name(name: str) -> str:
    """A relative file name that stays inside the working directory, or `ValueError` that says why not.

    A part has at most as many bytes as a file system takes, whatever its characters; with `MOST_PARTS` of them, a name always
    fits into a path.
    """
    parts = name.split("/")
    if len(parts) > MOST_PARTS or "\0" in name or not all(map(_is_usable, parts)):
        raise ValueError(
            f"file name {name!r:.100} must be relative, without '.' or '..' parts, "
            f"at most {MOST_PARTS} parts of {MOST_PART_BYTES} bytes"
        )
    return name


def _is_usable(part: str) -> bool:
    if part in ("", ".", ".."):
        return False
    try:
        return len(part.encode(errors="surrogateescape")) <= MOST_PART_BYTES
    except UnicodeEncodeError:  # half of a surrogate pair, which is no byte of a name either
        return False
