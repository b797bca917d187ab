"""A policy's regular expression, tried on strings: in a sandbox, since compiling and matching are both at its mercy.

A pattern can take exponential time (nested repetition), much memory, or the stack. So it is compiled and matched only in
there, under limits, and nothing but yes and no comes back for each string. A pattern runs no code, and what is expected of
the strings stays out here.
"""

import json
import signal

from textgym.core import InfraError
from textgym.graders.code.box import box
from textgym.sandbox import Call, Limits
from textgym.sandbox.starvation import acall_fairly

CPU_S = 0.3
LIMITS = Limits(wall_s=20, cpu_s=1, memory_mb=192, processes=4, output_kb=16, result_kb=16)
_STARVED_CPU_S = 0.2
_MAX_WORDS = 200
_TOO_LONG = "it takes too long"
_ENDS = {"cpu": _TOO_LONG, "timeout": _TOO_LONG, "memory": "it needs too much memory"}

# Written to the result channel: a byte a string, "1" for a match and "0" for none; or "e" and the words of the error. The timer
# ends the process; limits of the sandbox count whole seconds.
_MATCHER = f"""
import json, os, re, signal, sys, warnings
warnings.simplefilter("ignore")
signal.setitimer(signal.ITIMER_VIRTUAL, {CPU_S})
channel = int(os.environ["RESULT_FD"])
pattern, strings = json.loads(sys.stdin.buffer.read())
try:
    matches = re.compile(pattern).fullmatch
    answers = b"".join(b"0" if matches(string) is None else b"1" for string in strings)
except MemoryError:
    answers = b"eit needs too much memory"
except RecursionError:
    answers = b"eit is nested too deep"
except Exception as error:
    answers = b"e" + str(error).encode(errors="replace")[:200]
os.write(channel, answers)
"""


class PatternError(Exception):
    """A pattern cannot be used; the message says why, in words that may be shown."""


async def match_all(pattern: str, strings: list[str]) -> list[bool]:
    """For each string, whether a pattern of Python's `re`, without flags, matches it as a whole.

    Raises:
        PatternError: it does not compile, or takes more than `CPU_S` seconds of CPU or too much memory for them all.
        InfraError: there is no sandbox, it was lost, or the machine was too busy to let the pattern run.
    """
    stdin = json.dumps([pattern, strings]).encode()
    ended = await acall_fairly(await box(), Call(source=_MATCHER, stdin=stdin, limits=LIMITS, result=True))
    if ended.status in {"lost", "setup_error"}:
        raise InfraError(f"the sandbox did not try the pattern: {ended.detail}")
    if ended.status == "timeout" and ended.cpu_s < _STARVED_CPU_S:  # a pattern cannot wait, it can only compute
        raise InfraError("the machine was too busy to try the pattern")
    if ended.status == "signal" and ended.signal == signal.SIGVTALRM:
        raise PatternError(_TOO_LONG)
    if ended.status in _ENDS:
        raise PatternError(_ENDS[ended.status])
    answers = ended.result or b""
    if answers.startswith(b"e"):
        raise PatternError(answers[1 : _MAX_WORDS + 1].decode(errors="replace"))
    if not ended.ok or len(answers) != len(strings):
        raise PatternError("it broke down")
    return [answer == ord("1") for answer in answers]
