"""`rollout` and `arollout`: what the records contain, and that nothing but the arguments decides it."""

import asyncio
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import aclosing, closing
from pathlib import Path
from typing import Any

import pytest
from runner_envs import BoxPerEpisode, BoxPerStep, Orders, WaitingOrders

import textgym
from textgym.core import (
    Completion,
    ConfigError,
    Status,
    StopReason,
    TaskError,
    TextgymError,
    Turn,
    UnknownEnvironmentError,
)
from textgym.episodes import Episode
from textgym.policies import Policy, PolicyError
from textgym.registry import find, make

ORDERS = find("runner_envs:tests/Orders-v0").id
WAITING = "tests/WaitingOrders-v0"


def essence(episodes: Sequence[Episode]) -> list[Any]:
    """All that two equal runs must share, in the order of the plan."""
    return [
        (
            episode.episode_id,
            episode.task_id,
            episode.seed,
            episode.group,
            episode.sibling,
            episode.observation,
            episode.reward,
            episode.outcome,
            [(t.action, t.observation, t.reward, t.info, t.state_hash) for t in episode.turns],
        )
        for episode in sorted(episodes, key=lambda one: (one.group, one.sibling))
    ]


async def dice(turn: Turn) -> str:
    """A policy with private randomness."""
    await asyncio.sleep(turn.rng().random() / 500)
    return str(turn.rng().randint(1, 6))


def dice_batch(turns: list[Turn]) -> list[str]:
    """The same, for a batch."""
    return [str(turn.rng().randint(1, 6)) for turn in turns]


def test_the_oracle_earns_one_and_records_say_how() -> None:
    episodes = list(textgym.rollout("textgym/GuessNumber-v0", "oracle", episodes=6, concurrency=3, seed=4))
    assert [episode.reward for episode in episodes] == [1.0] * 6
    assert {episode.outcome.status for episode in episodes} == {Status.OK}
    assert [episode.seed for episode in episodes] == [4, 5, 6, 7, 8, 9]
    assert len({episode.task_id for episode in episodes}) == 6
    episode = episodes[0]
    env = make("textgym/GuessNumber-v0")
    observation, info = env.reset(seed=4)
    assert (observation, info["task_id"]) == (episode.observation, episode.task_id)
    for turn in episode.turns:
        assert env.step(turn.action)[0] == turn.observation
    assert episode.policy["name"] == "oracle"
    assert set(episode.timings) == {"reset", "policy", "step", "total"}
    assert episode.versions["textgym"]


@pytest.mark.parametrize("policy", ["oracle", "random", dice, dice_batch])
def test_records_do_not_depend_on_where_or_how_many_at_once(policy: Any) -> None:
    common: dict[str, Any] = {"episodes": 24, "group_size": 3, "seed": 7}
    alone = essence(list(textgym.rollout(ORDERS, policy, concurrency=1, **common)))
    for options in (
        {"concurrency": 24},
        {"execution": "thread", "workers": 3, "concurrency": 5},
        {"execution": "process", "workers": 2, "concurrency": 7},
        {"prefetch": 4, "concurrency": 6},
        {"deadline": 60.0, "ordered": True},
    ):
        assert essence(list(textgym.rollout(ORDERS, policy, **options, **common))) == alone, options


def test_siblings_share_the_task_and_differ_in_the_policys_randomness() -> None:
    episodes = list(textgym.rollout(ORDERS, dice, episodes=12, group_size=4, concurrency=12))
    groups: dict[int, list[Episode]] = {}
    for episode in episodes:
        groups.setdefault(episode.group, []).append(episode)
    assert len(groups) == 3
    for group in groups.values():
        assert len(group) == 4
        assert len({(one.task_id, one.observation, one.seed) for one in group}) == 1
        assert len({tuple(turn.action for turn in one.turns) for one in group}) > 1
    assert len({episode.task_id for episode in episodes}) == 3


def test_nothing_waits_for_a_sibling() -> None:
    async def slow_first(turn: Turn) -> str:
        await asyncio.sleep(1.0 if turn.task_id.endswith("/0") and turn.index == 0 else 0.001)
        return "1"

    order = [episode.seed for episode in textgym.rollout(ORDERS, slow_first, episodes=20, concurrency=4)]
    assert order[-1] == 0  # the straggler comes last, after all that started behind it
    assert sorted(order) == list(range(20))


def test_ordered_episodes_come_in_the_order_of_the_plan() -> None:
    episodes = textgym.rollout(ORDERS, dice, episodes=20, group_size=2, concurrency=8, ordered=True)
    assert [(e.group, e.sibling) for e in episodes] == [(g, s) for g in range(10) for s in range(2)]


def test_skipped_episodes_are_not_played_again() -> None:
    everything = list(textgym.rollout(ORDERS, "oracle", episodes=10))
    done = {episode.episode_id for episode in everything[:4]}
    rest = list(textgym.rollout(ORDERS, "oracle", episodes=10, skip=done))
    assert essence(rest) == essence(everything[4:])


@pytest.mark.parametrize("execution", ["inline", "thread", "process"])
def test_an_exception_ends_its_own_episode_only(execution: Any) -> None:
    def faulty(turns: list[Turn]) -> list[str]:
        return ["boom" if turn.task_id.endswith("/3") else "1" for turn in turns]

    episodes = sorted(
        textgym.rollout(ORDERS, faulty, episodes=6, execution=execution, workers=2, concurrency=3),
        key=lambda episode: episode.seed,
    )
    assert [episode.reward for episode in episodes] == [1.0, 1.0, 1.0, None, 1.0, 1.0]
    outcome = episodes[3].outcome
    assert (outcome.status, outcome.stop_reason, outcome.mask) == (Status.INFRA_ERROR, StopReason.EXCEPTION, True)
    assert "ZeroDivisionError: a fault of the environment" in (outcome.error or "")


def test_infrastructure_failures_are_retried_and_counted(tmp_path: Path) -> None:
    settings = {"flaky": str(tmp_path)}
    failed = list(textgym.rollout(ORDERS, "oracle", settings=settings, episodes=4))
    assert {episode.outcome.status for episode in failed} == {Status.INFRA_ERROR}
    assert {(episode.reward, episode.attempts, episode.observation) for episode in failed} == {(None, 1, "")}
    assert {episode.task_id for episode in failed} == {make(ORDERS, **settings).task_id("train", i) for i in range(4)}
    for mark in tmp_path.iterdir():
        mark.unlink()
    retried = list(textgym.rollout(ORDERS, "oracle", settings=settings, episodes=4, retries=1))
    assert {(episode.reward, episode.attempts) for episode in retried} == {(1.0, 2)}


def test_a_policys_failure_is_masked_and_never_a_zero() -> None:
    class Gone(Policy):
        async def answer(self, turn: Turn) -> str | None:
            if turn.index == 1:
                raise PolicyError("the endpoint is gone")
            return "1"

    (episode,) = textgym.rollout(ORDERS, Gone(), episodes=1)
    assert (episode.outcome.status, episode.outcome.stop_reason) == (Status.INFRA_ERROR, StopReason.POLICY_FAILED)
    assert episode.reward is None
    assert episode.outcome.error == "the endpoint is gone"
    assert len(episode.turns) == 1


def test_a_policy_may_end_the_episode() -> None:
    async def leave(turn: Turn) -> str | None:
        return None if turn.index == 2 else "1"

    (episode,) = textgym.rollout(ORDERS, leave, episodes=1)
    assert (episode.outcome.status, episode.outcome.stop_reason) == (Status.POLICY_ERROR, StopReason.POLICY_STOPPED)
    assert len(episode.turns) == 2


def test_what_a_policy_gives_beside_the_text_is_kept() -> None:
    async def tokens(turn: Turn) -> Completion:
        return Completion("1", token_ids=[5, 6], logprobs=[-0.1, -0.2], usage={"completion_tokens": 2})

    (episode,) = textgym.rollout(ORDERS, tokens, episodes=1)
    completion = episode.turns[0].completion
    assert completion is not None
    assert (completion.token_ids, completion.usage) == ([5, 6], {"completion_tokens": 2})


def test_a_policy_sees_the_conversation_and_no_secret() -> None:
    seen: list[Turn] = []

    async def watch(turn: Turn) -> str:
        seen.append(turn)
        return "1"

    (episode,) = textgym.rollout(ORDERS, watch, episodes=1)
    assert seen[2].messages == episode.messages[:5]
    assert seen[2].observation == episode.turns[1].observation
    assert [turn.index for turn in seen] == [0, 1, 2]
    assert {turn.episode_id for turn in seen} == {episode.episode_id}
    key = str(make(ORDERS).task("train", 0).secret["key"])
    assert key not in repr(seen)


@pytest.mark.parametrize(("env", "execution"), [(WaitingOrders(), None), (Orders(), "thread"), (Orders(), "process")])
def test_a_deadline_replaces_a_stuck_episode_and_leaves_the_others(env: Any, execution: Any) -> None:
    stuck = "wait 60" if execution is None else "hang 60"

    async def policy(turn: Turn) -> str:
        return stuck if turn.task_id.endswith("/1") and turn.index == 1 else "1"

    began = time.monotonic()
    episodes = sorted(
        textgym.rollout(env, policy, episodes=8, concurrency=4, execution=execution, workers=4, deadline=3.0),
        key=lambda episode: episode.seed,
    )
    assert time.monotonic() - began < 50
    assert [episode.reward for episode in episodes] == [1.0, 0.0] + [1.0] * 6
    outcome = episodes[1].outcome
    assert (outcome.status, outcome.stop_reason) == (Status.LIMIT, StopReason.EPISODE_TIMEOUT)
    assert len(episodes[1].turns) == 1


def test_an_episode_behind_a_stuck_one_in_the_same_worker_is_played_again() -> None:
    async def policy(turn: Turn) -> str:
        return "hang 60" if turn.task_id.endswith("/1") and turn.index == 1 else "1"

    episodes = sorted(
        textgym.rollout(ORDERS, policy, episodes=4, concurrency=4, execution="process", workers=1, deadline=3.0),
        key=lambda episode: episode.seed,
    )
    assert [episode.reward for episode in episodes] == [1.0, 0.0, 1.0, 1.0]
    assert episodes[1].outcome.stop_reason is StopReason.EPISODE_TIMEOUT


def test_a_policy_that_never_answers_runs_into_the_deadline() -> None:
    async def silent(turn: Turn) -> str:
        await asyncio.sleep(60)
        return ""

    (episode,) = textgym.rollout(ORDERS, silent, episodes=1, deadline=0.2)
    assert episode.outcome.stop_reason is StopReason.EPISODE_TIMEOUT
    assert episode.reward == 0.0


def test_a_dead_worker_process_costs_only_the_episode_that_killed_it() -> None:
    async def policy(turn: Turn) -> str:
        await asyncio.sleep(0.01)
        return "die" if turn.task_id.endswith("/2") and turn.index == 1 else "1"

    episodes = sorted(
        textgym.rollout(ORDERS, policy, episodes=10, concurrency=5, execution="process", workers=1),
        key=lambda episode: episode.seed,
    )
    assert [episode.outcome.status for episode in episodes].count(Status.INFRA_ERROR) == 1
    assert episodes[2].reward is None
    assert [episode.reward for episode in episodes if episode.seed != 2] == [1.0] * 9


def test_calls_and_sandboxes_have_limits_of_their_own() -> None:
    calls = {"now": 0, "most": 0}

    async def counted(turn: Turn) -> str:
        calls["now"] += 1
        calls["most"] = max(calls["most"], calls["now"])
        await asyncio.sleep(0.002)
        calls["now"] -= 1
        return "1"

    list(textgym.rollout(WAITING, counted, episodes=30, concurrency=30, max_calls=4))
    assert calls["most"] == 4
    for kind in (BoxPerStep, BoxPerEpisode):
        kind.running = kind.most_running = 0
        list(textgym.rollout(kind(), dice, episodes=20, concurrency=20, max_sandboxes=3))
        assert kind.most_running == 3
    WaitingOrders.running = WaitingOrders.most_running = 0
    list(textgym.rollout(WaitingOrders(), dice, episodes=20, concurrency=20))
    assert WaitingOrders.most_running > 4


def test_batches_hold_every_waiting_turn_up_to_the_limit() -> None:
    sizes: list[int] = []

    def policy(turns: list[Turn]) -> list[str]:
        sizes.append(len(turns))
        return ["1"] * len(turns)

    list(textgym.rollout(ORDERS, policy, episodes=12, concurrency=12))
    assert sizes == [12, 12, 12]
    sizes.clear()
    list(textgym.rollout(ORDERS, policy, episodes=12, concurrency=12, max_batch=5))
    assert max(sizes) == 5
    assert sum(sizes) == 36


def test_a_batch_policy_that_answers_wrongly_fails_its_episodes_clearly() -> None:
    for answer in (lambda turns: ["1"], lambda turns: "1" * len(turns), lambda turns: [1] * len(turns)):
        episodes = list(textgym.rollout(ORDERS, answer, episodes=3, concurrency=3))
        assert {episode.outcome.stop_reason for episode in episodes} == {StopReason.POLICY_FAILED}


def test_leaving_early_gives_up_what_is_in_progress() -> None:
    before = threading.active_count()
    with closing(textgym.rollout(WAITING, dice, concurrency=8)) as endless:
        first = next(endless)
    assert first.reward == 1.0
    assert threading.active_count() <= before


def test_arollout_is_the_same_in_an_event_loop() -> None:
    async def run() -> list[Episode]:
        return [episode async for episode in textgym.arollout(ORDERS, dice, episodes=8, concurrency=4)]

    async def first() -> Episode:
        async with aclosing(textgym.arollout(WAITING, dice)) as endless:
            return await anext(endless)

    assert essence(asyncio.run(run())) == essence(list(textgym.rollout(ORDERS, dice, episodes=8)))
    assert asyncio.run(first()).reward == 1.0


def test_rollout_works_inside_a_running_event_loop() -> None:
    async def run() -> int:
        return len(list(textgym.rollout(WAITING, dice, episodes=4)))

    assert asyncio.run(run()) == 4


def test_an_environment_that_cannot_make_tasks_stops_the_run() -> None:
    class Impossible(Orders):
        def generate(self, rng: Any) -> Any:
            rng.claim("the only family")
            return super().generate(rng)

    for policy in ("oracle", dice):
        with pytest.raises(TaskError, match="draws gave no task"):
            list(textgym.rollout(Impossible(), policy, episodes=3, split="test"))


def test_bad_arguments_are_refused_at_once_and_by_name() -> None:
    cases: list[tuple[type[Exception], str, Any, dict[str, Any]]] = [
        (UnknownEnvironmentError, "GuessNumber", "textgym/GuesNumber-v0", {}),
        (ConfigError, "turns", ORDERS, {"settings": {"trns": 3}}),
        (ConfigError, "settings", Orders(), {"settings": {"turns": 3}}),
        (ValueError, "group_size", ORDERS, {"group_size": 0}),
        (ValueError, "multiple of group_size", ORDERS, {"episodes": 10, "group_size": 3}),
        (ValueError, "seed", ORDERS, {"seed": -1}),
        (ValueError, "split", ORDERS, {"split": "dev"}),
        (ValueError, "concurrency", ORDERS, {"concurrency": 0}),
        (ValueError, "deadline", ORDERS, {"deadline": 0}),
        (ValueError, "retries", ORDERS, {"retries": -1}),
        (TextgymError, "oracle", ORDERS, {"policy": "orcale"}),
        (TypeError, "policy", ORDERS, {"policy": 3}),
    ]
    for kind, message, env, arguments in cases:
        arguments = {"policy": "oracle", "episodes": 3, **arguments}
        with pytest.raises(kind, match=message):
            textgym.rollout(env, **arguments)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"execution": "proces"}, "execution must be one of inline, async, thread, process"),
        ({"episodes": -1}, "episodes must be at least 0"),
    ],
)
def test_wrong_options_are_refused_by_name(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        list(textgym.rollout("textgym/GuessNumber-v0", "oracle", **{"episodes": 1, **options}))


def test_there_are_no_more_worker_processes_than_episodes_in_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    popen = subprocess.Popen

    def counted(*args: Any, **kwargs: Any) -> Any:
        started.extend(one for one in args if "textgym.runner.serve" in one)
        return popen(*args, **kwargs)

    monkeypatch.setattr(subprocess, "Popen", counted)
    assert len(list(textgym.rollout(ORDERS, "oracle", episodes=3, execution="process", workers=50))) == 3
    assert len(started) == 3


def test_an_environment_of_the_running_script_is_refused_by_worker_processes() -> None:
    class Local(Orders):
        pass

    with pytest.raises(ConfigError, match="top level of a module"):
        list(textgym.rollout(Local(), "oracle", episodes=1, execution="process"))
