"""`graders_run`: one sample graded, answered as OpenAI's endpoint `graders.run` answers."""

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

from textgym.core.outcome import Score
from textgym.graders.base import Grader, OnInvalid, settle
from textgym.graders.formula import FormulaError
from textgym.graders.openai.reading import from_openai
from textgym.graders.openai.vocabulary import ERRORS, FIELDS, METRICS
from textgym.graders.sample import Item, Sample
from textgym.graders.shaping import Constant

_LONGEST_DETAIL = 2000
_METRIC_TYPES = frozenset(made["type"] for made in METRICS.values())
_CODE_OF_STATUS = {"refused": "model_grader_refusal_error", "unparseable": "model_grader_parse_error"}


def graders_run(
    grader: str | bytes | Mapping[str, Any] | Grader,
    item: Item,
    sample: Sample | str | Mapping[str, Any],
    on_invalid: OnInvalid = "drop",
) -> dict[str, Any]:
    """Grade one sample, and answer with the fields of OpenAI's `graders.run`.

    Args:
        grader: the JSON of an RFT grader, or any grader.
        item: the row of data, which templates call `item`.
        sample: the output; a text is its `output_text`.
        on_invalid: what a failed grading is worth. By default `reward` is None then, where the hosted endpoint has a 0
            that cannot be told from an earned one.

    Returns:
        `reward`, `sub_rewards` (by name, of a grader that combines others), `metadata` (`name`, `type`, `execution_time`
        in seconds, `scores`, `token_usage`, `sampled_model_name`, and `errors` with every flag) and
        `model_grader_token_usage_per_model`.

    Raises:
        GraderSpecError: the grader's JSON is wrong.
        GraderError: the grading failed, and `on_invalid` is `raise`.
    """
    try:
        made = _made(grader)
    except FormulaError as error:
        return _without_formula(grader, error, on_invalid)
    begun = time.perf_counter()
    score = made.grade(item, sample)
    return run_response(made, score, time.perf_counter() - begun, on_invalid)


async def agraders_run(
    grader: str | bytes | Mapping[str, Any] | Grader,
    item: Item,
    sample: Sample | str | Mapping[str, Any],
    on_invalid: OnInvalid = "drop",
) -> dict[str, Any]:
    """`graders_run` for callers with an event loop."""
    try:
        made = _made(grader)
    except FormulaError as error:
        return _without_formula(grader, error, on_invalid)
    begun = time.perf_counter()
    score = await made.agrade(item, sample)
    return run_response(made, score, time.perf_counter() - begun, on_invalid)


def _made(grader: str | bytes | Mapping[str, Any] | Grader) -> Grader:
    return grader if isinstance(grader, Grader) else from_openai(grader)


def _without_formula(given: Any, error: FormulaError, on_invalid: OnInvalid) -> dict[str, Any]:
    """The answer where `calculate_output` cannot be read: a failed run, as there, and no malformed call."""
    data = given if isinstance(given, Mapping) else json.loads(given)
    stand_in = Constant(value=0.0, name=data.get("name"))
    score = Score(status="error", reason=str(error), code=error.code)
    response = run_response(stand_in, score, 0.0, on_invalid)
    response["metadata"]["type"] = "multi"
    return response


def run_response(grader: Grader, score: Score, seconds: float, on_invalid: OnInvalid = "drop") -> dict[str, Any]:
    """The fields of `graders.run` for a score that is there already.

    Args:
        grader: what was graded with.
        score: what it said.
        seconds: how long it took.
        on_invalid: what a score without a value is worth.

    Raises:
        GraderError: it has none, and `on_invalid` is `raise`.
    """
    usage = _usage(grader, score)
    parts = {name: child.value for name, child in _parts(grader, score)}
    return {
        "reward": settle(score, on_invalid),
        "sub_rewards": parts,
        "metadata": {
            "name": grader.label,
            "type": _type(grader),
            "execution_time": seconds,
            "scores": dict(parts),
            "token_usage": score.tokens if usage else None,
            "sampled_model_name": getattr(grader, "model", None),
            "errors": _errors(score),
        },
        "model_grader_token_usage_per_model": usage,
    }


def _type(grader: Grader) -> str:
    """The type as RFT calls it; a combinator is a `multi`, and a leaf that RFT does not have keeps its own."""
    if grader.type in FIELDS:
        return grader.type
    if grader.type in _METRIC_TYPES:
        return "text_similarity"
    return "multi" if grader.parts else grader.type


def _parts(grader: Grader, score: Score) -> Iterator[tuple[str, Score]]:
    """The scores below the root, each under a name of its own."""
    if not grader.parts:
        return
    seen: set[str] = set()
    for child in score.children:
        name, number = child.name, 1
        while name in seen:
            number += 1
            name = f"{child.name}_{number}"
        seen.add(name)
        yield name, child


def _usage(grader: Grader, score: Score) -> dict[str, int]:
    """Tokens by model, of the judges whose scores can be told apart in the tree."""
    usage: dict[str, int] = {}
    _add_usage(grader, score, usage)
    return usage


def _add_usage(grader: Grader, score: Score, usage: dict[str, int]) -> None:
    model = getattr(grader, "model", None)
    if isinstance(model, str):
        usage[model] = usage.get(model, 0) + score.tokens
        return
    by_place = len(grader.parts) == len(score.children)
    by_name = {part.label: part for part in grader.parts}
    for place, child in enumerate(score.children):
        part = grader.parts[place] if by_place else by_name.get(child.name)
        if part is not None:
            _add_usage(part, child, usage)


def _errors(score: Score) -> dict[str, Any]:
    """Every flag, and what is told beside some of them."""
    errors = dict(ERRORS)
    for node in _failures(score):
        code = node.code if node.code in ERRORS else _CODE_OF_STATUS.get(node.status, "other_error")
        errors[code] = True
        detail = f"{code}_details"
        if detail in errors and errors[detail] is None:
            errors[detail] = node.reason[:_LONGEST_DETAIL] or None
        if code == "python_grader_server_error":
            errors["python_grader_server_error_type"] = node.status
    return errors


def _failures(score: Score) -> Iterator[Score]:
    """The failures that nothing below explains: leaves first, then combinators that failed by themselves."""
    below = [failure for child in score.children if child.status != "skipped" for failure in _failures(child)]
    yield from below
    if score.value is None and not below:
        yield score
