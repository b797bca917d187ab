"""The source of `python` graders that a tree of text graders is written as; standard library of Python 3.9 and no more.

`closed.py` puts the tree in place of the empty one. A node is a list: its type, its settings by name, its parts.
"""

from __future__ import annotations

import json
import re
from typing import Any

TREE: Any = json.loads("null")
SLACK = 1e-9
TEMPLATE = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)
STEP = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*)|\[([0-9]+)\]")


class NoValueError(Exception):
    """A template leads nowhere, or a part is needed that there is not."""


def grade(sample: dict[str, Any], item: dict[str, Any]) -> float:
    """The value of the tree."""
    return float(value_of(TREE, {"sample": sample, "item": item}))


def value_of(node: Any, names: dict[str, Any]) -> float:
    """The value of a node."""
    kind, settings, parts = node
    if kind == "gate":
        holds = value_of(parts[0], names) >= settings["at_least"] - SLACK
        return value_of(parts[1 if holds else 2], names)
    if kind == "case":
        on = as_text(fill(settings["on"], names))
        if on in settings["values"]:
            return value_of(parts[settings["values"].index(on)], names)
        if len(parts) > len(settings["values"]):
            return value_of(parts[-1], names)
        raise NoValueError("there is no grader for this value, and no default")
    if kind == "first_valid":
        for part in parts:
            try:
                return value_of(part, names)
            except NoValueError as error:
                failure = error
        raise failure
    if not parts:
        return leaf_value(kind, settings, names)
    return combined(kind, settings, [value_of(part, names) for part in parts])


def combined(kind: str, settings: dict[str, Any], values: list[float]) -> float:
    """The value of a combinator that asks all its parts."""
    if kind == "weighted":
        made = float(settings["bias"])
        for weight, value in zip(settings["weights"], values):  # noqa: B905 (before Python 3.10)
            made += weight * value
        return made
    if kind == "product":
        made = 1.0
        for value in values:
            made *= value
        return made
    if kind == "median":
        ranked, half = sorted(values), len(values) // 2
        return ranked[half] if len(ranked) % 2 else (ranked[half - 1] + ranked[half]) / 2
    if kind == "k_of_n":
        return float(sum(value >= settings["at_least"] - SLACK for value in values) >= settings["k"])
    if kind == "clip":
        return float(min(max(values[0], settings["low"]), settings["high"]))
    return min(values) if kind == "min" else max(values)


def leaf_value(kind: str, settings: dict[str, Any], names: dict[str, Any]) -> float:
    """The value of a grader of texts, or of a number."""
    if kind == "constant":
        return float(settings["value"])
    text = as_text(fill(settings["input"], names))
    reference = fill(settings["reference"], names)
    if kind == "string_check":
        gold = as_text(reference)
        return float(
            {
                "eq": text == gold,
                "ne": text != gold,
                "like": gold in text,
                "ilike": gold.casefold() in text.casefold(),
            }[settings["operation"]]
        )
    golds = [as_text(one) for one in reference] if isinstance(reference, list) else [as_text(reference)]
    if not golds:
        raise NoValueError("the reference is an empty list")
    text = normal(text, settings)
    golds = [normal(gold, settings) for gold in golds]
    if kind == "exact":
        return float(text in golds)
    if not all(golds):
        raise NoValueError("one of the texts to look for is empty")
    there = [gold in text for gold in golds]
    return float({"contains_all": all(there), "contains_any": any(there), "contains_none": not any(there)}[kind])


def normal(text: str, settings: dict[str, Any]) -> str:
    """The form of a text that is compared."""
    if not settings["case"]:
        text = text.casefold()
    space = settings["space"]
    if space == "strip":
        return text.strip()
    if space in ("collapse", "remove"):
        return (" " if space == "collapse" else "").join(text.split())
    return text


def fill(value: Any, names: dict[str, Any]) -> Any:
    """A setting with its templates filled in."""
    if isinstance(value, str):
        if value.startswith("{{") and value.find("}}") == len(value) - 2:  # the value itself, and not as text
            return look_up(value[2:-2].strip(), names)
        return TEMPLATE.sub(lambda found: as_text(look_up(found.group(1), names)), value)
    if isinstance(value, list):
        return [fill(inner, names) for inner in value]
    if isinstance(value, dict):
        return {key: fill(inner, names) for key, inner in value.items()}
    return value


def look_up(path: str, names: dict[str, Any]) -> Any:
    """What stands at a path of names and places."""
    value: Any = names
    for name, place in STEP.findall(path):
        try:
            if name:
                value = value[name] if isinstance(value, dict) else None
            else:
                value = value[int(place)] if isinstance(value, (list, tuple)) else None
        except (KeyError, IndexError):
            value = None
        if value is None:
            raise NoValueError("{{ " + path + " }} leads nowhere")
    return value


def as_text(value: Any) -> str:
    """A value as it is written into a text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
