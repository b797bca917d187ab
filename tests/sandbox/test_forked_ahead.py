"""The process that is forked before its call is there: what becomes of the call when something becomes of the process."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.sandboxes import until
from textgym.sandbox import Call, SandboxLostError
from textgym.sandbox.bwrap import BwrapProvider
from textgym.sandbox.slots import SlotLease
from textgym.sandbox.supervisor import Supervisor

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(os.geteuid() != 0, reason="without a uid of their own programs are not forked ahead"),
]


def _family(pid: int) -> list[int]:
    """A process and all below it, parents first."""
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in below for each in _family(int(child)))]


def _kill(pid: int) -> None:
    """Kill a process, and wait until its parent knows."""
    os.kill(pid, signal.SIGKILL)
    until(lambda: not Path(f"/proc/{pid}").exists())


@pytest.fixture
def waiting() -> Iterator[tuple[Supervisor, int]]:
    """A supervisor, and the process that was forked for its next call and waits."""
    provider, lease = BwrapProvider(), SlotLease()
    transport = provider.start(lease.slot)
    supervisor = Supervisor(transport, provider.config(lease.slot))
    before = _family(transport._process.pid)
    assert supervisor.run(Call(source="pass")).ok
    until(lambda: len(found := _family(transport._process.pid)) == len(before) and found[-1] != before[-1])
    family = _family(transport._process.pid)
    yield supervisor, family[-1]
    supervisor.kill()
    lease.release()


def test_a_process_that_dies_before_its_call_is_no_result_of_the_call(waiting: tuple[Supervisor, int]) -> None:
    supervisor, pid = waiting
    _kill(pid)
    for number in range(3):
        run = supervisor.run(Call(source=f"print({number})"))
        assert (run.status, run.stdout) == ("exit", b"%d\n" % number)


def test_where_nothing_can_be_forked_a_call_is_lost_and_not_late(waiting: tuple[Supervisor, int]) -> None:
    supervisor, pid = waiting
    lines = Path(f"/proc/{pid}/cgroup").read_text().splitlines()
    groups = [line.rpartition("/")[2] for line in lines if "textgym-" in line]
    limit = next((place for group in groups for place in Path("/sys/fs/cgroup").glob(f"**/{group}/pids.max")), None)
    if limit is None:
        pytest.skip("no control group can be made here")
    limit.write_text("1")
    _kill(pid)
    with pytest.raises(SandboxLostError, match="no child could be forked"):
        supervisor.run(Call(source="print(1)"))
