"""`LevelledConfig`: numeric knobs whose values come from `difficulty` unless they are given."""

from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from textgym.core import Config

Difficulty = Literal["easy", "medium", "hard"]
Levels = dict[str, dict[str, Any]]


class LevelledConfig(Config):
    """Settings of an environment of one answer, with presets.

    A subclass sets `levels`: for each difficulty the values of its numeric knobs. The defaults of the fields must be those
    of "medium". A knob that is given wins over the difficulty's value.
    """

    levels: ClassVar[Levels] = {}

    difficulty: Difficulty = Field("medium", description="sets every knob that is not given")
    max_turns: int = Field(1, ge=1, description="actions after which the episode is truncated")

    @model_validator(mode="before")
    @classmethod
    def _fill_from_level(cls, settings: Any) -> Any:
        if not isinstance(settings, dict):
            return settings
        difficulty = settings.get("difficulty", "medium")
        level = cls.levels.get(difficulty, {}) if isinstance(difficulty, str) else {}
        return {**level, **settings}
