"""The suite as a pytest class: what a provider must hold, a test for each attack."""

from collections.abc import Callable

from textgym.sandbox.conformance.attack import Attack
from textgym.sandbox.conformance.endings import CLOCKS, ENDINGS
from textgym.sandbox.conformance.exhaustion import MEMORY_AND_DISK, OUTPUT, PROCESSES
from textgym.sandbox.conformance.interface import InterfaceTests
from textgym.sandbox.conformance.neighbours import NeighbourTests
from textgym.sandbox.conformance.objects import ObjectTests
from textgym.sandbox.conformance.privileges import RIGHTS, SHARED, SUPERVISOR
from textgym.sandbox.conformance.sessions import SessionTests
from textgym.sandbox.conformance.verdicts import VerdictTests

ATTACKS: list[Attack] = [*PROCESSES, *MEMORY_AND_DISK, *OUTPUT, *SUPERVISOR, *RIGHTS, *SHARED, *CLOCKS, *ENDINGS]
"""Every attack that is one program."""


class SandboxConformance(InterfaceTests, NeighbourTests, SessionTests, ObjectTests, VerdictTests):
    """Derive from this class, name the provider, and pytest collects every attack as a test.

    class TestMine(SandboxConformance):
        provider = "mine"

    After each attack a harmless program must still run and looks for files, processes and shared objects that were left,
    and a file of the host is compared with what it was.
    """


def _test_of(attack: Attack) -> Callable[[SandboxConformance], None]:
    def test(self: SandboxConformance) -> None:
        with self.attacking() as wrong:
            wrong += attack.run(self._box)

    test.__doc__ = attack.promise
    return test


for _attack in ATTACKS:
    setattr(SandboxConformance, f"test_{_attack.number:02}_{_attack.name}", _test_of(_attack))
