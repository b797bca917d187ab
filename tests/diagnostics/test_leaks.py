"""The search for secrets: what it finds, and what it takes for chance."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.diagnostics.leaks import find_leaks, found_in, needles

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
    max_leaves=15,
)


def leaks(texts: list[str], secrets: list[Any]) -> list[str]:
    return [leak.path for leak in find_leaks(secrets, [{"text": text} for text in texts])]


@pytest.mark.parametrize(
    ("form", "text", "found"),
    [
        ("42", "the 42 of them", True),
        ("42", "the 142 of them", False),
        ("42", "the 42.5 of them", False),
        ("42", "it is 42.", True),
        ("-7", "x = -7", True),
        ("Paris", "in paris, France", True),
        ("art", "party", False),
        ("(3+4)*2", "say (3+4)*2 now", True),
    ],
)
def test_a_needle_is_found_as_a_word(form: str, text: str, found: bool) -> None:
    assert (found_in((form,), text) is not None) is found


def test_a_long_secret_is_found_in_a_single_task() -> None:
    secrets = [{"word": f"unspeakable{number}"} for number in range(20)]
    texts = ["nothing here"] * 19 + ["it is unspeakable19"]
    assert leaks(texts, secrets) == ["['word']"]


def test_a_short_secret_is_found_where_every_task_shows_it_and_not_by_chance() -> None:
    secrets = [{"answer": number % 10} for number in range(40)]
    assert leaks([f"the answer is {number % 10}" for number in range(40)], secrets) == ["['answer']"]
    assert leaks(["0 1 2 3 4 5 6 7 8 9"] * 40, secrets) == []
    assert leaks([f"{number % 3} + {number % 7}" for number in range(40)], secrets) == []


def test_a_grid_is_found_in_any_usual_writing_and_its_cells_are_no_secret() -> None:
    grids = [[[n, 2, 3, 4], [3, 4, 1, 2], [2, 1, 4, 3], [4, 3, 2, n]] for n in range(1, 10)]
    secrets = [{"grid": grid} for grid in grids]
    assert leaks(["\n".join(" ".join(map(str, row)) for row in grid) for grid in grids], secrets) == ["['grid']"]
    assert leaks(["".join(str(cell) for row in grid for cell in row) for grid in grids], secrets) == ["['grid']"]
    assert leaks(["\n".join(" ".join(map(str, row)) for row in grid[:2]) for grid in grids], secrets) == []


def test_what_is_the_same_in_all_tasks_is_no_secret() -> None:
    assert leaks(["exactly 123456789"] * 5, [{"limit": 123456789}] * 5) == []


def test_thousands_separators_do_not_hide_a_number() -> None:
    assert leaks([f"{1234567 + n:,}" for n in range(5)], [{"n": 1234567 + n} for n in range(5)]) == ["['n']"]


@given(st.lists(JSON, max_size=4), st.text(max_size=50))
def test_any_secret_and_any_text_can_be_searched(secrets: list[Any], text: str) -> None:
    find_leaks(secrets, [{"text": text}] * len(secrets))


@given(JSON)
def test_every_needle_of_a_secret_is_found_in_its_own_text(secret: Any) -> None:
    for forms in needles(secret).values():
        for form in forms:
            assert found_in((form,), form) is not None
