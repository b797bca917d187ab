"""`textgym judge`: how far a judge can be trusted."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from textgym.cli.exits import CommandError, ExitCode, guarded, leave
from textgym.cli.grade import read_grader
from textgym.cli.options import AsJson
from textgym.cli.screen import busy, console, facts, note, print_json, several, table, visible

if TYPE_CHECKING:
    from textgym.graders.base import Grader
    from textgym.graders.judges.audit import AuditReport, Effect, Estimate
    from textgym.graders.judges.labels import Example

app = typer.Typer(name="judge", no_args_is_help=True)

_AGREEMENT = {
    "accuracy": "verdicts that equal the label",
    "cohen_kappa": "agreement beyond chance; 1 is perfect, 0 is chance",
    "krippendorff_alpha": "the same, of raters in general",
    "calibration_error": "how far values are from shares of yes; 0 is honest",
}


def audit(
    labels: Annotated[
        Path,
        typer.Argument(metavar="LABELS", help='JSON lines with "item", "sample" and "label".', show_default=False),
    ],
    *,
    grader: Annotated[
        str,
        typer.Option("--grader", "-g", metavar="FILE", help="The judge's JSON, ours or OpenAI's; a file, or the JSON."),
    ],
    threshold: Annotated[
        float | None,
        typer.Option(
            help="The value from which on a verdict is yes; else the middle of the range.", show_default=False
        ),
    ] = None,
    gold: Annotated[
        str | None,
        typer.Option(
            metavar="FIELD", help="Field of the items with the reference, to exchange it.", show_default=False
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this perturbation; may be repeated.", show_default=False),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Ask nobody: only answers that are kept count.")] = False,
    cache: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Where answers are kept, or `off`; else TEXTGYM_JUDGE_CACHE.", show_default=False
        ),
    ] = None,
    resamples: Annotated[int, typer.Option(min=1, help="Resamples of the bootstrap intervals.")] = 1_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the bootstrap.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Compare a judge with labels, and with itself after changes that should not matter."""
    from textgym.graders import GraderSpecError, LabelsError, audit_judge, judging

    judge, examples = read_grader(grader), _examples(labels)
    with busy(str(labels)) as say, judging(offline=offline or None, cache=cache) as asked:

        def progress(name: str, done: int, total: int) -> None:
            say(f"{name}: {done:,} of {total:,} judged")

        try:
            report = audit_judge(
                judge,
                examples,
                threshold=threshold,
                gold=gold,
                only=only,
                resamples=resamples,
                seed=seed,
                progress=progress,
            )
        except (GraderSpecError, LabelsError) as error:
            raise CommandError(str(error)) from None
    if report.judged == 0 and asked.trouble:
        raise CommandError(asked.trouble)
    if as_json:
        print_json(report.model_dump(mode="json"))
    else:
        _show(report, judge)
    if report.judged == 0:
        note(f"error: no example got a verdict: {report.first_failure}")
        leave(ExitCode.FAILED)


def _examples(path: Path) -> "list[Example]":
    from textgym.graders import LabelsError, read_examples

    try:
        # Not `splitlines`, which also ends a line at characters that may stand inside the texts of JSON.
        return read_examples(path.read_text(encoding="utf-8-sig").split("\n"))
    except LabelsError as error:
        raise CommandError(f"{path}: {error}") from None
    except UnicodeDecodeError:
        raise CommandError(f"{path}: it is no UTF-8 text") from None
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}") from None


def _show(report: "AuditReport", judge: "Grader") -> None:
    from rich.text import Text

    screen = console()
    statuses = ", ".join(f"{name} {count:,}" for name, count in report.statuses.items())
    kept = judge.waits and set(report.statuses) == {"ok"}
    free = "nothing: all answers were kept" if kept else "nothing"
    spent = f"${report.cost:,.4f}, {report.tokens:,} tokens" if report.tokens else free
    screen.print(
        facts(
            {
                "examples": f"{several(report.examples, 'example')}, {report.judged:,} with a verdict",
                "threshold": f"{report.threshold:g}",
                "scores": statuses,
                "spent": spent,
            }
        )
    )
    screen.print()
    level = f"{100 * report.confidence:g} % interval"
    against = table("against the labels", "value", level, "", right=("value",))
    for name, estimate in report.agreement.items():
        against.add_row(name, _value(estimate), _interval(estimate), Text(_AGREEMENT[name], style="dim"))
    screen.print(against)
    if report.effects:
        screen.print()
        screen.print(_effects(report.effects, level))


def _effects(effects: "list[Effect]", level: str) -> "object":
    from rich.text import Text

    rows = table(
        "after",
        "flipped",
        level,
        "raised",
        "shift",
        "compared",
        "if it flips",
        right=("flipped", "raised", "shift", "compared"),
    )
    for effect in effects:
        compared = f"{effect.compared:,}" + (f" ({effect.lost:,} lost)" if effect.lost else "")
        rows.add_row(
            effect.name,
            _percent(effect.flipped.value),
            _percent_interval(effect.flipped),
            _percent(effect.raised.value),
            "-" if effect.shift.value is None else f"{effect.shift.value:+.3f}",
            compared,
            visible(effect.tells, "green" if effect.should_change else "dim"),
        )
    rows.caption = Text(
        "flipped: verdicts that changed; raised: rejected examples that were accepted after; shift: mean change of the "
        "value, as a share of the judge's range.",
        style="dim",
    )
    rows.caption_justify = "left"
    return rows


def _value(estimate: "Estimate") -> str:
    return "-" if estimate.value is None else f"{estimate.value:.3f}"


def _interval(estimate: "Estimate") -> str:
    return "-" if estimate.low is None or estimate.high is None else f"{estimate.low:.3f} to {estimate.high:.3f}"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _percent_interval(estimate: "Estimate") -> str:
    return "-" if estimate.low is None or estimate.high is None else f"{estimate.low:.1%} to {estimate.high:.1%}"


@app.callback()
def judge() -> None:
    """Measure how far a judge can be trusted."""


app.command("audit")(guarded(audit))
