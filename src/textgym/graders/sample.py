"""`Sample`: what a policy produced, as graders see it."""

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from textgym.actions.bounded_json import JsonError, load_json

Item = Mapping[str, Any]
"""A row of data: the question, the reference answer, and whatever else graders compare with. It may hold secrets."""

_FOLLOWING = ("output_json", "choices")
"""Names that are no fields of a sample: what they say stands in its fields."""


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
        """A sample from a text, or from a mapping of the fields above.

        Where it has no `output_text`, text and tool calls are those of the first of its `choices`, which have OpenAI's
        shape, or else the text is its `output_json`, written as JSON. Beside an `output_text` both are passed over: they
        say the same.

        Raises:
            ValueError: a field is unknown or has a value of the wrong type, or there is no text and `choices` are
                malformed.
        """
        if isinstance(given, Sample):
            return given
        if isinstance(given, str):
            return cls(output_text=given)
        fields = {
            name: value
            for name, value in given.items()
            if name not in _FOLLOWING and (value is not None or name == "output_text")
        }
        if fields.get("output_text") is None:
            if "choices" in given:
                message = _first_message(given["choices"])
                fields["output_text"] = _said(message)
                fields.setdefault("output_tools", _calls(message))
            elif "output_json" in given:
                fields["output_text"] = _as_json(given["output_json"])
        return cls.model_validate(fields)

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


def _first_message(choices: Any) -> Mapping[str, Any]:
    """The message of the first of OpenAI's choices.

    Raises:
        ValueError: there is none.
    """
    match choices:
        case [{"message": Mapping() as message}, *_]:
            return message
    raise ValueError("choices is no list of objects with a message")


def _said(message: Mapping[str, Any]) -> str:
    """Its text, which may be left out beside tool calls or a refusal.

    Raises:
        ValueError: there is none, so that there is nothing to grade.
    """
    match message.get("content"):
        case str(text):
            return text
        case [*parts] if all(isinstance(part, Mapping) and isinstance(part.get("text"), str) for part in parts):
            return "".join(part["text"] for part in parts)
        case None if message.get("tool_calls") or isinstance(message.get("refusal"), str):
            return ""
        case None:
            raise ValueError("choices[0].message has neither content nor tool_calls")
        case content:
            raise ValueError(f"choices[0].message.content is no text, but {type(content).__name__}")


def _calls(message: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    match message.get("tool_calls"):
        case None:
            return ()
        case [*calls] if all(isinstance(call, dict) for call in calls):
            return tuple(calls)
    raise ValueError("choices[0].message.tool_calls is no list of objects")


def _as_json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, RecursionError) as error:
        raise ValueError(f"output_json is no JSON: {error}") from None


class SampleNames(Mapping[str, Any]):
    """A sample's fields as templates name them: `output_text`, `output_json`, `output_tools`, `choices`, ..."""

    NAMES = ("output_text", "output_json", "output_tools", "messages", "artifacts", "usage", "choices")

    def __init__(self, sample: Sample) -> None:
        self._sample = sample

    def __getitem__(self, name: str) -> Any:
        if name == "choices":
            calls = {"tool_calls": list(self._sample.output_tools)} if self._sample.output_tools else {}
            return [{"message": {"role": "assistant", "content": self._sample.output_text} | calls}]
        if name not in self.NAMES:
            raise KeyError(name)
        value = getattr(self._sample, name)
        return list(value) if isinstance(value, tuple) else value

    def __iter__(self) -> Iterator[str]:
        return iter(self.NAMES)

    def __len__(self) -> int:
        return len(self.NAMES)
