"""Single-turn environments of verifiers (its 0.1 series): a row of the dataset is a task, the rubric pays."""

import asyncio
import importlib
from collections import Counter
from collections.abc import Mapping
from typing import Any

from textgym.core import ConfigError, OptionalDependencyError, Random, UnknownEnvironmentError
from textgym.diagnostics.redteam.arena import Arena, Reference, Seat, Stepped
from textgym.diagnostics.redteam.cheat import View


def arena(name: str, settings: dict[str, Any]) -> Arena:
    """What `load_environment(name, **settings)` gives."""
    try:
        verifiers = importlib.import_module("verifiers")
        load = verifiers.load_environment
        types = importlib.import_module("verifiers.types")
    except (ImportError, AttributeError):
        raise OptionalDependencyError(f'vf:{name} needs verifiers: pip install "verifiers>=0.1.9,<0.2"') from None
    try:
        env = load(name, **settings)
    except ModuleNotFoundError as error:
        raise UnknownEnvironmentError(f"vf:{name}: no module {error.name!r} with load_environment()") from None
    except Exception as error:
        raise ConfigError(f"vf:{name}: {type(error).__name__}: {error}") from None
    if not isinstance(env, verifiers.SingleTurnEnv):
        raise ConfigError(f"vf:{name}: only single-turn environments can be attacked, and this is {type(env).__name__}")
    return _RubricArena(name, env, types)


class _RubricArena(Arena):
    turns = 1
    isolated = True
    waits = False

    def __init__(self, name: str, env: Any, types: Any) -> None:
        self.name = f"vf:{name}"
        self.env = env
        self.types = types
        self.rows: list[dict[str, Any]] = [dict(row) for row in env.get_dataset()]
        if not self.rows:
            raise ConfigError(f"{self.name} has no rows")

    async def begin(self, place: int) -> Seat:
        return _RowSeat(self, place, self.rows[place % len(self.rows)])

    def common(self, tasks: int) -> str | None:
        answers = Counter(str(row.get("answer", "")) for row in self.rows[-tasks:])
        (answer, times), *_ = answers.most_common(1)
        return _in_form(_shown(self.rows[0]["prompt"]), answer) if times > 1 and answer else None


class _RowSeat(Seat):
    def __init__(self, arena: _RubricArena, place: int, row: Mapping[str, Any]) -> None:
        self._arena = arena
        self._row = row
        self.task_id = f"{arena.name}/{place}"
        self.observation = _shown(row["prompt"])

    async def step(self, action: str) -> Stepped:
        # The rubric awaits in an event loop; cheats are driven without one.
        return Stepped("", asyncio.run(self._score(action)), True)

    async def _score(self, action: str) -> float:
        types = self._arena.types
        state = types.State(input=dict(self._row))
        reply = types.AssistantMessage(role="assistant", content=action)
        state.update(completion=[reply], trajectory=[], timing=types.RolloutTiming(), reward=None, metrics=None)
        await self._arena.env.rubric.score_rollout(state)
        return float(state["reward"])

    def reference(self, who: Reference, rng: Random) -> str | None:
        """The row's own answer; a guess is the answer of another row, which has the right form."""
        rows = self._arena.rows
        answer = self._row.get("answer") if who == "oracle" else rows[rng.randrange(len(rows))].get("answer")
        return None if answer in (None, "") else _in_form(self.observation, str(answer))


def _shown(prompt: Any) -> str:
    """A prompt, which is a text or chat messages, as one text."""
    if isinstance(prompt, str):
        return prompt
    messages = [dict(message) for message in prompt]
    return "\n\n".join(str(message.get("content", "")) for message in messages)


def _in_form(opening: str, answer: str) -> str:
    return View([opening], (), "", 1, Random(b"")).answer(answer)
