"""The contract with Gymnasium and with whoever reads an info."""

import json
import random
import re
import warnings
from collections.abc import Iterator
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode

from textgym.core import Text
from textgym.diagnostics.battery import NotApplicable, demand, proof
from textgym.diagnostics.canonical import canonical
from textgym.diagnostics.playing import IDLE, Script, scripted_action, start_at
from textgym.diagnostics.subject import Subject

_SECTIONS = ("Action", "Reward", "Ends")
_VECTOR_ENVS = 3
_VECTOR_STEPS = {"none": 25, "step": 8, "episode": 8}
_VECTOR_SCRIPTS: tuple[Script, ...] = ("oracle", "random", "malformed")


@proof
def gymnasium_checker(subject: Subject) -> str:
    """Gymnasium's own `check_env` passes, and each of its warnings counts as a failure."""
    env = subject.make()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(env, skip_render_check=env.spec is None)  # it makes the render modes by id
    env.close()
    return f"check_env of Gymnasium {gym.__version__} passes without a warning"


@proof
def spaces(subject: Subject) -> str:
    """Both spaces are `Text`, and contain every observation and every action that is played."""
    env = subject.env
    count = 0
    demand(isinstance(env.observation_space, Text), f"the observation space is {env.observation_space!r}, not Text")
    demand(isinstance(env.action_space, Text), f"the action space is {env.action_space!r}, not Text")
    for transcript in subject.reference:
        for action, (observation, *_) in zip(transcript.actions, transcript.results, strict=True):
            demand(env.action_space.contains(action), f"the action space leaves out {action[:100]!r}")
            demand(
                env.observation_space.contains(observation), f"the observation space leaves out {observation!r:.100}"
            )
            count += 2
    for task in subject.all_tasks():
        live = env.start(task)
        demand(
            env.observation_space.contains(live.observation), f"not in the observation space: {live.observation!r:.100}"
        )
        live.close()
        count += 1
    demand(env.action_space.contains(env.noop_action), "the action space leaves out noop_action")
    return f"{count:,} observations and actions are in their spaces"


@proof
def docstring(subject: Subject) -> str:
    """The class's docstring is its specification: it says what Action, Reward and Ends are."""
    text = type(subject.env).__dict__.get("__doc__") or ""
    demand(text.strip(), f"{type(subject.env).__name__} has no docstring")
    missing = [name for name in _SECTIONS if not re.search(rf"^\s*{name}\b.*:", text, re.MULTILINE)]
    demand(not missing, f"the docstring of {type(subject.env).__name__} has no section {', '.join(missing)}")
    return f"{len(text.split())} words, with the sections {', '.join(_SECTIONS)}"


@proof
def info_json(subject: Subject) -> str:
    """Every info is plain JSON without NaN, with text keys, and a key keeps its type from step to step."""
    types: dict[str, str] = {}
    count = 0
    for transcript in subject.reference:
        for *_, info in transcript.results:
            for name, value in info.items():
                demand(isinstance(name, str), f"info has the key {name!r}, which is no text")
                try:
                    back = json.loads(json.dumps(value, allow_nan=False))
                except (TypeError, ValueError, RecursionError) as error:
                    back = error
                demand(
                    not isinstance(back, Exception) and canonical(back) == canonical(value),
                    f"info[{name!r}] = {value!r:.100} is not plain JSON: {back!s:.200}",
                )
                kind = type(value).__name__
                demand(
                    value is None or types.setdefault(name, kind) == kind,
                    f"info[{name!r}] is {types.get(name)} in one step and {kind} in another",
                )
            count += 1
    return f"{count:,} infos through JSON and back; keys: {', '.join(sorted(types)) or 'none'}"


@proof
def info_not_shared(subject: Subject) -> str:
    """An info belongs to its receiver: it shares nothing mutable with other steps, with the state or with the task."""
    env = subject.make_at_hand()
    seen: dict[int, str] = {}
    kept: list[Any] = []
    for place in subject.places:
        player = start_at(env, place, subject.seed)
        live = player.live
        number = 0
        while not player.done:
            before = len(player.transcript.results)
            player.step()
            if len(player.transcript.results) == before:
                continue
            number += 1
            info = player.transcript.results[-1][4]
            where = f"step {number} of {live.task.id} played by {place.script}"
            for part in _mutable_parts(info):
                demand(id(part) not in seen, f"the info of {where} shares {part!r:.100} with {seen.get(id(part))}")
                seen[id(part)] = where
            kept.append(info)
            state, task = canonical(live.snapshot()["state"]), canonical([live.task.data, live.task.secret])
            for part in list(_mutable_parts(info)):
                _spoil(part)
            demand(canonical(live.snapshot()["state"]) == state, f"the info of {where} is part of the state")
            demand(canonical([live.task.data, live.task.secret]) == task, f"the info of {where} is part of the task")
    env.close()
    return f"{len(kept):,} infos, {len(seen):,} mutable parts: each handed out once, and none aliases state or task"


def _mutable_parts(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        yield value
        for item in list(value.values() if isinstance(value, dict) else value):
            yield from _mutable_parts(item)


def _spoil(part: Any) -> None:
    if isinstance(part, dict):
        part["spoiled by the check"] = True
    else:
        part.append("spoiled by the check")


@proof
def vector_equals_sync(subject: Subject) -> str:
    """The vector environment of the id gives, in all three autoreset modes, what Gymnasium's `SyncVectorEnv` gives."""
    env_id = subject.target.env_id
    if env_id is None or gym.spec(env_id).vector_entry_point is None:
        raise NotApplicable("the environment is used without an id, or registered without a vector entry point")
    for mode in AutoresetMode:
        steps = _compare_vectors(subject, env_id, mode)
    return f"{_VECTOR_ENVS} environments, {steps} steps in each of the modes {', '.join(mode.value for mode in AutoresetMode)}"


def _compare_vectors(subject: Subject, env_id: str, mode: AutoresetMode) -> int:
    settings = subject.target.settings
    ours = gym.make_vec(env_id, num_envs=_VECTOR_ENVS, autoreset_mode=mode, **settings)
    sync = gym.make_vec(
        env_id,
        num_envs=_VECTOR_ENVS,
        vectorization_mode="sync",
        vector_kwargs={"autoreset_mode": mode},
        **settings,
    )
    rng = random.Random(subject.seed)
    try:
        _demand_equal(ours.reset(seed=subject.seed), sync.reset(seed=subject.seed), f"{mode.value}: reset")
        over = np.zeros(_VECTOR_ENVS, dtype=bool)
        steps = _VECTOR_STEPS[subject.env.sandbox]
        for step in range(steps):
            if mode is AutoresetMode.DISABLED and over.any():
                options = {"reset_mask": over}
                _demand_equal(
                    ours.reset(options=dict(options)), sync.reset(options=dict(options)), f"{mode.value}: masked reset"
                )
            actions = tuple(_vector_action(subject, sync, number, rng) for number in range(_VECTOR_ENVS))
            one, other = ours.step(actions), sync.step(actions)
            _demand_equal(one, other, f"{mode.value}, step {step + 1}")
            over = np.logical_or(other[2], other[3])
    finally:
        ours.close()
        sync.close()
    return steps


def _vector_action(subject: Subject, sync: Any, number: int, rng: random.Random) -> str:
    """An action of the oracle, of the guesser or of nobody, for one of the environments."""
    live = sync.envs[number].unwrapped.episode
    script: Script = rng.choice(_VECTOR_SCRIPTS)
    if live.ended or script == "malformed":
        return rng.choice(IDLE)
    return scripted_action(live, script, live.state.turn, subject.seed)


def _demand_equal(ours: Any, theirs: Any, where: str) -> None:
    difference = _difference(ours, theirs, "result")
    demand(difference is None, f"{where}: {difference}")


def _difference(ours: Any, theirs: Any, path: str) -> str | None:
    """Where two nested results of vector environments differ, types of arrays included; None if nowhere."""
    if isinstance(ours, np.ndarray) and isinstance(theirs, np.ndarray):
        if ours.dtype != theirs.dtype or ours.shape != theirs.shape:
            return f"{path} is {ours.dtype}{ours.shape}, not {theirs.dtype}{theirs.shape}"
        if ours.dtype != object:
            return None if np.array_equal(ours, theirs) else f"{path} is {ours}, not {theirs}"
        return _difference(list(ours), list(theirs), path)
    if isinstance(ours, dict) and isinstance(theirs, dict):
        if ours.keys() != theirs.keys():
            return f"{path} has the keys {sorted(ours)}, not {sorted(theirs)}"
        pairs = [(ours[key], theirs[key], f"{path}[{key!r}]") for key in ours]
    elif isinstance(ours, list | tuple) and isinstance(theirs, list | tuple):
        if len(ours) != len(theirs):
            return f"{path} has {len(ours)} items, not {len(theirs)}"
        pairs = [
            (one, other, f"{path}[{number}]") for number, (one, other) in enumerate(zip(ours, theirs, strict=True))
        ]
    else:
        return (
            None if type(ours) is type(theirs) and ours == theirs else f"{path} is {ours!r:.100}, not {theirs!r:.100}"
        )
    return next((found for pair in pairs if (found := _difference(*pair)) is not None), None)
