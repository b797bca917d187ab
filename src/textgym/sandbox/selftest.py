"""What this host can enforce and what it cannot, found out by attacking each provider here, and said in words."""

import os
import platform
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from textgym.core import TextgymError
from textgym.sandbox.conformance import (
    ATTACKS,
    FORGERIES,
    MESSAGE_FORGERIES,
    OBJECT_TESTS,
    Attack,
    Forgery,
    Traces,
    look,
)
from textgym.sandbox.limits import Limits
from textgym.sandbox.opening import PROVIDERS, make_provider, open_sandbox
from textgym.sandbox.pool import Sandbox

_CASES = [{"args": [1, 2], "expected": 3}, {"args": [10, 20], "expected": 30}]
_TELLING_FORGERIES = ("exits_hard_at_import", "equals_everything", "writes_every_descriptor")
_TELLING_MESSAGES = ("results_in_a_call", "answers_in_advance")


class Finding(BaseModel):
    """One promise, tried on this host.

    Attributes:
        name: an identifier.
        promise: what should hold, in words.
        held: whether it does.
        evidence: what happened instead; empty where it holds.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    promise: str
    held: bool
    evidence: str = ""


class ProviderReport(BaseModel):
    """What one provider holds on this host.

    Attributes:
        provider: its name.
        available: whether it can be used here.
        why_not: what is missing and how to get it, where it cannot.
        passed: whether every promise holds; None where nothing could be tried.
        findings: the promises, one by one.
        weaker: what holds less here than it could, and what would help; nothing of it breaks a promise.
        described: what it runs and with which means.
        seconds: how long it took.
    """

    model_config = ConfigDict(frozen=True)

    provider: str
    available: bool
    why_not: str = ""
    passed: bool | None = None
    findings: list[Finding] = []
    weaker: list[str] = []
    described: dict[str, Any] = {}
    seconds: float = 0.0


class SelfTest(BaseModel):
    """The report on a host.

    Attributes:
        passed: whether at least one provider is available, and every available one holds what it promises.
        host: the facts about the machine that matter.
        providers: a report each.
    """

    model_config = ConfigDict(frozen=True)

    passed: bool
    host: dict[str, str]
    providers: list[ProviderReport]


def self_test(
    providers: Iterable[str] = PROVIDERS,
    *,
    thorough: bool = False,
    progress: Callable[[str, int, int], None] = lambda provider, done, total: None,
) -> SelfTest:
    """Attack every provider on this host.

    Args:
        providers: their names.
        thorough: try every attack that is one program instead of the telling ones.
        progress: is told the provider, how many attacks are done, and how many there are.
    """
    reports = [_report(name, thorough, progress) for name in providers]
    tried = [report for report in reports if report.available]
    return SelfTest(passed=bool(tried) and all(report.passed for report in tried), host=host_facts(), providers=reports)


def meet(name: str) -> dict[str, Any]:
    """Whether a provider can be used here: `provider`, `available`, `why_not`; what it runs with: `described`, `networks`.

    The networks are those that sandboxes were granted, of whatever owner, by name.
    """
    provider = make_provider(name)
    networks: Callable[[], list[str]] = getattr(provider, "networks", list)
    try:
        why_not = provider.available() or ""
        described = {} if why_not else provider.describe()
        granted = [] if why_not else networks()
    finally:
        release = getattr(provider, "close", None)
        if release is not None:
            release()
    return {
        "provider": name,
        "available": not why_not,
        "why_not": why_not,
        "described": described,
        "networks": granted,
    }


def host_facts() -> dict[str, str]:
    """The facts about this machine that decide what can be enforced."""
    return {
        "kernel": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
        "user": "root" if os.geteuid() == 0 else "an ordinary user",
        "cgroups": _cgroups(),
        "security modules": _line("/sys/kernel/security/lsm") or "unknown",
        "user namespaces": _user_namespaces(),
        "CPUs": str(os.cpu_count()),
    }


def _report(name: str, thorough: bool, progress: Callable[[str, int, int], None]) -> ProviderReport:
    began = time.monotonic()
    met = meet(name)
    if not met["available"]:
        return ProviderReport(provider=name, available=False, why_not=met["why_not"])
    with open_sandbox(name, slots=1) as box:
        attacks = [attack for attack in ATTACKS if attack.telling or thorough]
        forgeries = [forgery for forgery in FORGERIES if forgery.name in _TELLING_FORGERIES or thorough]
        trials: list[Attack | Forgery] = [*attacks, *forgeries]
        findings: list[Finding] = []
        try:
            before = look(box)
        except (AssertionError, TextgymError) as error:
            findings.append(_finding("starts", "A harmless program runs.", [str(error)]))
        else:
            findings.append(_finding("starts", "A harmless program runs, in an empty sandbox.", before.beyond(before)))
            for trial in trials:
                progress(name, len(findings), len(trials) + 3)
                findings.append(_try(box, trial, before))
            findings.append(_try_session(box, before))
    if findings[-1].held:
        progress(name, len(findings), len(trials) + 3)
        findings.append(_try_objects(name, thorough))
    return ProviderReport(
        provider=name,
        available=True,
        passed=all(finding.held for finding in findings),
        findings=findings,
        weaker=_weaker(met["described"]),
        described=met["described"],
        seconds=round(time.monotonic() - began, 2),
    )


def _try(box: Sandbox, trial: Attack | Forgery, before: Traces) -> Finding:
    try:
        if isinstance(trial, Attack):
            name, promise, wrong = trial.name, trial.promise, trial.run(box)
        else:
            name, promise = trial.name, f"A submission that {trial.name.replace('_', ' ')} does not pass."
            graded = box.grade_cases(trial.source, entry="add", cases=_CASES, limits=Limits(wall_s=5, cpu_s=3))
            wrong = ["it passed"] if graded.passed else []
        wrong += look(box).beyond(before)
    except (AssertionError, TextgymError) as error:
        wrong = [str(error)]
    return _finding(name, promise, wrong)


def _try_session(box: Sandbox, before: Traces) -> Finding:
    """Whether a kept shell works, and leaves nothing."""
    wrong = []
    try:
        with box.session(limits=Limits(wall_s=10, cpu_s=5)) as session:
            session.run("cd /tmp && kept=yes && (sleep 60 &)")
            said = session.run("echo $kept in $PWD").stdout
            wrong = [] if said == b"yes in /tmp\n" else [f"it said {said!r}"]
        wrong += look(box).beyond(before)
    except (AssertionError, TextgymError) as error:
        wrong = [str(error)]
    return _finding("sessions", "A kept shell keeps its state, and nothing of it is left behind.", wrong)


def _try_objects(name: str, thorough: bool) -> Finding:
    """Whether code under test can speak for the tests, which are in a sandbox beside its own."""
    wrong = []
    limits = Limits(wall_s=5, cpu_s=1)
    with open_sandbox(name, slots=2) as box:
        try:
            for forgery, source in MESSAGE_FORGERIES.items():
                if (thorough or forgery in _TELLING_MESSAGES) and box.grade_objects(
                    source, OBJECT_TESTS, limits=limits
                ).passed:
                    wrong.append(f"{forgery} passed")
            if not box.grade_objects("def add(a, b):\n    return a + b\n", OBJECT_TESTS, limits=limits).passed:
                wrong.append("the right solution did not pass")
        except (AssertionError, TextgymError) as error:
            wrong.append(str(error))
    return _finding("tests_on_objects", "Code under test cannot speak for tests in the sandbox beside it.", wrong)


def _finding(name: str, promise: str, wrong: list[str]) -> Finding:
    return Finding(name=name, promise=promise, held=not wrong, evidence="; ".join(wrong)[:1000])


def _weaker(described: dict[str, Any]) -> list[str]:
    """What is true of the provider here and could be better, in words."""
    told = [str(each) for each in described.get("weaker", [])]
    if described.get("provider", "").startswith("docker"):
        security = " ".join(map(str, described.get("security", [])))
        if described.get("runtime") in (None, "runc", "crun"):
            told.append(
                "programs share the host's kernel: a bug in it can let them out. A runtime of the engine with a kernel of its "
                "own (gVisor's runsc, Kata) closes this"
            )
        if "userns" not in security and "rootless" not in security:
            told.append(
                "root in a container is root of the host: programs are never root, but the supervisor is. userns-remap or a "
                "rootless engine makes it nobody"
            )
        if "apparmor" not in security and "selinux" not in security:
            told.append("no AppArmor or SELinux around containers: one line of defence less")
    return told


def _cgroups() -> str:
    root = Path("/sys/fs/cgroup")
    if (root / "cgroup.controllers").exists():
        return "version 2"
    return "version 1" if (root / "memory").is_dir() else "none"


def _user_namespaces() -> str:
    if _line("/proc/sys/user/max_user_namespaces") in ("", "0"):
        return "off"
    if _line("/proc/sys/kernel/unprivileged_userns_clone") == "0":
        return "for root only"
    if _line("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1":
        return "restricted by AppArmor"
    return "on"


def _line(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError:
        return ""
