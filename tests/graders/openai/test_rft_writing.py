"""Graders written as RFT graders: valid for OpenAI's own types, of the same value, or refused by name."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textgym.graders import (
    Affine,
    Clip,
    Constant,
    Exact,
    FirstValid,
    FormulaGrader,
    Fuzzy,
    Gate,
    GeometricMean,
    Gleu,
    GraderSpecError,
    Invert,
    KOfN,
    Max,
    Median,
    Min,
    NotExpressible,
    Penalty,
    Power,
    Product,
    PythonGrader,
    Root,
    Rouge,
    Sigmoid,
    StringCheck,
    Threshold,
    WeightedMean,
    from_openai,
    load,
    to_openai,
)

ITEM = {"answer": "the quick brown fox", "other": "a lazy dog"}
OUTPUTS = ["the quick brown fox", "the quick dog", "", "a lazy fox jumps", "THE QUICK BROWN FOX!"]
ANSWER = "{{ item.answer }}"
CORRECT = StringCheck(name="correct", reference=ANSWER)
ALIKE = Rouge(name="alike", reference=ANSWER)


def check_by_openai(wire: dict[str, Any]) -> None:
    """Every grader of an export is one for the official package, without a field that it does not know."""
    from openai.types import graders as theirs

    types = {
        "string_check": theirs.StringCheckGrader,
        "text_similarity": theirs.TextSimilarityGrader,
        "score_model": theirs.ScoreModelGrader,
        "label_model": theirs.LabelModelGrader,
        "python": theirs.PythonGrader,
        "multi": theirs.MultiGrader,
    }
    kind = types[wire["type"]]
    assert set(wire) <= set(kind.model_fields)
    if wire["type"] != "multi":
        kind.model_validate(wire, strict=True)
        return
    assert wire["graders"]
    for part in wire["graders"].values():
        assert part["type"] != "multi"
        check_by_openai(part)
        kind.model_validate({**wire, "graders": part}, strict=True)  # its type knows the shape of a single one only


def leaves():
    references = st.sampled_from([ANSWER, "{{ item.other }}", "the fox", "dog"])
    names = st.sampled_from([None, "first", "second one", "min", "2nd", "ünïcode"])
    return st.one_of(
        st.builds(
            StringCheck, name=names, reference=references, operation=st.sampled_from(["eq", "ne", "like", "ilike"])
        ),
        st.builds(Rouge, name=names, reference=references, n=st.sampled_from([1, 2, 5, "L"])),
        st.builds(Fuzzy, name=names, reference=references),
        st.builds(Gleu, name=names, reference=references),
    )


NUMBERS = st.floats(-3, 3).map(lambda value: round(value, 3))
SHARES = st.floats(0.1, 3).map(lambda value: round(value, 3))


def extend(inner):
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    in_unit = inner.map(lambda grader: Clip(grader=grader))
    weighed = st.lists(st.tuples(inner, SHARES), min_size=1, max_size=3).map(
        lambda pairs: tuple(zip(*pairs, strict=True))
    )
    return st.one_of(
        st.tuples(inner, inner, NUMBERS, NUMBERS).map(lambda given: given[2] * given[0] + given[1] + given[3]),
        weighed.map(lambda given: WeightedMean(graders=given[0], weights=given[1])),
        several.map(lambda graders: Product(graders=graders)),
        several.map(lambda graders: Min(graders=graders)),
        several.map(lambda graders: Max(graders=graders)),
        st.lists(in_unit, min_size=1, max_size=3).map(lambda graders: GeometricMean(graders=tuple(graders))),
        inner.map(lambda grader: ~grader),
        st.builds(Invert, grader=inner, total=NUMBERS),
        st.builds(Affine, grader=inner, scale=NUMBERS, offset=NUMBERS),
        st.builds(Clip, grader=inner, low=st.just(-0.5), high=st.just(0.75)),
        st.builds(Power, grader=in_unit, exponent=SHARES),
        st.builds(Sigmoid, grader=in_unit, steepness=st.just(4.0)),
        st.builds(Threshold, grader=inner, at_least=NUMBERS),
        several.map(lambda graders: KOfN(graders=graders, k=len(graders), at_least=0.3)),
        st.builds(Penalty, base=inner, penalty=in_unit, weight=SHARES),
        st.tuples(inner, inner).map(
            lambda pair: FormulaGrader(formula="a - 0.5 * min(b, a) ^ 2", graders={"a": pair[0], "b": pair[1]})
        ),
    )


TREES = st.recursive(leaves(), extend, max_leaves=6)


def same(one, other):
    return one.value is not None and other.value is not None and math.isclose(one.value, other.value, abs_tol=1e-6)


@settings(max_examples=300)
@given(TREES)
def test_an_export_is_valid_and_has_the_same_values(grader):
    wire = to_openai(grader)
    check_by_openai(wire)
    back = from_openai(wire)
    assert to_openai(back) == wire
    for output in OUTPUTS:
        assert same(grader.grade(ITEM, output), back.grade(ITEM, output)), (wire, output)


def test_a_tree_becomes_one_formula():
    wire = to_openai(0.8 * CORRECT + 0.2 * Clip(grader=ALIKE, low=0.1, high=0.9))
    assert wire == {
        "type": "multi",
        "name": "sum",
        "graders": {
            "correct": {
                "type": "string_check",
                "name": "correct",
                "input": "{{ sample.output_text }}",
                "reference": ANSWER,
                "operation": "eq",
            },
            "alike": {
                "type": "text_similarity",
                "name": "alike",
                "evaluation_metric": "rouge_l",
                "input": "{{ sample.output_text }}",
                "reference": ANSWER,
            },
        },
        "calculate_output": "0.8 * correct + 0.2 * min(max(alike, 0.1), 0.9)",
    }


def test_equal_leaves_are_asked_once_and_others_get_names_of_their_own():
    other = StringCheck(reference="dog")
    wire = to_openai((CORRECT & StringCheck(reference="cat")) + (CORRECT | other))
    assert list(wire["graders"]) == ["correct", "string_check", "string_check_2"]
    assert wire["calculate_output"] == "min(correct, string_check) + max(correct, string_check_2)"


def test_judges_and_functions_are_written_in_full():
    judge = load(
        {
            "type": "score_model",
            "model": "gpt-4o",
            "input": "Rate {{ sample.output_text }}.",
            "range": [1, 5],
            "sampling_params": {"temperature": 0.5},
            "service": {"base_url": "http://127.0.0.1:9/v1"},
        }
    )
    wire = to_openai(judge)
    check_by_openai(wire)
    assert wire["input"] == [{"role": "user", "content": "Rate {{ sample.output_text }}."}]
    assert wire["range"] == [1.0, 5.0]
    assert wire["sampling_params"] == {"temperature": 0.5}
    source = "def grade(sample, item):\n    return 1\n"
    assert to_openai(PythonGrader(source=source, range=(0, 1))) == {
        "type": "python",
        "name": "python",
        "source": source,
    }


@pytest.mark.parametrize(
    ("grader", "node"),
    [
        (Exact(reference="x"), "exact"),
        (Exact(name="mine", reference="x"), "mine"),
        (0.5 * CORRECT + Exact(reference="x"), "sum > exact"),
        (Gate(condition=CORRECT, then=ALIKE), "gate"),
        (Min(graders=(CORRECT, Gate(name="first", condition=CORRECT, then=ALIKE))), "min > first"),
        (FirstValid(graders=(CORRECT, ALIKE)), "first_valid"),
        (Median(graders=(CORRECT, ALIKE)), "median"),
        (WeightedMean(graders=(CORRECT, ALIKE), optional=True), "weighted_mean"),
        (Rouge(reference=ANSWER, n=6), "rouge"),
        (Rouge(reference=ANSWER, case=True), "rouge"),
        (Fuzzy(reference=ANSWER, metric="token_set_ratio"), "fuzzy"),
        (StringCheck(reference=["a", "b"]), "string_check"),
        (Sigmoid(grader=CORRECT, steepness=1e4), "sigmoid"),
        (Constant(value=1), "constant"),
        (Root(grader=CORRECT, on_invalid="zero"), "root"),
        (FormulaGrader(formula="a", graders={"a": Exact(reference="x")}), "formula > a"),
        (load({"type": "label_model", "input": "x", "labels": ["a", "b"], "passing_labels": ["a"]}), "label_model"),
    ],
    ids=lambda given: given if isinstance(given, str) else None,
)
def test_what_cannot_be_said_is_refused_by_name(grader, node):
    with pytest.raises(NotExpressible) as refused:
        to_openai(grader)
    assert refused.value.node == node
    assert str(refused.value).startswith(f"{node}: ")
    assert isinstance(refused.value, GraderSpecError)


def test_a_root_that_drops_is_what_it_holds():
    assert to_openai(Root(grader=CORRECT)) == to_openai(CORRECT)
