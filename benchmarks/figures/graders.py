"""How many outputs the leaves of a grader score in a second."""

import json
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

from rapidfuzz import fuzz

from report import Report, Target
from rounds import interleave
from sizes import Size
from textgym.core import Random
from textgym.graders import Sample, load

_WORDS = [
    "rain",
    "wind",
    "cold",
    "front",
    "city",
    "river",
    "mountain",
    "train",
    "people",
    "north",
    "south",
    "early",
    "late",
    "slowly",
    "over",
    "under",
    "between",
]
_GOLD = "{{ item.gold }}"
_Pair = tuple[str, Any]


def _phrase(rng: Random, words: int) -> str:
    return " ".join(rng.choice(_WORDS) for _ in range(words))


def _reworded(rng: Random, text: str) -> str:
    """The text with every fifth word another."""
    return " ".join(rng.choice(_WORDS) if rng.random() < 0.2 else word for word in text.split())


def _texts(words: int) -> Callable[[Random], _Pair]:
    def pair(rng: Random) -> _Pair:
        gold = _phrase(rng, words)
        return _reworded(rng, gold), gold

    return pair


def _number(rng: Random) -> _Pair:
    gold = rng.randint(1, 10**6)
    return (f"{gold:,}" if rng.random() < 0.5 else f"{gold / 2}"), gold


def _quantity(rng: Random) -> _Pair:
    speed = rng.randint(1, 500)
    return f"{speed * 36} km/h", f"{speed * 10} m/s"


def _label(rng: Random) -> _Pair:
    return f"{_phrase(rng, 20)}, so the answer is ({rng.choice('ABCD')}).", rng.choice("ABCD")


def _things(rng: Random) -> _Pair:
    return ", ".join(rng.sample(_WORDS, 6)), rng.sample(_WORDS, 6)


def _object(rng: Random) -> _Pair:
    gold = {"name": _phrase(rng, 2), "tags": rng.sample(_WORDS, 4), "total": rng.randint(1, 99)}
    return json.dumps(gold), gold


def _table(rng: Random) -> _Pair:
    rows = [f"{_phrase(rng, 2)},{rng.randint(1, 999)}" for _ in range(20)]
    return "name,total\n" + "\n".join(rng.sample(rows, 20)), "name,total\n" + "\n".join(rows)


_SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z ]+$"},
        "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        "total": {"type": "integer"},
    },
    "required": ["name", "tags", "total"],
    "additionalProperties": False,
}

_PLAIN: dict[str, tuple[dict[str, Any], Callable[[Random], _Pair]]] = {
    "number_equal": ({}, _number),
    "quantity_equal": ({}, _quantity),
    "choice": ({}, _label),
    "set_f1": ({}, _things),
    "kendall": ({}, _things),
    "json_equal": ({}, _object),
    "json_schema": ({"reference": _SCHEMA}, _object),
    "table_match": ({}, _table),
}
_ON_TEXTS: dict[str, dict[str, Any]] = {
    "exact": {"case": False, "nfkc": True, "space": "collapse"},
    "contains_any": {"reference": ["snow", "storm"]},
    "regex": {"pattern": r"\bmountain (train|people)$", "reference": None},
    "fuzzy": {},
    "levenshtein": {},
    "token_f1": {},
    "rouge": {},
    "gleu": {},
    "bleu": {},
    "chrf": {},
    "repetition": {"reference": None},
    "length_window": {"low": 30, "high": 300, "slack": 100, "reference": None},
}
_COUNTS = {"bleu": 10, "chrf": 10, "gleu": 4, "json_schema": 4, "table_match": 10}  # by how much less work these do


def run(size: Size) -> Report:
    """Scores a second of the main leaves, on fresh pairs of output and reference; rapidfuzz without a grader beside them."""
    report = Report("graders", "scores a second of the leaves of a grader, each with its evidence")
    contenders: dict[str, Callable[[], int]] = {}
    count = size.pick(2000, 500, 5)
    for kind, (settings, make) in _PLAIN.items():
        contenders[kind] = _grading(kind, settings, _pairs(make, count), count)
    for words in (40, 400):
        pairs = _pairs(_texts(words), count)
        for kind, settings in _ON_TEXTS.items():
            contenders[f"{kind}, {words} words"] = _grading(kind, settings, pairs, count * 40 // words)
        contenders[f"rapidfuzz.fuzz.ratio alone, {words} words"] = _alone(pairs, count)
    rates = interleave(contenders, size.pick(15, 5, 1), workers=False)
    report.rows = [one.row(name, "scores/s") for name, one in rates.items()]
    by_name = {row.name: row for row in report.rows}
    for name, least in (
        ("number_equal", 20_000),
        ("exact, 40 words", 20_000),
        ("fuzzy, 40 words", 20_000),
        ("rouge, 400 words", 320),
    ):
        row = by_name[name]
        assert row.cpu is not None
        report.targets.append(Target(f"scores a second of {name}", row.cpu, ">=", least, "cpu", row.wall))
    report.notes.append("rouge's target is ten times what the package rouge-score does on 400 words, 32 a second.")
    return report


def _pairs(make: Callable[[Random], _Pair], count: int) -> list[_Pair]:
    rng = Random(b"graders")
    return [make(rng) for _ in range(count)]


def _grading(kind: str, settings: dict[str, Any], pairs: list[_Pair], count: int) -> Callable[[], int]:
    given = {"type": kind, "reference": _GOLD, **settings}
    grader = load({key: value for key, value in given.items() if value is not None})
    scored = max(count // _COUNTS.get(kind, 1), 1)
    stream: Iterator[_Pair] = cycle(pairs)

    def work() -> int:
        for _ in range(scored):
            output, gold = next(stream)
            score = grader.grade({"gold": gold}, Sample(output_text=output))
            assert score.status == "ok", score
        return scored

    return work


def _alone(pairs: list[_Pair], count: int) -> Callable[[], int]:
    def work() -> int:
        for output, gold in pairs[:count]:
            fuzz.ratio(output, gold)
        return count

    return work
