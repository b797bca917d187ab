"""Limits on what grading takes: remembered within a call, given up after a time, capped in money."""

import asyncio
import threading

import pytest
from sample_graders import ASKED, Given, Judge

from textgym.graders import (
    Budget,
    Cache,
    FirstValid,
    Gate,
    Invalid,
    Timeout,
    WeightedMean,
    charge,
)
from textgym.graders.ledger import Ledger, opened

ITEM = {"a": 0.5, "b": 1.0}


@pytest.fixture(autouse=True)
def _nobody_asked() -> None:
    ASKED.clear()


def test_a_cached_part_is_asked_once_a_call_and_paid_once() -> None:
    judge = Cache(grader=Judge(key="a", seconds=0.01))
    tree = 0.5 * judge + 0.25 * judge + 0.25 * Gate(condition=Given(key="b"), then=judge)
    score = tree.grade(ITEM, "x")
    assert (score.value, score.cost, score.tokens) == (0.5, 0.01, 10)
    assert ASKED == [("a", "x")]
    assert {child.reason for child in score.children} >= {"", "graded before in the same call"}
    tree.grade(ITEM, "x")
    assert len(ASKED) == 2


def test_what_is_remembered_is_content_and_not_the_node() -> None:
    tree = Cache(grader=Judge(key="a")) + Cache(grader=Judge(key="a"), name="again") + Cache(grader=Judge(key="b"))
    assert tree.grade(ITEM, "x").value == 2.0
    assert sorted(ASKED) == [("a", "x"), ("b", "x")]


def test_an_item_that_is_no_json_is_graded_without_a_cache() -> None:
    tree = Cache(grader=Judge(key="a")) + Cache(grader=Judge(key="a"))
    assert tree.grade(ITEM | {"other": object()}, "x").value == 1.0
    assert len(ASKED) == 2


def test_failures_are_remembered_too() -> None:
    judge = Cache(grader=Judge(key="a"))
    score = FirstValid(graders=(judge, judge, Given(key="b"))).grade({"a": "refused", "b": 0.5}, "x")
    assert [child.status for child in score.children] == ["refused", "refused", "ok"]
    assert len(ASKED) == 1


def test_calls_at_the_same_time_do_not_mix() -> None:
    tree = Cache(grader=Judge(key="a", seconds=0.01)) + Cache(grader=Judge(key="a", seconds=0.01))

    async def both() -> list[float | None]:
        return [
            score.value for score in await asyncio.gather(tree.agrade({"a": 0.1}, "x"), tree.agrade({"a": 0.3}, "x"))
        ]

    assert asyncio.run(both()) == [0.2, 0.6]
    assert len(ASKED) == 2


def test_waiting_is_given_up() -> None:
    slow = Judge(key="a", seconds=60)
    score = Timeout(grader=slow, seconds=0.01).grade(ITEM, "x")
    assert (score.status, score.value) == ("timeout", None)
    assert score.reason == "test_judge took longer than 0.01 s"
    tree = WeightedMean(graders=(Timeout(grader=slow, seconds=0.01), Given(key="b")), optional=True)
    assert tree.grade(ITEM, "x").value == 1.0
    assert Timeout(grader=Judge(key="a"), seconds=60).grade(ITEM, "x").value == 0.5


def test_one_that_gives_up_does_not_end_another_that_waits_for_the_same() -> None:
    judge = Cache(grader=Judge(key="a", seconds=0.1))
    tree = WeightedMean(graders=(Timeout(grader=judge, seconds=0.01), judge), optional=True)
    score = tree.grade(ITEM, "x")
    assert [child.status for child in score.children] == ["timeout", "ok"]


def test_a_part_that_does_not_wait_is_not_cut_short() -> None:
    assert Timeout(grader=Given(key="a"), seconds=1e-9).grade(ITEM, "x").value == 0.5


@pytest.mark.parametrize("limit", [{"usd": 0.015}, {"tokens": 15}, {"calls": 1}])
def test_what_exceeds_the_budget_is_over_budget(limit: dict[str, float]) -> None:
    score = Budget(grader=FirstValid(graders=(Judge(key="a"), Judge(key="b"))), **limit).grade(ITEM, "x")
    assert (score.value, len(ASKED)) == (0.5, 1)
    assert score.reason.startswith("spent ")
    score = Budget(grader=Judge(key="a") & Judge(key="b"), **limit).grade(ITEM, "x")
    assert (score.value, score.status) == (None, "over_budget")


def test_a_call_beyond_the_budget_is_never_made() -> None:
    Budget(grader=Judge(key="a") & Judge(key="b") & Judge(key="a"), calls=2).grade(ITEM, "x")
    assert len(ASKED) == 2
    ASKED.clear()
    Budget(grader=Judge(key="a"), calls=0).grade(ITEM, "x")
    assert ASKED == []


def test_over_budget_falls_to_what_is_cheap() -> None:
    tree = FirstValid(graders=(Budget(grader=Judge(key="a", usd=5), usd=1), Given(key="b")))
    score = tree.grade(ITEM, "x")
    assert (score.value, score.children[0].status) == (1.0, "over_budget")


def test_a_budget_is_for_one_sample() -> None:
    scores = Budget(grader=Judge(key="a"), calls=1).grade_group(ITEM, ["x", "y", "z"])
    assert [score.value for score in scores] == [0.5] * 3


def test_budgets_nest() -> None:
    inner = Budget(grader=Judge(key="a") & Judge(key="b"), calls=2)
    assert inner.grade(ITEM, "x").value == 0.5
    assert Budget(grader=inner & inner, calls=3).grade(ITEM, "x").status == "over_budget"


def test_a_ledger_around_a_grading_call_is_charged() -> None:
    with opened(Ledger(usd=0.05)) as ledger:
        assert (Judge(key="a") & Judge(key="b")).grade(ITEM, "x").value == 0.5
        with pytest.raises(Invalid, match=r"0\.07 usd against a budget of 0\.05"):
            charge(usd=0.05)
    assert ledger.spent == {"usd": pytest.approx(0.07), "tokens": 20, "calls": 2}
    charge(usd=1e9)


@pytest.mark.parametrize("amount", [{"usd": -1}, {"usd": float("nan")}, {"tokens": -1}, {"calls": -1}])
def test_nobody_is_paid_back(amount: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="from 0 up"):
        charge(**amount)


def test_a_ledger_counts_right_under_threads() -> None:
    ledger = Ledger()
    threads = [threading.Thread(target=lambda: [ledger.charge({"calls": 1}) for _ in range(2000)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ledger.spent["calls"] == 8000
