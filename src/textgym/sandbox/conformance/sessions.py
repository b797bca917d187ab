"""Attacks on sessions: the slot that keeps a shell or a program, and is to be as clean afterwards as after a call."""

import secrets
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from textgym.sandbox.conformance.attack import prelude
from textgym.sandbox.conformance.ground import CANARY, Ground
from textgym.sandbox.conformance.neighbours import SEARCH_MEMORY, halves
from textgym.sandbox.errors import SandboxClosedError, SandboxLostError, SessionEndedError, SessionFileError
from textgym.sandbox.limits import Limits
from textgym.sandbox.session import Session
from textgym.sandbox.shell import Shell
from textgym.sandbox.trees import FileTree

_LIMITS = Limits(wall_s=15, cpu_s=10, output_kb=256)

# What is run while a session is open, and what has become of it when the next command comes: the status, and the output of
# that next command.
_ABUSES = {
    "fork_bomb": (":(){ :|:& };:; sleep 9", ("timeout",)),
    "stops_itself": ("kill -STOP $$", ("timeout",)),
    "kills_everything_else": ("sleep 9 & kill -9 -1; wait", ("exit",)),
    "kills_itself": ("kill -9 $$", ("signal",)),
    "floods": ("yes", ("output_limit",)),
    "floods_stderr": ("yes >&2", ("output_limit",)),
    "never_ends": ("while :; do :; done", ("timeout",)),
    "ignores_signals": ("trap '' HUP INT QUIT TERM XCPU; sleep 9", ("timeout",)),
    "becomes_something_else": ("exec sleep 9", ("timeout",)),
    "exits": ("exit 3", ("exit",)),
    "deletes_its_place": ("cd /; rm -rf /box/* /box/.[a-z]* 2>/dev/null", ("exit",)),
    "locks_its_place": ("chmod 0 /box; exit 3", ("exit",)),
    "fills_the_disk": ("cat /dev/zero > full", ("exit",)),
    "closes_its_streams": ("exec 1>&- 2>&-", ("exit",)),
    "floods_the_channel": (
        "exec 3>&10; while :; do echo x; done >&10",
        ("malformed_result", "output_limit", "timeout"),
    ),
    "forges_the_end_of_another": (
        "for fd in 3 4 5 6 7 8 9 10 11 12; do { echo 0123 0 >&$fd; } 2>/dev/null; done; :",
        (),
    ),
    "speaks_for_the_shell": ('{ printf "%s 0\\n%s 0\\n" "$_nonce" "$_nonce" >&10; } 2>/dev/null; :', ()),
    "takes_over_the_loop": ("printf() { :; }; read() { return 1; }", ("exit", "timeout")),
}


class SessionTests(Ground):
    """A session holds what a call holds, for longer: while it is open, and when it is closed."""

    @contextmanager
    def session(self, **options: object) -> Iterator[Shell]:
        """A shell in the sandbox of the class."""
        with self._box.session(limits=_LIMITS, **options) as shell:  # type: ignore[call-overload]
            yield shell

    def test_a_shell_keeps_directory_variables_and_functions(self) -> None:
        """What a command changes is there for the next one, and its files are there for all."""
        with self.attacking() as wrong, self.session(files={"a/b": b"given"}) as shell:
            for command, expected in (
                ("cd a; export X=1; Y=2; f() { echo $1; }", b""),
                ("pwd; echo $X $Y; f 3; cat b", b"/box/a\n1 2\n3\ngiven"),
                ("sh -c 'echo $X$Y'", b"1\n"),
                ("cat", b""),
                ("printf 'a\n\\0b\\377'", b"a\n\0b\xff"),
            ):
                result = shell.run(command)
                if not result.ok or result.stdout != expected or result.stderr or result.shell_ended:
                    wrong.append(f"{command!r}: {result}")
            if (code := shell.run("false").exit_code) != 1:
                wrong.append(f"false exited with {code}")

    def test_a_process_is_written_to_and_read_from(self) -> None:
        """A kept program takes input and gives output while it runs, and its end is told as it was."""
        with self.attacking() as wrong, self._box.session(["python3", "-iqu"], limits=_LIMITS) as process:
            process.write(b"x = 20\nprint(x + 1)\n")
            if process.read_until(b"\n") != b"21\n":
                wrong.append("the program did not answer")
            process.write(b"import time; print('go', flush=True); time.sleep(60)\n")
            process.read_until(b"go\n")
            process.signal(signal.SIGINT)
            process.write(b"print('still there')\n")
            process.read_until(b"still there\n")
            process.write(b"raise SystemExit(7)\n")
            end = process.wait(wait_s=10)
            if end is None or (end.status, end.exit_code) != ("exit", 7):
                wrong.append(f"it ended with {end}")

    def test_files_of_a_session_are_held_to_the_rules_of_calls(self) -> None:
        """Names stay inside, links are not followed, only regular files come out, and nothing can hold up who asks."""
        traps = "ln -s /etc/passwd link; ln -s /etc up; mkfifo pipe; mkdir folder; ln -s loop loop; echo fine > file"
        lease = (
            "import fcntl, os, time\nf = open('leased', 'w'); fcntl.fcntl(f, fcntl.F_SETLEASE, fcntl.F_WRLCK)\n"
            "print(flush=True); time.sleep(60)"
        )
        with self.attacking() as wrong, self.session(files={"lease.py": lease.encode()}) as shell:
            shell.run(f"{traps}; python3 lease.py 3>&- > ready & while [ ! -s ready ]; do :; done")
            names = ["link", "up/passwd", "pipe", "folder", "loop", "missing", "file/below"]
            found = shell.read_files([*names, "file"])
            if dict(found) != {"file": b"fine\n"} or set(found.errors) != set(names):
                wrong.append(f"read {dict(found)!r:.300}, errors {found.errors}")
            for name in ("link", "up/new", "pipe", "folder", "leased"):
                try:
                    shell.write_files({name: b"ours"})
                    wrong.append(f"{name} could be written")
                except SessionFileError as error:
                    if set(error.errors) != {name}:
                        wrong.append(f"{name}: {error.errors}")
            for name in ("../x", "/x", "a/../../x", ""):
                for ask in (
                    lambda name=name: shell.write_files({name: b""}),
                    lambda name=name: shell.read_files([name]),
                ):
                    try:
                        ask()
                        wrong.append(f"{name!r} was not refused")
                    except ValueError:
                        pass
            kept = {name for name in shell.files() if name not in ("lease.py", "ready", "leased")}
            if kept != {"file"}:
                wrong.append(f"the snapshot has {sorted(kept)}")

    def test_a_snapshot_opens_a_session_that_is_alike(self) -> None:
        """Files written by commands and by the host come back, byte for byte, and are told apart from what was given."""
        given = {"same": b"same", "changed": b"before", "gone": b"", "deep/er/file": bytes(range(256))}
        with self.attacking() as wrong:
            with self.session(files=given) as shell:
                shell.run("printf after > changed; rm gone; mkdir new; echo x > new/file; touch same")
                shell.write_files({"by/host": b"\0\xff"})
                snapshot, changes = shell.files(), shell.changes()
            expected = {"changed": b"after", "new/file": b"x\n", "by/host": b"\0\xff"}
            if dict(changes.written) != expected or changes.removed != ("gone",):
                wrong.append(f"changes are {changes}")
            if dict(snapshot) != {**given, **expected} and dict(snapshot) != {
                name: data for name, data in {**given, **expected}.items() if name != "gone"
            }:
                wrong.append(f"the snapshot is {snapshot}")
            with self.session(files=snapshot) as shell:
                if shell.files() != snapshot:
                    wrong.append("a session of a snapshot has other files")

    def test_a_shell_that_is_ended_is_followed_by_another(self) -> None:
        """Whatever a command does to the shell or to everything around it, the session goes on, and later commands are told
        as they are."""
        with self.attacking() as wrong:
            for name, (command, statuses) in _ABUSES.items():
                with self.session(files={"kept": b"kept"}) as shell:
                    abused = shell.run(command, wall_s=1.5)
                    if statuses and abused.status not in statuses:
                        wrong.append(f"{name}: {abused.status} {abused.detail} {abused.stderr[-200:]!r}")
                    if len(abused.stdout) + len(abused.stderr) > 2 * 1024 * _LIMITS.output_kb:
                        wrong.append(f"{name}: {len(abused.stdout)} bytes of output")
                    # A shell that was turned against its user may spoil one more command, and no other.
                    later = [shell.run("echo $((6 * 7)) >&2; exit 5", wall_s=3) for _ in range(3)][-1]
                    if (later.status, later.exit_code, later.stderr) != ("exit", 5, b"42\n"):
                        wrong.append(f"{name}: afterwards {later}")

    def test_a_daemon_of_a_session_ends_with_it(self) -> None:
        """A process in the background lives on between commands, and no longer than its session."""
        with self.attacking() as wrong:
            with self.session() as shell:
                shell.run("(setsid sleep 300 &) ; (sleep 0.3; echo late > late) &")
                alive = shell.run("sleep 0.6; cat late; ps -e 2>/dev/null | grep -c sleep; kill -0 -1 && echo others")
                if not alive.stdout.startswith(b"late\n") or b"others" not in alive.stdout:
                    wrong.append(f"nothing ran in the background: {alive}")
            with self.session() as shell:
                if (left := shell.run("echo /box/* /tmp/* /dev/shm/*").stdout) != b"/box/* /tmp/* /dev/shm/*\n":
                    wrong.append(f"the next session found {left!r}")

    def test_22_no_trace_of_a_session_in_memory(self) -> None:
        """Files, commands, output and environment of a session are not in the memory of the next program."""
        marks = [secrets.token_hex(16) for _ in range(5)]
        with self.attacking() as wrong:
            tree = FileTree({"tree": marks[4].encode()})
            with self.session(files={"given": marks[0].encode()}, tree=tree, env={"GIVEN": marks[1]}) as shell:
                said = shell.run(f"cat given tree; echo {marks[2]} $GIVEN; X={marks[2]}")
                shell.write_files({"written": marks[3].encode()})
                if not said.ok or len(said.stdout) != 4 * 32 + 2 or len(shell.files()) != 3:
                    wrong.append(f"the session gave {said}")
            wrong += self.run(SEARCH_MEMORY, stdin=halves(*marks), limits=Limits(wall_s=30, cpu_s=30))[1]

    def test_the_life_of_a_session_is_bounded(self) -> None:
        """When its time is over the session ends, in a command and between two, and says so."""
        with self.attacking() as wrong:
            for busy in (True, False):
                with self.session(life_s=1.0) as shell:
                    if busy:
                        result = shell.run("sleep 60")
                        if (result.status, shell.alive) != ("timeout", False):
                            wrong.append(f"in a command: {result}")
                    else:
                        time.sleep(1.5)
                        if (status := shell.run("echo alive").status) != "timeout":
                            wrong.append(f"between commands: {status}")
                    self._is_over(shell, wrong)

    def test_a_session_that_is_closed_under_a_command(self) -> None:
        """Closing ends what runs, and the slot serves the next one."""
        with self.attacking() as wrong:
            ended: list[object] = []
            shell = self._box.session(limits=_LIMITS)

            def call() -> None:
                try:
                    ended.append(shell.run("sleep 60", wall_s=60))
                except SessionEndedError as error:
                    ended.append(error)

            caller = threading.Thread(target=call)
            caller.start()
            time.sleep(0.5)
            shell.close()
            caller.join(20)
            if not (ended and isinstance(ended[0], SessionEndedError)):
                wrong.append(f"the command ended with {ended}")
            self._is_over(shell, wrong)

    def test_a_session_whose_sandbox_is_lost(self) -> None:
        """The loss is an error of its own kind, and the pool goes on with another sandbox."""
        with self.attacking() as wrong:
            shell = self._box.session(limits=_LIMITS)
            if not shell.run("echo 1").ok:
                wrong.append("the shell did not run")
            shell._seat.supervisor.kill()
            try:
                shell.run("echo 2")
                wrong.append("a lost sandbox ran a command")
            except SandboxLostError:
                pass
            self._is_over(shell, wrong)
            shell.close()
            with self.session() as other:
                if other.run("echo 3").stdout != b"3\n":
                    wrong.append("the pool did not go on")

    def test_a_pool_that_is_closed_under_a_session(self) -> None:
        """The session ends with its pool, and says so."""
        with self.attacking() as wrong:
            with self.open() as box:
                shell = box.session(limits=_LIMITS)
            try:
                shell.run("echo 1")
                wrong.append("a closed pool ran a command")
            except SandboxClosedError:
                pass
            shell.close()

    def test_a_session_holds_what_a_call_holds(self) -> None:
        """Rights, network and the host are out of reach from a shell as they are from a program."""
        program = prelude() + (
            "import socket\n"
            "attempt('become root', lambda: os.setuid(0))\n"
            "attempt('read the supervisor', lambda: open('/proc/1/environ', 'rb').read())\n"
            "attempt('signal the supervisor', lambda: os.kill(1, 0))\n"
            "attempt('reach a network', lambda: socket.create_connection(('169.254.169.254', 80), 0.3))\n"
            "attempt('write the system', lambda: open('/usr/x', 'w'))\n"
            "expect('no secret', 'CANARY' not in str(os.environ))\ndone()\n"
        )
        with self.attacking() as wrong, self.session(files={"attack.py": program.encode()}) as shell:
            result = shell.run(
                "python3 attack.py; env; cat /proc/self/status | grep -E 'Cap(Eff|Prm)|NoNewPrivs|Seccomp:'"
            )
            text = result.stdout.decode(errors="replace")
            if "BREACH" in text or "tried everything" not in text or CANARY in text or self._secret in text:
                wrong.append(f"from a shell: {text} {result.stderr!r}")
            if "CapEff:\t0000000000000000" not in text or "Seccomp:\t2" not in text:
                wrong.append(f"the rights of a command: {text[-300:]}")

    @staticmethod
    def _is_over(session: Session, wrong: list[str]) -> None:
        try:
            session.files()
            wrong.append("a session that is over answered")
        except SessionEndedError:
            pass
        if session.alive:
            wrong.append("a session that is over says that it is alive")
