"""Numbers of sandboxes, and whose they are."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from textgym.sandbox import SandboxError
from textgym.sandbox.owners import BOOT, MACHINE, OWNER, is_abandoned, owner_labels, start_time
from textgym.sandbox.slots import SlotLease, slot_uid

_HOLD = """
import sys
from textgym.sandbox.slots import SlotLease
leases = [SlotLease() for _ in range(5)]
print(*[lease.slot for lease in leases], flush=True)
sys.stdin.read()
"""


def _holder() -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", _HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _held_by(process: "subprocess.Popen[str]") -> set[int]:
    assert process.stdout is not None
    return {int(word) for word in process.stdout.readline().split()}


def test_two_processes_never_hold_the_same_number() -> None:
    with _holder() as one, _holder() as other:
        first, second = _held_by(one), _held_by(other)
        mine = [SlotLease() for _ in range(5)]
        assert len(first | second | {lease.slot for lease in mine}) == 15
        for lease in mine:
            lease.release()
        one.communicate("")
        other.communicate("")


def test_a_number_is_free_again_when_its_holder_is_killed() -> None:
    with _holder() as holder:
        held = _held_by(holder)
        holder.kill()
        holder.wait()
    again = []
    while not held <= {lease.slot for lease in again}:
        again.append(SlotLease())
        assert len(again) < 100
    for lease in again:
        lease.release()
        lease.release()


def test_a_child_that_lets_go_of_what_it_inherited_frees_nothing() -> None:
    lease = SlotLease()
    child = os.fork()
    if child == 0:
        lease.release()
        os._exit(0)
    os.waitpid(child, 0)
    with _holder() as other:
        assert lease.slot not in _held_by(other)
        other.communicate("")
    lease.release()


def test_a_directory_of_somebody_elses_making_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textgym.sandbox.slots.LOCKS", tmp_path)
    directory = tmp_path / f"textgym-slots-{os.getuid()}"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    directory.symlink_to(elsewhere)
    with pytest.raises(SandboxError, match="remove it"):
        SlotLease()
    assert list(elsewhere.iterdir()) == []
    directory.unlink()
    directory.mkdir()
    directory.chmod(0o777)
    with pytest.raises(SandboxError, match="remove it"):
        SlotLease()
    directory.chmod(0o700)
    SlotLease().release()


def test_uids_are_those_of_nobody_else() -> None:
    assert 10_000 < slot_uid(0) < slot_uid(39_999) < 60_000


def test_this_process_is_alive_and_a_dead_one_is_not() -> None:
    labels = owner_labels()
    assert not is_abandoned(labels)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, text=True) as other:
        started = start_time(other.pid)
        assert started is not None
        alive = {**labels, OWNER: f"{other.pid}:{started}"}
        assert not is_abandoned(alive)
        other.communicate("\n")
    assert is_abandoned(alive)
    # The same process id, given to another process since.
    assert is_abandoned({**labels, OWNER: f"{os.getpid()}:1"})


@pytest.mark.skipif(os.getuid() != 0, reason="only root can hide processes from other users")
def test_a_process_that_is_hidden_from_this_user_is_alive() -> None:
    judge = f"""
import os, subprocess
subprocess.run(["mount", "-t", "proc", "-o", "hidepid=2", "proc", "/proc"], check=True)
from textgym.sandbox.owners import is_abandoned, owner_labels
labels = owner_labels()
os.setgroups([])
os.setresgid(12345, 12345, 12345)
os.setresuid(12345, 12345, 12345)
assert not os.path.exists("/proc/{os.getpid()}/stat")
print(is_abandoned({{**labels, {OWNER!r}: {owner_labels()[OWNER]!r}}}), is_abandoned({{**labels, {OWNER!r}: "4194303:1"}}))
"""
    argv = ["unshare", "--mount", "--propagation", "private", sys.executable, "-c", judge]
    assert subprocess.run(argv, capture_output=True, check=True, text=True).stdout == "False True\n"


def test_what_cannot_be_judged_is_left_alone() -> None:
    labels = owner_labels()
    assert not is_abandoned({})
    assert not is_abandoned({**labels, MACHINE: "another", OWNER: "1:1"})
    assert not is_abandoned({**labels, OWNER: "nonsense"})
    assert is_abandoned({**labels, BOOT: "an earlier one"})
