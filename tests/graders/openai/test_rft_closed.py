"""Trees of text graders as the source of a `python` grader: the same values, or no source."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textgym.graders import (
    Affine,
    Case,
    Clip,
    Constant,
    ContainsAll,
    ContainsAny,
    ContainsNone,
    Exact,
    FirstValid,
    Gate,
    Invert,
    KOfN,
    Max,
    Median,
    Min,
    NotExpressible,
    Product,
    Rouge,
    StringCheck,
    Sum,
    Threshold,
    WeightedMean,
    from_openai,
    to_openai,
)
from textgym.graders.openai.closed import closed_source

ITEM = {"answer": "Blue  Whale", "all": ["blue", "whale"], "n": 4, "kind": "a", "empty": [], "deep": [{"x": "whale"}]}
OUTPUTS = ["Blue  Whale", "blue whale", " BLUE WHALE\n", "a whale, 4", "4", "", '["blue", "whale"]', "{{ item.n }}"]
REFERENCES = st.sampled_from(
    [
        "{{ item.answer }}",
        "{{ item.all }}",
        "{{ item.deep[0].x }}",
        "{{ item.n }}",
        "{{item.n}}}",
        "{{ item.n }}{{ item.n }}",
        "a {{ item.deep[0].x }}, {{ item.n }}",
        ["{{ item.n }}", "blue"],
        "{{ item.missing }}",
        "{{ item.deep[7].x }}",
        "{{ item.empty }}",
        "",
        "whale",
    ]
)


def leaves():
    spaces = st.sampled_from(["keep", "strip", "collapse", "remove"])
    inputs = st.sampled_from(["{{ sample.output_text }}", "{{ sample.output_text }}!", "{{ item.answer }}"])
    comparing = {"reference": REFERENCES, "input": inputs, "case": st.booleans(), "space": spaces}
    return st.one_of(
        *(st.builds(kind, **comparing) for kind in (Exact, ContainsAll, ContainsAny, ContainsNone)),
        st.builds(StringCheck, reference=REFERENCES, operation=st.sampled_from(["eq", "ne", "like", "ilike"])),
        st.builds(Constant, value=st.sampled_from([0, 0.25, 1])),
    )


def extend(inner):
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    numbers = st.sampled_from([-2.0, -0.5, 0.0, 0.3, 0.5, 1.0])
    return st.one_of(
        *(st.builds(kind, graders=several) for kind in (Min, Max, Median, Product, FirstValid, WeightedMean, Sum)),
        st.builds(Gate, condition=inner, at_least=numbers, then=inner, else_=inner),
        st.builds(Threshold, grader=inner, at_least=numbers),
        st.builds(Affine, grader=inner, scale=numbers, offset=numbers),
        st.builds(Invert, grader=inner, total=numbers),
        st.builds(Clip, grader=inner, low=st.just(-0.2), high=st.just(0.6)),
        inner.map(lambda grader: ~grader),
        several.map(lambda graders: KOfN(graders=graders, k=len(graders), at_least=0.5)),
        st.builds(
            Case,
            on=st.sampled_from(["{{ item.kind }}", "{{ item.n }}", "{{ item.missing }}"]),
            graders=st.dictionaries(st.sampled_from(["a", "4", "z"]), inner, min_size=1, max_size=2),
            default=st.none() | inner,
        ),
    )


def loaded(source):
    """The source as a function of an output: its value here, or None where it raises."""
    names = {"__name__": "grader"}
    exec(compile(source, "grader.py", "exec"), names)

    def run(output):
        try:
            return names["grade"]({"output_text": output}, ITEM)
        except Exception:
            return None

    return run


@settings(max_examples=200)
@given(st.recursive(leaves(), extend, max_leaves=5))
def test_the_source_has_the_value_of_the_tree(grader):
    source = closed_source(grader)
    assert source is not None
    run = loaded(source)
    for output in OUTPUTS:
        value, other = grader.grade(ITEM, output).value, run(output)
        assert (value is None) == (other is None), output
        assert value is None or math.isclose(value, other, abs_tol=1e-9), output


GATED = Gate(
    condition=ContainsAny(reference="whale", case=False), then=Exact(reference="{{ item.answer }}", case=False)
)


@pytest.mark.sandbox
def test_what_is_exported_is_graded_in_the_sandbox_as_here():
    wire = to_openai(0.5 * GATED + 0.5 * Rouge(name="alike", reference="{{ item.answer }}"), python=True)
    assert {name: part["type"] for name, part in wire["graders"].items()} == {
        "gate": "python",
        "alike": "text_similarity",
    }
    back = from_openai(wire)
    for output in OUTPUTS:
        here = (0.5 * GATED + 0.5 * Rouge(reference="{{ item.answer }}")).grade(ITEM, output)
        assert back.grade(ITEM, output).value == pytest.approx(here.value)


def test_only_on_request_and_only_where_it_is_the_same():
    with pytest.raises(NotExpressible, match="gate"):
        to_openai(GATED)
    assert to_openai(GATED, python=True)["type"] == "python"
    for grader in (
        Gate(condition=GATED, then=Rouge(reference="x")),
        Exact(reference="x", nfkc=True),
        Exact(reference="{{ sample.output_json.x }}"),
        Exact(reference="x", input="{{ sample.output_tools }}"),
        FirstValid(graders=(Rouge(reference="x"), GATED)),
        WeightedMean(graders=(GATED, GATED), optional=True),
    ):
        with pytest.raises(NotExpressible):
            to_openai(grader, python=True)


def test_texts_of_the_tree_are_data_in_the_source():
    hostile = '"\'\'\'\n\\ """; import os; os._exit(1) #'
    run = loaded(closed_source(Exact(reference=[hostile, "\u2028"])))
    assert run(hostile.strip()) == 1.0
    assert run("\u2028x") == 0.0
