"""`Sample`: what a policy produced, as graders see it."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from textgym.actions.bounded_json import JsonError, load_json

Item = Mapping[str, Any]
"""A row of data: the question, the reference answer, and whatever else graders compare with. It may hold secrets."""

_DERIVED = ("output_json", "choices")


def _storable(text: Any) -> Any:
    if not isinstance(text, str) or text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


class Sample(BaseModel):
    """One output of a policy.

    Attributes:
        output_text: the final text; halves of surrogate pairs, which UTF-8 does not have, become U+FFFD.
        output_tools: its tool calls, in OpenAI's shape.
        messages: the conversation up to it, in OpenAI's shape.
        artifacts: files or results that it left, by name.
        usage: token counts and the like.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    output_text: Annotated[str, BeforeValidator(_storable)] = ""
    output_tools: tuple[dict[str, Any], ...] = ()
    messages: tuple[dict[str, Any], ...] = ()
    artifacts: dict[str, str] = Field(default_factory=dict)
    usage: dict[str, Any] = Field(default_factory=dict)

    @classmethod
    def of(cls, given: "Sample | str | Mapping[str, Any]") -> "Sample":
        """A sample from a text, or from a mapping of the fields above; what follows from them is passed over.

        Raises:
            ValueError: a field is unknown or has a value of the wrong type.
        """
        if isinstance(given, Sample):
            return given
        if isinstance(given, str):
            return cls(output_text=given)
        return cls.model_validate({key: value for key, value in given.items() if key not in _DERIVED})

    @cached_property
    def output_json(self) -> Any:
        """The output as JSON; None where it is none. Read in bounded depth and size, duplicate keys refused."""
        try:
            return load_json(self.output_text.strip())
        except JsonError:
            return None

    def with_text(self, text: str) -> "Sample":
        """The same sample with another final text."""
        changed = self.model_copy(update={"output_text": text})
        vars(changed).pop("output_json", None)  # it was read from the other text
        return changed


class SampleNames(Mapping[str, Any]):
    """A sample's fields as templates name them: `output_text`, `output_json`, `output_tools`, `choices`, ..."""

    NAMES = ("output_text", "output_json", "output_tools", "messages", "artifacts", "usage", "choices")

    def __init__(self, sample: Sample) -> None:
        self._sample = sample

    def __getitem__(self, name: str) -> Any:
        if name == "choices":
            return [{"message": {"role": "assistant", "content": self._sample.output_text}}]
        if name not in self.NAMES:
            raise KeyError(name)
        value = getattr(self._sample, name)
        return list(value) if isinstance(value, tuple) else value

    def __iter__(self) -> Iterator[str]:
        return iter(self.NAMES)

    def __len__(self) -> int:
        return len(self.NAMES)
