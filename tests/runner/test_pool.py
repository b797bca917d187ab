"""`EpisodePool`: a trainer that owns the loop gets every turn once and every episode once."""

import pytest
from runner_envs import Orders

import textgym
from textgym.core import Completion, StopReason, TextgymError
from textgym.episodes import Episode
from textgym.registry import find
from textgym.runner import Ready

ORDERS = find("runner_envs:tests/Orders-v0").id


def answers(ready: list[Ready]) -> tuple[list[int], list[str]]:
    turns = [(item.id, item.turn) for item in ready if item.turn is not None]
    return [number for number, _ in turns], [str(turn.rng().randint(1, 6)) for _, turn in turns]


@pytest.mark.parametrize("min_batch", [1, 5, 100])
def test_the_episodes_equal_those_of_a_rollout(min_batch: int) -> None:
    episodes: list[Episode] = []
    with textgym.EpisodePool(ORDERS, episodes=20, group_size=2, concurrency=6, seed=3) as pool:
        while ready := pool.recv(min_batch=min_batch):
            episodes += [item.episode for item in ready if item.episode is not None]
            pool.send(*answers(ready))
        assert pool.recv() == []

    def policy(turns: list[textgym.Turn]) -> list[str]:
        return [str(turn.rng().randint(1, 6)) for turn in turns]

    expected = list(textgym.rollout(ORDERS, policy, episodes=20, group_size=2, seed=3, ordered=True))
    episodes.sort(key=lambda episode: (episode.group, episode.sibling))
    assert [[turn.observation for turn in one.turns] for one in episodes] == [
        [turn.observation for turn in one.turns] for one in expected
    ]
    assert [one.episode_id for one in episodes] == [one.episode_id for one in expected]


def test_a_slow_answer_holds_up_nobody_else() -> None:
    with textgym.EpisodePool(Orders(), episodes=10, concurrency=3) as pool:
        first = pool.recv(min_batch=3)
        held = first[0]
        ready, finished = first[1:], 0
        while finished < 9:
            pool.send(*answers(ready))
            ready = pool.recv()
            finished += sum(item.episode is not None for item in ready)
        pool.send([held.id], ["1"])
        assert pool.recv()[0].turn is not None


def test_batches_respect_their_bounds_and_the_timeout() -> None:
    with textgym.EpisodePool(ORDERS, concurrency=8) as pool:
        assert len(pool.recv(min_batch=8)) == 8
        assert pool.recv(timeout=0.05) == []
    with textgym.EpisodePool(ORDERS, concurrency=8) as pool:
        first = pool.recv(min_batch=3, max_batch=3)
        assert len(first) == 3
        assert len(pool.recv(min_batch=99)) == 5  # the rest: nothing more can come


def test_completions_and_endings_reach_the_record() -> None:
    with textgym.EpisodePool(ORDERS, episodes=2, concurrency=2) as pool:
        one, two = pool.recv(min_batch=2)
        pool.send([one.id, two.id], [Completion("1", token_ids=[7]), None])
        ready = pool.recv(min_batch=2)
        ended = next(item.episode for item in ready if item.episode is not None)
        assert ended.outcome.stop_reason is StopReason.POLICY_STOPPED


def test_answering_what_does_not_wait_is_refused() -> None:
    with textgym.EpisodePool(ORDERS, episodes=1) as pool:
        (item,) = pool.recv()
        with pytest.raises(ValueError, match="one action for each id"):
            pool.send([item.id], [])
        pool.send([item.id], ["1"])
        with pytest.raises(TextgymError, match="answered once"):
            pool.send([item.id], ["1"])


def test_closing_twice_and_early_is_fine() -> None:
    pool = textgym.EpisodePool(ORDERS, concurrency=4)
    pool.recv(min_batch=4)
    pool.close()
    pool.close()
    assert pool.recv() == []
