"""What graders see: samples, and templates that lead into item and sample."""

import copy
import pickle
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym import Score
from textgym.graders import Grader, GraderSpecError, Item, Sample, load, passed


class Shown(Grader):
    """Gives 1, and shows what its template stands for."""

    type: Literal["test_shown"] = "test_shown"
    templated = ("what",)
    what: Any

    def _grade(self, item: Item, sample: Sample) -> Score:
        return passed(1.0, repr(self.fill(self.what, item, sample)))


def shown(template: Any, item: Item, sample: Any = "text") -> str:
    score = Shown(what=template).grade(item, sample)
    return score.reason if score.value else f"{score.status} {score.code}"


ITEM = {"answer": 4, "list": ["a", {"b": 0.5}], "none": None, "false": False, "a-b": "dash", "nested": {"0": "zero"}}
SAMPLE = {
    "output_text": '{"x": [1, 2]}',
    "output_tools": [{"type": "function", "function": {"name": "search"}}],
    "messages": [{"role": "user", "content": "hello"}],
    "artifacts": {"file": "content"},
    "usage": {"total_tokens": 7},
}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ item.answer }}", "4"),
        ("{{item.answer}}", "4"),
        ("<{{ item.answer }}>", "'<4>'"),
        ("{{ item.list[1].b }} and {{ item.list[0] }}", "'0.5 and a'"),
        ("{{ item.list }}", "['a', {'b': 0.5}]"),
        ("x{{ item.list }}", '\'x["a", {"b": 0.5}]\''),
        ("{{ item.false }}", "False"),
        ("{{ item.a-b }}", "'dash'"),
        ("plain { } text", "'plain { } text'"),
        (["{{ item.answer }}", {"k": "{{ item.answer }}!"}, 7], "[4, {'k': '4!'}, 7]"),
        ("{{ sample.output_text }}", repr(SAMPLE["output_text"])),
        ("{{ sample.output_json.x[1] }}", "2"),
        ("{{ sample.output_tools[0].function.name }}", "'search'"),
        ("{{ sample.messages[0].content }}", "'hello'"),
        ("{{ sample.artifacts.file }}", "'content'"),
        ("{{ sample.usage.total_tokens }}", "7"),
        ("{{ sample.choices[0].message.content }}", repr(SAMPLE["output_text"])),
        ("{{ item.none }}", "error invalid_variable_error"),
        ("{{ item.gone }}", "error invalid_variable_error"),
        ("{{ item.list[9] }}", "error invalid_variable_error"),
        ("{{ item.list.a }}", "error invalid_variable_error"),
        ("{{ item.answer.b }}", "error invalid_variable_error"),
        ("{{ item.nested[0] }}", "error invalid_variable_error"),
        ("{{ sample.output_json.y }}", "unparseable sample_parse_error"),
        ("{{ sample.artifacts.gone }}", "unparseable sample_parse_error"),
    ],
)
def test_a_template_leads_to_a_value_or_fails(template: Any, expected: str) -> None:
    assert shown(template, ITEM, SAMPLE) == expected


@pytest.mark.parametrize(
    "template",
    ["{{ item.x", "{{ }}", "{{ other.x }}", "{{ item..x }}", "{{ item.x | upper }}", "{{ item.x() }}", "{{ item x }}",
     "{{ item.__class__() }}", "{{ item[x] }}", "{{ item[-1] }}", "{{ sample.output }}", "{{ .item }}"],
)  # fmt: skip
def test_a_malformed_template_is_refused_when_the_grader_is_made(template: str) -> None:
    for value in (template, [template], {"k": f"a {template}"}):
        with pytest.raises(GraderSpecError, match=r"test_shown\.what: .*template|test_shown\.what: \{\{"):
            load({"type": "test_shown", "what": value})


def test_values_are_never_read_as_templates() -> None:
    assert shown("{{ item.x }}", {"x": "{{ item.gold }}", "gold": "4"}) == "'{{ item.gold }}'"
    assert shown("{{ sample.output_text }}!", {"gold": "4"}, "{{ item.gold }}") == "'{{ item.gold }}!'"


def test_templates_reach_data_and_nothing_behind_it() -> None:
    for path in ("item.answer.__class__", "item.__class__", "sample.output_text.__class__", "item.list.append"):
        assert shown(f"{{{{ {path} }}}}", ITEM).split()[0] in ("error", "unparseable")


@given(st.text(max_size=50) | st.text(alphabet="{} itemsaple.x[0]", max_size=50))
def test_any_text_is_a_template_or_refused(text: str) -> None:
    try:
        tree = Shown(what=text)
    except ValueError:
        return
    assert tree.grade({"x": [1]}, "text").status in ("ok", "error", "unparseable")


def test_output_json_is_read_only_where_it_is_json() -> None:
    assert Sample(output_text=' {"a": 1} ').output_json == {"a": 1}
    for text in ("", "{", '{"a": 1} x', '{"a": 1, "a": 2}', "NaN", "[" * 10_000, "1" * 10_000):
        assert Sample(output_text=text).output_json is None


def test_another_text_has_another_json() -> None:
    sample = Sample(output_text="[1]", usage={"total_tokens": 1})
    assert sample.output_json == [1]
    assert sample.with_text("[2]").output_json == [2]
    assert sample.with_text("[2]").usage == {"total_tokens": 1}
    assert sample.output_json == [1]


def test_a_sample_that_was_read_is_still_the_same_sample() -> None:
    read, fresh = Sample(output_text="[1]"), Sample(output_text="[1]")
    assert read.output_json == [1]
    assert read == fresh
    assert read.model_dump() == fresh.model_dump()
    assert copy.deepcopy(read) == pickle.loads(pickle.dumps(read)) == fresh


def test_samples_come_from_texts_and_mappings() -> None:
    assert Sample.of("x") == Sample.of({"output_text": "x"}) == Sample.of(Sample(output_text="x"))
    assert Sample.of({"output_text": "1", "output_json": 2, "choices": []}).output_json == 1
    with pytest.raises(ValueError, match="output_txt"):
        Sample.of({"output_txt": "x"})


CALL = {"id": "1", "type": "function", "function": {"name": "search", "arguments": "{}"}}


@pytest.mark.parametrize(
    ("choices", "text", "tools"),
    [
        ([{"message": {"role": "assistant", "content": "a"}}], "a", ()),
        ([{"message": {"content": "a"}, "index": 0}, {"message": {"content": "b"}}], "a", ()),
        (({"message": {"content": ""}},), "", ()),
        ([{"message": {"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}}], "ab", ()),
        ([{"message": {"content": None, "tool_calls": [CALL]}}], "", (CALL,)),
        ([{"message": {"content": "a", "tool_calls": [CALL]}}], "a", (CALL,)),
        ([{"message": {"content": "a", "tool_calls": None}}], "a", ()),
        ([{"message": {"content": None, "refusal": "I will not."}}], "", ()),
    ],
)
def test_the_first_of_choices_is_the_sample(choices: Any, text: str, tools: tuple[Any, ...]) -> None:
    sample = Sample.of({"choices": choices})
    assert sample == Sample(output_text=text, output_tools=tools)
    assert shown("{{ sample.output_text }}", {}, {"choices": choices}) == repr(text)
    assert shown("{{ sample.choices[0].message.content }}", {}, {"choices": choices}) == repr(text)
    if tools:
        path = "{{ sample.choices[0].message.tool_calls[0].function.name }}"
        assert shown(path, {}, {"choices": choices}) == "'search'"


@pytest.mark.parametrize(
    "choices",
    [None, [], {}, "a", 7, ["a"], [{}], [{"message": "a"}], [{"message": {}}], [{"message": {"content": None}}],
     [{"message": {"content": 4}}], [{"message": {"content": ["a"]}}], [{"message": {"content": [{"type": "image"}]}}],
     [{"message": {"content": "a", "tool_calls": "x"}}], [{"message": {"content": "a", "tool_calls": ["x"]}}],
     [{"message": {"tool_calls": []}}], [{"text": "a"}]],
)  # fmt: skip
def test_malformed_choices_are_no_empty_text(choices: Any) -> None:
    with pytest.raises(ValueError, match="choices"):
        Sample.of({"choices": choices})
    assert shown("{{ sample.output_text }}", {}, {"choices": choices}) == "error sample_parse_error"
    assert Sample.of({"output_text": "a", "choices": choices}).output_text == "a"


def test_a_text_may_be_given_as_json_and_fields_be_left_open() -> None:
    assert Sample.of({"output_json": {"a": [1, "é"]}}).output_text == '{"a": [1, "é"]}'
    assert Sample.of({"choices": [{"message": {"content": "a"}}], "output_json": 3}).output_text == "a"
    assert Sample.of({"output_text": "x", "output_tools": None, "usage": None}) == Sample(output_text="x")
    for unfit in ({"output_text": None}, {"output_json": {1, 2}}):
        with pytest.raises(ValueError, match="output_"):
            Sample.of(unfit)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["message", "content", "tool_calls", "refusal", "text"]), inner, max_size=3
            )
        ),
    )
)
def test_any_choices_are_a_sample_or_a_typed_failure(choices: Any) -> None:
    score = Shown(what="{{ sample.output_text }}").grade({}, {"choices": choices})
    assert score.value == 1.0 or (score.status, score.code) == ("error", "sample_parse_error")


def test_what_utf8_does_not_have_is_replaced_and_graded() -> None:
    assert Sample.of("a\ud800b\ude00 \ud83d\ude00").output_text == "a\ufffdb\ufffd \U0001f600"
    assert Shown(what="{{ sample.output_text }}").grade({}, "\ud800").value == 1.0
