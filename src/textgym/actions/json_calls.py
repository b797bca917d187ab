"""Calls as JSON: `{"name": "calculate", "arguments": {"expression": "2+3"}}`, one or a list.

Where they are looked for: after each `<tool_call>` if there is one; else after each "```json" if there is one that a call
follows; else anywhere. `arguments` may be given as a string that holds the JSON object, may be called `parameters`, and
the whole may sit inside OpenAI's `{"type": "function", "function": {...}}`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from textgym.actions.bounded_json import JsonError, end_of_value, load_json
from textgym.actions.calls import CallProtocol, Parsed, ParseError, Protocol
from textgym.actions.tools import Tool
from textgym.core.errors import did_you_mean

_BLOCK = "<tool_call>"
_FENCE = "```json"
_CANDIDATE = re.compile(r"""\{\s*+"|\[\s*+\{\s*+\"""")
_SPACE = re.compile(r"\s*+")
_SEPARATOR = re.compile(r"[\s,]*+")
_MARKERS = re.compile(r"<(?=/?(?:think|tool_call)>)")
_ENVELOPE = frozenset({"id", "type", "function"})
_FORM = '{"name": "TOOL", "arguments": {...}}'
_SHOWN = 60


class JsonProtocol(CallProtocol):
    """Calls as JSON objects: in `<tool_call>`, fenced, or alone."""

    name: ClassVar[Protocol] = "json"

    def parse(self, text: str, tools: Mapping[str, Tool]) -> Parsed:
        """The calls in `text`. Outside `<tool_call>`, JSON that is no call is an error only if there is no call."""
        if _BLOCK in text:
            return self._read(text, _after(text, _BLOCK), tools, strict=True)[0]
        if _FENCE in text:
            fenced, _ = self._read(text, _after(text, _FENCE), tools, strict=False)
            if fenced.calls or fenced.errors:
                return fenced
        candidates = (match.start() for match in _CANDIDATE.finditer(text))
        parsed, doubtful = self._read(text, candidates, tools, strict=False)
        return parsed if parsed.calls or parsed.errors else doubtful

    def _read(
        self, text: str, starts: Iterator[int], tools: Mapping[str, Tool], *, strict: bool
    ) -> tuple[Parsed, Parsed]:
        """Read the values at these places: what was found, and errors of what may not have been meant as a call."""
        parsed = Parsed()
        doubtful = parsed if strict else Parsed()
        read_to = 0
        for start in starts:
            if start < read_to:
                continue
            at = start
            while True:  # several values may follow one another
                if at >= len(text) or text[at] not in "{[":
                    if strict and at == start:
                        parsed.reject(
                            ParseError(f"expected a JSON object after {_BLOCK}. Write {_BLOCK}{_FORM}</tool_call>")
                        )
                    break
                try:
                    end = end_of_value(text, at)
                except JsonError as error:
                    parsed.reject(ParseError(f"the JSON of a call cannot be read: {error}", (at, at + 1)))
                    return parsed, doubtful
                if end is None:
                    parsed.reject(
                        ParseError(
                            f"the JSON is not complete: a string or bracket is not closed. Write {_FORM}", (at, at)
                        )
                    )
                    return parsed, doubtful
                self._value(text[at:end], (at, end), tools, parsed, doubtful)
                read_to = end
                separator = _SEPARATOR.match(text, end)
                at = end if separator is None else separator.end()
        return parsed, doubtful

    def _value(
        self, raw: str, span: tuple[int, int], tools: Mapping[str, Tool], parsed: Parsed, doubtful: Parsed
    ) -> None:
        """Read one JSON value; what may not have been meant as a call is reported to `doubtful`."""
        try:
            value = load_json(raw)
        except JsonError as error:
            certain = parsed if '"name"' in raw else doubtful
            certain.reject(ParseError(f"the JSON of a call cannot be read: {error}. Write {_FORM}", span))
            return
        for item in value if isinstance(value, list) else [value]:
            try:
                name, arguments = _name_and_arguments(item)
            except ParseError as error:
                error.span = span
                meant = isinstance(item, dict) and "name" in item and item["name"] in list(tools)
                (parsed if meant else doubtful).reject(error)
                continue
            tool = tools.get(name)
            if tool is None:
                suggestion = did_you_mean(name[:_SHOWN], tools)
                parsed.reject(ParseError(f"there is no tool {name[:_SHOWN]!r}; {suggestion}", span))
            else:
                parsed.bind(tool, arguments, span, self.usage)

    def encode(self, name: str, arguments: Mapping[str, Any], tool: Tool | None = None) -> str:
        """The call in a `<tool_call>` block."""
        body = json.dumps({"name": name, "arguments": dict(arguments)}, ensure_ascii=False)
        # Markers of reasoning and of calls count wherever they stand, so inside a string they are written as escapes.
        return f"<tool_call>{_MARKERS.sub(_escaped, body)}</tool_call>"

    def usage(self, tool: Tool) -> str:
        """A call with the names of its parameters in capitals where the values go."""
        inner = ", ".join(
            f'"{parameter.name}": "{parameter.name.upper()}"'
            if parameter.schema.get("type") == "string"
            else f'"{parameter.name}": {parameter.name.upper()}'
            for parameter in tool.parameters
        )
        return f'<tool_call>{{"name": "{tool.name}", "arguments": {{{inner}}}}}</tool_call>'


def _escaped(match: re.Match[str]) -> str:
    return "\\u003c"


def _after(text: str, marker: str) -> Iterator[int]:
    """The places of the first characters after each marker that are no white space."""
    at = text.find(marker)
    while at >= 0:
        space = _SPACE.match(text, at + len(marker))
        yield at + len(marker) if space is None else space.end()
        at = text.find(marker, at + len(marker))


def _name_and_arguments(item: Any) -> tuple[str, Mapping[str, Any]]:
    """Name and arguments of a decoded call.

    Raises:
        ParseError: it is not in the form of a call.
    """
    if isinstance(item, dict) and isinstance(item.get("function"), dict):
        item = item["function"]
    if not isinstance(item, dict) or not isinstance(item.get("name"), str):
        raise ParseError(f'a call is a JSON object with "name" and "arguments". Write {_FORM}')
    key = "parameters" if "parameters" in item and "arguments" not in item else "arguments"
    stray = [name for name in item if name not in ("name", key) and name not in _ENVELOPE]
    if stray:
        raise ParseError(
            f'{stray[0][:_SHOWN]!r} does not belong beside "name"; put it inside "arguments". Write {_FORM}'
        )
    arguments = item.get(key)
    if arguments is None:
        return item["name"], {}
    if isinstance(arguments, str):
        try:
            arguments = load_json(arguments)
        except JsonError as error:
            raise ParseError(f'the string in "{key}" is not JSON: {error}. Write {_FORM}') from None
    if not isinstance(arguments, dict):
        raise ParseError(f'"{key}" must be a JSON object. Write {_FORM}')
    return item["name"], arguments
