"""Datasets of reasoning-gym, used as its documentation says: answers inside `<answer>`, read by its own `extract_answer`."""

import importlib
import json
from collections import Counter
from typing import Any

from textgym.core import ConfigError, OptionalDependencyError, Random, UnknownEnvironmentError
from textgym.core.errors import did_you_mean
from textgym.diagnostics.redteam.arena import Arena, Reference, Seat, Stepped

_SIZE = 1000
_GUESSES = 100
"""Entries whose answers are guessed; others than those that are asked."""


def arena(name: str, settings: dict[str, Any]) -> Arena:
    """The dataset of this name; settings are those of its config, with `size` and `seed`."""
    try:
        factory = importlib.import_module("reasoning_gym.factory")
    except ImportError:
        raise OptionalDependencyError(f"rg:{name} needs reasoning-gym: pip install reasoning-gym") from None
    if name not in factory.DATASETS:
        raise UnknownEnvironmentError(f"reasoning-gym has no dataset {name!r}: {did_you_mean(name, factory.DATASETS)}")
    try:
        return _DatasetArena(name, factory.create_dataset(name, **{"size": _SIZE, "seed": 0} | settings))
    except (AssertionError, TypeError, ValueError) as error:
        raise ConfigError(f"rg:{name}: {error}") from None


class _DatasetArena(Arena):
    turns = 1
    isolated = True

    def __init__(self, name: str, dataset: Any) -> None:
        answers = importlib.import_module("reasoning_gym.utils")
        self.name = f"rg:{name}"
        self.dataset = dataset
        self.instructions = answers.SYSTEM_PROMPTS["default"]
        self.extract = answers.extract_answer
        self._entries: dict[int, dict[str, Any]] = {}

    async def begin(self, place: int) -> Seat:
        return _EntrySeat(self, place, self.entry(place % len(self.dataset)))

    def entry(self, number: int) -> dict[str, Any]:
        """An entry, generated once; some take long, and the processes of all cheats inherit what is there."""
        if number not in self._entries:
            self._entries[number] = self.dataset[number]
        return self._entries[number]

    def common(self, tasks: int) -> str | None:
        first = len(self.dataset) // 2  # others than those on which it is tried
        answers = Counter(right_answer(self.entry(first + number)) or "" for number in range(min(tasks, first)))
        (answer, times), *_ = answers.most_common(1) or [("", 0)]
        return f"<answer>{answer}</answer>" if answer and times > 1 else None


def right_answer(entry: dict[str, Any]) -> str | None:
    """The answer of an entry, or the example of one where several are right; None where the dataset names none."""
    found = [entry["answer"], *(entry["metadata"].get(name) for name in ("example_answer", "possible_answer"))]
    named = next((one for one in found if one is not None), None)
    return named if named is None or isinstance(named, str) else json.dumps(named)


class _EntrySeat(Seat):
    def __init__(self, arena: _DatasetArena, place: int, entry: dict[str, Any]) -> None:
        self._arena = arena
        self._entry = entry
        self.task_id = f"{arena.name}/{place}"
        self.observation = f"{arena.instructions}\n\n{entry['question']}"

    async def step(self, action: str) -> Stepped:
        answer = self._arena.extract(action)
        return Stepped("", float(self._arena.dataset.score_answer(answer, self._entry)), True)

    def reference(self, who: Reference, rng: Random) -> str | None:
        """The dataset's own answer; a guess is the answer of another entry, which has the right form."""
        size = len(self._arena.dataset)
        other = self._arena.entry((size // 2 + rng.randrange(_GUESSES)) % size)
        answer = right_answer(self._entry if who == "oracle" else other)
        return None if answer is None else f"<answer>{answer}</answer>"
