"""Several draws made into one verdict: how many, how sure, and what happens when some fail."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.judge_server import fixed, noisy, position_biased, refusing, verdict
from textgym.core.randomness import Random, derive_key
from textgym.graders import Calibrated, GraderSpecError, load
from textgym.graders.judges.agreement import isotonic
from textgym.graders.judges.intervals import bootstrap, ranks, student, student_quantile, wilson
from textgym.graders.judges.stopping import Plan, least_coverage


def quorum(judge, **settings):
    return load({"type": "quorum", "judge": judge.model_dump(mode="json"), **settings})


def interval_of(score):
    (text,) = [evidence.text for evidence in score.evidence if evidence.label == "interval"]
    low, _, high, *_ = text.split()
    return float(low), float(high)


def test_draws_are_different_samples_and_kept_as_such(serve, scorer, item):
    server = serve(noisy(0.5))
    node = quorum(scorer(server, sampling_params={"seed": 3}))
    score = node.grade(item, "an answer")
    assert score.n == len(score.children) == 9
    assert len({child.value for child in score.children}) == 2
    assert score.value == pytest.approx(sum(child.value for child in score.children) / 9)
    assert score.stderr == pytest.approx(math.sqrt(score.value * (1 - score.value) / 8))
    assert sorted(question.seed for question in server.questions) == list(range(3, 12))
    assert node.grade(item, "an answer").value == score.value
    assert len(server.requests) == 9


def test_the_first_draw_is_the_verdict_of_the_judge_alone(serve, scorer, item):
    server = serve(noisy(0.5))
    judge = scorer(server, sampling_params={"seed": 0})
    assert quorum(judge).grade(item, "x").children[0].value == judge.grade(item, "x").value


def test_a_clear_case_ends_early_where_a_threshold_matters(serve, scorer, item):
    score = quorum(scorer(serve()), threshold=0.5).grade(item, "good")
    assert (score.value, score.status) == (1.0, "ok")
    assert score.n < 9
    low, high = interval_of(score)
    assert 0.5 < low <= 1.0 == high


def test_an_unclear_case_ends_at_the_last_draw_and_is_ok(serve, scorer, item):
    count = iter(range(100))
    server = serve(lambda question: json.dumps(verdict(question, lambda text: float(next(count) % 2))))
    score = quorum(scorer(server), n_max=8, threshold=0.5).grade(item, "x")
    assert (score.status, score.value, score.n) == ("ok", 0.5, 8)
    low, high = interval_of(score)
    assert low < 0.5 < high


def test_scores_that_scatter_little_end_when_they_are_near_enough(serve, scorer, item):
    server = serve(lambda question: json.dumps(verdict(question, lambda text: 0.6 + 0.02 * question.random())))
    judge = scorer(server, sampling_params={"seed": 1})
    near = quorum(judge, method="clt", target_halfwidth=0.15).grade(item, "x")
    assert near.n < 9
    low, high = interval_of(near)
    assert low <= near.value <= high
    assert (high - low) / 2 <= 0.15
    assert quorum(judge, method="bootstrap", target_halfwidth=0.15).grade(item, "x").n == 9


def test_a_quorum_keeps_the_units_of_its_judge(serve, scorer, item):
    server = serve(lambda question: json.dumps(verdict(question, lambda text: 0.5)))
    score = quorum(scorer(server, range=[0, 10]), method="clt", target_halfwidth=0.2).grade(item, "x")
    assert score.value == 5.0
    assert score.bounds == (0.0, 10.0)
    low, high = interval_of(score)
    assert 3.0 <= low < 5.0 < high <= 7.0


@pytest.mark.parametrize(("agg", "value"), [("mean", 0.36), ("median", 0.2), ("majority", 0.0)])
def test_draws_are_combined_as_asked(serve, scorer, item, agg, value):
    values = iter([0.2, 0.2, 1.0, 0.2, 0.2] * 2)
    server = serve(lambda question: json.dumps(verdict(question, lambda text: next(values))))
    judge = scorer(server, service={"max_in_flight": 1})
    score = quorum(judge, agg=agg, n_min=5, n_max=5, threshold=0.5).grade(item, "x")
    assert score.value == pytest.approx(value)
    assert score.n == 5
    assert score.op == agg


def test_a_tied_majority_is_half(serve, scorer, item):
    values = iter([0.0, 1.0] * 2)
    server = serve(lambda question: json.dumps(verdict(question, lambda text: next(values))))
    assert quorum(scorer(server), agg="majority", n_min=4, n_max=4).grade(item, "x").value == 0.5


def test_draws_without_a_verdict_are_made_up_for_and_reported(serve, scorer, item):
    count = iter(range(100))

    def reply(question):
        return "hm" if next(count) in (1, 4) else json.dumps(verdict(question))

    score = quorum(scorer(serve(reply), service={"max_in_flight": 1}), n_max=9).grade(item, "good")
    assert (score.status, score.n, len(score.children)) == ("ok", 7, 9)
    assert "2 draws without one" in score.reason


def test_a_judge_that_hardly_ever_answers_has_no_quorum(serve, scorer, item):
    score = quorum(scorer(serve(refusing("field"))), n_max=5).grade(item, "good")
    assert (score.status, score.value, len(score.children)) == ("refused", None, 5)


def test_a_failure_of_the_machinery_ends_a_quorum_at_once(serve, scorer, item):
    prices = {"usd_per_million_in": 1.0, "usd_per_million_out": 1.0, "max_usd": 0}
    score = quorum(scorer(serve(), service=prices)).grade(item, "good")
    assert (score.status, len(score.children)) == ("over_budget", 3)


def test_a_cache_node_inside_does_not_make_all_draws_one(serve, scorer, item):
    judge = scorer(serve(noisy(0.5)), sampling_params={"seed": 3})
    node = load({"type": "quorum", "judge": {"type": "cache", "grader": judge.model_dump(mode="json")}})
    assert len({child.value for child in node.grade(item, "an answer").children}) == 2


def test_quorums_inside_quorums_make_draws_of_their_own(serve, scorer, item):
    server = serve(noisy(0.5))
    inner = quorum(scorer(server), n_min=2, n_max=2)
    quorum(inner, n_min=3, n_max=3).grade(item, "x")
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"n_min": 5, "n_max": 4}, "n_min"),
        ({"threshold": 2}, "threshold"),
        ({"n_min": 1, "method": "clt"}, "clt needs 2"),
        ({"n_max": 51}, "n_max"),
        ({"confidence": 1}, "confidence"),
        ({"method": "t"}, "method"),
    ],
)
def test_a_wrong_setting_of_a_quorum_is_refused(scorer, wrong, says):
    with pytest.raises(GraderSpecError, match=says):
        quorum(scorer(None), **wrong)


def test_a_quorum_is_the_same_in_json(scorer):
    node = quorum(scorer(None), n_max=20, method="bootstrap", agg="median", threshold=0.25)
    assert load(node.model_dump_json()) == node


# -- intervals ---------------------------------------------------------------------------------------------------------------


def test_published_quantiles_and_intervals():
    for freedom, value in ((1, 12.7062), (2, 4.3027), (3, 3.1824), (8, 2.3060), (30, 2.0423)):
        assert student_quantile(0.975, freedom) == pytest.approx(value, abs=1e-4)
    # Newcombe 1998, table I, method 4: 81/263, 15/148, 1/29
    for hits, n, low, high in ((81, 263, 0.2535, 0.3682), (15, 148, 0.0598, 0.1644), (1, 29, 0.0018, 0.1963)):
        assert wilson(hits, n, 1.959964) == pytest.approx((low, high), abs=1e-4)
    # Clopper and Pearson's interval of 1 in 10
    assert bootstrap([1.0] + [0.0] * 9, 0.05) == pytest.approx((0.00253, 0.44502), abs=1e-5)
    assert ranks([0.1 * place for place in range(1, 10)], 1.959964) == pytest.approx((0.2, 0.8))


@given(st.lists(st.floats(0, 1), min_size=2, max_size=12), st.sampled_from([0.01, 0.05, 0.2]))
def test_an_interval_holds_the_mean_and_stays_in_range(values, alpha):
    mean = math.fsum(values) / len(values)
    for low, high in (bootstrap(values, alpha), student(values, alpha), wilson(math.fsum(values), len(values), 2.0)):
        assert 0.0 <= low <= mean + 1e-9
        assert mean - 1e-9 <= high <= 1.0
    low, high = ranks(values, 2.0)
    assert 0.0 <= low <= sorted(values)[len(values) // 2] <= high <= 1.0 or len(values) < 6


PLANS = [(3, 9, 0.1, None), (3, 9, 0.1, 0.5), (1, 7, 0.2, 0.7), (5, 20, 0.15, 0.5), (3, 15, 0.2, None)]


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_yes_or_no_intervals_cover_every_share_exactly_as_promised(plan, confidence):
    """Not simulated: all runs are counted, and the least coverage is looked for where it must be."""
    made = Plan(*plan, confidence, "wilson")
    assert least_coverage(made, lambda hits, n: made.of_share([1.0] * hits + [0.0] * (n - hits))) >= confidence


def test_without_the_correction_they_would_not():
    def plain(hits, n):
        return wilson(hits, n, 1.959964)

    assert least_coverage(Plan(5, 20, 0.15, 0.5, 0.95, "wilson"), plain) < 0.91


def covered(plan, draw, truth, runs, median=False):
    """The share of runs whose last interval holds the truth."""
    hits = 0
    for _ in range(runs):
        values = []
        while True:
            values.append(draw())
            interval = plan.of_median(values) if median else plan.of_mean(values)
            if len(values) >= plan.n_min and plan.ends(len(values), interval):
                break
        hits += interval[0] - 1e-9 <= truth <= interval[1] + 1e-9
    return hits / runs


def tenths(rng, mean, deviation):
    return min(1.0, max(0.0, round(rng.gauss(mean, deviation), 1)))


JUDGES = {
    "scale, narrow": (lambda rng: tenths(rng, 0.5, 0.05), 0.5, 0.5),
    "scale, wide": (lambda rng: tenths(rng, 0.5, 0.2), 0.5, 0.5),
    "even": (lambda rng: rng.random(), 0.5, 0.5),
    "mostly one value": (lambda rng: 0.7 if rng.random() < 0.9 else 0.2, 0.65, 0.7),
    "yes or no": (lambda rng: float(rng.random() < 0.7), 0.7, 1.0),
    "nearly always yes": (lambda rng: float(rng.random() < 0.97), 0.97, 1.0),
}


@pytest.mark.parametrize("name", JUDGES)
@pytest.mark.parametrize("method", ["wilson", "clt", "bootstrap", "median"])
@pytest.mark.parametrize(("runs", "threshold"), [(150, 0.6), pytest.param(3_000, 0.6, marks=pytest.mark.slow)])
def test_simulated_coverage_is_what_was_promised(name, method, runs, threshold):
    draw, mean, median = JUDGES[name]
    rng = Random(derive_key("coverage", name, method))
    plan = Plan(3, 9, 0.1, threshold, 0.95, "wilson" if method == "median" else method)
    share = covered(plan, lambda: draw(rng), median if method == "median" else mean, runs, method == "median")
    assert share >= 0.94 - 2.5 * math.sqrt(0.95 * 0.05 / runs)


# -- panel and calibration --------------------------------------------------------------------------------------------------


def panel(judges, **settings):
    return load({"type": "panel", "graders": [judge.model_dump(mode="json") for judge in judges], **settings})


def test_a_panel_says_what_enough_of_it_says(serve, scorer, item):
    judges = [scorer(serve(fixed(score=value)), model=f"m{place}") for place, value in enumerate((0.8, 0.75, 0.1))]
    score = panel(judges, within=0.1).grade(item, "x")
    assert score.value == pytest.approx(0.775)
    assert score.reason == "2 of 3 judges agree"
    divided = panel(judges).grade(item, "x")
    assert (divided.status, divided.value) == ("skipped", None)
    assert "divided: 0.1, 0.75, 0.8" in divided.reason
    assert panel(judges, within=0.1, min_agree=3).grade(item, "x").status == "skipped"


def test_a_judge_that_fails_leaves_the_panel_to_the_others(serve, scorer, item):
    judges = [scorer(serve(), model="a"), scorer(serve(), model="b"), scorer(serve(refusing("field")), model="c")]
    assert panel(judges).grade(item, "good").value == 1.0
    assert panel(judges, min_agree=3).grade(item, "good").status == "refused"


def test_two_halves_of_a_panel_have_no_majority(serve, scorer, item):
    judges = [scorer(serve(fixed(score=value)), model=f"m{place}") for place, value in enumerate((0, 0, 1, 1))]
    assert panel(judges).grade(item, "x").status == "skipped"


def test_a_calibrated_judge_is_worth_what_its_points_say(serve, scorer, item):
    server = serve(lambda question: json.dumps(verdict(question, lambda text: float(text))))
    judge = scorer(server)
    node = Calibrated(judge=judge, points=((0.2, 0.0), (0.6, 0.5), (0.8, 0.5), (0.9, 0.9)))
    assert node.bounds == (0.0, 0.9)
    found = [node.grade(item, text).value for text in ("0", "0.2", "0.4", "0.7", "0.85", "1")]
    assert found == pytest.approx([0.0, 0.0, 0.25, 0.5, 0.7, 0.9])
    assert load(node.model_dump_json()) == node


@pytest.mark.parametrize("points", [[], [[0, 0], [0, 1]], [[0, 1], [1, 0]], [[0, 0], [1, "x"]]])
def test_points_that_are_no_curve_are_refused(scorer, points):
    with pytest.raises(GraderSpecError, match="points"):
        load({"type": "calibrated", "judge": scorer(None).model_dump(mode="json"), "points": points})


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 1)), min_size=1, max_size=40))
def test_a_fitted_curve_never_goes_down_and_keeps_the_mean(pairs):
    values = [value / 10 for value, _ in pairs]
    labels = [float(label) for _, label in pairs]
    points = isotonic(values, labels)
    assert [x for x, _ in points] == sorted({x for x, _ in points})
    assert [y for _, y in points] == sorted(y for _, y in points)
    worth = dict(points)
    ends = sorted(worth)

    def at(value):
        return worth[min(end for end in ends if end >= value)]

    assert math.fsum(map(at, values)) == pytest.approx(math.fsum(labels))


def test_fitting_is_part_of_the_grader(scorer):
    node = Calibrated.fit(scorer(None), [0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    assert node.bounds == (0.0, 1.0)


def test_a_favourite_place_shows_in_a_comparison(serve, scorer):
    score = scorer(serve(position_biased()), "pairwise").grade({"opponent": {"output_text": "bad"}}, "good")
    assert (score.value, score.reason) == (0.5, "the two orders disagree")
    assert [child.value for child in score.children] == [1.0, 0.0]
