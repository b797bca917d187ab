"""Tools of every supported kind, and texts that are hard on parsers, for the tests beside this file."""

from typing import Annotated, Literal

from hypothesis import strategies as st
from pydantic import Field

from textgym.actions import Tool, tool


@tool
def calculate(expression: str) -> str:
    """Evaluate an expression.

    Args:
        expression: what to evaluate.
    """
    return expression


@tool
def search(
    query: str,
    k: Annotated[int, Field(ge=1, le=10)] = 3,
    order: Literal["newest", "best"] = "best",
    exact: bool = False,
    near: float | None = None,
    tags: list[str] | None = None,
    weights: dict[str, float] | None = None,
) -> str:
    """Search the documents.

    Args:
        query: words to look for,
            in any order.
        k: how many results.
    """
    return f"{query} {k} {order} {exact} {near} {tags} {weights}"


@tool
def read_notes() -> str:
    """Show the scratchpad."""
    return ""


TOOLS = {declared.name: declared for declared in map(Tool.of, (calculate, search, read_notes))}

anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
PIECES = [
    "<calculate>", "</calculate>", "<search>", "</search>", "<query>", "</query>", "<k>", "</k>", "<read_notes/>",
    "<calculate x='1'", '<search k="3">', "<search k=3 ", "<![CDATA[", "]]>", "<think>", "</think>", "<calculat>",
    "<function=calculate>", "<function=nothing>", "</function>", "<parameter=expression>", "<parameter=k>",
    "</parameter>", "<function>", "<tool_call>", "</tool_call>", "```json", "```", '{"name":', '"calculate"',
    '"arguments":', '{"expression": "2+3"}', "{", "}", "[", "]", '"', "\\", ",", ":", "null", "NaN", "1e999", "9" * 400,
    '"\\ud800"', "<", ">", "/", "=", "'", "&", "\n", " ", "\x00", "2+3", "é", "\u202e", "\ud800", "{{{{{{{{{{{{",
    '{"name": "read_notes"}', '{"name": "search", "arguments": {"query": "q", "k": 2}}', "<!--", "-->", "<calculate/>",
]  # fmt: skip
hostile = st.lists(st.sampled_from(PIECES) | anything, max_size=30).map("".join)

encodable = anything | st.lists(st.sampled_from([*PIECES[:-1], "\r\n", "a < b", "]]", "think>"]), max_size=6).map(
    lambda pieces: "".join(pieces).replace("\ud800", "")
)
searches = st.fixed_dictionaries(
    {"query": encodable},
    optional={
        "k": st.integers(1, 10),
        "order": st.sampled_from(["newest", "best"]),
        "exact": st.booleans(),
        "near": st.floats(allow_nan=False, allow_infinity=False),
        "tags": st.lists(encodable, max_size=3),
        "weights": st.dictionaries(encodable, st.floats(allow_nan=False, allow_infinity=False), max_size=3),
    },
)
calls = st.one_of(
    st.tuples(st.just("calculate"), st.fixed_dictionaries({"expression": encodable})),
    st.tuples(st.just("search"), searches),
    st.just(("read_notes", {})),
)
