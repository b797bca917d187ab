"""The three protocols by name: reading calls from a text, writing them, and explaining them to a policy."""

from collections.abc import Iterable, Mapping
from typing import Any

from textgym.actions.calls import CallProtocol, Parsed, Protocol
from textgym.actions.json_calls import JsonProtocol
from textgym.actions.markup import blank_reasoning
from textgym.actions.tags import TagProtocol
from textgym.actions.tools import Tool
from textgym.actions.xml_calls import XmlProtocol

PROTOCOLS: dict[Protocol, CallProtocol] = {"tags": TagProtocol(), "xml": XmlProtocol(), "json": JsonProtocol()}


def parse_calls(text: str, tools: Mapping[str, Tool] | Iterable[Tool], protocol: Protocol = "tags") -> Parsed:
    """The calls in a text, and what is wrong with those that cannot be run.

    Text around the calls is ignored, and so is everything in `<think>...</think>`. Any text is fine: nothing is raised,
    and time and memory stay in proportion to its length.

    Args:
        text: what a policy wrote.
        tools: the tools there are, by name or in any order.
        protocol: how calls are written.
    """
    by_name = tools if isinstance(tools, Mapping) else {tool.name: tool for tool in tools}
    return PROTOCOLS[protocol].parse(blank_reasoning(text), by_name)


def encode_call(name: str, arguments: Mapping[str, Any], protocol: Protocol = "tags", tool: Tool | None = None) -> str:
    """The text of a call, which `parse_calls` reads back.

    Args:
        name: the tool's name.
        arguments: JSON values by name. In `tags` and `xml`, None stands for leaving an argument out.
        protocol: how calls are written.
        tool: the declaration, if at hand: it allows the short form `<name>value</name>`.
    """
    return PROTOCOLS[protocol].encode(name, arguments, tool)


def encode_calls(protocol: Protocol, calls: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    """The text of several calls, such as the native tool calls that a chat endpoint returned."""
    return "\n".join(encode_call(name, arguments, protocol) for name, arguments in calls)


def describe_tools(tools: Iterable[Tool], protocol: Protocol = "tags", calls_per_turn: int = 1) -> str:
    """The help that a prompt shows: how to call, and what each tool does and takes."""
    lines = [
        "Tools. Call one by writing it exactly as shown, with your values in place of the capitals; "
        + ("one call in an answer. " if calls_per_turn == 1 else f"up to {calls_per_turn} calls in an answer. ")
        + "Text around a call is ignored."
    ]
    for tool in tools:
        lines.append(f"- {PROTOCOLS[protocol].usage(tool)}  {tool.description}")
        for parameter in tool.parameters:
            words = f"    {parameter.name.upper()}: {parameter.kind}"
            if not parameter.required:
                words += ", may be left out"
            lines.append(f"{words}. {parameter.description}".rstrip())
    return "\n".join(lines)
