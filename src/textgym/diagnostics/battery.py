"""The battery: which checks there are, and how they are run over one environment."""

import time
import traceback
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from textgym.core import TextEnv
from textgym.core.errors import TextgymError, did_you_mean
from textgym.diagnostics.patience import DEFAULT_PATIENCE, SANDBOX_PATIENCE, OutOfPatience, patience
from textgym.diagnostics.report import CheckReport, CheckResult, Verdict
from textgym.diagnostics.subject import COUNTED, Subject
from textgym.diagnostics.target import resolve

Progress = Callable[[str, int, int], None]
"""Called before each check with its name, the number of checks done, and the number of all; and once more at the end."""


class CheckFailed(Exception):  # noqa: N818 (a verdict, not an error of ours)
    """Raised by a check that found a fault; the message is the evidence."""


class NotApplicable(Exception):  # noqa: N818 (a verdict, not an error of ours)
    """Raised by a check that finds nothing to look at; the message says why."""


@dataclass(frozen=True)
class Check:
    """One check.

    Attributes:
        name: its name.
        theme: the module it is from.
        proves: what it proves, for a person.
        run: looks at a subject and returns the evidence; raises `CheckFailed` or `NotApplicable`, or whatever the
            environment raises.
    """

    name: str
    theme: str
    proves: str
    run: Callable[[Subject], str]


CHECKS: dict[str, Check] = {}
"""All checks by name, in the order of running."""


def proof(function: Callable[[Subject], str]) -> Callable[[Subject], str]:
    """Register a function as the check of its name; its docstring says what it proves."""
    if function.__name__ in CHECKS:
        raise ValueError(f"there is a check {function.__name__} already")
    theme = function.__module__.rpartition(".")[2]
    CHECKS[function.__name__] = Check(function.__name__, theme, (function.__doc__ or "").strip(), function)
    return function


def demand(condition: object, evidence: str) -> None:
    """Fail the running check unless `condition` is true."""
    if not condition:
        raise CheckFailed(evidence)


def run_check(check: Check, subject: Subject, seconds: float = DEFAULT_PATIENCE) -> CheckResult:
    """Run one check. Nothing that an environment raises gets out: it is a failure, the traceback's end the evidence.

    A check that takes more than `seconds` is given up and has failed; see `patience` for where that is possible.
    """
    started = time.perf_counter()
    verdict: Verdict
    try:
        with patience(seconds):
            verdict, evidence = "pass", check.run(subject)
    except OutOfPatience as hung:
        verdict, evidence = "fail", f"{hung} and was given up in the middle of it; {_last_lines()}"
    except CheckFailed as failure:
        verdict, evidence = "fail", str(failure)
    except NotApplicable as reason:
        verdict, evidence = "skip", str(reason)
    except (Exception, SystemExit):
        verdict, evidence = "fail", _last_lines()
    # Evidence may quote what an environment said; a report must be storable as UTF-8.
    evidence = evidence.encode("utf-8", "backslashreplace").decode()
    return CheckResult(
        name=check.name, verdict=verdict, evidence=evidence, seconds=round(time.perf_counter() - started, 4)
    )


def _last_lines() -> str:
    lines = traceback.format_exc(limit=-2).strip().splitlines()
    return "\n".join([f"raised {lines[-1]}", *lines[1:-1]])[:2000]


def check(
    env: str | type[TextEnv[Any, Any]],
    settings: dict[str, Any] | None = None,
    *,
    tasks: int | None = None,
    seed: int = 0,
    only: Collection[str] | None = None,
    progress: Progress | None = None,
    seconds: float | None = None,
    cheat_tasks: int | None = None,
) -> CheckReport:
    """Run the battery over one environment.

    Args:
        env: an id (of the registry, of Gymnasium, or `module:namespace/Name-v0`), or a class that can be imported.
        settings: keyword arguments to make it with.
        tasks: tasks per split for the checks that count; by default 100, for environments with sandboxes 34, which is what
            the claims of the docs rest on. 20 is quick.
        seed: seed of the policies' randomness; the same seed gives the same report.
        only: names of checks to run; by default all.
        progress: told before each check.
        seconds: how long a check may take; by default 300, for environments with sandboxes 1200. After one that took longer
            the rest is skipped, since the environment hangs.
        cheat_tasks: tasks for each cheat of the library, at most `tasks`; by default 20, for environments with sandboxes 3
            or 1.

    An environment that cannot be made at all gets a report with one failed check, `make`.

    Raises:
        UnknownEnvironmentError: there is no such id.
        ConfigError: a setting is unknown or out of range.
        ValueError: a name in `only` is no check, `tasks` or `cheat_tasks` is less than 1, or `seconds` is not more than 0.
    """
    if tasks is not None and tasks < 1:
        raise ValueError(f"tasks must be at least 1, not {tasks}")
    if cheat_tasks is not None and cheat_tasks < 1:
        raise ValueError(f"cheat_tasks must be at least 1, not {cheat_tasks}")
    if seconds is not None and not seconds > 0:
        raise ValueError(f"seconds must be more than 0, not {seconds}")
    selected = select(only)
    started = time.perf_counter()
    try:
        subject = Subject(resolve(env, settings), tasks=tasks, seed=seed, cheat_tasks=cheat_tasks)
        usual = DEFAULT_PATIENCE if subject.env.sandbox == "none" else SANDBOX_PATIENCE
        seconds = usual if seconds is None else seconds
    except TextgymError:
        raise
    except Exception:  # its module or its constructor fails: a finding, which must not stop a check of many ids
        name = env if isinstance(env, str) else env.__name__
        broken = CheckResult(name="make", verdict="fail", evidence=_last_lines(), seconds=0.0)
        return CheckReport(
            id=name, passed=False, failed=["make"], checks=[broken], tasks=tasks or COUNTED["none"], seed=seed
        )
    results: list[CheckResult] = []
    hung = None
    try:
        for number, item in enumerate(selected):
            if progress is not None:
                progress(item.name, number, len(selected))
            if hung is not None:
                results.append(
                    CheckResult(name=item.name, verdict="skip", evidence=f"not run: {hung} hung", seconds=0.0)
                )
                continue
            results.append(run_check(item, subject, seconds))
            hung = item.name if results[-1].seconds > seconds else None
    finally:
        subject.close()
    if progress is not None:
        progress("", len(selected), len(selected))
    return _report(subject, results, hung, time.perf_counter() - started)


def select(only: Collection[str] | None) -> list[Check]:
    """The checks of these names, in the order of running.

    Raises:
        ValueError: a name is no check; the message names the closest.
    """
    wanted = CHECKS if only is None else only
    for name in wanted:
        if name not in CHECKS:
            raise ValueError(f"no check {name!r}: {did_you_mean(name, CHECKS)}")
    return [item for item in CHECKS.values() if item.name in wanted]


def _report(subject: Subject, results: list[CheckResult], hung: str | None, seconds: float) -> CheckReport:
    failed = [result.name for result in results if result.verdict == "fail"]
    cheated = subject.red_team
    return CheckReport(
        id=subject.target.name,
        passed=not failed,
        failed=failed,
        checks=results,
        settings=subject.target.settings,
        tasks=subject.count,
        seed=subject.seed,
        seconds=round(seconds, 3),
        hung=hung,
        oracle=subject.figures.get("oracle"),
        noop=subject.figures.get("noop"),
        random=subject.figures.get("random"),
        cheats=[] if cheated is None else cheated.cheats,
        exploit_gap=None if cheated is None else cheated.exploit_gap,
        headroom=None if cheated is None else cheated.headroom,
        verdict=None if cheated is None else cheated.verdict,
    )
