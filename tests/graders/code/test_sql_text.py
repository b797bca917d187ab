"""What is told from the text of a query."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.graders.code.sql_text import is_ordered, with_ties_broken


@pytest.mark.parametrize(
    ("query", "ordered"),
    [
        ("SELECT a FROM t ORDER BY a", True),
        ("select a from t order\nby a limit 3", True),
        ("SELECT a FROM (SELECT a FROM t ORDER BY a)", False),
        ("SELECT 'ORDER BY' FROM t", False),
        ('SELECT a AS "order by" FROM t', False),
        ("SELECT a FROM t -- ORDER BY a", False),
        ("SELECT a FROM t /* ORDER BY a */", False),
        ("SELECT row_number() OVER (ORDER BY a) FROM t", False),
        ("SELECT a FROM t ORDER /* */ BY a", True),
        ("SELECT 'it''s' FROM t ORDER BY 1", True),
    ],
)
def test_an_order_is_told_from_the_text(query, ordered):
    assert is_ordered(query) is ordered
    assert (with_ties_broken(query, 2, "ASC") == query) is not ordered


def test_ties_are_broken_before_a_limit():
    broken = with_ties_broken("SELECT a FROM t ORDER BY b LIMIT 3", 1, "DESC")
    assert broken.split() == ["SELECT", "a", "FROM", "t", "ORDER", "BY", "b", ",", "1", "DESC", "LIMIT", "3"]


@given(st.text(st.sampled_from("order by()'\"`[]-/* \nlimt;x"), max_size=200))
def test_any_text_is_looked_at_without_an_error(text):
    is_ordered(text)
    with_ties_broken(text, 3, "ASC")
