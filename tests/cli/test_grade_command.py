"""`textgym grade`: a result for every row, whatever the rows hold."""

import json
import signal
import subprocess
import sys

import pytest

from support.grading import CHECK, results

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
        ({"item": {"answer": "4"}, "sample": {"output_text": "4", "choices": ["3", "4"], "usage": None}}, ()),
        ({"item": {"answer": "4"}, "sample": {"output_json": 4}}, ()),
        ({"answer": "4", "output_text": "4", "choices": ["3", "4"]}, ()),
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
    (b'{"item": {}, "sample": {"choices": []}}', "sample.choices"),
    (b'{"item": {}, "sample": {"choices": [{"message": {"content": null}}]}}', "sample.choices[0].message"),
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
    rows = [ROWS[0], {"item": {"gold": "4"}, "sample": "4"}]
    ended = textgym("grade", *files(rows, grader), "--on-invalid", worth)
    assert ended.code == 1
    result, fine = results(ended.out)
    assert (result["reward"], fine["reward"]) == (reward, 1.0)
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
    assert textgym("grade", *files([{"item": {}, "sample": "4"}, ROWS[0]]), "--out", out).code == 1
    rows = [{"item": {}, "sample": "5" if change == "data" else "4"}, ROWS[0]]
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


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "it is empty"),
        (b"\xff\xfe\x00", "no UTF-8"),
        (b"nothing", "no JSON"),
        (b"[1]", "holds a list; a grader is a JSON object, such as"),
        (b"null", "holds null"),
        (b'"exact"', "holds a text"),
        (b'{"reference": "4"}', "needs a `type`"),
        (b'{"type": "exact", "reference": "{{ item.answer"}', "exact.reference: a template is not closed"),
        (b'{"type": "exact", "type": "exact", "reference": "4"}', "a key twice"),
        (b'{"type": "min", "graders": [{"type": "exat"}]}', "min.graders.0: no grader has the type 'exat'"),
        (None, "Is a directory"),
    ],
)
def test_a_file_that_holds_no_grader_is_one_line_that_names_it(textgym, files, content, says):
    flag, grader, data = files(ROWS)
    grader.unlink()
    grader.mkdir() if content is None else grader.write_bytes(content)
    for ended in (textgym("grade", flag, grader, data), textgym("judge", "audit", flag, grader, data)):
        assert ended.code == 2
        assert ended.err.startswith(f"error: --grader {grader}: ")
        assert says in ended.err
        assert ended.err.count("\n") == 1
        assert ended.out == ""


def test_a_byte_order_mark_is_no_part_of_a_file(textgym, files):
    flag, grader, data = files(ROWS)
    for path in (grader, data):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    ended = textgym("grade", flag, grader, data)
    assert [result["reward"] for result in results(ended.out)] == [1.0, 0.0]


@pytest.mark.parametrize("content", [b"", b"\n  \n"])
def test_data_without_a_row_is_wrong_usage(textgym, files, tmp_path, content):
    flag, grader, data = files([])
    data.write_bytes(content)
    out = tmp_path / "results.jsonl"
    ended = textgym("grade", flag, grader, data, "--out", out)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f'error: {data} holds no rows; each is a line such as {{"item"')
    assert not out.exists()
    typed = textgym("grade", flag, grader, "-", typed=content.decode())
    assert (typed.code, "stdin holds no rows" in typed.err) == (2, True)


@pytest.mark.parametrize(
    ("rows", "options", "says"),
    [
        ([b"a,b", b"1,2"], (), "none of 2 rows can be graded with this grader: line 1: the line is no JSON"),
        (
            [{"item": {"gold": "4"}, "sample": "4"}],
            (),
            "none of 1 row can be graded with this grader: line 1: {{ item.ans",
        ),
        (
            ROWS,
            ("--sample-field", "text"),
            "the row has no field 'text': name the field of the output with --sample-field",
        ),
    ],
)
def test_data_that_does_not_fit_the_grader_at_all_is_wrong_usage(textgym, files, rows, options, says):
    ended = textgym("grade", *files(rows), *options)
    assert ended.code == 2
    assert says in ended.err
    assert ended.err.count("\n") == 1
    assert [result["reward"] for result in results(ended.out)] == [None] * len(rows)
    as_json = textgym("grade", *files(rows), *options, "--json")
    assert (as_json.code, as_json.err) == (2, ended.err)
    assert as_json.json["failed"] == len(rows)


def test_an_out_that_cannot_be_written_is_wrong_usage(textgym, files, tmp_path):
    for out, says in ((tmp_path, "it is a directory"), (tmp_path / "none" / "results.jsonl", "No such file")):
        for options in ((), ("--resume",)):
            ended = textgym("grade", *files(ROWS), "--out", out, *options)
            assert ended.code == 2
            assert ended.err.startswith(f"error: --out {out}: {says}")


@pytest.mark.parametrize("content", ["name,value\na,1\n", "a note without an end", '{"line": 1}\n', '{"line": 1, oh\n'])
def test_resuming_leaves_a_file_of_something_else_as_it_is(textgym, files, tmp_path, content):
    out = tmp_path / "notes.txt"
    out.write_text(content)
    ended = textgym("grade", *files(ROWS), "--out", out, "--resume")
    assert ended.code == 2
    assert "holds no results of `textgym grade`" in ended.err
    assert out.read_text() == content


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_strikes_while_stdin_is_silent(files, number):
    flag, grader, _ = files([])
    command = [sys.executable, "-m", "textgym", "grade", flag, str(grader), "-"]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, text=True, **pipes) as process:
        process.stdin.write(json.dumps(ROWS[0]) + "\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["reward"] == 1.0
        process.send_signal(number)
        assert process.wait(timeout=60) == 130
        assert "interrupted" in process.stderr.read()


def test_data_that_is_not_there(textgym, files, tmp_path):
    flag, grader, _ = files([])
    ended = textgym("grade", flag, grader, tmp_path / "none.jsonl")
    assert ended.code == 2
    assert "none.jsonl" in ended.err


def test_no_text_of_a_row_commands_the_terminal(textgym, files):
    ended = textgym("grade", *files([{"item": {"answer": "\x1b[2J"}, "sample": "\x1b]0;x\x07\ud800"}]))
    assert ended.code == 0
    assert "\x1b" not in ended.out + ended.err
