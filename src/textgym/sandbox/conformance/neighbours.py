"""Attacks on neighbours: the host, the programs before, the programs beside."""

import os
import secrets
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

from textgym.sandbox.conformance.ground import CANARY, QUICK, Ground
from textgym.sandbox.limits import Limits

# Each mark comes as two halves in the wrong order, so that what searches never holds the mark itself.
_SEARCH = """
halves = [line.split() for line in sys.stdin.buffer.read().splitlines()]
def count(block):
    found = 0
    for second, first in halves:
        at = block.find(first)
        while at >= 0:
            found += block[at + len(first):at + len(first) + len(second)] == second
            at = block.find(first, at + 1)
    return found
"""

SEARCH_MEMORY = (
    _SEARCH
    + """
hits = read = 0
with open("/proc/self/maps") as maps:
    spans = [[int(each, 16) for each in line.split()[0].split("-")] for line in maps if line.split()[1][0] == "r"]
memory = os.open("/proc/self/mem", os.O_RDONLY)
for start, end in spans:
    while start < end:
        try:
            block = os.pread(memory, min(end - start, 4 << 20), start)
        except (OSError, OverflowError):
            break
        read += len(block)
        hits += count(block)
        start += len(block)
expect("the memory was read: %d" % read, read > 1 << 20)
expect("no trace in memory: %d" % hits, hits == 0)
"""
)

_SEARCH_FILES = (
    _SEARCH
    + """
hits = 0
for top in ("/tmp", "/var", "/run", "/dev", "/home", "/srv", "/mnt", "/opt", "/media", ".", os.path.expanduser("~"), "/proc"):
    for here, folders, names in os.walk(top):
        if here == "/proc":
            folders[:] = [name for name in folders if name.isdigit()]
        if here.count("/") > 2 and here.startswith("/proc"):
            folders[:] = [name for name in folders if name in ("cwd", "root", "fd")]
        for name in folders + names:
            hits += count(name.encode("utf-8", "surrogateescape"))
        for name in names:
            path = os.path.join(here, name)
            if path.startswith("/proc") and name not in ("environ", "cmdline"):
                continue
            try:
                fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
                block = os.read(fd, 1 << 20)
                os.close(fd)
            except OSError:
                continue
            hits += count(block)
expect("no trace in files: %d" % hits, hits == 0)
"""
)


def halves(*marks: str) -> bytes:
    """What `SEARCH_MEMORY` reads from stdin to look for marks of 32 characters."""
    return "\n".join(f"{mark[16:]} {mark[:16]}" for mark in marks).encode()


class NeighbourTests(Ground):
    """A program finds nothing of the host, of the programs before it and of those beside it."""

    def test_a_fresh_sandbox_is_empty(self) -> None:
        """No file in a writable place, no shared object, one thread."""
        assert self._before.left == {}
        assert self._before.ipc == []
        assert self._before.threads == 1

    def test_21_the_environment_holds_nothing_of_the_host(self) -> None:
        """The host's environment does not reach a program, neither through os.environ nor through /proc."""
        with self.attacking() as wrong:
            result, findings = self.run(
                """
print(dict(os.environ))
for pid in filter(str.isdigit, os.listdir("/proc")):
    for name in ("environ", "cmdline"):
        try:
            print(open("/proc/%s/%s" % (pid, name), "rb").read())
        except OSError as error:
            print(error)
""",
                env={"GIVEN": "given-value"},
            )
            wrong += findings
            seen = result.stdout.decode(errors="replace")
            if self._secret in seen or CANARY in seen:
                wrong.append("a program sees the host's environment")
            if "given-value" not in seen:
                wrong.append("a program does not see the variable that it was given")

    def test_22_no_trace_of_an_earlier_program_in_memory(self) -> None:
        """Source, files, input, variables and output of one program are not in the memory of the next."""
        marks = [secrets.token_hex(16) for _ in range(5)]
        with self.attacking() as wrong:
            _, findings = self.run(
                f"first = '{marks[0]}'\nlast = ''.join(reversed('{marks[4][::-1]}'))\n"
                "print(first, last, open('given').read(), input(), os.environ['GIVEN'])",
                files={"given": marks[1].encode()},
                stdin=marks[2].encode(),
                env={"GIVEN": marks[3]},
            )
            wrong += findings
            wrong += self.run(SEARCH_MEMORY, stdin=halves(*marks), limits=Limits(wall_s=30, cpu_s=30))[1]

    def test_32_the_hosts_ports_cannot_be_reached(self) -> None:
        """A server of the host, on the loopback or on any address, never hears of a program."""
        with self.attacking() as wrong, socket.create_server(("", 0)) as server:
            server.settimeout(0)
            addresses = ["127.0.0.1", "localhost", "host.docker.internal", socket.gethostname()]
            _, findings = self.run(
                f"""
import socket
for host in {addresses}:
    attempt("reach " + host, lambda: socket.create_connection((host, {server.getsockname()[1]}), 1))
done()
"""
            )
            wrong += findings
            try:
                server.accept()
                wrong.append("a program reached a server of the host")
            except BlockingIOError:
                pass

    def test_33_the_hosts_abstract_sockets_cannot_be_reached(self) -> None:
        """The names of abstract sockets are not shared with the host."""
        if not hasattr(socket, "AF_UNIX"):
            return
        name = f"textgym-{secrets.token_hex(8)}"
        with self.attacking() as wrong, socket.socket(socket.AF_UNIX) as server:
            server.bind(f"\0{name}")
            server.listen()
            wrong += self.run(
                f'import socket\nattempt("connect", lambda: socket.socket(socket.AF_UNIX).connect("\\0{name}"))'
            )[1]

    def test_34_the_hosts_files_cannot_be_reached(self) -> None:
        """A file of the host that everybody may write is not there."""
        path = str(self._host / "file")
        with self.attacking() as wrong:
            wrong += self.run(
                f"""
for base in ("", "/proc/1/root", "/proc/self/root", "/..", "/../../.."):
    attempt("read " + base, lambda: open(base + {path!r}).read())
    attempt("write " + base, lambda: open(base + {path!r}, "a").write("changed"))
"""
            )[1]

    def test_34_programs_beside_each_other(self) -> None:
        """Of two programs at a time, neither finds the other's files, processes or memory."""
        mark = secrets.token_hex(16)
        with self.attacking() as wrong, self.open(slots=2) as box, ThreadPoolExecutor(1) as beside:
            started = threading.Event()

            def stay() -> list[str]:
                started.set()
                return self.run(
                    "import time\nfor place in ('.', '/tmp', '/dev/shm'):\n    try:\n"
                    "        open(place + '/' + input(), 'w').write(os.environ['MARK'])\n"
                    "    except (OSError, EOFError):\n        pass\n"
                    "time.sleep(3)\nprint(sorted(os.listdir('.')))",
                    stdin=f"{mark}\n{mark}\n{mark}\n".encode(),
                    env={"MARK": mark},
                    box=box,
                )[1]

            staying = beside.submit(stay)
            started.wait()
            wrong += self.run(
                "import time\ntime.sleep(1)\n" + _SEARCH_FILES + SEARCH_MEMORY.replace(_SEARCH, ""),
                stdin=halves(mark),
                limits=Limits(wall_s=30, cpu_s=30),
                box=box,
            )[1]
            wrong += staying.result()

    def test_35_no_file_of_an_earlier_program(self) -> None:
        """What a program writes, wherever it can write, is gone when the next one looks."""
        mark = secrets.token_hex(16)
        with self.attacking() as wrong:
            first, findings = self.run(
                """
mark, written = input(), []
for top in ("/tmp", "/var", "/run", "/dev", "/home", "/srv", "/mnt", "/opt", ".", os.path.expanduser("~"), "/etc", "/usr/lib"):
    for here, folders, _ in os.walk(top):
        try:
            with open(os.path.join(here, mark), "w") as file:
                file.write(mark)
            os.symlink(mark, os.path.join(here, "link-" + mark))
            os.mkdir(os.path.join(here, "." + mark))
            written.append(here)
        except OSError:
            pass
expect("something could be written", written)
print(written)
""",
                stdin=mark.encode(),
            )
            wrong += findings
            _, findings = self.run(_SEARCH_FILES, stdin=halves(mark), limits=Limits(wall_s=30, cpu_s=30))
            wrong += [f"{finding}; written to {first.stdout[-300:]!r}" for finding in findings]

    def test_42_files_that_python_would_import(self) -> None:
        """Start-up hooks and files that shadow the standard library do not run before a program."""
        hook = b'import os\nos.write(1, b"BREACH: ran " + __file__.encode())\n'
        names = ("sitecustomize.py", "usercustomize.py", "hook.pth", "site.py", "encodings/__init__.py", "pyvenv.cfg",
                 "python3._pth", ".pythonrc.py", "pythonstartup.py", ".local/lib/python3/site-packages/usercustomize.py")  # fmt: skip
        with self.attacking() as wrong:
            wrong += self.run("import json, unittest, codecs\ndone()", files=dict.fromkeys(names, hook))[1]

    def test_47_no_warm_state(self) -> None:
        """What a program changes in its interpreter does not reach the next one."""
        state = """
import builtins, decimal, gc, json, locale, math, random, signal, warnings
facts = [builtins.len("four"), json.dumps([1]), math.floor(1.5), len(sys.path), sys.getrecursionlimit(), locale.setlocale(locale.LC_ALL),
         decimal.getcontext().prec, gc.isenabled(), signal.getsignal(signal.SIGTERM).__class__.__name__, sorted(os.environ), os.umask(0o22),
         len(warnings.filters), len(sys.modules) > 0, sys.argv[1:], __name__, sorted(globals())[:5], sys.flags.hash_randomization,
         os.path.basename(os.getcwd()), sys.getswitchinterval(), sys.dont_write_bytecode, "planted" in sys.modules, sys.excepthook.__module__]
print(facts)
"""
        damage = """
builtins.len = lambda _: 99
json.dumps = lambda *_, **__: "damaged"
math.floor = lambda _: 99
sys.path.insert(0, "/tmp"); sys.setrecursionlimit(77_777); sys.modules["planted"] = sys
decimal.getcontext().prec = 3; gc.disable(); signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.environ["PLANTED"] = "x"; os.umask(0); warnings.simplefilter("ignore"); sys.argv.append("planted")
sys.setswitchinterval(1); sys.excepthook = print; random.seed(1)
"""
        with self.attacking() as wrong:
            first, findings = self.run(state + damage)
            wrong += findings
            second, findings = self.run(state)
            wrong += findings
            if first.stdout != second.stdout:
                wrong.append(f"{first.stdout!r} became {second.stdout!r}")
            numbers = {self.run("import random\nprint(random.random())")[0].stdout for _ in range(3)}
            if len(numbers) != 3:
                wrong.append("programs share the state of their random generator")

    def test_50_two_pools_on_one_host(self) -> None:
        """Pools beside each other share nothing, and one that closes takes nothing of the other along."""
        with self.attacking() as wrong:
            with self.open() as other:
                wrong += self.run("print('beside')", box=other)[1]
                pid = os.getpid()
                wrong += self.run(
                    f"attempt('signal', lambda: os.kill({pid}, 0)) if {pid} != os.getpid() else None", box=other
                )[1]
                wrong += self.run("print('still here')")[1]
            wrong += self.run("print('and still')", limits=QUICK)[1]
