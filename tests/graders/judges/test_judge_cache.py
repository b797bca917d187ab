"""Answers are kept: across judges, threads and processes; and money is counted before it is gone."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from support.chat_server import completion
from support.judge_server import malformed, noisy, refusing, verdict
from textgym.graders import judging, load
from textgym.graders.judges.meter import most_usage

PRICED = {"usd_per_million_in": 1.0, "usd_per_million_out": 1.0}


def test_an_answer_is_asked_for_once_and_paid_for_once(serve, scorer, item):
    server = serve()
    judge = scorer(server, service=PRICED)
    first, second = judge.grade(item, "good"), judge.grade(item, "good")
    assert len(server.requests) == 1
    assert (first.value, second.value) == (1.0, 1.0)
    assert first.cost > 0
    assert (second.cost, second.tokens) == (0.0, 0)
    assert "kept from before" in second.evidence[0].text


@pytest.mark.parametrize("mode", [malformed("prose"), malformed("two verdicts"), refusing("field"), refusing("words")])
def test_what_was_no_verdict_stays_none(serve, scorer, item, mode):
    server = serve(mode)
    first, second = (scorer(server).grade(item, "good") for _ in range(2))
    assert (first.status, first.reason) == (second.status, second.reason)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"model": "judge-2"},
        {"sampling_params": {"temperature": 0.5}},
        {"input": "Grade {{ sample.output_text }}"},
        {"range": [0, 2]},
    ],
)
def test_another_question_is_asked_anew(serve, scorer, item, other):
    server = serve()
    scorer(server).grade(item, "good")
    scorer(server, **other).grade(item, "good")
    assert len(server.requests) == 2


@pytest.mark.parametrize("other", [{"name": "mine"}, {"service": {"timeout": 5}}, {"service": PRICED}])
def test_what_says_nothing_to_the_judge_asks_nothing_anew(serve, scorer, item, other):
    server = serve()
    scorer(server).grade(item, "good")
    assert scorer(server, **other).grade(item, "good").value == 1.0
    assert len(server.requests) == 1


def test_other_weights_and_other_passing_labels_need_no_new_answers(serve, scorer, item):
    server = serve()
    for weight in (1, -1):
        scorer(server, "rubric", criteria=[{"text": "It is good.", "weight": weight}]).grade(item, "good")
    for passing in ("a", "b"):
        scorer(server, "label_model", labels=["a", "b"], passing_labels=[passing]).grade(item, "good")
    assert len(server.requests) == 2


def test_offline_what_is_kept_counts_and_nothing_else_is_asked(serve, scorer, item, monkeypatch):
    server = serve()
    scorer(server).grade(item, "good")
    offline = scorer(server, service={"offline": True})
    assert offline.grade(item, "good").value == 1.0
    score = offline.grade(item, "bad")
    assert (score.status, score.value) == ("error", None)
    assert "offline" in score.reason
    with judging(offline=True):
        assert scorer(server).grade(item, "bad").status == "error"
    monkeypatch.setenv("TEXTGYM_JUDGE_OFFLINE", "1")
    assert scorer(server).grade(item, "bad").status == "error"
    monkeypatch.setenv("TEXTGYM_JUDGE_OFFLINE", "0")
    assert scorer(server).grade(item, "bad").value == 0.0
    assert len(server.requests) == 2


def test_offline_needs_neither_endpoint_nor_key(serve, scorer, item):
    server = serve()
    scorer(server).grade(item, "good")
    assert scorer(None, service={"offline": True}).grade(item, "good").value == 1.0


def test_the_cache_is_where_it_is_said_to_be(serve, scorer, item, tmp_path, monkeypatch):
    server = serve()
    with judging(cache=tmp_path / "inner.sqlite"):
        scorer(server).grade(item, "good")
    scorer(server, service={"cache": str(tmp_path / "field" / "own.sqlite")}).grade(item, "good")
    monkeypatch.delenv("TEXTGYM_JUDGE_CACHE")
    monkeypatch.setenv("TEXTGYM_CACHE", str(tmp_path / "home"))
    scorer(server).grade(item, "good")
    assert len(server.requests) == 3
    for path in ("inner.sqlite", "field/own.sqlite", "home/judge.sqlite"):
        assert (tmp_path / path).exists()


def test_without_a_cache_every_question_is_asked(serve, scorer, item):
    server = serve()
    for _ in range(2):
        scorer(server, service={"cache": "off"}).grade(item, "good")
    assert len(server.requests) == 2


def test_a_broken_cache_is_a_failure_that_names_the_file(serve, scorer, item, tmp_path):
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"this is no database, whatever its name says" * 100)
    score = scorer(serve(), service={"cache": str(broken)}).grade(item, "good")
    assert score.status == "error"
    assert str(broken) in score.reason


def test_equal_samples_of_a_group_are_asked_about_once(serve, scorer, item):
    server = serve(seconds=0.05)
    scores = scorer(server).grade_group(item, ["good"] * 8 + ["bad"] * 8)
    assert [score.value for score in scores] == [1.0] * 8 + [0.0] * 8
    assert len(server.requests) == 2


def test_threads_share_the_cache(serve, scorer, item):
    server = serve(noisy(0.5))
    judge = scorer(server)
    found: list[list[float | None]] = []

    def work() -> None:
        found.append([judge.grade(item, f"answer {number}").value for number in range(20)])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(values == found[0] for values in found)
    assert len(server.requests) == 20


_WORKER = """
import json, sys
from textgym.graders import load
judge = load(sys.argv[1])
print(json.dumps([judge.grade({"question": "?"}, f"answer {n}").value for n in range(40)]))
"""


def test_two_processes_share_a_cache(serve, scorer):
    """Each sees the verdict that was kept first, although the judge changes its mind with every request."""
    count = iter(range(1_000_000))
    server = serve(lambda question: json.dumps(verdict(question, lambda text: next(count) % 101 / 100)))
    spec = scorer(server).model_dump_json()
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", _WORKER, spec], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    outs = [worker.communicate(timeout=120) for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], outs
    first, second = (json.loads(out) for out, _ in outs)
    assert first == second
    assert None not in first
    with sqlite3.connect(os.environ["TEXTGYM_JUDGE_CACHE"]) as kept:
        assert kept.execute("SELECT count(*) FROM answers").fetchone() == (40,)
    kept.close()
    assert scorer(server, service={"offline": True}).grade({"question": "?"}, "answer 7").value == first[7]


def test_a_forked_child_opens_the_cache_for_itself(serve, scorer, item):
    server = serve()
    judge = scorer(server)
    judge.grade(item, "good")
    child = subprocess.run(
        [sys.executable, "-c", _FORKED, scorer(server, service={"offline": True}).model_dump_json()],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (child.returncode, child.stdout) == (0, "1.0 1.0 0"), child.stderr


_FORKED = """
import os, sys
from textgym.graders import load
judge = load(sys.argv[1])
item = {"question": "What is good?"}
sys.stdout.write(f"{judge.grade(item, 'good').value} ")
sys.stdout.flush()
child = os.fork()
if child == 0:
    sys.stdout.write(f"{judge.grade(item, 'good').value} ")
    sys.stdout.flush()
    os._exit(0)
_, status = os.waitpid(child, 0)
judge.grade(item, "good")
sys.stdout.write(str(status))
"""


# -- money ------------------------------------------------------------------------------------------------------------------


def test_a_cap_is_never_exceeded_not_even_by_calls_at_the_same_time(serve, scorer, item):
    def reply(question):
        return completion(json.dumps(verdict(question)), usage={"prompt_tokens": 900, "completion_tokens": 100})

    server = serve(reply, seconds=0.05)
    sampling = {"max_completions_tokens": 100}
    judge = scorer(server, sampling_params=sampling, service=PRICED | {"max_usd": 0.02})
    scores = judge.grade_group(item, [f"good {number}" for number in range(40)])
    spent = sum(score.cost for score in scores)
    statuses = {score.status for score in scores}
    assert statuses == {"ok", "over_budget"}
    assert spent <= 0.02
    assert len(server.requests) == sum(score.status == "ok" for score in scores)
    refused = next(score for score in scores if score.status == "over_budget")
    assert "$0.020000" in refused.reason
    later = judge.grade(item, "good, later")
    assert later.status in ("ok", "over_budget")
    assert judge.grade(item, "good 0").status == scores[0].status


def test_a_cap_of_nothing_allows_kept_answers_only(serve, scorer, item):
    server = serve()
    scorer(server, service=PRICED).grade(item, "good")
    capped = scorer(server, service=PRICED | {"max_usd": 0})
    assert capped.grade(item, "good").value == 1.0
    assert capped.grade(item, "bad").status == "over_budget"
    assert len(server.requests) == 1


@pytest.mark.parametrize(("limit", "asked"), [({"calls": 2}, 2), ({"tokens": 20}, 2), ({"usd": 13e-6}, 2)])
def test_a_budget_around_a_judge_counts_what_it_does(serve, scorer, item, limit, asked):
    server = serve()
    rubric = scorer(
        server, "rubric", criteria=[{"text": f"{n}"} for n in range(4)], service=PRICED | {"max_in_flight": 1}
    )
    score = load({"type": "budget", "grader": rubric.model_dump(mode="json"), **limit}).grade(item, "good")
    assert score.status == "over_budget"
    assert len(server.requests) >= asked


def test_the_upper_bound_is_one(scorer):
    messages = [{"role": "user", "content": "日本語 and 🙂 and ascii"}]
    most = most_usage(messages, 50)
    assert most.tokens_in >= len("日本語 and 🙂 and ascii".encode())
    assert most.tokens_out == 50


def test_a_cancelled_grading_leaves_nothing_locked(serve, scorer, item):
    server = serve(None, seconds=0.2)
    judge = scorer(server)

    async def play():
        first = asyncio.ensure_future(judge.agrade(item, "good"))
        second = asyncio.ensure_future(judge.agrade(item, "good"))
        await asyncio.sleep(0.05)
        first.cancel()
        return await second

    assert asyncio.run(play()).value == 1.0
    assert Path(os.environ["TEXTGYM_JUDGE_CACHE"]).exists()
