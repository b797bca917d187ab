"""Recipes: read as they were written, refused where they are not whole, and fitting only their package."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envs.code.sample_sdist import FILES
from textgym.envs.code.bank.baseline import Baseline
from textgym.envs.code.bank.catalogue import PackageSpec, catalogue
from textgym.envs.code.bank.errors import BankError
from textgym.envs.code.bank.journal import Journal
from textgym.envs.code.bank.mining import Attempt, candidates, difficulty, fits, targets
from textgym.envs.code.bank.recipes import Recipe, Recipes, decode, encode, load, numbers, ranges, served, write
from textgym.envs.code.mutation import sites

SPEC = PackageSpec(
    name="shapes",
    version="1.0",
    file="shapes-1.0.tar",
    sha256="0" * 64,
    licence="MIT",
    sources=("shapes",),
    tests=("tests",),
    split="train",
)
TREE = {path: text.encode() for path, text in FILES.items()}
NUMBERS = st.lists(st.integers(0, 5000), unique=True, max_size=40).map(lambda found: tuple(sorted(found)))
RECIPES = st.builds(
    Recipe,
    n=st.integers(0, 10000),
    file=st.text(min_size=1),
    function=st.text(min_size=1),
    operator=st.sampled_from(["cmp", "remove_body"]),
    site=st.integers(0, 50),
    more=st.lists(st.tuples(st.text(), st.integers(0, 9)), max_size=2).map(tuple),
    fail_to_pass=NUMBERS,
    covered=NUMBERS,
    strength=st.floats(0, 1),
    difficulty=st.floats(0, 1),
    lines=st.integers(1, 500),
)


@given(NUMBERS)
def test_numbers_come_back_from_their_ranges(found):
    assert numbers(ranges(found)) == found


@given(st.lists(st.text(), max_size=5).map(tuple), st.lists(RECIPES, max_size=5).map(tuple))
def test_recipes_come_back_as_they_were(test_ids, recipes):
    found = Recipes(test_ids, recipes, 1.5, {"functions": 3})
    data = encode(SPEC, found)
    assert decode(SPEC, data) == found
    assert encode(SPEC, found) == data
    with pytest.raises(BankError, match="another archive"):
        decode(SPEC.model_copy(update={"sha256": "1" * 64}), data)


@given(st.binary(max_size=60), st.integers(0, 400))
def test_damaged_recipes_are_refused(noise, length):
    recipe = Recipe(0, "a.py", "f", "cmp", 0, (), (1,), (1, 2), 1.0, 0.5, 3)
    data = encode(SPEC, Recipes(("a", "b", "c"), (recipe,) * 3))
    if length < len(data):
        with pytest.raises(BankError):
            decode(SPEC, data[:length])
    with pytest.raises(BankError):
        decode(SPEC, noise)


def test_a_package_is_served_only_when_its_recipes_are_whole():
    names = [spec.name for spec in served(catalogue())]
    assert names
    for name in names:
        spec = catalogue().package(name)
        found = load(spec)
        for position, recipe in enumerate(found.recipes):
            assert recipe.n == position
            assert recipe.fail_to_pass
            assert set(recipe.fail_to_pass) <= set(recipe.covered) <= set(range(len(found.test_ids)))
            assert 0 <= recipe.difficulty <= 1
            assert 0 <= recipe.strength <= 1
            assert set(found.pass_to_pass(recipe)).isdisjoint(recipe.fail_to_pass)
        assert len(set(found.test_ids)) == len(found.test_ids)
        keys = {(each.file, each.function, each.operator, each.site, each.more) for each in found.recipes}
        assert len(keys) == len(found.recipes)
    with pytest.raises(BankError, match="textgym bank build shapes"):
        load(SPEC)


def test_a_recipe_damages_the_file_it_was_found_in_and_no_other():
    source = FILES["shapes/__init__.py"]
    mutant = next(each for each in sites(source, "clamp") if each.operator == "cmp")
    recipe = Recipe(0, "shapes/__init__.py", "clamp", mutant.operator, mutant.site, (), (0,), (0,), 1.0, 0.5, 7)
    assert recipe.damaged(TREE) == {"shapes/__init__.py": mutant.apply(source).encode()}
    assert recipe.kind == "single"
    gone = dataclasses.replace(recipe, function="crop")
    for wrong, tree in (
        (gone, TREE),
        (recipe, {}),
        (recipe, {"shapes/__init__.py": b"\xff"}),
        (recipe, {"shapes/__init__.py": b"("}),
    ):
        with pytest.raises(BankError, match="does not fit"):
            wrong.damaged(tree)


def test_recipe_files_are_written_whole(tmp_path):
    path = write(tmp_path, SPEC, Recipes(("a",), ()))
    assert [path] == list(tmp_path.iterdir())
    assert decode(SPEC, path.read_bytes()).test_ids == ("a",)


def test_a_journal_forgets_what_was_cut_short(tmp_path, monkeypatch):
    monkeypatch.setenv("TEXTGYM_CACHE", str(tmp_path))
    journal = Journal(SPEC)
    journal.put("one", {"found": 1})
    journal.put("two", {"found": [2]})
    with journal.path.open("ab") as file:
        file.write(b'["three", {"fou')
    again = Journal(SPEC)
    assert [again.get(name) for name in ("one", "two", "three")] == [{"found": 1}, {"found": [2]}, None]
    again.put("three", 3)
    assert Journal(SPEC).get("three") == 3
    assert Journal(SPEC.model_copy(update={"sha256": "1" * 64})).get("one") is None
    again.forget()
    assert Journal(SPEC).get("one") is None


def aims(tests=8):
    names = tuple(f"tests/test_shapes.py::test_{number}" for number in range(tests))
    enters = {"shapes/__init__.py:total": tuple(range(tests)), "shapes/__init__.py:clamp": (0, 1)}
    return list(targets(SPEC, TREE, Baseline(names, 1.0, enters, frozenset(), 0)))


def test_the_same_mutants_are_tried_each_time_and_of_many_operators():
    assert aims() == aims()
    total = next(each for each in aims() if each.label == "total")
    assert len(total.mutants) == 10
    assert len({mutant.operator for mutant in total.mutants}) >= 6
    assert [mutant.operator for mutant in total.removals] == ["remove_body"]


def test_functions_that_run_at_import_or_have_no_tests_are_left_out():
    names = ("a", "b")
    enters = {"shapes/__init__.py:total": (0,), "shapes/__init__.py:clamp": (1,), "tests/test_shapes.py:helper": (0,)}
    baseline = Baseline(names, 1.0, enters, frozenset({"shapes/__init__.py:clamp"}), 0)
    assert [each.label for each in targets(SPEC, TREE, baseline)] == ["total"]


def test_faults_that_show_too_little_or_too_much_are_left_out():
    total = next(each for each in aims() if each.label == "total")
    assert not fits(total, [])
    assert fits(total, [1])
    assert fits(total, [1, 2, 3])
    assert not fits(total, [1, 2, 3, 4])
    clamp = next(each for each in aims() if each.label == "clamp")
    assert fits(clamp, [0, 1])
    wide = next(each for each in aims(100) if each.label == "total")
    assert fits(wide, range(30))
    assert not fits(wide, range(31))


def test_few_of_a_function_are_kept_of_different_operators_and_weak_suites_give_none():
    total = next(each for each in aims() if each.label == "total")
    killed = [Attempt("exit", (number % 3,)) for number in range(len(total.mutants))]
    found, further = candidates(total, killed)
    assert {each.mutants for each in further}.isdisjoint({each.mutants for each in found})
    assert all(len(each.mutants) == 1 and each.strength == 1.0 for each in further)
    assert 1 <= len(further) <= 3
    singles = [
        each.mutants[0] for each in found if len(each.mutants) == 1 and each.mutants[0].operator != "remove_body"
    ]
    assert len(singles) == 3
    assert len({each.operator for each in singles}) == 3
    together = [each.mutants for each in found if len(each.mutants) > 1]
    assert len(together) == 1
    assert all(each.strength == 1.0 for each in found)
    half = [Attempt("exit", () if number % 2 else (0,)) for number in range(len(total.mutants))]
    found, further = candidates(total, half)
    assert [each.mutants[0].operator for each in found] == ["remove_body"]
    assert further == []
    assert candidates(total, [Attempt("not live", ())] * len(total.mutants)) == ([], [])


def test_difficulty_grows_with_what_makes_a_fault_hard():
    total = next(each for each in aims() if each.label == "total")
    one, two = total.mutants[:1], total.mutants[:2]
    assert 0 <= difficulty(total, one, [0, 1, 2]) < difficulty(total, one, [0]) < difficulty(total, two, [0]) <= 1
    assert difficulty(dataclasses.replace(total, lines=200), one, [0]) > difficulty(total, one, [0])
