"""Leaves on JSON, tables, sources, tool calls and files."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.graders import GraderSpecError, load

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from([0.5, 1.0, 2.0])
    | st.text(alphabet="ab", max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet="xy*[.", max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


def score(grader, output, gold=None, **settings):
    given_gold = {} if gold is None else {"reference": gold}
    found = load({"type": grader, **given_gold, **settings}).grade({}, output)
    assert found.status == "ok", found
    return found


def value(grader, output, gold=None, **settings):
    return score(grader, output, gold, **settings).value


@pytest.mark.parametrize("output", ['{"a": 1}', "[]", '"a"', "3", "null", "```json\n[1]\n```", " true "])
def test_valid_json(output):
    assert value("json_valid", output) == 1


@pytest.mark.parametrize(
    "output", ["", "{a: 1}", '{"a": 1, "a": 2}', "NaN", "1e999", "[" * 100 + "]" * 100, "[1] and more"]
)
def test_invalid_json(output):
    assert value("json_valid", output) == 0


def test_json_only_takes_nothing_around_it():
    assert value("json_only", '{"a": 1}', kind="object") == 1
    assert value("json_only", "[1]", kind="object") == 0
    assert value("json_only", "```json\n[1]\n```") == 0
    assert value("json_only", "Here: [1]") == 0
    assert value("json_only", "3") == 0


SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string", "pattern": "^(a+)+$"}, "tags": {"type": "array", "uniqueItems": True}},
    "required": ["name"],
    "patternProperties": {"^x-": {"type": "integer"}},
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("document", "worth"),
    [
        ({"name": "aaa"}, 1),
        ({"name": "aaa", "x-b": 3}, 1),
        ({"name": "aaa", "x-b": "3"}, 0),
        ({"name": "aaa", "y": 3}, 0),
        ({"name": "b"}, 0),
        ({}, 0),
        ({"name": "a", "tags": [1, 1.0]}, 0),
        ({"name": "a", "tags": [1, True, "1", [1], {"a": 1}]}, 1),
        ({"name": "a" * 50_000 + "b"}, 0),
    ],
)
def test_json_schema(document, worth):
    assert value("json_schema", json.dumps(document), SCHEMA) == worth


def test_a_schema_that_doubles_its_work_at_each_level_ends():
    node = {"properties": {"next": {"$ref": "#"}}}
    schema = {"oneOf": [{**node, "required": ["a"]}, {**node, "required": ["b"]}, node]}
    document = {}
    for _ in range(30):
        document = {"next": document}
    assert "steps" in score("json_schema", json.dumps(document), schema).reason


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "thing"},
        {"pattern": "(?=a)"},
        {"$ref": "https://example.org/schema.json"},
        {"$ref": "#/nowhere"},
        {"$ref": "#"},
        {"patternProperties": {"a": True}, "unevaluatedProperties": False},
        "no schema",
        3,
    ],
)
def test_a_schema_that_cannot_be_used_is_an_error(schema):
    assert load({"type": "json_schema", "reference": schema}).grade({}, "{}").status == "error"


def test_json_equal():
    gold = {"items": [{"id": 1, "price": 2.5}, {"id": 2, "price": 3}], "at": "noon"}
    near = {"at": "one", "items": [{"price": 2.51, "id": 1.0}, {"id": 2, "price": 3}]}
    assert value("json_equal", json.dumps(near), gold) == 0
    assert value("json_equal", json.dumps(near), gold, ignore=["at"]) == 0
    assert value("json_equal", json.dumps(near), gold, ignore=["at"], atol=0.01) == 1
    assert value("json_equal", json.dumps(near), gold, ignore=["at", "items[*].price"]) == 1
    assert value("json_equal", json.dumps(near), gold, paths=["items[*].id"]) == 1
    assert value("json_equal", json.dumps(near), gold, paths=["items[0].price"], rtol=0.01) == 1
    assert value("json_equal", "{}", gold, paths=["items[*].id"]) == 0
    assert value("json_equal", "true", 1) == 0
    assert value("json_equal", "1", json.dumps(1)) == 1
    assert load({"type": "json_equal", "reference": gold, "paths": ["nothing"]}).grade({}, "{}").status == "error"
    for path in ("", ".a", "a..b", "a[", "a[-1]"):
        with pytest.raises(GraderSpecError, match="paths"):
            load({"type": "json_equal", "reference": gold, "paths": [path]})


def test_texts_inside_json_are_texts():
    grader = load({"type": "json_schema", "input": "{{ sample.output_json.n }}", "reference": {"type": "integer"}})
    assert grader.grade({}, '{"n": 3}').value == 1
    assert grader.grade({}, '{"n": "3"}').value == 0


@given(values, values)
def test_json_equality_is_that_of_python_with_types(left, right):
    def typed(value):
        if isinstance(value, dict):
            return {key: typed(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [typed(inner) for inner in value]
        return (isinstance(value, bool), value)

    for one, other in ((left, right), (left, left)):
        grader = load({"type": "json_equal", "reference": "{{ item.gold }}"})
        f1 = load({"type": "json_field_f1", "reference": "{{ item.gold }}"})
        item = {"gold": {"v": other}}
        equal = typed(one) == typed(other)
        assert grader.grade(item, json.dumps({"v": one})).value == equal
        assert (f1.grade(item, json.dumps({"v": one})).value == 1) == equal


def test_json_fields():
    gold = {"a": 1, "b": [1, 2, 3]}
    assert value("json_field_f1", '{"a": 1}', gold) == pytest.approx(2 / 5)
    assert value("json_field_f1", '{"a": 1, "b": [3, 2, 1]}', gold) == 0.5
    assert value("json_field_f1", '{"a": 1, "b": [3, 2, 1]}', gold, ordered=False) == 1
    assert value("json_field_f1", '{"a": 1, "b": [1, 2, 3], "c": 0, "d": 0}', gold) == pytest.approx(0.8)


CSV = "city,people\nBern,134591\nGenf,203856\nBern,134591\n"


@pytest.mark.parametrize(
    ("output", "worth"),
    [
        (CSV, 1),
        ("people,city\n134591,bern\n134591,Bern\n203856,Genf", 1),
        ("city,people\nBern,134591\nGenf,203856", 0.8),
        ("city,people,zip\nBern,134591,3000\nGenf,203856,1200\nBern,134591,3000", 1),
        ("city\nBern\nGenf\nBern", 0),
        ('```csv\ncity,people\n"Bern","134,591"\nGenf,203856\nBern,134591\n```', 1),
        ("| city | people |\n| --- | --- |\n| Bern | 134591 |\n| Genf | 203856 |\n| Bern | 134591 |", 1),
        (
            '[{"city": "Bern", "people": 134591}, {"city": "Genf", "people": 203856}, {"city": "Bern", "people": 134591}]',
            1,
        ),
        ("city,people\nBern", 0),
        ("no table at all", 0),
        ('city,people\n"Bern', 0),
    ],
)
def test_tables(output, worth):
    assert value("table_match", output, CSV) == pytest.approx(worth)


def test_table_settings():
    shuffled = "city,people\nGenf,203856\nBern,134591\nBern,134591"
    assert value("table_match", shuffled, CSV, ordered=True) == pytest.approx(2 / 3)
    assert value("table_match", "city,people\nBern,134592\nGenf,203850\nBern,134590", CSV, atol=6) == 1
    assert value("table_match", "city,people\nBern,134592\nGenf,203850\nBern,134590", CSV, atol=1) == pytest.approx(
        2 / 3
    )
    assert value("table_match", "city,people,zip\nBern,134591,1", CSV, extra_columns="refuse") == 0
    assert value("table_match", "a\tb\n1\t2", "a,b\n1,2", format="tsv") == 1
    assert load({"type": "table_match", "reference": "x,x\n1,2"}).grade({}, CSV).status == "error"


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_does_not_count(rows, random):
    shuffled = random.sample(rows, len(rows))
    gold = "k,v\n" + "".join(f"{k},{v}\n" for k, v in rows)
    output = "v,k\n" + "".join(f"{v},{k}\n" for k, v in shuffled)
    assert value("table_match", output, gold) == 1
    assert value("table_match", output, gold, atol=0.5) == 1
    if rows:
        fewer = "v,k\n" + "".join(f"{v},{k}\n" for k, v in shuffled[1:])
        assert value("table_match", fewer, gold) == pytest.approx(2 * (len(rows) - 1) / (2 * len(rows) - 1))


def test_table_valid():
    assert value("table_valid", CSV, columns=["City"], min_rows=3) == 1
    assert value("table_valid", CSV, columns=["zip"]) == 0
    assert value("table_valid", CSV, min_rows=4) == 0
    assert value("table_valid", "a,b\n1", format="csv") == 0
    assert value("table_valid", "| a | b |\n|---|---|\n| 1 | 2 \\| 3 |", format="markdown") == 1
    assert value("table_valid", "| a | b |\n| 1 | 2 |", format="markdown") == 0


def test_citations():
    assert value("citation_precision", "[d1] [d2; d3]", ["d1", "d3"]) == pytest.approx(2 / 3)
    assert value("citation_precision", "no sources", ["d1"]) == 0
    assert value("citation_recall", "[d1]", [["d1", "d2"], ["d3"]]) == 0.5
    assert value("citation_precision", "(https://A.org/x/).", ["https://a.org/x#top"], cite="urls") == 1
    assert load({"type": "citation_recall", "reference": [[]]}).grade({}, "x").status == "error"


def test_only_answered_calls_have_opened_a_source():
    def call(number, url, name="open"):
        return {
            "id": str(number),
            "type": "function",
            "function": {"name": name, "arguments": json.dumps({"url": url})},
        }

    messages = [
        {
            "role": "assistant",
            "tool_calls": [call(1, "https://a.org"), call(2, "https://b.org"), call(3, "https://c.org", "search")],
        },
        {"role": "tool", "tool_call_id": "1", "content": "page"},
        {"role": "tool", "tool_call_id": "3", "content": "hits"},
        {"role": "user", "tool_calls": [call(1, "https://d.org")]},
    ]
    output = "https://a.org https://b.org https://c.org https://d.org"
    sample = {"output_text": output, "messages": messages}
    assert value("url_in_trajectory", sample, tools=["open"]) == 0.25
    assert value("url_in_trajectory", sample) == 0.5
    assert value("url_in_trajectory", {"output_text": "nothing", "messages": messages}) == 0
    assert value("url_in_trajectory", {"output_text": output}) == 0


def calls(*pairs):
    return [{"type": "function", "function": {"name": name, "arguments": json.dumps(given)}} for name, given in pairs]


def test_tool_calls():
    gold = [{"name": "a", "arguments": {"x": 1, "y": 2}}, {"name": "b", "arguments": {}}]
    same = calls(("a", {"y": 2, "x": 1}), ("b", {}))

    def worth(made, **settings):
        return value("tool_call_match", {"output_tools": made}, gold, **settings)

    assert worth(same) == 1
    assert worth(same[::-1]) == 0.5
    assert worth(same[::-1], ordered=False) == 1
    assert worth(calls(("a", {"x": 1, "y": 3}), ("b", {}))) == 0.75
    assert worth(calls(("a", {"x": 1, "y": 3}), ("b", {})), arguments="exact") == 0.5
    assert worth(calls(("a", {"x": 9}), ("b", {})), arguments="ignore") == 1
    assert worth([*calls(("a", {"x": 1, "y": 2})), {"name": "b", "arguments": "{"}]) == 0.5
    assert worth(same * 3) == 0.5
    assert worth([]) == 0
    assert worth(same * 500) == 0
    assert value("tool_call_match", "", []) == 1


FILES = {"x.py": "one\ntwo\nthree\n", "y.py": "end"}
EDIT = "diff --git a/x.py b/x.py\n--- a/x.py\n+++ b/x.py\n@@ -2,2 +2,3 @@\n two\n+and a half\n three\n"


@pytest.mark.parametrize(
    ("diff", "worth"),
    [
        (EDIT, 1),
        (EDIT.replace("-2,2 +2,3", "-1,2 +1,3"), 1),
        (EDIT.replace(" two", " TWO"), 0),
        (EDIT.replace("-2,2", "-2,3"), 0),
        (EDIT.replace("x.py", "z.py"), 0),
        ("--- /dev/null\n+++ b/new.py\n@@ -0,0 +1,1 @@\n+new\n", 1),
        ("--- /dev/null\n+++ b/x.py\n@@ -0,0 +1,1 @@\n+new\n", 0),
        ("--- a/y.py\n+++ b/y.py\n@@ -1 +1 @@\n-end\n\\ No newline at end of file\n+END\n", 1),
        ("--- a/y.py\n+++ b/y.py\n@@ -1 +1 @@\n-end\n+END\n", 0),
        ("--- a/y.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-end\n\\ No newline at end of file\n", 1),
        ("", 0),
        ("Here is my patch:\n" + EDIT, 0),
        ("--- a/x.py\n+++ b/x.py\n", 0),
    ],
)
def test_diffs(diff, worth):
    assert load({"type": "diff_applies"}).grade({"files": FILES}, diff).value == worth


def test_a_diff_must_lead_to_the_result():
    grader = load({"type": "diff_applies", "reference": FILES, "result": "{{ item.after }}"})
    assert grader.grade({"after": {"x.py": "one\ntwo\nand a half\nthree\n"}}, EDIT).value == 1
    assert grader.grade({"after": {"x.py": "one\ntwo\nthree\n"}}, EDIT).value == 0


@given(st.lists(st.sampled_from("abc"), max_size=6), st.lists(st.sampled_from("abc"), max_size=6))
def test_diffs_of_difflib_apply(before, after):
    import difflib

    old, new = [line + "\n" for line in before], [line + "\n" for line in after]
    diff = "".join(difflib.unified_diff(old, new, "a/x", "b/x"))
    grader = load({"type": "diff_applies", "reference": {"x": "".join(old)}, "result": {"x": "".join(new)}})
    assert grader.grade({}, diff).value == (before != after)


def test_files_unchanged():
    kept = {"tests/a.py": "a", "tests/deep/b.py": "b"}
    digests = {path: hashlib.sha256(text.encode()).hexdigest() for path, text in kept.items()}
    grader = load({"type": "files_unchanged", "globs": ["tests/**/*.py"], "sha256": digests})

    def worth(artifacts):
        return grader.grade({}, {"artifacts": artifacts}).value

    assert worth({**kept, "src/x.py": "new", "tests/data.txt": "new"}) == 1
    assert worth({**kept, "tests/a.py": "changed"}) == 0
    assert worth({"tests/a.py": "a"}) == 0
    assert worth({**kept, "tests/conftest.py": "import os"}) == 0
    assert load({"type": "files_unchanged", "sha256": {"a": "no digest"}}).grade({}, "").status == "error"
