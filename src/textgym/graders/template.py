"""Templates: `{{ item.answer }}` and `{{ sample.output_text }}` inside the settings of a grader.

A template is a path and nothing else: names and places in lists, no filters, no calls, no evaluation. A text that
consists of one template stands for the value itself, whatever its type; templates inside a longer text are written into
it.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from textgym.core.errors import did_you_mean
from textgym.graders.errors import Invalid
from textgym.graders.sample import SampleNames

_OPEN, _CLOSE = "{{", "}}"
_PART = re.compile(r"\.?([A-Za-z_][A-Za-z0-9_-]{0,99})|\[([0-9]{1,9})\]", re.ASCII)
_ROOTS = ("item", "sample")


def resolve(value: Any, names: Mapping[str, Any]) -> Any:
    """`value` with its templates filled in, also inside lists and objects.

    Args:
        value: JSON values; texts may hold templates.
        names: what `item` and `sample` stand for.

    Raises:
        Invalid: a path leads nowhere; with the status `unparseable` where it is one into the sample, such as a field of
            `sample.output_json` where the output is no JSON.
    """
    if isinstance(value, str):
        return _fill(value, names) if _OPEN in value else value
    if isinstance(value, Mapping):
        return {key: resolve(inner, names) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [resolve(inner, names) for inner in value]
    return value


def as_text(value: Any) -> str:
    """A value as it is written into a text: texts as they are, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def paths(value: Any) -> Iterator[str]:
    """The paths of all templates in `value`, in the order in which they are met.

    Raises:
        ValueError: a template is malformed; the message says which and why.
    """
    if isinstance(value, str):
        for _, path in _pieces(value):
            if path is not None:
                _steps(path)
                yield path
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from paths(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from paths(inner)


@lru_cache(maxsize=4096)
def _pieces(text: str) -> tuple[tuple[str, str | None], ...]:
    """The text in order as pairs of literal text and the path after it; the path is None at the end."""
    found: list[tuple[str, str | None]] = []
    at = 0
    while (start := text.find(_OPEN, at)) >= 0:
        end = text.find(_CLOSE, start)
        if end < 0:
            raise ValueError(f"a template is not closed: {text[start : start + 60]!r}")
        found.append((text[at:start], text[start + len(_OPEN) : end].strip()))
        at = end + len(_CLOSE)
    found.append((text[at:], None))
    return tuple(found)


@lru_cache(maxsize=4096)
def _steps(path: str) -> tuple[str | int, ...]:
    """A path as names and places.

    Raises:
        ValueError: it is malformed.
    """
    steps: list[str | int] = []
    at = 0
    while at < len(path):
        part = _PART.match(path, at)
        if part is None or (part[0].startswith(".") != bool(steps) and part[1] is not None):
            raise ValueError(f"{{{{ {path} }}}} is no path: write names and places, such as item.answers[0].text")
        steps.append(part[1] if part[1] is not None else int(part[2]))
        at = part.end()
    if not steps or steps[0] not in _ROOTS:
        raise ValueError(
            f"{{{{ {path} }}}}: a path begins with item or sample; text with braces of its own belongs into the item"
        )
    if steps[0] == "sample" and steps[1:] and steps[1] not in SampleNames.NAMES:
        raise ValueError(
            f"{{{{ {path} }}}}: a sample has no such field; {did_you_mean(str(steps[1]), SampleNames.NAMES)}"
        )
    return tuple(steps)


def _fill(text: str, names: Mapping[str, Any]) -> Any:
    try:
        pieces = _pieces(text)
        if len(pieces) == 2 and not pieces[0][0] and not pieces[1][0] and pieces[0][1] is not None:
            return _look_up(pieces[0][1], names)
        return "".join(
            literal if path is None else literal + as_text(_look_up(path, names)) for literal, path in pieces
        )
    except ValueError as error:
        raise Invalid("error", str(error), code="invalid_variable_error") from None


def _look_up(path: str, names: Mapping[str, Any]) -> Any:
    value: Any = names
    for step in _steps(path):
        try:
            if isinstance(step, int):
                if not isinstance(value, Sequence) or isinstance(value, str):
                    raise KeyError(step)
                value = value[step]
            else:
                value = value[step] if isinstance(value, Mapping) else None
        except (KeyError, IndexError):
            value = None
        if value is None:
            reason = f"{{{{ {path} }}}} leads nowhere: there is no {step!r}"
            if path.startswith("sample"):  # what the policy gave is not of the form that is read here
                raise Invalid("unparseable", reason, code="sample_parse_error")
            raise Invalid("error", reason, code="invalid_variable_error")
    return value
