"""Attacks through the interface itself: streams, names of files, files to fetch, frames."""

import hashlib
import io
import json
import os
import tarfile
import threading

from textgym.sandbox.calls import HEADER, MAX_HEAD, Call, encode_call, frame, read_message
from textgym.sandbox.conformance.ground import QUICK, Ground
from textgym.sandbox.errors import SandboxError
from textgym.sandbox.limits import Limits
from textgym.sandbox.slots import SlotLease
from textgym.sandbox.supervisor import Supervisor

_BAD_NAMES = [
    "", ".", "..", "../escaped", "a/../../escaped", "/etc/passwd", "nul\0inside", "a//b", "a/./b", "a/", "/", "x" * 300,
    "/".join("abcdefghijklmnopqrstuvwxyz"),
]  # fmt: skip


class InterfaceTests(Ground):
    """What goes in and comes out is bounded, exact, and stays in its place."""

    def test_17_large_stdin_unread_and_slowly_read(self) -> None:
        """A program need not read its stdin, and may read it slowly."""
        data = os.urandom(1 << 20) * 64
        with self.attacking() as wrong:
            wrong += self.run("done()", stdin=data)[1]
            slow, findings = self.run(
                """
import hashlib, time
seen = hashlib.sha256()
for block in iter(lambda: os.read(0, 8_000_000), b""):
    seen.update(block)
    time.sleep(0.01)
print(seen.hexdigest())
""",
                stdin=data,
            )
            wrong += findings
            if slow.stdout.decode().strip() != hashlib.sha256(data).hexdigest():
                wrong.append("stdin did not arrive as it was given")

    def test_18_what_is_too_large_to_send_is_refused(self) -> None:
        """A call that no sandbox takes is an error of the caller, and the sandbox goes on."""
        with self.attacking() as wrong:
            try:
                self._box.run_python("pass", env={"LARGE": "x" * (2 << 20)}, limits=Limits())
            except ValueError:
                pass
            else:
                wrong.append("a head of 2 MB was not refused")

    def test_18_malformed_frames(self) -> None:
        """A supervisor refuses what is no call, reads on at the next frame, and serves it."""
        run = json.loads(encode_call(Call(source="print(1)"))[HEADER.size :].partition(b"print(1)")[0])
        frames = [
            HEADER.pack(8, 0) + b"not json",
            HEADER.pack(2, 3) + b"[]abc",
            HEADER.pack(100_000, 0) + b"[" * 100_000,
            HEADER.pack(MAX_HEAD + 1, 5) + b" " * (MAX_HEAD + 6),
            frame({"op": "format the disk"}, b"with a body"),
            frame({"op": "run"}),
            frame({**run, "source": 1 << 40}, b"print(1)"),
            frame({**run, "source": -1}, b"print(1)"),
            frame({**run, "source": "many"}, b"print(1)"),
            frame({**run, "stdin": 1}, b"print(1)"),
            frame({**run, "files": [["name"]]}, b"print(1)"),
            frame({**run, "files": 7}, b"print(1)"),
        ]
        provider = self._box.provider
        with self.attacking() as wrong:
            lease = SlotLease()
            transport = provider.start(lease.slot)
            supervisor = Supervisor(transport, provider.config(lease.slot))
            try:
                for sent in frames:
                    transport.send(sent)
                    head, _ = read_message(transport, 20.0, 0)
                    if head.get("op") != "error":
                        wrong.append(f"{sent[:100]!r} was answered with {head}")
                result = supervisor.run(Call(source="print(1)", limits=QUICK))
                if result.stdout != b"1\n":
                    wrong.append(f"afterwards a call ended with {result}")
            finally:
                supervisor.kill()
                lease.release()

    def test_19_a_caller_that_vanishes(self) -> None:
        """Closing a pool in the middle of a call ends the call, and harms nobody else."""
        with self.attacking() as wrong:
            box = self.open()
            ended: list[object] = []

            def call() -> None:
                try:
                    ended.append(box.run_python("import time\ntime.sleep(60)", limits=Limits(wall_s=60)).status)
                except SandboxError as error:
                    ended.append(error)

            caller = threading.Thread(target=call)
            caller.start()
            caller.join(1.0)
            box.close()
            caller.join(30.0)
            if caller.is_alive() or ended in (["exit"], ["timeout"]):
                wrong.append(f"the call did not end with its pool: {ended}")

    def test_36_names_of_files_that_go_in(self) -> None:
        """A name stays inside the working directory, and a file is the program's own."""
        with self.attacking() as wrong:
            for name in _BAD_NAMES:
                for given in ({"files": {name: b"x"}}, {"files_out": [name]}):
                    try:
                        self._box.run_python("pass", limits=Limits(), **given)
                    except ValueError:
                        continue
                    wrong.append(f"{given} was not refused")
            good = {"a/b/c.txt": b"deep", "plain": b"", "-rf": b"dash", "sp ace ü\n": b"odd", "...": b"dots"}
            _, findings = self.run(
                """
for name in ("a/b/c.txt", "plain", "-rf", "sp ace ü\\n", "..."):
    facts = os.lstat(name)
    expect("own " + repr(name), facts.st_uid == os.getuid() and not facts.st_mode & 0o7000)
expect("as given", open("a/b/c.txt").read() == "deep" and open("sp ace ü\\n").read() == "odd")
""",
                files=good,
            )
            wrong += findings
            clash = self._box.run_python("print('ran')", files={"a": b"file", "a/b": b"below"}, limits=Limits())
            if clash.status != "setup_error" or clash.stdout:
                wrong.append(f"a file below a file: {clash.status}")

    def test_37_files_that_come_out(self) -> None:
        """What is fetched is a regular file of the program, or an error in words; nothing else can be smuggled out."""
        hostile = {
            "link",
            "linked/passwd",
            "fifo",
            "directory",
            "socket",
            "sparse",
            "missing",
            "fine/below",
            "secret",
            "loop",
        }
        with self.attacking() as wrong:
            result, findings = self.run(
                """
import resource, socket
open("fine", "w").write("fine")
os.mkdir("deep"); open("deep/fine", "w").write("deep")
os.symlink("/etc/passwd", "link")
os.symlink("/etc", "linked")
os.symlink("loop", "loop")
os.mkfifo("fifo")
os.mkdir("directory")
socket.socket(socket.AF_UNIX).bind("socket")
try:
    os.truncate(os.open("sparse", os.O_CREAT | os.O_RDWR), resource.getrlimit(resource.RLIMIT_FSIZE)[1])
except OSError:
    os.truncate("sparse", 8 << 20)
for target in ("/etc/shadow", "/etc/passwd"):
    try:
        os.link(target, "secret")
        break
    except OSError as error:
        print("held:", error)
done()
""",
                files_out=("fine", "deep/fine", *sorted(hostile)),
            )
            wrong += findings
            if {name: result.files.get(name) for name in ("fine", "deep/fine")} != {
                "fine": b"fine",
                "deep/fine": b"deep",
            }:
                wrong.append(f"fetched {sorted(result.files)}, errors {result.file_errors}")
            if set(result.files) & hostile or set(result.file_errors) != hostile:
                wrong.append(f"fetched {sorted(result.files)}, errors for {sorted(result.file_errors)}")

    def test_37_a_file_that_changes_while_it_is_fetched(self) -> None:
        """Nothing runs any more when files are fetched."""
        with self.attacking() as wrong:
            result, findings = self.run(
                """
if os.fork() == 0:
    while True:
        for make in (lambda: os.symlink("/etc/passwd", "new"), lambda: open("new", "w").write("mine")):
            try:
                make()
                os.replace("new", "out")
            except OSError:
                pass
import time
time.sleep(0.2)
""",
                files_out=("out",),
            )
            wrong += findings
            if result.files.get("out", b"mine") not in (b"mine", b""):
                wrong.append(f"fetched {result.files['out']!r:.100}")

    def test_38_archives_are_bytes(self) -> None:
        """Nothing unpacks an archive on the way in or out."""
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            member = tarfile.TarInfo("../../escaped")
            member.size = 1
            archive.addfile(member, io.BytesIO(b"x"))
        data = packed.getvalue()
        with self.attacking() as wrong:
            result, findings = self.run(
                "print(os.path.exists('escaped') or os.path.exists('../../escaped'))",
                files={"a.tar": data},
                files_out=("a.tar",),
            )
            wrong += findings
            if result.files.get("a.tar") != data or b"False" not in result.stdout:
                wrong.append("an archive did not come back as it went in")
