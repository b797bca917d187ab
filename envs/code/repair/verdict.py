"""The verdict on a repair, layer by layer; all of it is data, worked out outside of every sandbox.

1. Only changes of the package's own sources are looked at, within bounds (`export`).
2. They are put on the tree as it was damaged; tests and everything around them are the package's own (`examining`).
3. Every named test must be reported once, through all its phases, over a channel of its own; and tests that must fail are
   hidden among them (`canaries`). This is evidence: the package shares a process with the runner. Where the repair works
   and a test or two of the others failed, all is run once more, and that run counts: a test that fails once in ten
   thousand runs, on a busy machine, must not cost a right repair its reward.
4. The damaged function must do what the original does with the arguments that the tests call it with, called in a process
   of its own without any test, and compared here (`differential`). So must a repair of a part, as far as it goes.
5. Where that tells nothing of the bug, or not all that the function does, or where a repair differs in the fine print, only
   tests speak for it. It is paid if the change can do nothing but compute (`plainness`), and refused otherwise: the
   episode is masked. So it is where the function does otherwise with arguments that no test has, and where a change reaches
   for what runs it (`tameness`): of the rest of the package, and of other arguments, only the tests speak.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from textgym.core import Random, Score, ScoreStatus
from textgym.envs.code.repair.differential import compare
from textgym.envs.code.repair.examining import Findings, examine, prepare
from textgym.envs.code.repair.export import export, tripwire
from textgym.envs.code.repair.plainness import is_plain
from textgym.envs.code.repair.problems import Problem
from textgym.envs.code.repair.tameness import is_tame

Payment = Literal["binary", "shaped"]
_FEW = 2
_UNTOLD = (
    "only tests tell all of this function's work, and they cannot be relied on for a change that does more than compute with "
    "what the function had at hand"
)
_REACHING = (
    "all tests pass, but the change reaches for what runs it (modules of the interpreter, built-ins that run code or find things "
    "by name), and what the tests say of such a change cannot be relied on"
)
_DOUBTFUL = (
    "all tests pass, but the function does otherwise than the original with other arguments, or gives away something else, and "
    "which is right nobody said"
)


@dataclass(frozen=True)
class Verdict:
    """What a repair is worth, and why.

    Attributes:
        value: the reward, from 0 to 1; None where the repair is not graded.
        words: what the policy is told; neither tests nor answers are in it.
        info: counts and findings for a trainer or a log.
        parts: the score tree's leaves.
    """

    value: float | None
    words: str
    info: dict[str, Any] = field(default_factory=dict)
    parts: tuple[Score, ...] = ()

    @property
    def score(self) -> Score:
        """The whole as a score tree."""
        status: ScoreStatus = "ok" if self.value is not None else "refused"
        return Score(name="repair", value=self.value, status=status, op="gate", reason=self.words, children=self.parts)


async def judge(
    problem: Problem, start: Mapping[str, bytes], tree: Mapping[str, bytes], rng: Random, payment: Payment = "binary"
) -> Verdict:
    """The verdict on a tree.

    Args:
        problem: what was to be repaired.
        start: the tree as the policy was given it, without the hidden tests.
        tree: the tree as it is now.
        rng: picks canaries.
        payment: `binary`, or `shaped`: half of the share that is repaired where nothing else was broken, of the tests or of
            what the damage changed in the functions' behaviour, whichever is less; nothing where a function is unseen and the
            change is not plain.

    Raises:
        InfraError: no sandbox could run it; nothing is known about the repair.
        GraderError: the tests could not be begun.
    """
    package = problem.package
    leaving = export(package, start, tree)
    info: dict[str, Any] = {
        "fail_to_pass": len(problem.fail_to_pass),
        "fail_to_pass_passed": 0,
        "pass_to_pass": len(problem.pass_to_pass),
        "pass_to_pass_passed": 0,
        "canaries_hold": True,
        "behaves_alike": None,
        "runs": 0,
        "changed_files": len(leaving.files),
        "dropped_files": len(leaving.dropped),
        "tripwire": tripwire(leaving.added),
        "problem": leaving.refused,
    }
    if leaving.refused:
        return Verdict(0.0, f"Not graded: {leaving.refused}.", info)
    if not leaving.files:
        left = f" {len(leaving.dropped)} changed files are none of its sources." if leaving.dropped else ""
        info["problem"] = "no source of the package was changed"
        return Verdict(0.0, f"No source of the package was changed.{left}", info)
    candidate = {**package.shown, **problem.damaged}
    for path, data in leaving.files.items():
        if data is None:
            candidate.pop(path, None)
        else:
            candidate[path] = data
    tests = [*problem.fail_to_pass, *problem.pass_to_pass]

    def run() -> Awaitable[Findings]:
        return examine(package, prepare(package, candidate, tests, problem.pass_to_pass, rng))

    findings, runs = await settled(problem, run)
    repaired, kept = _counts(problem, findings)
    info |= {
        "runs": runs,
        "fail_to_pass_passed": repaired,
        "pass_to_pass_passed": kept,
        "canaries_hold": findings.canaries_failed,
        "problem": findings.problem,
    }
    unbroken = findings.canaries_failed and kept == len(problem.pass_to_pass) and not findings.problem
    share = repaired / len(problem.fail_to_pass)
    solved = unbroken and share == 1
    value: float | None = 0.0
    words = ""
    if solved or (payment == "shaped" and unbroken and share):
        found = await compare(problem, candidate)  # how many calls are compared hangs on the load of the machine
        info["behaves_alike"] = not found.wrong
        if not solved:
            trusted = is_plain(problem, candidate) or (not found.unseen and is_tame(problem, candidate))
            value = 0.5 * min(share, found.share) if trusted else 0.0
        elif found.wrong:
            solved = False
        elif found.doubtful:
            value, words = None, _DOUBTFUL
        elif (found.unseen or found.unlike) and not is_plain(problem, candidate):
            value, words = None, _UNTOLD
        elif not is_tame(problem, candidate) and not is_plain(problem, candidate):
            value, words = None, _REACHING
        else:
            value = 1.0
    parts = (
        _part("fail_to_pass", repaired, len(problem.fail_to_pass)),
        _part("pass_to_pass", kept, len(problem.pass_to_pass)),
        Score(name="canaries", value=float(findings.canaries_failed)),
        Score(name="behaves_alike", value=float(bool(info["behaves_alike"]))),
    )
    words = words or ("The package is repaired." if solved else "The package is not repaired.")
    return Verdict(value, words, info, parts)


async def settled(problem: Problem, run: Callable[[], Awaitable[Findings]]) -> tuple[Findings, int]:
    """The findings that count, and how many runs there were: one, or two where a repair works and hardly a test failed."""
    findings = await run()
    repaired, kept = _counts(problem, findings)
    if repaired == len(problem.fail_to_pass) and 1 <= len(problem.pass_to_pass) - kept <= _FEW:
        return await run(), 2
    return findings, 1


def _counts(problem: Problem, findings: Findings) -> tuple[int, int]:
    """How many of the failing tests pass, and how many of the passing ones still do."""
    return (
        sum(test in findings.passed for test in problem.fail_to_pass),
        sum(test in findings.passed for test in problem.pass_to_pass),
    )


def _part(name: str, done: int, of: int) -> Score:
    return Score(name=name, value=done / of if of else 1.0, reason=f"{done} of {of}")
