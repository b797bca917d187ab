"""`Task`: what is asked, and the unit of data. `State`: everything that changes while it is worked on."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from textgym.core.randomness import Random, Split, derive_key


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
