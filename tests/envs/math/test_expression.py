"""Expressions as trees: what is written is read back, by Python's own parser and by ours, to the same value and shape."""

import ast
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.envs.math.exact import ExpressionError, read_expression
from textgym.envs.math.expression import Binary, Expression, Negative, Number, written

TREES: st.SearchStrategy[Expression] = st.recursive(
    st.builds(Number, st.integers(0, 999)),
    lambda inner: st.builds(Negative, inner) | st.builds(Binary, st.sampled_from("+-*/"), inner, inner),
    max_leaves=12,
)


def tree_of(node: ast.expr) -> Expression:
    """The tree that Python's grammar sees in the text."""
    if isinstance(node, ast.Constant):
        assert isinstance(node.value, int)
        return Number(node.value)
    if isinstance(node, ast.UnaryOp):
        assert isinstance(node.op, ast.USub)
        return Negative(tree_of(node.operand))
    assert isinstance(node, ast.BinOp)
    sign = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}[type(node.op)]
    return Binary(sign, tree_of(node.left), tree_of(node.right))


def value_of(tree: Expression) -> Fraction:
    """The value, by walking the tree; raises ZeroDivisionError."""
    if isinstance(tree, Number):
        return Fraction(tree.value)
    if isinstance(tree, Negative):
        return -value_of(tree.of)
    left, right = value_of(tree.left), value_of(tree.right)
    return {"+": left.__add__, "-": left.__sub__, "*": left.__mul__, "/": left.__truediv__}[tree.operator](right)


def numbers_of(tree: Expression) -> list[int]:
    if isinstance(tree, Number):
        return [tree.value]
    return numbers_of(tree.of) if isinstance(tree, Negative) else numbers_of(tree.left) + numbers_of(tree.right)


@given(TREES)
def test_the_text_of_a_tree_has_its_shape_in_pythons_grammar(tree: Expression) -> None:
    assert tree_of(ast.parse(written(tree), mode="eval").body) == tree


@given(TREES)
def test_our_reader_agrees_with_walking_the_tree(tree: Expression) -> None:
    try:
        value = value_of(tree)
    except ZeroDivisionError:
        with pytest.raises(ExpressionError, match="zero"):
            read_expression(written(tree))
        return
    read = read_expression(written(tree))
    assert read.value == value
    assert list(read.numbers) == numbers_of(tree)


@pytest.mark.parametrize(
    ("text", "whole"),
    [("8 / 2", True), ("1 / 2 * 4", False), ("4 * 1 / 2", True), ("0.5 * 2", False), ("-(3 - 5)", True)],
)
def test_the_reader_says_whether_every_value_on_the_way_is_whole(text: str, whole: bool) -> None:
    assert read_expression(text).whole is whole


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (Binary("-", Number(5), Binary("-", Number(2), Number(1))), "5 - (2 - 1)"),
        (Binary("-", Binary("-", Number(5), Number(2)), Number(1)), "5 - 2 - 1"),
        (Binary("*", Binary("+", Number(1), Number(2)), Negative(Number(3))), "(1 + 2) * (-3)"),
        (Negative(Negative(Number(3))), "-(-3)"),
        (Binary("+", Binary("*", Number(2), Number(3)), Number(4)), "2 * 3 + 4"),
    ],
)
def test_parentheses_stand_where_the_shape_needs_them(tree: Expression, text: str) -> None:
    assert written(tree) == text
