"""Notations of a field: logic, vectors, congruences, counting, sets of solutions, derivatives; and texts that make no sense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_math_pairs import pairs, settled

from textgym.graders import compare_math
from textgym.graders.math.budget import Budget
from textgym.graders.math.comparison import Comparison
from textgym.graders.math.options import DEFAULT
from textgym.graders.math.parser import parse

PRODUCTS = [
    (r"\vec a\times\vec b", r"\mathbf a\times\mathbf b", True),
    (r"2\vec a\times\vec b", r"\vec a\times 2\vec b", True),
    (r"\vec a\times\vec b", r"-\vec b\times\vec a", True),
    (r"\vec a\cdot(\vec b\times\vec c)", r"\vec a\cdot\vec b\times\vec c", True),
    (r"\mathbf A\times\mathbf B", r"\vec A\times\vec B", True),
    (r"\mathbb R\times\mathbb Z", r"\mathbb{R}\times\mathbb{Z}", True),
    (r"2\times 3", "6", True),
    (r"2x\times 3y", "6xy", True),
    (r"a\times b", "ba", True),
    (r"\vec a\times\vec b", r"\vec b\times\vec a", False),
    (r"2\vec a\times 3\vec b", r"6\vec b\times\vec a", False),
    (r"\vec a\times(\vec b\times\vec c)", r"(\vec a\times\vec b)\times\vec c", False),
    (r"\mathbf{u}\cdot\mathbf{v}", r"\mathbf{u}\times\mathbf{v}", False),
    (r"\mathbf A\times\mathbf B", r"\mathbf B\times\mathbf A", False),
    (r"\mathbf A\times\mathbf B", r"\mathbf A\cdot\mathbf B", False),
    (r"i\times j=k", r"j\times i=k", False),
    (r"\mathbb{R}\times\mathbb{Z}", r"\mathbb{Z}\times\mathbb{R}", False),
]


@pytest.mark.parametrize(("left", "right", "equal"), PRODUCTS)
def test_a_cross_between_vectors_or_spaces_has_an_order_and_is_no_dot(left, right, equal):
    a, b = parse(left), parse(right)
    assert Comparison(DEFAULT, Budget()).answers(a, b) is equal
    assert Comparison(DEFAULT, Budget()).answers(b, a) is equal


def test_a_derivative_that_is_not_worked_out_equals_itself():
    assert settled(r"\frac{d}{dx} f(x)", r"\frac{d}{dx}f(x)").equal
    assert not settled(r"\frac{d}{dx} f(x)", r"\frac{d}{dx}g(x)").equal


@pytest.mark.parametrize(
    "answer",
    [r"\frac{d}{dx}" * 300 + "x", r"\frac{d}{dx}(" * 30 + r"x^{x^{x}}" + ")" * 30, r"i\times j" + r"\times\vec a" * 330,
     r"10000!\pmod 7, " * 250 + r"1\pmod 7", "999!!" * 700, r"\neg" * 900 + "p", r"p\lor(q\land(" * 200, "x_5C_2" * 500],
    ids=lambda text: f"{text[:12]!a}-{len(text)}",
)  # fmt: skip
def test_a_notation_piled_up_is_refused(answer):
    assert not compare_math("x+1", answer).equal
    assert not compare_math(answer, "x+1").equal


PIECES = r"""
    x y n p q i j k A C P T d dx 1 2 3 10 1.5 + - * / ^ _ ( ) [ ] { } \{ \} , ; : = < | ! !! % ' & \\ {} \times \cdot \pm
    \land \lor \neg \to \forall \exists \equiv \pmod \bmod \mod mod (mod \ne \in \setminus \cup \mathbb{R} \mathbb{Z} and or
    \vec \hat \mathbf \mathbf{u} \overline \overline{AB} \overline{3+4i} \mathrm{C} \text{C} _5C_2 \binom \frac \frac{d}{dx}
    d/dx \partial \int \sum \sqrt \log \lg \det \arg \gcd \begin{cases} \end{cases} \begin{pmatrix} \end{pmatrix}
    \left\{ \right. \text{cm} all real numbers except
"""


@given(
    st.lists(st.sampled_from(PIECES.split()), min_size=1, max_size=14).map(" ".join),
    st.sampled_from([pair[0] for pair in pairs("equal", "notation")]),
)
def test_any_heap_of_notation_raises_nothing_and_has_the_same_verdict_both_ways(heap, reference):
    one, other = compare_math(reference, heap), compare_math(heap, reference)
    if not (one.timed_out or other.timed_out):
        assert one.equal is other.equal
