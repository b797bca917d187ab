"""Every way in which a judge answers, seen from outside: what is a value, and what is which failure."""

import json
import socket

import pytest

from support.chat_server import Reply, completion
from support.judge_server import MALFORMED, fixed, honest, malformed, noisy, refusing, verdict

RUBRIC = [{"text": "It is good.", "weight": 3}, {"text": "It is short."}, {"text": "It is rude.", "weight": -2}]


def test_a_score_is_what_the_judge_says_with_what_it_cost(serve, scorer, item):
    server = serve()
    judge = scorer(server, service={"usd_per_million_in": 2.0, "usd_per_million_out": 10.0})
    score = judge.grade(item, "good answer")
    assert (score.value, score.status, score.bounds) == (1.0, "ok", (0.0, 1.0))
    assert (score.tokens, score.cost) == (12, pytest.approx((10 * 2 + 2 * 10) / 1e6))
    assert judge.grade(item, "bad answer").value == 0.0
    assert any(evidence.text == "as I see it" and evidence.secret for evidence in score.evidence)


def test_a_score_keeps_the_range_of_its_judge(serve, scorer, item):
    judge = scorer(serve(honest(lambda text: 0.75)), range=[1, 5])
    assert judge.bounds == (1.0, 5.0)
    assert judge.grade(item, "x").value == 4.0


def test_a_label_earns_where_it_passes(serve, scorer, item):
    judge = scorer(serve(), "label_model", labels=["a fine one", "a poor one"], passing_labels=["a fine one"])
    assert judge.grade(item, "good").value == 1.0
    score = judge.grade(item, "bad")
    assert (score.value, score.reason) == (0.0, "the judge chose 'a poor one'")


def test_a_label_that_was_not_offered_is_no_verdict(serve, scorer, item):
    judge = scorer(serve(fixed(label="A FINE ONE")), "label_model", labels=["a", "b"], passing_labels=["a"])
    assert judge.grade(item, "x").status == "unparseable"


@pytest.mark.parametrize("per_call", [1, 2, 3])
def test_a_rubric_weighs_its_criteria_and_declares_how_low_it_can_go(serve, scorer, item, per_call):
    server = serve()
    judge = scorer(server, "rubric", criteria=RUBRIC, per_call=per_call)
    assert judge.bounds == (-0.5, 1.0)
    met, missed = judge.grade(item, "good"), judge.grade(item, "bad")
    assert (met.value, missed.value) == (pytest.approx((3 + 1 - 2) / 4), 0.0)
    assert [child.weight for child in met.children] == [3.0, 1.0, -2.0]
    assert len(server.questions) == 2 * -(-3 // per_call)
    assert met.tokens == 12 * -(-3 // per_call)


def test_a_rubric_of_faults_alone_is_at_best_zero(serve, scorer, item):
    judge = scorer(serve(), "rubric", criteria=[{"text": "It is rude.", "weight": -2}])
    assert judge.bounds == (-1.0, 0.0)
    assert judge.grade(item, "good").value == -1.0
    assert judge.grade(item, "bad").value == 0.0


def test_a_graded_criterion_may_be_met_in_part_and_another_may_not(serve, scorer, item):
    server = serve(fixed(c1=0.25))
    assert scorer(server, "rubric", criteria=[{"text": "x", "graded": True}]).grade(item, "x").value == 0.25
    assert scorer(server, "rubric", criteria=[{"text": "x"}]).grade(item, "x").status == "unparseable"


def test_one_criterion_without_a_verdict_leaves_the_rubric_without_a_value(serve, scorer, item):
    def reply(question):
        return "no idea" if "It is short." in question.told else json.dumps(verdict(question))

    score = scorer(serve(reply), "rubric", criteria=RUBRIC).grade(item, "good")
    assert (score.status, score.value) == ("unparseable", None)
    assert [child.status for child in score.children] == ["ok", "unparseable", "ok"]


def test_a_pair_is_compared_in_both_orders(serve, scorer):
    judge = scorer(serve(), "pairwise")
    item = {"opponent": {"output_text": "bad"}}
    assert judge.grade(item, "good").value == 1.0
    assert judge.grade({"opponent": {"output_text": "good"}}, "bad").value == 0.0
    tie = judge.grade(item, "bad too")
    assert (tie.value, [child.value for child in tie.children]) == (0.5, [0.5, 0.5])


def test_a_tournament_is_played_by_a_judge(serve, scorer):
    from textgym.graders import load

    judge = scorer(serve(), "pairwise", both_orders=False)
    tournament = load({"type": "tournament", "grader": judge.model_dump(mode="json")})
    scores = tournament.grade_group({"question": "?"}, ["good", "bad", "bad as well"])
    assert [score.value for score in scores] == [1.0, 0.25, 0.25]


@pytest.mark.parametrize("how", MALFORMED)
def test_a_reply_without_one_sound_verdict_is_unparseable(serve, scorer, item, how):
    score = scorer(serve(malformed(how))).grade(item, "good")
    assert (score.status, score.value, score.code) == ("unparseable", None, "model_grader_parse_error")
    assert score.tokens == 12
    if how == "cut off":
        assert "cut off after 2 tokens" in score.reason


@pytest.mark.parametrize("value", [-0.01, 1.0000001, 1e308, 10])
def test_a_score_out_of_range_is_not_moved_into_it(serve, scorer, item, value):
    score = scorer(serve(fixed(score=value))).grade(item, "good")
    assert score.status == "unparseable"
    assert "not from 0 to 1" in score.reason


@pytest.mark.parametrize("how", ["field", "words", "verdict", "filter"])
def test_a_refusal_is_another_failure(serve, scorer, item, how):
    score = scorer(serve(refusing(how))).grade(item, "good")
    assert (score.status, score.code) == ("refused", "model_grader_refusal_error")


def test_thoughts_before_a_verdict_do_not_count(serve, scorer, item):
    def reply(question):
        made = json.dumps(verdict(question))
        return f"<think>perhaps {made}, or rather not</think>\nMy verdict:\n```json\n{made}\n```"

    assert scorer(serve(reply)).grade(item, "good").value == 1.0


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_overloaded_server_is_asked_again(serve, scorer, item, status):
    server = serve(None, Reply(status=status), Reply(status=status, headers={"Retry-After": "0.01"}))
    assert scorer(server).grade(item, "good").value == 1.0
    assert len(server.requests) == 3


def test_a_server_that_stays_overloaded_is_an_error_with_its_name(serve, scorer, item):
    server = serve(None, *[Reply(status=429)] * 5)
    score = scorer(server, service={"retries": 1}).grade(item, "good")
    assert (score.status, score.code) == ("error", "model_grader_server_error")
    assert "HTTP 429" in score.reason
    assert len(server.requests) == 2


def test_a_slow_server_is_waited_for_until_the_deadline(serve, scorer, item):
    server = serve(seconds=0.3)
    assert scorer(server).grade(item, "good").value == 1.0
    score = scorer(server, service={"timeout": 0.05, "deadline": 0.15}).grade(item, "good, again")
    assert (score.status, score.value) == ("timeout", None)


def test_no_server_at_all_is_an_error_and_never_a_zero(scorer, item):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        score = scorer(None, service={"base_url": url, "retries": 1}).grade(item, "good")
    assert (score.status, score.value) == ("error", None)
    assert "cannot connect" in score.reason


def test_endpoint_key_and_model_come_from_the_environment(serve, scorer, item, monkeypatch):
    server = serve()
    judge = scorer(None, model=None)
    assert "TEXTGYM_JUDGE_MODEL" in judge.grade(item, "good").reason
    monkeypatch.setenv("TEXTGYM_JUDGE_MODEL", "judge-7")
    assert "TEXTGYM_JUDGE_BASE_URL" in judge.grade(item, "good").reason
    monkeypatch.setenv("TEXTGYM_JUDGE_BASE_URL", server.url)
    monkeypatch.setenv("TEXTGYM_JUDGE_API_KEY", "sk-secret-123456")
    assert judge.grade(item, "good").value == 1.0
    (request,) = server.requests
    assert request.json["model"] == "judge-7"
    assert request.headers["authorization"] == "Bearer sk-secret-123456"
    assert "sk-secret" not in judge.model_dump_json()


def test_sampling_settings_reach_the_server(serve, scorer, item):
    server = serve()
    sampling = {"temperature": 0.3, "top_p": 0.9, "seed": 5, "reasoning_effort": "low", "max_completions_tokens": 77}
    scorer(server, sampling_params=sampling).grade(item, "good")
    scorer(server, sampling_params=sampling, service={"max_tokens_field": "max_completion_tokens"}).grade(item, "bad")
    first, second = (request.json for request in server.requests)
    assert (first["temperature"], first["top_p"], first["seed"], first["max_tokens"]) == (0.3, 0.9, 5, 77)
    assert (second["max_completion_tokens"], "max_tokens" in second) == (77, False)


def test_roles_take_turns_where_a_model_insists(serve, scorer, item):
    server = serve()
    told = [{"role": "developer", "content": "Be strict."}, {"role": "assistant", "content": "I will be."}, "Grade it."]
    shown = "Grade {{ sample.output_text }}"
    for text in ([*told, shown], shown, [told[1], shown], [shown, *told, *told]):
        judge = scorer(server, input=text, service={"alternate_roles": True})
        assert judge.grade(item, "good").value == 1.0
        roles = [message["role"] for message in server.requests[-1].json["messages"]]
        assert roles == ["user", "assistant"] * (len(roles) // 2) + ["user"]
        assert server.requests[-1].json["messages"][0]["content"].startswith("You are a judge.")
    plain = scorer(server, input="Grade {{ sample.output_text }}")
    assert plain.grade(item, "good").value == 1.0
    assert [message["role"] for message in server.requests[-1].json["messages"]] == ["system"] + ["user"] * 3


def test_a_judge_is_the_same_in_json(serve, scorer, item):
    from textgym.graders import load

    judges = [
        scorer(None, range=[0, 10]),
        scorer(None, "label_model", labels=["a", "b"], passing_labels=["b"]),
        scorer(None, "rubric", criteria=RUBRIC),
        scorer(None, "pairwise"),
    ]
    for judge in judges:
        again = load(judge.model_dump_json())
        assert (again, again.digest, again.bounds) == (judge, judge.digest, judge.bounds)


def test_messages_in_parts_are_read_as_their_text(serve, scorer, item):
    server = serve()
    parts = [
        {"role": "user", "type": "message", "content": [{"type": "input_text", "text": "Grade {{item.question}}"}]}
    ]
    judge = scorer(server, input=[*parts, {"role": "user", "content": "{{ sample.output_text }}"}])
    assert judge.grade(item, "good").value == 1.0
    assert "Grade What is good?" in server.questions[0].told


@pytest.mark.parametrize(
    ("kind", "wrong", "says"),
    [
        ("score_model", {"range": [1, 1]}, "range"),
        ("score_model", {"input": "{{ item.x"}, "not closed"),
        ("score_model", {"input": []}, "input"),
        ("score_model", {"sampling_params": {"temprature": 1}}, "temprature"),
        ("score_model", {"service": {"base_url": "localhost"}}, "base_url"),
        ("score_model", {"service": {"max_usd": 1}}, "needs prices"),
        ("label_model", {"labels": ["a", "a"], "passing_labels": ["a"]}, "twice"),
        ("label_model", {"labels": ["yes", "no"], "passing_labels": ["Yes"]}, "did you mean 'yes'"),
        ("rubric", {"criteria": [{"text": "x", "weight": 0}]}, "every weight is 0"),
        ("rubric", {"criteria": []}, "criteria"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(scorer, kind, wrong, says):
    from textgym.graders import GraderSpecError

    with pytest.raises(GraderSpecError, match=says):
        scorer(None, kind, **wrong)


def test_a_judge_in_an_event_loop_and_one_without_share_nothing_that_breaks(serve, scorer, item):
    import asyncio

    server = serve(noisy(0.5))
    judge = scorer(server, service={"cache": "off"})
    for number in range(3):
        assert asyncio.run(judge.agrade(item, f"{number}")).status == "ok"
        assert judge.grade(item, f"{number}").status == "ok"


def test_usage_is_counted_where_the_server_leaves_it_out(serve, scorer, item):
    def reply(question):
        return completion(json.dumps(verdict(question)), usage=None)

    score = scorer(serve(reply), service={"usd_per_million_out": 1.0}).grade(item, "good")
    assert score.value == 1.0
    assert score.cost >= 2048 / 1e6  # the upper bound: nobody knows better
