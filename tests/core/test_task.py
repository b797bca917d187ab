"""A task is the same however it is made: by a generator with parts of the right types, or out of whatever was read."""

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError

from textgym.core import Task

JSON = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
PARTS = st.dictionaries(st.text(max_size=4), JSON, max_size=3)
ANYTHING = (
    st.booleans() | st.integers() | st.text(max_size=5) | PARTS | st.lists(JSON, max_size=2) | st.binary(max_size=3)
)


class Parts(dict[str, Any]):
    """A dictionary of another type."""


class Validated(Task):
    """A task all of which pydantic looks at."""

    __init__ = BaseModel.__init__  # type: ignore[assignment]


class Dated(Task):
    """A task with fields of its own."""

    year: int = 2024
    sources: list[str] = Field(default_factory=list)


def made(make: Any, fields: dict[str, Any]) -> Any:
    try:
        return make(fields)
    except ValidationError as error:
        return [(problem["loc"], problem["type"]) for problem in error.errors()]


def same(one: Any, other: Any) -> None:
    assert isinstance(one, Task) == isinstance(other, Task)
    if not isinstance(one, Task):
        assert one == other
    else:
        assert one.model_dump() == other.model_dump()
        assert one.secret == other.secret
        assert one.family == other.family
        assert type(one.difficulty) is type(other.difficulty)
        assert one.model_fields_set == other.model_fields_set


@given(
    st.fixed_dictionaries(
        {"prompt": st.text(max_size=5)},
        optional={
            "secret": PARTS,
            "data": PARTS.map(Parts) | PARTS,
            "family": st.text(max_size=5),
            "difficulty": st.integers(-(10**20), 10**20)
            | st.floats(allow_nan=False)
            | st.text(max_size=3)
            | st.booleans(),
            "split": st.sampled_from(["train", "test"]),
            "index": st.integers(0, 9),
        },
    )
)
def test_what_is_right_is_the_same_as_when_it_is_validated(fields: dict[str, Any]) -> None:
    same(Task(**fields), Validated.model_validate(fields))


@given(
    st.dictionaries(
        st.sampled_from(["prompt", "secret", "data", "family", "difficulty", "id", "split", "index", "more"]), ANYTHING
    )
)
def test_what_is_wrong_is_refused_in_the_same_words(fields: dict[str, Any]) -> None:
    if "prompt" in fields:
        same(made(lambda given: Task(**given), fields), made(Validated.model_validate, fields))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda task: pickle.loads(pickle.dumps(task))])
def test_a_task_can_be_copied_and_changed_in_a_copy_alone(copied: Any) -> None:
    task = Task(prompt="What is 1 + 1?", secret={"answer": 2}, data={"numbers": [1, 1]}, family="sum", difficulty=1)
    twin = copied(task)
    assert (twin, twin.secret, twin.family) == (task, task.secret, task.family)
    changed = task.model_copy(update={"id": "sum/train/0", "secret": {}})
    assert (changed.id, changed.secret, task.id, task.secret) == ("sum/train/0", {}, "", {"answer": 2})
    with pytest.raises(ValidationError, match="frozen"):
        task.prompt = "What is 2 + 2?"


def test_a_task_of_another_kind_has_its_own_fields() -> None:
    parts: dict[str, Any] = {"prompt": "When?", "secret": {}, "data": {}, "family": "when", "difficulty": 1}
    assert Dated(**parts).model_dump() == Task(**parts).model_dump() | {"year": 2024, "sources": []}
    assert Dated(**parts, year=1999).year == 1999
