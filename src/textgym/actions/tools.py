"""`@tool`: one declaration from which the JSON schema, the help in the prompt and the checking of arguments come."""

import inspect
import re
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import NoneType, SimpleNamespace, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, overload

from pydantic import ConfigDict, PydanticUserError, TypeAdapter, ValidationError
from pydantic.errors import PydanticSchemaGenerationError

from textgym.actions.bounded_json import JsonError, load_json
from textgym.actions.markup import RESERVED
from textgym.core.errors import TextgymError, did_you_mean

F = TypeVar("F", bound=Callable[..., Any])

_GIVEN = ("self", "task", "state")
_MARK = "__textgym_tool__"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_SECTION = re.compile(r"(Args|Arguments|Returns|Raises|Yields|Examples?|Notes?):\s*")
_ARGUMENT = re.compile(r"(\w+)(?:\s*\([^)]*\))?:\s*(.*)")
_CHECKING = ConfigDict(strict=True, allow_inf_nan=False)
_SHOWN = 60


class ToolDeclarationError(TextgymError, TypeError):
    """A function cannot be a tool as it is declared; the message names the parameter and says what to change."""


class ArgumentError(ValueError):
    """Arguments of a call that its tool does not take; the message names each."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a tool.

    Attributes:
        name: as in the declaration.
        description: from the docstring.
        schema: JSON schema of the value, description and default included.
        required: whether a call must give it.
        reads: how its text is read where a protocol has only text: as it stands (`text`), without the white space around
            it (`word`), as `true` or `false` (`flag`), or as JSON.
    """

    name: str
    description: str
    schema: dict[str, Any]
    required: bool
    reads: Literal["text", "word", "flag", "json"]
    adapter: TypeAdapter[Any] = field(repr=False, compare=False)

    def from_text(self, text: str) -> Any:
        """The value that `text` stands for; text that stands for none is given back, and then refused by `check`."""
        if self.reads == "text":
            return text
        word = text.strip()
        if self.reads == "word":
            return word
        if self.reads == "flag":
            return {"true": True, "false": False}.get(word.lower(), word)
        try:
            return load_json(word)
        except JsonError:
            return word

    @property
    def kind(self) -> str:
        """The type in words, such as `whole number from 1 to 10`."""
        return _in_words(self.schema)


@dataclass(frozen=True, slots=True)
class Tool:
    """A typed function that a policy may call.

    Attributes:
        name: what calls name it by.
        description: what it does, from the docstring.
        parameters: what a call gives, in order. The first is the main one: `<name>value</name>` gives it alone.
        function: what runs.
        given: the leading parameters that the environment supplies: some of `self`, `task`, `state`.
        waits: whether the function is `async`.
    """

    name: str
    description: str
    parameters: tuple[Parameter, ...]
    function: Callable[..., Any] = field(repr=False)
    given: tuple[str, ...] = ()
    waits: bool = False

    @classmethod
    def of(cls, function: Callable[..., Any]) -> "Tool":
        """The tool that `@tool` made of a function.

        Raises:
            ToolDeclarationError: the function is not decorated with `@tool`.
        """
        declared = getattr(function, _MARK, None)
        if not isinstance(declared, Tool):
            raise ToolDeclarationError(f"{function!r} is not decorated with @tool")
        return declared

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of this name."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)

    def schema(self) -> dict[str, Any]:
        """The declaration in OpenAI's shape for native tool calling."""
        return {
            "type": "function",
            "function": {
                "name": self.name,
                "description": self.description,
                "parameters": {
                    "type": "object",
                    "properties": {parameter.name: dict(parameter.schema) for parameter in self.parameters},
                    "required": [parameter.name for parameter in self.parameters if parameter.required],
                    "additionalProperties": False,
                },
            },
        }

    def check(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments, checked.

        Raises:
            ArgumentError: names every missing, unknown and wrong argument.
        """
        problems = []
        checked: dict[str, Any] = {}
        names = [parameter.name for parameter in self.parameters]
        for parameter in self.parameters:
            if parameter.name not in arguments:
                if parameter.required:
                    problems.append(f"missing argument {parameter.name!r} ({parameter.kind})")
                continue
            value = arguments[parameter.name]
            try:
                checked[parameter.name] = parameter.adapter.validate_python(value)
            except ValidationError as error:
                first = error.errors(include_url=False, include_context=False)[0]
                shown = repr(value)
                shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."
                place = "".join(f"[{step!r}]" for step in first["loc"] if isinstance(step, int | str))
                within = f" ({first['msg'][0].lower()}{first['msg'][1:]} at {place[:_SHOWN]})" if place else ""
                problems.append(f"argument {parameter.name!r}: expected {parameter.kind}, got {shown}{within}")
        for name in arguments:
            if name not in names:
                close = did_you_mean(name[:_SHOWN], names) if names else f"{self.name} takes no arguments"
                problems.append(f"unknown argument {name[:_SHOWN]!r}, {close.rstrip('.')}")
                break  # one is enough: a hostile call may hold thousands
        if problems:
            raise ArgumentError("; ".join(problems))
        return checked


@overload
def tool(function: F) -> F: ...
@overload
def tool(*, name: str) -> Callable[[F], F]: ...
def tool(function: F | None = None, *, name: str | None = None) -> F | Callable[[F], F]:
    """Declare a function or a method of an environment as a tool.

    The function stays what it was. Its leading parameters named `self`, `task` and `state` are supplied by the
    environment; the others are what a call gives. They need annotations: `str`, `int`, `float`, `bool`, `Literal[...]`,
    `list[...]` and `dict[str, ...]` of these, `... | None` with the default None, and `Annotated[..., Field(ge=1)]` for
    ranges. The docstring's text is the tool's description, its `Args:` section that of the parameters.

    Args:
        function: the function to declare.
        name: what calls name the tool by; by default the function's name.

    Raises:
        ToolDeclarationError: the declaration is not supported.
    """

    def declare(function: F) -> F:
        setattr(function, _MARK, _declared(function, name or function.__name__))
        return function

    return declare if function is None else declare(function)


def _declared(function: Callable[..., Any], name: str) -> Tool:
    where = f"tool {name!r}"
    if not _NAME.fullmatch(name) or name in RESERVED:
        raise ToolDeclarationError(f"{where}: the name must be a short identifier and none of {_listed(RESERVED)}")
    description, documented = _read_docstring(inspect.getdoc(function) or "")
    if not description:
        raise ToolDeclarationError(f"{where}: write a docstring: it is what the policy is told about the tool")
    declared = list(inspect.signature(function).parameters.values())
    given: list[str] = []
    while declared and declared[0].name in _GIVEN and declared[0].default is inspect.Parameter.empty:
        given.append(declared.pop(0).name)
    types = _annotations(function, [item.name for item in declared], where)
    parameters = tuple(_parameter(item, types, documented.pop(item.name, ""), where) for item in declared)
    if documented:
        raise ToolDeclarationError(f"{where}: the docstring describes {_listed(documented)}, which it does not have")
    return Tool(name, description, parameters, function, tuple(given), inspect.iscoroutinefunction(function))


def _listed(names: typing.Iterable[str]) -> str:
    return ", ".join(repr(name) for name in sorted(names))


def _annotations(function: Callable[..., Any], names: list[str], where: str) -> dict[str, Any]:
    """The annotations of the tool's own parameters; those of task and state may name what does not exist yet."""
    written = getattr(function, "__annotations__", {})
    holder = SimpleNamespace(__annotations__={name: written[name] for name in names if name in written})
    try:
        return typing.get_type_hints(holder, globalns=getattr(function, "__globals__", {}), include_extras=True)
    except NameError as error:
        raise ToolDeclarationError(f"{where}: an annotation cannot be resolved: {error}") from None


def _parameter(declared: inspect.Parameter, types: Mapping[str, Any], description: str, where: str) -> Parameter:
    where = f"{where}: parameter {declared.name!r}"
    if declared.kind not in (declared.POSITIONAL_OR_KEYWORD, declared.KEYWORD_ONLY):
        raise ToolDeclarationError(f"{where}: a call gives arguments by name, so *, ** and / parameters cannot be used")
    if not _NAME.fullmatch(declared.name) or declared.name in RESERVED:
        raise ToolDeclarationError(f"{where}: the name must be a short identifier and none of {_listed(RESERVED)}")
    if declared.name not in types:
        raise ToolDeclarationError(f"{where}: add a type annotation")
    annotation = types[declared.name]
    required = declared.default is inspect.Parameter.empty
    bare = _without_none(annotation)
    if bare is not annotation and (required or declared.default is not None):
        raise ToolDeclarationError(f"{where}: a parameter that may be None needs the default None")
    if not _supported(bare):
        raise ToolDeclarationError(
            f"{where}: the type {annotation!r} is not supported; use str, int, float, bool, Literal, and list or "
            "dict[str, ...] of these"
        )
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(annotation, config=_CHECKING)
        schema = TypeAdapter(bare, config=_CHECKING).json_schema()
        if not required:
            adapter.validate_python(declared.default)
            if declared.default is not None:
                schema = {**schema, "default": declared.default}
    except (PydanticUserError, PydanticSchemaGenerationError, ValidationError, TypeError) as error:
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error).splitlines()[0]
        raise ToolDeclarationError(f"{where}: {reason}") from None
    if description:
        schema = {**schema, "description": description}
    return Parameter(declared.name, description, schema, required, _reads(bare), adapter)


def _without_none(annotation: Any) -> Any:
    """`T` for `T | None`, the annotation itself for anything else."""
    if get_origin(annotation) in (Union, UnionType):
        others = [part for part in get_args(annotation) if part is not NoneType]
        if len(others) == 1:
            return others[0]
    return annotation


def _plain(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _supported(annotation: Any) -> bool:
    annotation = _plain(annotation)
    if annotation in (str, int, float, bool):
        return True
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return all(isinstance(value, str | int) for value in arguments)
    if origin is list:
        return len(arguments) == 1 and _supported(arguments[0])
    return origin is dict and len(arguments) == 2 and arguments[0] is str and _supported(arguments[1])


def _reads(annotation: Any) -> Literal["text", "word", "flag", "json"]:
    annotation = _plain(annotation)
    if annotation is str:
        return "text"
    if annotation is bool:
        return "flag"
    if get_origin(annotation) is Literal and all(isinstance(value, str) for value in get_args(annotation)):
        return "word"
    return "json"


def _in_words(schema: Mapping[str, Any]) -> str:
    if "enum" in schema or "const" in schema:
        return "one of " + ", ".join(repr(value) for value in schema.get("enum", [schema.get("const")]))
    words = {
        "string": "text",
        "integer": "whole number",
        "number": "number",
        "boolean": "true or false",
        "array": "JSON list",
        "object": "JSON object",
    }[schema["type"]]
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{words} from {low} to {high}"
    if low is not None or high is not None:
        return f"{words}, at least {low}" if high is None else f"{words}, at most {high}"
    return f"{words} of at most {schema['maxLength']:,} characters" if "maxLength" in schema else words


def _read_docstring(text: str) -> tuple[str, dict[str, str]]:
    """The description, and the descriptions of the arguments, of a Google-style docstring."""
    description: list[str] = []
    arguments: dict[str, str] = {}
    section, latest, indent = "", "", 0
    for line in text.splitlines():
        heading = _SECTION.fullmatch(line)
        if heading is not None:
            section, latest, indent = heading[1], "", 0
            continue
        words = line.strip()
        if not section:
            description.append(words)
        elif section in ("Args", "Arguments") and words:
            depth = len(line) - len(line.lstrip())
            indent = indent or depth
            item = _ARGUMENT.fullmatch(words)
            if item is not None and depth <= indent:
                latest = item[1]
                arguments[latest] = item[2]
            elif latest:
                arguments[latest] = f"{arguments[latest]} {words}".strip()
    return " ".join(word for word in description if word), arguments
