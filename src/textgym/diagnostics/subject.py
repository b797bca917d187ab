"""The environment under test, and what several checks share: its tasks, reference transcripts and the other process."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any, TypeVar

from textgym.core import SPLITS, Live, Split, Task, TaskError, TextEnv
from textgym.core.cpu import usable_cores
from textgym.diagnostics.elsewhere import PATIENCE, Worker, other_hash_seeds
from textgym.diagnostics.playing import SCRIPTS, Place, Transcript, play
from textgym.diagnostics.report import CheatRow, MeanReward, RedTeamReport
from textgym.diagnostics.target import Target

T = TypeVar("T")

COUNTED = {"none": 100, "step": 34, "episode": 34}
"""Tasks per split that are counted over: with sandboxes, a hundred in all."""

TRANSCRIBED = {"none": 3, "step": 1, "episode": 1}
"""Tasks per split whose episodes are written down and compared, by what an environment takes of sandboxes."""


class Subject:
    """One environment under test.

    Args:
        tasks: tasks per split that the counting checks use; None for what suits the environment.

    Attributes:
        target: how to make it.
        seed: seed of the policies' randomness.
        cheat_tasks: tasks for each cheat of the library; None for what suits the environment.
        figures: mean rewards of the reference policies, as the checks measure them.
        own_cheats: what the environment's own cheats were paid, once they were played.
        red_team: what all cheats were paid, once they were played.
    """

    def __init__(
        self, target: Target, *, tasks: int | None = None, seed: int = 0, cheat_tasks: int | None = None
    ) -> None:
        self.target = target
        self._counted = tasks
        self.seed = seed
        self.cheat_tasks = cheat_tasks
        self.own_cheats: list[CheatRow] | None = None
        self.red_team: RedTeamReport | None = None
        self.figures: dict[str, MeanReward] = {}
        self._tasks: dict[str, list[Task]] = {}
        self._worker: Worker | None = None

    def make(self, **more: Any) -> TextEnv[Any, Any]:
        """A new environment of this kind, with further settings on top."""
        return self.target.make(**more)

    def make_at_hand(self, **more: Any) -> TextEnv[Any, Any]:
        """`make` for checks to which the making of tasks is nothing: those that were generated are taken as they are."""
        env = self.make(**more)
        env.supply = self.known
        return env

    def known(self, split: str, index: int) -> Task | None:
        """The task at this place, if it was generated; None otherwise."""
        tasks = self._tasks.get(split, [])
        return tasks[index] if 0 <= index < len(tasks) else None

    @cached_property
    def env(self) -> TextEnv[Any, Any]:
        """An environment for checks that need any one, and start episodes of their own in it."""
        return self.make()

    @cached_property
    def count(self) -> int:
        """Tasks per split that the counting checks use."""
        return COUNTED[self.env.sandbox] if self._counted is None else self._counted

    def size(self, split: Split) -> int:
        """How many tasks of a split the checks look at: `count`, all of a smaller split, none of one in `starved`."""
        size = self.env.size(split)
        return 0 if split in self.starved else self.count if size is None else min(size, self.count)

    @cached_property
    def starved(self) -> dict[str, str]:
        """Splits in which the settings admit no task, and what the environment says about it."""
        starved: dict[str, str] = {}
        for split in SPLITS:
            if self.env.size(split) != 0:
                try:
                    self.env.remember(self.env.task(split, 0))
                except TaskError as error:
                    starved[split] = str(error)
        return starved

    def tasks(self, split: Split) -> list[Task]:
        """The first tasks of a split, generated once."""
        if split not in self._tasks:
            self._tasks[split] = [self.env.task(split, index) for index in range(self.size(split))]
        return self._tasks[split]

    def some_tasks(self, most: int) -> list[Task]:
        """At most `most` tasks, from all splits in turn."""
        share = -(-most // len(SPLITS))
        return [task for split in SPLITS for task in self.tasks(split)[:share]][:most]

    def all_tasks(self) -> list[Task]:
        """The tasks of all splits."""
        return [task for split in SPLITS for task in self.tasks(split)]

    def start(self, task: Task) -> Live:
        """A new episode."""
        return self.env.start(task)

    def each(self, play: Callable[[Task], T], tasks: Iterable[Task]) -> Iterator[T]:
        """`play` of each task, in order; where that is spent in sandboxes, with as many at a time as there are cores."""
        if self.env.sandbox == "none":
            yield from map(play, tasks)
            return
        with ThreadPoolExecutor(usable_cores()) as pool:
            yield from pool.map(play, tasks)

    @cached_property
    def places(self) -> list[Place]:
        """The scripted episodes that are compared: a few tasks of every split, by every script."""
        return [
            Place(split, index, script)
            for split in SPLITS
            for index in range(min(TRANSCRIBED[self.env.sandbox], self.size(split)))
            for script in SCRIPTS
        ]

    @cached_property
    def reference(self) -> list[Transcript]:
        """The transcripts that every other way of playing must reproduce: one new environment, one after the other."""
        env = self.make()
        try:
            return [play(env, place, self.seed) for place in self.places]
        finally:
            env.close()

    # -- the other process ---------------------------------------------------------------------------------------------

    @property
    def worker(self) -> Worker:
        """A process with another hash seed; started by the first who asks, shared by all."""
        if self._worker is None:
            self._worker = Worker(self.target, other_hash_seeds()[0])
            self._elsewhere = self._worker.ask("transcripts", **self.request(self.places))
        return self._worker

    def request(self, places: list[Place]) -> dict[str, Any]:
        """The request for the transcripts of some places."""
        return {
            "places": [{"split": p.split, "index": p.index, "script": p.script} for p in places],
            "seed": self.seed,
        }

    @cached_property
    def elsewhere(self) -> list[list[str]]:
        """The same transcripts from the other process.

        Raises:
            WorkerError: it could not play them.
            TimeoutError: it did not answer.
        """
        assert self.worker is not None
        return self._elsewhere.result(PATIENCE)

    @cached_property
    def some_elsewhere(self) -> dict[str, list[list[str]]]:
        """By further values of `PYTHONHASHSEED`, the transcripts of `some_places` from a process of its own.

        Raises:
            WorkerError, TimeoutError: as for `elsewhere`.
        """
        return self._from_fresh_processes(other_hash_seeds()[1:], self.some_places)

    @property
    def some_places(self) -> list[Place]:
        """The oracle's way through the first task of every split."""
        return [place for place in self.places if place.index == 0 and place.script == "oracle"]

    @cached_property
    def hash_seed_decides(self) -> bool:
        """Whether the hash seed is what the other process owes its difference to, and not being another process.

        Further processes tell: one under the same hash seed as the other process, and those under other ones.
        """
        again, *others = self._from_fresh_processes(other_hash_seeds(), self.places).values()
        return again == self.elsewhere and any(other != self.elsewhere for other in others)

    def _from_fresh_processes(self, hash_seeds: Sequence[str], places: list[Place]) -> dict[str, list[list[str]]]:
        workers = {seed: Worker(self.target, seed) for seed in hash_seeds}
        try:
            asked = {seed: worker.ask("transcripts", **self.request(places)) for seed, worker in workers.items()}
            return {seed: answer.result(PATIENCE) for seed, answer in asked.items()}
        finally:
            for worker in workers.values():
                worker.close()

    def close(self) -> None:
        """Release the environment and the other process."""
        if self._worker is not None:
            self._worker.close()
        if "env" in self.__dict__:
            self.env.close()
