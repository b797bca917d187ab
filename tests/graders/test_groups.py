"""Graders of groups: ranks, distances, tournaments, bonuses; alone, in trees, and where parts fail."""

import math
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_graders import ASKED, Given, Judge, LongText

from textgym import Score
from textgym.graders import (
    Cache,
    DiversityBonus,
    DropZeroVariance,
    Gate,
    Grader,
    GroupZ,
    Invalid,
    Item,
    RankInGroup,
    Root,
    Sample,
    Tournament,
    load,
)


class Fraction(Grader):
    """The output as a number from 0 to 1; no value where it is none."""

    type: Literal["test_fraction"] = "test_fraction"

    def _grade(self, item: Item, sample: Sample) -> float:
        try:
            return float(sample.output_text)
        except ValueError:
            raise Invalid("unparseable", "no number", code="sample_parse_error") from None


class Better(Grader):
    """1 where the output is the greater number, 0 where the opponent's is; the sample is favoured by `bias`."""

    type: Literal["test_better"] = "test_better"
    bias: float = 0.0

    def _grade(self, item: Item, sample: Sample) -> float:
        own, other = float(sample.output_text), float(item["opponent"]["output_text"])
        return min(1.0, max(0.0, 0.5 + (own > other) / 2 - (own < other) / 2 + self.bias))


def values(tree: Grader, *texts: str) -> list[float | None]:
    return [score.value for score in tree.grade_group({}, texts)]


def test_ranks_are_places_less_a_half_and_ties_share_theirs() -> None:
    assert values(RankInGroup(grader=Fraction()), "0.9", "0.1", "0.5", "0.5") == [0.875, 0.125, 0.5, 0.5]
    assert values(RankInGroup(grader=Fraction()), "0.3") == [0.5]
    assert values(RankInGroup(grader=Fraction()), "1", "1", "1") == [0.5, 0.5, 0.5]


def test_what_has_no_value_keeps_its_failure_and_is_no_rival() -> None:
    scores = RankInGroup(grader=Fraction()).grade_group({}, ["0.9", "?", "0.1"])
    assert [score.value for score in scores] == [0.75, None, 0.25]
    assert (scores[1].status, scores[1].code) == ("unparseable", "sample_parse_error")
    assert values(GroupZ(grader=Fraction()), "?", "!") == [None, None]


def test_distances_from_the_mean() -> None:
    scores = GroupZ(grader=Fraction(), eps=1e-9).grade_group({}, ["1", "0", "0.5", "0.5"])
    deviation = math.sqrt(0.125)
    assert [score.value for score in scores] == pytest.approx([0.5 / deviation, -0.5 / deviation, 0, 0])
    assert values(GroupZ(grader=Fraction()), "1", "1") == [0, 0]
    one_of_many = values(GroupZ(grader=Fraction(), limit=3), "1", *["0"] * 99)
    assert one_of_many[0] == 3
    assert GroupZ(grader=Fraction(), limit=3).bounds == (-3, 3)


def test_a_group_without_variance_is_dropped() -> None:
    tree = DropZeroVariance(grader=Fraction())
    assert values(tree, "1", "0") == [1.0, 0.0]
    scores = tree.grade_group({}, ["1", "1", "?"])
    assert [score.status for score in scores] == ["skipped", "skipped", "unparseable"]
    assert "all 2 samples have 1" in scores[0].reason
    assert values(DropZeroVariance(grader=GroupZ(grader=Fraction())), "1", "0.5", "0") == values(
        GroupZ(grader=Fraction()), "1", "0.5", "0"
    )


def test_a_tournament_plays_both_orders_and_reports_the_bias() -> None:
    for bias in (0.0, 0.3, -0.2):
        scores = Tournament(grader=Better(bias=bias)).grade_group({}, ["0.1", "0.9", "0.5"])
        fair = [score.value for score in scores]
        assert sorted(fair) == [fair[0], fair[2], fair[1]]
        assert fair[2] == 0.5
        assert math.copysign(1, float(scores[0].reason.split()[-1])) == (math.copysign(1, bias) if bias else 1)
        assert {score.n for score in scores} == {4}
    assert fair[0] == pytest.approx(1 - fair[1])
    assert "position bias +0.000" in Tournament(grader=Better()).grade_group({}, ["1", "2"])[0].reason


def test_a_tournament_is_fair_to_equals_however_biased_its_judge() -> None:
    for bias in (0.0, 0.5, -0.5):
        scores = Tournament(grader=Better(bias=bias)).grade_group({}, ["1", "1", "1"])
        assert [score.value for score in scores] == [0.5, 0.5, 0.5]
        assert scores[0].reason == f"position bias {2 * bias:+.3f}"


def test_a_tournament_needs_rivals_and_a_free_field() -> None:
    assert Tournament(grader=Better()).grade_group({}, ["1"])[0].status == "skipped"
    assert Tournament(grader=Better()).grade_group({}, []) == []
    (score, _) = Tournament(grader=Better()).grade_group({"opponent": "me"}, ["1", "2"])
    assert "opponent" in score.reason
    assert [score.status for score in Tournament(grader=Better()).grade_group({}, ["1", "?"])] == ["error"] * 2
    with pytest.raises(ValueError, match="one pair"):
        Tournament(grader=RankInGroup(grader=Better()))


def test_every_game_of_a_tournament_is_paid_once() -> None:
    scores = Tournament(grader=Judge(key="a", usd=0.01)).grade_group({"a": 0.5}, ["1", "2", "3"])
    assert sum(score.cost for score in scores) == pytest.approx(0.06)
    assert [score.value for score in scores] == [0.5] * 3


def test_a_diversity_bonus_is_for_right_answers_that_differ() -> None:
    tree = DiversityBonus(grader=LongText(), bonus=0.2, distance="exact")
    assert values(tree, "a good one", "A  GOOD one", "another way", "short") == pytest.approx(
        [1 + 0.2 * 2 / 3, 1 + 0.2 * 2 / 3, 1.2, 0.5 + 0.2]
    )
    assert values(tree, "abc", "abcd") == [0.3, 0.4]
    assert tree.bounds == (0, 1.2)
    words = DiversityBonus(grader=LongText(), bonus=1.0)
    assert values(words, "red green blue", "red green grey") == pytest.approx([1.5, 1.5])
    assert values(words, "only one here") == [1.0]
    assert DiversityBonus(grader=LongText(), at_least=2).bounds == (0, 1)


def test_a_bonus_compares_what_its_key_names() -> None:
    tree = DiversityBonus(grader=LongText(), bonus=1.0, key="{{ sample.output_json.answer }}", distance="exact")
    same = ['{"answer": 4, "why": "a"}', '{"answer": 4, "why": "b"}']
    assert values(tree, *same) == [1.0, 1.0]
    assert [score.status for score in tree.grade_group({}, [*same, "no JSON at all"])] == ["unparseable"] * 3


def test_group_graders_stand_anywhere_in_a_tree_and_always_see_the_whole_group() -> None:
    tree = Gate(condition=Fraction(), at_least=0.3, then=0.5 + 0.5 * RankInGroup(grader=Fraction()), else_=-1)
    assert values(tree, "0.1", "0.4", "0.6", "0.8") == pytest.approx([-1, 0.6875, 0.8125, 0.9375])
    rooted = Root(grader=RankInGroup(grader=Fraction()), on_invalid="zero")
    assert values(rooted, "?", "0.4", "0.6") == [0.0, 0.25, 0.75]
    nested = RankInGroup(grader=GroupZ(grader=Fraction()) + RankInGroup(grader=Fraction()))
    assert values(nested, "0.4", "0.2") == [0.75, 0.25]


def test_the_same_sample_object_may_be_twice_in_a_group() -> None:
    sample = Sample(output_text="0.5")
    scores = RankInGroup(grader=Fraction()).grade_group({}, [sample, sample, Sample(output_text="0.9")])
    assert [score.value for score in scores] == pytest.approx([1 / 3, 1 / 3, 5 / 6])


def test_a_grader_that_changes_samples_has_no_group_below_it() -> None:
    class Shouting(Grader):
        type: Literal["test_shouting"] = "test_shouting"
        grader: Any

        @property
        def parts(self) -> tuple[Grader, ...]:
            return (RANK,)

        async def _agrade(self, item: Item, sample: Sample) -> Score:
            return await RANK.agrade(item, sample.with_text(sample.output_text.upper()))

    score = Shouting(grader=None).grade_group({}, ["0.1", "0.2"])[0]
    assert score.status == "error"


RANK = RankInGroup(grader=LongText())


def test_a_group_of_equal_samples_asks_a_cached_judge_once() -> None:
    ASKED.clear()
    scores = Cache(grader=Judge(key="a")).grade_group({"a": 0.5}, ["same", "same", "other", "same"])
    assert [score.value for score in scores] == [0.5] * 4
    assert sorted(ASKED) == [("a", "other"), ("a", "same")]
    assert sum(score.cost for score in scores) == pytest.approx(0.02)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_laws_of_ranks_and_distances(numbers: list[float], shuffler: Any) -> None:
    texts = [repr(number) for number in numbers]
    ranks, distances = values(RankInGroup(grader=Fraction()), *texts), values(GroupZ(grader=Fraction()), *texts)
    assert sum(ranks) == pytest.approx(len(texts) / 2)
    assert sum(distances) == pytest.approx(0, abs=1e-6)
    order = list(range(len(texts)))
    shuffler.shuffle(order)
    assert values(RankInGroup(grader=Fraction()), *[texts[i] for i in order]) == [ranks[i] for i in order]
    for one, rank in zip(numbers, ranks, strict=True):
        for other, other_rank in zip(numbers, ranks, strict=True):
            assert (one < other) == (rank < other_rank)


@pytest.mark.parametrize(
    "tree",
    [
        RankInGroup(grader=Given(key="a")),
        GroupZ(grader=Given(key="a"), limit=4),
        DropZeroVariance(grader=Given(key="a")),
        DiversityBonus(grader=Given(key="a"), key="{{ sample.output_json.x }}"),
        Tournament(grader=Judge()),
        0.5 * RankInGroup(grader=Given(key="a")) + Given(key="b"),
    ],
)
def test_group_graders_round_trip_through_json(tree: Grader) -> None:
    again = load(tree.model_dump_json())
    assert (again, again.digest, again.bounds) == (tree, tree.digest, tree.bounds)


def test_an_ordinary_grader_grades_a_group_one_by_one() -> None:
    scores = LongText().grade_group({}, ["", "12345"])
    assert scores == [LongText().grade({}, ""), LongText().grade({}, "12345")]


def test_what_is_no_sample_fails_alone() -> None:
    scores = RankInGroup(grader=Fraction()).grade_group({}, ["0.9", {"output": "0.5"}, "0.1"])
    assert [score.value for score in scores] == [0.75, None, 0.25]
    assert (scores[1].code, scores[1].bounds) == ("sample_parse_error", (0, 1))
