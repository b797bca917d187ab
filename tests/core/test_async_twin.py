"""The asynchronous twin: the same results as the blocking face, in every kind of event loop."""

import asyncio
import multiprocessing
import sys
import threading

import pytest
from core_envs import Obey, ObeyAsync, Tidy, TidyAsync, TidySlowlyAfterPlainActs, trajectory

from textgym.core import ActionTypeError, Config, EpisodeEndedError, NotResetError, Reply, State, Task, TextEnv

KINDS = [Obey, ObeyAsync, Tidy, TidyAsync, TidySlowlyAfterPlainActs]
every_kind = pytest.mark.parametrize("kind", KINDS)
SCRIPT = ["pay 0.25", "draw", "bad", "say é", "info 3", "tree"]


async def atrajectory(env, actions):
    return [await env.astep(action) for action in actions]


@every_kind
def test_both_faces_give_the_same(kind):
    async def play():
        env = kind(size=50)
        first = await env.areset(seed=3)
        results = await atrajectory(env, SCRIPT)
        second = await env.areset()
        return first, results, second, env.snapshot()

    env = kind(size=50)
    blocking = (env.reset(seed=3), trajectory(env, SCRIPT), env.reset(), env.snapshot())
    assert asyncio.run(play()) == blocking


@every_kind
def test_the_blocking_face_works_inside_a_running_loop(kind):
    async def play():
        env = kind()
        env.reset(seed=3)
        results = trajectory(env, SCRIPT)
        env.close()
        return results

    env = kind()
    env.reset(seed=3)
    assert asyncio.run(play()) == trajectory(env, SCRIPT)


@every_kind
def test_the_faces_can_be_mixed_within_an_episode(kind):
    env = kind()
    env.reset(seed=3)
    mixed = [env.step(SCRIPT[0]), asyncio.run(env.astep(SCRIPT[1])), *(env.step(action) for action in SCRIPT[2:])]
    env.reset(seed=3)
    assert trajectory(env, SCRIPT) == mixed


@every_kind
def test_both_faces_refuse_the_same(kind):
    async def play():
        env = kind()
        with pytest.raises(NotResetError):
            await env.astep("say a")
        await env.areset(seed=1)
        with pytest.raises(ActionTypeError):
            await env.astep(3)
        await env.astep("score 1")
        with pytest.raises(EpisodeEndedError):
            await env.astep("say a")
        await env.areset(seed=1)
        with pytest.raises(ZeroDivisionError):
            await env.astep("boom")

    asyncio.run(play())


@every_kind
def test_snapshots_restore_through_areset(kind):
    async def play():
        env = kind()
        await env.areset(seed=3)
        await env.astep("say a")
        saved = env.snapshot()
        await env.areset(seed=4)
        assert await env.areset(options={"snapshot": saved}) == ("1: say a", {"task_id": f"{kind.__name__}-v0/train/3"})
        return await env.astep("say b")

    assert asyncio.run(play())[0] == "2: say b"


def test_waits_of_different_episodes_overlap():
    """Each of 50 episodes waits until all the others wait too: alone, none would ever go on."""

    class Meets(TextEnv[Config, State]):
        waiting = 0

        def generate(self, rng):
            return Task(prompt=str(rng.random()))

        async def act(self, task, state, action):
            type(self).waiting += 1
            while type(self).waiting < 50:
                await asyncio.sleep(0.001)
            return Reply("met", score=1.0)

    async def play():
        env = Meets()
        lives = [await env.astart(env.task("train", index)) for index in range(50)]
        return await asyncio.gather(*(live.astep("go") for live in lives))

    assert all(result[:2] == ("met", 1.0) for result in asyncio.run(play()))


def test_a_neighbours_cpu_time_is_not_counted():
    async def play():
        env = ObeyAsync(step_cpu_seconds=0.05)
        quiet, busy = [await env.astart(env.task("train", index)) for index in range(2)]
        waiting = asyncio.create_task(quiet.astep("sleep 0.2"))
        await asyncio.sleep(0)
        return await busy.astep("burn 0.1"), await waiting

    burnt, waited = asyncio.run(play())
    assert burnt[4]["outcome"]["stop_reason"] == "step_cpu"
    assert waited[4] == {}


def test_a_cpu_limit_lets_cancellations_errors_and_timeouts_through():
    async def play():
        env = ObeyAsync(step_cpu_seconds=5, step_seconds=0.05)
        await env.areset(seed=1)
        assert (await env.astep("sleep 600"))[4]["outcome"]["stop_reason"] == "step_timeout"
        await env.areset(seed=1)
        with pytest.raises(ZeroDivisionError):
            await env.astep("boom")
        patient = ObeyAsync(step_cpu_seconds=5)
        await patient.areset(seed=1)
        step = asyncio.create_task(patient.astep("sleep 600"))
        await asyncio.sleep(0.01)
        step.cancel()
        with pytest.raises(asyncio.CancelledError):
            await step
        return await patient.astep("say a")

    assert asyncio.run(play())[0] == "2: say a"


class Nested(TextEnv[Config, State]):
    """An asynchronous environment that steps another one, blocking or not."""

    def generate(self, rng):
        return Task(prompt=str(rng.random()))

    async def act(self, task, state, action):
        inner = ObeyAsync()
        if action == "await":
            await inner.areset(seed=1)
            return Reply((await inner.astep("say a"))[0])
        inner.reset(seed=1)
        return Reply(inner.step("say a")[0])


def test_a_blocking_step_inside_an_asynchronous_one_is_an_error_and_no_deadlock():
    env = Nested()
    env.reset(seed=1)
    assert env.step("await")[0] == "1: say a"
    with pytest.raises(RuntimeError, match="waits for itself"):
        env.step("block")
    assert asyncio.run(env.astep("block"))[0] == "1: say a"


def test_blocking_steps_from_many_threads_share_a_loop():
    results = {}

    def play(seed):
        env = ObeyAsync()
        env.reset(seed=seed)
        results[seed] = trajectory(env, SCRIPT)

    threads = [threading.Thread(target=play, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for seed, result in results.items():
        env = ObeyAsync()
        env.reset(seed=seed)
        assert trajectory(env, SCRIPT) == result
    assert len(results) == 8


def _play_in_child(queue):
    env = ObeyAsync()
    env.reset(seed=3)
    queue.put(trajectory(env, SCRIPT))


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_blocking_steps_work_in_a_forked_child():
    env = ObeyAsync()
    env.reset(seed=3)
    here = trajectory(env, SCRIPT)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=_play_in_child, args=(queue,))
    child.start()
    assert queue.get(timeout=60) == here
    child.join()


def test_waiting_is_seen_from_the_methods():
    assert (Obey.waits, Obey.execution) == (False, "inline")
    assert (ObeyAsync.waits, ObeyAsync.execution) == (True, "async")

    class OnThreads(ObeyAsync):
        execution = "thread"

    class Child(OnThreads):
        pass

    assert (OnThreads.execution, Child.execution) == ("thread", "thread")


class LeaveOnWord(ObeyAsync):
    """Asks Python to leave, on a word."""

    async def act(self, task, state, action):
        if action == "leave":
            sys.exit("gone")
        return await super().act(task, state, action)


def test_what_asks_python_to_leave_reaches_the_caller_and_the_next_call_works():
    env = LeaveOnWord(size=50)
    env.reset(seed=3)
    with pytest.raises(SystemExit, match="gone"):
        env.step("leave")
    expected = ObeyAsync(size=50)
    env.reset(seed=3)
    expected.reset(seed=3)
    assert env.step("say hi") == expected.step("say hi")


def test_what_asks_python_to_leave_stops_no_other_call():
    waiting = ObeyAsync(size=50)
    waiting.reset(seed=3)
    seen = []
    thread = threading.Thread(target=lambda: seen.append(waiting.step("sleep 0.3")))
    thread.start()
    env = LeaveOnWord(size=50)
    env.reset(seed=3)
    with pytest.raises(SystemExit, match="gone"):
        env.step("leave")
    thread.join(10)
    assert len(seen) == 1
