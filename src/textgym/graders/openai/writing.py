"""`to_openai`: the JSON of an RFT grader, for every grader that can be said so."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from textgym.graders.base import Grader
from textgym.graders.formula import FUNCTIONS, LONGEST
from textgym.graders.openai.closed import closed_source
from textgym.graders.openai.vocabulary import FIELDS, METRICS, NotExpressible

_TOKEN = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|([A-Za-z_][A-Za-z0-9_]*)", re.ASCII)
_NO_NAME = re.compile(r"[^A-Za-z0-9_]+", re.ASCII)
_SLACK = 1e-9  # what `threshold` allows for rounding
_LARGEST_EXPONENT = 700.0  # exp of more is beyond a float
_PROMISES = frozenset({("python", "range"), ("python", "timeout_s")})


def to_openai(grader: Grader, *, python: bool = False) -> dict[str, Any]:
    """The RFT grader that has the same value for every item and sample.

    A grader of a type that RFT has stays one. Combinators that are arithmetic become one `multi` grader, whose formula
    spells them out, in the shape of a mapping of names to graders. Names of combinators inside the tree are lost, and so
    is what does not make a value: declared bounds, a time limit shorter than theirs, and where a judge is asked.

    Args:
        grader: what is written.
        python: whether a tree without a counterpart that only looks at texts may become a `python` grader, which holds
            it as source.

    Raises:
        NotExpressible: a node has no counterpart; the message names it, and says why.
    """
    if grader.type == "root" and getattr(grader, "on_invalid", "drop") == "drop":
        (grader,) = grader.parts
    leaves = _Leaves(python)
    leaf = leaves.leaf(grader, grader.label, grader.label)
    if leaf is not None:
        return leaf
    formula = _without_outer_parentheses(leaves.written(grader, grader.label))
    if not leaves.graders:
        raise NotExpressible(grader.label, "it asks no grader, and a multi grader needs one")
    if len(formula) > LONGEST:
        raise NotExpressible(grader.label, f"its formula has {len(formula):,} characters; at most {LONGEST:,}")
    return {"type": "multi", "name": grader.label, "graders": leaves.graders, "calculate_output": formula}


def _leaf(grader: Grader, name: str, where: str) -> dict[str, Any] | None:
    """The RFT grader of one node; None where its type is none of theirs."""
    settings = grader.model_dump(mode="json", exclude={"type", "name", "service"})
    if grader.type in METRICS_OF:
        metric, fixed = _metric(grader, settings, where)
        data = {"type": "text_similarity", "evaluation_metric": metric}
        wanted = frozenset({"input", "reference"})
        settings = {key: value for key, value in settings.items() if key not in fixed}
    elif grader.type in FIELDS:
        data = {"type": grader.type}
        required, _ = FIELDS[grader.type]
        wanted = required
    else:
        return None
    for key, value in settings.items():
        if key in wanted:
            data[key] = value
        elif (grader.type, key) not in _PROMISES and getattr(grader, key) != _default(grader, key):
            if grader.type not in FIELDS or key not in FIELDS[grader.type][1]:
                raise NotExpressible(where, f"RFT's {data['type']} has no setting {key!r}")
            data[key] = _said(getattr(grader, key), value)
    for key in ("input", "reference") if data["type"] in ("string_check", "text_similarity") else ():
        if not isinstance(data[key], str):
            raise NotExpressible(where, f"RFT has {key} as a text, and this is {type(data[key]).__name__}")
    if data.get("model", "") is None:
        raise NotExpressible(where, "RFT's judges name their model, and this one leaves it to the environment")
    return {"type": data.pop("type"), "name": name, **data}


METRICS_OF: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
"""For each type of grader that is a metric of `text_similarity` the metrics, each with the settings that make it one."""
for _name, _made in METRICS.items():
    METRICS_OF.setdefault(_made["type"], []).append((_name, {k: v for k, v in _made.items() if k != "type"}))


def _metric(grader: Grader, settings: Mapping[str, Any], where: str) -> tuple[str, Mapping[str, Any]]:
    for metric, fixed in METRICS_OF[grader.type]:
        if all(settings[key] == value for key, value in fixed.items()):
            return metric, fixed
    raise NotExpressible(where, "text_similarity has no such metric")


def _said(value: Any, dumped: Any) -> Any:
    """A setting that may be left out: of one with settings of its own those that are not at their default."""
    return value.model_dump(mode="json", exclude_defaults=True) if isinstance(value, BaseModel) else dumped


def _default(grader: Grader, key: str) -> Any:
    return type(grader).model_fields[key].get_default(call_default_factory=True)


@dataclass
class _Leaves:
    """The graders that a formula speaks of, collected while it is written."""

    python: bool
    graders: dict[str, dict[str, Any]] = field(default_factory=dict)

    def leaf(self, grader: Grader, name: str, where: str) -> dict[str, Any] | None:
        """The RFT grader of one node, also one that holds the tree below it as source; None where it has to be a formula."""
        try:
            leaf = _leaf(grader, name, where)
        except NotExpressible:
            if not self.python or (source := closed_source(grader)) is None:
                raise
        else:
            if leaf is not None or not self.python or grader.type in _WRITERS:
                return leaf
            source = closed_source(grader)
        return None if source is None else {"type": "python", "name": name, "source": source}

    def written(self, grader: Grader, where: str, key: str | None = None) -> str:
        """A node as an expression that can stand anywhere: a name, a number, a call, or something in parentheses."""
        key = key or grader.label
        leaf = self.leaf(grader, grader.name or key, where)
        if leaf is not None:
            return self._name(key, leaf, shared=not grader.waits)
        write = _WRITERS.get(grader.type)
        if write is None:
            raise NotExpressible(where, f"RFT has no counterpart of {grader.type!r}")
        return write(self, grader, where)

    def part(self, grader: Grader, where: str) -> str:
        """A part of the node at `where`."""
        return self.written(grader, f"{where} > {grader.label}")

    def _name(self, wish: str, leaf: dict[str, Any], shared: bool) -> str:
        """The name under which the formula speaks of a grader. Equal ones that only compute are asked once."""
        plain = _NO_NAME.sub("_", wish).strip("_") or "grader"
        if plain[0].isdigit() or plain in FUNCTIONS:
            plain = f"grader_{plain}"
        name, number = plain, 1
        while name in self.graders:
            if shared and self.graders[name] == leaf:
                return name
            number += 1
            name = f"{plain}_{number}"
        self.graders[name] = leaf
        return name


def _without_outer_parentheses(text: str) -> str:
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return text[1:-1] if text[0] == "(" and at == len(text) - 1 else text
    return text


def _number(value: float) -> str:
    text = str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return f"({text})" if value < 0 else text


def _sum(leaves: _Leaves, grader: Any, where: str) -> str:
    shares = grader.weights or (1.0,) * len(grader.graders)
    return _weighted(leaves, grader.graders, shares, grader.bias, where)


def _weighted_mean(leaves: _Leaves, grader: Any, where: str) -> str:
    if grader.optional:
        raise NotExpressible(where, "a mean that leaves parts without a value out is no formula")
    weights = grader.weights or (1.0,) * len(grader.graders)
    whole = math.fsum(weights)
    return _weighted(leaves, grader.graders, tuple(weight / whole for weight in weights), 0.0, where)


def _weighted(leaves: _Leaves, graders: tuple[Grader, ...], weights: tuple[float, ...], bias: float, where: str) -> str:
    terms = [] if bias == 0 else [_number(bias)]
    for weight, part in zip(weights, graders, strict=True):
        text = leaves.part(part, where)
        terms.append(text if weight == 1 else f"{_number(weight)} * {text}")
    return f"({' + '.join(terms)})"


def _call(name: str) -> Callable[[_Leaves, Any, str], str]:
    def write(leaves: _Leaves, grader: Any, where: str) -> str:
        parts = [leaves.part(part, where) for part in grader.graders]
        return parts[0] if len(parts) == 1 else f"{name}({', '.join(parts)})"

    return write


def _product(leaves: _Leaves, grader: Any, where: str) -> str:
    return f"({' * '.join(leaves.part(part, where) for part in grader.graders)})"


def _geometric(leaves: _Leaves, grader: Any, where: str) -> str:
    weights = grader.weights or (1.0,) * len(grader.graders)
    whole = math.fsum(weights)
    factors = [
        f"{leaves.part(part, where)} ^ {_number(weight / whole)}"
        for part, weight in zip(grader.graders, weights, strict=True)
    ]
    return f"({' * '.join(factors)})"


def _not(leaves: _Leaves, grader: Any, where: str) -> str:
    return f"({_number(sum(grader.grader.bounds))} - {leaves.part(grader.grader, where)})"


def _invert(leaves: _Leaves, grader: Any, where: str) -> str:
    return f"({_number(grader.total)} - {leaves.part(grader.grader, where)})"


def _affine(leaves: _Leaves, grader: Any, where: str) -> str:
    return f"({_number(grader.scale)} * {leaves.part(grader.grader, where)} + {_number(grader.offset)})"


def _clip(leaves: _Leaves, grader: Any, where: str) -> str:
    return f"min(max({leaves.part(grader.grader, where)}, {_number(grader.low)}), {_number(grader.high)})"


def _power(leaves: _Leaves, grader: Any, where: str) -> str:
    return f"({leaves.part(grader.grader, where)} ^ {_number(grader.exponent)})"


def _sigmoid(leaves: _Leaves, grader: Any, where: str) -> str:
    if max(abs(grader.steepness * (end - grader.midpoint)) for end in grader.grader.bounds) > _LARGEST_EXPONENT:
        raise NotExpressible(where, "it is so steep that its formula is beyond the range of numbers")
    exponent = f"{_number(-grader.steepness)} * ({leaves.part(grader.grader, where)} - {_number(grader.midpoint)})"
    return f"(1 / (1 + exp({exponent})))"


def _step(text: str, at_least: float) -> str:
    """1 where the value reaches `at_least`, else 0, of what RFT's formulas have."""
    return f"min(1, max(0, 1 + floor({text} - {_number(at_least - _SLACK)})))"


def _threshold(leaves: _Leaves, grader: Any, where: str) -> str:
    return _step(leaves.part(grader.grader, where), grader.at_least)


def _k_of_n(leaves: _Leaves, grader: Any, where: str) -> str:
    steps = [_step(leaves.part(part, where), grader.at_least) for part in grader.graders]
    return _step(f"({' + '.join(steps)})", float(grader.k))


def _penalty(leaves: _Leaves, grader: Any, where: str) -> str:
    base, penalty = leaves.part(grader.base, where), leaves.part(grader.penalty, where)
    return f"max({_number(grader.floor)}, {base} - {_number(grader.weight)} * {penalty})"


def _constant(leaves: _Leaves, grader: Any, where: str) -> str:
    return _number(grader.value)


def _formula(leaves: _Leaves, grader: Any, where: str) -> str:
    """The formula with the expression of each grader in place of its name, and the graders that it leaves unsaid."""
    texts = {name: leaves.written(part, f"{where} > {name}", name) for name, part in grader.graders.items()}

    def put(token: re.Match[str]) -> str:
        return texts.get(token[1], token[0]) if token[1] and not _is_call(grader.formula, token.end()) else token[0]

    return f"({_TOKEN.sub(put, grader.formula)})"


def _is_call(formula: str, end: int) -> bool:
    return formula[end:].lstrip().startswith("(")


_WRITERS: dict[str, Callable[[_Leaves, Any, str], str]] = {
    "sum": _sum,
    "weighted_mean": _weighted_mean,
    "product": _product,
    "geometric": _geometric,
    "min": _call("min"),
    "max": _call("max"),
    "not": _not,
    "invert": _invert,
    "affine": _affine,
    "clip": _clip,
    "power": _power,
    "sigmoid": _sigmoid,
    "threshold": _threshold,
    "k_of_n": _k_of_n,
    "penalty": _penalty,
    "constant": _constant,
    "formula": _formula,
}
