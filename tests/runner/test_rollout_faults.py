"""What goes wrong in an environment or a policy ends that episode alone, and what the run limits costs nobody its time."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import aclosing, closing
from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest

import textgym
from textgym.core import Config, Random, Reply, State, Task, TextEnv, Turn
from textgym.episodes import Episode
from textgym.runner import clock

FIRST = 1
"""The index of the task that something is wrong with."""


@pytest.fixture(autouse=True)
def alarm() -> Iterator[None]:
    """A run that never ends fails its test instead of holding up the others."""

    def ring(*_: Any) -> None:
        raise AssertionError("the run does not end")

    signal.signal(signal.SIGALRM, ring)
    signal.alarm(60)
    yield
    signal.alarm(0)


def cancel() -> None:
    raise asyncio.CancelledError


def leave() -> None:
    raise SystemExit(3)


def run_out() -> None:
    next(iter(()))


FAULTS: dict[str, Callable[[], None]] = {"cancel": cancel, "leave": leave, "run_out": run_out}


class Simple(TextEnv[Config, State]):
    """Pays 1 for any answer; `act` raises what it is told."""

    def generate(self, rng: Random) -> Task:
        return Task(prompt=f"answer {rng.getrandbits(40)}")

    def act(self, task: Task, state: State, action: str) -> Any:
        FAULTS.get(action, lambda: None)()
        return Reply("good", score=1.0)

    def oracle(self, task: Task, state: State) -> str:
        return "1"


class Waiting(Simple):
    """The same, on the event loop; in a task that a fault comes out of where it is `sub cancel`."""

    async def act(self, task: Task, state: State, action: str) -> Reply:
        await asyncio.sleep(0)
        order, _, fault = action.partition(" ")
        if order == "sub":
            await asyncio.create_task(self._fail(fault))
        return Simple.act(self, task, state, action)  # type: ignore[no-any-return]

    async def _fail(self, fault: str) -> None:
        FAULTS[fault]()


class Slow(Simple):
    """Works for 0.3 seconds, or for ever where it is told to hang."""

    def act(self, task: Task, state: State, action: str) -> Any:
        time.sleep(60 if action == "hang" else 0.3)
        return Reply("good", score=1.0)


class SlowBox(Simple):
    """The same in a sandbox of its own, on the event loop."""

    sandbox: ClassVar[Literal["none", "step", "episode"]] = "step"

    async def act(self, task: Task, state: State, action: str) -> Reply:
        await asyncio.sleep(0.3)
        return Reply("good", score=1.0)


class Lingering(Simple):
    """Its clean-up hangs on the first task."""

    def finish(self, task: Task, state: State) -> None:
        if task.index == FIRST:
            time.sleep(60)


class WaitingLingering(Simple):
    """The same, on the event loop."""

    async def finish(self, task: Task, state: State) -> None:
        if task.index == FIRST:
            await asyncio.sleep(60)


class Stillborn(Simple):
    """Its start hangs on the first task."""

    def begin(self, task: Task) -> State:
        if task.index == FIRST:
            time.sleep(60)
        return State()


class Stubborn(SlowBox):
    """On the first task it goes on whatever it is told, and holds its sandbox."""

    async def act(self, task: Task, state: State, action: str) -> Reply:
        until = time.monotonic() + (4 if task.index == FIRST else 0)
        while time.monotonic() < until:
            try:
                await asyncio.sleep(0.1)
            except asyncio.CancelledError:
                continue
        return Reply("good", score=1.0)


def play(env: Any, policy: Any = "oracle", episodes: int = 4, **options: Any) -> list[Episode]:
    return list(textgym.rollout(env, policy, episodes=episodes, ordered=True, **options))


def verdicts(episodes: list[Episode]) -> list[tuple[str, str, float | None]]:
    return [(episode.outcome.status.value, episode.outcome.stop_reason.value, episode.reward) for episode in episodes]


GOOD = ("ok", "completed", 1.0)
FAULT = ("infra_error", "exception", None)
SAID = {
    "cancel": "CancelledError: ",
    "leave": "SystemExit: 3",
    "run_out": "RuntimeError: coroutine raised StopIteration",
}


@pytest.mark.parametrize("deadline", [None, 20.0])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("execution", ["inline", "thread", "process"])
@pytest.mark.parametrize("kind", [Simple, Waiting])
def test_whatever_an_environment_raises_ends_its_own_episode(
    kind: type[Simple], execution: Any, fault: str, deadline: float | None
) -> None:
    async def policy(turn: Turn) -> str:
        return fault if turn.task_id.endswith(f"/{FIRST}") else "1"

    episodes = play(kind(), policy, execution=execution, workers=1, concurrency=2, deadline=deadline)
    assert verdicts(episodes) == [GOOD, FAULT, GOOD, GOOD]
    assert episodes[1].outcome.mask
    assert episodes[1].outcome.error == SAID[fault]


@pytest.mark.parametrize("fault", ["cancel", "leave"])
def test_so_does_what_a_task_of_the_environment_raises(fault: str) -> None:
    async def policy(turn: Turn) -> str:
        return f"sub {fault}" if turn.task_id.endswith(f"/{FIRST}") else "1"

    assert verdicts(play(Waiting(), policy, concurrency=2)) == [GOOD, FAULT, GOOD, GOOD]


def test_an_oracle_that_gives_up_ends_its_own_episode() -> None:
    class Tired(Simple):
        """Its oracle leaves on the first task."""

        def oracle(self, task: Task, state: State) -> str:
            if task.index == FIRST:
                raise SystemExit(3)
            return "1"

    assert verdicts(play(Tired())) == [GOOD, FAULT, GOOD, GOOD]


@pytest.mark.parametrize("deadline", [None, 20.0])
@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_a_policy_raises_ends_its_own_episode(fault: str, deadline: float | None) -> None:
    def check(turn: Turn) -> str:
        if turn.task_id.endswith(f"/{FIRST}"):
            FAULTS[fault]()
        return "1"

    async def policy(turn: Turn) -> str:
        return check(turn)

    def batch(turns: list[Turn]) -> list[str]:
        return [check(turn) for turn in turns]

    for each in (policy, batch):
        episodes = play(Simple(), each, concurrency=1, deadline=deadline)
        assert verdicts(episodes) == [GOOD, FAULT, GOOD, GOOD]
        assert episodes[1].outcome.error == SAID[fault]


@pytest.mark.parametrize("kind", [Simple, Waiting])
@pytest.mark.parametrize("execution", ["inline", "thread"])
def test_an_interrupt_ends_the_run(kind: type[Simple], execution: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(FAULTS, "interrupt", interrupt)

    async def policy(turn: Turn) -> str:
        return "interrupt" if turn.task_id.endswith(f"/{FIRST}") else "1"

    with pytest.raises(KeyboardInterrupt):
        play(kind(), policy, episodes=50, execution=execution, concurrency=2)


def test_a_cancelled_run_ends_at_once() -> None:
    async def silent(turn: Turn) -> str:
        await asyncio.sleep(60)
        return ""

    async def run() -> None:
        async with aclosing(textgym.arollout(Simple(), silent, episodes=8, deadline=30.0)) as episodes:
            async for _ in episodes:
                pass

    async def main() -> float:
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(run(), 0.3)
        return time.monotonic() - began

    assert asyncio.run(main()) < 5


def test_a_run_left_open_does_not_hold_up_its_loop() -> None:
    async def policy(turn: Turn) -> str:
        await asyncio.sleep(0.01)
        return "1"

    async def main() -> Episode:
        return await anext(textgym.arollout(Simple(), policy, episodes=None, concurrency=4))

    assert asyncio.run(main()).reward == 1.0


@pytest.mark.parametrize(
    ("env", "options"),
    [
        (SlowBox(), {"max_sandboxes": 1}),
        (Simple(), {"max_calls": 1}),
        (Slow(), {"execution": "thread", "workers": 1}),
        (Slow(), {"execution": "process", "workers": 1}),
    ],
)
def test_time_in_queues_for_the_runs_own_limits_is_not_counted(env: Any, options: dict[str, Any]) -> None:
    async def policy(turn: Turn) -> str:
        await asyncio.sleep(0.3 if "max_calls" in options else 0)
        return "1"

    episodes = play(env, policy, episodes=8, concurrency=8, deadline=1.5, **options)
    assert verdicts(episodes) == [GOOD] * 8


@pytest.mark.parametrize("execution", ["thread", "process"])
def test_a_worker_that_hangs_is_cut_off_and_those_in_its_queue_go_on(execution: Any) -> None:
    async def policy(turn: Turn) -> str:
        return "hang" if turn.task_id.endswith(f"/{FIRST}") else "1"

    episodes = play(Slow(), policy, concurrency=4, execution=execution, workers=1, deadline=1.5)
    assert verdicts(episodes) == [GOOD, ("limit", "episode_timeout", 0.0), GOOD, GOOD]


@pytest.mark.parametrize(
    ("kind", "execution"),
    [(WaitingLingering, None), (Lingering, "thread"), (Lingering, "process"), (WaitingLingering, "process")],
)
def test_a_clean_up_that_hangs_masks_the_episode_as_one_that_raises(kind: Any, execution: Any) -> None:
    episodes = play(kind(), execution=execution, workers=1, concurrency=2, deadline=1.5)
    assert verdicts(episodes) == [GOOD, ("infra_error", "episode_timeout", None), GOOD, GOOD]
    assert "clean-up" in (episodes[1].outcome.error or "")


@pytest.mark.parametrize("kind", [Lingering, WaitingLingering])
def test_a_clean_up_that_hangs_after_the_policy_stopped_is_only_noted(kind: Any) -> None:
    async def stop(turn: Turn) -> None:
        return None

    episodes = play(kind(), stop, execution="process", workers=1, concurrency=2, deadline=1.5)
    assert verdicts(episodes) == [("policy_error", "policy_stopped", 0.0)] * 4
    assert [episode.outcome.error for episode in episodes] == [
        None, "clean-up failed: it took more than 1.5 s", None, None
    ]  # fmt: skip


@pytest.mark.parametrize("execution", ["thread", "process"])
@pytest.mark.parametrize("concurrency", [1, 3])
def test_a_start_that_hangs_costs_only_its_own_episode(execution: Any, concurrency: int) -> None:
    episodes = play(Stillborn(), execution=execution, workers=1, concurrency=concurrency, deadline=1.5)
    assert verdicts(episodes) == [GOOD, ("infra_error", "episode_timeout", None), GOOD, GOOD]


def test_work_that_swallows_its_cancellation_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "GRACE_SECONDS", 0.2)
    began = time.monotonic()
    episodes = play(Stubborn(), concurrency=4, max_sandboxes=1, deadline=0.5)
    assert time.monotonic() - began < 3
    assert verdicts(episodes) == [GOOD, ("limit", "episode_timeout", 0.0), GOOD, GOOD]
    assert not episodes[1].turns


def test_neither_does_it_hold_up_a_run_that_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "GRACE_SECONDS", 0.2)
    began = time.monotonic()
    with closing(textgym.rollout(Stubborn(), "oracle", episodes=4, concurrency=4)) as episodes:
        assert next(episodes).reward == 1.0
    assert time.monotonic() - began < 3


def test_what_is_left_behind_says_nothing_at_the_end(tmp_path: Path) -> None:
    script = (
        "import textgym, test_rollout_faults as t; t.clock.GRACE_SECONDS = 0.2\n"
        "print(len(t.play(t.Stubborn(), concurrency=4, deadline=0.5)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=Path(__file__).parent, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("4\n", "")


def test_work_left_behind_changes_nothing_when_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "GRACE_SECONDS", 0.2)

    async def main() -> list[Episode]:
        run = textgym.arollout(Stubborn(), "oracle", episodes=2, ordered=True, concurrency=2, deadline=0.5)
        episodes = [episode async for episode in run]
        before = repr(episodes)
        await asyncio.sleep(4)
        assert repr(episodes) == before
        assert not clock._left_behind & asyncio.all_tasks()
        return episodes

    assert verdicts(asyncio.run(main())) == [GOOD, ("limit", "episode_timeout", 0.0)]


@pytest.mark.parametrize("wrong", [5, None, Simple])
def test_what_is_no_environment_is_refused_by_name(wrong: Any) -> None:
    with pytest.raises(TypeError, match="env is an environment's id or an environment"):
        textgym.rollout(wrong, "oracle", episodes=1)
