"""What goes wrong in one environment of a vector costs that episode, and no other."""

import asyncio
from concurrent.futures import CancelledError as FutureCancelledError

import gymnasium as gym
import numpy as np
import pytest
from faulty_envs import KINDS, MORE, Faulty, Slow
from gymnasium.vector import AutoresetMode, SyncVectorEnv

from textgym.core import (
    ConfigError,
    EpisodeEndedError,
    GraderError,
    InfraError,
    Reply,
    ResetError,
    State,
    Task,
    TaskError,
)
from textgym.runner.vector import TextVectorEnv

MODES = ["NextStep", "SameStep"]


@pytest.fixture(autouse=True, scope="module")
def registered():
    for name, kind in (KINDS | MORE).items():
        gym.register(f"faults/{name}-v0", entry_point=kind, order_enforce=False, disable_env_checker=True)
    yield
    for name in (*KINDS, *MORE):
        del gym.registry[f"faults/{name}-v0"]


@pytest.fixture
def fault(monkeypatch):
    def set_up(where: str, left: int, error: BaseException | None = None) -> None:
        monkeypatch.setattr(Faulty, "where", where)
        monkeypatch.setattr(Faulty, "left", left)
        if error is not None:
            monkeypatch.setattr(Faulty, "error", error)

    return set_up


FAULTS = [
    (InfraError("no sandbox"), "infra_error", "infra_error", "no sandbox"),
    (GraderError("no grade"), "grader_error", "grader_error", "no grade"),
    (ConfigError("odd"), "infra_error", "exception", "ConfigError: odd"),
    (TaskError("none"), "infra_error", "exception", "TaskError: none"),
    (EpisodeEndedError("another"), "infra_error", "exception", "EpisodeEndedError: another"),
    (OSError("a fault"), "infra_error", "exception", "OSError: a fault"),
    (SystemExit("out"), "infra_error", "exception", "SystemExit: out"),
    (asyncio.CancelledError("leak"), "infra_error", "exception", "CancelledError: leak"),
]


def cause(infos, seat: int) -> tuple:
    end = infos["outcome"]
    assert end["mask"][seat]
    assert not end["success"][seat]
    return end["status"][seat], end["stop_reason"][seat], end["score"]["reason"][seat]


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


@pytest.mark.parametrize("mode", [*MODES, "Disabled"])
@pytest.mark.parametrize("fault_of", FAULTS, ids=lambda one: type(one[0]).__name__)
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_finish_raises_is_the_end_that_a_rollout_records(kind, fault_of, mode, fault):
    error, *expected = fault_of
    vector = TextVectorEnv(f"faults/{kind}-v0", 3, autoreset_mode=mode)
    prompts, _ = vector.reset(seed=[0, 1, 2])
    fault("finish", 1, error)
    _, rewards, _, truncations, infos = vector.step(prompts)
    (seat,) = np.flatnonzero(truncations)
    assert rewards.sum() == 2
    assert cause(infos["final_info"] if mode == "SameStep" else infos, seat) == tuple(expected)
    vector.close()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("fault_of", FAULTS, ids=lambda one: type(one[0]).__name__)
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_begin_raises_is_the_end_that_a_rollout_records(kind, fault_of, mode, fault):
    error, *expected = fault_of
    vector = TextVectorEnv(f"faults/{kind}-v0", 3, autoreset_mode=mode)
    texts, _ = vector.reset(seed=[0, 1, 2])
    if mode == "NextStep":
        vector.step(texts)
    fault("begin", 1, error)
    texts, _, _, truncations, infos = vector.step(texts)
    (seat,) = (place for place, text in enumerate(texts) if not text)
    if mode == "SameStep":
        assert infos["reset_error"][seat] == expected[-1]
        assert infos["_reset_error"].sum() == 1
        texts, _, _, truncations, infos = vector.step(texts)
        infos = infos["final_info"]
    assert truncations.tolist() == [place == seat for place in range(3)]
    assert cause(infos, seat) == tuple(expected)
    texts, *_ = vector.step(texts)
    assert texts[seat] != ""
    vector.close()


@pytest.mark.parametrize("error", [SystemExit("out"), asyncio.CancelledError("leak"), EpisodeEndedError("another")])
@pytest.mark.parametrize("kind", ["leaky", "exiting"])
def test_what_is_no_exception_ends_one_episode_too(kind, error, fault):
    vector = TextVectorEnv(f"faults/{kind}-v0", 3)
    prompts, _ = vector.reset(seed=[0, 1, 2])
    fault("act", 1, error)
    _, rewards, _, truncations, infos = vector.step(prompts)
    (seat,) = np.flatnonzero(truncations)
    assert rewards.sum() == 2
    assert cause(infos, seat) == ("infra_error", "exception", f"{type(error).__name__}: {error}")
    vector.close()


def test_a_step_that_is_cancelled_from_outside_stays_cancelled():
    vector = TextVectorEnv("faults/async-v0", 2)
    vector.reset(seed=[0, 1])

    async def cancelled() -> None:
        step = asyncio.ensure_future(vector._parts.here._step_waiting(["a", "b"]))
        await asyncio.sleep(0)
        step.cancel()
        await step

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())
    assert not any(env.episode.ended for env in vector.envs)
    vector.close()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("where", ["begin", "finish"])
def test_faults_in_worker_processes_cost_their_own_episodes(where, mode):
    vector = TextVectorEnv("faults/order-v0", 4, processes=2, autoreset_mode=mode)
    texts, _ = vector.reset(seed=0)
    vector.set_attr("doomed", ["", where, "", where])
    ends = []
    for _ in range(4):
        texts, rewards, _, truncations, infos = vector.step(texts)
        assert rewards[[0, 2]].tolist() in ([0, 0], [1, 1])
        for seat in np.flatnonzero(truncations):
            ends.append((int(seat), cause(infos["final_info"] if mode == "SameStep" else infos, seat)))
    end = ("infra_error", "infra_error", f"no {where}")
    assert ends == [(1, end), (3, end)]
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


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), asyncio.CancelledError("stray")])
def test_a_reset_that_was_asked_for_says_so_of_what_is_no_exception_too(error, fault):
    vector = TextVectorEnv("faults/beginning-slowly-v0", 3)
    fault("begin", 1, error)
    with pytest.raises((type(error), FutureCancelledError)):
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


def test_an_asked_for_reset_leaves_no_failed_one_behind(fault):
    vector = TextVectorEnv("faults/inline-v0", 3, autoreset_mode="SameStep")
    prompts, _ = vector.reset(seed=[0, 1, 2])
    fault("begin", 3)
    assert vector.step(prompts)[0] == ("", "", "")
    with pytest.raises(ResetError):
        vector.reset(seed=[5, -1, 7])  # the first is reset, the second refused, the third not come to
    assert vector.step(["", "", ""])[3].tolist() == [False, True, True]
    vector.close()


def test_a_failure_without_words_is_one_too(fault):
    vector = TextVectorEnv("faults/inline-v0", 2, autoreset_mode="SameStep")
    texts, _ = vector.reset(seed=[0, 1])
    fault("begin", 1, InfraError())
    assert vector.step(texts)[4]["_reset_error"].tolist() == [True, False]
    vector.close()


@pytest.mark.parametrize("mode", MODES)
def test_a_reset_of_a_class_of_its_own_is_called_in_threads_too(mode):
    vector = TextVectorEnv("faults/own-reset-v0", 2, autoreset_mode=mode)
    texts, _ = vector.reset(seed=[0, 1])
    infos = vector.step(texts)[4]
    if mode == "NextStep":
        infos = vector.step(texts)[4]
    assert infos["own"].tolist() == [True, True]
    vector.close()


@pytest.mark.parametrize("mode", MODES)
def test_a_class_that_waits_keeps_its_own_step_and_reset(mode):
    ours = TextVectorEnv("faults/own-waiting-v0", 2, autoreset_mode=mode)
    theirs = SyncVectorEnv([lambda: gym.make("faults/own-waiting-v0")] * 2, autoreset_mode=AutoresetMode(mode))
    mine, other = ours.reset(seed=3), theirs.reset(seed=3)
    assert (mine[0], repr(mine[1])) == (other[0], repr(other[1]))
    for _ in range(3):
        mine, other = ours.step(["a", "b"]), theirs.step(["a", "b"])
        assert (mine[0], repr(mine[4])) == (other[0], repr(other[4]))
    assert ours.reset(seed=3)[1]["own"].tolist() == ["reset", "reset"]
    ours.close()
    theirs.close()


@pytest.mark.parametrize("mode", MODES)
def test_a_step_of_its_own_may_end_an_episode_and_say_nothing(mode):
    ours = TextVectorEnv("faults/own-step-v0", 2, autoreset_mode=mode)
    theirs = SyncVectorEnv([lambda: gym.make("faults/own-step-v0")] * 2, autoreset_mode=AutoresetMode(mode))
    assert ours.reset(seed=3)[0] == theirs.reset(seed=3)[0]
    for actions in (["cut", "on"], ["on", "on"], ["on", "cut"], ["cut", "cut"], ["on", "on"]):
        mine, other = ours.step(actions), theirs.step(actions)
        assert mine[0] == other[0]
        for one, two in zip(mine[1:4], other[1:4], strict=True):
            assert one.tolist() == two.tolist()
        assert repr(mine[4]) == repr(other[4])
    ours.close()
    theirs.close()


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
