"""The graders of mathematics: the same answer, the same LaTeX, the same values at points."""

from typing import Annotated, Any, Literal

from pydantic import Field

from textgym.core.outcome import Evidence, Score
from textgym.graders.base import Grader, passed
from textgym.graders.errors import Invalid
from textgym.graders.math.approximate import largest_difference
from textgym.graders.math.equal import compare_math
from textgym.graders.math.options import MAX_CHARS, MathOptions
from textgym.graders.math.reading import read
from textgym.graders.math.text import clean
from textgym.graders.math.tokens import tokenize
from textgym.graders.math.tree import NotMath
from textgym.graders.sample import Item, Sample
from textgym.graders.template import as_text

_SHOWN = 500
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class _Compared(Grader):
    """What the graders of this module share: an output and one or several references."""

    input: str = "{{ sample.output_text }}"
    reference: Any

    templated = ("input", "reference")

    def _texts(self, item: Item, sample: Sample) -> tuple[str, list[str]]:
        given = self.fill(self.reference, item, sample)
        references = [as_text(one) for one in (given if isinstance(given, list | tuple) else [given])]
        if not references or not all(one.strip() for one in references):
            raise Invalid("error", f"{self.type}.reference is empty", code="sample_parse_error")
        return as_text(self.fill(self.input, item, sample)), references

    def _score(self, equal: bool, reason: str, answer: str, references: list[str]) -> Score:
        expected = " | ".join(references)[:_SHOWN]
        shown = Evidence(label="answer", text=answer[:_SHOWN]), Evidence(label="reference", text=expected, secret=True)
        return passed(float(equal), reason, *shown)


class MathEqual(_Compared):
    """1 where the output says the same as the reference, else 0; see `math_equal`.

    A list of references means any of them. An answer that is beyond the limits is not equal; one about which a clock ran
    out has no value.

    Attributes:
        options: which conventions count.
    """

    type: Literal["math_equal"] = "math_equal"
    options: MathOptions = MathOptions()

    def _grade(self, item: Item, sample: Sample) -> Score:
        answer, references = self._texts(item, sample)
        verdicts = [compare_math(reference, answer, self.options) for reference in references]
        best = next((verdict for verdict in verdicts if verdict.equal), None)
        if best is None:
            late = next((verdict for verdict in verdicts if verdict.timed_out), None)
            if late is not None:
                raise Invalid("timeout", late.reason)
            best = next((verdict for verdict in verdicts if not verdict.decided), verdicts[0])
        reason = f"{'equal' if best.equal else 'not equal'}, by {best.step}" + (
            f": {best.reason}" if best.reason else ""
        )
        return self._score(best.equal, reason, answer, references)


class LatexEqual(_Compared):
    """1 where output and reference are the same LaTeX, spacing, sizes and other spellings of a command apart; else 0."""

    type: Literal["latex_equal"] = "latex_equal"

    def _grade(self, item: Item, sample: Sample) -> Score:
        answer, references = self._texts(item, sample)
        equal = any(_spelled(reference) == _spelled(answer) for reference in references)
        return self._score(equal, "the same tokens" if equal else "other tokens", answer, references)


class ExprNumeric(_Compared):
    """1 where output and reference have the same values at random points, within a tolerance; else 0.

    The looser relative of `math_equal`, for approximate answers: 3.14 is pi at `rtol` 0.01.

    Attributes:
        rtol: largest difference, as a share of the larger value.
        atol: largest difference where that share is smaller.
        points: how many points must count, where there are variables.
        low: least value of a variable.
        high: greatest value of a variable.
    """

    type: Literal["expr_numeric"] = "expr_numeric"
    rtol: Positive = 1e-6
    atol: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    points: int = Field(8, ge=1, le=64)
    low: Annotated[float, Field(allow_inf_nan=False)] = 0.5
    high: Annotated[float, Field(allow_inf_nan=False)] = 3.0

    def _grade(self, item: Item, sample: Sample) -> Score:
        answer, references = self._texts(item, sample)
        if len(answer) > MAX_CHARS or not read(answer, False).trees:
            return self._score(False, "the output is no expression that is read", answer, references)
        for reference in references:
            if len(reference) > MAX_CHARS or not read(reference, False).trees:
                raise Invalid("error", "the reference is no expression that is read", code="sample_parse_error")
            pair = read(reference, False).trees[0], read(answer, False).trees[0]
            excess = largest_difference(*pair, self.rtol, self.atol, points=self.points, domain=(self.low, self.high))
            if excess is not None and excess <= 1:
                return self._score(True, f"{excess:.3g} of the tolerance", answer, references)
        return self._score(False, "the values differ, or there are none", answer, references)


def _spelled(text: str) -> tuple[str, ...]:
    """The tokens of a text without braces around single ones."""
    if len(text) > MAX_CHARS:
        return (text.strip(),)
    cleaned, _ = clean(text)
    try:
        tokens = [token.text for token in tokenize(cleaned)[:-1]]
    except NotMath:
        return (cleaned,)
    kept: list[str] = []
    for token in tokens:
        if token.isdigit() and kept[-1:] == ["frac"]:
            kept += token  # each digit is an argument
            continue
        kept.append(token)
        if len(kept) >= 3 and kept[-3] == "{" and kept[-1] == "}" and len(kept[-2]) == 1:
            kept[-3:] = [kept[-2]]
    return tuple(kept)
