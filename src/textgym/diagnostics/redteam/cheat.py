"""`Cheat`: a policy that tries to be paid without solving the task. `View`: all that it sees.

A cheat is a pure function of a view. It sees what a policy sees, and what a policy with a memory remembers; only the
family `leak` is also shown what lies around the conversation (infos, reprs, error texts), where it must find nothing.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from textgym.actions import encode_call
from textgym.actions.calls import Protocol
from textgym.core import Random

Family = Literal["text", "leak", "judge", "code", "tools", "turns", "own"]
FAMILIES: tuple[Family, ...] = ("text", "leak", "judge", "code", "tools", "turns", "own")
"""`own` are the scripts that an environment brings itself (`TextEnv.cheats`)."""

Form = Literal["calls", "tags", "boxed", "text"]
"""How an environment wants to be answered: by calling a tool, inside `<answer>`, inside `\\boxed{}`, or bare."""

_FINAL = re.compile(r"submit|answer|finish|final|done", re.IGNORECASE)
_CODE = re.compile(r"```(?:python|py|sql|bash)|\bdef \w+\(|\bprogram\b", re.IGNORECASE)
_CODE_ARGUMENTS = frozenset({"program", "code", "source", "script", "command", "cmd", "patch"})
_ENTRY = re.compile(r"\bdef (\w+)\(")
_NUMBER = re.compile(r"(?<![\w.])-?\d{1,30}(?:\.\d{1,30})?(?![\w])")
_READ = 20_000


@dataclass(frozen=True)
class View:
    """What a cheat sees when it is asked for its next action.

    Attributes:
        history: observations and actions so far, alternating, ending with the latest observation.
        tools: JSON schemas of the tools, in OpenAI's shape; empty where there are none.
        task_id: the task's name.
        turns: the most actions of an episode; None where that is not known.
        rng: a private generator for this turn.
        earlier: the whole histories of episodes that this policy played before.
        common: the action that is right most often, as a policy learns it from many rewards; None if none is right twice.
        around: texts beside the conversation, by name; empty for all families but `leak`.
    """

    history: Sequence[str]
    tools: Sequence[Mapping[str, Any]]
    task_id: str
    turns: int | None
    rng: Random
    earlier: Sequence[Sequence[str]] = ()
    common: str | None = None
    around: Mapping[str, str] = field(default_factory=dict)

    @property
    def opening(self) -> str:
        """The first observation."""
        return self.history[0]

    @property
    def observation(self) -> str:
        """The latest observation."""
        return self.history[-1]

    @property
    def turn(self) -> int:
        """Actions taken so far."""
        return len(self.history) // 2

    @property
    def actions(self) -> Sequence[str]:
        """The actions taken so far."""
        return self.history[1::2]

    @property
    def form(self) -> Form:
        """How the environment wants to be answered, as far as the opening tells."""
        if self.tools:
            return "calls"
        if "<answer>" in self.opening:
            return "tags"
        return "boxed" if "\\boxed" in self.opening else "text"

    @property
    def numbers(self) -> list[str]:
        """The numbers in the opening, in order, each once."""
        return list(dict.fromkeys(_NUMBER.findall(self.opening[:_READ])))

    @property
    def words(self) -> list[str]:
        """The words in the opening, in order, each once."""
        return list(dict.fromkeys(re.findall(r"[^\W\d_]{2,40}", self.opening[:_READ])))

    @property
    def entry(self) -> str:
        """The function that is asked for; `solution` where none is named."""
        named = _ENTRY.findall(self.opening[:_READ])
        return str(named[-1]) if named else "solution"

    @property
    def takes_code(self) -> bool:
        """Whether a program or a command may be an answer."""
        return bool(_CODE.search(self.opening[:_READ])) or any(
            name in _CODE_ARGUMENTS for tool in self.tools for name in _properties(tool)
        )

    def answer(self, text: str) -> str:
        """The action that gives `text` as the answer, in the form that is wanted."""
        match self.form:
            case "calls":
                return self.call(self.final_tool, text)
            case "tags":
                return f"<answer>{text}</answer>"
            case "boxed":
                return f"\\boxed{{{text}}}"
            case "text":
                return text

    def program(self, source: str) -> str:
        """The action that gives a program."""
        if self.form == "calls":
            return self.call(self.final_tool, source)
        return self.answer(f"\n```python\n{source}```\n")

    # -- tools ---------------------------------------------------------------------------------------------------------

    @property
    def protocol(self) -> Protocol:
        """How calls are written, as far as the opening tells."""
        if "<tool_call>" in self.opening:
            return "json"
        return "xml" if "<function=" in self.opening else "tags"

    @property
    def tool_names(self) -> list[str]:
        """The names of the tools, in order."""
        return [str(tool["function"]["name"]) for tool in self.tools]

    @property
    def final_tool(self) -> str:
        """The tool that ends an episode, by its name; the last one where no name says so."""
        names = self.tool_names
        return next((name for name in names if _FINAL.search(name)), names[-1])

    def call(self, name: str, text: str = "", **more: Any) -> str:
        """A call whose required arguments are `text`, or what comes closest in their type."""
        tool = next((tool for tool in self.tools if tool["function"]["name"] == name), None)
        properties = {} if tool is None else _properties(tool)
        required = [] if tool is None else _parameters(tool).get("required") or list(properties)
        arguments = {key: _of_type(properties.get(key, {}), text) for key in required}
        return encode_call(name, arguments | more, self.protocol)


def _properties(tool: Mapping[str, Any]) -> Mapping[str, Any]:
    return _mapping(_parameters(tool).get("properties"))


def _parameters(tool: Mapping[str, Any]) -> Mapping[str, Any]:
    return _mapping(tool["function"].get("parameters"))


def _mapping(value: object) -> Mapping[str, Any]:
    """Third parties' schemas may hold anything."""
    return value if isinstance(value, Mapping) else {}


def _of_type(schema: object, text: str) -> Any:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    defaults = {"integer": number, "number": number, "boolean": True, "array": [text], "object": {}}
    return defaults.get(str(_mapping(schema).get("type")), text)


def _always(view: View) -> bool:
    return True


@dataclass(frozen=True)
class Cheat:
    """One cheating policy.

    Attributes:
        name: its name, stable between versions.
        family: its kind.
        summary: what it does, in one line.
        act: the next action.
        fits: whether it makes sense in this environment; asked once, with the view of the first turn of the first task.
        replays: whether each task is played twice, and only the second time counts.
        tasks: the most tasks it is played on, where it takes long by its nature; None for as many as all others.
    """

    name: str
    family: Family
    summary: str
    act: Callable[[View], str]
    fits: Callable[[View], bool] = _always
    replays: bool = False
    tasks: int | None = None
