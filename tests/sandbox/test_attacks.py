"""The judge of the attacks, and the page that lists them: a suite that sees nothing would always be green."""

import re
from pathlib import Path

import pytest

from textgym.sandbox import Limits, RunResult
from textgym.sandbox.conformance import ATTACKS, FORGERIES, Attack, SandboxConformance, Traces

PAGE = Path(__file__).parents[2] / "docs" / "sandbox.md"
GOOD = RunResult("exit", exit_code=0, stdout=b"held: it\ntried everything\n")
PLAIN = Attack(1, "plain", "Nothing.", "done()", completes=True, exit_code=0)


def test_an_end_as_it_should_be_is_nothing_wrong() -> None:
    assert PLAIN.judge(GOOD) == []


@pytest.mark.parametrize(
    ("result", "finding"),
    [
        (RunResult("exit", exit_code=0, stdout=b"BREACH: it worked\ntried everything\n"), "it worked"),
        (RunResult("exit", exit_code=0, stdout=b"held: it\n"), "did not come to its end"),
        (RunResult("exit", exit_code=3, stdout=b"tried everything\n"), "exit_code is 3"),
        (RunResult("signal", signal=9, stdout=b"tried everything\n"), "signal"),
        (RunResult("lost", stdout=b"tried everything\n"), "lost"),
        (RunResult("exit", exit_code=0, stdout=b"tried everything\n", retried=True), "the first sandbox was lost"),
    ],
)
def test_everything_else_is(result: RunResult, finding: str) -> None:
    assert any(finding in wrong for wrong in PLAIN.judge(result))


def test_what_is_left_behind_is_seen() -> None:
    before = Traces({}, ["python3"], [], 1)
    assert before.beyond(before) == []
    assert Traces({"/tmp": ["/tmp/x"]}, ["python3"], [], 1).beyond(before)
    assert Traces({}, ["python3", "sleep"], [], 1).beyond(before)
    assert Traces({}, ["python3"], ["shm"], 1).beyond(before)
    assert Traces({}, ["python3"], [], 2).beyond(before)


def test_every_program_is_python_and_has_a_name_of_its_own() -> None:
    for attack in ATTACKS:
        if attack.name != "no_program":
            compile(attack.program, attack.name, "exec")
        assert attack.limits.wall_s <= 30, attack.name
        assert attack.promise.endswith("."), attack.name
    for forgery in FORGERIES:
        compile(forgery.source, forgery.name, "exec")
    names = [each.name for each in (*ATTACKS, *FORGERIES)]
    assert len(set(names)) == len(names)


def test_the_page_names_tests_that_exist_and_every_attack() -> None:
    tests = {name.removeprefix("test_") for name in dir(SandboxConformance) if name.startswith("test_")}
    named = re.findall(r"`(\d\d_\w*…|\d\d_\w+)`", PAGE.read_text(encoding="utf-8"))
    for name in named:
        if name.endswith("…"):
            assert any(test.startswith(name[:-1]) for test in tests), name
        else:
            assert name in tests
    prefixes = tuple(name[:-1] for name in named if name.endswith("…"))
    assert (
        sorted(test for test in tests if test[0].isdigit() and test not in named and not test.startswith(prefixes))
        == []
    )


def test_the_page_lists_every_limit() -> None:
    page = PAGE.read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| ([\d.]+) \|$", page, re.MULTILINE))
    assert {name: float(value) for name, value in listed.items()} == Limits().model_dump()
