"""Mutation tests of a grader: edits that make a right answer wrong must lower its score, harmless ones must not.

A grader is tried on a *gold sample*, an output that it should pay. Its answer is edited in two ways. Wrong edits are the
slips that a policy makes: a sign, one off, another unit, two parts exchanged, a negation, a part left out. Harmless edits
change the writing and not the answer: case, spacing, order, the form in LaTeX. Which of these a grader takes for harmless
follows from its settings, and can be said instead.

```python
report = sensitivity(grader, {"answer": "12 cm"}, "12 cm")
report.passed, [str(one) for one in report.violations]
```
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from textgym.core.errors import did_you_mean
from textgym.graders.base import Grader
from textgym.graders.sample import Item, Sample

Kind = Literal["wrong", "harmless"]

_TOLERANCE = 1e-9
_NUMBER = re.compile(r"(?<![\w.])([0-9]{1,40})(\.[0-9]{1,40})?(?![\w.]*[0-9])")
_SIGNED = re.compile(r"(?<![\w.)\]}])([-\u2212]?)([0-9]{1,40}(?:\.[0-9]{1,40})?)")
_FRACTION = re.compile(r"(?<![\w./^])([0-9]{1,40})/([0-9]{1,40})(?![\w./^])")
_ROOT = re.compile(r"(?<![\w\\])sqrt\(([^()]{1,100})\)")
_WORD = re.compile(r"(?<![\w\\])[A-Za-z]{4,}(?!\w)")
_COMMITTED = (
    re.compile(r"<answer>([^<]*)</answer>"),
    re.compile(r"\\boxed\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}"),
)
_UNITS = {
    "cm": "m", "mm": "m", "km": "m", "m": "km", "kg": "g", "g": "kg", "mg": "g", "t": "kg", "ms": "s", "s": "min", "min": "h",
    "h": "min", "l": "ml", "ml": "l", "km/h": "m/s", "m/s": "km/h", "%": "‰", "°C": "°F", "°F": "°C", "K": "°C",
}  # fmt: skip
_UNIT = re.compile(r"([0-9]\s?)(" + "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True)) + r")(?![\w/])")
_DENIALS = {"yes": "no", "true": "false", "correct": "incorrect", "right": "wrong", "is": "is not", "always": "never"}
_DENIALS |= {value: key for key, value in _DENIALS.items()}
_DENIAL = re.compile(rf"\b({'|'.join(sorted(_DENIALS, key=len, reverse=True))})\b", re.IGNORECASE)

_MATH = frozenset({"math_equal", "latex_equal", "expr_numeric"})
_UNORDERED = frozenset({"set_f1", "set_exact", "jaccard"})
_CASED = frozenset({"string_check", "json_equal", "json_field_f1", "json_schema", "regex"}) | _MATH
_SPACED = frozenset({"string_check", "regex"})


class EditResult(BaseModel):
    """What a grader said of an edited sample.

    Attributes:
        edit: the edit.
        kind: whether it makes the answer wrong.
        answer: the answer after it.
        value: the score; None where it could not be graded.
        status: the score's status.
        violated: whether a wrong edit did not lower the score, or a harmless one did.
    """

    model_config = ConfigDict(frozen=True)

    edit: str
    kind: Kind
    answer: str
    value: float | None
    status: str
    violated: bool

    def __str__(self) -> str:
        what = "did not lower the score" if self.kind == "wrong" else "lowered the score"
        return (
            f"{self.edit}: {self.answer!r} {what} ({self.status if self.value is None else format(self.value, '.4g')})"
        )


class SensitivityReport(BaseModel):
    """What edits do to the score of a right answer.

    Attributes:
        gold: the score of the sample as it is; None where it could not be graded.
        status: the status of that score.
        results: every edit that applies to the answer.
    """

    model_config = ConfigDict(frozen=True)

    gold: float | None
    status: str
    results: list[EditResult]

    @property
    def violations(self) -> list[EditResult]:
        """The edits to which the grader did not react as it should."""
        return [result for result in self.results if result.violated]

    @property
    def passed(self) -> bool:
        """Whether the sample is graded, and there is no violation."""
        return self.gold is not None and not self.violations


def sensitivity(
    grader: Grader,
    item: Item,
    gold_sample: Sample | str | Mapping[str, Any],
    *,
    harmless: Collection[str] | None = None,
) -> SensitivityReport:
    """Try a grader on edited copies of a sample that it should pay.

    Args:
        grader: any grader.
        item: the row of data.
        gold_sample: an output that earns the full score. Where it commits to an answer, by `<answer>` or `\\boxed{}`, that
            alone is edited.
        harmless: names of edits that must not matter, of `HARMLESS`; by default those that the grader's settings declare.
            An exchange of parts is a wrong edit unless `order` is among them.

    Raises:
        ValueError: a name in `harmless` is no harmless edit.
    """
    for name in harmless or ():
        if name not in HARMLESS:
            raise ValueError(f"no harmless edit {name!r}: {did_you_mean(name, HARMLESS)}")
    allowed = declared(grader) if harmless is None else frozenset(harmless)
    sample = Sample.of(gold_sample)
    gold = grader.grade(item, sample)
    if gold.value is None:
        return SensitivityReport(gold=None, status=gold.status, results=[])
    start, end = _answer(sample.output_text)
    answer = sample.output_text[start:end]
    results = []
    for kind, name, edited in _edits(answer, allowed):
        text = f"{sample.output_text[:start]}{edited}{sample.output_text[end:]}"
        score = grader.grade(item, sample.model_copy(update={"output_text": text}))
        results.append(
            EditResult(
                edit=name,
                kind=kind,
                answer=edited,
                value=score.value,
                status=score.status,
                violated=_violates(kind, score.value, gold.value),
            )
        )
    return SensitivityReport(gold=gold.value, status=gold.status, results=results)


def _violates(kind: Kind, value: float | None, gold: float) -> bool:
    # A wrong answer that cannot be graded is not paid; a harmless edit must not make an answer ungradable.
    if kind == "wrong":
        return value is not None and value >= gold - _TOLERANCE
    return value is None or value < gold - _TOLERANCE


def declared(grader: Grader) -> frozenset[str]:
    """The harmless edits that a grader's settings declare.

    Spacing and case, unless a part says that they matter; order, where a part compares sets; the form in LaTeX, where a part
    compares mathematics; the unit left out, where it is optional.
    """
    names = {"spacing", "case"}
    for node in grader.walk():
        if node.type in _SPACED or getattr(node, "space", None) == "keep":
            names.discard("spacing")
        if node.type in _CASED or getattr(node, "case", False):
            names.discard("case")
        if node.type in _UNORDERED:
            names.add("order")
        if node.type in _MATH:
            names.add("latex")
        if getattr(getattr(node, "options", node), "unit", None) == "optional":
            names.add("unit_left_out")
    return frozenset(names)


def _answer(text: str) -> tuple[int, int]:
    """Where the answer stands in a sample: inside its last commitment, or all of it."""
    found = [match.span(1) for pattern in _COMMITTED for match in pattern.finditer(text)]
    return max(found, default=(0, len(text)))


def _edits(answer: str, harmless: Collection[str]) -> Iterator[tuple[Kind, str, str]]:
    """Every edit that applies and changes the answer."""
    meant = {rewrite(answer) for name, rewrite in HARMLESS.items() if name in harmless}
    for name, change in WRONG.items():
        edited = None if name == "swap" and "order" in harmless else change(answer)
        if edited is not None and edited != answer and edited not in meant:
            yield "wrong", name, edited
    for name, rewrite in HARMLESS.items():
        edited = rewrite(answer) if name in harmless else None
        if edited is not None and edited != answer:
            yield "harmless", name, edited


# -- wrong edits -------------------------------------------------------------------------------------------------------


def _sign(answer: str) -> str | None:
    """The last number that is not 0, with the other sign."""
    matches = [match for match in _SIGNED.finditer(answer) if float(match[2])]
    if not matches:
        return None
    last = matches[-1]
    return f"{answer[: last.start()]}{'' if last[1] else '-'}{last[2]}{answer[last.end() :]}"


def _off_by_one(answer: str) -> str | None:
    """The last number, plus one in its last place."""
    matches = list(_NUMBER.finditer(answer))
    if not matches:
        return None
    last = matches[-1]
    digits = last[1] + (last[2] or "")[1:]
    raised = str(int(digits) + 1).zfill(len(digits))
    places = len(last[2]) - 1 if last[2] else 0
    shown = f"{raised[:-places]}.{raised[-places:]}" if places else raised
    return f"{answer[: last.start()]}{shown}{answer[last.end() :]}"


def _other_unit(answer: str) -> str | None:
    """The last unit behind a number, exchanged for another."""
    matches = list(_UNIT.finditer(answer))
    if not matches:
        return None
    last = matches[-1]
    return f"{answer[: last.start(2)]}{_UNITS[last[2]]}{answer[last.end(2) :]}"


def _parts(answer: str) -> tuple[list[str], str]:
    """The parts of an answer, and what stands between them."""
    for between in (",", ";", "\n"):
        if between in answer:
            return answer.split(between), between
    return answer.split(" "), " "


def _swapped(answer: str) -> str | None:
    """The first two different parts, exchanged; brackets around a list stay where they are."""
    head, inside, tail = _bracketed(answer)
    parts, between = _parts(inside)
    other = next((place for place, part in enumerate(parts) if part.strip() != parts[0].strip()), None)
    if other is None or between == " " or not all(part.strip() for part in parts):
        return None
    # White space stays in its place: only what it surrounds is exchanged.
    first, second = parts[0].strip(), parts[other].strip()
    parts[0], parts[other] = parts[0].replace(first, second, 1), parts[other].replace(second, first, 1)
    return f"{head}{between.join(parts)}{tail}"


def _bracketed(answer: str) -> tuple[str, str, str]:
    stripped = answer.strip()
    if len(stripped) > 2 and stripped[0] in "([{" and stripped[-1] in ")]}":
        start = answer.index(stripped) + 1
        return answer[:start], answer[start : start + len(stripped) - 2], answer[start + len(stripped) - 2 :]
    return "", answer, ""


def _negated(answer: str) -> str | None:
    """A denied statement; None where nothing is stated."""
    match = _DENIAL.search(answer)
    if match:
        other = _DENIALS[match[1].lower()]
        shown = other.capitalize() if match[1][0].isupper() else other
        return f"{answer[: match.start()]}{shown}{answer[match.end() :]}"
    return f"not {answer}" if _WORD.search(answer) else None


def _dropped(answer: str) -> str | None:
    """The last part left out; of an answer of one part, all of it."""
    head, inside, tail = _bracketed(answer)
    parts, between = _parts(inside)
    return f"{head}{between.join(parts[:-1])}{tail}" if answer.strip() else None


WRONG: dict[str, Callable[[str], str | None]] = {
    "sign": _sign,
    "off_by_one": _off_by_one,
    "unit": _other_unit,
    "swap": _swapped,
    "negate": _negated,
    "drop": _dropped,
}
"""Edits that make a right answer wrong; None where one does not apply."""


# -- harmless edits ----------------------------------------------------------------------------------------------------


def _other_case(answer: str) -> str:
    """Words of four letters or more in the other case; shorter ones may be variables or units."""
    return _WORD.sub(lambda match: match[0].lower() if match[0].isupper() else match[0].upper(), answer)


def _spaced(answer: str) -> str:
    """White space around the answer."""
    return f"  {answer} \n"


def _without_unit(answer: str) -> str | None:
    """The number without the unit behind it, where there is nothing else."""
    match = _UNIT.search(answer)
    return answer[: match.start(2)].rstrip() if match and not answer[match.end() :].strip() else None


def _reordered(answer: str) -> str | None:
    """The parts in the opposite order."""
    head, inside, tail = _bracketed(answer)
    parts, between = _parts(inside)
    return None if between == " " else f"{head}{between.join(reversed(parts))}{tail}"


def _latex(answer: str) -> str:
    """Fractions and roots as LaTeX writes them, between signs of mathematics."""
    written = _ROOT.sub(r"\\sqrt{\1}", _FRACTION.sub(r"\\frac{\1}{\2}", answer))
    return written if "$" in written or "\\boxed" in written else f"${written.strip()}$"


HARMLESS: dict[str, Callable[[str], str | None]] = {
    "case": _other_case,
    "spacing": _spaced,
    "order": _reordered,
    "latex": _latex,
    "unit_left_out": _without_unit,
}
"""Edits that leave the answer what it is."""


def summarise(reports: Sequence[SensitivityReport]) -> dict[str, dict[str, Any]]:
    """For each edit how often it was tried and how often violated, with the first violation."""
    table: dict[str, dict[str, Any]] = {}
    for report in reports:
        for result in report.results:
            row = table.setdefault(result.edit, {"kind": result.kind, "tried": 0, "violated": 0, "example": None})
            row["tried"] += 1
            if result.violated:
                row["violated"] += 1
                row["example"] = row["example"] or str(result)
    return table
