"""Answers that attack: code in every syntax, towers, deep nests, megabytes; threads, forks, and the worker that is killed."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import pytest

from textgym.graders import compare_math, math_equal
from textgym.graders.math import symbolic

CALLS = (
    "__import__('os').system('touch PATH')", "open('PATH','w')", "exec(\"open('PATH','w')\")", "eval(\"open('PATH','w')\")",
    "getattr(__builtins__,'open')('PATH','w')", "[].__class__.__base__.__subclasses__()", "(lambda: open('PATH','w'))()",
    "[open('PATH','w') for _ in (1,)]", "breakpoint()", "exit()", "import os; os.remove('PATH')", "compile('1','','eval')",
    "globals()['__builtins__']", "x if open('PATH','w') else y", "print(open('PATH','w'))", "f'{open(\"PATH\",\"w\")}'",
    "type('X',(),{'__eq__':lambda *a:True})()", "sympify(\"open('PATH','w')\")", "\\write18{touch {0}}", "\\input{{0}}",
    "$(touch PATH)", "`touch PATH`", "; touch PATH ;", "\\immediate\\openout1=PATH", "{{ open('PATH','w') }}",
    "cos.__globals__", "pickle.loads(b'cos\\nsystem\\n')", "!!python/object/apply:os.system ['touch PATH']",
)  # fmt: skip
WRAPS = (
    "CODE", "CODE+1", "1+CODE", r"\frac{{0}}{2}", r"\text{{0}}", r"\boxed{{0}}", "x=CODE", "(CODE,2)", r"\{CODE\}", "sqrt(CODE)",
    r"\sin(CODE)", "[CODE]", "2^{{0}}", r"\begin{pmatrix}CODE\end{pmatrix}", "CODE cm", "f(CODE)", "|CODE|", "CODE!",
    r"\sum_{k=1}^{3}CODE", "$CODE$", "CODE or 5", "CODE, 5", "[0,CODE)", r"\int_0^1 CODE dx", "CODE%", "x>CODE", r"\mathrm{{0}}",
    r"\operatorname{{0}}", r"\sqrt[CODE]{2}", "5_{{0}}", r"\lim_{x\to 0} CODE", r"\log_{{0}} 2", "CODE:2", r"\pm CODE",
    r"\left(CODE\right)", "'CODE'",
)  # fmt: skip
HOSTILE = (
    "9^{9^{9}}", "9^{9^{9^{9}}}", "9**9**9**9", "10^{10^{10}}!", "99999999!", r"\binom{10000}{5000}", "(9999!)^{100}",
    "(" * 10_000 + "1" + ")" * 10_000, "{" * 10_000, r"\frac{" * 10_000, "x" * 1_000_000, "1" * 1_000_000, "(" * 64 + ")" * 64,
    "1+" * 2000 + "1", "1/" * 2000 + "1", "-" * 4000 + "1", "2^" * 1300 + "2", "x<" * 1900 + "x", "(x+1)^{1000}",
    "(a+b+c+d+f+g+h+j+k+l+m+n+o+p)^{8}", r"\sum_{i=1}^{1999}\sum_{j=1}^{1999}\sum_{k=1}^{1999} ijk", "e" * 4000,
    r"\{" + ",".join(f"x+{i}" for i in range(300)) + r"\}", r"\begin{pmatrix}" + "1&" * 1000 + r"1\end{pmatrix}",
    r"\int x^x dx", r"\int_0^\infty e^{-x^x}\sin(x^x) dx", "0." + "3" * 4000, "1e9999", "\x00" * 100, "\ud800", "5 m^{999}",
    "1 and " * 600 + "1", "\\" * 4000, "$" * 4000, "|x" * 1000, "5 cm" * 900, "٣" * 10, "²" * 3000, r"\overline{" * 1000,
)  # fmt: skip


def unharmed(payloads, tmp_path: Path) -> None:
    """Compare each with a reference; nothing is equal, nothing is raised, and no file appears."""
    target = tmp_path / "made"
    before = set(os.listdir(tmp_path))
    for payload in payloads:
        assert not math_equal("5", payload.replace("PATH", str(target))), payload
    assert set(os.listdir(tmp_path)) == before


def test_code_has_no_effect(tmp_path):
    payloads = [WRAPS[number % 6].replace("CODE", call) for number, call in enumerate(CALLS)]
    unharmed(payloads + [wrap.replace("CODE", CALLS[1]) for wrap in WRAPS] + list(CALLS), tmp_path)


@pytest.mark.slow
def test_a_thousand_payloads_have_no_effect(tmp_path):
    payloads = [wrap.replace("CODE", call) for wrap, call in product(WRAPS, CALLS)]
    assert len(payloads) >= 1000
    unharmed(payloads, tmp_path)


@pytest.mark.parametrize("answer", HOSTILE, ids=lambda text: f"{text[:12]!a}-{len(text)}")
def test_a_hostile_answer_is_refused_and_not_equal(answer):
    verdict = compare_math(r"\sqrt{2}x+1", answer)
    assert not verdict.equal
    assert compare_math(answer, answer + " ").equal or not answer.strip("$")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell a process's peak")
def test_memory_stays_bounded():
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from textgym.graders import compare_math\n"
        "import test_math_hostile as hostile\n"
        "for answer in hostile.HOSTILE: compare_math('x+1', answer)\n"
        # Not ru_maxrss, in which the memory of the process that started this one counts.
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(Path(__file__).parent)], check=True, capture_output=True, text=True
    )
    assert int(run.stdout) < 400_000


def test_comparisons_in_threads_agree_with_those_in_one():
    given = [
        (r"\sin 2x", r"2\sin x\cos x", True),
        (r"\sqrt8", r"2\sqrt2", True),
        ("x^2<4", "-2<x<2", True),
        (r"\pi", "3.14159265", False),
        (r"\cos 36^\circ", r"\frac{1+\sqrt5}{4}", True),
    ]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda one: compare_math(one[0], one[1] + " " * (one[3] % 7)), [
            (*pair, number) for number in range(20) for pair in given
        ]))  # fmt: skip
    expected = [equal for _ in range(20) for *_, equal in given]
    assert [one.equal for one in found if not one.timed_out] == [
        want for want, one in zip(expected, found, strict=True) if not one.timed_out
    ]
    assert sum(one.timed_out for one in found) < len(found) // 2


def test_computer_algebra_is_asked_from_any_thread():
    found: list[bool] = []
    threads = [
        threading.Thread(target=lambda: found.append(_settled(r"\int_0^1 x^2 dx", r"\frac13"))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 4


def _settled(reference: str, answer: str) -> bool:
    for _ in range(20):
        verdict = compare_math(reference, answer)
        if not verdict.timed_out:
            break
    return verdict.equal


def test_a_worker_that_takes_too_long_is_killed_and_replaced():
    assert _settled(r"\int_0^1 x dx", r"\frac12")
    before = {worker.process.pid for worker in symbolic._pool.idle}
    verdict = compare_math(r"\int_0^1 9^{9^{9}} x dx", "x")
    assert not verdict.equal
    assert verdict.timed_out
    assert not verdict.decided
    after = {worker.process.pid for worker in symbolic._pool.idle}
    for gone in before - after:
        with pytest.raises(ProcessLookupError):
            os.kill(gone, 0)
    assert before != after
    assert _settled(r"\int_0^1 x dx", r"\frac12")


def test_a_worker_that_dies_by_itself_is_replaced():
    assert _settled(r"\int_0^1 x dx", r"\frac12")
    for worker in list(symbolic._pool.idle):
        worker.process.kill()
        worker.process.wait()
    assert _settled(r"\int_0^1 x^3 dx", r"\frac14")


def test_the_workers_end_with_their_program():
    program = (
        "from textgym.graders import math_equal\n"
        "from textgym.graders.math import symbolic\n"
        r"math_equal(r'\int_0^1 x dx', r'\frac12')" "\n"
        "print(*(worker.process.pid for worker in symbolic._pool.idle))"
    )  # fmt: skip
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert run.stdout.split()
    deadline = time.monotonic() + 10
    for pid in map(int, run.stdout.split()):
        while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not Path(f"/proc/{pid}").exists()


def test_a_forked_process_starts_its_own_worker():
    assert _settled(r"\int_0^1 x dx", r"\frac12")
    program = (
        "import os, sys\n"
        "from textgym.graders import math_equal\n"
        r"math_equal(r'\sqrt8', r'2\sqrt2'); math_equal(r'\int_0^1 x dx', r'\frac12')" "\n"
        "pid = os.fork()\n"
        "if not pid:\n"
        r"    os._exit(0 if any(math_equal(r'\int_0^2 x dx', '2') for _ in range(20)) else 1)" "\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))"
    )  # fmt: skip
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", program], check=False).returncode == 0


@pytest.mark.parametrize(
    "reference", ["y=2x+1", "x^2+y^2=4", "(7,3)", "x=5", "f(x)=x^2", r"x \ne 19", "n=5k+3", "[0,1)", "x<3"]
)
@pytest.mark.parametrize(
    "answer", [r"q=\infty", r"0=\infty", "x<x", "[9,1]", r"\infty", "1=1", "0<1", "()", "[]", "x=x", r"\emptyset"]
)
def test_no_answer_fits_whatever_is_asked(reference, answer):
    assert not compare_math(reference, answer).equal
    assert not compare_math(answer, reference).equal


@pytest.mark.parametrize("text", [r"5 m^\text{}3", r"5 \text{m}\text{}2", r"5 m\text{}", r"5 \frac{\text{}}{\text{}}"])
def test_empty_pieces_do_not_raise(text: str) -> None:
    assert not compare_math("7", text).equal
