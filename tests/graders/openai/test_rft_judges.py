"""RFT's model graders against a server on loopback: rewards, tokens, and what failed."""

import json
import re
from collections.abc import Iterator

import pytest

from support.chat_server import ChatServer, Reply, completion
from textgym.graders import graders_run

SCORE = {
    "type": "score_model",
    "name": "judge",
    "model": "gpt-4o",
    "input": [{"role": "user", "content": "Rate {{ sample.output_text }} for {{ item.question }}."}],
    "range": [0, 10],
}
LABEL = {
    "type": "label_model",
    "name": "polite",
    "model": "small-1",
    "input": [{"role": "user", "content": "Is {{ sample.output_text }} polite?"}],
    "labels": ["yes", "no"],
    "passing_labels": ["yes"],
}
MULTI = {
    "type": "multi",
    "name": "all",
    "graders": {"judge": SCORE, "polite": LABEL},
    "calculate_output": "judge / 10 * polite",
}
ITEM = {"question": "How are you?"}


def verdict(request):
    """A verdict with the code of the request: 7 of 10, or yes."""
    asked = request["messages"][-1]["content"]
    (nonce,) = set(re.findall(r'"nonce": "([0-9a-f]+)"', asked))
    return json.dumps({"nonce": nonce, **({"label": "yes"} if '"label"' in asked else {"score": 7})})


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    """Makes a server the one that judges are asked at."""
    for name in ("API_KEY", "MODEL", "OFFLINE"):
        monkeypatch.delenv(f"TEXTGYM_JUDGE_{name}", raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("TEXTGYM_JUDGE_CACHE", "off")
    with ChatServer(answer=verdict) as opened:
        monkeypatch.setenv("TEXTGYM_JUDGE_BASE_URL", opened.url)
        yield opened


def flags(response):
    return {name for name, flag in response["metadata"]["errors"].items() if flag is True}


def test_a_score_with_its_tokens(server):
    response = graders_run(SCORE, ITEM, "Fine.")
    assert response["reward"] == 7.0
    assert response["metadata"]["sampled_model_name"] == "gpt-4o"
    assert response["metadata"]["token_usage"] == 12
    assert response["model_grader_token_usage_per_model"] == {"gpt-4o": 12}
    assert [request.json["model"] for request in server.requests] == ["gpt-4o"]


def test_tokens_of_a_multi_grader_by_model(server):
    response = graders_run(MULTI, ITEM, "Fine.")
    assert response["reward"] == pytest.approx(0.7)
    assert response["sub_rewards"] == {"judge": 7.0, "polite": 1.0}
    assert response["metadata"]["token_usage"] == 24
    assert response["metadata"]["sampled_model_name"] is None
    assert response["model_grader_token_usage_per_model"] == {"gpt-4o": 12, "small-1": 12}


@pytest.mark.parametrize(
    ("reply", "flag"),
    [
        (Reply(completion("I would say 7.")), "model_grader_parse_error"),
        (Reply(completion("I'm sorry, I cannot judge that.")), "model_grader_refusal_error"),
        (Reply({"error": {"message": "no such model"}}, status=404), "model_grader_server_error"),
    ],
)
def test_judges_that_fail(monkeypatch, server, reply, flag):
    with ChatServer(reply) as failing:
        monkeypatch.setenv("TEXTGYM_JUDGE_BASE_URL", failing.url)
        response = graders_run(SCORE, ITEM, "Fine.")
    assert response["reward"] is None
    assert flags(response) == {flag}
    details = response["metadata"]["errors"]["model_grader_server_error_details"]
    assert (details is not None) is (flag == "model_grader_server_error")
