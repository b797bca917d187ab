"""What holds for all answers: every expression equals itself however it is written, and none that was changed."""

from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from textgym.graders import compare_math, math_equal

NUMBERS = st.one_of(
    st.integers(0, 40).map(str),
    st.tuples(st.integers(1, 9), st.integers(2, 9)).map(lambda pair: rf"\frac{{{pair[0]}}}{{{pair[1]}}}"),
    st.integers(1, 999).map(lambda value: f"{value / 100}"),
)
LEAVES = st.one_of(NUMBERS, st.sampled_from(["x", "y", r"\pi"]))


def _grown(inner):
    pair = st.tuples(inner, inner)
    return st.one_of(
        pair.map(lambda two: ("+", *two)),
        pair.map(lambda two: ("-", *two)),
        pair.map(lambda two: ("*", *two)),
        pair.map(lambda two: ("/", two[0], ("+", ("^2", two[1]), "1"))),
        inner.map(lambda one: ("^2", one)),
        inner.map(lambda one: ("sqrt", ("+", ("^2", one), "1"))),
        inner.map(lambda one: ("sin", one)),
    )


TREES = st.recursive(LEAVES, _grown, max_leaves=6)


def latex(tree) -> str:
    """A tree as LaTeX."""
    if isinstance(tree, str):
        return tree
    op, *parts = tree
    inner = [latex(part) for part in parts]
    return {
        "+": "({0}+{1})", "-": "({0}-{1})", "*": r"{0} \cdot {1}", "/": r"\frac{{{0}}}{{{1}}}", "^2": "({0})^2",
        "sqrt": r"\sqrt{{{0}}}", "sin": r"\sin\left({0}\right)",
    }[op].format(*inner)  # fmt: skip


def plain(tree) -> str:
    """The same tree as plain text, with sums and products turned round."""
    if isinstance(tree, str):
        return {r"\pi": "pi"}.get(tree, tree.replace(r"\frac{", "(").replace("}{", "/").replace("}", ")"))
    op, *parts = tree
    inner = [plain(part) for part in parts]
    return {
        "+": "({1} + {0})", "-": "(-({1}) + {0})", "*": "({1})*({0})", "/": "({0})/({1})", "^2": "({0})**2",
        "sqrt": "sqrt({0})", "sin": "sin({0})",
    }[op].format(*inner)  # fmt: skip


@given(TREES)
def test_an_expression_equals_itself_in_the_other_spelling(tree):
    assert math_equal(latex(tree), plain(tree))
    assert math_equal(plain(tree), latex(tree))


@given(
    TREES, st.sampled_from(["({0})+1", r"({0})+\frac{{1}}{{1000}}", "({0})-x^2-1", r"({0})+10^{{-25}}", "({0}) + z"])
)
def test_an_expression_that_was_changed_is_another(tree, change):
    changed = change.format(latex(tree))
    assert not math_equal(latex(tree), changed)
    assert not math_equal(changed, latex(tree))


@given(TREES, TREES)
def test_the_verdict_is_the_same_the_other_way_round(left, right):
    assert math_equal(latex(left), plain(right)) is math_equal(plain(right), latex(left))


@given(st.fractions(max_denominator=10**6), st.fractions(max_denominator=10**6))
def test_numbers_are_compared_exactly(a, b):
    assert math_equal(str(a), rf"\frac{{{b.numerator}}}{{{b.denominator}}}") is (a == b)
    assert math_equal(str(a), str(a + Fraction(1, 10**30))) is False


@given(st.lists(st.integers(-99, 99), min_size=2, max_size=8), st.randoms())
def test_sets_have_no_order_and_tuples_do(values, random):
    mixed = sorted(values, key=lambda _: random.random())
    assert math_equal(rf"\{{{','.join(map(str, values))}\}}", f"{{{', '.join(map(str, mixed))}}}")
    tuple_ = f"({','.join(map(str, values))})"
    assert math_equal(tuple_, f"( {' , '.join(map(str, mixed))} )") is (values == mixed)


@given(st.text(min_size=1, max_size=40))
def test_any_text_equals_itself_and_raises_nothing(text):
    assume(text.strip())
    assert math_equal(text, text)
    compare_math(text, text + "1")


PIECES = st.sampled_from(
    [
        r"\frac", r"\sqrt", "{", "}", "(", ")", "[", "]", "|", "^", "_", "1", "23", ".", ",", ";", "x", "sin", r"\sin", "+", "-",
        "*", "/", "=", "<", r"\le", r"\cup", r"\{", r"\}", r"\begin{pmatrix}", r"\end{pmatrix}", "&", r"\\", r"\text{cm}", "cm",
        "%", "$", r"\$", r"\pm", "!", "'", ":", r"\infty", "e", "i", "and", "or", r"\sum", r"\int", "dx", r"\binom", r"\left",
        r"\right", r"\degree", r"\overline", " ", "\n", "π", "½", "²", "√", r"\mathbb{R}", r"\langle", r"\log_", "mod", "~",
    ]
)  # fmt: skip


@given(st.lists(PIECES, min_size=1, max_size=30).map("".join), st.lists(PIECES, min_size=1, max_size=30).map("".join))
def test_any_heap_of_pieces_raises_nothing_and_has_the_same_verdict_both_ways(left, right):
    one, other = compare_math(left, right), compare_math(right, left)
    if not (one.timed_out or other.timed_out):
        assert one.equal is other.equal
