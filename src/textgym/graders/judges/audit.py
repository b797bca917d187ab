"""How far a judge can be trusted: its verdicts against labels, and against themselves after changes that should not matter."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from textgym.core.blocking import run_blocking
from textgym.core.outcome import Score
from textgym.graders.base import Grader
from textgym.graders.combining import reaches
from textgym.graders.errors import GraderSpecError
from textgym.graders.judges.agreement import (
    accuracy,
    bootstrap_intervals,
    calibration_error,
    cohen_kappa,
    krippendorff_alpha,
)
from textgym.graders.judges.draws import draw
from textgym.graders.judges.labels import Example, LabelsError
from textgym.graders.judges.perturbations import Perturbation, in_one_order, perturbations

BINS = 15
Progress = Callable[[str, int, int], None]
"""Told of every example that was judged: what is going on, how many are done, how many there are."""


class Estimate(BaseModel):
    """A figure with its interval; None where it is not defined."""

    model_config = ConfigDict(frozen=True)

    value: float | None
    low: float | None = None
    high: float | None = None


class Effect(BaseModel):
    """What a perturbation did.

    Attributes:
        name: of the perturbation.
        tells: what a changed verdict shows.
        should_change: whether a good judge changes its mind.
        compared: examples with a value before and after.
        lost: examples that had a value before and have none after.
        flipped: share of compared examples whose verdict changed.
        raised: share of those rejected before that are accepted after.
        shift: mean change of the value, as a share of the judge's range.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    tells: str
    should_change: bool
    compared: int
    lost: int
    flipped: Estimate
    raised: Estimate
    shift: Estimate


class AuditReport(BaseModel):
    """What an audit found.

    Attributes:
        grader: digest of the judge.
        examples: how many rows there are.
        judged: how many of them got a value. Where none did, no changes are tried, and `effects` is empty.
        first_failure: what the first example without a value says of why; None where all have one.
        statuses: how many scores had each status.
        threshold: from which value on a verdict is yes, in the judge's units.
        confidence: level of the intervals.
        agreement: `accuracy`, `cohen_kappa`, `krippendorff_alpha`, `calibration_error`.
        effects: what the perturbations did.
        cost: US dollars spent.
        tokens: tokens used.
    """

    model_config = ConfigDict(frozen=True)

    grader: str
    examples: int
    judged: int
    first_failure: str | None
    statuses: dict[str, int]
    threshold: float
    confidence: float
    agreement: dict[str, Estimate]
    effects: list[Effect]
    cost: float
    tokens: int


def audit_judge(grader: Grader, examples: Sequence[Example], **settings: Any) -> AuditReport:
    """`aaudit_judge` for callers without an event loop."""
    return run_blocking(aaudit_judge(grader, examples, **settings))


async def aaudit_judge(
    grader: Grader,
    examples: Sequence[Example],
    *,
    threshold: float | None = None,
    gold: str | None = None,
    only: Sequence[str] | None = None,
    resamples: int = 1_000,
    confidence: float = 0.95,
    seed: int = 0,
    progress: Progress | None = None,
) -> AuditReport:
    """Judge labelled examples, as they are and changed, and compare.

    Args:
        grader: the judge, or a grader with judges in it.
        examples: what it judges.
        threshold: from which value on a verdict is yes, in the judge's units; by default the middle of its range.
        gold: the field of the items that holds the reference answer, exchanged in `gold_swap`.
        only: names of the perturbations to try; by default all that are possible.
        resamples: of the bootstrap intervals.
        confidence: level of the intervals.
        seed: of the bootstrap.
        progress: told of every example.

    Raises:
        LabelsError: no perturbation has a name in `only`, no item has the field `gold` or what the judge's templates name,
            or the threshold is outside of the judge's range.
        GraderSpecError: the judge can have only one value.
    """
    low, high = grader.bounds
    if low == high:
        raise GraderSpecError(f"{grader.label} can only have the value {low:g}: there is nothing to audit")
    tried = _selected(perturbations(grader, gold), only)
    if gold is not None and not any(gold in example.item for example in examples):
        raise LabelsError(f"no item has a field {gold!r}")
    limit = (low + high) / 2.0 if threshold is None else threshold
    if not low <= limit <= high:
        raise LabelsError(f"threshold: {limit:g} is outside of the judge's range, {low:g} to {high:g}")
    scale = _Scale(low, high, limit, all(example.label in (0.0, 1.0) for example in examples))
    stage = _Stage(examples, progress)
    plain = await stage.judged("labels", grader, list(examples))
    failures = [score for score in plain if score.value is None]
    if all(score.code == "invalid_variable_error" for score in plain):
        raise LabelsError(f"no item has what the judge reads: {plain[0].reason}")
    if len(failures) == len(plain):
        tried = []  # there is nothing that a changed example could be compared with
    effects: list[Effect] = []
    once: list[Score] | None = None
    for each in tried:
        changed = [each.change(examples, place) for place in range(len(examples))]
        before = plain
        if each.reverses:
            once = once or await stage.judged("order", in_one_order(grader, reverse=False), list(examples))
            before = once
        judge = in_one_order(grader, reverse=True) if each.reverses else grader
        after = await stage.judged(each.name, judge, changed, each.draw)
        effects.append(_effect(each, scale, before, after, (resamples, confidence, seed)))
    return AuditReport(
        grader=grader.digest,
        examples=len(examples),
        judged=len(plain) - len(failures),
        first_failure=(failures[0].reason or failures[0].status) if failures else None,
        statuses=dict(sorted(stage.statuses.items())),
        threshold=limit,
        confidence=confidence,
        agreement=_agreement(scale, examples, plain, (resamples, confidence, seed)),
        effects=effects,
        cost=stage.cost,
        tokens=stage.tokens,
    )


class _Scale:
    """What values and labels mean."""

    def __init__(self, low: float, high: float, threshold: float, yes_or_no: bool) -> None:
        self.low, self.high, self.threshold, self.yes_or_no = low, high, threshold, yes_or_no

    def share(self, value: float) -> float:
        """A value as a share of the judge's range."""
        return (value - self.low) / (self.high - self.low)

    def verdict(self, value: float) -> bool:
        """Whether a value is a yes."""
        return reaches(value, self.threshold)

    def truth(self, label: float) -> bool:
        """Whether a label is a yes."""
        return label == 1.0 if self.yes_or_no else reaches(label, self.threshold)


class _Stage:
    """Where examples are judged, and what that cost is added up."""

    def __init__(self, examples: Sequence[Example], progress: Progress | None) -> None:
        self._count = len(examples)
        self._progress = progress
        self.statuses: Counter[str] = Counter()
        self.cost, self.tokens = 0.0, 0

    async def judged(self, name: str, grader: Grader, examples: list[Example], number: int = 0) -> list[Score]:
        """The scores of examples, in their order; asked all at once, within the limits of the judge's endpoint."""
        done = 0

        async def one(example: Example) -> Score:
            nonlocal done
            with draw(number):
                score = await grader.agrade(example.item, example.sample)
            done += 1
            if self._progress is not None:
                self._progress(name, done, self._count)
            return score

        scores = list(await asyncio.gather(*map(one, examples)))
        self.statuses.update(score.status for score in scores)
        self.cost += sum(score.cost for score in scores)
        self.tokens += sum(score.tokens for score in scores)
        return scores


def _selected(possible: list[Perturbation], only: Sequence[str] | None) -> list[Perturbation]:
    names = [each.name for each in possible]
    for name in only or ():
        if name not in names:
            raise LabelsError(f"no perturbation {name!r} can be tried here; there are {', '.join(names)}")
    return [each for each in possible if only is None or each.name in only]


_Bootstrap = tuple[int, float, int]
_Judged = tuple[float, float]
"""Value and label, or value before and after."""


def _estimates(
    rows: Sequence[_Judged], statistics: dict[str, Callable[[Sequence[_Judged]], float | None]], how: _Bootstrap
) -> dict[str, Estimate]:
    resamples, confidence, seed = how
    intervals = bootstrap_intervals(rows, statistics, resamples=resamples, confidence=confidence, seed=seed)
    found: dict[str, Estimate] = {}
    for name, statistic in statistics.items():
        low, high = intervals[name] or (None, None)
        found[name] = Estimate(value=statistic(rows) if rows else None, low=low, high=high)
    return found


def _agreement(
    scale: _Scale, examples: Sequence[Example], scores: Sequence[Score], how: _Bootstrap
) -> dict[str, Estimate]:
    rows = [
        (score.value, example.label) for example, score in zip(examples, scores, strict=True) if score.value is not None
    ]

    def verdicts(rows: Sequence[_Judged]) -> tuple[list[bool], list[bool]]:
        return [scale.verdict(value) for value, _ in rows], [scale.truth(label) for _, label in rows]

    def alpha(rows: Sequence[_Judged]) -> float | None:
        if scale.yes_or_no:
            return krippendorff_alpha(list(zip(*verdicts(rows), strict=True)))
        return krippendorff_alpha(rows, "interval")

    return _estimates(
        rows,
        {
            "accuracy": lambda rows: accuracy(*verdicts(rows)),
            "cohen_kappa": lambda rows: cohen_kappa(*verdicts(rows)),
            "krippendorff_alpha": alpha,
            "calibration_error": lambda rows: calibration_error(
                [scale.share(value) for value, _ in rows], list(map(float, verdicts(rows)[1])), BINS
            ),
        },
        how,
    )


def _effect(
    each: Perturbation, scale: _Scale, before: Sequence[Score], after: Sequence[Score], how: _Bootstrap
) -> Effect:
    known = [(old.value, new.value) for old, new in zip(before, after, strict=True) if old.value is not None]
    rows = [(old, new) for old, new in known if new is not None]

    def flipped(rows: Sequence[_Judged]) -> float | None:
        return sum(scale.verdict(old) != scale.verdict(new) for old, new in rows) / len(rows)

    def raised(rows: Sequence[_Judged]) -> float | None:
        rejected = [new for old, new in rows if not scale.verdict(old)]
        return sum(map(scale.verdict, rejected)) / len(rejected) if rejected else None

    def shift(rows: Sequence[_Judged]) -> float | None:
        return sum(scale.share(new) - scale.share(old) for old, new in rows) / len(rows)

    found = _estimates(rows, {"flipped": flipped, "raised": raised, "shift": shift}, how)
    return Effect(
        name=each.name,
        tells=each.tells,
        should_change=each.should_change,
        compared=len(rows),
        lost=len(known) - len(rows),
        **found,
    )
