"""`Provider`: what starts sandboxes."""

from typing import Any, Protocol

from textgym.sandbox.calls import Transport
from textgym.sandbox.supervisor import SlotConfig

RECYCLE_CALLS = 5000
"""A sandbox is replaced after so many calls: what no reset reaches (the kernel's memory) does not pile up."""


class Provider(Protocol):
    """What starts sandboxes. A third party's needs no registration: hand it to `open_sandbox`.

    Attributes:
        name: its name.
        max_calls: how many calls one of its sandboxes serves before it is replaced.
    """

    name: str
    max_calls: int

    def available(self) -> str | None:
        """Why this provider cannot be used here, in words that say what to do; None if it can."""

    def describe(self) -> dict[str, Any]:
        """What it runs and with which means, as plain data."""

    def config(self, slot: int) -> SlotConfig:
        """What the supervisor in a slot is told about the sandbox around it."""

    def start(self, slot: int) -> Transport:
        """Start a sandbox in which the bootstrap waits on stdin.

        Raises:
            SlotTakenError: another user's or another machine's sandbox has that number; another number is tried.
            SandboxError: it cannot be started.
        """
