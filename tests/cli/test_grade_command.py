"""`textgym grade`: a result for every row, whatever the rows hold."""

import json
import re
import signal
import time

import pytest

from support.chat_server import ChatServer

CHECK = {
    "type": "string_check",
    "name": "correct",
    "input": "{{ sample.output_text }}",
    "reference": "{{ item.answer }}",
    "operation": "eq",
}
MULTI = {
    "type": "multi",
    "name": "both",
    "graders": [
        CHECK,
        {
            **{k: CHECK[k] for k in CHECK if k != "operation"},
            "type": "text_similarity",
            "name": "alike",
            "evaluation_metric": "fuzzy_match",
        },
    ],
    "calculate_output": "0.5 * correct + 0.5 * alike",
}
ROWS = [{"item": {"answer": "4"}, "sample": "4"}, {"item": {"answer": "4"}, "sample": {"output_text": "5"}}]
FIELDS = {"reward", "sub_rewards", "metadata", "model_grader_token_usage_per_model"}


@pytest.fixture
def files(tmp_path):
    """Writes a grader and rows, given as JSON values or as text, and gives the paths."""

    def write(rows, grader=CHECK):
        (tmp_path / "grader.json").write_text(json.dumps(grader))
        lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
        (tmp_path / "data.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
        return "--grader", tmp_path / "grader.json", tmp_path / "data.jsonl"

    return write


def results(text):
    return [json.loads(line) for line in text.splitlines()]


def test_each_row_is_answered_with_the_fields_of_graders_run(textgym, files):
    ended = textgym("grade", *files(ROWS, MULTI))
    assert ended.code == 0
    first, second = results(ended.out)
    assert set(first) >= FIELDS
    assert (first["line"], first["reward"], first["sub_rewards"]) == (1, 1.0, {"correct": 1.0, "alike": 1.0})
    assert second["reward"] == 0.0
    assert second["metadata"]["type"] == "multi"
    assert not any(first["metadata"]["errors"].values())
    assert [child["name"] for child in first["score"]["children"]] == ["correct", "alike"]
    assert len(first["grader"]) == 64
    assert "mean reward  0.5" in ended.err


def test_graders_of_ours_are_read_too_also_from_the_option_itself(textgym, files):
    native = {"type": "threshold", "at_least": 0.7, "grader": {"type": "fuzzy", "reference": "{{ item.answer }}"}}
    *_, data = files([{"item": {"answer": "abcd"}, "sample": "abcx"}])
    ended = textgym("grade", "--grader", json.dumps(native), data)
    assert [result["reward"] for result in results(ended.out)] == [1.0]


@pytest.mark.parametrize(
    ("row", "options"),
    [
        ({"item": {"answer": "4"}, "sample": "4"}, ()),
        ({"item": {"answer": "4"}, "sample": {"output_text": "4", "model": "m", "finish_reason": "stop"}}, ()),
        ({"item": {"answer": "4"}, "sample": {"choices": [{"message": {"content": "4"}}]}}, ()),
        ({"item": {"answer": "4"}, "model_sample": "4"}, ()),
        ({"answer": "4", "output_text": "4"}, ()),
        ({"answer": "4", "sample": "4", "question": "2 + 2"}, ()),
        ({"answer": "4", "completion": "4"}, ("--sample-field", "completion")),
    ],
)
def test_the_forms_of_a_row(textgym, files, row, options):
    ended = textgym("grade", *files([row]), *options)
    assert [result["reward"] for result in results(ended.out)] == [1.0], ended.err


BAD = [
    (b"{", "no JSON"),
    (b"\xff\xfe", "UTF-8"),
    (b"[1]", "JSON object"),
    (b"7", "JSON object"),
    (b'{"item": {}}', "--sample-field"),
    (b'{"item": 3, "sample": "x"}', "item is"),
    (b'{"item": {}, "sample": 3}', "sample is"),
    (b'{"item": {}, "sample": {"text": "x"}}', "no output_text"),
    (b'{"item": {}, "sample": {"output_text": 4}}', "sample.output_text"),
    (b'{"item": {"x": NaN}, "sample": "x"}', "NaN"),
    (b"[" * 100_000, "line"),
    (b'{"item": {"x": ' + b"9" * 5000 + b'}, "sample": "x"}', "digits"),
]


def test_a_bad_row_never_stops_the_others_and_is_named(textgym, files):
    ended = textgym("grade", *files([ROWS[0], *(row for row, _ in BAD), ROWS[0]]))
    assert ended.code == 1
    found = results(ended.out)
    assert [result["line"] for result in found] == list(range(1, len(BAD) + 3))
    assert found[0]["reward"] == found[-1]["reward"] == 1.0
    for result, (_, says) in zip(found[1:-1], BAD, strict=True):
        assert result["reward"] is None
        assert result["metadata"]["errors"]["sample_parse_error"]
        assert says in result["score"]["reason"]
    assert "line 2" in ended.err


def test_blank_lines_are_passed_over_and_lines_keep_their_numbers(textgym, files):
    ended = textgym("grade", *files([b"", ROWS[0], b"  ", ROWS[1]]))
    assert ended.code == 0
    assert [result["line"] for result in results(ended.out)] == [2, 4]


def test_rows_come_from_stdin(textgym, files):
    flag, grader, _ = files([])
    ended = textgym("grade", flag, grader, "-", typed=json.dumps(ROWS[0]) + "\n")
    assert [result["reward"] for result in results(ended.out)] == [1.0]


@pytest.mark.parametrize(("worth", "reward"), [("drop", None), ("zero", 0.0), ("min", -2.0)])
def test_what_a_failure_is_worth(textgym, files, worth, reward):
    grader = {"type": "affine", "scale": 3, "offset": -2, "grader": {"type": "exact", "reference": "{{ item.gold }}"}}
    ended = textgym("grade", *files(ROWS[:1], grader), "--on-invalid", worth)
    assert ended.code == 1
    (result,) = results(ended.out)
    assert result["reward"] == reward
    assert result["metadata"]["errors"]["invalid_variable_error"]


def test_raise_stops_at_the_first_failure(textgym, files):
    ended = textgym("grade", *files([ROWS[0], {"item": {}, "sample": "4"}, ROWS[0]]), "--on-invalid", "raise")
    assert ended.code == 1
    assert [result["line"] for result in results(ended.out)] == [1, 2]
    assert "data.jsonl:2: error: " in ended.err
    assert "item.answer" in ended.err


def test_the_report_as_json(textgym, files):
    ended = textgym("grade", *files([*ROWS, b"{"], MULTI), "--json")
    report = ended.json
    assert (report["rows"], report["failed"], report["interrupted"]) == (3, 1, False)
    assert report["reward"] == {"count": 2, "mean": 0.5, "min": 0.0, "max": 1.0}
    assert report["sub_rewards"]["correct"] == {"count": 2, "mean": 0.5}
    assert report["errors"]["sample_parse_error"]["first_line"] == 3
    assert len(report["results"]) == 3
    assert set(report["results"][0]) >= FIELDS
    assert report["grader"]["name"] == "both"


def test_results_go_to_a_file_in_the_order_of_the_rows(textgym, files, tmp_path):
    out = tmp_path / "results.jsonl"
    rows = [{"item": {"answer": str(n % 3)}, "sample": "1"} for n in range(50)]
    ended = textgym("grade", *files(rows), "--out", out, "--json")
    assert ended.code == 0
    assert "results" not in ended.json
    found = results(out.read_text())
    assert [result["line"] for result in found] == list(range(1, 51))
    assert [result["reward"] for result in found] == [float(n % 3 == 1) for n in range(50)]
    again = textgym("grade", *files(rows), "--out", out)
    assert again.code == 2
    assert "--resume" in again.err


def test_an_interrupted_run_goes_on_where_it_was(textgym, files, tmp_path):
    out = tmp_path / "results.jsonl"
    given = files([*ROWS, b"{", *ROWS])
    assert textgym("grade", *given, "--out", out).code == 1
    whole = out.read_text()
    lines = whole.splitlines(keepends=True)
    for kept in ("", lines[0], "".join(lines[:3]), "".join(lines[:2]) + lines[2][:40], whole):
        out.write_text(kept)
        ended = textgym("grade", *given, "--out", out, "--resume", "--json")
        assert ended.code == 1
        assert ended.json["rows"] == 5
        assert ended.json["rows_before"] == kept.count("\n")
        assert [r["reward"] for r in results(out.read_text())] == [1.0, 0.0, None, 1.0, 0.0]


@pytest.mark.parametrize(
    ("change", "says"),
    [("grader", "another grader"), ("data", "other data"), ("worth", "another --on-invalid"), ("file", "no results")],
)
def test_results_of_something_else_are_refused(textgym, files, tmp_path, change, says):
    out = tmp_path / "results.jsonl"
    assert textgym("grade", *files([{"item": {}, "sample": "4"}]), "--out", out).code == 1
    rows = [{"item": {}, "sample": "5" if change == "data" else "4"}]
    if change == "file":
        out.write_text('{"some": "thing"}\n')
    grader = {**CHECK, "operation": "ne"} if change == "grader" else CHECK
    worth = ("--on-invalid", "zero") if change == "worth" else ()
    ended = textgym("grade", *files(rows, grader), "--out", out, "--resume", *worth)
    assert ended.code == 2
    assert says in ended.err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--grader", "missing.json"), "missing.json"),
        (("--grader", "{"), "no JSON"),
        (("--grader", '{"type": "endpoint"}'), "endpoint"),
        (("--grader", '{"type": "exct", "reference": "x"}'), "exact"),
        (("--grader", json.dumps({**MULTI, "calculate_output": "correct +"})), "calculate_output"),
        (("--grader", json.dumps(CHECK), "--on-invalid", "zeroo"), "zero"),
        (("--grader", json.dumps(CHECK), "--resume"), "--out"),
    ],
)
def test_wrong_usage_is_one_line(textgym, files, options, says):
    ended = textgym("grade", *options, files(ROWS)[2])
    assert ended.code == 2
    assert says in ended.err
    assert ended.err.count("\n") == 1
    assert ended.out == ""


def test_data_that_is_not_there(textgym, files, tmp_path):
    flag, grader, _ = files([])
    ended = textgym("grade", flag, grader, tmp_path / "none.jsonl")
    assert ended.code == 2
    assert "none.jsonl" in ended.err


def test_no_text_of_a_row_commands_the_terminal(textgym, files):
    ended = textgym("grade", *files([{"item": {"answer": "\x1b[2J"}, "sample": "\x1b]0;x\x07\ud800"}]))
    assert ended.code == 0
    assert "\x1b" not in ended.out + ended.err


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
