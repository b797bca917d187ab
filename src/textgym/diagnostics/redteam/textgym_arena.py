"""Environments of ours as arenas."""

import contextlib
import pickle
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from textgym.core import SPLITS, Live, Random, Split, State, Status, Task, TaskError, TextEnv
from textgym.core.impossible import is_impossible
from textgym.diagnostics.canonical import canonical
from textgym.diagnostics.playing import turn_of
from textgym.diagnostics.redteam.arena import Arena, Around, Reference, Seat, Stepped, public_attributes
from textgym.diagnostics.redteam.playing import REFUSED
from textgym.diagnostics.subject import Subject

_LEARNT_FROM = 3000
"""The first place of the tasks whose answers a policy has learnt; others than those on which it is tried."""


class TextgymArena(Arena):
    """An environment under test. It plays tasks of all splits in turn."""

    def __init__(self, subject: Subject) -> None:
        env = subject.env
        self.env: TextEnv[Any, Any] = env
        self.name = subject.target.name
        self.turns = env.max_turns
        self.tools = tuple(env.tool_schemas())
        for tool in self.tools:
            if not isinstance(tool.get("function"), Mapping) or not isinstance(tool["function"].get("name"), str):
                raise TypeError(
                    f"{self.name}: tool_schemas() must give tools in OpenAI's shape, with function.name, not {tool!r:.200}"
                )
        self.waits = env.waits
        self.random_ceiling = env.random_ceiling
        self.oracle_score = env.oracle_score
        self.impossible = is_impossible(env)
        self._subject = subject
        self._tasks: dict[int, Task] = {}

    @cached_property
    def _splits(self) -> tuple[Split, ...]:
        splits = tuple(split for split in SPLITS if self._subject.size(split))
        if not splits:
            why = next(iter(self._subject.starved.values()), "its splits are empty")
            raise TaskError(f"{self.name} has no tasks to play: {why}")
        return splits

    def task(self, place: int) -> Task:
        """The task at a place."""
        if place not in self._tasks:
            split, index = self._splits[place % len(self._splits)], place // len(self._splits)
            size = self.env.size(split)
            index = index if size is None else index % size
            self._tasks[place] = self._subject.known(split, index) or self.env.task(split, index)
        return self._tasks[place]

    async def begin(self, place: int) -> Seat:
        task = self.task(place)
        if self.waits:
            return _LiveSeat(await self.env.astart(task), self)
        return _LiveSeat(self.env.start(task), self)

    def common(self, tasks: int) -> str | None:
        if self.env.sandbox == "episode":
            return None  # whole repairs, of which no two are the same
        said: Counter[str] = Counter()
        for place in range(_LEARNT_FROM, _LEARNT_FROM + tasks):
            # In the state that an episode starts with, where that needs no waiting.
            with contextlib.suppress(Exception):
                said[self.env.oracle(self.task(place), self.env.State())] += 1
        (action, times), *_ = said.most_common(1) or [("", 0)]
        return action if times > 1 else None

    def own(self, place: int) -> Mapping[str, Sequence[str]]:
        return self.env.cheats(self.task(place))

    @cached_property
    def error_texts(self) -> str:
        """What the environment says to resets and snapshots that cannot be used."""
        texts = []
        twin = self.env.twin()
        unusable: tuple[dict[str, Any], ...] = (
            {"index": -1},
            {"split": "secret"},
            {"task_id": "answer"},
            {"answer": 1},
            {"snapshot": {}},
        )
        for options in unusable:
            try:
                twin.reset(options=options)
            except Exception as error:
                texts.append(str(error))
        return "\n".join(texts)

    def attributes(self) -> str:
        """Public attributes of the environment that are plain data, as they are now."""
        return public_attributes(self.env)


class _LiveSeat(Seat):
    def __init__(self, live: Live, arena: TextgymArena) -> None:
        self._live = live
        self._arena = arena
        self._infos: list[dict[str, Any]] = []
        self.task_id = live.task.id
        self.observation = live.observation

    async def step(self, action: str) -> Stepped:
        live = self._live
        result = await live.astep(action) if self._arena.waits else live.step(action)
        self._infos.append(result[4])
        return Stepped(result[0], result[1], live.ended)

    def reference(self, who: Reference, rng: Random) -> str | None:
        live = self._live
        state: State = live.state
        if who == "oracle":
            try:
                action: object = live.env.oracle(live.task, state)
            except NotImplementedError:  # what `TextEnv.oracle` raises where an author has written none
                return None
        else:
            action = live.env.random_action(live.task, state, rng)
        if not isinstance(action, str):
            name = "oracle" if who == "oracle" else "random_action"
            raise TypeError(f"{name}() must return a str, not {type(action).__name__}")
        return action

    def around(self, history: Sequence[str]) -> Mapping[str, str]:
        live = self._live
        seen = tuple(history)
        return Around(
            {
                "info": lambda: "\n".join(map(canonical, self._infos)),
                "attributes": self._arena.attributes,
                "repr": lambda: "\n".join((repr(live.env), str(live.env), repr(live), repr(live.task), str(live.task))),
                "errors": lambda: self._arena.error_texts,
                "dump": lambda: live.task.model_dump_json(exclude={"prompt"}),
                "turn": lambda: pickle.dumps(turn_of(live, len(self._infos), 0, seen)).decode("latin-1"),
                "tools": lambda: canonical(list(live.env.tool_schemas())),
            }
        )

    @property
    def status(self) -> str:
        outcome = self._live.outcome
        if outcome is None:
            return "unfinished"
        refused = outcome.status is Status.GRADER_ERROR and outcome.score.status == "refused"
        return REFUSED if refused else outcome.status.value

    @property
    def trouble(self) -> str | None:
        outcome = self._live.outcome
        return None if outcome is None else outcome.error

    async def close(self) -> None:
        if self._arena.waits:  # elsewhere nothing may be awaited here, and `Live.close` waits by itself
            await self._live.aclose()
        else:
            self._live.close()
