"""What the endpoint policy sends and keeps, against a real HTTP server."""

import asyncio
import json

import pytest

from support.chat_server import Reply, completion
from support.turns import turn
from textgym.policies import CallLimits, ChatEndpoint, PolicySettingError

ADD = {"type": "function", "function": {"name": "add", "parameters": {"type": "object"}}}


def ask(policy, *turns):
    """The answers to these turns, asked for at once."""

    async def play():
        try:
            return await asyncio.gather(*(policy.answer(one) for one in turns))
        finally:
            await policy.aclose()

    return asyncio.run(play())


def endpoint(server, **settings):
    return ChatEndpoint("org/model", base_url=server.url, **settings)


def test_the_conversation_goes_out_and_the_answer_comes_back(serve):
    server = serve()
    (answer,) = ask(endpoint(server, system="Be brief."), turn("Question?", "41", "Higher."))
    assert answer.text == "42"
    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.json == {
        "model": "org/model",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Question?"},
            {"role": "assistant", "content": "41"},
            {"role": "user", "content": "Higher."},
        ],
    }


def test_sampling_settings_are_sent_and_described(serve):
    server = serve()
    policy = endpoint(
        server, temperature=0.7, top_p=0.9, max_tokens=64, stop="\n", seed=3, extra_body={"top_k": 5}, logprobs=True
    )
    ask(policy, turn())
    sampling = {
        "temperature": 0.7,
        "top_p": 0.9,
        "max_tokens": 64,
        "stop": ["\n"],
        "seed": 3,
        "top_k": 5,
        "logprobs": True,
    }
    assert sampling.items() <= server.requests[0].json.items()
    assert policy.describe()["sampling"] == sampling


def test_everything_known_of_an_answer_is_kept(serve):
    body = completion(
        "Paris",
        finish_reason="length",
        logprobs={"content": [{"token": "Par", "logprob": -0.1}, {"token": "is", "logprob": -0.2}]},
        token_ids=[11, 12],
        prompt_token_ids=[1, 2, 3],
        reasoning_content="Let me think.",
    )
    server = serve(Reply(body))
    (answer,) = ask(endpoint(server, logprobs=True, token_ids=True), turn())
    assert (answer.text, answer.finish_reason) == ("Paris", "length")
    assert (answer.logprobs, answer.token_ids, answer.prompt_ids) == ([-0.1, -0.2], [11, 12], [1, 2, 3])
    assert answer.usage == {"prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12}
    latency = answer.extra.pop("latency")
    assert isinstance(latency, float)
    assert answer.extra == {"model": "stub-1", "truncated": True, "reasoning": "Let me think."}
    assert server.requests[0].json["return_token_ids"] is True


def test_logprobs_that_do_not_fit_the_token_ids_are_dropped_aloud(serve):
    server = serve(Reply(completion("x", logprobs={"content": [{"logprob": -1.0}]}, token_ids=[1, 2])))
    (answer,) = ask(endpoint(server), turn())
    assert (answer.logprobs, answer.token_ids) == (None, [1, 2])
    assert answer.extra["dropped"] == "1 logprobs for 2 token ids"


def test_a_refusal_is_what_the_model_said(serve):
    server = serve(Reply(completion(None, refusal="I would rather not.")))
    (answer,) = ask(endpoint(server), turn())
    assert answer.text == answer.extra["refusal"] == "I would rather not."


def test_turn_seeds_differ_between_siblings_and_repeat_between_runs(serve):
    server = serve()
    siblings = [turn(key=b"sibling 0"), turn(key=b"sibling 1"), turn("o", "a", "o", key=b"sibling 0")]
    first = [answer.extra["seed"] for answer in ask(endpoint(server, seed="turn"), *siblings)]
    again = [answer.extra["seed"] for answer in ask(endpoint(server, seed="turn"), *siblings)]
    assert len(set(first)) == 3
    assert first == again
    assert sorted(request.json["seed"] for request in server.requests) == sorted(first * 2)


def test_headers_carry_key_session_and_what_the_user_adds(serve, monkeypatch):
    monkeypatch.setenv("OTHER_KEY", " sk-from-environment\n")
    server = serve()
    policy = endpoint(server, api_key_env="OTHER_KEY", headers={"X-Project": "alpha"})
    ask(policy, turn(episode_id="run/7 é\r\n"))
    headers = server.requests[0].headers
    assert headers["authorization"] == "Bearer sk-from-environment"
    assert headers["x-session-id"] == "run/7 %C3%A9%0D%0A"
    assert headers["x-project"] == "alpha"


@pytest.mark.parametrize("settings", [{}, {"api_key": "", "session_header": None}])
def test_without_a_key_none_is_sent(serve, monkeypatch, settings):
    if settings:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-not-for-this-server")
    server = serve()
    ask(endpoint(server, **settings), turn())
    assert "authorization" not in server.requests[0].headers
    assert ("x-session-id" in server.requests[0].headers) == (not settings)


def test_cookies_of_the_server_are_not_kept(serve):
    server = serve(Reply(completion("1"), headers={"Set-Cookie": "backend=3; Path=/"}))

    async def play():
        policy = endpoint(server)
        await policy.answer(turn())
        await policy.answer(turn())
        await policy.aclose()

    asyncio.run(play())
    assert "cookie" not in server.requests[1].headers


def test_no_more_calls_are_in_flight_than_allowed(serve):
    server = serve(seconds_per_answer=0.05)
    policy = endpoint(server, limits=CallLimits(max_in_flight=3))
    answers = ask(policy, *(turn(episode_id=f"e{i}") for i in range(12)))
    assert len(answers) == len(server.requests) == 12
    assert 1 < server.peak_in_flight <= 3


def test_one_policy_serves_one_loop_after_another_and_goes_on_after_closing(serve):
    server = serve()
    policy = endpoint(server)
    for _ in range(3):
        assert ask(policy, turn())[0].text == "42"
    asyncio.run(policy.aclose())


# -- native tools ------------------------------------------------------------------------------------------------------


def as_tags(calls):
    return "".join(f"<{name}>{json.dumps(arguments)}</{name}>" for name, arguments in calls)


def call(name, arguments):
    return {"id": "1", "type": "function", "function": {"name": name, "arguments": arguments}}


def test_tools_are_sent_and_calls_become_the_action(serve):
    calls = [call("add", '{"a": 1}'), call("stop", "")]
    server = serve(Reply(completion("Adding <stop></stop>.", tool_calls=calls, finish_reason="tool_calls")))
    (answer,) = ask(endpoint(server, native_tools=as_tags), turn(tools=[ADD]))
    assert server.requests[0].json["tools"] == [ADD]
    assert answer.text == '<add>{"a": 1}</add><stop>{}</stop>'
    assert answer.finish_reason == "tool_calls"
    assert answer.extra["content"] == "Adding <stop></stop>."
    assert answer.extra["tool_calls"] == [
        {"name": "add", "arguments": '{"a": 1}'},
        {"name": "stop", "arguments": ""},
    ]


def test_an_answer_without_calls_is_text_also_with_native_tools(serve):
    server = serve(Reply(completion("The answer is 42.")))
    (answer,) = ask(endpoint(server, native_tools=as_tags), turn(tools=[ADD]))
    assert answer.text == "The answer is 42."


def test_no_tools_are_sent_in_the_text_protocol_or_where_there_are_none(serve):
    server = serve()
    ask(endpoint(server), turn(tools=[ADD]))
    ask(endpoint(server, native_tools=as_tags), turn())
    assert not any("tools" in request.json for request in server.requests)


@pytest.mark.parametrize("arguments", ['{"a": ', "[1]", "3", "null", '{"a": ' * 50_000, "9" * 5_000])
def test_malformed_arguments_are_passed_on_for_the_environment_to_refuse(serve, arguments):
    server = serve(Reply(completion(None, tool_calls=[call("add", arguments)])))
    (answer,) = ask(endpoint(server, native_tools=as_tags), turn(tools=[ADD]))
    assert json.loads(answer.text) == {"name": "add", "arguments": arguments}


def test_calls_that_cannot_be_written_as_text_are_passed_on(serve):
    def refuse(calls):
        raise ValueError("no tool of this name")

    server = serve(Reply(completion(None, tool_calls=[call("<add>", "{}")])))
    (answer,) = ask(endpoint(server, native_tools=refuse), turn(tools=[ADD]))
    assert json.loads(answer.text) == {"name": "<add>", "arguments": "{}"}


# -- settings ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"temperature": -1}, "temperature must be 0 or more"),
        ({"temperature": float("nan")}, "temperature"),
        ({"top_p": 1.5}, "top_p must be 0 to 1"),
        ({"temperature": "hot"}, "temperature must be 0 or more"),
        ({"max_tokens": 0}, "max_tokens must be 1 or more"),
        ({"max_tokens": 1.5}, "max_tokens must be 1 or more"),
        ({"seed": "random"}, "seed must be"),
        ({"native_tools": "jsn"}, "did you mean 'json'"),
        ({"extra_body": {"messages": []}}, "may not hold 'messages'"),
        ({"extra_body": {"n": 4}}, "may not hold 'n'"),
        ({"extra_body": {"seed": 1}, "seed": 2}, "given twice"),
        ({"extra_body": {"x": object()}}, "must be JSON"),
        ({"base_url": "127.0.0.1:8000/v1"}, "must look like http"),
        ({"base_url": "http://127.0.0.1:99999/v1"}, "must look like http"),
        ({"base_url": "http://127.0.0.1:8000/v1#model"}, "openai:MODEL@URL"),
        ({"base_url": None}, "needs an API key"),
        ({"headers": {"X-A": "a\nb"}}, "no HTTP header can hold"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(settings, message):
    with pytest.raises(PolicySettingError, match=message):
        ChatEndpoint("m", **({"base_url": "http://127.0.0.1:8000/v1"} | settings))


@pytest.mark.parametrize(
    "settings",
    [
        {"api_key": "sk-se\ncret"},
        {"api_key": "sk-secrét"},
        {"base_url": "http://user:sk-secret@127.0.0.1/v1"},
        {"headers": {"X-Key": "sk-secr\0et"}},
    ],
)
def test_a_refused_secret_is_not_repeated(settings):
    with pytest.raises(PolicySettingError) as caught:
        ChatEndpoint("m", **({"base_url": "http://127.0.0.1:8000/v1"} | settings))
    assert "sk-" not in str(caught.value)


@pytest.mark.parametrize("end", ["", "/", "/chat/completions", "/chat/completions/"])
def test_the_base_url_may_end_in_several_ways(serve, end):
    server = serve()
    ask(ChatEndpoint("m", base_url=server.url + end), turn())
    assert server.requests[0].path == "/v1/chat/completions"


def test_a_query_stays_in_the_request_and_out_of_the_record(serve):
    server = serve()
    policy = ChatEndpoint("m", base_url=f"{server.url}?api-version=1&key=sk-secret")
    ask(policy, turn())
    assert server.requests[0].path == "/v1/chat/completions?api-version=1&key=sk-secret"
    assert policy.describe()["base_url"] == server.url


def test_no_secret_in_repr_or_description():
    policy = ChatEndpoint("m", base_url="http://127.0.0.1:8000/v1", api_key="sk-secret", headers={"X-Key": "sk-other"})
    assert "sk-" not in repr(policy) + json.dumps(policy.describe())
