"""What goes wrong in one environment of a vector costs that episode, and no other."""

import time
from typing import ClassVar

import gymnasium as gym
import numpy as np
import pytest

from textgym.core import InfraError, Random, Reply, State, Task, TextEnv
from textgym.runner.vector import TextVectorEnv

MODES = ["NextStep", "SameStep"]


class Faulty(TextEnv):
    """Right is what the prompt says.

    Action: anything.
    Reward: 1 for the prompt.
    Ends: after one action.
    """

    where: ClassVar[str] = ""
    error: ClassVar[Exception] = InfraError("no sandbox")
    left: ClassVar[int] = 0

    @classmethod
    def fail(cls, where: str) -> None:
        if cls.where == where and Faulty.left > 0:
            Faulty.left -= 1
            raise cls.error

    def generate(self, rng: Random) -> Task:
        self.fail("generate")
        return Task(prompt=str(rng.randint(0, 10**9)))

    def begin(self, task: Task) -> State:
        self.fail("begin")
        return State()

    def opening(self, task: Task, state: State) -> str:
        self.fail("opening")
        return task.prompt

    def act(self, task: Task, state: State, action: str) -> Reply:
        return Reply("done", score=float(action == task.prompt))

    def finish(self, task: Task, state: State) -> None:
        self.fail("finish")


class Waiting(Faulty):
    __doc__ = Faulty.__doc__

    async def act(self, task: Task, state: State, action: str) -> Reply:  # type: ignore[override]
        return Reply("done", score=float(action == task.prompt))


class Threaded(Faulty):
    __doc__ = Faulty.__doc__
    execution = "thread"


KINDS = {"inline": Faulty, "async": Waiting, "thread": Threaded}


@pytest.fixture(autouse=True, scope="module")
def registered():
    for name, kind in KINDS.items():
        gym.register(f"faults/{name}-v0", entry_point=kind, order_enforce=False, disable_env_checker=True)
    gym.register("faults/slow-v0", entry_point=Slow, order_enforce=False, disable_env_checker=True)
    yield
    for name in (*KINDS, "slow"):
        del gym.registry[f"faults/{name}-v0"]


@pytest.fixture
def fault(monkeypatch):
    def set_up(where: str, left: int, error: Exception | None = None) -> None:
        monkeypatch.setattr(Faulty, "where", where)
        monkeypatch.setattr(Faulty, "left", left)
        if error is not None:
            monkeypatch.setattr(Faulty, "error", error)

    return set_up


def outcome(infos, seat: int) -> dict:
    return {name: infos["outcome"][name][seat] for name in ("status", "success", "mask")}


@pytest.mark.parametrize("mode", [*MODES, "Disabled"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_finish_raises_masks_the_grade_of_that_episode_alone(kind, mode, fault):
    vector = TextVectorEnv(f"faults/{kind}-v0", 3, autoreset_mode=mode)
    prompts, _ = vector.reset(seed=[0, 1, 2])
    fault("finish", 1, OSError("cannot tidy up"))
    _, rewards, terminations, truncations, infos = vector.step(prompts)
    final = infos["final_info"] if mode == "SameStep" else infos
    ends = [outcome(final, seat) for seat in range(3)]
    (seat,) = [place for place, end in enumerate(ends) if end["mask"]]
    assert ends[seat]["status"] == "infra_error"
    assert not ends[seat]["success"]
    others = [place for place in range(3) if place != seat]
    assert rewards[seat] == 0
    assert truncations[seat]
    assert all(rewards[others] == 1)
    assert all(terminations[others])
    vector.close()


@pytest.mark.parametrize("error", [InfraError("no sandbox"), ValueError("a fault"), ZeroDivisionError()])
@pytest.mark.parametrize("where", ["begin", "generate", "opening"])
@pytest.mark.parametrize("kind", KINDS)
def test_an_episode_that_cannot_begin_is_over_and_the_next_one_begins(kind, where, error, fault):
    vector = TextVectorEnv(f"faults/{kind}-v0", 3)
    prompts, _ = vector.reset(seed=[0, 1, 2])
    rewards = vector.step(prompts)[1]
    assert rewards.tolist() == [1, 1, 1]
    fault(where, 2, error)
    texts, rewards, terminations, truncations, infos = vector.step(prompts)
    failed = truncations.tolist()
    assert sum(failed) == 2
    assert rewards.tolist() == [0, 0, 0]
    assert not any(terminations)
    assert [text == "" for text in texts] == failed
    for seat in np.flatnonzero(failed):
        end = outcome(infos, seat)
        assert (end["status"], end["mask"], end["success"]) == ("infra_error", True, False)
    texts, rewards, terminations, truncations, _ = vector.step(texts)
    assert terminations.tolist() == [not one for one in failed]
    assert not any(truncations)
    assert all(texts[seat].isdigit() for seat in np.flatnonzero(failed))
    vector.close()


@pytest.mark.parametrize("where", ["begin", "generate", "opening"])
@pytest.mark.parametrize("kind", KINDS)
def test_in_the_same_step_no_reward_is_lost_by_a_reset_that_fails(kind, where, fault):
    vector = TextVectorEnv(f"faults/{kind}-v0", 3, autoreset_mode="SameStep")
    prompts, _ = vector.reset(seed=[0, 1, 2])
    fault(where, 2)
    texts, rewards, terminations, _, infos = vector.step(prompts)
    assert rewards.tolist() == [1, 1, 1]
    assert all(terminations)
    assert all(outcome(infos["final_info"], seat)["success"] for seat in range(3))
    failed = [text == "" for text in texts]
    assert sum(failed) == 2
    texts, rewards, terminations, truncations, infos = vector.step(texts)
    assert truncations.tolist() == failed
    assert rewards.tolist() == [float(not one) for one in failed]
    for seat in np.flatnonzero(failed):
        end = outcome(infos["final_info"], seat)
        assert (end["status"], end["mask"]) == ("infra_error", True)
    assert all(text.isdigit() for text in texts)
    assert vector.step(texts)[1].tolist() == [1, 1, 1]
    vector.close()


def test_a_reset_that_was_asked_for_says_what_went_wrong(fault):
    vector = TextVectorEnv("faults/inline-v0", 3)
    fault("begin", 1)
    with pytest.raises(InfraError, match="no sandbox"):
        vector.reset(seed=[0, 1, 2])
    prompts, _ = vector.reset(seed=[0, 1, 2])
    assert vector.step(prompts)[1].tolist() == [1, 1, 1]


def test_a_masked_reset_begins_what_could_not_begin(fault):
    vector = TextVectorEnv("faults/inline-v0", 2, autoreset_mode="SameStep")
    prompts, _ = vector.reset(seed=[0, 1])
    fault("begin", 1)
    texts = vector.step(prompts)[0]
    texts, _ = vector.reset(options={"reset_mask": np.array([text == "" for text in texts])})
    assert vector.step(texts)[1].tolist() == [1, 1]


class Slow(Threaded):
    __doc__ = Faulty.__doc__
    at_once: ClassVar[int] = 0
    most: ClassVar[int] = 0

    def begin(self, task: Task) -> State:
        Slow.at_once += 1
        Slow.most = max(Slow.most, Slow.at_once)
        time.sleep(0.05)
        Slow.at_once -= 1
        return State()


def test_threads_reset_side_by_side_in_the_same_step_too(monkeypatch):
    vector = TextVectorEnv("faults/slow-v0", 8, autoreset_mode="SameStep")
    prompts, _ = vector.reset(seed=0)
    monkeypatch.setattr(Slow, "most", 0)
    vector.step(prompts)
    assert Slow.most > 1
    vector.close()


def test_an_info_that_is_no_dict_is_refused_in_a_single_step_too():
    class Odd(Faulty):
        def act(self, task: Task, state: State, action: str) -> Reply:
            return Reply("still here", info=[1])  # type: ignore[arg-type]

    env = Odd()
    env.reset(seed=0)
    with pytest.raises(TypeError, match=r"act\(\) must give its info as a dict, not list"):
        env.step("")
