"""The long battery: twenty rounds of every attack, and a soak from eight threads."""

import random
import statistics
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from textgym.sandbox import Limits, open_sandbox
from textgym.sandbox.conformance import ATTACKS, FORGERIES, MESSAGE_FORGERIES, OBJECT_TESTS, look

pytestmark = pytest.mark.slow

PROVIDERS = [pytest.param("docker", marks=pytest.mark.docker), pytest.param("bwrap", marks=pytest.mark.sandbox)]
CASES = [{"args": [1, 2], "expected": 3}, {"args": [10, 20], "expected": 30}]
LIMITS = Limits(wall_s=10, cpu_s=5)
SOLUTION = "def add(a, b):\n    return a + b\n"
SOLVED = "float_for_whole"  # adds, and answers with what Python calls equal to the sum


@pytest.mark.parametrize("provider", PROVIDERS)
def test_twenty_rounds(provider: str) -> None:
    """No order of attacks leaks, forges or loses a sandbox."""
    rng = random.Random(0)
    wrong = []
    with open_sandbox(provider, slots=1) as box:
        before = look(box)
        for number in range(20):
            for attack in rng.sample([*ATTACKS, *FORGERIES], len(ATTACKS) + len(FORGERIES)):
                if attack in FORGERIES:
                    graded = box.grade_cases(attack.source, entry="add", cases=CASES, limits=Limits(wall_s=2, cpu_s=2))
                    findings = [f"passed: {graded}"] if graded.passed else []
                else:
                    findings = attack.run(box)
                findings += look(box).beyond(before)
                wrong += [f"round {number}, {attack.name}: {finding}" for finding in findings]
    assert wrong == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_twenty_rounds_of_forgeries_against_tests_on_objects(provider: str) -> None:
    """No order of submissions speaks for the tests, leaks or loses a sandbox; the right one passes after each round."""
    rng = random.Random(1)
    forged = {each.name: each.source for each in FORGERIES if each.name != SOLVED} | MESSAGE_FORGERIES
    wrong = []
    with open_sandbox(provider, slots=2) as box:
        before = look(box)
        for number in range(20):
            for name in rng.sample(sorted(forged), len(forged)):
                judged = box.grade_objects(forged[name], OBJECT_TESTS, limits=Limits(wall_s=5, cpu_s=1))
                findings = [f"{judged}"] if judged.passed or judged.status in ("lost", "judge_error") else []
                wrong += [f"round {number}, {name}: {finding}" for finding in findings + look(box).beyond(before)]
            right = box.grade_objects(SOLUTION, OBJECT_TESTS, limits=LIMITS)
            wrong += [] if right.passed else [f"round {number}, the right solution: {right}"]
    assert wrong == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_twenty_rounds_of_attacks_in_a_kept_shell(provider: str) -> None:
    """What a kept shell was used for is gone when it is closed, whatever ran in it."""
    rng = random.Random(2)
    attacks = [attack for attack in ATTACKS if attack.statuses == ("exit",)]
    wrong = []
    with open_sandbox(provider, slots=1) as box:
        before = look(box)
        for number in range(20):
            for attack in rng.sample(attacks, 5):
                with box.session(limits=LIMITS) as session:
                    session.write_files({"attack.py": attack.program.encode()})
                    ended = session.run("kept=yes; (sleep 300 &); python3 attack.py")
                    # A program may read and even end the shell that it was started from: that is as much its own as it is.
                    findings = [] if ended.shell_ended or ended.status == "exit" else [f"{ended}"]
                    kept = session.run("echo $kept").stdout
                    findings += [] if kept == (b"\n" if ended.shell_ended else b"yes\n") else [f"kept {kept!r}"]
                findings += look(box).beyond(before)
                wrong += [f"round {number}, {attack.name}: {finding}" for finding in findings]
    assert wrong == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_thousand_mixed_episodes_from_eight_threads(provider: str) -> None:
    """Nothing grows, nothing mixes, nothing is lost."""
    calm = [attack for attack in ATTACKS if attack.statuses == ("exit",) and attack.number != 32]

    def episode(number: int) -> list[str]:
        kind = number % 4
        if kind == 0:
            result = box.run_python(f"print({number} ** 2)", limits=LIMITS)
            return [] if result.stdout == b"%d\n" % number**2 else [f"{result}"]
        if kind == 1:
            mark = str(number).encode()
            source = "open('out', 'wb').write(open('in', 'rb').read() + input().encode())"
            result = box.run_python(source, files={"in": mark}, stdin=mark, files_out=["out"], limits=LIMITS)
            return [] if result.files == {"out": mark * 2} else [f"{result}"]
        if kind == 2:
            wanted = number % 8 == 2
            source = "def add(a, b):\n    return a + b" if wanted else "def add(a, b):\n    return a"
            graded = box.grade_cases(source, entry="add", cases=CASES, limits=LIMITS)
            return [] if graded.passed == wanted and graded.status == "ok" else [f"{graded}"]
        return calm[number // 4 % len(calm)].run(box)

    with open_sandbox(provider, slots=4) as box, ThreadPoolExecutor(8) as threads:
        before = threading.active_count()
        wrong = [finding for findings in threads.map(episode, range(1000)) for finding in findings]
        assert wrong == []
        assert threading.active_count() <= before + 8
        sizes = [box.run_python("print(1)", limits=LIMITS).maxrss_mb for _ in range(20)]
        fresh = [first.maxrss_mb for first in _first_calls(provider)]
        assert statistics.median(sizes) < 1.2 * statistics.median(fresh) + 2


def _first_calls(provider: str):
    for _ in range(3):
        with open_sandbox(provider, slots=1) as box:
            yield box.run_python("print(1)", limits=LIMITS)
