"""Nothing of an episode lives on the environment: one object serves many episodes, interleaved and in threads."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from core_envs import Obey, ObeyAsync, Tidy, trajectory
from hypothesis import given
from hypothesis import strategies as st

SCRIPT = ["say a", "draw", "pay 0.5", "bad", "draw", "score 1"]


def alone(kind, index):
    env = kind()
    env.reset(options={"index": index})
    return trajectory(env, SCRIPT)


@pytest.mark.parametrize("kind", [Obey, ObeyAsync, Tidy])
def test_interleaved_episodes_are_as_if_alone(kind):
    env = kind()
    lives = [env.start(env.task("train", index)) for index in range(6)]
    results = [[] for _ in lives]
    order = [i for i in range(6) for _ in SCRIPT]
    random.Random(3).shuffle(order)
    for i in order:
        results[i].append(lives[i].step(SCRIPT[len(results[i])]))
    assert results == [alone(kind, index) for index in range(6)]


@given(st.permutations([i for i in range(3) for _ in SCRIPT]))
def test_any_order_of_steps_gives_the_same(order):
    env = Obey()
    lives = [env.start(env.task("train", index)) for index in range(3)]
    results = [[] for _ in lives]
    for i in order:
        results[i].append(lives[i].step(SCRIPT[len(results[i])]))
    assert results == [alone(Obey, index) for index in range(3)]


def test_starting_episodes_leaves_the_environments_own_alone():
    env = Obey()
    env.reset(seed=1)
    env.step("say a")
    env.start(env.task("train", 5)).step("say b")
    assert env.step("say c")[0] == "2: say c"


@pytest.mark.parametrize("kind", [Obey, ObeyAsync, Tidy])
def test_one_environment_serves_threads(kind):
    env = kind()
    barrier = threading.Barrier(8)

    def play(index):
        barrier.wait()
        results = []
        for repeat in range(40):
            live = env.start(env.task("train", index * 100 + repeat))
            live.snapshot()
            results.append([live.step(action) for action in SCRIPT])
        return results

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(play, range(8)))
    for index in range(8):
        for repeat in range(0, 40, 13):
            assert together[index][repeat] == alone(kind, index * 100 + repeat)
