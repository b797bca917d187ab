"""@tool: what a declaration gives, and which declarations are refused."""

import json
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field
from sample_tools import TOOLS, calculate

from textgym.actions import ArgumentError, Tool, ToolDeclarationError, tool


def test_a_declared_function_still_works():
    assert calculate("2+3") == "2+3"


def test_the_schema_has_openais_shape():
    function = TOOLS["search"].schema()["function"]
    assert TOOLS["search"].schema()["type"] == "function"
    assert function["name"] == "search"
    assert function["description"] == "Search the documents."
    parameters = function["parameters"]
    assert parameters["type"] == "object"
    assert parameters["required"] == ["query"]
    assert parameters["additionalProperties"] is False
    properties = parameters["properties"]
    assert properties["query"] == {"type": "string", "description": "words to look for, in any order."}
    assert properties["k"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 10,
        "default": 3,
        "description": "how many results.",
    }
    assert properties["order"]["enum"] == ["newest", "best"]
    assert properties["near"] == {"type": "number"}
    assert properties["tags"] == {"type": "array", "items": {"type": "string"}}
    json.dumps(TOOLS["search"].schema())


def test_a_tool_without_parameters_has_an_empty_schema():
    assert TOOLS["read_notes"].schema()["function"]["parameters"]["properties"] == {}


def test_what_the_environment_supplies_is_no_argument():
    @tool
    def look(self, task, state, where: str):
        """Look."""

    declared = Tool.of(look)
    assert declared.given == ("self", "task", "state")
    assert [parameter.name for parameter in declared.parameters] == ["where"]


def test_annotations_of_task_and_state_may_name_what_does_not_exist_yet():
    @tool
    def look(self, task: "NotYet", state: "NorThis", where: "str"):  # noqa: F821
        """Look."""

    assert Tool.of(look).parameters[0].kind == "text"


def test_a_tool_may_be_named_apart_from_its_function():
    @tool(name="step")
    def step_tool():
        """Go on."""

    assert Tool.of(step_tool).name == "step"


def test_an_async_function_waits():
    @tool
    async def fetch(url: str) -> str:
        """Fetch a page."""
        return url

    assert Tool.of(fetch).waits
    assert not TOOLS["search"].waits


def test_a_function_that_is_no_tool_is_refused():
    with pytest.raises(ToolDeclarationError, match="not decorated"):
        Tool.of(len)


def undescribed(a: str): ...


def untyped(a):
    """Do."""


def untypable(a: Any):
    """Do."""


def union(a: int | str):
    """Do."""


def optional_without_default(a: int | None):
    """Do."""


def optional_with_another_default(a: int | None = 3):
    """Do."""


def wrong_default(a: int = "3"):  # type: ignore[assignment]
    """Do."""


def default_out_of_range(a: Annotated[int, Field(ge=5)] = 3):
    """Do."""


def many(*a: str):
    """Do."""


def keywords(**a: str):
    """Do."""


def positional(a: str, /):
    """Do."""


def keys_that_are_no_strings(a: dict[int, str]):
    """Do."""


def bare_list(a: list):
    """Do."""


def misdocumented(a: str):
    """Do.

    Args:
        b: what is not there.
    """


def reserved(function: str):
    """Do."""


def unresolvable(a: "Nowhere"):  # noqa: F821
    """Do."""


def think():
    """Do."""


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (undescribed, "docstring"),
        (untyped, "'a': add a type annotation"),
        (untypable, "not supported"),
        (union, "not supported"),
        (optional_without_default, "default None"),
        (optional_with_another_default, "default None"),
        (wrong_default, "valid integer"),
        (default_out_of_range, "greater than or equal to 5"),
        (many, "by name"),
        (keywords, "by name"),
        (positional, "by name"),
        (keys_that_are_no_strings, "not supported"),
        (bare_list, "not supported"),
        (misdocumented, "'b'"),
        (reserved, "none of"),
        (unresolvable, "Nowhere"),
        (think, "none of"),
    ],
)
def test_an_unsupported_declaration_is_refused(function, words):
    with pytest.raises(ToolDeclarationError, match=words) as refusal:
        tool(function)
    assert function.__name__ in str(refusal.value)


def test_arguments_are_checked_strictly():
    search = TOOLS["search"]
    assert search.check({"query": "q", "k": 2, "near": 3}) == {"query": "q", "k": 2, "near": 3.0}
    assert search.check({"query": "q", "near": None}) == {"query": "q", "near": None}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, ["missing argument 'query' (text)"]),
        ({"query": 5}, ["'query': expected text, got 5"]),
        ({"query": "q", "k": "2"}, ["'k': expected whole number from 1 to 10, got '2'"]),
        ({"query": "q", "k": True}, ["'k'"]),
        ({"query": "q", "k": 2.0}, ["'k'"]),
        ({"query": "q", "k": 11}, ["'k'", "from 1 to 10"]),
        ({"query": "q", "exact": 1}, ["'exact': expected true or false, got 1"]),
        ({"query": "q", "order": "oldest"}, ["'order': expected one of 'newest', 'best'"]),
        ({"query": "q", "near": float("inf")}, ["'near'"]),
        ({"query": "q", "tags": ["a", 2]}, ["'tags': expected JSON list", "[1]"]),
        ({"query": "q", "kk": 2}, ["unknown argument 'kk', did you mean 'k'?"]),
        ({"k": 0, "zzzzzz": 1}, ["missing argument 'query'", "'k'", "unknown argument 'zzzzzz', choose from"]),
    ],
)
def test_wrong_arguments_are_named(arguments, words):
    with pytest.raises(ArgumentError) as refusal:
        TOOLS["search"].check(arguments)
    assert all(word in str(refusal.value) for word in words), str(refusal.value)


def test_a_message_about_a_huge_argument_is_short():
    with pytest.raises(ArgumentError) as refusal:
        TOOLS["search"].check({"query": ["x" * 10_000], "y" * 10_000: 1})
    assert len(str(refusal.value)) < 400


@pytest.mark.parametrize(
    ("annotation", "text", "value"),
    [
        (str, " as it stands\n", " as it stands\n"),
        (str, "5", "5"),
        (int, " 5 ", 5),
        (float, "5", 5.0),
        (float, "-0.5e3", -500.0),
        (bool, "TRUE", True),
        (bool, "false", False),
        (Literal["a", "5"], " 5 ", "5"),
        (Literal[1, 2], "2", 2),
        (list[int], "[1, 2]", [1, 2]),
        (dict[str, list[int]], '{"a": [1]}', {"a": [1]}),
    ],
)
def test_text_is_read_by_the_declared_type(annotation, text, value):
    def take(a):
        """Take."""

    take.__annotations__ = {"a": annotation}
    declared = Tool.of(tool(take))
    assert declared.check({"a": declared.parameters[0].from_text(text)}) == {"a": value}
