"""What a call in a sandbox gives back."""

from dataclasses import dataclass, field
from typing import Literal

Status = Literal[
    "exit",
    "signal",
    "timeout",
    "cpu",
    "memory",
    "output_limit",
    "malformed_result",
    "setup_error",
    "lost",
]
"""How a call ended.

`exit`: the process exited, with any code. `signal`: a signal ended it. `timeout`, `cpu`, `memory`, `output_limit`: it ran
into that limit. `malformed_result`: what stood on the result channel is not what was asked for. `setup_error`: the call
could not be begun as asked (an unusable file name, no such program). `lost`: the sandbox itself was lost, twice: nothing is
known about the program, and it must never count as a failing one.
"""


@dataclass(frozen=True, slots=True)
class RunResult:
    """The result of one call.

    Attributes:
        status: how it ended.
        exit_code: exit status of the process where `status` is `exit`, else None.
        signal: number of the signal that ended the process, else None.
        stdout, stderr: the first bytes of each stream, up to the limit.
        stdout_truncated, stderr_truncated: whether there was more.
        result: the bytes written to the result channel; None where none was asked for.
        files: the files that were asked for and could be fetched, by name.
        file_errors: why the others could not, by name.
        wall_s, cpu_s: wall-clock time, and CPU time of the process and its waited-for children, in seconds.
        maxrss_mb: largest resident set, in MB.
        detail: for a person: what failed, where something did.
        retried: whether a first sandbox was lost and this is the result of the second.
    """

    status: Status
    exit_code: int | None = None
    signal: int | None = None
    stdout: bytes = b""
    stderr: bytes = b""
    stdout_truncated: bool = False
    stderr_truncated: bool = False
    result: bytes | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    file_errors: dict[str, str] = field(default_factory=dict)
    wall_s: float = 0.0
    cpu_s: float = 0.0
    maxrss_mb: float = 0.0
    detail: str = ""
    retried: bool = False

    @property
    def ok(self) -> bool:
        """Whether the process exited with code 0. That alone never proves that a program is right."""
        return self.status == "exit" and self.exit_code == 0
