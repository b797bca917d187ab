"""`Shell`: a session that runs commands in one shell, as a person at a terminal does.

Commands go to the shell on a socket of its own, and it says on the same socket that one is done, with a nonce that came with
the command. Nothing that a command prints can pass for that. A command that is after the shell itself can get at the socket
and its own nonce: it can say that it is done before it is, and with which exit code, which it could as well do by exiting. It
cannot know the nonces of later commands, and whatever else stands on the socket ends the shell.
"""

import secrets
from dataclasses import dataclass

from textgym.sandbox.calls import Call
from textgym.sandbox.results import Status
from textgym.sandbox.session import Seat, Session
from textgym.sandbox.session_messages import Turn

MAX_COMMAND = 1 << 20

# The socket is closed for what a command starts.
_IN_BASH = """
while IFS= read -r _nonce <&3 && IFS= read -r _lines <&3 && IFS= read -r _bytes <&3; do
  LC_ALL=C IFS= read -r -N "$_bytes" _command <&3 || exit
  eval "$_command" 3<&-
  printf '%s %s\\n' "$_nonce" "$?" >&3
done
"""
# Any other shell can only read lines, byte by byte.
_IN_SH = """
while IFS= read -r _nonce <&3 && IFS= read -r _lines <&3 && IFS= read -r _bytes <&3; do
  _command=
  while [ "$_lines" -gt 0 ]; do
    IFS= read -r _line <&3 || exit
    _command="$_command$_line
"
    _lines=$((_lines - 1))
  done
  eval "$_command" 3<&-
  printf '%s %s\\n' "$_nonce" "$?" >&3
done
"""
_FIND_ONE = 'if command -v bash >/dev/null; then exec bash --noprofile --norc -c "$0" bash; else exec sh -c "$1" sh; fi'
SHELL = ("/bin/sh", "-c", _FIND_ONE, _IN_BASH, _IN_SH)
"""What runs in the sandbox for a `Shell`."""


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What became of one command.

    Attributes:
        status: `exit` where it came to its end; else how it, or the shell with it, was ended: `timeout`, `cpu`, `memory`,
            `output_limit`, `signal`, or `malformed_result` where it tampered with the shell.
        exit_code: its exit status, where `status` is `exit`.
        signal: the signal that ended the shell, where `status` is `signal`.
        stdout, stderr: the first bytes of each stream, up to the limit. Processes in the background write there as well.
        stdout_truncated, stderr_truncated: whether there was more.
        wall_s: how long it took, in seconds.
        shell_ended: whether the shell ended with it, and every process with the shell. The next command begins in a new shell,
            in the working directory, with the files as they are.
        detail: for a person: what failed, where something did.
    """

    status: Status
    exit_code: int | None = None
    signal: int | None = None
    stdout: bytes = b""
    stderr: bytes = b""
    stdout_truncated: bool = False
    stderr_truncated: bool = False
    wall_s: float = 0.0
    shell_ended: bool = False
    detail: str = ""

    @property
    def ok(self) -> bool:
        """Whether it exited with code 0."""
        return self.status == "exit" and self.exit_code == 0


class Shell(Session):
    """A session with a shell: bash where there is one, else sh. Directory, variables and functions are kept."""

    def __init__(self, seat: Seat, opened_with: Call, life_s: float) -> None:
        super().__init__(seat, opened_with, life_s, stdin=False, channel=True)
        self._running = True

    def run(self, command: str, *, wall_s: float | None = None) -> CommandResult:
        """Run a command, which may be a script of many lines.

        A command that exceeds `wall_s` or the output limit is ended, and the shell and every process with it.

        Args:
            command: what the shell is to evaluate. Its stdin is empty.
            wall_s: how long it may take, in seconds; the session's wall limit unless given.

        Returns:
            What became of it. A command that fails, in whatever way, is a result and no exception.

        Raises:
            ValueError: the command holds a NUL character, is no text, or is longer than 1 MB.
            SessionEndedError: the session is over.
            SandboxLostError: the sandbox was lost under it. Nothing is known about the command then.
        """
        nonce = secrets.token_hex(16)
        message = _message(nonce, command)
        limit = self.limits.wall_s if wall_s is None else wall_s
        if not 0 < limit <= 86400:
            raise ValueError(f"wall_s is {limit}; a command may take more than 0 and at most 86400 seconds")
        with self._using():
            if not self._running:
                self._start(Call(argv=SHELL, env=self._call.env, limits=self.limits), stdin=False, channel=True)
                self._running = True
            turn = self._talk("line", limit, channel=message, ends=True)
            code = _exit_code(turn.channel, nonce) if turn.end is None else None
            if turn.end is None and code is None:
                turn = self._stop(turn)
            self._running = turn.end is None
        return _result(turn, code)

    async def arun(self, command: str, *, wall_s: float | None = None) -> CommandResult:
        """`run`, awaited. A cancelled command still runs to its end or its limit."""
        return await self._awaited(lambda: self.run(command, wall_s=wall_s))

    def _stop(self, turn: Turn) -> Turn:
        """End a shell that was tampered with; the turn, with its end."""
        last = self._talk("line", 0.0, ends=True)
        return Turn(
            "malformed",
            turn.stdout,
            turn.stderr,
            b"",
            turn.stdout_truncated,
            turn.stderr_truncated,
            last.end,
            turn.wall_s,
            last.left_s,
            0,
        )


def _message(nonce: str, command: str) -> bytes:
    if "\0" in command:
        raise ValueError("a command holds no NUL character")
    text = command.encode()
    if len(text) > MAX_COMMAND:
        raise ValueError(f"a command of {len(text)} bytes is too long; write it into a file")
    return b"%s\n%d\n%d\n%s\n" % (nonce.encode(), text.count(b"\n") + 1, len(text) + 1, text)


def _exit_code(said: bytes, nonce: str) -> int | None:
    """The exit code that a shell gave for a command; None if it did not say exactly that."""
    expected, _, code = said.rpartition(b" ")
    digits = code.removesuffix(b"\n")
    if expected != nonce.encode() or len(code) != len(digits) + 1 or not 1 <= len(digits) <= 3 or not digits.isdigit():
        return None
    return int(digits) if int(digits) < 256 else None


def _result(turn: Turn, code: int | None) -> CommandResult:
    end = turn.end
    status: Status = "exit"
    exit_code, signal, detail = code, None, ""
    if turn.reason == "malformed":
        status, exit_code, detail = "malformed_result", None, "the command wrote where only the shell does"
    elif end is not None:
        status, exit_code, signal, detail = end.status, end.exit_code, end.signal, end.detail
        if turn.left_s <= 0:
            detail = "the session's life is over"
    return CommandResult(
        status=status,
        exit_code=exit_code,
        signal=signal,
        stdout=turn.stdout,
        stderr=turn.stderr,
        stdout_truncated=turn.stdout_truncated,
        stderr_truncated=turn.stderr_truncated,
        wall_s=turn.wall_s,
        shell_ended=end is not None,
        detail=detail,
    )
