"""Runs of every environment of mathematics that needs nothing further: stored, replayed and exported as they are."""

from pathlib import Path

import pytest

from textgym import entries, rollout
from textgym.episodes import EpisodeStore, Manifest, flat_rows, replay_store


@pytest.mark.parametrize("policy", ["oracle", "noop", "random"])
@pytest.mark.parametrize(
    "env_id", sorted(entry.id for entry in entries().values() if entry.domain == "math" and not entry.needs)
)
def test_a_run_replays_from_its_directory(tmp_path: Path, env_id: str, policy: str) -> None:
    run = Manifest(env_id=env_id, policy={"name": policy}, seed=5, episodes=4, group_size=2)
    with EpisodeStore.create(tmp_path, run, fsync="never") as store:
        for episode in rollout(env_id, policy, episodes=4, group_size=2, seed=5):
            store.append(episode)
    stored = EpisodeStore.open(tmp_path)
    assert [report.divergence for report in replay_store(stored)] == [None] * 4
    again = {episode.episode_id: episode for episode in rollout(env_id, policy, episodes=4, group_size=2, seed=5)}
    assert list(flat_rows(stored)) == [next(flat_rows([again[episode.episode_id]])) for episode in stored]
