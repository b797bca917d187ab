"""`textgym check`: the battery that an environment must pass."""

import os
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textgym.cli.exits import CommandError, ExitCode, leave
from textgym.cli.options import AsJson, Settings, every_id, read_settings
from textgym.cli.screen import busy, console, facts, print_json, table, visible

if TYPE_CHECKING:
    from rich.console import Console

    from textgym.diagnostics import CheckReport

_WORDS = {"pass": "passed", "fail": "failed", "skip": "skipped"}
_CHEATS_SHOWN = 3
_STYLES = {"pass": "green", "fail": "bold red", "skip": "dim"}


def check(
    env_id: Annotated[str | None, typer.Argument(metavar="ID", help="An environment.", show_default=False)] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every registered environment.")] = False,
    only: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this check; may be repeated.", show_default=False)
    ] = None,
    tasks: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Tasks a split for the checks that count; else 100, with sandboxes 34. 20 is quick.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the policies' randomness.")] = 0,
    cheat_tasks: Annotated[
        int | None,
        typer.Option(
            min=1, help="Tasks for each cheat of the library; else 20, with sandboxes 3 or 1.", show_default=False
        ),
    ] = None,
    patience: Annotated[
        float | None,
        typer.Option(
            min=0.1,
            metavar="SECONDS",
            help="Longest time of one check; else 300, with sandboxes 1200.",
            show_default=False,
        ),
    ] = None,
    settings: Settings = None,
    names: Annotated[bool, typer.Option("--names", help="List the checks and what each proves, and leave.")] = False,
    as_json: AsJson = False,
) -> None:
    """Prove an environment: exact, solvable, leak-free, hard to cheat, within its limits."""
    if names:
        _list_checks(as_json)
        return
    if every == (env_id is not None):
        raise CommandError("name one environment, or --all of them")
    ids = every_id() if env_id is None else [env_id]
    screen = console()
    reports = []
    for each in ids:
        report = _check(
            each,
            read_settings(settings),
            only,
            tasks,
            seed,
            cheat_tasks=cheat_tasks,
            patience=patience,
            whole=not every,
        )
        reports.append(report)
        if not as_json:
            _show(screen, report, every)
    passed = all(report.passed for report in reports)
    if as_json:
        values = [report.model_dump(mode="json") for report in reports]
        print_json({"passed": passed, "reports": values} if every else values[0])
    if any(report.hung for report in reports):
        # Threads that hang cannot be ended, and Python would wait for them.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(ExitCode.FAILED)
    if not passed:
        leave(ExitCode.FAILED)


def _check(
    env_id: str,
    settings: dict[str, Any],
    only: list[str] | None,
    tasks: int | None,
    seed: int,
    *,
    cheat_tasks: int | None,
    patience: float | None,
    whole: bool,
) -> "CheckReport":
    """The report on one environment. Of many, one that cannot even be made fails alone; a single one is an error."""
    from textgym.core.errors import ConfigError
    from textgym.diagnostics import CheckReport, CheckResult, check
    from textgym.diagnostics.battery import select

    try:
        select(only)
    except ValueError as error:
        raise CommandError(f"--only: {error}") from None
    with busy(env_id) as say:

        def progress(name: str, done: int, total: int) -> None:
            say(f"{env_id}: {done} of {total} checks done, {name}")

        try:
            return check(
                env_id,
                settings,
                tasks=tasks,
                seed=seed,
                only=only,
                progress=progress,
                seconds=patience,
                cheat_tasks=cheat_tasks,
            )
        except Exception as error:
            if whole or isinstance(error, ConfigError):
                raise
            evidence = f"the environment cannot be made: {type(error).__name__}: {error}"
            made = CheckResult(name="make", verdict="fail", evidence=evidence, seconds=0.0)
            return CheckReport(id=env_id, passed=False, failed=["make"], checks=[made])


def _show(screen: "Console", report: "CheckReport", briefly: bool) -> None:
    """Every check with its evidence; briefly, only the failed ones."""
    from rich.text import Text

    from textgym.cli.redteam import cheat_table
    from textgym.diagnostics.report import worst_rows

    verdicts = [result.verdict for result in report.checks]
    counts = ", ".join(f"{verdicts.count(kind)} {word}" for kind, word in _WORDS.items() if kind in verdicts)
    head = Text("passed  " if report.passed else "FAILED  ", style="bold green" if report.passed else "bold red")
    screen.print(head + Text(report.id, style="bold") + Text(f"  {counts}, {report.seconds:.1f} s"))
    shown = [result for result in report.checks if result.verdict == "fail" or not briefly]
    if shown:
        rows = table("check", "verdict", "evidence")
        rows.columns[0].no_wrap = True
        for result in shown:
            evidence = visible(result.evidence, "" if result.verdict == "fail" else "dim")
            rows.add_row(result.name, Text(result.verdict, style=_STYLES[result.verdict]), evidence)
        screen.print(rows)
    if not briefly:
        means = {"oracle": report.oracle, "noop": report.noop, "random": report.random}
        measured = {f"{name} earns": str(mean) for name, mean in means.items() if mean is not None}
        gaps = {"exploit gap": report.exploit_gap, "headroom": report.headroom}
        measured |= {name: f"{gap:+.3f}" for name, gap in gaps.items() if gap is not None}
        if measured:
            screen.print()
            screen.print(facts(measured))
        if report.cheats:
            screen.print()
            screen.print(cheat_table(worst_rows(report.cheats, _CHEATS_SHOWN)))
            screen.print(
                Text(
                    f"the most that any of {len(report.cheats)} cheats earned; `textgym redteam` shows all", style="dim"
                )
            )


def _list_checks(as_json: bool) -> None:
    from textgym.diagnostics import CHECKS

    if as_json:
        print_json([{"name": each.name, "theme": each.theme, "proves": each.proves} for each in CHECKS.values()])
        return
    rows = table("check", "theme", "proves")
    rows.columns[0].no_wrap = True
    for each in CHECKS.values():
        rows.add_row(each.name, each.theme, " ".join(each.proves.split()))
    console().print(rows)
