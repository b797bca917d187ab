"""Running the policy's Python, and what it gets to read of it."""

from textgym.core import InfraError, elide
from textgym.graders.code.box import box
from textgym.sandbox import Call, Limits, RunResult
from textgym.sandbox.starvation import acall_fairly

_STREAM_KB = 256


async def run_python(code: str, seconds: float) -> RunResult:
    """Run source in a clean sandbox that knows nothing of the task.

    Raises:
        InfraError: no sandbox can be used, one was lost, or the machine was too busy; nothing is known about the program.
    """
    limits = Limits(wall_s=seconds, cpu_s=seconds, memory_mb=512, output_kb=_STREAM_KB)
    result = await acall_fairly(await box(), Call(source=code.encode("utf-8", "replace"), limits=limits))
    if result.status in ("lost", "setup_error"):
        raise InfraError(f"the program could not be run: {result.detail or result.status}")
    return result


def shown(result: RunResult, most: int) -> str:
    """What a program wrote and how it ended, each stream with at most `most` characters, head and tail."""
    parts = []
    out, err = (stream.decode("utf-8", "replace").rstrip() for stream in (result.stdout, result.stderr))
    if out:
        parts.append(elide(out, most))
    if err:
        parts.append(f"--- stderr ---\n{elide(err, most)}")
    if result.status == "signal":
        parts.append(f"[ended by signal {result.signal}]")
    elif result.status != "exit":
        parts.append(f"[stopped: {_LIMITS.get(result.status, result.status)}]")
    elif result.exit_code:
        parts.append(f"[exit code {result.exit_code}]")
    return "\n".join(parts) or "[nothing was printed]"


_LIMITS = {
    "timeout": "out of time",
    "cpu": "out of time",
    "memory": "out of memory",
    "output_limit": "too much output",
}
