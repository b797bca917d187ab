"""One sandbox that is up: its supervisor, and the number that it holds."""

import time
from dataclasses import dataclass, field

from textgym.sandbox.errors import SlotTakenError
from textgym.sandbox.provider import Provider
from textgym.sandbox.slots import SlotLease
from textgym.sandbox.supervisor import Supervisor

RECYCLE_S = 3600.0
"""A sandbox is replaced so long after its first call, as it is after so many calls."""


@dataclass(slots=True)
class StartedSandbox:
    """A sandbox, until it is ended.

    Attributes:
        supervisor: runs calls in it.
        lease: its number.
        serving_since: monotonic time at which it was put to use; a spare that waits does not age.
    """

    supervisor: Supervisor
    lease: SlotLease
    serving_since: float = field(default_factory=time.monotonic)

    def worn(self, max_calls: int) -> bool:
        """Whether another has to take its place before the next call."""
        return (
            self.supervisor.discard
            or self.supervisor.calls >= max_calls
            or time.monotonic() - self.serving_since >= RECYCLE_S
        )

    def end(self) -> None:
        """End it, and only then let go of its number; safe to call again."""
        self.supervisor.kill()
        self.lease.release()


def start_sandbox(provider: Provider) -> StartedSandbox:
    """Start a sandbox under a number that no other has.

    Raises:
        SandboxError: it cannot be started, or no number is free.
    """
    taken: frozenset[int] = frozenset()
    while True:
        lease = SlotLease(taken)
        try:
            config = provider.config(lease.slot)
            return StartedSandbox(Supervisor(provider.start(lease.slot), config), lease)
        except SlotTakenError as error:
            taken |= {lease.slot, *error.taken}
            lease.release()
        except BaseException:
            lease.release()
            raise
