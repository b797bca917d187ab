"""Mathematical equivalence: answers compared in a second, beside Math-Verify; and the longest that any answer takes."""

import logging
import resource
import time
from collections.abc import Callable
from typing import Any

from math_pairs import EXPLAINED, KINDS, MATH_VERIFY_MISSING, Pair, by_math_verify, has_math_verify, pairs
from report import Report, Row, Spread, Target
from rounds import interleave
from sizes import Size
from textgym.core import Random
from textgym.graders import compare_math, math_equal

HOSTILE = (
    "9^{9^{9}}", "9^{9^{9^{9}}}", "9**9**9**9", "10^{10^{10}}!", "99999999!", r"\binom{10000}{5000}", "(9999!)^{100}",
    r"\sin(10^{1000})", "e^{e^{e^{e^{e}}}}", "(" * 10_000 + "1" + ")" * 10_000, "{" * 10_000, r"\frac{" * 10_000,
    "(" * 60 + "1" + ")" * 60, "x" * 1_000_000, "1" * 1_000_000, "1+" * 2000 + "1", "1/" * 2000 + "1", "-" * 4000 + "1",
    "2^" * 1300 + "2", "(x+1)^{1000}", "(x+y+z+w)^{60}", "(a+b+c+d+f+g+h+j+k+l+m+n+o+p)^{8}", "x<" * 1900 + "x",
    "((((((x+1)^8+1)^8+1)^8+1)^8+1)^8+1)", r"\sum_{k=1}^{10^9} k", r"\sum_{k=1}^{2000} \sin(k^k)",
    r"\sum_{i=1}^{1999}\sum_{j=1}^{1999}\sum_{k=1}^{1999} ijk", r"\prod_{k=1}^{2000}(x+k)", "1\\pm2" * 10,
    r"\{" + ",".join(f"x+{i}" for i in range(300)) + r"\}", r"\{" + ",".join(map(str, range(900))) + r"\}",
    r"\begin{pmatrix}" + "1&" * 1000 + r"1\end{pmatrix}", r"\int_0^1 " + r"\sin(" * 20 + "x" + ")" * 20 + " dx",
    r"\int_0^\infty e^{-x^x}\sin(x^x) dx", r"\int x^x dx", r"\lim_{x\to 0} " + r"\sin(" * 15 + "x" + ")" * 15,
    r"\sum_{n=1}^\infty \frac{\sin(n^2)}{n^n}", "0." + "3" * 4000, "1e9999", "9" * 3900 + "^9999", "|" * 2000, "e" * 4000,
    "1 and " * 600 + "1", "1,000" * 700, "(x^7+x+1)(x^8+x+3)<0", "5 cm" * 900, "5 m^{999}", "\x00" * 100, "\\" * 4000,
)  # fmt: skip
REFERENCES = ("5", "x+1", r"\frac{1}{2}+\sqrt{2}x", r"\{1,2\}")


def run(size: Size) -> Report:
    """Rates in interleaved rounds, every pair a new one; then the hostile answers one by one."""
    logging.disable(logging.WARNING)  # Math-Verify warns about each answer that it gives up
    report = Report("math_equal", "mathematical equivalence: answers compared in a second")
    rounds, mixed = size.pick(7, 3, 1), size.pick(20, 8, 1) * len(KINDS)
    contenders: dict[str, Callable[[], int]] = {
        "plain numbers: textgym": _over(lambda seed: _numbers(size.pick(20_000, 5000, 100), seed), rounds, _ours),
        "mixed answers: textgym": _over(lambda seed: list(pairs(mixed, seed)), rounds, _ours),
    }
    if has_math_verify():
        contenders["mixed answers: Math-Verify"] = _over(lambda seed: list(pairs(mixed, seed)), rounds, by_math_verify)
    else:
        report.left_out.append(MATH_VERIFY_MISSING)
    rates = interleave(contenders, rounds, workers=False)
    report.rows += [one.row(name, "answers/s") for name, one in rates.items()]
    plain = rates["plain numbers: textgym"]
    report.targets.append(
        Target("plain numbers a second", Spread.of(plain.cpu), ">=", 20_000, other=Spread.of(plain.wall))
    )
    if has_math_verify():
        ours, theirs = rates["mixed answers: textgym"], rates["mixed answers: Math-Verify"]
        report.targets.append(
            Target("mixed answers over Math-Verify", ours.over(theirs), ">=", 10, other=ours.over(theirs, "wall"))
        )
    _judge(report, size)
    _hostile(report, size)
    return report


def _over(make: Callable[[int], list[Pair]], rounds: int, judge: Callable[[Pair], Any]) -> Callable[[], int]:
    """A contender that meets other pairs in each round; they are made before the clock runs."""
    waiting = [make(seed) for seed in range(rounds + 1)]

    def work() -> int:
        given = waiting.pop()
        for pair in given:
            judge(pair)
        return len(given)

    return work


def _ours(pair: Pair) -> bool:
    return math_equal(pair.reference, pair.answer)


def _numbers(number: int, seed: int) -> list[Pair]:
    """Whole numbers, decimals, fractions and thousands, no two of them alike."""
    rng = Random(b"numbers %d" % seed)
    made = []
    for _ in range(number):
        value = rng.randint(1, 10**7)
        answer = rng.choice([str(value + rng.randint(0, 1)), f"{value:,}", f"{value}.0", rf"\frac{{{2 * value}}}{{2}}"])
        made.append(Pair("numbers", str(value), answer, True))
    return made


def _judge(report: Report, size: Size) -> None:
    """Verdicts on pairs whose truth is known: wrong ones of ours and of Math-Verify."""
    given = list(pairs(size.pick(40, 12, 2) * len(KINDS), seed=99))
    wrong = [pair for pair in given if _ours(pair) != pair.equal]
    report.rows.append(Row("made pairs that were judged", "count", Spread.of([len(given)])))
    report.targets.append(Target("made pairs that textgym judges wrong", Spread.of([len(wrong)]), "<=", 0, "count"))
    if not has_math_verify():
        return
    theirs = [pair for pair in given if by_math_verify(pair) != pair.equal]
    false = sum(not pair.equal for pair in theirs)
    report.rows += [
        Row("Math-Verify: unequal ones that it calls equal", "count", Spread.of([false])),
        Row("Math-Verify: equal ones that it calls unequal", "count", Spread.of([len(theirs) - false])),
    ]
    unexplained = sum(pair.kind not in EXPLAINED for pair in theirs)
    report.targets.append(Target("disagreements without an explanation", Spread.of([unexplained]), "<=", 0, "count"))
    report.notes += [f"{kind}: {why}." for kind, why in EXPLAINED.items()]


def _hostile(report: Report, size: Size) -> None:
    """The longest comparison of a hostile answer, by the clock on the wall, and the memory at its end."""
    math_equal(r"\int_0^1 x dx", r"\frac12")  # the process of computer algebra is started once
    seconds = []
    for reference in REFERENCES[: size.pick(4, 2, 1)]:
        for answer in HOSTILE:
            began = time.perf_counter()
            compare_math(reference, answer)
            seconds.append(time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    report.rows.append(Row("a hostile answer", "s", Spread.of(seconds)))
    report.targets.append(
        Target("longest comparison of a hostile answer, s", Spread.of([max(seconds)]), "<=", 2, "wall")
    )
    report.rows.append(Row("peak memory of this process at the end", "MB", Spread.of([peak])))
