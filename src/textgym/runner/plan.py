"""What a run consists of: its jobs, each one episode to be played, known before the first of them starts."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import count
from typing import Any

from textgym.core import Split, TextEnv, derive_key


@dataclass(frozen=True, slots=True)
class Job:
    """One episode to be played.

    Attributes:
        episode_id: names the episode; a function of everything but the policy.
        group: number of the group; its siblings work on the same task.
        sibling: number within the group.
        seed: seed of the task.
        split: split of the task.
        index: index of the task.
        key: source of the policy's private randomness; siblings differ in it.
    """

    episode_id: str
    group: int
    sibling: int
    seed: int
    split: Split
    index: int
    key: bytes


@dataclass(frozen=True)
class Plan:
    """The jobs of a run: group g works on the task of seed `seed + g`.

    Attributes:
        env: the environment.
        episodes: number of episodes; None for a run without end.
        group_size: episodes per group.
        seed: seed of the first group.
        split: split that the tasks come from.
        skip: ids of episodes to leave out, because they are done.
    """

    env: TextEnv[Any, Any]
    episodes: int | None
    group_size: int
    seed: int
    split: Split
    skip: Collection[str] = frozenset()

    def __post_init__(self) -> None:
        if self.group_size < 1:
            raise ValueError(f"group_size must be at least 1, not {self.group_size}")
        if self.seed < 0:
            raise ValueError(f"seed must be at least 0, not {self.seed}")
        if self.episodes is not None and self.episodes < 0:
            raise ValueError(f"episodes must be at least 0, not {self.episodes}")
        if self.episodes is not None and self.episodes % self.group_size:
            raise ValueError(
                f"episodes = {self.episodes} must be a multiple of group_size = {self.group_size}: groups are played whole"
            )

    def jobs(self) -> Iterator[Job]:
        """The jobs in order, group by group."""
        settings = self.env.config.model_dump(mode="json", exclude_defaults=True)
        run = repr((self.env.env_id, sorted(settings.items()), self.split, self.seed))
        for group in count() if self.episodes is None else range(self.episodes // self.group_size):
            seed = self.seed + group
            index = self.env.index_for(seed, self.split)
            for sibling in range(self.group_size):
                name = blake2b(f"{run}{group}/{sibling}".encode(), digest_size=8).hexdigest()
                if name not in self.skip:
                    key = derive_key("policy", self.seed, group, sibling)
                    yield Job(name, group, sibling, seed, self.split, index, key)
