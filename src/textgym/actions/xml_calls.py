"""Calls as XML functions: `<function=calculate><parameter=expression>2+3</parameter></function>`."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textgym.actions.calls import CallProtocol, Parsed, ParseError, Protocol
from textgym.actions.markup import Mark, encode_value, scan, value_between
from textgym.actions.tools import Tool
from textgym.core.errors import did_you_mean

_NAMES = frozenset({"function", "parameter"})
_SHOWN = 40


class XmlProtocol(CallProtocol):
    """Calls as XML functions. A `<tool_call>` around them, which some models write, changes nothing."""

    name: ClassVar[Protocol] = "xml"

    def parse(self, text: str, tools: Mapping[str, Tool]) -> Parsed:
        """The calls in `text`. A `<function=...>` followed by another one before it has parameters was prose."""
        marks = scan(text, _NAMES)[0]
        parsed = Parsed()
        i = 0
        while i < len(marks):
            if not _is(marks[i], "open", "function") or marks[i].label is None:
                i += 1
                continue
            start = i
            i += 1
            if i < len(marks) and _is(marks[i], "open", "function"):
                continue
            name = marks[start].label or ""
            tool = tools.get(name)
            try:
                if tool is None:
                    raise ParseError(f"there is no tool {name!r}; {did_you_mean(name, tools)}")
                arguments, i = self._arguments(text, tool, marks, start)
            except ParseError as error:
                error.span = (marks[start].start, marks[start].end)
                parsed.reject(error)
                while i < len(marks) and not _is(marks[i], "close", "function"):
                    i += 1
            else:
                parsed.bind(tool, arguments, (marks[start].start, marks[i].end), self.usage)
        return parsed

    def _arguments(self, text: str, tool: Tool, marks: Sequence[Mark], start: int) -> tuple[dict[str, Any], int]:
        """The arguments of the function opened at `start`, and the index of its closing tag.

        Raises:
            ParseError: they are not written as they must be.
        """

        def fail(what: str) -> ParseError:
            return ParseError(f"{tool.name}: {what}. Write {self.usage(tool)}")

        arguments: dict[str, Any] = {}
        at, i = marks[start].end, start + 1
        while i < len(marks):
            mark = marks[i]
            words = text[at : mark.start].strip()
            if words:
                raise fail(f"there is text outside its parameters: {words[:_SHOWN]!r}")
            if _is(mark, "close", "function"):
                return arguments, i
            if not _is(mark, "open", "parameter") or mark.label is None:
                raise fail(f"expected <parameter=...> or </function>, got {text[mark.start : mark.end][:_SHOWN]!r}")
            end = i + 1
            while end < len(marks) and marks[end].kind == "cdata":
                end += 1
            if end == len(marks) or not _is(marks[end], "close", "parameter"):
                raise fail(f"<parameter={mark.label}> is not closed with </parameter>")
            if mark.label in arguments:
                raise fail(f"parameter {mark.label!r} is given twice")
            value = value_between(text, mark, marks[i + 1 : end], marks[end])
            parameter = tool.parameter(mark.label)
            arguments[mark.label] = value if parameter is None else parameter.from_text(value)
            at, i = marks[end].end, end + 1
        raise fail(f"<function={tool.name}> is not closed with </function>")

    def encode(self, name: str, arguments: Mapping[str, Any], tool: Tool | None = None) -> str:
        """A function with one parameter element an argument; None stands for leaving it out."""
        inner = "".join(
            f"<parameter={key}>{encode_value(value)}</parameter>"
            for key, value in arguments.items()
            if value is not None
        )
        return f"<function={name}>{inner}</function>"

    def usage(self, tool: Tool) -> str:
        """A call with the names of its parameters in capitals where the values go."""
        return self.encode(tool.name, {parameter.name: parameter.name.upper() for parameter in tool.parameters})


def _is(mark: Mark, kind: str, name: str) -> bool:
    return mark.kind == kind and mark.name == name
