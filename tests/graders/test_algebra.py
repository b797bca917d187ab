"""The laws that every tree of graders keeps: JSON, bounds, digests, statuses; over random trees."""

import asyncio
import math
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_graders import Given, Judge, nodes, random_item, random_root, random_tree

from textgym import Score
from textgym.core import Random, derive_key
from textgym.graders import Constant, Gate, Grader, GraderSpecError, Max, Min, Product, Sum, load


def check_json(tree: Grader) -> None:
    text = tree.model_dump_json()
    again = load(text)
    assert again == tree
    assert again.model_dump_json() == text
    assert Grader.model_validate_json(text) == tree
    assert (again.bounds, again.digest, again.waits) == (tree.bounds, tree.digest, tree.waits)
    assert pickle.loads(pickle.dumps(tree)) == tree


def check_value(tree: Grader, item: dict[str, object]) -> Score:
    score = tree.grade(item, "text")
    assert score == load(tree.model_dump_json()).grade(item, "text")
    assert Score.model_validate_json(score.model_dump_json()) == score
    low, high = tree.bounds
    assert -math.inf < low <= high < math.inf
    assert score.bounds == (low, high)
    for node in nodes(score):
        # A value beyond the bounds would have become this failure.
        assert "outside the declared bounds" not in node.reason, node
        assert node.value is None or node.bounds[0] <= node.value <= node.bounds[1]
    return score


def check_random_trees(start: int, count: int) -> int:
    """Check so many trees; how many gave values of their own."""
    values = set()
    for number in range(start, start + count):
        rng = Random(derive_key("trees", number))
        tree = random_root(rng, depth=rng.randint(1, 5))
        check_json(tree)
        for missing in (0.0, 0.3):
            item = random_item(rng, tree, missing)
            score = check_value(tree, item)
            if not any(isinstance(value, str) and name != "kind" for name, value in item.items()):
                failures = [node for node in nodes(score) if node.value is None and node.status != "skipped"]
                assert all("no finite number" in node.reason for node in failures)  # 1 / x at x = 0
            values.add(score.value)
    return len(values)


def test_random_trees_round_trip_through_json_and_keep_their_bounds() -> None:
    assert check_random_trees(0, 300) > 100


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_ten_thousand_random_trees_round_trip_through_json_and_keep_their_bounds(part: int) -> None:
    assert check_random_trees(1000 * (part + 1), 1000) > 300


@given(st.integers(0, 10**9), st.lists(st.floats(-1, 1), min_size=4, max_size=4))
def test_values_lie_within_static_bounds(seed: int, given_values: list[float]) -> None:
    tree = random_tree(Random(derive_key("bounds", seed)), depth=4)
    item: dict[str, object] = {"kind": "one"}
    for name, value in zip("abcd", given_values, strict=True):
        ends = [node.bounds for node in tree.walk() if isinstance(node, Given) and node.key == name]
        fits = all(low <= value <= high for low, high in ends)
        item[name] = value if fits else "skipped"
    check_value(tree, item)


def test_the_asynchronous_face_gives_the_same_scores() -> None:
    async def scores(trees: list[Grader], items: list[dict[str, object]]) -> list[Score]:
        return list(await asyncio.gather(*(t.agrade(i, "text") for t, i in zip(trees, items, strict=True))))

    trees, items = [], []
    for seed in range(100):
        rng = Random(derive_key("async", seed))
        trees.append(random_tree(rng, 4))
        items.append(random_item(rng, trees[-1], 0.1))
    assert asyncio.run(scores(trees, items)) == [t.grade(i, "text") for t, i in zip(trees, items, strict=True)]


def test_a_tree_that_waits_gives_the_same_from_both_faces_and_inside_a_loop() -> None:
    tree = 0.5 * Judge(key="a") + Gate(condition=Given(key="b"), then=Judge(key="c"))
    item = {"a": 1.0, "b": 0.9, "c": 0.25}

    async def inside() -> tuple[Score, Score]:
        return await tree.agrade(item, "text"), tree.grade(item, "text")

    expected = tree.grade(item, "text")
    assert expected.value == 0.75
    assert (expected.cost, expected.tokens) == (0.02, 20)
    assert asyncio.run(inside()) == (expected, expected)


def test_operators_make_one_node_where_they_can() -> None:
    a, b, c = (Given(key=name) for name in "abc")
    assert 0.8 * a + 0.2 * b == Sum(graders=(a, b), weights=(0.8, 0.2))
    assert 2 * (a + 0.5 * b - 1) == Sum(graders=(a, b), weights=(2.0, 1.0), bias=-2.0)
    assert 1 - a == Sum(graders=(a,), weights=(-1.0,), bias=1.0)
    assert -a / 2 == Sum(graders=(a,), weights=(-0.5,), bias=0.0)
    assert sum([a, b, c]) == Sum(graders=(a, b, c), weights=(1.0, 1.0, 1.0))
    assert a & b & c == Min(graders=(a, b, c))
    assert a | b | c == Max(graders=(a, b, c))
    assert a * b * c == Product(graders=(a, b, c))
    named = Sum(name="quality", graders=(a, b))
    assert (named + c).parts == (named, c)
    assert ((a & b) | c).parts == (a & b, c)


def test_operators_refuse_what_is_no_grader() -> None:
    a = Given(key="a")
    for wrong in (lambda: a + "1", lambda: a * None, lambda: a & 1, lambda: a | 0.5, lambda: a >= "x", lambda: a / a):
        with pytest.raises(TypeError):
            wrong()
    with pytest.raises(ValueError, match="finite"):
        math.inf * a


def test_a_number_is_a_grader_where_one_is_expected() -> None:
    assert load({"type": "gate", "condition": 1, "then": 0.25}).grade({}, "").value == 0.25
    assert Min(graders=(0.5, Given(key="a"))).graders[0] == Constant(value=0.5)
    with pytest.raises(GraderSpecError):
        load({"type": "min", "graders": [True]})


def test_equal_settings_have_equal_digests_and_others_have_others(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = Given(key="a"), Given(key="b")
    trees = [a, b, a + b, b + a, 2 * a, a & b, a | b, ~a, a >= 0.5, a >= 0.6, a.model_copy(update={"name": "x"})]
    assert len({tree.digest for tree in trees}) == len(trees)
    assert (a + b).digest == (Given(key="a") + Given(key="b")).digest
    monkeypatch.setattr(Given, "version", 2)
    assert Given(key="a").digest != a.digest


def test_a_copy_with_other_settings_has_its_own_bounds_and_digest() -> None:
    tree = 2 * Given(key="a")
    assert tree.bounds == (0.0, 2.0)
    copy = tree.model_copy(update={"bias": 1.0})
    assert (copy.bounds, copy.digest == tree.digest) == ((1.0, 3.0), False)
    with pytest.raises(ValueError, match="weights"):
        tree.model_copy(update={"weights": (1.0, 2.0)})


def test_one_tree_in_threads_gives_what_it_gives_alone() -> None:
    from concurrent.futures import ThreadPoolExecutor

    tree = (Given(key="a") | Judge(key="b")) * Judge(key="c")
    items = [{"a": n / 100, "b": n / 50, "c": 0.5} for n in range(50)]
    alone = [tree.grade(item, "x") for item in items]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda item: tree.grade(item, "x"), items)) == alone
