"""How an output is graded: by a grader's JSON, ours or OpenAI's, or by a simple grader of the answer that it commits to."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from textgym.envs.math.dataset.columns import SimpleGrader
from textgym.graders import Choice, Exact, Extract, Grader, MathEqual, NumberEqual, load
from textgym.graders.openai.reading import from_openai, is_openai
from textgym.graders.template import as_text

SIMPLE: tuple[SimpleGrader, ...] = get_args(SimpleGrader)
ANSWER_IN = r"^(boxed|final_answer|whole|tag:[A-Za-z_][A-Za-z0-9_-]{0,63})$"

_GOLD = "{{ item.answer }}"
_FORMS: dict[SimpleGrader, str] = {
    "exact": "the answer alone",
    "math_equal": "the answer alone",
    "number": "one number",
}


def given_grader(given: Mapping[str, Any]) -> Grader:
    """The grader of a JSON object.

    Raises:
        GraderSpecError: it is none; the message names the place.
    """
    return from_openai(given) if is_openai(given) else load(given)


def make_grader(given: str | Mapping[str, Any], answer_in: str, labels: Sequence[str]) -> Grader:
    """What grades an output: of a simple grader the part of it that is the answer, else all that `answer_in` says."""
    if isinstance(given, str):
        leaves: dict[str, Grader] = {
            "exact": Exact(reference=_GOLD, space="collapse"),
            "math_equal": MathEqual(reference=_GOLD),
            "choice": Choice(reference=_GOLD, labels=list(labels)),
            "number": NumberEqual(reference=_GOLD),
        }
        return Extract(how=answer_in, grader=leaves[given])
    return given_grader(given) if answer_in == "whole" else Extract(how=answer_in, grader=given_grader(given))


def how_to_answer(grader: SimpleGrader | None, answer_in: str, labels: Sequence[str]) -> str:
    """What the prompt says about the form of an answer."""
    form = f"one of {', '.join(labels)}" if grader == "choice" else _FORMS.get(grader or "exact", "the answer alone")
    if answer_in == "boxed":
        return f"Reply with {form} in \\boxed{{}}, once."
    if answer_in == "final_answer":
        return f'End your reply with "The final answer is" and {form}.'
    if answer_in == "whole":
        return "" if grader is None else f"Reply with {form} and nothing else."
    tag = answer_in.removeprefix("tag:")
    return f"Reply with {form} inside <{tag}></{tag}>, once. Anything outside the tags is not read."


def written(answer: Any, answer_in: str) -> str:
    """An output that commits itself to an answer."""
    text = as_text(answer)
    if answer_in == "boxed":
        return f"\\boxed{{{text}}}"
    if answer_in == "final_answer":
        return f"The final answer is {text}"
    if answer_in == "whole":
        return text
    tag = answer_in.removeprefix("tag:")
    return f"<{tag}>{text}</{tag}>"
