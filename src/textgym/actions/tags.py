"""Calls as tags named like the tool: `<calculate>2+3</calculate>`, `<read_notes/>`, `<view path="a.py"/>`.

The text between the tags is the tool's main (first) argument, unless it begins with a tag named like a parameter: then it
is a list of those, `<edit><path>a.py</path><old>x</old><new>y</new></edit>`. Attributes give arguments too. An opening tag
that is followed by another of the same name before it is closed was prose.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textgym.actions.calls import CallProtocol, Parsed, ParseError, Protocol
from textgym.actions.markup import Mark, encode_value, next_of_same_name, scan, value_between
from textgym.actions.tools import Tool
from textgym.core.errors import did_you_mean

_SHOWN = 40


class TagProtocol(CallProtocol):
    """Calls as tags named like the tool."""

    name: ClassVar[Protocol] = "tags"

    def parse(self, text: str, tools: Mapping[str, Tool]) -> Parsed:
        """The calls in `text`; a tag whose name is close to a tool's is an error where there is no call at all."""
        names = {*tools, *(parameter.name for tool in tools.values() for parameter in tool.parameters)}
        marks, others = scan(text, names)
        following = next_of_same_name(marks)
        parsed = Parsed()
        i = 0
        while i < len(marks):
            mark = marks[i]
            tool = tools.get(mark.name)
            if tool is None or mark.label is not None or mark.kind not in ("open", "empty"):
                i += 1
                continue
            closing = i if mark.kind == "empty" else following[i]
            if closing is None:
                message = f"<{mark.name}> is not closed with </{mark.name}>. Write {self.usage(tool)}"
                parsed.reject(ParseError(message, (mark.start, mark.end)))
                break  # everything behind it is inside it
            if mark.kind == "open" and marks[closing].kind == "open":
                i += 1
                continue
            try:
                arguments = self._arguments(text, tool, marks[i : closing + 1])
            except ParseError as error:
                parsed.reject(error)
            else:
                parsed.bind(tool, arguments, (mark.start, marks[closing].end), self.usage)
            i = closing + 1
        if not parsed.calls and not parsed.errors:
            for other in others:
                suggestion = did_you_mean(other, tools)
                if suggestion.startswith("did you mean"):
                    parsed.reject(ParseError(f"there is no tool <{other}>; {suggestion}"))
                    break
        return parsed

    def _arguments(self, text: str, tool: Tool, marks: Sequence[Mark]) -> dict[str, Any]:
        """The arguments of the call that these marks make up, from its opening tag to its closing tag.

        Raises:
            ParseError: they are not written as they must be.
        """
        opening, inner, closing = marks[0], marks[1:-1], marks[-1]
        span = (opening.start, closing.end)
        written: dict[str, str] = {}

        def fail(what: str) -> ParseError:
            return ParseError(f"{tool.name}: {what}. Write {self.usage(tool)}", span)

        def give(name: str, value: str) -> None:
            if name in written:
                raise fail(f"argument {name[:_SHOWN]!r} is given twice")
            written[name] = value

        def refuse_prose(start: int, end: int) -> None:
            words = text[start:end].strip()
            if words:
                raise fail(f"there is text outside its arguments: {_shortened(words)!r}")

        for name, value in opening.attributes:
            give(name, value)
        if opening is not closing and text[opening.end : closing.start].strip():
            if inner and self._begins_arguments(text, tool, opening, inner[0]):
                following = next_of_same_name(inner)
                at, i = opening.end, 0
                while i < len(inner):
                    mark, match = inner[i], following[i]
                    refuse_prose(at, mark.start)
                    if mark.kind != "open" or tool.parameter(mark.name) is None:
                        refuse_prose(mark.start, mark.end)
                    if match is None or inner[match].kind != "close":
                        raise fail(f"<{mark.name}> is not closed with </{mark.name}>")
                    give(mark.name, value_between(text, mark, inner[i + 1 : match], inner[match]))
                    at, i = inner[match].end, match + 1
                refuse_prose(at, closing.start)
            elif tool.parameters:
                give(tool.parameters[0].name, value_between(text, opening, inner, closing))
            else:
                raise fail("it takes no arguments")
        return {name: _typed(tool, name, value) for name, value in written.items()}

    def _begins_arguments(self, text: str, tool: Tool, opening: Mark, first: Mark) -> bool:
        return (
            first.kind == "open"
            and first.label is None
            and tool.parameter(first.name) is not None
            and not text[opening.end : first.start].strip()
        )

    def encode(self, name: str, arguments: Mapping[str, Any], tool: Tool | None = None) -> str:
        """`<name>value</name>` for the main argument alone, `<name><a>value</a>...</name>` otherwise."""
        written = {key: value for key, value in arguments.items() if value is not None}
        if not written:
            return f"<{name}/>"
        if tool is not None and list(written) == [tool.parameters[0].name]:
            return f"<{name}>{encode_value(written[tool.parameters[0].name])}</{name}>"
        inner = "".join(f"<{key}>{encode_value(value)}</{key}>" for key, value in written.items())
        return f"<{name}>{inner}</{name}>"

    def usage(self, tool: Tool) -> str:
        """A call with the names of its parameters in capitals where the values go."""
        return self.encode(tool.name, {parameter.name: parameter.name.upper() for parameter in tool.parameters}, tool)


def _typed(tool: Tool, name: str, value: str) -> Any:
    parameter = tool.parameter(name)
    return value if parameter is None else parameter.from_text(value)


def _shortened(words: str) -> str:
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}..."
