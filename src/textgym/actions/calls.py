"""What the three protocols have in common: the calls found in a text, and what was wrong with the rest."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from textgym.actions.tools import ArgumentError, Tool

Protocol = Literal["tags", "xml", "json"]
"""How calls are written: tags named like the tool, XML function calls, or JSON."""


MOST_ERRORS = 16
"""Errors that are kept of one text."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call, read and checked.

    Attributes:
        name: the tool.
        arguments: checked arguments by name; those left out are absent, so that the tool's defaults apply.
        span: where in the text the call stands: its first character, and the one after its last.
    """

    name: str
    arguments: dict[str, Any]
    span: tuple[int, int] = (0, 0)


class ParseError(Exception):
    """A call that cannot be run: what is wrong with it, and what to write instead.

    Attributes:
        message: text for the policy.
        span: where in the text it stands.
    """

    def __init__(self, message: str, span: tuple[int, int] = (0, 0)) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


@dataclass(slots=True)
class Parsed:
    """What a text contains: the calls in their order, and the errors in theirs."""

    calls: list[ToolCall] = field(default_factory=list)
    errors: list[ParseError] = field(default_factory=list)

    def reject(self, error: ParseError) -> None:
        """Add an error, without the frames that it was raised in; after the first few, one more is not worth a line."""
        if len(self.errors) < MOST_ERRORS:
            error.__context__ = None
            self.errors.append(error.with_traceback(None))

    def bind(
        self, tool: Tool, arguments: Mapping[str, Any], span: tuple[int, int], usage: Callable[[Tool], str]
    ) -> None:
        """Add a call of `tool`, or what is wrong with its arguments."""
        try:
            self.calls.append(ToolCall(tool.name, tool.check(arguments), span))
        except ArgumentError as error:
            problem = str(error)
            stop = "" if problem.endswith(("?", ".")) else "."
            self.reject(ParseError(f"{tool.name}: {problem}{stop} Write {usage(tool)}", span))


class CallProtocol(ABC):
    """One way to write calls: a parser, an encoder that it reads back, and the words that explain it.

    A parser takes any text, never raises, and takes time and memory in proportion to the text's length.
    """

    name: ClassVar[Protocol]

    @abstractmethod
    def parse(self, text: str, tools: Mapping[str, Tool]) -> Parsed:
        """The calls in `text`, from which reasoning has been blanked out."""

    @abstractmethod
    def encode(self, name: str, arguments: Mapping[str, Any], tool: Tool | None = None) -> str:
        """The text of a call. With the tool's declaration, the shortest usual form; without, one that names all."""

    @abstractmethod
    def usage(self, tool: Tool) -> str:
        """A call of `tool` with its parameters' names in capitals where the values go."""
