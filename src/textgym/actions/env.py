"""`ToolEnv`: an environment whose actions are calls of typed tools."""

import inspect
from collections.abc import Awaitable, Callable, Generator
from typing import Any, ClassVar, TypeVar, cast

from pydantic import Field

from textgym.actions.calls import Protocol, ToolCall
from textgym.actions.protocols import PROTOCOLS, describe_tools, parse_calls
from textgym.actions.tools import Tool, ToolDeclarationError
from textgym.core import Config, Reply, State, Task, TextEnv
from textgym.core.errors import did_you_mean


class ToolConfig(Config):
    """The settings of every environment with tools. Neither changes the tasks."""

    protocol: Protocol = Field("tags", description="how calls are written: tags, XML function calls, or JSON")
    max_calls_per_turn: int = Field(4, ge=1, description="most calls in one action; with more, none of them is run")

    not_in_task: ClassVar[frozenset[str]] = frozenset({"protocol", "max_calls_per_turn"})


C = TypeVar("C", bound=ToolConfig)
S = TypeVar("S", bound=State)


class ToolEnv(TextEnv[C, S]):
    """An environment whose actions are calls of its tools.

    An author writes methods `def name(self, task, state, <typed arguments>) -> str | Reply` under `@tool`, plain or
    `async`, and no `act`. Everything else follows from the declarations: the help after the task's prompt, the JSON
    schemas for native tool calling, the parser, and the answers to malformed calls.

    The calls of an action run in their order. Their texts make the observation, numbered where there are several; their
    rewards add up; the first score ends the episode, and calls behind it are not run. If any call is malformed, or there
    are more than `max_calls_per_turn`, none is run: a malformed action changes nothing.
    """

    Config: ClassVar[type[Config]] = ToolConfig

    shared_tools: ClassVar[tuple[Callable[..., Any], ...]] = ()
    """Functions under `@tool` that are not methods, offered beside the methods."""

    declared_tools: ClassVar[dict[str, Tool]] = {}
    """All tools by name; kept by the framework."""

    tools: dict[str, Tool]
    """The tools that this environment offers under its config."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        cls.declared_tools = _collect(cls)
        if cls.act in (ToolEnv.act, ToolEnv._act_waiting):
            waits = any(tool.waits for tool in cls.declared_tools.values()) or inspect.iscoroutinefunction(cls.answer)
            cls.act = ToolEnv._act_waiting if waits else ToolEnv.act  # type: ignore[method-assign]
        super().__init_subclass__(**kwargs)
        if not issubclass(cls.Config, ToolConfig):
            raise ToolDeclarationError(f"{cls.__name__}: derive its config {cls.Config.__name__} from ToolConfig")

    def __init__(self, *, render_mode: str | None = None, **settings: Any) -> None:
        """Make the environment; see `TextEnv`."""
        super().__init__(render_mode=render_mode, **settings)
        self.tools = {name: tool for name, tool in self.declared_tools.items() if self.offers(name)}
        self._help = describe_tools(self.tools.values(), self.config.protocol, self.config.max_calls_per_turn)

    # -- what an author may write --------------------------------------------------------------------------------------

    def offers(self, name: str) -> bool:
        """Whether the tool of this name is there under `self.config`; by default, all are."""
        return True

    def answer(self, task: Task, state: S, text: str) -> Reply | Awaitable[Reply]:
        """What an action without any call does; by default it is malformed. May be `async`."""
        first = next(iter(self.tools.values()), None)
        example = "" if first is None else f" Write for example {PROTOCOLS[self.config.protocol].usage(first)}"
        names = ", ".join(self.tools)
        return Reply.malformed(
            f"No call found (inside <think>...</think> none is read). The tools are {names}.{example}"
        )

    # -- what follows --------------------------------------------------------------------------------------------------

    def opening(self, task: Task, state: S) -> str:
        """The task's prompt and the help for the tools."""
        return f"{task.prompt}\n\n{self.tool_help()}"

    def tool_help(self) -> str:
        """How to call, and what each tool does and takes, in the configured protocol."""
        return self._help

    def tool_schemas(self) -> list[dict[str, Any]]:
        """The tools' JSON schemas in OpenAI's shape."""
        return [tool.schema() for tool in self.tools.values()]

    def call(self, name: str, /, **arguments: Any) -> str:
        """The text of a call in the configured protocol, for oracles, cheats and tests.

        Raises:
            ValueError: there is no such tool, or it does not take these arguments.
        """
        tool = self.tools.get(name)
        if tool is None:
            raise ValueError(f"{self.env_id} has no tool {name!r}: {did_you_mean(name, self.tools)}")
        return PROTOCOLS[self.config.protocol].encode(name, tool.check(arguments), tool)

    def act(self, task: Task, state: S, action: str) -> Reply | Awaitable[Reply]:
        """Run the calls in `action`."""
        running = self._run(task, state, action)
        result: Any = None
        try:
            while True:
                result = running.send(result)
        except StopIteration as end:
            return cast(Reply, end.value)

    async def _act_waiting(self, task: Task, state: S, action: str) -> Reply:
        """`act` where a tool waits."""
        running = self._run(task, state, action)
        result: Any = None
        try:
            while True:
                result = running.send(result)
                if inspect.isawaitable(result):
                    result = await result
        except StopIteration as end:
            return cast(Reply, end.value)

    def _run(self, task: Task, state: S, action: str) -> Generator[Any, Any, Reply]:
        """The run of an action, without a word on how to wait: yields what a tool returned, is sent what it meant."""
        parsed = parse_calls(action, self.tools, self.config.protocol)
        calls, most = parsed.calls, self.config.max_calls_per_turn
        if parsed.errors:
            problems = [error.message for error in parsed.errors[:most]]
            if calls:
                problems.append("None of the calls in this answer was run.")
            return Reply.malformed("\n".join(problems))
        if not calls:
            return cast(Reply, (yield self.answer(task, state, action)))
        if len(calls) > most:
            return Reply.malformed(
                f"{len(calls)} calls in one answer; at most {most} are run, so none was. Write fewer."
            )
        replies: list[Reply] = []
        for call in calls:
            result = yield self._invoke(task, state, call)
            replies.append(result if isinstance(result, Reply) else Reply(str(result)))
            if replies[-1].score is not None:
                break
        return replies[0] if len(calls) == 1 else _joined(calls, replies)

    def _invoke(self, task: Task, state: S, call: ToolCall) -> Any:
        tool = self.tools[call.name]
        supplied = {"self": self, "task": task, "state": state}
        return tool.function(*(supplied[name] for name in tool.given), **call.arguments)


def _joined(calls: list[ToolCall], replies: list[Reply]) -> Reply:
    """One reply of several calls', each text under a number and the tool's name."""
    parts = [f"[{i}] {call.name}: {reply.text}" for i, (call, reply) in enumerate(zip(calls, replies, strict=False), 1)]
    if len(replies) < len(calls):
        parts.append(f"The episode ended; {len(calls) - len(replies)} more calls were not run.")
    info: dict[str, Any] = {}
    for reply in replies:
        info |= reply.info or {}
    last = replies[-1]
    return Reply(
        "\n".join(parts),
        score=last.score,
        reward=sum(reply.reward for reply in replies),
        info=info or None,
        invalid=any(reply.invalid for reply in replies),
        success=last.success,
    )


def _collect(cls: type[ToolEnv[Any, Any]]) -> dict[str, Tool]:
    """The tools of a class, in the order in which its ancestors and it declare them.

    Raises:
        ToolDeclarationError: two tools have one name, or a tool would replace a method of the framework.
    """
    attributes = {name: None for base in reversed(cls.__mro__) for name in vars(base)}
    functions = [getattr(cls, name) for name in attributes if hasattr(getattr(cls, name, None), "__textgym_tool__")]
    found: dict[str, Tool] = {}
    for function in functions:
        if hasattr(ToolEnv, function.__name__):
            raise ToolDeclarationError(
                f"{cls.__name__}: the tool method {function.__name__!r} would replace the framework's own; "
                f'name the method otherwise and declare it with @tool(name="{function.__name__}")'
            )
    for function in (*functions, *cls.shared_tools):
        tool = Tool.of(function)
        if tool.name in found:
            raise ToolDeclarationError(f"{cls.__name__}: two tools are named {tool.name!r}")
        found[tool.name] = tool
    for tool in found.values():
        for parameter in tool.parameters:
            if parameter.name in found:
                raise ToolDeclarationError(
                    f"{cls.__name__}: {parameter.name!r} is a tool and also a parameter of {tool.name!r}: as tags they "
                    "could not be told apart"
                )
    return found
