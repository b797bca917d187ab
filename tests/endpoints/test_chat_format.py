"""Reading the body of a chat completion: lenient beside the answer, strict about the answer, never another exception."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.chat_server import completion
from textgym.endpoints.chat_format import NativeCall, UnreadableBodyError, error_text, one_line, read_chat_reply

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)

BESIDE = (
    "finish_reason",
    "logprobs",
    "token_ids",
    "prompt_token_ids",
    "usage",
    "model",
    "tool_calls",
    "reasoning",
    "refusal",
)


def read(body):
    return read_chat_reply(json.dumps(body).encode())


def test_a_full_answer():
    reply = read(
        completion(
            "42",
            finish_reason="length",
            logprobs={"content": [{"token": "4", "logprob": -0.5}, {"token": "2", "logprob": -1}]},
            token_ids=[7, 8],
            prompt_token_ids=[1, 2, 3],
            reasoning_content="hm",
            usage={"prompt_tokens": 3, "completion_tokens": 2, "details": {"cached": 1, "x": None}, "note": "text"},
        )
    )
    assert (reply.text, reply.finish_reason, reply.reasoning, reply.model) == ("42", "length", "hm", "stub-1")
    assert (reply.logprobs, reply.token_ids, reply.prompt_ids) == ([-0.5, -1.0], [7, 8], [1, 2, 3])
    assert reply.usage == {"prompt_tokens": 3, "completion_tokens": 2, "details": {"cached": 1}}


def test_an_answer_of_parts_and_an_answer_of_nothing():
    assert read(completion([{"type": "text", "text": "4"}, {"type": "text", "text": "2"}])).text == "42"
    assert read(completion(None)).text == ""
    assert read({"choices": [{"message": {}}]}).finish_reason == "unknown"


def test_tool_calls_in_all_the_ways_in_which_servers_write_them():
    calls = [
        {"id": "1", "type": "function", "function": {"name": "add", "arguments": '{"a": 1}'}},
        {"function": {"name": "add", "arguments": {"a": 1}}},
        {"function": {"name": "stop"}},
        {"function": {"name": "add", "arguments": '{"a": '}},
        "nonsense",
    ]
    assert read(completion(None, tool_calls=calls)).calls == (
        NativeCall("add", '{"a": 1}'),
        NativeCall("add", '{"a": 1}'),
        NativeCall("stop", "{}"),
        NativeCall("add", '{"a": '),
        NativeCall("", '"nonsense"'),
    )


@pytest.mark.parametrize("logprob", ["NaN", "Infinity", "-Infinity", "1e999", "null", "true", '"x"', "1" + "0" * 400])
def test_logprobs_that_are_no_numbers_are_left_out_and_the_answer_is_kept(logprob):
    body = json.dumps(completion("42", logprobs={"content": [{"logprob": "HERE"}]})).replace('"HERE"', logprob)
    reply = read_chat_reply(body.encode())
    assert (reply.text, reply.logprobs) == ("42", None)


def test_lone_surrogates_are_made_storable():
    reply = read(completion("a\ud800b", reasoning="\udfff"))
    assert reply.text.encode()
    assert (reply.text, reply.reasoning) == ("a\ufffdb", "\ufffd")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "empty body"),
        (b"<html>", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b'{"choices": []}', r"no choices\[0\]"),
        (b'{"choices": [{"text": "completion of another API"}]}', r"no choices\[0\]"),
        (b'{"choices": [{"message": {"content": 42}}]}', "content is int"),
        (b'{"error": {"message": "no capacity"}}', "no capacity"),
        (b"[" * 100_000, "nested too deeply"),
        (b"1" * 10_000, "no JSON"),
    ],
)
def test_a_body_without_an_answer_is_told_from_one_with(body, message):
    with pytest.raises(UnreadableBodyError, match=message):
        read_chat_reply(body)


@given(st.binary(max_size=200) | anything.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_read_or_refused(body):
    try:
        read_chat_reply(body)
    except UnreadableBodyError:
        assert error_text(body).strip() or not body.strip()


@given(
    beside=st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(BESIDE, anything),
    )
)
def test_nothing_beside_the_answer_can_cost_the_answer(beside):
    reply = read(completion("42", **beside))
    assert reply.text == "42"
    json.dumps([reply.usage, reply.logprobs, reply.token_ids], allow_nan=False)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"error": {"message": "too long", "code": 1}}', "too long"),
        (b'{"error": "too long"}', "too long"),
        (b'{"detail": "Not Found"}', "Not Found"),
        (b'{"message": "no"}', "no"),
        (b"plain text", "plain text"),
    ],
)
def test_the_message_of_an_error_is_found(body, said):
    assert error_text(body) == said


def test_one_line_is_short_and_harmless():
    assert one_line("a\n\x1b[2Jb\u202e", 20) == "a [2Jb"
    assert len(one_line("x" * 1000, 20)) == 20
