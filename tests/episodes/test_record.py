"""`Episode`: what goes in comes out."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sample_episodes import episode

from textgym.core import Completion, Evidence, Outcome, Score, Status, StopReason
from textgym.episodes import Episode, TurnRecord
from textgym.episodes.lines import seal, unseal

# All of Unicode, lone surrogates included. A high surrogate before a low one is UTF-16 for one character, and JSON
# rightly makes one of them: such pairs are left out.
characters = st.characters() | st.characters(min_codepoint=0xD800, max_codepoint=0xDBFF, categories=["Cs"])
text = st.text(characters, max_size=20)
number = st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | number | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(text, json_values, max_size=3)


@st.composite
def scores(draw: st.DrawFn, depth: int = 2) -> Score:
    status = draw(st.sampled_from(["ok", "timeout", "error"]))
    return Score(
        name=draw(text),
        value=draw(number) if status == "ok" else None,
        status=status,
        reason=draw(text),
        weight=draw(number),
        bounds=(draw(number), draw(number)),
        evidence=tuple(Evidence(label=draw(text), text=draw(text), secret=draw(st.booleans())) for _ in range(depth)),
        children=tuple(draw(st.lists(scores(depth=depth - 1), max_size=2))) if depth else (),
    )


completions = st.builds(
    Completion,
    text,
    token_ids=st.none() | st.lists(st.integers(0, 2**32), max_size=4),
    logprobs=st.none() | st.lists(number, max_size=4),
    usage=st.none() | objects,
    extra=st.none() | objects,
)
turns = st.builds(
    TurnRecord, text, text, number, objects, st.none() | st.just("0123456789abcdef"), st.none() | completions, number
)
episodes = st.builds(
    Episode,
    episode_id=text,
    env_id=text,
    config=objects,
    task_id=text,
    seed=st.integers(0, 2**63),
    group=st.integers(0, 2**31),
    sibling=st.integers(0, 64),
    observation=text,
    turns=st.lists(turns, max_size=3),
    reward=st.none() | number,
    outcome=st.builds(
        Outcome,
        status=st.sampled_from(Status),
        stop_reason=st.sampled_from(StopReason),
        success=st.booleans(),
        score=scores(),
        error=st.none() | text,
    ),
    policy=objects,
    timings=st.dictionaries(text, number, max_size=2),
    versions=st.dictionaries(text, text, max_size=2),
)


@given(episodes)
def test_any_episode_comes_back_equal_from_a_line(record: Episode) -> None:
    line = seal(record.as_json())
    assert line.count(b"\n") == 1
    assert Episode.from_json(unseal(line)) == record


@given(episodes)
def test_as_json_gives_exactly_what_json_would_read_back(record: Episode) -> None:
    values = record.as_json()
    assert json.loads(json.dumps(values)) == values


def test_values_of_numpy_become_plain() -> None:
    record = episode()
    record.turns[0].info = {"loss": np.float32(0.5), "count": np.int64(3), "row": np.arange(2), "ok": np.bool_(True)}
    values = record.as_json()["turns"][0]["info"]
    assert values == {"loss": 0.5, "count": 3, "row": [0, 1], "ok": True}
    assert [type(value) for value in values.values()] == [float, int, list, bool]


@pytest.mark.parametrize("value", [{1, 2}, b"bytes", object(), {(1, 2): 3}])
def test_what_json_cannot_hold_is_refused(value: object) -> None:
    record = episode()
    record.turns[0].info = {"it": value}
    with pytest.raises(ValueError, match="JSON values"):
        record.as_json()


def test_a_number_that_is_not_finite_is_not_turned_into_null() -> None:
    record = episode()
    record.turns[0].info = {"loss": math.nan}
    record.turns[0].completion = Completion("7", logprobs=[-math.inf])
    turn = record.as_json()["turns"][0]
    assert math.isnan(turn["info"]["loss"])
    assert turn["completion"]["logprobs"] == [-math.inf]


@pytest.mark.parametrize("damage", [{"reward": "much"}, {"unknown": 1}, {"turns": [{"action": "x", "no": 1}]}])
def test_a_wrong_record_is_refused(damage: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Episode.from_json(episode().as_json() | damage)


def test_split_and_index_are_read_off_the_task_id() -> None:
    record = episode()
    record.task_id = "textgym/GuessNumber-v0~825d97c6/validation/12"
    assert (record.split, record.index) == ("validation", 12)


def test_messages_alternate_between_environment_and_policy() -> None:
    assert [message["role"] for message in episode(turns=2).messages] == ["user", "assistant"] * 2 + ["user"]
