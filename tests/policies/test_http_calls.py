"""Overloaded, broken and missing servers: what is retried, what is not, and what is said in the end."""

import asyncio
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.chat_server import Reply, completion
from support.turns import turn
from textgym.endpoints.http_calls import retry_after_seconds
from textgym.policies import CallLimits, ChatEndpoint, PolicyError, PolicySettingError

FAST = {"first_delay": 0.001, "max_delay": 0.005}
KEY = "sk-0123456789-secret"


def ask(base_url, api_key=KEY, **limits):
    async def play():
        policy = ChatEndpoint("m", base_url=base_url, api_key=api_key, limits=CallLimits(**(FAST | limits)))
        try:
            return await policy.answer(turn())
        finally:
            await policy.aclose()

    return asyncio.run(play())


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply({"error": {"message": "slow down"}}, status=429), "HTTP 429: slow down"),
        (Reply(status=408), "HTTP 408"),
        (Reply(b"<h1>oops</h1>", status=500), "HTTP 500: <h1>oops</h1>"),
        (Reply(status=503), "HTTP 503"),
        (Reply(close=True), "connection lost"),
        (Reply(completion(), short=True), "connection lost"),
        (Reply(b""), "unreadable response: an empty body"),
        (Reply(b"garbage"), "unreadable response: no JSON"),
        (Reply({"choices": []}), "unreadable response: no choices"),
        (Reply(b"not gzip", headers={"Content-Encoding": "gzip"}), "connection lost"),
    ],
)
def test_what_may_pass_by_itself_is_tried_again_and_recorded(serve, reply, reason):
    server = serve(reply, Reply(completion("ok")))
    answer = ask(server.url)
    assert answer.text == "ok"
    assert len(server.requests) == 2
    (retry,) = answer.extra["retries"]
    assert retry["reason"].startswith(reason)
    assert 0 <= retry["waited"] <= FAST["first_delay"]


def test_silence_is_tried_again(serve):
    server = serve(Reply(hang=True), Reply(completion("ok")))
    answer = ask(server.url, timeout=0.5)
    assert answer.extra["retries"][0]["reason"] == "no complete answer within 0.5 s"


@pytest.mark.parametrize(
    ("status", "advice"), [(400, "context length"), (401, "API key"), (403, "may not use"), (404, "/v1"), (418, "")]
)
def test_a_refusal_is_final_and_says_what_the_server_said_and_what_to_check(serve, status, advice):
    server = serve(Reply({"error": {"message": "no such thing"}}, status=status))
    with pytest.raises(PolicyError, match=rf"HTTP {status}: no such thing.*{advice}"):
        ask(server.url)
    assert len(server.requests) == 1


def test_a_redirect_is_not_followed_with_the_key(serve):
    target = serve()
    server = serve(Reply(status=307, headers={"Location": f"{target.url}/chat/completions"}))
    with pytest.raises(PolicyError, match=r"redirects to .*give that as the base URL"):
        ask(server.url)
    assert not target.requests


@pytest.mark.parametrize("reply", [Reply(completion(None)), Reply(completion("x", finish_reason="length"))])
def test_a_completed_sample_is_never_drawn_again(serve, reply):
    server = serve(reply)
    ask(server.url)
    assert len(server.requests) == 1


def test_retries_are_bounded(serve):
    server = serve(*[Reply(status=500)] * 10)
    with pytest.raises(PolicyError, match="gave up after 3 requests: HTTP 500"):
        ask(server.url, retries=2)
    assert len(server.requests) == 3


def test_no_server_at_all_is_said_so():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(PolicyError, match="gave up after 2 requests: cannot connect"):
            ask(f"http://127.0.0.1:{unused.getsockname()[1]}/v1", retries=1)


def test_retry_after_is_honoured(serve):
    server = serve(Reply(status=429, headers={"Retry-After": "0.05"}), Reply(completion("ok")))
    assert ask(server.url).extra["retries"][0]["waited"] == 0.05


def test_a_retry_after_beyond_the_deadline_ends_the_call_at_once(serve):
    server = serve(Reply(status=429, headers={"Retry-After": "100000"}))
    with pytest.raises(PolicyError, match="pause of 1e\\+05 s would not fit into the deadline of 900 s: HTTP 429"):
        ask(server.url)
    assert len(server.requests) == 1


def test_the_deadline_bounds_all_requests_together(serve):
    server = serve(*[Reply(hang=True)] * 10)
    with pytest.raises(PolicyError, match=r"deadline of 0\.3 s"):
        ask(server.url, timeout=0.2, deadline=0.3, retries=100)
    assert len(server.requests) <= 3


def test_a_huge_response_is_cut_off_and_not_asked_for_again(serve):
    server = serve(Reply(completion("x" * 3_000_000)))
    with pytest.raises(PolicyError, match="larger than 1,000,000 bytes"):
        ask(server.url, max_bytes=1_000_000)
    assert len(server.requests) == 1


def test_a_huge_error_is_shown_in_short(serve):
    server = serve(Reply(b"\x1b[31m" + b"e" * 3_000_000, status=400))
    with pytest.raises(PolicyError) as caught:
        ask(server.url)
    assert len(str(caught.value)) < 600
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("padding", [0, 225, 245, 265, 285])
@pytest.mark.parametrize("status", [200, 401, 500])
def test_a_key_that_the_server_quotes_is_not_repeated(serve, status, padding):
    quoting = Reply({"error": f"{'x' * padding} bad key {KEY}"}, status=status)
    server = serve(quoting, quoting)
    with pytest.raises(PolicyError) as caught:
        ask(server.url, retries=1)
    assert KEY[:4] not in str(caught.value)
    assert padding or "bad key [hidden]" in str(caught.value)


def test_calls_share_open_connections(serve):
    server = serve()

    async def play():
        policy = ChatEndpoint("m", base_url=server.url)
        for _ in range(3):
            await asyncio.gather(*(policy.answer(turn()) for _ in range(4)))
        await policy.aclose()

    asyncio.run(play())
    assert len(server.requests) == 12
    assert server.connections_opened <= 4


def test_a_cancelled_call_gives_its_slot_back(serve):
    server = serve(Reply(hang=True))

    async def play():
        policy = ChatEndpoint("m", base_url=server.url, limits=CallLimits(max_in_flight=1))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(policy.answer(turn()), 0.1)
        answer = await policy.answer(turn())
        await policy.aclose()
        return answer

    assert asyncio.run(play()).text == "42"


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_in_flight": 0},
        {"retries": -1},
        {"max_bytes": 0},
        {"timeout": -1},
        {"timeout": "60"},
        {"retries": 1.5},
        {"deadline": float("nan")},
        {"first_delay": -1},
    ],
)
def test_limits_out_of_range_are_refused(wrong):
    with pytest.raises(PolicySettingError, match=next(iter(wrong))):
        CallLimits(**wrong)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [(None, 0), ("3", 3), ("0.5", 0.5), ("-1", 0), ("nan", 0), ("soon", 0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0)],
)
def test_retry_after_in_seconds(header, seconds):
    assert retry_after_seconds(header) == seconds


def test_retry_after_as_a_date():
    date = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    assert 3_500 < retry_after_seconds(date) <= 3_600


@given(st.text())
def test_any_retry_after_is_a_pause(header):
    assert retry_after_seconds(header) >= 0
