"""`finish` is called exactly once for every episode, however it ends, and never for one that holds nothing."""

import asyncio
import inspect

import pytest
from core_envs import Tidy, TidyAsync, TidySlowlyAfterPlainActs

from textgym.core import GraderError, InfraError, Status, StopReason

KINDS = [Tidy, TidyAsync, TidySlowlyAfterPlainActs]
every_kind = pytest.mark.parametrize("kind", KINDS)

ENDS = ["score 1", "tree", "failed-tree", "infra", "grader", "score nan"]


@every_kind
@pytest.mark.parametrize("ending", ENDS)
def test_by_an_action(kind, ending):
    env = kind()
    env.reset(seed=1)
    env.step("say a")
    assert env.finished == []
    env.step(ending)
    assert env.finished == [f"{kind.__name__}-v0/train/1"]
    env.close()
    env.reset(seed=2)
    env.close()
    env.close()
    assert len(env.finished) == 2


@every_kind
@pytest.mark.parametrize("ending", ENDS)
def test_by_an_awaited_action(kind, ending):
    async def play():
        env = kind()
        await env.areset(seed=1)
        await env.astep("say a")
        await env.astep(ending)
        assert len(env.finished) == 1
        await env.areset(seed=2)
        await env.areset(seed=3)
        return env.finished

    assert len(asyncio.run(play())) == 2


@every_kind
@pytest.mark.parametrize(
    ("settings", "action"),
    [
        ({"max_turns": 1}, "say a"),
        ({"max_invalid": 1}, "bad"),
        ({"max_turns": 1}, "bad"),
        ({"step_seconds": 0.01}, "sleep 0.05"),
        ({"step_cpu_seconds": 0.01}, "burn 0.02"),
        ({"episode_seconds": 0.01}, "sleep 0.05"),
    ],
)
def test_by_a_limit(kind, settings, action):
    env = kind(**settings)
    env.reset(seed=1)
    env.step(action)
    assert len(env.finished) == 1


@every_kind
def test_by_the_next_reset_a_restore_or_the_close(kind):
    env = kind()
    env.reset(seed=1)
    saved = env.snapshot()
    env.reset(seed=2)
    assert len(env.finished) == 1
    env.restore(saved)
    assert len(env.finished) == 2
    env.close()
    assert len(env.finished) == 3


@every_kind
def test_after_a_fault_of_the_environment(kind):
    env = kind()
    env.reset(seed=1)
    with pytest.raises(ZeroDivisionError):
        env.step("boom")
    env.close()
    assert len(env.finished) == 1


@every_kind
def test_after_being_ended_from_outside(kind):
    env = kind()
    env.reset(seed=1)
    env.abandon(Status.LIMIT, StopReason.EPISODE_TIMEOUT)
    env.close()
    assert len(env.finished) == 1


@every_kind
def test_where_the_opening_fails(kind):
    class Fails(kind):
        def opening(self, task, state):
            raise OSError("no opening")

    env = Fails()
    with pytest.raises(OSError, match="no opening"):
        env.reset(seed=1)
    with pytest.raises(OSError, match="no opening"):
        asyncio.run(env.areset(seed=2))
    assert len(env.finished) == 2


@every_kind
def test_not_for_a_restored_end(kind):
    env = kind()
    env.reset(seed=1)
    env.step("score 1")
    env.restore(env.snapshot())
    env.close()
    assert len(env.finished) == 1


def test_after_a_cancellation():
    async def play():
        env = TidyAsync()
        await env.areset(seed=1)
        step = asyncio.create_task(env.astep("sleep 600"))
        await asyncio.sleep(0.01)
        step.cancel()
        with pytest.raises(asyncio.CancelledError):
            await step
        assert not env.episode.ended
        await env.episode.aclose()
        await env.episode.aclose()
        return env.finished

    assert len(asyncio.run(play())) == 1


def failing(kind, error):
    class Fails(kind):
        def finish(self, task, state):
            self.finished.append(task.id)
            if inspect.iscoroutinefunction(kind.finish):
                return raising()
            raise error

    async def raising():
        raise error

    Fails.finish_waits = kind.finish_waits
    return Fails()


async def awaited_step(env, action):
    return await env.astep(action)


STEPS = [lambda env, action: env.step(action), lambda env, action: asyncio.run(awaited_step(env, action))]


@every_kind
@pytest.mark.parametrize("step", STEPS, ids=["step", "astep"])
@pytest.mark.parametrize(
    ("error", "status"), [(InfraError("gone"), "infra_error"), (GraderError("odd"), "grader_error")]
)
def test_a_failure_in_it_masks_the_grade(kind, step, error, status):
    env = failing(kind, error)
    env.reset(seed=1)
    _, reward, terminated, truncated, info = step(env, "score 1")
    assert (reward, terminated, truncated) == (0.0, False, True)
    outcome = info["outcome"]
    assert (outcome["status"], outcome["mask"], outcome["success"]) == (status, True, False)
    assert env.episode.outcome.as_info() == outcome
    assert len(env.finished) == 1


@every_kind
@pytest.mark.parametrize("step", STEPS, ids=["step", "astep"])
def test_a_fault_in_it_is_raised_and_leaves_no_grade(kind, step):
    env = failing(kind, ZeroDivisionError("a fault"))
    env.reset(seed=1)
    with pytest.raises(ZeroDivisionError, match="a fault"):
        step(env, "score 1")
    outcome = env.episode.outcome
    assert (outcome.status, outcome.stop_reason, outcome.mask) == (Status.INFRA_ERROR, StopReason.EXCEPTION, True)
    env.close()
    assert len(env.finished) == 1
