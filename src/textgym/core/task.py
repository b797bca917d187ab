"""`Task`: what is asked, and the unit of data. `State`: everything that changes while it is worked on."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from textgym.core.randomness import Random, Split, derive_key

_set = object.__setattr__


class Task(BaseModel):
    """One task: a pure function of environment id, version, config, split and index.

    A generator fills in `prompt`, `secret` and, where it has them, `family`, `difficulty` and `data`; the framework adds
    `id`, `split` and `index`.

    Attributes:
        prompt: the first observation.
        secret: answers, hidden tests and the like. It is left out of `repr` and of every dump, and may not reach an
            observation, an `info`, an error text, or a sandbox in which the policy's code runs.
        data: whatever else describes the task and may be known to anyone; JSON values.
        family: the structure that this task is an instance of. Splits are disjoint by family. Where a generator gives
            none, each distinct (prompt, secret) is a family of its own. It often spells out the answer, and so it stays
            out of `repr` and of every dump, as `secret` does.
        difficulty: how hard the generator thinks the task is, as a number or a label.
        id: `<environment id>[~<config digest>]/<split>/<index>`, unique and accepted by `reset(options={"task_id": ...})`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompt: str
    secret: dict[str, Any] = Field(default_factory=dict, repr=False, exclude=True)
    data: dict[str, Any] = Field(default_factory=dict)
    family: str | None = Field(None, repr=False, exclude=True)
    difficulty: float | str | None = None
    id: str = ""
    split: Split = "train"
    index: int = Field(0, ge=0)

    def __init__(
        self,
        *,
        prompt: str,
        secret: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        family: str | None = None,
        difficulty: float | str | None = None,
        **more: Any,
    ) -> None:
        """Make a task. What has the right types already, as a generator's parts do, is taken as it is, for half the time.

        Raises:
            pydantic.ValidationError: a field is unknown, or of a wrong type.
        """
        kind = type(difficulty)
        if (
            more
            or type(prompt) is not str
            or type(secret) is not dict
            or type(data) is not dict
            or type(family) is not str
            or not (kind is int or kind is float)
            or type(self) is not Task
        ):
            given = {"secret": secret, "data": data, "family": family, "difficulty": difficulty} | more
            super().__init__(prompt=prompt, **{name: value for name, value in given.items() if value is not None})
            return
        fields = self.__dict__
        fields["prompt"] = prompt
        fields["secret"] = secret
        fields["data"] = data
        fields["family"] = family
        fields["difficulty"] = float(difficulty) if kind is int else difficulty
        fields["id"], fields["split"], fields["index"] = "", "train", 0
        _set(self, "__pydantic_fields_set__", {"prompt", "secret", "data", "family", "difficulty"})
        _set(self, "__pydantic_extra__", None)
        _set(self, "__pydantic_private__", None)


class State(BaseModel):
    """Everything that changes during an episode, as JSON values; an environment adds its fields.

    Live handles (a process, a connection) go into pydantic private attributes: they are left out of snapshots and must
    be rebuilt from the fields when they are missing.

    Attributes:
        turn: actions taken before this one; 0 while the first action is handled. Kept by the framework.
        invalid: how many of them were invalid. Kept by the framework.
    """

    model_config = ConfigDict(extra="forbid")

    turn: int = 0
    invalid: int = 0

    def rng(self, task: Task, purpose: str = "") -> Random:
        """A private generator for this task and turn.

        It is a function of (task, turn, purpose), so it needs no place in the state: a snapshot restored elsewhere draws
        the same numbers. Two calls in one turn give the same stream; name different purposes to tell them apart.
        """
        return Random(derive_key("turn", task.id, self.turn, purpose))
