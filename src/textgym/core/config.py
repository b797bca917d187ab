"""`Config`: the knobs of an environment, a frozen pydantic model that refuses what it does not know."""

import json
from hashlib import blake2b
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from textgym.core.errors import ConfigError, did_you_mean
from textgym.core.randomness import Split


class Config(BaseModel):
    """The settings that every environment has; an environment adds its own as further fields.

    The keyword arguments of `gymnasium.make` are the fields of this model. `not_in_task` names the fields that do not
    shape the task (limits, reward knobs): changing those leaves every task and its id as they are. A subclass lists its
    own; those of its parents stay in force.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    split: Split = Field("train", description="split that tasks come from when `reset` does not name one")
    max_turns: int = Field(10, ge=1, description="actions after which the episode is truncated")
    max_action_chars: int = Field(100_000, ge=1, description="longest action that is read; a longer one is invalid")
    max_observation_chars: int = Field(
        100_000, ge=200, description="longest observation; of a longer one the head and the tail are kept"
    )
    max_invalid: int | None = Field(
        None, ge=1, description="invalid actions (malformed, too long) after which the episode ends as a policy error"
    )
    step_seconds: float | None = Field(None, gt=0, description="wall-clock limit of one step, in seconds")
    step_cpu_seconds: float | None = Field(None, gt=0, description="CPU limit of one step in this thread, in seconds")
    episode_seconds: float | None = Field(None, gt=0, description="wall-clock limit of the episode, in seconds")

    not_in_task: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def from_settings(cls, settings: dict[str, Any]) -> Self:
        """Validate keyword arguments.

        Raises:
            ConfigError: names each wrong field with what is allowed, or the closest right name.
        """
        try:
            return cls.model_validate(settings)
        except ValidationError as error:
            raise ConfigError(_explain(cls, error)) from None

    def task_settings(self) -> dict[str, Any]:
        """The non-default fields that shape the task, as JSON values."""
        skipped = Config.model_fields.keys() | {
            name for cls in type(self).__mro__ for name in vars(cls).get("not_in_task", ())
        }
        return self.model_dump(mode="json", exclude=set(skipped), exclude_defaults=True)

    def task_digest(self) -> str:
        """Eight hexadecimal digits that name `task_settings`; empty when all are default."""
        settings = self.task_settings()
        if not settings:
            return ""
        return blake2b(json.dumps(settings, sort_keys=True).encode(), digest_size=4).hexdigest()


def _explain(cls: type[Config], error: ValidationError) -> str:
    problems: dict[str, None] = {}
    for item in error.errors():
        where = item["loc"]
        # Of a place only the field and a number in a list mean something to the user; the rest names branches of a union.
        name = "".join([*map(str, where[:1]), *(f"[{part}]" for part in where[1:] if isinstance(part, int))])
        if item["type"] == "extra_forbidden":
            problem = f"unknown setting {name!r}: {did_you_mean(name, cls.model_fields)}"
        elif not name:  # several settings that do not go together; the message names them
            problem = _message(item)
        else:
            problem = f"setting {name!r} = {item['input']!r}: {_message(item)}"
        problems[problem] = None
    return f"{cls.__qualname__}: " + "; ".join(problems)


def _message(item: Any) -> str:
    """What is wrong, as a person says it: without the prefix and the types of pydantic."""
    if item["type"] == "value_error":
        return str(item["ctx"]["error"])
    text: str = _WRITE.get(item["type"], item["msg"])
    return f"{text[0].lower()}{text[1:]}"


_WRITE = {
    "tuple_type": 'write a list, such as ["a", "b"]',
    "list_type": 'write a list, such as ["a", "b"]',
    "float_parsing": "write a number",
    "bool_parsing": "write true or false",
}
"""What to write, where pydantic speaks of its own types and of parsing."""
