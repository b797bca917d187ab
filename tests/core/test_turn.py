"""What a policy is given."""

import pickle

import pytest
from core_envs import Obey
from hypothesis import given
from hypothesis import strategies as st

from textgym.core import Turn, elide


def turn(**fields):
    return Turn(**{"observation": "o", "episode_id": "e", "task_id": "t", "index": 0, **fields})


def test_the_conversation_alternates_and_begins_with_the_user():
    messages = turn(observation="o2", index=2, history=("o0", "a0", "o1", "a1", "o2")).messages
    assert [message["role"] for message in messages] == ["user", "assistant", "user", "assistant", "user"]
    assert [message["content"] for message in messages] == ["o0", "a0", "o1", "a1", "o2"]
    assert turn().messages == [{"role": "user", "content": "o"}]


def test_siblings_and_turns_have_randomness_of_their_own():
    draws = {
        turn(key=key, index=index).rng().random() for key in (b"", b"sibling 1", b"sibling 2") for index in range(3)
    }
    assert len(draws) == 9
    assert turn(key=b"k", index=1).rng().random() == turn(key=b"k", index=1).rng().random()


def test_a_turn_cannot_be_changed_and_can_be_sent_elsewhere():
    sent = turn(history=("o",), tools=({"type": "function"},))
    with pytest.raises(AttributeError):
        sent.observation = "other"
    assert pickle.loads(pickle.dumps(sent)) == sent


def test_the_states_generator_follows_task_turn_and_purpose():
    env = Obey()
    env.reset(seed=1)
    live = env.episode
    first = live.state.rng(live.task).random()
    assert live.state.rng(live.task).random() == first
    assert live.state.rng(live.task, "noise").random() != first
    env.step("say a")
    assert live.state.rng(live.task).random() != first


@given(st.text(max_size=300), st.integers(0, 200))
def test_an_elided_text_is_never_longer_than_asked(text, limit):
    short = elide(text, limit)
    assert len(short) <= limit
    assert short == text or len(text) > limit
