"""A tree of graders that only look at texts, as the source of one `python` grader.

So is written what RFT has no type and no formula for: texts compared without regard to case or space, and combinators that
decide which of their parts count. The source holds a small interpreter and the tree as data.
"""

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

from textgym.graders.base import Grader
from textgym.graders.code.python import LONGEST_SOURCE
from textgym.graders.template import paths

_EMPTY = 'json.loads("null")'
_SAME_EVERYWHERE = ("item.", "item[")  # what `sample` holds beside the text is not told the same way by every service


def closed_source(grader: Grader) -> str | None:
    """The source of a `python` grader of the same value; None where the tree holds something that it cannot say."""
    tree = _node(grader)
    if tree is None:
        return None
    source = _runtime().replace(_EMPTY, f"json.loads({json.dumps(json.dumps(tree))})", 1)
    return source if len(source.encode()) <= LONGEST_SOURCE else None


@cache
def _runtime() -> str:
    return Path(__file__).with_name("closed_runtime.py").read_text(encoding="utf-8")


def _node(grader: Any) -> list[Any] | None:
    made = _said(grader)
    if made is None:
        return None
    kind, settings = made
    parts = [_node(part) for part in grader.parts]
    if any(part is None for part in parts):
        return None
    return [kind, settings, parts]


def _said(grader: Any) -> tuple[str, dict[str, Any]] | None:
    """The type and the settings of a node in the source; None where it has none there."""
    kind = grader.type
    if kind in ("exact", "string_check", "contains_all", "contains_any", "contains_none"):
        return _leaf(grader)
    if kind == "case":
        return (kind, {"on": grader.on, "values": list(grader.graders)}) if _readable(grader.on) else None
    if kind in ("sum", "weighted_mean"):
        return _weighted(grader)
    if kind == "not":
        return "weighted", {"weights": [-1.0], "bias": sum(grader.grader.bounds)}
    if kind == "invert":
        return "weighted", {"weights": [-1.0], "bias": grader.total}
    if kind == "affine":
        return "weighted", {"weights": [grader.scale], "bias": grader.offset}
    if kind == "threshold":
        return "k_of_n", {"k": 1, "at_least": grader.at_least}
    named = {"gate": ("at_least",), "k_of_n": ("k", "at_least"), "clip": ("low", "high"), "constant": ("value",)}
    if kind in ("min", "max", "median", "product", "first_valid") or kind in named:
        return kind, {name: getattr(grader, name) for name in named.get(kind, ())}
    return None


def _leaf(grader: Any) -> tuple[str, dict[str, Any]] | None:
    settings = grader.model_dump(mode="json", exclude={"type", "name", "nfkc"})
    if getattr(grader, "nfkc", False) or not (_readable(grader.input) and _readable(grader.reference)):
        return None
    return grader.type, settings


def _weighted(grader: Any) -> tuple[str, dict[str, Any]] | None:
    weights = list(grader.weights or (1.0,) * len(grader.graders))
    if grader.type == "sum":
        return "weighted", {"weights": weights, "bias": grader.bias}
    if grader.optional:
        return None
    whole = math.fsum(weights)
    return "weighted", {"weights": [weight / whole for weight in weights], "bias": 0.0}


def _readable(value: Any) -> bool:
    """Whether templates look at nothing but the item and the text of the output."""
    return all(path == "sample.output_text" or path.startswith(_SAME_EVERYWHERE) for path in paths(value))
