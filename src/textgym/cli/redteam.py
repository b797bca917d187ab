"""`textgym redteam`: what environments pay to policies that do not solve the task, and graders to answers that are wrong."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textgym.cli.exits import CommandError, ExitCode, explain, leave
from textgym.cli.grade_rows import opened, read_rows
from textgym.cli.options import AsJson, Settings, every_id, read_settings
from textgym.cli.screen import busy, console, facts, note, print_json, several, table, visible

if TYPE_CHECKING:
    from rich.console import Console

    from textgym.diagnostics.report import CheatRow, MeanReward, RedTeamReport
    from textgym.graders.base import Grader

_ROWS = 12


def redteam(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]...",
            help="Environments: ids, gem:ID, rg:DATASET, vf:MODULE. With --grader, JSON lines of gold samples.",
            show_default=False,
        ),
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every registered environment.")] = False,
    family: Annotated[
        list[str] | None,
        typer.Option(metavar="FAMILY", help="Only cheats of this family; may be repeated.", show_default=False),
    ] = None,
    cheat: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this cheat; may be repeated.", show_default=False)
    ] = None,
    tasks: Annotated[
        int | None,
        typer.Option(min=1, help="Tasks for each cheat; else 20, with sandboxes 3 or 1.", show_default=False),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the cheats' randomness.")] = 0,
    patience: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="Longest time of one cheat against a peer's environment.")
    ] = 60.0,
    seconds: Annotated[
        float | None,
        typer.Option(
            min=0.1,
            metavar="SECONDS",
            help="Longest time of each environment; the cheats that were not played by then are named.",
            show_default=False,
        ),
    ] = None,
    rows: Annotated[int, typer.Option("--rows", min=1, help="Rows to show of each table.")] = _ROWS,
    settings: Settings = None,
    junit: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the results as JUnit XML, too.", show_default=False)
    ] = None,
    grader: Annotated[
        str | None,
        typer.Option("--grader", "-g", metavar="FILE", help="Try a grader instead: its JSON.", show_default=False),
    ] = None,
    harmless: Annotated[
        list[str] | None,
        typer.Option(
            metavar="EDIT",
            help="With --grader, an edit that must not matter; may be repeated. Else what its settings declare.",
            show_default=False,
        ),
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the cheats and what each does, and leave.")] = False,
    as_json: AsJson = False,
) -> None:
    """Attack an environment with every cheat there is; or a grader, with answers that are slightly wrong."""
    if listed:
        _list_cheats(as_json)
        return
    if grader is not None:
        others = {
            "--all": every,
            "--family": family,
            "--cheat": cheat,
            "--tasks": tasks,
            "--seconds": seconds,
            "--set": settings,
            "--junit": junit,
        }
        for option, given in others.items():
            if given:
                raise CommandError(f"{option} does not go with --grader")
        _try_grader(grader, names or [], harmless, as_json)
        return
    if harmless:
        raise CommandError("--harmless goes with --grader")
    if every == bool(names):
        raise CommandError("name environments, or --all of them")
    if every:
        names = every_id()
    if junit is not None and (
        junit.is_dir() or not junit.parent.is_dir()
    ):  # better known now than after an hour of playing
        raise CommandError(
            f"--junit {junit}: {'it is a directory' if junit.is_dir() else 'there is no such directory'}"
        )
    chosen: dict[str, Any] = {"tasks": tasks, "seed": seed, "cheats": cheat, "families": family}
    chosen |= {"patience": patience, "seconds": seconds}
    reports, left_out = _attack(names or [], read_settings(settings), chosen)
    if junit is not None:
        from textgym.diagnostics.redteam import junit as as_xml

        try:
            junit.write_text(as_xml(reports, left_out), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"--junit {junit}: {error.strerror or error}") from None
    # Where no cheat fits one of several, that is no fault of it; where none was played anywhere, nothing was shown.
    passed = {"pass"} <= {report.verdict for report in reports} <= {"pass", "skip"} and not left_out
    if as_json:
        values = [report.model_dump(mode="json") for report in reports]
        alone = len(names or []) == 1 and not every
        print_json(values[0] if alone else {"passed": passed, "reports": values, "left_out": left_out})
    elif len(reports) == 1 and not left_out:
        _show(console(), reports[0], rows)
    else:
        _show_all(console(), reports, left_out)
    if not passed:
        leave(ExitCode.FAILED)


def _attack(
    names: list[str], settings: dict[str, Any], chosen: dict[str, Any]
) -> tuple[list["RedTeamReport"], dict[str, str]]:
    """The reports, and of several environments those that cannot be attacked, with the reason."""
    from textgym.diagnostics.redteam import red_team
    from textgym.diagnostics.redteam.library import select_cheats

    try:
        select_cheats(chosen["cheats"], chosen["families"])
    except ValueError as error:
        raise CommandError(str(error)) from None
    reports: list[RedTeamReport] = []
    left_out: dict[str, str] = {}
    for number, name in enumerate(names):
        with busy(name) as say:
            where = f"{number + 1} of {len(names)}, " if len(names) > 1 else ""

            def progress(cheat: str, done: int, total: int, name: str = name, where: str = where) -> None:
                say(f"{where}{name}: {done} of {total} cheats played, {cheat}")

            try:
                reports.append(red_team(name, settings, progress=progress, **chosen))
            except Exception as error:  # one environment's bug must not cost the reports on the others
                if len(names) == 1:
                    raise
                left_out[name] = explain(error)[0]
        if len(names) > 1:
            news = left_out.get(name) or _verdict(reports[-1])[0]
            note(visible(f"{number + 1} of {len(names)}  {name}: {news}").plain)
    return reports, left_out


def cheat_table(report_rows: list["CheatRow"]) -> Any:
    """A table of what cheats were paid."""
    from rich.text import Text

    rows = table(
        "cheat",
        "family",
        "earns",
        "95 % interval",
        "most",
        "paid",
        "ended",
        right=["earns", "most", "paid", "95 % interval"],
    )
    rows.columns[0].no_wrap = True
    for row in report_rows:
        style = "bold red" if row.paid or row.broken else "" if row.mean > 0 else "dim"
        ended = ", ".join(f"{status} {count}" for status, count in row.statuses.items())
        rows.add_row(
            visible(row.name, style),
            Text(row.family, style="dim"),
            Text(f"{row.mean:.3f}", style=style),
            Text(f"{row.low:.3f} to {row.high:.3f}", style=style or "default"),
            f"{row.max:.3g}",
            f"{row.share_paid:.0%}",
            Text(ended, style="bold red" if row.broken else "dim"),
        )
    return rows


def _show(screen: "Console", report: "RedTeamReport", count: int) -> None:
    """One environment: the verdict, the figures behind it, the worst rows, and what was said where something was paid."""
    from rich.text import Text

    word, style = _verdict(report)
    head = Text(f"{word if report.passed else word.upper()} ".ljust(8), style=style)
    screen.print(head + Text(report.id, style="bold") + Text(f"  {_played(report)}, {report.seconds:.1f} s"))
    screen.print()
    screen.print(facts(_figures(report)))
    if report.cheats:
        screen.print()
        screen.print(_families(report))
    earned = [row for row in report.worst(len(report.cheats)) if row.mean > 0 or row.paid or row.broken]
    worst = earned[:count]
    if worst:
        screen.print()
        screen.print(cheat_table(worst))
    if len(earned) > len(worst):
        left = several(len(earned) - len(worst), "cheat")
        screen.print(Text(f"and {left} that earned less; --rows {len(earned)} shows them", style="dim"))
    found = [row for row in worst if row.paid or row.broken]
    for row in found[:3]:
        screen.print()
        screen.print(Text(f"{row.name}: {row.summary}".rstrip(": "), style="bold"))
        if row.example is not None:
            screen.print(visible(row.example, "dim"))


def _families(report: "RedTeamReport") -> Any:
    """A row for each family: how many cheats it has here, and what the best of them earned."""
    from rich.text import Text

    rows = table("family", "cheats", "best", "earns", "paid", "broken", right=["cheats", "earns", "paid", "broken"])
    for family in dict.fromkeys(row.family for row in report.cheats):
        members = [row for row in report.cheats if row.family == family]
        best = max(members, key=lambda row: row.mean)
        paid, broken = sum(row.paid for row in members), sum(row.broken for row in members)
        rows.add_row(
            family,
            str(len(members)),
            visible(best.name) if best.mean > 0 else Text("-", style="dim"),
            f"{best.mean:.3f}",
            Text(str(paid), style="bold red" if paid else "dim"),
            Text(str(broken), style="bold red" if broken else "dim"),
        )
    return rows


def _verdict(report: "RedTeamReport") -> tuple[str, str]:
    """What the verdict is called on the screen, and its style."""
    match report.verdict:
        case "pass":
            return "held", "bold green"
        case "fail":
            return ("cheated" if any(row.paid for row in report.cheats) else "failed"), "bold red"
        case "incomplete":
            return "unfinished", "bold yellow"
        case "skip":
            return "no fit", "bold yellow"


def _played(report: "RedTeamReport") -> str:
    paid = sum(row.paid for row in report.cheats)
    broken = sum(row.broken for row in report.cheats)
    parts = [several(len(report.cheats), "cheat"), several(report.episodes, "episode"), f"{paid} paid"]
    if broken:
        parts.append(f"{broken} broke it")
    if report.not_played:
        parts.append(f"{len(report.not_played):,} not played")
    return ", ".join(parts)


def _figures(report: "RedTeamReport") -> dict[str, str]:
    figures = {"oracle earns": _mean(report.oracle), "guessing earns": _mean(report.random)}
    if report.cheats:
        figures["allowed"] = f"{report.allowed:.4g}"
    best = "the best cheat that was played" if report.not_played else "the best cheat"
    if report.exploit_gap is not None:
        figures["exploit gap"] = f"{report.exploit_gap:+.3f}  ({best}, less guessing)"
    if report.headroom is not None:
        figures["headroom"] = f"{report.headroom:+.3f}  (the oracle, less {best})"
    others = [reason for reason in report.reasons if not reason.startswith("the cheat ")]
    if report.not_played:
        figures["not played"] = others.pop()
    if others:
        figures["not held" if report.verdict == "fail" else "no fit"] = "\n".join(others)
    return figures


def _mean(mean: "MeanReward | None") -> str:
    return "not known" if mean is None else str(mean)


def _show_all(screen: "Console", reports: list["RedTeamReport"], left_out: dict[str, str]) -> None:
    """Several environments, a row each; then those that could not be attacked, with the reason."""
    from rich.text import Text

    rows = table(
        "environment",
        "verdict",
        "oracle",
        "guessing",
        "best cheat",
        "earns",
        "paid",
        "broken",
        "not played",
        right=["oracle", "guessing", "earns", "paid", "broken", "not played"],
    )
    rows.columns[0].no_wrap = rows.columns[1].no_wrap = True
    for report in reports:
        best = max(report.cheats, key=lambda row: row.mean, default=None)
        word, style = _verdict(report)
        rows.add_row(
            report.id,
            Text(word, style=style),
            "-" if report.oracle is None else f"{report.oracle.mean:.3f}",
            "-" if report.random is None else f"{report.random.mean:.3f}",
            "-" if best is None or best.mean <= 0 else visible(best.name),
            "-" if best is None else f"{best.mean:.3f}",
            str(sum(row.paid for row in report.cheats)),
            str(sum(row.broken for row in report.cheats)),
            str(len(report.not_played)),
        )
    screen.print(rows)
    for name, reason in left_out.items():
        screen.print(Text("left out ", style="bold red") + visible(f"{name}: {reason}"))


def _list_cheats(as_json: bool) -> None:
    from textgym.diagnostics.redteam import CHEATS

    if as_json:
        print_json([{"name": one.name, "family": one.family, "summary": one.summary} for one in CHEATS.values()])
        return
    rows = table("cheat", "family", "does")
    rows.columns[0].no_wrap = True
    for one in CHEATS.values():
        rows.add_row(one.name, one.family, one.summary)
    console().print(rows)


# -- graders -----------------------------------------------------------------------------------------------------------


def _try_grader(given: str, names: list[str], harmless: list[str] | None, as_json: bool) -> None:
    from textgym.cli.grade import read_grader
    from textgym.graders.sensitivity import sensitivity, summarise

    if len(names) != 1:
        raise CommandError("--grader needs one file with gold samples: JSON lines, as `textgym grade` takes them")
    made = read_grader(given)
    data = Path(names[0])
    reports, failed = [], []
    with opened(data) as file, busy(str(data)) as say:
        for row in read_rows(file):
            say(f"{data}: line {row.line}")
            if row.problem is not None:
                failed.append({"line": row.line, "reason": row.problem})
                continue
            try:
                report = sensitivity(made, row.item, row.sample, harmless=harmless)
            except ValueError as error:
                raise CommandError(f"--harmless: {error}") from None
            if report.gold is None:
                failed.append({"line": row.line, "reason": f"the gold sample cannot be graded: {report.status}"})
            reports.append(report)
    edits = summarise(reports)
    passed = bool(reports) and not failed and not any(row["violated"] for row in edits.values())
    if as_json:
        print_json({"passed": passed, "grader": made.label, "samples": len(reports), "edits": edits, "failed": failed})
    else:
        _show_grader(made, len(reports), edits, failed, passed)
    if not passed:
        leave(ExitCode.FAILED)


def _show_grader(
    grader: "Grader", samples: int, edits: dict[str, dict[str, Any]], failed: list[dict[str, Any]], passed: bool
) -> None:
    from rich.text import Text

    screen = console()
    head = Text("held    ", style="bold green") if passed else Text("FAILED  ", style="bold red")
    screen.print(head + visible(grader.label, "bold") + Text(f"  {several(samples, 'gold sample')}"))
    screen.print()
    rows = table("edit", "the answer is then", "tried", "not noticed", "first", right=["tried", "not noticed"])
    rows.columns[0].no_wrap = True
    for name, row in edits.items():
        wrong = row["kind"] == "wrong"
        rows.add_row(
            name,
            "wrong" if wrong else "as right as before",
            f"{row['tried']:,}",
            Text(f"{row['violated']:,}", style="bold red" if row["violated"] else "green"),
            visible(row["example"] or "", "dim"),
        )
    screen.print(rows)
    for one in failed[:5]:
        screen.print(visible(f"line {one['line']}: {one['reason']}", "yellow"))
