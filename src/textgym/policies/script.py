"""Fixed actions: one list for every episode, or one list for each task."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from textgym.core import Turn
from textgym.policies.base import Policy, PolicyError, PolicySettingError


class Script(Policy):
    """Plays the same actions in every episode, then ends it.

    Args:
        actions: the actions in order; the episode ends with `policy_stopped` when they have run out.

    Raises:
        PolicySettingError: the actions are not a sequence of `str`.
    """

    name = "script"

    def __init__(self, actions: Sequence[str]) -> None:
        self._actions = _checked(actions)

    async def answer(self, turn: Turn) -> str | None:
        return self._actions[turn.index] if turn.index < len(self._actions) else None

    def describe(self) -> dict[str, Any]:
        return {"name": self.name, "actions": len(self._actions), "digest": _digest(self._actions)}


class Scripts(Policy):
    """Plays the actions written for each task, then ends the episode.

    Args:
        by_task: task id to actions.

    Raises:
        PolicySettingError: the actions of a task are not a sequence of `str`.
    """

    name = "scripts"

    def __init__(self, by_task: Mapping[str, Sequence[str]]) -> None:
        self._by_task = {task_id: _checked(actions) for task_id, actions in by_task.items()}

    async def answer(self, turn: Turn) -> str | None:
        """The next action for the turn's task.

        Raises:
            PolicyError: the task has no script. An episode that nobody wrote a script for is not one that gave up.
        """
        if turn.task_id not in self._by_task:
            raise PolicyError(f"no script for task {turn.task_id}; scripts exist for {len(self._by_task)} tasks")
        actions = self._by_task[turn.task_id]
        return actions[turn.index] if turn.index < len(actions) else None

    def describe(self) -> dict[str, Any]:
        return {"name": self.name, "tasks": len(self._by_task), "digest": _digest(self._by_task)}


def script_from_file(path: str | Path) -> Script | Scripts:
    """Read a script.

    A file whose name ends in `.jsonl` holds one JSON value a line: strings are the actions of every episode; objects
    `{"task_id": ..., "actions": [...]}` are the actions of one task each. Any other file holds one action a line as it
    stands, unless every line is a JSON string, which is then decoded. Blank lines are skipped.

    Raises:
        PolicySettingError: the file cannot be read, or a line of a `.jsonl` file is neither of these.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise PolicySettingError(f"cannot read script {str(path)!r}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise PolicySettingError(f"cannot read script {str(path)!r}: it is no UTF-8") from error
    numbered = [(number, line.removesuffix("\r")) for number, line in enumerate(lines, 1) if line.strip()]
    if path.suffix != ".jsonl":
        texts = [line for _, line in numbered]
        decoded = [_json_or_none(line) for line in texts]
        strings = [value for value in decoded if isinstance(value, str)]
        return Script(strings if len(strings) == len(texts) else texts)

    actions: list[str] = []
    by_task: dict[str, list[str]] = {}
    for number, line in numbered:
        match _json_or_none(line):
            case str(action):
                actions.append(action)
            case {"task_id": str(task_id), "actions": list(of_task)} if all(isinstance(a, str) for a in of_task):
                by_task[task_id] = of_task
            case _:
                raise PolicySettingError(
                    f"script {str(path)!r}, line {number}: write a JSON string (an action), "
                    'or {"task_id": "...", "actions": ["...", ...]}'
                )
    if actions and by_task:
        raise PolicySettingError(f"script {str(path)!r} mixes actions for every task with actions for one task")
    return Scripts(by_task) if by_task else Script(actions)


def _json_or_none(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _checked(actions: Sequence[str]) -> tuple[str, ...]:
    if isinstance(actions, str) or not all(isinstance(action, str) for action in actions):
        raise PolicySettingError(f"a script is a list of str, one for each turn, not {actions!r:.80}")
    return tuple(actions)


def _digest(actions: object) -> str:
    """Tells two scripts apart in a record, so that a run is not resumed with another one."""
    return hashlib.blake2b(json.dumps(actions, sort_keys=True).encode(), digest_size=8).hexdigest()
