"""`textgym judge audit`, on a judge of the tests' own."""

import json

import pytest

from support.chat_server import Reply
from support.judge_server import JudgeServer, injectable, malformed
from textgym.graders.judges.connections import close_connections

ROWS = [{"item": {"q": n}, "sample": f"{'good' if n % 2 else 'bad'} answer {n}", "label": n % 2 == 1} for n in range(8)]


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A file of labels, and where a judge's JSON goes; answers are kept beside them."""
    for name in ("BASE_URL", "API_KEY", "MODEL", "OFFLINE"):
        monkeypatch.delenv(f"TEXTGYM_JUDGE_{name}", raising=False)
    monkeypatch.setenv("TEXTGYM_JUDGE_CACHE", str(tmp_path / "judge.sqlite"))
    labels = tmp_path / "labels.jsonl"
    labels.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    judge = tmp_path / "judge.json"
    judge.write_text(json.dumps({"type": "score_model", "model": "m", "input": "Grade {{ sample.output_text }}"}))
    return labels, judge


@pytest.fixture
def server(monkeypatch):
    with JudgeServer(injectable()) as judge:
        monkeypatch.setenv("TEXTGYM_JUDGE_BASE_URL", judge.url)
        yield judge
        close_connections()


def test_a_report_as_json_and_as_a_table(textgym, files, server):
    labels, judge = files
    ended = textgym("judge", "audit", labels, "--grader", judge, "--resamples", 50, "--json")
    assert ended.code == 0
    report = ended.json
    assert {"examples", "judged", "agreement", "effects", "cost", "tokens", "statuses", "threshold"} <= report.keys()
    assert report["agreement"]["accuracy"]["value"] == 1.0
    flips = {effect["name"]: effect["raised"]["value"] for effect in report["effects"]}
    assert (flips["fake_verdict"], flips["padding"]) == (1.0, 0.0)
    asked = len(server.requests)
    shown = textgym("judge", "audit", labels, "--grader", judge, "--resamples", 50)
    assert shown.code == 0
    assert len(server.requests) == asked
    assert "nothing: all answers were kept" in shown.out
    (row,) = [line for line in shown.out.splitlines() if line.startswith("fake_verdict")]
    assert "50.0%" in row
    assert "100.0%" in row


def test_one_perturbation_and_offline(textgym, files, server):
    labels, judge = files
    first = textgym("judge", "audit", labels, "-g", judge, "--only", "praise", "--resamples", 20, "--json")
    assert [effect["name"] for effect in first.json["effects"]] == ["praise"]
    asked = len(server.requests)
    again = textgym("judge", "audit", labels, "-g", judge, "--only", "praise", "--resamples", 20, "--offline", "--json")
    assert again.json["effects"] == first.json["effects"]
    other = textgym(
        "judge", "audit", labels, "-g", judge, "--only", "padding", "--resamples", 20, "--offline", "--json"
    )
    assert other.json["effects"][0]["lost"] == 8
    assert len(server.requests) == asked


def test_a_judge_that_never_answers_fails_the_command(textgym, files, monkeypatch):
    labels, judge = files
    with JudgeServer(malformed("prose")) as server:
        monkeypatch.setenv("TEXTGYM_JUDGE_BASE_URL", server.url)
        ended = textgym("judge", "audit", labels, "--grader", judge, "--resamples", 10)
        close_connections()
    assert ended.code == 1
    assert "no example got a verdict" in ended.err
    assert "the reply holds no JSON object" in ended.err
    assert "unparseable 8" in ended.out


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"type": "score_modle"}', "score_model"),
        ('{"type": "constant", "value": 1}', "only have the value 1"),
        ("[", "JSON"),
    ],
)
def test_a_wrong_grader_is_one_line_that_names_the_file_or_the_fault(textgym, files, content, says):
    labels, judge = files
    judge.write_text(content)
    ended = textgym("judge", "audit", labels, "--grader", judge)
    assert ended.code == 2
    assert says in ended.err
    assert len(ended.err.splitlines()) == 1


def test_the_judge_may_be_openais_and_stand_in_the_option_itself(textgym, files, server):
    labels, _ = files
    judge = {
        "type": "multi",
        "graders": {
            "a": {
                "type": "score_model",
                "name": "a",
                "model": "m",
                "input": [{"role": "user", "content": "Grade {{ sample.output_text }}"}],
            }
        },
        "calculate_output": "1 - a",
    }
    ended = textgym("judge", "audit", labels, "-g", json.dumps(judge), "--only", "praise", "--resamples", 20, "--json")
    assert ended.code == 0, ended.err
    assert ended.json["agreement"]["accuracy"]["value"] == 0.0


def test_a_label_ends_where_its_line_ends(textgym, files, server):
    labels, judge = files
    rows = [{**row, "sample": row["sample"] + "\u2028on the next line\x85"} for row in ROWS]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\r\n" for row in rows)
    labels.write_bytes(b"\xef\xbb\xbf" + text.encode())
    ended = textgym("judge", "audit", labels, "-g", judge, "--only", "praise", "--resamples", 20, "--json")
    assert ended.code == 0, ended.err
    assert ended.json["judged"] == 8


def test_a_judge_that_cannot_be_asked_is_one_line(textgym, files, monkeypatch):
    labels, judge = files
    nowhere = textgym("judge", "audit", labels, "-g", judge)
    assert (nowhere.code, nowhere.out) == (2, "")
    assert (
        nowhere.err == "error: no endpoint to judge: set TEXTGYM_JUDGE_BASE_URL, or base_url in the judge's `service`\n"
    )
    with JudgeServer(injectable(), *[Reply(status=401)] * 8) as server:
        monkeypatch.setenv("TEXTGYM_JUDGE_BASE_URL", server.url)
        without_key = textgym("judge", "audit", labels, "-g", judge, "--json")
        close_connections()
        assert len(server.requests) == 8
    assert (without_key.code, without_key.out) == (2, "")
    assert "the key is read from TEXTGYM_JUDGE_API_KEY, which is not set" in without_key.err
    assert without_key.err.count("\n") == 1


def test_labels_that_do_not_fit_the_judge_are_wrong_usage(textgym, files):
    labels, judge = files
    judge.write_text(json.dumps({"type": "exact", "reference": "{{ item.gold }}"}))
    unfit = textgym("judge", "audit", labels, "-g", judge)
    assert (unfit.code, unfit.out) == (2, "")
    assert "no item has what the judge reads: {{ item.gold }} leads nowhere" in unfit.err
    judge.write_text(json.dumps({"type": "exact", "reference": "good answer 1"}))
    beyond = textgym("judge", "audit", labels, "-g", judge, "--threshold", 7)
    assert (beyond.code, beyond.out) == (2, "")
    assert "threshold: 7 is outside of the judge's range, 0 to 1" in beyond.err
    assert "spent      nothing\n" in textgym("judge", "audit", labels, "-g", judge, "--resamples", 20).out


def test_wrong_files_and_names_are_refused(textgym, files, tmp_path):
    labels, judge = files
    missing = textgym("judge", "audit", tmp_path / "none.jsonl", "--grader", judge)
    assert (missing.code, "none.jsonl" in missing.err) == (2, True)
    labels.write_text('{"sample": "x"}\n')
    assert 'line 1 needs "sample" and "label"' in textgym("judge", "audit", labels, "--grader", judge).err
    labels.write_bytes(b"\xff\xfe")
    assert "UTF-8" in textgym("judge", "audit", labels, "--grader", judge).err
    labels.write_text(json.dumps(ROWS[0]))
    wrong = textgym("judge", "audit", labels, "--grader", judge, "--only", "prase")
    assert wrong.code == 2
    assert "no perturbation 'prase'" in wrong.err
