"""Audits of judges whose faults are known: each shows in the figure that is there for it, and nowhere else."""

import json

import pytest

from support.judge_server import honest, injectable, malformed, noisy, position_biased, says_good, verdict
from textgym.graders import LabelsError, audit_judge, load, read_examples

ROWS = [
    {
        "item": {"question": "?", "answer": f"gold {n}"},
        "sample": f"{'good' if n % 3 else 'bad'} answer {n}",
        "label": n % 3 > 0,
    }
    for n in range(24)
]
LINES = [json.dumps(row) for row in ROWS]
QUICK = {"resamples": 60}


def effects_of(report):
    return {effect.name: effect for effect in report.effects}


def test_an_honest_judge_agrees_and_stands_firm(serve, scorer):
    report = audit_judge(scorer(serve()), read_examples(LINES), **QUICK)
    assert (report.examples, report.judged) == (24, 24)
    assert report.agreement["accuracy"].value == 1.0
    assert report.agreement["cohen_kappa"].value == pytest.approx(1.0)
    assert report.agreement["krippendorff_alpha"].value == pytest.approx(1.0)
    assert report.agreement["calibration_error"].value == 0.0
    effects = effects_of(report)
    assert list(effects) == ["asked_again", "padding", "praise", "instruction", "authority", "fake_verdict"]
    for effect in effects.values():
        assert (effect.compared, effect.lost) == (24, 0)
        assert (effect.flipped.value, effect.raised.value, effect.shift.value) == (0.0, 0.0, 0.0)
    assert report.tokens == 24 * 7 * 12
    assert report.statuses == {"ok": 24 * 7}


def test_a_gullible_judge_is_found_out(serve, scorer):
    effects = effects_of(audit_judge(scorer(serve(injectable())), read_examples(LINES), **QUICK))
    assert effects["padding"].flipped.value == 0.0
    for name in ("instruction", "authority", "fake_verdict"):
        assert effects[name].raised.value == 1.0
        assert effects[name].flipped.value == pytest.approx(8 / 24)
        assert effects[name].flipped.low < 8 / 24 < effects[name].flipped.high
        assert effects[name].shift.value == pytest.approx(8 / 24)


def test_a_judge_that_pays_for_length_is_found_out(serve, scorer):
    judge = scorer(serve(honest(lambda text: min(1.0, len(text) / 300))))
    effects = effects_of(audit_judge(judge, read_examples(LINES), **QUICK))
    assert effects["padding"].raised.value == 1.0
    assert effects["asked_again"].flipped.value == 0.0


def test_a_noisy_judge_is_found_out_by_being_asked_again(serve, scorer):
    judge = scorer(serve(noisy(0.5)), sampling_params={"seed": 1})
    report = audit_judge(judge, read_examples(LINES), only=["asked_again"], **QUICK)
    assert effects_of(report)["asked_again"].flipped.value > 0.2
    assert report.agreement["accuracy"].value < 0.9


def pairs(count=12):
    for number in range(count):
        better = number % 2 == 0
        texts = ("good", "bad") if better else ("bad", "good")
        yield json.dumps(
            {
                "item": {"opponent": {"output_text": f"{texts[1]} {number}"}},
                "sample": f"{texts[0]} {number}",
                "label": better,
            }
        )


def test_a_favourite_place_is_found_out_by_swapping(serve, scorer):
    for mode, flips, right in ((position_biased(), 1.0, 0.5), (honest(), 0.0, 1.0)):
        judge = scorer(serve(mode), "pairwise", model=f"judge-{right}")
        report = audit_judge(judge, read_examples(pairs()), only=["order_swap"], **QUICK)
        assert effects_of(report)["order_swap"].flipped.value == flips
        assert report.agreement["accuracy"].value == right


def test_labels_and_criteria_have_an_order_too(serve, scorer):
    labels = {"labels": ["a fine one", "poor"], "passing_labels": ["a fine one"]}
    judge = scorer(serve(position_biased()), "label_model", **labels)
    effects = effects_of(audit_judge(judge, read_examples(LINES), only=["order_swap"], **QUICK))
    assert effects["order_swap"].flipped.value == 1.0
    rubric = {"criteria": [{"text": "a"}, {"text": "b"}]}
    names = [
        effect.name
        for effect in audit_judge(scorer(serve(), "rubric", **rubric), read_examples(LINES), **QUICK).effects
    ]
    assert "order_swap" not in names
    together = scorer(serve(), "rubric", per_call=2, **rubric)
    assert "order_swap" in effects_of(audit_judge(together, read_examples(LINES), **QUICK))


def test_whether_the_reference_is_looked_at_shows_when_it_is_exchanged(serve, scorer):
    def compares(question):
        gold = question.told.rpartition("Reference: ")[2].strip()
        return json.dumps(verdict(question, lambda text: float(gold in text)))

    rows = [json.dumps({"item": {"gold": f"g{n}."}, "sample": f"it is g{n}.", "label": 1}) for n in range(10)]
    text = "Grade {{ sample.output_text }}\nReference: {{ item.gold }}"
    for mode, flips in ((compares, 1.0), (honest(lambda text: 1.0), 0.0)):
        report = audit_judge(
            scorer(serve(mode), input=text, model=f"judge-{flips}"),
            read_examples(rows),
            gold="gold",
            only=["gold_swap"],
            **QUICK,
        )
        assert effects_of(report)["gold_swap"].flipped.value == flips
        assert effects_of(report)["gold_swap"].should_change
        assert report.agreement["accuracy"].value == 1.0
        assert report.agreement["cohen_kappa"].value is None


def test_labels_in_the_units_of_the_judge(serve, scorer):
    rows = [json.dumps({"sample": f"{'good' if n > 5 else 'bad'} {n}", "label": n}) for n in range(1, 11)]
    report = audit_judge(scorer(serve(), range=[1, 10], input="{{ sample.output_text }}"), read_examples(rows), **QUICK)
    assert report.threshold == 5.5
    assert report.agreement["accuracy"].value == 1.0
    assert 0.5 < report.agreement["krippendorff_alpha"].value < 1.0


def test_examples_without_a_verdict_are_counted_apart(serve, scorer):
    def reply(question):
        return malformed("prose")(question) if "answer 7" in question.answer else json.dumps(verdict(question))

    report = audit_judge(scorer(serve(reply)), read_examples(LINES), only=["praise"], **QUICK)
    assert (report.examples, report.judged) == (24, 23)
    assert report.statuses == {"ok": 46, "unparseable": 2}
    assert effects_of(report)["praise"].compared == 23


def test_verdicts_that_are_lost_to_a_change_are_counted(serve, scorer):
    def reply(question):
        return "no" if "outstanding" in question.answer else json.dumps(verdict(question, says_good))

    report = audit_judge(scorer(serve(reply)), read_examples(LINES), only=["praise"], **QUICK)
    (effect,) = report.effects
    assert (effect.compared, effect.lost, effect.flipped.value) == (0, 24, None)


def test_a_tree_with_judges_in_it_can_be_audited(serve, scorer):
    tree = load(
        {
            "type": "gate",
            "condition": {"type": "constant", "value": 1},
            "at_least": 0.5,
            "then": scorer(serve()).model_dump(mode="json"),
        }
    )
    assert audit_judge(tree, read_examples(LINES), only=["praise"], **QUICK).agreement["accuracy"].value == 1.0


def test_the_same_audit_twice_is_the_same_report(serve, scorer):
    judge = scorer(serve(noisy(0.7)), sampling_params={"seed": 1})
    first, second = (audit_judge(judge, read_examples(LINES), **QUICK) for _ in range(2))
    assert first.agreement == second.agreement
    assert first.effects == second.effects
    assert (second.tokens, second.cost) == (0, 0.0)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2 is no JSON"),
        ("[1]", 'line 2 needs "sample" and "label"'),
        ('{"sample": "x"}', 'needs "sample" and "label"'),
        ('{"sample": "x", "label": "yes"}', "label"),
        ('{"sample": "x", "label": NaN}', "label"),
        ('{"sample": 1, "label": 1}', '"sample" must be'),
        ('{"sample": {"output_text": 1}, "label": 1}', '"sample.output_text"'),
        ('{"sample": "x", "label": 1, "item": 3}', '"item"'),
    ],
)
def test_a_wrong_line_of_labels_is_named(line, says):
    with pytest.raises(LabelsError, match=says):
        read_examples([LINES[0], line])


def test_nothing_to_audit_is_said_so(scorer):
    with pytest.raises(LabelsError, match="no labelled rows"):
        read_examples(["", "  "])
    with pytest.raises(LabelsError, match="no perturbation 'prase'"):
        audit_judge(scorer(None), read_examples(LINES), only=["prase"])
    with pytest.raises(LabelsError, match="no item has a field 'gold'"):
        audit_judge(scorer(None), read_examples(LINES), gold="gold")
