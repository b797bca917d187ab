"""Whole episodes played by an endpoint: over the runner, in the text protocol and with native tools."""

import json
import re

import pytest

import textgym
from support import chat_server
from support.chat_server import completion
from textgym import Random, Reply, State, Task, ToolEnv, tool
from textgym.actions import ToolConfig
from textgym.policies import CallLimits, ChatEndpoint, policy_by_name

PATIENCE = CallLimits(max_in_flight=4, retries=1, first_delay=0.001)


def bisect(request):
    """Plays GuessNumber from nothing but the conversation that it is sent."""
    messages = request["messages"]
    low, high = 1, int(re.search(r"from 1 to (\d+)", messages[0]["content"])[1])
    for guess, said in zip(messages[1::2], messages[2::2], strict=True):
        if said["content"] == "Higher.":
            low = int(guess["content"]) + 1
        else:
            high = int(guess["content"]) - 1
    return str((low + high) // 2)


def test_an_endpoint_wins_over_the_runner_and_its_answers_are_recorded(serve):
    server = serve(chat_server.Reply(status=500), answer=bisect)
    policy = ChatEndpoint("m", base_url=server.url, limits=PATIENCE)
    episodes = list(textgym.rollout("textgym/GuessNumber-v0", policy, episodes=8, concurrency=8))
    assert [episode.reward for episode in episodes] == [1.0] * 8
    assert server.peak_in_flight <= 4
    turns = [turn for episode in episodes for turn in episode.turns]
    assert all(turn.completion.usage["prompt_tokens"] == 10 for turn in turns)
    assert sum("retries" in turn.completion.extra for turn in turns) == 1
    assert episodes[0].policy["model"] == "m"
    sessions = {request.headers["x-session-id"] for request in server.requests}
    assert len(sessions) == 8


def test_a_server_that_refuses_fails_its_episodes_and_says_why(serve):
    server = serve(*[chat_server.Reply({"error": {"message": "bad key sk-secret"}}, status=401)] * 3)
    policy = policy_by_name(f"openai:m@{server.url}", api_key="sk-secret")
    for episode in textgym.rollout("textgym/GuessNumber-v0", policy, episodes=3):
        assert (episode.outcome.stop_reason, episode.reward) == ("policy_failed", None)
        assert "check the API key" in episode.outcome.error
        assert "sk-secret" not in json.dumps(episode.as_json())
    assert len(server.requests) == 3


class Adder(ToolEnv[ToolConfig, State]):
    """Add two numbers with one tool, and hand in the sum with another."""

    def generate(self, rng: Random) -> Task:
        a, b = rng.randint(10, 99), rng.randint(10, 99)
        return Task(prompt=f"{a} {b}", secret={"sum": a + b})

    @tool
    def add(self, task, state, a: int, b: int) -> str:
        """Add two numbers.

        Args:
            a: the one.
            b: the other.
        """
        return str(a + b)

    @tool
    def submit(self, task, state, total: int) -> Reply:
        """Hand in the sum.

        Args:
            total: the sum.
        """
        return Reply("Thank you.", score=float(total == task.secret["sum"]))


def adds_with_native_calls(request):
    """Calls `add` with broken arguments, then rightly, and submits what it is told."""
    messages = request["messages"]
    assert [schema["function"]["name"] for schema in request["tools"]] == ["add", "submit"]
    a, b = messages[0]["content"].split("\n")[0].split()
    name, arguments = [
        ("add", '{"a": 1,'),
        ("add", json.dumps({"a": int(a), "b": int(b)})),
        ("submit", json.dumps({"total": int(messages[-1]["content"])})) if len(messages) == 5 else ("", ""),
    ][len(messages) // 2]
    call = {"id": "call-1", "type": "function", "function": {"name": name, "arguments": arguments}}
    return completion("Let me see.", tool_calls=[call], finish_reason="tool_calls")


@pytest.mark.parametrize("protocol", ["tags", "xml", "json"])
def test_native_calls_play_an_environment_in_any_protocol(serve, protocol):
    server = serve(answer=adds_with_native_calls)
    policy = ChatEndpoint("m", base_url=server.url, native_tools=protocol, limits=PATIENCE)
    (episode,) = textgym.rollout(Adder(protocol=protocol), policy, episodes=1)
    assert episode.outcome.success, episode
    assert [turn.completion.finish_reason for turn in episode.turns] == ["tool_calls"] * 3
    # What the calls with broken arguments got back is the environment's own explanation.
    assert "arguments" in episode.turns[0].observation or "No call found" in episode.turns[0].observation
