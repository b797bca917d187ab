"""How answers to wrapped tasks are read; nothing of this needs the wrapped package."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.core import ConfigError
from textgym.envs.math.wrapped.answers import of_the_form, same
from textgym.envs.math.wrapped.catalogue import EXACT, FEWER_ITEMS, LEFT_OUT, MIX, SEVERAL, STRICT_ONLY
from textgym.envs.math.wrapped.env import ReasoningGymConfig

HANOI = {"num_disks": 3, "num_pegs": 3}


def fits(dataset: str, answer: str, metadata: dict[str, Any] | None = None) -> bool:
    return of_the_form(dataset, answer, {"metadata": metadata or {}})


@pytest.mark.parametrize(
    ("right", "answer"),
    [
        ("Yes", " Yes\n"),
        ("1 2\n3 4", "1  2 \n\n 3 4"),
        ("[[0,1],[1,0]]", "[ [0, 1], [1, 0] ]"),
        ("['-1.5', '2']", "['-1.5','2']"),
        ("(1.5, 2.25)", "(1.5,2.25)"),
        ("12.50", "12.5"),
        ("7", "7.0"),
        ("1,000", "1000"),
        ("3/4", "0.75"),
    ],
)
def test_the_same_answer_in_another_spelling(right: str, answer: str) -> None:
    assert same(right, answer)


@pytest.mark.parametrize(
    ("right", "answer"),
    [
        ("Yes", "yes"),
        ("Yes", "Yes or No"),
        ("42", "42 or 43"),
        ("42", "nan"),
        ("8.0 + 3.0i", "nan"),
        ("False", "anything"),
        ("1 2\n3 4", "1 2 3 4"),
        ("0.333", "1/3"),
        ("ab", "a b"),
        ("5", ""),
        ("5", "5" * 20_001),
    ],
)
def test_another_answer(right: str, answer: str) -> None:
    assert not same(right, answer)


@pytest.mark.parametrize(
    ("dataset", "answer"),
    [
        ("cryptarithm", "A=7,B=0, C=5"),
        ("group_anagrams", '[["tea", "eat"], ["no"]]'),
        ("jugs", '["fill A", "pour A->B", "empty C"]'),
        ("kakurasu", "1 0 0\n0 1 1"),
        ("palindrome_generation", "abcba"),
        ("palindrome_partitioning", '[["a", "b"], ["ab"]]'),
        ("quantum_lock", "A → B → C"),
        ("shortest_path", "left up up right"),
        ("sokoban", "RDLLU"),
        ("tower_of_hanoi", "Move disk 1 from Peg 1 to Peg 3\nMove disk 2 from Peg 1 to Peg 2"),
    ],
)
def test_what_a_scorer_may_be_asked_about(dataset: str, answer: str) -> None:
    assert fits(dataset, answer, HANOI)
    for beside in (f"so {answer}", f"{answer} ok", answer + answer[-1] + ";", "", f"{answer}\n\nMove disk 1"):
        assert not fits(dataset, beside, HANOI)


def test_moves_of_disks_and_pegs_that_are_not_there_and_lists_with_repeats() -> None:
    assert not fits("tower_of_hanoi", "Move disk 4 from Peg 1 to Peg 3", HANOI)
    assert not fits("tower_of_hanoi", "Move disk 1 from Peg 1 to Peg 4", HANOI)
    assert not fits("palindrome_partitioning", '[["a"], ["a"]]')
    assert not fits("group_anagrams", '[["a"], "a"]')
    assert not fits("jugs", '["fill A", 3]')


@given(st.text(max_size=200) | st.text(alphabet='ABC→ =,0123456789[]"\n udlrefightownps', max_size=300))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert same(text, text) or not text.strip()
    for dataset in sorted(SEVERAL):
        fits(dataset, text, HANOI)


@pytest.mark.parametrize(
    "piece",
    ["[", "A → ", "1 ", "left ", "A=1,", '"fill A",', "\n", " ", "Move disk 1 from Peg 1 to Peg 2\n", "9", "(,"],
)
def test_long_texts_of_one_piece_are_read_to_their_end(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    assert not same(text, text + "x")
    for dataset in sorted(SEVERAL):
        fits(dataset, text, HANOI)


def test_every_dataset_is_on_one_list() -> None:
    assert not EXACT & SEVERAL
    assert not (EXACT | SEVERAL) & LEFT_OUT.keys()
    assert STRICT_ONLY.keys() | FEWER_ITEMS.keys() | set(MIX) <= EXACT | SEVERAL


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"datasets": ["pool_matrix"]}, "left out: it reseeds numpy's global generator"),
        ({"datasets": "chain_sun"}, "did you mean 'chain_sum'"),
        ({"datasets": ["gcd", "gcd"]}, "named twice"),
        ({"datasets": []}, "at least 1"),
        ({"datasets": "gcd", "settings": {"lcm": {}}}, "'lcm' is none of the datasets gcd"),
        (
            {"datasets": "coin_flip", "partial": True},
            "not with coin_flip, since its scorer works out numbers of any size",
        ),
    ],
)
def test_wrong_settings_are_refused_by_name(settings: dict[str, Any], expected: str) -> None:
    with pytest.raises(ConfigError, match=expected):
        ReasoningGymConfig.from_settings(settings)
