"""An episode with a part that cannot be stored: what is kept of it, what is said, and that it can be replayed."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sample_episodes import episode, guess_number, manifest, play
from sample_episodes import masked as failed

from textgym import Score
from textgym.core import Completion, Random, Reply, State, Status, StopReason, Task, TextEnv
from textgym.episodes import Episode, EpisodeStore, RecordError, masked, replay


class Unseen:
    """An object that raises when it is looked at."""

    def __repr__(self) -> str:
        raise OSError("gone")


CIRCLE: dict[str, Any] = {}
CIRCLE.update(dict.fromkeys("abcdefgh", CIRCLE))


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (math.inf, "turns[1].info.x"),
        ({1}, "turns[1].info.x"),
        (b"x", "turns[1].info.x"),
        (10**6000, "turns[1].info.x"),
        (Unseen(), "turns[1].info.x"),
        (CIRCLE, "turns[1].info.x"),
        ({"deep": [0, math.nan]}, "turns[1].info.x.deep[1]"),
        ({(1, 2): 3}, "a key of turns[1].info.x"),
    ],
    ids=["inf", "set", "bytes", "large", "unseen", "circle", "deep", "key"],
)
def test_what_cannot_be_stored_is_named_and_left_out(tmp_path: Path, value: object, place: str) -> None:
    odd = episode("odd", turns=3)
    odd.turns[1].info = {"fine": np.float32(0.5), "x": value}
    odd.turns[1].completion = Completion("7", token_ids=[1, 2])
    with EpisodeStore.create(tmp_path, manifest()) as store:
        with pytest.raises(RecordError) as refusal:
            store.append(odd)
        store.append(masked(odd, str(refusal.value)))
    (kept,) = EpisodeStore.open(tmp_path)
    assert (kept.reward, kept.outcome.status, kept.outcome.stop_reason) == (
        None,
        Status.INFRA_ERROR,
        StopReason.EXCEPTION,
    )
    assert kept.outcome.error is not None
    assert place in kept.outcome.error
    assert kept.turns[1].info["fine"] == 0.5
    assert kept.turns[1].completion == odd.turns[1].completion
    assert [kept.turns[0], kept.turns[2]] == [odd.turns[0], odd.turns[2]]


def test_a_masked_episode_keeps_its_outcome(tmp_path: Path) -> None:
    odd = failed("odd")
    odd.turns[0].reward = math.nan
    kept = masked(odd, "refused")
    assert kept.outcome == odd.outcome
    assert [turn.reward for turn in kept.turns] == [0.0, 0.0]
    wide = odd.outcome.model_copy(update={"score": Score(status="error", bounds=(-math.inf, math.inf))})
    kept = masked(replace(odd, outcome=wide), "refused")
    assert (kept.outcome.status, kept.outcome.error) == (odd.outcome.status, odd.outcome.error)
    with EpisodeStore.create(tmp_path, manifest()) as store:
        store.append(kept)
    assert list(EpisodeStore.open(tmp_path)) == [kept]


def test_a_masked_record_of_an_ended_episode_replays() -> None:
    env = guess_number(high=20)
    kept = masked(play(env, 3), "refused")
    assert replay(kept, env).same
    wrong = replace(kept, turns=[replace(kept.turns[0], observation="Something else."), *kept.turns[1:]])
    assert not replay(wrong, env).same


class Odd(TextEnv):
    """Pays what is no number in its first turn."""

    def generate(self, rng: Random) -> Task:
        return Task(prompt=str(rng.randint(0, 10**9)))

    def act(self, task: Task, state: State, action: str) -> Reply:
        return Reply("on", reward=math.nan) if state.turn < 2 else Reply("done", score=1.0)


def test_a_turn_whose_reward_was_no_number_replays() -> None:
    env = Odd()
    record: Episode = play(env, 0, lambda live: "x")
    assert record.reward is None
    assert replay(masked(record, "refused"), env).same
