"""Any text at all: no exception, no more than linear work; and what the encoder writes, the parser reads."""

import json
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sample_tools import PIECES, TOOLS, calls, hostile

from textgym.actions import PROTOCOLS, encode_call, parse_calls
from textgym.actions.calls import MOST_ERRORS

WRAPPERS = [
    "{}",
    "<calculate>{}</calculate>",
    "<calculate><![CDATA[{}",
    "<search><query>{}",
    "<function=calculate><parameter=expression>{}",
    '<tool_call>{{"name": "calculate", "arguments": {{"expression": "{}"}}}}',
]

protocols = st.sampled_from(sorted(PROTOCOLS))


def check_any_text(text):
    for protocol in PROTOCOLS:
        parsed = parse_calls(text, TOOLS, protocol)
        assert len(parsed.errors) <= MOST_ERRORS
        for call in parsed.calls:
            assert TOOLS[call.name].check(call.arguments) == call.arguments
        for error in parsed.errors:
            assert error.message
            assert len(error.message) < 1_500
            assert error.__traceback__ is None
        ends = [0, *(place for call in parsed.calls for place in call.span)]
        assert protocol == "json" or ends == sorted(ends)


@given(hostile)
@settings(max_examples=200)
@example("")
def test_any_text_is_parsed(text):
    check_any_text(text)


@pytest.mark.slow
@given(hostile | st.text(max_size=200))
@settings(max_examples=20_000)
def test_more_than_a_hundred_thousand_texts_are_parsed(text):
    for wrapper in WRAPPERS:
        check_any_text(wrapper.format(text))


def check_round_trip(written, protocol, *, declared):
    text = "\n".join(
        encode_call(name, arguments, protocol, TOOLS[name] if declared else None) for name, arguments in written
    )
    parsed = parse_calls(f"Words before.\n{text}\nWords behind.", TOOLS, protocol)
    assert [error.message for error in parsed.errors] == []
    assert [(call.name, call.arguments) for call in parsed.calls] == written


@given(st.lists(calls, min_size=1, max_size=3), protocols, st.booleans())
@settings(max_examples=200)
@example([("calculate", {"expression": "</calculate><think>]]></think>"})], "tags", True)
@example([("calculate", {"expression": "\n"}), ("calculate", {"expression": ""})], "xml", False)
@example([("calculate", {"expression": "<tool_call></tool_call>\\<think>"})], "json", False)
@example([("search", {"query": "a", "tags": ["</tags>", "<k>"]})], "tags", True)
def test_what_is_encoded_is_read_back(written, protocol, declared):
    check_round_trip(written, protocol, declared=declared)


@pytest.mark.slow
@given(st.lists(calls, min_size=1, max_size=3), protocols, st.booleans())
@settings(max_examples=20_000)
def test_what_is_encoded_is_read_back_twenty_thousand_times(written, protocol, declared):
    check_round_trip(written, protocol, declared=declared)


def work(text, protocol):
    """Calls of functions, Python's and C's, that parsing this text takes."""
    count = 0

    def tally(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(tally)
    try:
        parse_calls(text, TOOLS, protocol)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_work_grows_no_faster_than_the_text(wrapper, protocol):
    for piece in PIECES:
        small, large = (work(wrapper.format(piece * times), protocol) for times in (30, 240))
        assert large <= 8 * small + 300, piece


@pytest.mark.slow
@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_a_megabyte_is_parsed(wrapper, protocol):
    for piece in PIECES:
        parse_calls(wrapper.format(piece * (1_000_000 // len(piece))), TOOLS, protocol)


@pytest.mark.parametrize("brackets", ["[" * 100_000, '{"a":' * 100_000, "[" * 100_000 + "]" * 100_000])
def test_nesting_in_an_argument_is_bounded(brackets):
    for text, protocol in [
        (f"<search><query>q</query><tags>{brackets}</tags></search>", "tags"),
        (f"<function=search><parameter=tags>{brackets}</parameter></function>", "xml"),
        (encode_call("search", {"query": "q", "tags": brackets}, "json"), "json"),
        (f'{{"name": "search", "arguments": {json.dumps(brackets)}}}', "json"),
    ]:
        parsed = parse_calls(text, TOOLS, protocol)
        assert not parsed.calls
        assert parsed.errors
