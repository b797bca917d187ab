"""Prefetched tasks are the tasks that would have been made in time, and resets no longer wait for them."""

import gymnasium as gym
import pytest

from textgym.core import ResetError
from textgym.registry import find, make
from textgym.runner import PrefetchResets
from textgym.runner.prefetch import Prefetcher

SLOW = find("runner_envs:tests/Orders-v0").id


def test_resets_through_the_wrapper_give_the_same_episodes() -> None:
    plain, wrapped = gym.make(SLOW), PrefetchResets(gym.make(SLOW), ahead=3)
    try:
        for seed in (5, None, None, None, 8, None, None):
            assert wrapped.reset(seed=seed) == plain.reset(seed=seed)
            assert wrapped.step("4") == plain.step("4")
        place = {"split": "test", "index": 3}
        assert wrapped.reset(options=place) == plain.reset(options=place)
        assert wrapped.reset() == plain.reset()
    finally:
        wrapped.close()
    wrapped.close()


def test_a_task_wanted_twice_is_made_once_and_taken_twice() -> None:
    env = make(SLOW)
    prefetcher = Prefetcher(env)
    try:
        prefetcher.want("train", 4)
        prefetcher.want("train", 4)
        first, second = prefetcher("train", 4), prefetcher("train", 4)
        assert first is second
        assert first is not None
        assert (first.id, first.secret) == (env.task("train", 4).id, env.task("train", 4).secret)
        assert prefetcher("train", 4) is None
        prefetcher.want("train", 9)
        prefetcher.forget()
        assert prefetcher("train", 9) is None
    finally:
        prefetcher.close()


def test_a_task_that_cannot_be_made_raises_where_it_is_taken() -> None:
    prefetcher = Prefetcher(make(SLOW))
    try:
        prefetcher.want("train", -1)
        with pytest.raises(ResetError, match="index -1"):
            prefetcher("train", -1)
        prefetcher.want("train", 0)
        assert prefetcher("train", 0) is not None
    finally:
        prefetcher.close()
