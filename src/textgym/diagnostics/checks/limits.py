"""Limits hold, and a mistake of the calling program is refused by name."""

import difflib
import json
from collections.abc import Callable
from functools import partial
from typing import Any

from textgym.core import (
    ActionTypeError,
    ConfigError,
    EpisodeEndedError,
    Live,
    NotResetError,
    ResetError,
    SnapshotError,
    StopReason,
)
from textgym.diagnostics.battery import CheckFailed, demand, proof
from textgym.diagnostics.playing import IDLE
from textgym.diagnostics.subject import Subject


def refusal(kind: type[Exception], call: Callable[[], object], what: str) -> str:
    """The message of the error that `call` must raise; anything else fails the check."""
    try:
        call()
    except kind as error:
        demand(str(error).strip(), f"{what} raised {kind.__name__} without a message")
        return str(error)
    except Exception as error:
        raise CheckFailed(f"{what} raised {type(error).__name__} instead of {kind.__name__}: {error}") from error
    raise CheckFailed(f"{what} was accepted; it must raise {kind.__name__}")


def ended(live: Live) -> Live:
    """Play an episode to its end with idle actions."""
    for number in range(live.env.max_turns):
        if not live.ended:
            live.step(IDLE[number % len(IDLE)])
    demand(live.ended, f"{live.task.id} goes on after max_turns = {live.env.max_turns} turns")
    return live


@proof
def limit_turns(subject: Subject) -> str:
    """An episode ends by `max_turns` at the latest, and is truncated there."""
    limits = sorted({min(3, subject.env.max_turns), subject.env.max_turns})
    tried = []
    for limit in limits:
        try:
            env = subject.make(max_turns=limit)
        except ConfigError:
            continue  # this environment's episodes have a fixed length
        for index in range(min(3, subject.size("train"))):
            live = env.start(env.task("train", index))
            truncated = terminated = False
            for number in range(limit):
                if not live.ended:
                    _, _, terminated, truncated, _ = live.step(IDLE[number % len(IDLE)])
            outcome = live.outcome
            if outcome is None:
                raise CheckFailed(f"{live.task.id} goes on after max_turns = {limit} turns")
            if outcome.stop_reason is StopReason.MAX_TURNS:
                demand(truncated and not terminated, f"{live.task.id} ran out of turns without being truncated")
            live.close()
        env.close()
        tried.append(str(limit))
    return f"episodes ended within max_turns = {' and '.join(tried)}"


@proof
def limit_action(subject: Subject) -> str:
    """An action beyond `max_action_chars` is not read: it costs a turn and counts as invalid."""
    env = subject.make(max_action_chars=20)
    env.reset(options={"split": "train", "index": 0})
    live = env.episode
    oracle = env.oracle(live.task, live.state)
    observation, reward, _, _, _ = env.step((oracle + " " * 21)[: max(21, len(oracle))])
    demand(live.state.invalid == 1, "an action of 21 characters was read under max_action_chars = 20")
    demand(reward <= 0, f"an action that is not read earned {reward}")
    demand(
        "20" in observation, f"the answer to an action that is too long does not name the limit: {observation[:200]!r}"
    )
    demand(not env.action_space.contains("x" * 21), "the action space contains an action beyond the limit")
    env.close()
    return f"21 characters under max_action_chars = 20: {observation[:100]!r}"


@proof
def limit_observation(subject: Subject) -> str:
    """No observation is longer than `max_observation_chars`."""
    longest = 0
    for transcript in subject.reference:
        for observation, *_ in transcript.results:
            longest = max(longest, len(observation))
    for task in subject.all_tasks():
        live = subject.start(task)
        longest = max(longest, len(live.observation))
        live.close()
    limit = subject.env.max_observation
    demand(longest <= limit, f"an observation of {longest:,} characters under max_observation_chars = {limit:,}")
    small = subject.make(max_observation_chars=200)
    live = ended(small.start(small.task("train", 0)))
    demand(len(live.observation) <= 200, f"an answer of {len(live.observation):,} characters under a limit of 200")
    small.close()
    return f"the longest of all observations has {longest:,} characters, of {limit:,}; answers keep to a limit of 200"


@proof
def step_before_reset(subject: Subject) -> str:
    """`step`, `snapshot` and `fork` before `reset` raise `NotResetError`."""
    env = subject.make()
    refusal(NotResetError, lambda: env.step("x"), "step before reset")
    refusal(NotResetError, env.snapshot, "snapshot before reset")
    refusal(NotResetError, lambda: env.fork(1), "fork before reset")
    env.close()
    return "NotResetError from step, snapshot and fork"


@proof
def step_after_end(subject: Subject) -> str:
    """`step` after the end raises `EpisodeEndedError` and changes nothing; `reset` goes on."""
    env = subject.make()
    env.reset(seed=0)
    live = ended(env.episode)
    before = live.state_hash(), live.total
    message = refusal(EpisodeEndedError, lambda: env.step("x"), "step after the end")
    demand((live.state_hash(), live.total) == before, "a refused step changed the episode")
    env.reset()
    env.step("x")
    env.close()
    return message


@proof
def action_type(subject: Subject) -> str:
    """An action that is no `str` raises `ActionTypeError` and costs no turn."""
    env = subject.make()
    env.reset(seed=0)
    wrong: tuple[Any, ...] = (42, None, b"42", ["42"], {"text": "42"}, 4.2)
    for action in wrong:
        refusal(ActionTypeError, partial(env.step, action), f"the action {action!r}")
    demand(env.episode.state.turn == 0, "a refused action cost a turn")
    env.close()
    return f"{len(wrong)} actions of other types refused"


@proof
def unknown_setting(subject: Subject) -> str:
    """A setting that does not exist, or has a wrong value, is refused by name with the closest right one."""
    message = refusal(ConfigError, lambda: subject.make(max_turn=3), "the setting max_turn")
    demand("max_turns" in message, f"the refusal of max_turn does not suggest max_turns: {message}")
    for name in type(subject.env).Config.model_fields:
        wrong = f"{name}_"
        message = refusal(ConfigError, partial(subject.make, **{wrong: 1}), f"the setting {wrong}")
        close = difflib.get_close_matches(wrong, [name])
        demand(not close or "did you mean" in message, f"the refusal of {wrong} suggests nothing: {message}")
    refusal(ConfigError, lambda: subject.make(max_turns="many"), "max_turns='many'")
    return message


@proof
def wrong_reset(subject: Subject) -> str:
    """A reset option, split, index, seed or task id that cannot be used raises `ResetError`."""
    env = subject.make()
    wrong: tuple[dict[str, Any], ...] = (
        {"options": {"indexx": 1}},
        {"options": {"split": "training"}},
        {"options": {"index": -1}},
        {"options": {"index": "0"}},
        {"options": {"task_id": "textgym/Another-v0/train/0"}},
        {"options": {"task_id": "", "index": 0}},
        {"seed": -1},
        {"seed": True},
    )
    for arguments in wrong:
        refusal(ResetError, partial(env.reset, **arguments), f"reset({arguments})")
    message = refusal(ResetError, lambda: env.reset(options={"indexx": 1}), "reset(options={'indexx': 1})")
    demand("index" in message.replace("indexx", ""), f"the refusal of 'indexx' does not suggest 'index': {message}")
    env.close()
    return f"{len(wrong)} wrong resets refused: {message}"


@proof
def wrong_snapshot(subject: Subject) -> str:
    """A snapshot that is malformed or of another environment raises `SnapshotError`."""
    env = subject.make()
    env.reset(seed=0)
    good: dict[str, Any] = dict(env.snapshot())
    wrong: list[Any] = ["", "{", "[]", "{}", {}, {**good, "env_id": "textgym/Another-v0"}, {**good, "config": "0000"}]
    wrong += [{**good, "format": 0}, {**good, "state": {**good["state"], "no_such_field": 1}}, {**good, "state": None}]
    for snapshot in wrong:
        refusal(SnapshotError, partial(env.restore, snapshot), f"the snapshot {str(snapshot)[:80]!r}")
    env.restore(json.dumps(good))
    env.close()
    return f"{len(wrong)} unusable snapshots refused, and the good one taken"
