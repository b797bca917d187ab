"""The conformance suite over a container for each call: some of it in the quick tests, as it is slow, all in the battery."""

import pytest

from textgym.sandbox import open_sandbox
from textgym.sandbox.conformance import ATTACKS, SandboxConformance

pytestmark = pytest.mark.docker


@pytest.mark.slow
class TestDockerFresh(SandboxConformance):
    provider = "docker-fresh"


@pytest.fixture(scope="module")
def fresh():
    with open_sandbox("docker-fresh", slots=1) as box:
        yield box


@pytest.mark.parametrize(
    "attack",
    [
        attack
        for attack in ATTACKS
        if attack.name in ("fork_bomb", "memory_bomb", "becomes_root", "exit_code", "floods_stdout")
    ],
    ids=lambda attack: attack.name,
)
def test_a_container_a_call_holds(fresh, attack) -> None:
    assert attack.run(fresh) == []


def test_a_container_a_call_grades(fresh) -> None:
    cases = [{"args": [1, 2], "expected": 3}]
    assert fresh.grade_cases("def add(a, b):\n    return a + b\n", entry="add", cases=cases).passed
    assert not fresh.grade_cases("import os\nos._exit(0)\n", entry="add", cases=cases).passed
