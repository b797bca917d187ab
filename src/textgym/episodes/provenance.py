"""What a record keeps about the program that made it."""

import platform
import subprocess
from functools import cache
from importlib.metadata import version

_GIT_SECONDS = 5.0


@cache
def provenance() -> dict[str, str]:
    """Versions of textgym, gymnasium and Python, and `commit` where the working directory is a git checkout.

    The commit ends in `-dirty` where tracked files were changed. Looked up once a process.
    """
    found = {
        "textgym": version("textgym"),
        "gymnasium": version("gymnasium"),
        "python": platform.python_version(),
    }
    command = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, timeout=_GIT_SECONDS, check=True, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return found
    return found | {"commit": answer.stdout.strip()}
