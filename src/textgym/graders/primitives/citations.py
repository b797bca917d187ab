"""Leaves that look at sources: what an output cites, and whether it has opened what it cites."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from textgym.actions.bounded_json import JsonError, load_json
from textgym.core.outcome import Score
from textgym.graders.base import passed
from textgym.graders.errors import Invalid
from textgym.graders.primitives.leaf import Data, Text, TextLeaf, secret, seen
from textgym.graders.sample import Item, Sample
from textgym.graders.template import as_text

_BRACKETS = re.compile(r"\[([^\[\]\n]{1,500})\]")
_URL = re.compile(r"https?://[^\s<>\"'`|{}\\^]{1,2000}", re.IGNORECASE)
_AFTER_URL = ".,;:!?)]*_"


class _Citing(TextLeaf):
    """A leaf that reads what the input cites.

    Attributes:
        cite: `brackets` for ids such as `[3]` or `[doc-1, doc-2]`; `urls` for addresses.
    """

    type: str
    cite: Literal["brackets", "urls"] = "brackets"

    def cited(self, text: str) -> list[str]:
        """What the text cites, each once, in the order in which it is met."""
        if self.cite == "urls":
            return list(dict.fromkeys(address(found) for found in _URL.findall(text)))
        ids = (one.strip() for found in _BRACKETS.findall(text) for one in re.split("[,;]", found))
        return list(dict.fromkeys(one for one in ids if one))

    def form(self, given: Any) -> str:
        """An id in the form in which it is compared."""
        return address(as_text(given)) if self.cite == "urls" else as_text(given).strip()


def address(url: str) -> str:
    """A URL in the form in which it is compared: scheme and host in lower case, no fragment, no slash or stop at the end."""
    url = url.strip().rstrip(_AFTER_URL).partition("#")[0].rstrip("/")
    scheme, colon, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.lower()}{colon}{host.lower()}{slash}{path}" if colon else url


class CitationPrecision(_Citing):
    """The share of cited sources that support the answer; 0 if nothing is cited.

    Attributes:
        reference: the ids or addresses that support it.
    """

    templated: ClassVar[tuple[str, ...]] = ("input", "reference")

    type: Literal["citation_precision"] = "citation_precision"
    reference: Data

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        reference = self.fill(self.reference, item, sample)
        supporting = {self.form(one) for one in _listed(reference)}
        cited = self.cited(text)
        right = [one for one in cited if one in supporting]
        value = len(right) / len(cited) if cited else 0.0
        return passed(value, f"{len(right)} of {len(cited)} support it", seen(cited[:20], "cited"), secret(reference))


class CitationRecall(_Citing):
    """The share of claims for which at least one supporting source is cited. Pair it with `citation_precision`.

    Attributes:
        reference: for each claim the ids or addresses that support it.
    """

    templated: ClassVar[tuple[str, ...]] = ("input", "reference")

    type: Literal["citation_recall"] = "citation_recall"
    reference: Data

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        reference = self.fill(self.reference, item, sample)
        claims = [{self.form(one) for one in _listed(claim)} for claim in _listed(reference)]
        if not claims or not all(claims):
            raise Invalid("error", "the reference is a list of claims, each with the ids of at least one source")
        cited = set(self.cited(text))
        held = sum(not cited.isdisjoint(claim) for claim in claims)
        return passed(
            held / len(claims),
            f"{held} of {len(claims)} claims",
            seen(self.cited(text)[:20], "cited"),
            secret(reference),
        )


class UrlInTrajectory(_Citing):
    """The share of cited sources that the policy has opened: an answered tool call named them. 0 if nothing is cited.

    Calls are read from `sample.messages`, in OpenAI's shape: an assistant's `tool_calls`, and a message of role `tool` with
    the same `tool_call_id`. A call without an answer has opened nothing.

    Attributes:
        tools: names of the tools that open a source; empty for all.
        arguments: names of the arguments that say which.
    """

    type: Literal["url_in_trajectory"] = "url_in_trajectory"
    cite: Literal["brackets", "urls"] = "urls"
    tools: tuple[Text, ...] = ()
    arguments: tuple[Text, ...] = Field(("url", "urls", "id", "ids", "doc_id", "document_id"), min_length=1)

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        opened = {self.form(one) for one in self._opened(sample)}
        cited = self.cited(text)
        right = [one for one in cited if one in opened]
        value = len(right) / len(cited) if cited else 0.0
        return passed(value, f"{len(right)} of {len(cited)} were opened", seen(cited[:20], "cited"))

    def _opened(self, sample: Sample) -> Iterator[Any]:
        answered = {str(message.get("tool_call_id")) for message in sample.messages if message.get("role") == "tool"}
        for call in calls_of(sample.messages):
            name, arguments = name_and_arguments(call)
            if str(call.get("id")) not in answered or (self.tools and name not in self.tools):
                continue
            for key in self.arguments:
                value = (arguments or {}).get(key)
                yield from value if isinstance(value, list) else () if value is None else (value,)


def _listed(given: Any) -> list[Any]:
    return list(given) if isinstance(given, list | tuple) else [given]


def calls_of(messages: tuple[dict[str, Any], ...]) -> Iterator[Mapping[str, Any]]:
    """The tool calls of an assistant, in order."""
    for message in messages:
        calls = message.get("tool_calls")
        if message.get("role") == "assistant" and isinstance(calls, list | tuple):
            yield from (call for call in calls if isinstance(call, Mapping))


def name_and_arguments(call: Any) -> tuple[str, dict[str, Any] | None]:
    """Name and arguments of a tool call, in OpenAI's shape or as `{"name": .., "arguments": ..}`; None where they are no
    JSON object."""
    inner = call.get("function") if isinstance(call, Mapping) else None
    shape = inner if isinstance(inner, Mapping) else call if isinstance(call, Mapping) else {}
    arguments = shape.get("arguments")
    if isinstance(arguments, str):
        try:
            arguments = load_json(arguments)
        except JsonError:
            arguments = None
    return str(shape.get("name")), dict(arguments) if isinstance(arguments, Mapping) else None
