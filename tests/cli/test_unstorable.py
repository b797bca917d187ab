"""An episode that cannot be stored as it is costs itself, and not the run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.core import Outcome, Score, Status, StopReason
from textgym.episodes import Episode, EpisodeStore, TurnRecord, masked
from textgym.episodes.lines import seal

PAGE = '''
import datetime
import math
from textgym import Entry, Random, Reply, Task, TextEnv

BAD = {"inf": math.inf, "set": {1}, "bytes": b"x", "date": datetime.date(2020, 1, 1), "deep": [{"a": math.nan}]}


class Odd(TextEnv):
    """Says odd things in the fourth task."""

    bad = ""

    def generate(self, rng: Random) -> Task:
        return Task(prompt=str(rng.randint(0, 10**9)))

    def act(self, task, state, action):
        if task.index != 3:
            return Reply("done", score=1.0, info={"fine": 1})
        if self.bad == "reward":
            return Reply("done", reward=math.nan)
        return Reply("done", score=1.0, info={"fine": 1, "x": BAD[self.bad]})

    def oracle(self, task, state):
        return ""


KINDS = [type(f"Odd_{name}", (Odd,), {"bad": name}) for name in (*BAD, "reward")]
globals().update({kind.__name__: kind for kind in KINDS})
ENVIRONMENTS = [Entry(f"odd/{kind.bad}-v0", f"odd_page:{kind.__name__}", "Odd.", "odd") for kind in KINDS]
'''


def textgym(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "odd_page.py").write_text(PAGE)
    return subprocess.run(
        [sys.executable, "-m", "textgym", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("inf", "turns[0].info.x is not a finite number"),
        ("set", "set"),
        ("bytes", "bytes"),
        ("date", "date"),
        ("deep", "info.x[0].a is not a finite number"),
    ],
)
def test_an_odd_info_masks_its_episode_and_the_run_goes_on(tmp_path, name, says):
    run = textgym(
        tmp_path, "run", f"odd_page:odd/{name}-v0", "--policy", "oracle", "--episodes", "8", "--out", "out", "--json"
    )
    sums = json.loads(run.stdout)
    assert sums["episodes"] == 8, run.stderr
    records = list(EpisodeStore.open(tmp_path / "out"))
    (odd,) = [one for one in records if one.reward is None]
    assert odd.index == 3
    assert odd.outcome.status == "infra_error"
    assert says in odd.outcome.error
    assert odd.turns[0].info["fine"] == 1
    assert [one.reward for one in records if one is not odd] == [1.0] * 7


def test_a_reward_that_is_no_number_is_stored_as_what_it_is(tmp_path):
    run = textgym(
        tmp_path, "run", "odd_page:odd/reward-v0", "--policy", "oracle", "--episodes", "5", "--out", "out", "--json"
    )
    assert json.loads(run.stdout)["episodes"] == 5, run.stderr
    resumed = textgym(
        tmp_path, "run", "odd_page:odd/reward-v0", "--policy", "oracle", "--episodes", "5", "--out", "out", "--resume"
    )
    assert "5" in resumed.stdout
    (odd,) = [one for one in EpisodeStore.open(tmp_path / "out") if one.reward is None]
    assert odd.outcome.status == "grader_error"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.sets(st.integers()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner) | st.tuples(inner),
)


@given(st.dictionaries(st.text(), ANYTHING), st.floats(), st.dictionaries(st.text(), ANYTHING))
def test_whatever_an_episode_holds_its_masked_record_can_be_stored(info, reward, policy):
    episode = Episode(
        episode_id="e",
        env_id="odd/x-v0",
        config={},
        task_id="odd/x-v0/train/0",
        seed=0,
        group=0,
        sibling=0,
        observation="",
        turns=[TurnRecord("a", "b", reward, info)],
        reward=reward,
        outcome=Outcome(status=Status.OK, stop_reason=StopReason.COMPLETED, success=True, score=Score(value=1.0)),
        policy=policy,
    )
    kept = masked(episode, "odd")
    seal(kept.as_json())
    assert (kept.reward, kept.outcome.mask) == (None, True)
    assert kept.outcome.error.startswith("odd")
    assert set(kept.turns[0].info) <= set(info)
