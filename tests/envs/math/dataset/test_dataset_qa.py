"""DatasetQA: rows as tasks, graders by name and by JSON, splits, files that change, rows that cannot be used."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.core import SPLITS, ConfigError, SnapshotError, TaskError
from textgym.envs.math.dataset.sample import ROWS
from textgym.graders import Choice, Extract, JsonOnly, MathEqual, NumberEqual, WeightedMean
from textgym.registry import make

ID = "textgym/DatasetQA-v0"


def qa(**settings: Any) -> Any:
    return make(ID, **settings)


def lines(path: Path, rows: Iterable[Any]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def train(path: Path, rows: Iterable[Any]) -> dict[str, str]:
    return {"train": lines(path, rows)}


def answered(env: Any, index: int, action: str) -> tuple[float, dict[str, Any]]:
    env.reset(options={"split": "train", "index": index})
    _, reward, _, _, info = env.step(action)
    return reward, info["outcome"]


# -- rows and tasks ---------------------------------------------------------------------------------------------------------


def test_the_sample_is_there_without_a_file_and_its_oracle_is_right() -> None:
    env = qa()
    assert sum(env.size(split) for split in SPLITS) == len(ROWS) == len({row["question"] for row in ROWS})
    assert all(env.size(split) for split in SPLITS)
    for split in SPLITS:
        for index in range(env.size(split)):
            env.reset(options={"split": split, "index": index})
            assert env.step(env.oracle(env.task(split, index), None))[1] == 1.0


def test_a_row_is_a_task_in_the_order_of_the_file(tmp_path: Path) -> None:
    rows = [{"question": f"What is {n} + {n}?", "answer": 2 * n, "source": "made up"} for n in range(20)]
    env = qa(path=train(tmp_path / "sums.jsonl", rows), grader="number", system="Be exact.", public_columns=["source"])
    assert [env.size(split) for split in SPLITS] == [20, 0, 0]
    task = env.task("train", 7)
    assert task.prompt.startswith("Be exact.\n\nWhat is 7 + 7?\n\nReply with one number inside <answer></answer>")
    assert (task.data, task.secret) == ({"question": "What is 7 + 7?", "source": "made up"}, {"answer": 14})
    assert answered(env, 7, "It is <answer>14.0</answer>")[0] == 1.0
    assert answered(env, 7, "It is <answer>15</answer>")[0] == 0.0
    assert answered(env, 7, "<answer>14</answer> or <answer>15</answer>")[0] == 0.0
    assert answered(env, 7, "14")[0] == 0.0


def test_a_prompt_is_made_of_fields_and_their_values_are_no_templates(tmp_path: Path) -> None:
    rows = [{"text": "{{ item.label }} rains", "options": ["yes", "no"], "meta": {"n": 3}, "label": "B"}]
    env = qa(
        path=train(tmp_path / "rows.jsonl", rows),
        prompt="{{ item.text }}?\nA) {{ item.options[0] }} B) {{item.options[1]}} ({{ item.meta.n }})",
        answer_column="label",
        grader="choice",
        labels=["A", "B"],
        instruction="",
    )
    task = env.task("train", 0)
    assert task.prompt == "{{ item.label }} rains?\nA) yes B) no (3)"
    assert task.secret == {"label": "B"}
    assert answered(env, 0, "<answer>(B)</answer>")[0] == 1.0
    assert answered(env, 0, "<answer>A or B</answer>")[0] == 0.0
    assert env.random_ceiling == 0.6


def test_the_answer_after_a_mark_and_several_right_answers(tmp_path: Path) -> None:
    rows = [
        {"question": "How many?", "answer": "3 and 4 #### are not it\n#### 72"},
        {"question": "Which?", "answer": ["#### a", "#### b"]},
    ]
    env = qa(path=train(tmp_path / "rows.jsonl", rows), answer_after="####")
    assert [answered(env, 0, f"<answer>{x}</answer>")[0] for x in ("72", "144/2", "3")] == [1.0, 1.0, 0.0]
    assert [answered(env, 1, f"<answer>{x}</answer>")[0] for x in ("a", "b", "c")] == [1.0, 1.0, 0.0]


@pytest.mark.parametrize(
    ("where", "right", "wrong"),
    [
        ("tag:final", "so <final>5</final>", "<answer>5</answer>"),
        ("boxed", r"so \boxed{5}", "5"),
        ("final_answer", "The final answer is 5.", "5 it is"),
        ("whole", "5", "so 5"),
    ],
)
def test_where_the_answer_stands(tmp_path: Path, where: str, right: str, wrong: str) -> None:
    env = qa(path=train(tmp_path / "rows.jsonl", [{"question": "2 + 3?", "answer": "5"}]), answer_in=where)
    assert [answered(env, 0, text)[0] for text in (right, wrong)] == [1.0, 0.0]
    assert answered(env, 0, f"<think>{right}</think>")[0] == 0.0
    assert answered(env, 0, env.oracle(env.task("train", 0), None))[0] == 1.0


# -- graders ----------------------------------------------------------------------------------------------------------------


def test_a_grader_of_ours_sees_the_whole_row_and_the_whole_output(tmp_path: Path) -> None:
    rows = [{"question": "Total of 3 and 4, as JSON?", "answer": '{"total": 7}', "total": 7}]
    grader = WeightedMean(
        weights=(1, 3),
        graders=(JsonOnly(), NumberEqual(input="{{ sample.output_json.total }}", reference="{{ item.total }}")),
    )
    path = train(tmp_path / "rows.jsonl", rows)
    for form in (grader, grader.model_dump(mode="json"), grader.model_dump_json()):
        env = qa(path=path, grader=form)
        assert answered(env, 0, '{"total": 7.0}')[0] == 1.0
        assert answered(env, 0, '{"total": 8}')[0] == 0.25
        reward, outcome = answered(env, 0, "seven")
        assert (reward, outcome["mask"]) == (0.0, False), "what the policy wrote is no reason to mask an episode"
    assert "inside" not in env.task("train", 0).prompt
    assert answered(env, 0, env.oracle(env.task("train", 0), None))[1]["success"] is True


def test_a_grader_of_openai_is_read(tmp_path: Path) -> None:
    grader = {
        "type": "string_check",
        "name": "same",
        "operation": "ilike",
        "input": "{{ sample.output_text }}",
        "reference": "{{ item.answer }}",
    }
    env = qa(path=train(tmp_path / "rows.jsonl", [{"question": "Capital?", "answer": "Bern"}]), grader=grader)
    assert [answered(env, 0, text)[0] for text in ("it is BERN", "Genf")] == [1.0, 0.0]


def test_a_row_that_cannot_be_graded_has_no_reward(tmp_path: Path) -> None:
    rows = [{"question": "?", "answer": "5", "reference": "no number"}]
    env = qa(
        path=train(tmp_path / "rows.jsonl", rows),
        grader={"type": "number_equal", "reference": "{{ item.reference }}"},
        answer_in="tag:answer",
    )
    _, outcome = answered(env, 0, "<answer>5</answer>")
    assert (outcome["status"], outcome["mask"]) == ("grader_error", True)


def test_rewards_beyond_one_and_a_solution_column(tmp_path: Path) -> None:
    rows = [{"question": "2 + 2?", "answer": 4, "worked": "Two and two.\n<answer>4</answer>"}]
    grader = 10 * Extract(how="tag:answer", grader=MathEqual(reference="{{ item.answer }}"))
    env = qa(path=train(tmp_path / "rows.jsonl", rows), grader=grader, solution_column="worked")
    assert env.oracle_score == 10.0
    assert env.oracle(env.task("train", 0), None) == rows[0]["worked"]
    reward, outcome = answered(env, 0, str(rows[0]["worked"]))
    assert (reward, outcome["success"]) == (10.0, True)
    assert answered(env, 0, "<answer>5</answer>")[1]["success"] is False


# -- splits -----------------------------------------------------------------------------------------------------------------


def test_a_column_names_the_split(tmp_path: Path) -> None:
    names = ["train", "dev", "TEST", "training", "val"]
    rows = [{"question": f"{n}?", "answer": n, "fold": name} for n, name in enumerate(names)]
    env = qa(path=lines(tmp_path / "rows.jsonl", rows), split_column="fold")
    assert {split: env.size(split) for split in SPLITS} == {"train": 2, "validation": 2, "test": 1}
    assert env.task("test", 0).secret["answer"] == 2


def test_without_one_equal_questions_and_equal_families_stay_together(tmp_path: Path) -> None:
    rows = [{"question": f"{n % 50}?", "answer": n, "topic": f"topic {n % 20}"} for n in range(500)]
    path = lines(tmp_path / "rows.jsonl", rows)
    for column in (None, "topic"):
        env = qa(path=path, family_column=column, system="Whatever stands here.")
        field = column or "question"
        found = {
            split: {(task.data | task.secret)[field] for task in (env.task(split, i) for i in range(env.size(split)))}
            for split in SPLITS
        }
        assert sum(env.size(split) for split in SPLITS) == 500
        assert env.size("train") > 250
        assert found["train"].isdisjoint(found["validation"] | found["test"])
        assert found["validation"].isdisjoint(found["test"])


# -- the file ---------------------------------------------------------------------------------------------------------------


def test_other_contents_are_other_tasks_and_another_name_is_not(tmp_path: Path) -> None:
    rows = [{"question": f"{n}?", "answer": n} for n in range(30)]
    one = qa(path=lines(tmp_path / "one.jsonl", rows))
    same = qa(path=lines(tmp_path / "elsewhere.jsonl", rows))
    other = qa(path=lines(tmp_path / "two.jsonl", [*rows, {"question": "30?", "answer": 30}]))
    assert one.task("train", 0).id == same.task("train", 0).id != other.task("train", 0).id
    assert one.task("train", 0).id != qa().task("train", 0).id
    one.reset(seed=0)
    with pytest.raises(SnapshotError):
        other.restore(one.snapshot())


def test_a_file_that_is_changed_behind_an_environment_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    env = qa(path=train(path, [{"question": f"{n}?", "answer": n} for n in range(3)]))
    lines(path, [{"question": f"{n} or so?", "answer": n} for n in range(3)])
    with pytest.raises(TaskError, match="was changed"):
        env.task("train", 1)
    assert qa(path={"train": str(path)}).task("train", 1).prompt.startswith("1 or so?")
    os.remove(path)
    with pytest.raises(TaskError, match="cannot be read"):
        env.task("train", 1)


def test_blank_lines_are_passed_over_and_the_last_line_needs_no_end(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'\n{"question": "a?", "answer": 1}\r\n  \n\n{"question": "\xc3\xa4?", "answer": 2}')
    env = qa(path={"test": str(path)}, split="test")
    assert env.size("test") == 2
    assert env.task("test", 1).prompt.startswith("ä?")


def test_only_places_of_rows_are_kept(tmp_path: Path) -> None:
    rows = ({"question": f"What is {n}? {'x' * 1000}", "answer": n} for n in range(3000))
    env = qa(path={"train": lines(tmp_path / "rows.jsonl", rows)})
    _, keys = env._index.places["train"]
    assert keys.itemsize * len(keys) == 8 * 3000
    assert env.task("train", 2999).secret == {"answer": 2999}


def test_parquet_is_read_as_json_lines_are(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    rows = [{"question": f"What is {n} + 1?", "answer": n + 1, "tags": ["sum"], "image": b"\0"} for n in range(250)]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "rows.parquet", row_group_size=64)
    plain = [{name: value for name, value in row.items() if name != "image"} for row in rows]
    there = qa(path=tmp_path / "rows.parquet", grader="number")
    here = qa(path=lines(tmp_path / "rows.jsonl", plain), grader="number")
    for split in SPLITS:
        assert there.size(split) == here.size(split)
        for index in reversed(range(here.size(split))):
            one, other = there.task(split, index), here.task(split, index)
            assert (one.prompt, one.data, one.secret) == (other.prompt, other.data, other.secret)


# -- what cannot be used ------------------------------------------------------------------------------------------------------


GOOD = {"question": "2 + 3?", "answer": "5"}


@pytest.mark.parametrize(
    ("line", "settings", "expected"),
    [
        ('{"question": "x"', {}, r"rows.jsonl, line 3: it is no JSON: .* at column 17"),
        ("[1]", {}, "line 3: a row is a JSON object, not list"),
        ('{"question": "x", "answer": NaN}', {}, "line 3: it is no JSON: NaN"),
        ('{"question": "x", "answer": "1", "answer": "2"}', {}, "line 3: it has the field 'answer' twice"),
        ('{"question": "x", "answr": "1"}', {}, "line 3: it has no field 'answer': did you mean 'answr'"),
        ('{"question": "x", "answer": null}', {}, "line 3: field 'answer' is null"),
        ('{"question": "x", "answer": ""}', {}, "line 3: field 'answer' is empty"),
        ('{"question": "x", "answer": []}', {}, "line 3: field 'answer' is an empty list"),
        ('{"question": "x", "answer": {"a": 1}}', {}, "line 3: field 'answer' is no text or number, but an object"),
        ('{"question": " ", "answer": "1"}', {}, "line 3: field 'question' is empty"),
        ('{"question": ["x"], "answer": "1"}', {}, "line 3: field 'question' is no text, but a list"),
        (
            '{"question": "\\ud800", "answer": "1"}',
            {},
            "line 3: field 'question': a text holds half of a surrogate pair",
        ),
        ('{"question": "x", "answer": "five"}', {"grader": "number"}, "line 3: field 'answer' is no number: 'five'"),
        (
            '{"question": "x", "answer": "E"}',
            {"grader": "choice", "labels": ["5", "B"]},
            "line 3: field 'answer' is none",
        ),
        ('{"question": "x", "answer": "1"}', {"answer_after": "#"}, "line 1: field 'answer' holds no '#'"),
        ('{"question": "x", "answer": "1"}', {"prompt": "{{ item.question }} {{ item.answers }}"}, "'answers'"),
        ('{"question": "x", "answer": "1", "s": "tset"}', {"split_column": "s"}, "line 1: it has no field 's'"),
        ("[" * 100_000, {}, "line 3: it is nested too deeply"),
        ("9" * 5000, {}, "line 3: "),
    ],
)
def test_a_row_that_cannot_be_used_is_named_by_line_and_field(
    tmp_path: Path, line: str, settings: dict[str, Any], expected: str
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(f"{json.dumps(GOOD)}\n\n{line}\n{json.dumps(GOOD)}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=expected):
        qa(path=path, **settings)


def test_a_line_without_utf8_and_one_that_names_no_split(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"question": "\xff", "answer": "1"}\n')
    with pytest.raises(ConfigError, match="line 1: it is no UTF-8"):
        qa(path=path)
    lines(path, [GOOD | {"fold": "train"}, GOOD | {"fold": "third"}])
    with pytest.raises(ConfigError, match="line 2: field 'fold' names no split: 'third'"):
        qa(path=path, split_column="fold")


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"path": "nowhere.jsonl"}, "nowhere.jsonl: No such file"),
        ({"path": "rows.csv"}, "neither JSON lines"),
        ({"path": {}}, "names no file"),
        ({"path": {"tset": "a.jsonl"}}, "'path' = .*there is no split 'tset': did you mean 'test'"),
        ({"path": 3}, "'path' = 3: .*write the path of a file, or one for each split"),
        ({"path": {"test": 3}}, "'path' = .*write the path of a file, or one for each split"),
        ({"path": ""}, "an empty text is neither JSON lines"),
        ({"grader": "exactly"}, "none of exact, math_equal, choice, number"),
        ({"grader": {"type": "exactt", "reference": "x"}}, "did you mean 'exact'"),
        ({"grader": "{"}, "no JSON object of a grader"),
        ({"prompt": "no field"}, "names no field of a row"),
        ({"prompt": "{{ sample.output_text }}"}, "names no field of a row"),
        ({"prompt": "{{ item.answer }}"}, "tells the answer"),
        ({"prompt": "{{ item.question"}, "not closed"),
        ({"prompt": "{{ item.solution }}", "solution_column": "solution"}, "tells the answer"),
        ({"public_columns": ["answer"]}, "neither shown nor public"),
        ({"question_column": "answer"}, "neither shown nor public"),
        ({"answer_in": "somewhere"}, "answer_in"),
        ({"labels": ["A", "a"]}, "two of them are the same"),
        ({"question_colum": "q"}, "did you mean 'question_column'"),
    ],
)
def test_wrong_settings_are_refused_by_name(settings: dict[str, Any], expected: str) -> None:
    with pytest.raises(ConfigError, match=expected):
        qa(**settings)


def test_empty_and_foreign_files(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n\n")
    with pytest.raises(ConfigError, match=r"empty\.jsonl: there is no row in it"):
        qa(path=tmp_path / "empty.jsonl")
    (tmp_path / "dir.jsonl").mkdir()
    with pytest.raises(ConfigError, match=r"dir\.jsonl: it is no file"):
        qa(path=tmp_path / "dir.jsonl")
    pytest.importorskip("pyarrow")
    (tmp_path / "no.parquet").write_text("no")
    with pytest.raises(ConfigError, match=r"no\.parquet: it is no Parquet file"):
        qa(path=tmp_path / "no.parquet")


# -- anything at all ----------------------------------------------------------------------------------------------------------


@given(st.text(max_size=300) | st.text(alphabet="<answer>/think0123456789,{}\\boxed ^+-=", max_size=200))
def test_no_output_breaks_it(text: str) -> None:
    live = SAMPLE.start(SAMPLE.task("train", len(text) % SAMPLE.size("train")))
    _, reward, terminated, truncated, info = live.step(text)
    assert reward in (0.0, 1.0)
    assert (terminated, truncated, info["outcome"]["mask"]) == (True, False, False)


SAMPLE = qa()

values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.lists(st.text(max_size=2))


@given(
    rows=st.lists(
        st.dictionaries(st.sampled_from(["question", "answer", "other"]), values, max_size=3), min_size=1, max_size=4
    ),
    grader=st.sampled_from(["exact", "math_equal", "choice", "number"]),
)
def test_any_file_makes_an_environment_or_one_clear_error(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]], grader: str
) -> None:
    path = tmp_path_factory.mktemp("any") / "rows.jsonl"
    files, env, said = train(path, rows), None, ""
    try:
        env = qa(path=files, grader=grader)
    except ConfigError as error:
        said = str(error)
    assert (env is None) is ("rows.jsonl, line " in said)
    for index in range(0 if env is None else env.size("train")):
        assert not answered(env, index, env.oracle(env.task("train", index), None))[1]["mask"]


def test_choice_as_json_reads_the_whole_output(tmp_path: Path) -> None:
    env = qa(
        path=train(tmp_path / "rows.jsonl", [{"question": "A or B?", "answer": "B"}]),
        grader=Choice(reference="{{ item.answer }}", labels=["A", "B"]),
    )
    assert answered(env, 0, "The answer is B.")[0] == 1.0
