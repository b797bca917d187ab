"""The Text space: any Unicode, O(1) membership, and a citizen of Gymnasium's vector machinery."""

import copy
import pickle
import sys

import gymnasium as gym
import numpy as np
import pytest
from core_envs import Obey
from gymnasium import spaces
from gymnasium.vector.utils import batch_space, concatenate, create_empty_array, create_shared_memory, iterate
from gymnasium.vector.utils.shared_memory import read_from_shared_memory, write_to_shared_memory
from hypothesis import given
from hypothesis import strategies as st

from textgym.core import Text

ANY_TEXT = st.text(st.characters(), max_size=40)  # lone surrogates included


@given(ANY_TEXT)
def test_every_string_within_the_length_is_a_member(text):
    assert text in Text(40)
    assert (text + "x" * 41) not in Text(40)


@pytest.mark.parametrize("value", [None, 3, b"bytes", ["a"], ("a",), np.array("a")])
def test_what_is_no_string_is_no_member(value):
    assert value not in Text(40)


def test_membership_does_not_look_at_the_characters():
    class Counting(str):
        looked = 0

        def __iter__(self):
            Counting.looked += 1
            return super().__iter__()

    assert Counting("x" * 1000) in Text(1000)
    assert Counting.looked == 0


def test_a_length_below_one_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        Text(0)


def test_samples_are_members_follow_from_the_seed_and_leave_ascii():
    space = Text(30)
    space.seed(5)
    first = [space.sample() for _ in range(200)]
    assert all(text in space for text in first)
    assert [Text(30, seed=5).sample() for _ in range(1)] == first[:1]
    space.seed(5)
    assert [space.sample() for _ in range(200)] == first
    assert any(not text.isascii() for text in first)


@pytest.mark.parametrize("arguments", [{"mask": (1, None)}, {"probability": (1, None)}])
def test_masks_are_refused(arguments):
    with pytest.raises(ValueError, match="neither mask nor probability"):
        Text(30).sample(**arguments)


def test_equality_is_of_the_length_and_not_with_gymnasiums_text():
    assert Text(30) == Text(30, seed=1)
    assert hash(Text(30)) == hash(Text(30))
    assert Text(30) != Text(31)
    assert Text(30) != spaces.Text(30)
    assert spaces.Text(30) != Text(30)
    assert "30" in repr(Text(30))


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda space: pickle.loads(pickle.dumps(space))])
def test_a_duplicate_is_equal_and_goes_on_from_the_same_state(duplicate):
    space = Text(30, seed=9)
    space.sample()
    twin = duplicate(space)
    assert twin == space
    assert [twin.sample() for _ in range(5)] == [space.sample() for _ in range(5)]


def test_jsonable_round_trip():
    texts = ["", "é\x00🙂", "plain"]
    space = Text(30)
    assert space.from_jsonable(space.to_jsonable(texts)) == texts


def test_a_batch_is_a_tuple_of_texts():
    batch = batch_space(Text(7), 3)
    assert batch == spaces.Tuple([Text(7)] * 3)
    assert ("a", "é", "") in batch
    assert concatenate(Text(7), ["a", "b", "c"], create_empty_array(Text(7), 3)) == ("a", "b", "c")
    assert create_empty_array(Text(7), 3) in batch


def test_a_batch_is_iterated_text_by_text_and_one_text_not_at_all():
    assert list(iterate(batch_space(Text(7), 3), ("a", "é", ""))) == ["a", "é", ""]
    with pytest.raises(gym.error.CustomSpaceError):
        iterate(Text(7), "abc")


@given(st.lists(ANY_TEXT, min_size=2, max_size=4))
def test_shared_memory_keeps_every_character(texts):
    import multiprocessing

    space = Text(40)
    memory = create_shared_memory(space, len(texts), ctx=multiprocessing)
    for index, text in enumerate(texts):
        write_to_shared_memory(space, index, text, memory)
    assert tuple(read_from_shared_memory(space, memory, len(texts))) == tuple(texts)


def test_what_was_read_from_shared_memory_shows_later_writes_and_a_copy_does_not():
    import multiprocessing

    space = Text(10)
    memory = create_shared_memory(space, 2, ctx=multiprocessing)
    view = read_from_shared_memory(space, memory, 2)
    write_to_shared_memory(space, 1, "né\U0010ffff", memory)
    kept = copy.deepcopy(view)
    write_to_shared_memory(space, 1, "", memory)
    assert kept == ("", "né\U0010ffff")
    assert (len(view), list(view), view[-1]) == (2, ["", ""], "")


TEXTS = ("plain", "🙂 中\x00\u200b", "e\u0301" * 50)


@pytest.mark.parametrize("shared_memory", [True, False])
@pytest.mark.parametrize("copied", [True, False])
def test_gymnasiums_process_vector_env_carries_any_text(shared_memory, copied):
    envs = gym.vector.AsyncVectorEnv(
        [_obey] * 3, shared_memory=shared_memory, copy=copied, context="fork" if sys.platform != "darwin" else None
    )
    try:
        first, _ = envs.reset(seed=4)
        assert tuple(first) == tuple(_obey().reset(seed=4 + i)[0] for i in range(3))
        observations, *_ = envs.step(tuple(f"say {text}" for text in TEXTS))
        assert tuple(observations) == tuple(f"1: say {text}" for text in TEXTS)
        envs.step(envs.action_space.sample())
        if copied:
            assert tuple(observations) == tuple(f"1: say {text}" for text in TEXTS)
    finally:
        envs.close()


def test_gymnasiums_vector_env_in_one_process_carries_any_text():
    envs = gym.vector.SyncVectorEnv([_obey] * 3)
    envs.reset(seed=4)
    observations, *_ = envs.step(tuple(f"say {text}" for text in TEXTS))
    assert observations == tuple(f"1: say {text}" for text in TEXTS)
    assert observations in envs.observation_space


def _obey():
    return Obey(max_observation_chars=300, max_action_chars=300)
