"""Calls of an endpoint by whoever needs one: settings, failures by kind, and addresses that repeat no secret."""

import asyncio
import json
from contextlib import suppress
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.chat_server import ChatServer, Reply, completion
from textgym.core import Random
from textgym.endpoints import (
    CallLimits,
    EndpointError,
    EndpointSettingError,
    HttpCaller,
    PerLoop,
    checked_headers,
    completions_url,
    read_chat_reply,
    usable_key,
)

BODY = json.dumps({"model": "m", "messages": []}).encode()


def ask(server, **limits):
    async def play():
        caller = HttpCaller(completions_url(server.url), CallLimits(first_delay=0.001, **limits), "sk-12345678")
        try:
            return await caller.post(BODY, read_chat_reply, Random(b"pauses"), {"X-Mine": "1"})
        finally:
            await caller.aclose()

    return asyncio.run(play())


def test_a_call_is_answered_with_what_it_took():
    with ChatServer(Reply(status=429), Reply(completion("ok"))) as server:
        answered = ask(server)
    assert answered.value.text == "ok"
    assert answered.seconds > 0
    assert [retry["reason"] for retry in answered.retries] == ["HTTP 429"]
    (first, _) = server.requests
    assert (first.path, first.headers["authorization"], first.headers["x-mine"]) == (
        "/v1/chat/completions",
        "Bearer sk-12345678",
        "1",
    )


@pytest.mark.parametrize(
    ("replies", "silent"),
    [([Reply(hang=True)] * 2, True), ([Reply(status=503)] * 2, False), ([Reply(status=401)], False)],
)
def test_silence_is_told_from_a_refusal(replies, silent):
    with ChatServer(*replies) as server, pytest.raises(EndpointError) as caught:
        ask(server, timeout=0.2, retries=1)
    assert caught.value.silent is silent


@pytest.mark.parametrize(
    ("reply", "lasting"),
    [
        (Reply(status=401), True),
        (Reply(status=403), True),
        (Reply(status=404), True),
        (Reply(status=307, headers={"Location": "http://127.0.0.1:1/v1"}), True),
        (Reply(status=400), False),
        (Reply(status=503), False),
        (Reply(close=True), False),
    ],
)
def test_what_every_call_would_meet_is_told_from_what_one_call_met(reply, lasting):
    with ChatServer(reply) as server, pytest.raises(EndpointError) as caught:
        ask(server, retries=0)
    assert caught.value.lasting is lasting
    assert caught.value.unreachable is False


def test_a_server_that_is_not_there_is_out_of_reach_for_every_call():
    with ChatServer() as server:
        server.close()
        with pytest.raises(EndpointError) as caught:
            ask(server, retries=1)
    assert (caught.value.unreachable, caught.value.lasting, caught.value.status) == (True, True, None)


@pytest.mark.parametrize("wrong", [{"retries": -1}, {"timeout": "1"}, {"max_bytes": 0}])
def test_limits_out_of_range_are_refused_by_name(wrong):
    with pytest.raises(EndpointSettingError, match=next(iter(wrong))):
        CallLimits(**wrong)


def test_limits_cannot_be_changed_behind_a_callers_back():
    with pytest.raises(FrozenInstanceError):
        CallLimits().retries = 3


@pytest.mark.parametrize(
    ("given_url", "url"),
    [
        ("http://h:1/v1", "http://h:1/v1/chat/completions"),
        ("https://h/v1/", "https://h/v1/chat/completions"),
        (" https://h/v1/chat/completions ", "https://h/v1/chat/completions"),
        ("https://h/v1?version=2", "https://h/v1/chat/completions?version=2"),
    ],
)
def test_where_a_base_url_leads(given_url, url):
    assert completions_url(given_url) == url


@pytest.mark.parametrize(
    "wrong", ["", "localhost:8000", "ftp://h/v1", "http://", "http://u:secret@h/v1", "http://h/#secret"]
)
def test_what_is_no_base_url_is_refused_without_repeating_it(wrong):
    with pytest.raises(EndpointSettingError) as caught:
        completions_url(wrong)
    assert "secret" not in str(caught.value)


@given(st.text(max_size=60))
def test_any_text_is_a_base_url_or_refused(text):
    with suppress(EndpointSettingError):
        assert completions_url(text).lower().startswith(("http://", "https://"))


def test_keys_and_headers_are_what_a_header_can_hold():
    assert usable_key("  key\n", "VARIABLE") == "key"
    assert usable_key("", "VARIABLE") is None
    assert usable_key(None, "VARIABLE") is None
    with pytest.raises(EndpointSettingError, match="VARIABLE"):
        usable_key("schlüssel", "VARIABLE")
    assert checked_headers({"A": "b"}) == {"A": "b"}
    with pytest.raises(EndpointSettingError, match="'A'"):
        checked_headers({"A": "b\r\nC: d"})


def test_each_loop_has_a_value_of_its_own():
    made = iter(range(10))
    values = PerLoop(lambda: next(made))

    async def twice():
        return values.get(), values.get()

    assert asyncio.run(twice()) == (0, 0)
    assert asyncio.run(twice()) == (1, 1)
    assert [value for _, value in values.take_all()] == [1]
    assert asyncio.run(twice()) == (2, 2)
