"""Snapshots: saved anywhere, continued anywhere, exactly; forks that go their own ways; what is refused."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from core_envs import Obey, ObeyAsync, Tidy, TidyAsync, trajectory
from hypothesis import given
from hypothesis import strategies as st

from textgym.core import EpisodeEndedError, SnapshotError

ORDERS = st.sampled_from(["say é🙂", "pay 0.25", "bad", "draw", "info 2", "long 30"])
SCRIPT = ["pay 0.25", "draw", "bad", "say é", "draw", "score 0.5"]


@given(st.lists(ORDERS, max_size=6), st.lists(ORDERS, max_size=6))
def test_an_episode_goes_on_from_a_snapshot_as_if_nothing_had_been(before, after):
    env = Obey(max_turns=8, max_invalid=3)
    env.reset(seed=5)
    trajectory(env, before)
    saved = env.snapshot()
    twin = Obey(max_turns=8, max_invalid=3)
    assert twin.restore(json.dumps(saved)) == (env.episode.observation, {"task_id": env.episode.task.id})
    assert twin.snapshot() == saved
    if not env.episode.ended:
        assert trajectory(twin, after) == trajectory(env, after)
    assert twin.snapshot() == env.snapshot()
    assert twin.episode.state_hash() == env.episode.state_hash()


@pytest.mark.parametrize("kind", [Obey, ObeyAsync, Tidy, TidyAsync])
@pytest.mark.parametrize(
    "encode", [lambda s: s, json.dumps, lambda s: json.dumps(s).encode()], ids=["dict", "str", "bytes"]
)
def test_a_snapshot_restores_as_a_dict_and_as_json_and_through_reset(kind, encode):
    env = kind()
    env.reset(seed=5)
    trajectory(env, SCRIPT[:3])
    saved = encode(env.snapshot())
    rest = trajectory(env, SCRIPT[3:])
    env.restore(saved)
    assert trajectory(env, SCRIPT[3:]) == rest
    assert env.reset(options={"snapshot": saved})[0] == "not like this"
    assert trajectory(env, SCRIPT[3:]) == rest


CONTINUE = """
import json, sys
from core_envs import Obey, trajectory
env = Obey(size=500)
env.restore(sys.stdin.read())
print(json.dumps([trajectory(env, sys.argv[1:]), env.episode.state_hash(), env.episode.total]))
"""


@pytest.mark.parametrize("hash_seed", ["0", "77"])
def test_an_episode_goes_on_in_another_process(hash_seed):
    env = Obey(size=500)
    env.reset(seed=5)
    trajectory(env, SCRIPT[:2])
    process = subprocess.run(
        [sys.executable, "-c", CONTINUE, *SCRIPT[2:]],
        input=json.dumps(env.snapshot()),
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(Path(__file__).parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    here = [trajectory(env, SCRIPT[2:]), env.episode.state_hash(), env.episode.total]
    assert json.loads(process.stdout) == json.loads(json.dumps(here))


@pytest.mark.parametrize("ending", ["score 1", "tree", "grader", "infra"])
def test_a_snapshot_after_the_end_restores_the_end(ending):
    env = Obey()
    env.reset(seed=5)
    outcome = env.step(ending)[4]["outcome"]
    saved = json.loads(json.dumps(env.snapshot()))
    twin = Obey()
    twin.restore(saved)
    assert twin.episode.ended
    assert twin.episode.outcome.as_info() == outcome
    assert twin.snapshot() == saved
    with pytest.raises(EpisodeEndedError):
        twin.step("say a")


@pytest.mark.parametrize("actions", [[], ["say a"], ["tree"], ["score 1"]])
def test_a_snapshot_holds_no_secret(actions):
    env = Obey()
    env.reset(seed=5)
    trajectory(env, actions)
    text = json.dumps(env.snapshot())
    assert str(env.episode.task.secret["number"]) not in text
    assert "42" not in text  # of the secret evidence in the score tree


def test_a_snapshot_does_not_change_with_the_episode():
    env = Obey()
    env.reset(seed=5)
    saved = env.snapshot()
    kept = copy.deepcopy(saved)
    trajectory(env, SCRIPT)
    assert saved == kept


def test_forks_are_equal_and_independent():
    env = Obey(size=50, max_turns=20)
    env.reset(seed=5)
    trajectory(env, SCRIPT[:2])
    before = env.snapshot()
    left, right, third = env.fork(3)
    assert left.snapshot() == right.snapshot() == before
    assert left.step("say left")[0] == "3: say left"
    assert left.step("say left")[0] == "4: say left"
    assert right.step("say right")[0] == "3: say right"
    left.reset(seed=9)
    left.close()
    assert third.snapshot() == env.snapshot() == before
    assert right.config == env.config
    assert env.step("say a")[0] == "3: say a"
    assert [twin.stream.seed for twin in (left, right)] == [9, None]


def test_a_fork_after_the_end_has_ended():
    env = Obey()
    env.reset(seed=5)
    env.step("score 1")
    (twin,) = env.fork(1)
    assert twin.episode.ended


@pytest.mark.parametrize("n", [0, -1])
def test_a_fork_into_nothing_is_refused(n):
    env = Obey()
    env.reset(seed=5)
    with pytest.raises(ValueError, match="at least 1"):
        env.fork(n)


def test_many_snapshots_are_remembered_within_bounds():
    env = Obey()
    for index in range(1000):
        env.reset(options={"index": index})
        env.snapshot()
    assert len(env._remembered) <= 256


def saved_episode(**changes):
    env = Obey()
    env.reset(seed=5)
    env.step("say a")
    return {**env.snapshot(), **changes}


@pytest.mark.parametrize(
    ("snapshot", "words"),
    [
        ("not json", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        ("[" * 100_000, "not JSON"),
        (None, "malformed"),
        ([], "malformed"),
        ({}, "malformed"),
        (7, "malformed"),
        (saved_episode(format=0), "format 0 is not 1"),
        (saved_episode(env_id="Other-v0"), "of Other-v0, this environment is Obey-v0"),
        (saved_episode(config="0123abcd"), "other settings"),
        (saved_episode(split="dev"), "split"),
        (saved_episode(split=["train"]), "split must be one of"),
        (saved_episode(index="1"), "whole number"),
        (saved_episode(index=-1), "outside"),
        (saved_episode(state=None), "malformed"),
        (saved_episode(state={"turn": "x"}), "turn"),
        (saved_episode(state={"unknown": 1}), "unknown"),
        (saved_episode(observation=3), "observation"),
        (saved_episode(total="much"), "total"),
        (saved_episode(total=None), "total"),
        (saved_episode(elapsed="long"), "elapsed"),
        (saved_episode(outcome={"status": "ok"}), "stop_reason"),
        (saved_episode(outcome="ok"), "malformed"),
    ],
)
def test_a_snapshot_that_cannot_be_used_is_refused_and_the_episode_goes_on(snapshot, words):
    env = Obey(episode_seconds=600)
    env.reset(seed=1)
    with pytest.raises(SnapshotError) as refusal:
        env.restore(snapshot)
    assert words in str(refusal.value)
    assert env.step("say b")[0] == "1: say b"


@pytest.mark.parametrize(
    "field", ["format", "env_id", "config", "split", "index", "state", "observation", "total", "outcome"]
)
def test_a_snapshot_with_a_field_missing_is_refused(field):
    snapshot = saved_episode()
    del snapshot[field]
    with pytest.raises(SnapshotError, match=field):
        Obey().restore(snapshot)


def test_the_settings_to_restore_under_are_named():
    env = Obey(size=50)
    env.reset(seed=1)
    with pytest.raises(SnapshotError, match="other settings"):
        Obey().restore(env.snapshot())
    Obey(size=50, max_turns=3, bonus=2).restore(env.snapshot())


def test_time_that_passed_before_the_snapshot_counts():
    env = Obey(episode_seconds=30)
    env.reset(seed=1)
    saved = env.snapshot()
    saved["elapsed"] += 31
    env.restore(saved)
    assert env.step("say a")[4]["outcome"]["stop_reason"] == "episode_timeout"
