"""The bubblewrap provider as an ordinary user starts it, with programs under the supervisor's own uid."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import textgym

pytestmark = pytest.mark.sandbox

PROGRAM = """
import json
from textgym.sandbox.bwrap import BwrapProvider
from textgym.sandbox.calls import Call
from textgym.sandbox import Limits, open_sandbox
from textgym.sandbox.supervisor import Supervisor, failed_checks
provider = BwrapProvider()
assert provider.available() is None, provider.available()
supervisor = Supervisor(provider.start(0), provider.config(0))
found = {"failed": failed_checks(supervisor.hello), "own_uid": supervisor.hello["own_uid"]}
found["weaker"] = len(provider.describe()["weaker"])
for name, source in PROGRAMS.items():
    result = supervisor.run(Call(source=source, limits=Limits(wall_s=1.5, file_mb=1000)))
    found[name] = [result.status, result.stdout.decode(), supervisor.discard]
supervisor.kill()
with open_sandbox("bwrap", slots=2, limits=Limits(wall_s=20)) as box:
    with box.session(files={"a/b": b"x"}) as shell:
        for command in ("cd a; cat b", "pwd", "kill -9 -1; kill -9 1; echo $?", "chmod 0 /box; exit 3", "echo on", "sleep 60"):
            said = shell.run(command, wall_s=2 if command == "sleep 60" else None)
            found[command] = [said.status, said.stdout.decode(), said.shell_ended]
        found["files"] = ["", repr(dict(shell.files())), False]
    left = box.run_python(PROGRAMS["places"])
    found["after the session"] = [left.status, left.stdout.decode(), left.retried]
    judged = box.grade_objects("class A: x = 1", "def test_a(solution): assert solution.A().x == 1")
    found["objects"] = [judged.status, str(judged.passed), False]
print(json.dumps(found))
"""
PROGRAMS = {
    "bomb": "import os\nwhile 1:\n    try: os.fork()\n    except OSError: pass",
    "daemon": "import os, time\nif os.fork() == 0:\n    os.setsid(); time.sleep(60)\nprint('parent')",
    "killer": "import os\nfor pid in (1, os.getppid(), -1, -os.getppid()):\n"
    "    try: os.kill(pid, 9); print('sent')\n    except OSError as e: print(e.errno)",
    "owner": "import os, fcntl\nr, w = os.pipe()\ntry: fcntl.fcntl(r, fcntl.F_SETOWN, os.getppid()); print('set')\n"
    "except OSError as e: print(e.errno)",
    "slower": "import os\ntry: os.setpriority(os.PRIO_PROCESS, os.getppid(), 19); print('set')\n"
    "except OSError as e: print(e.errno)",
    "reader": "import os\nfor pid in (1, os.getppid()):\n  for name in ('environ', 'mem', 'maps', 'fd'):\n"
    "    try: os.listdir(f'/proc/{pid}/fd') if name == 'fd' else open(f'/proc/{pid}/{name}').read(1); print('read', name)\n"
    "    except OSError: pass",
    "mode": "import os; os.chmod('/box', 0); os.chmod('/tmp', 0)",
    "filler": "for i in range(10**6): open(str(i), 'w').close()",
    "places": "import os; print([os.listdir(p) for p in ('/box', '/tmp', '/dev/shm')], oct(os.stat('/box').st_mode))",
    "writes": "import os\nfor p in ('/', '/dev', '/etc', '/run', '/usr'):\n"
    "    try: open(p + '/x', 'w'); print('wrote', p)\n    except OSError: pass",
}


NOBODY = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
PLACES = [str(Path(textgym.__file__).parent.parent), sysconfig.get_paths()["purelib"]]


def as_nobody(python: str, source: str) -> "subprocess.CompletedProcess[str]":
    """Runs Python source as a user who owns nothing."""
    return subprocess.run(
        [*NOBODY, python, "-B", "-c", source],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(PLACES), "HOME": "/"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        cwd="/",
    )


def interpreter() -> str | None:
    """An interpreter of this version that any user can start, and that finds the package."""
    for python in (sys.executable, shutil.which(f"python{sysconfig.get_python_version()}", path="/usr/bin:/bin")):
        if python and as_nobody(python, "import textgym.sandbox.bwrap").returncode == 0:
            return python
    return None


def private() -> bool:
    """Whether the checkout or the installed packages lie in a folder that other users cannot enter."""
    folders = [folder for place in map(Path, PLACES) for folder in (place, *place.parents)]
    return any(not folder.stat().st_mode & 0o001 for folder in folders)


@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests here run as an ordinary user already")
def test_an_ordinary_user_gets_the_same() -> None:
    missing = [program for program in ("setpriv", "bwrap") if shutil.which(program) is None]
    python = None if missing else interpreter()
    if python is None:
        why = f"no {' and no '.join(missing)}" if missing else "no interpreter that an ordinary user can start"
        if os.environ.get("CI") and (missing or not private()):
            pytest.fail(why)
        pytest.skip(f"{why}{', in a folder that other users cannot enter' if private() else ''}")
    done = as_nobody(python, f"PROGRAMS = {PROGRAMS!r}\n{PROGRAM}")
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found.pop("failed") == []
    assert found.pop("own_uid") is False
    assert found.pop("weaker") >= 1
    assert [name for name in PROGRAMS if found[name][2]] == []
    assert found["bomb"][0] == "timeout"
    assert found["daemon"][:2] == ["exit", "parent\n"]
    assert found["killer"][1] == "1\n" * 4
    assert found["owner"][1] == "1\n"
    assert found["slower"][1] == "1\n"
    assert found["reader"][1] == ""
    assert found["places"][1] == "[['main.py'], [], []] 0o41777\n"
    assert found["writes"][1] == ""
    assert found["cd a; cat b"] == ["exit", "x", False]
    assert found["pwd"][1] == "/box/a\n"
    assert found["kill -9 -1; kill -9 1; echo $?"] == ["exit", "1\n", False]
    assert found["chmod 0 /box; exit 3"] == ["exit", "", True]
    assert found["echo on"] == ["exit", "on\n", False]
    assert found["sleep 60"] == ["timeout", "", True]
    assert found["files"][1] == "{'a/b': b'x'}"
    assert found["after the session"] == ["exit", "[['main.py'], [], []] 0o41777\n", False]
    assert found["objects"][:2] == ["ok", "True"]
