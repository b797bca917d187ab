"""`textgym grade` with graders that wait for a judge or a sandbox: what is kept, what is asked, and what goes on later."""

import json
import re
import signal
import time

import pytest

from support.chat_server import ChatServer, Reply
from support.grading import results
from support.judge_server import JudgeServer, honest

JUDGE = {"type": "score_model", "name": "judge", "model": "judge-1", "input": "Grade {{ sample.output_text }}"}
ANSWERS = [{"item": {}, "sample": f"{word} answer"} for word in ("good", "bad")]


@pytest.fixture
def judges(monkeypatch, tmp_path):
    """Judges' answers are kept beside the data, and nothing else is set."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("BASE_URL", "API_KEY", "MODEL", "OFFLINE"):
        monkeypatch.delenv(f"TEXTGYM_JUDGE_{name}", raising=False)
    monkeypatch.setenv("TEXTGYM_JUDGE_CACHE", str(tmp_path / "judge.sqlite"))


def test_offline_only_kept_answers_count(textgym, files, judges, monkeypatch):
    with JudgeServer() as server:
        monkeypatch.setenv("TEXTGYM_JUDGE_BASE_URL", server.url)
        online = textgym("grade", *files(ANSWERS, JUDGE))
        assert online.code == 0, online.err
        asked = len(server.requests)
        rows = [*ANSWERS, {"item": {}, "sample": "good, and never seen"}]
        offline = textgym("grade", *files(rows, JUDGE), "--offline")
        assert len(server.requests) == asked
        assert offline.code == 1
        found = results(offline.out)
        assert [result["reward"] for result in found] == [1.0, 0.0, None]
        assert "offline, and the judge's answer is not in" in found[2]["score"]["reason"]
        assert textgym("grade", *files(rows, JUDGE)).code == 0
    monkeypatch.delenv("TEXTGYM_JUDGE_BASE_URL")
    assert textgym("grade", *files(rows, JUDGE), "--offline").code == 0


def test_offline_without_kept_answers_is_wrong_usage(textgym, files, judges, monkeypatch):
    monkeypatch.setenv("TEXTGYM_JUDGE_CACHE", "off")
    ended = textgym("grade", *files(ANSWERS, JUDGE), "--offline")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "error: offline, and the judge's answers are not kept: the cache is off\n"


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("endpoint", "set TEXTGYM_JUDGE_BASE_URL"),
        ("model", "set TEXTGYM_JUDGE_MODEL"),
        ("address", "TEXTGYM_JUDGE_BASE_URL: base_url must look like"),
        ("server", "start the server, or correct the address in TEXTGYM_JUDGE_BASE_URL"),
        ("key", "HTTP 401 (check the API key): the key is read from MY_KEY, which is not set"),
        ("path", "HTTP 404"),
        ("cache", "name another in TEXTGYM_JUDGE_CACHE"),
    ],
)
def test_a_judge_that_cannot_be_asked_stops_it_before_the_first_row(
    textgym, files, judges, monkeypatch, tmp_path, fault, says
):
    judge = {**JUDGE, "service": {"api_key_env": "MY_KEY", "retries": 1, "first_delay": 0}}
    if fault == "model":
        del judge["model"]
    if fault == "cache":
        (tmp_path / "judge.sqlite").mkdir()
    refusals = {"key": Reply(status=401), "path": Reply(status=404)}
    out = tmp_path / "results.jsonl"
    with JudgeServer(None, *[refusals[fault]] * 2 if fault in refusals else ()) as server:
        if fault == "server":
            server.close()
        monkeypatch.setenv("TEXTGYM_JUDGE_BASE_URL", "localhost:8000" if fault == "address" else server.url)
        if fault == "endpoint":
            monkeypatch.delenv("TEXTGYM_JUDGE_BASE_URL")
        given = files(ANSWERS, judge)
        ended = textgym("grade", *given, "--out", out)
        assert ended.code == 2
        assert says in ended.err
        assert ended.err.startswith("error: ")
        assert ended.err.count("\n") == 1
        assert ended.out == out.read_text() == ""


def test_rows_with_a_reward_are_not_lost_where_the_judge_is_gone(textgym, files, judges, monkeypatch):
    judge = {**JUDGE, "service": {"retries": 0}}
    with JudgeServer() as server:
        monkeypatch.setenv("TEXTGYM_JUDGE_BASE_URL", server.url)
        assert textgym("grade", *files(ANSWERS[:1], judge)).code == 0
    ended = textgym("grade", *files([*ANSWERS, ANSWERS[0]], judge))
    assert ended.code == 1
    found = results(ended.out)
    assert [result["reward"] for result in found] == [1.0, None, 1.0]
    assert found[1]["metadata"]["errors"]["model_grader_server_error"]


class Moody:
    """A judge whose server breaks down at bad answers until it is well; it keeps what it is asked then."""

    def __init__(self):
        self.well, self.asked, self.honest = False, [], honest()

    def __call__(self, question):
        text = str(question.material)
        if not self.well and "bad" in text:
            return Reply(status=500)
        self.asked += [text] if self.well else []
        return self.honest(question)


FIVE = [{"item": {}, "sample": f"{word} answer {n}"} for n, word in enumerate(["bad", "good", "bad", "good", "bad"])]


@pytest.fixture
def half_graded(textgym, files, judges, monkeypatch, tmp_path):
    """The arguments of a call that graded two of five rows, where its results are, and the judge."""
    judge, out = Moody(), tmp_path / "results.jsonl"
    with JudgeServer(judge) as server:
        monkeypatch.setenv("TEXTGYM_JUDGE_BASE_URL", server.url)
        given = ("grade", *files(FIVE, {**JUDGE, "service": {"retries": 0}}), "--out", out)
        assert textgym(*given).code == 1
        assert [result["reward"] for result in results(out.read_text())] == [None, 1.0, None, 1.0, None]
        yield given, out, judge


def test_rows_that_failed_are_graded_again_in_their_places(textgym, half_graded):
    given, out, judge = half_graded
    before = out.read_text().splitlines()
    judge.well = True
    assert textgym(*given, "--resume").code == 1
    assert out.read_text().splitlines() == before
    ended = textgym(*given, "--resume", "--retry-failed", "--json")
    assert (ended.code, ended.json["rows"], ended.json["rows_before"], ended.json["failed"]) == (0, 5, 2, 0)
    assert len(judge.asked) == 3
    after = out.read_text().splitlines()
    assert [result["reward"] for result in map(json.loads, after)] == [0.0, 1.0, 0.0, 1.0, 0.0]
    assert [result["line"] for result in map(json.loads, after)] == [1, 2, 3, 4, 5]
    assert [after[1], after[3]] == [before[1], before[3]]
    assert [path.name for path in out.parent.iterdir() if "retry" in path.name] == []


def test_retrying_that_stops_halfway_loses_no_result(textgym, half_graded):
    given, out, judge = half_graded
    before = out.read_text().splitlines()
    with given[3].open("ab") as data:
        data.write(b'{"item": {}, "sample": "good answer 6"}\n')
    out.write_text("\n".join(before) + '\n{"line": 6, "rew')  # cut off, as by a full disk
    stopped = textgym(*given, "--resume", "--retry-failed", "--on-invalid", "raise")
    assert stopped.code == 1
    after = out.read_text().splitlines()
    assert after[1:5] == before[1:]
    assert json.loads(after[0])["reward"] is None
    judge.well = True
    assert textgym(*given, "--resume", "--retry-failed").code == 0
    assert [result["reward"] for result in results(out.read_text())] == [0.0, 1.0, 0.0, 1.0, 0.0, 1.0]


def test_retrying_needs_results_to_go_on_with(textgym, files, tmp_path):
    given = files([{"item": {"answer": "4"}, "sample": "4"}])
    ended = textgym("grade", *given, "--out", tmp_path / "results.jsonl", "--retry-failed")
    assert (ended.code, "--retry-failed goes with --resume" in ended.err) == (2, True)
    (tmp_path / "results.jsonl").write_text("notes\n")
    ended = textgym("grade", *given, "--out", tmp_path / "results.jsonl", "--resume", "--retry-failed")
    assert (ended.code, "holds no results" in ended.err) == (2, True)
    assert (tmp_path / "results.jsonl").read_text() == "notes\n"
    assert not (tmp_path / "results.jsonl.retry").exists()


def test_judges_are_asked_for_several_rows_at_a_time(textgym, files, monkeypatch):
    def verdict(request):
        asked = "".join(message["content"] for message in request["messages"])
        nonce, number = re.findall(r'"nonce": "([0-9a-f]+)"', asked)[-1], re.findall(r"rate (\d)", asked)[0]
        return json.dumps({"nonce": nonce, "score": int(number)})

    judge = {
        "type": "score_model",
        "name": "judge",
        "model": "judge-1",
        "input": [{"role": "user", "content": "rate {{ item.n }}: {{ sample.output_text }}"}],
        "range": [0, 9],
    }
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TEXTGYM_JUDGE_CACHE", "off")
    with ChatServer(answer=verdict, seconds_per_answer=0.1) as server:
        monkeypatch.setenv("TEXTGYM_JUDGE_BASE_URL", server.url)
        rows = [{"item": {"n": n}, "sample": f"answer {n}"} for n in range(8)]
        ended = textgym("grade", *files(rows, judge), "--concurrency", 4, "--json")
    assert ended.code == 0, ended.err
    assert [result["reward"] for result in ended.json["results"]] == [float(n) for n in range(8)]
    assert ended.json["tokens"] == 96
    assert 2 <= server.peak_in_flight <= 4


PYTHON = {
    "type": "python",
    "name": "slow",
    "source": "import time\ndef grade(sample, item):\n    time.sleep(0.05)\n    return float(sample['output_text'])\n",
}


@pytest.mark.sandbox
def test_graders_that_wait_keep_the_order_and_an_interrupt_can_be_resumed(textgym, start, files, tmp_path):
    out = tmp_path / "results.jsonl"
    flag, grader, data = files([{"item": {}, "sample": str(n)} for n in range(60)], PYTHON)
    process = start("grade", flag, grader, data, "--out", out, "--concurrency", 4)
    deadline = time.monotonic() + 60
    while (not out.exists() or out.read_text().count("\n") < 3) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
    assert "--resume" in err
    before = out.read_text().count("\n")
    assert 3 <= before < 60
    ended = textgym("grade", flag, grader, data, "--out", out, "--resume", "--json")
    assert (ended.code, ended.json["rows_before"]) == (0, before)
    assert [result["reward"] for result in results(out.read_text())] == [float(n) for n in range(60)]
