"""What a policy sees of a command."""

import re
from collections.abc import Sequence

from textgym.envs.code.terminal.box import Ran

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def observation(ran: Ran, notes: Sequence[str], turns_left: int, most: int) -> str:
    """The text that answers a command: exit code, output, what else is worth saying, and the turns left."""
    code = "unknown" if ran.exit_code is None else str(ran.exit_code)
    stopped = {
        "time": "The command took too long and was ended.",
        "output": "The command wrote too much and was ended.",
    }
    lines = [f"exit_code: {code}", "--- output ---", shown(ran, most)]
    lines += [f"--- {note}" for note in ([stopped[ran.stopped]] if ran.stopped else [])]
    lines += [f"--- {note}" for note in notes]
    return "\n".join([*lines, f"--- turns left: {turns_left}"])


def shown(ran: Ran, most: int) -> str:
    """What was written, at most `most` characters of it: the head and the tail, and how much lies between."""
    if ran.written <= len(ran.head) + len(ran.tail):
        text = readable(ran.head + ran.tail)
        if len(text) <= most:
            return text.rstrip("\n")
        left_out = f"{len(text) - 2 * (most // 2):,} characters"
        head, tail = text, text
    else:
        left_out = f"about {max(0, ran.written - most):,} bytes"
        head, tail = readable(ran.head), readable(ran.tail)
    return f"{head[: most // 2]}\n[... {left_out} left out ...]\n{tail[-(most // 2) :]}".rstrip("\n")


def readable(data: bytes) -> str:
    """Bytes as text; what has no form of its own, such as control characters, is spelled out as `\\x1b`."""
    return _CONTROL.sub(lambda match: _spelled(match[0]), data.decode("utf-8", "replace"))


def _spelled(char: str) -> str:
    return f"\\x{ord(char):02x}" if ord(char) < 256 else f"\\u{ord(char):04x}"
