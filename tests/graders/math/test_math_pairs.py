"""Pairs of answers by category, of which nobody doubts whether they are equal."""

from pathlib import Path

import pytest

from textgym.graders import Verdict, compare_math

FOLDER = Path(__file__).parent / "pairs"


def pairs(verdict: str, name: str = "*") -> list[tuple[str, str]]:
    """The pairs of the files of a verdict, `equal` or `unequal`, one a line; lines with a # are headings."""
    lines = [line for path in sorted(FOLDER.glob(f"{name}.{verdict}.txt")) for line in path.read_text().splitlines()]
    return [tuple(line.split(" ~~ ")) for line in lines if not line.startswith("# ")]


def settled(reference: str, answer: str) -> Verdict:
    """The verdict; asked again where a busy machine let a clock run out."""
    for _ in range(20):
        verdict = compare_math(reference, answer)
        if not verdict.timed_out:
            break
    return verdict


@pytest.mark.parametrize(("left", "right"), pairs("equal"))
def test_equal_answers_are_equal_both_ways_round(left, right):
    assert settled(left, right).equal
    assert settled(right, left).equal


@pytest.mark.parametrize(("left", "right"), pairs("unequal"))
def test_unequal_answers_are_unequal_both_ways_round(left, right):
    assert not settled(left, right).equal
    assert not settled(right, left).equal


@pytest.mark.parametrize("left", [pair[0] for pair in pairs("equal", "answers")])
def test_typesetting_around_an_answer_changes_nothing(left):
    for dressed in (f" {left} ", rf"\boxed{{{left}}}", f"{left}."):
        assert settled(left, dressed).equal, dressed


def test_there_are_pairs_enough_and_none_is_in_both_files():
    equal, unequal = pairs("equal"), pairs("unequal")
    assert len(equal) >= 900
    assert len(unequal) >= 600
    assert all(len(pair) == 2 for pair in (*equal, *unequal))
    assert not set(equal) & set(unequal)
