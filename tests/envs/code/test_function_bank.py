"""The stored bugs of the functions: as many as promised, all different, all wrong, and those that the build finds."""

import pytest

from textgym.core import SPLITS, Random, derive_key
from textgym.envs.code.functions import bank
from textgym.envs.code.functions.build import mined_record
from textgym.envs.code.functions.family import Family
from textgym.envs.code.functions.metering import ENDLESS, Program
from textgym.envs.code.functions.mining import HIDDEN, killed
from textgym.envs.code.functions.pool import LIMIT, draw_pool
from textgym.envs.code.functions.rendering import Rendered
from textgym.envs.code.functions.shelf import MIXED, bug_shelf, variants
from textgym.envs.code.functions.themes import THEMES, families, theme_families
from textgym.sandbox.driver import encode

EVERY = [(name, variant) for split in SPLITS for name, variant in variants(split)]
SOME = EVERY[:: max(1, len(EVERY) // 25)]


def outcome(source: str, entry: str, args: tuple[object, ...]) -> str:
    return Program(source, entry).run(list(args), LIMIT)[0]


@pytest.mark.parametrize("theme", THEMES)
def test_the_bank_was_built_from_the_families_as_they_are(theme: str) -> None:
    for family in theme_families(theme):
        assert bank.stored_digest(theme, family.name) == bank.digest(family), (
            f"{family.name} has changed: run python -m textgym.envs.code.functions.build"
        )


def test_every_family_is_served() -> None:
    assert set(bank.stored_families()) == set(families())
    assert all(len(bug_shelf(split, MIXED, MIXED)) > 0 for split in SPLITS)


@pytest.mark.parametrize(("name", "variant"), SOME)
def test_each_bug_is_caught_by_a_hidden_input_and_shows_where_it_is_said_to(name: str, variant: int) -> None:
    found = bank.problem(name, variant)
    assert len(found.hidden) >= HIDDEN
    assert len(found.shown) == bank.SHOWN
    texts = {encode(list(case.args), canonical=True) for case in (*found.hidden, *found.shown)}
    assert len(texts) == len(found.hidden) + len(found.shown), "an example is among the hidden inputs"
    for bug in found.bugs[::7]:
        program = Program(bug.apply(found.source), found.entry)
        hidden = [
            program.run(list(case.args), LIMIT)[0] != encode(case.expected, canonical=True) for case in found.hidden
        ]
        assert any(hidden)
        shown = [
            program.run(list(case.args), LIMIT)[0] != encode(case.expected, canonical=True) for case in found.shown
        ]
        assert tuple(number for number, wrong in enumerate(shown) if wrong) == bug.wrong
        assert 0 < bug.share <= 0.9
        low, high = next((low, high) for level, low, high in bank.LEVELS if level == bug.level)
        assert low <= bug.share <= high


@pytest.mark.parametrize(("name", "variant"), SOME)
def test_no_two_bugs_of_a_variant_are_the_same(name: str, variant: int) -> None:
    found = bank.problem(name, variant)
    assert len({bug.apply(found.source) for bug in found.bugs}) == len(found.bugs)
    assert all(bug.apply(found.source) != found.source for bug in found.bugs)


def test_the_build_finds_the_same_again() -> None:
    name, variant = EVERY[len(EVERY) // 2]
    assert mined_record(name, variant) == bank.stored_record(name, variant)


@pytest.mark.slow
def test_hidden_inputs_catch_99_of_100_mutants_that_any_of_many_other_inputs_catches() -> None:
    wrong = caught = 0
    for name in families():
        family = families()[name]
        rng = Random(derive_key("fresh inputs", name))
        fresh = [family.inputs(rng) for _ in range(500)]
        one, two = killed(family, 0, bank.stored_record(name, 0)["hidden"], fresh)
        wrong, caught = wrong + one, caught + two
    assert wrong > 1_000
    assert caught >= 0.99 * wrong


@pytest.mark.slow
def test_there_are_at_least_100_000_different_tasks() -> None:
    texts: set[int] = set()
    count = 0
    for split in SPLITS:
        shelf = bug_shelf(split, MIXED, MIXED)
        for index in range(len(shelf)):
            place = shelf[index]
            assert place.bug is not None
            rendered = Rendered.of(bank.problem(place.family, place.variant), place.style, place.wording)
            texts.add(hash(rendered.buggy(place.bug)))
            count += 1
    assert count >= 100_000
    assert len(texts) >= 0.999 * count


class TestMetering:
    def test_what_never_ends_ends(self) -> None:
        for body in (
            "while True: pass",
            "x = 2\n    while True: x = x * x",
            "xs = [1]\n    while True: xs += xs",
            "return f(n)",
        ):
            assert outcome(f"def f(n):\n    {body}\n", "f", (1,)) in (ENDLESS, "raised RecursionError")

    def test_what_grows_without_bound_ends(self) -> None:
        for expression in ("'a' * 10**12", "2 ** 10**9", "1 << 10**12", "sum(range(10**12))", "[0] * (n * 10**11)"):
            assert outcome(f"def f(n):\n    return len(str({expression}))\n", "f", (1,)) == ENDLESS

    def test_the_meter_changes_no_result(self) -> None:
        source = """
def f(xs):
    total = [0]
    shared = total
    shared += [x * 2 ** 3 + (x << 1) for x in xs if (lambda y: y > 1)(x)]
    text = "ab" * 2 + "c"
    text += "d"
    return [total, shared is total, text, {x: x + 1 for x in xs}, max(xs, default=0)]
"""
        names: dict[str, object] = {}
        exec(source, names)
        function = names["f"]
        assert callable(function)
        for args in ([1, 2, 3], []):
            assert outcome(source, "f", (args,)) == encode(function(args), canonical=True)

    def test_arguments_are_not_changed(self) -> None:
        given = [[1, 2]]
        Program("def f(xs):\n    xs.append(3)\n    return xs\n", "f").run(given, LIMIT)
        assert given == [[1, 2]]


def test_a_family_that_is_not_stored_is_not_served() -> None:
    stranger = Family(("Return `x`.",), "def stranger(x: int) -> int:\n    return x\n", ({},), lambda rng: [1], ())
    assert stranger.name not in bank.stored_families()
    assert draw_pool(stranger, 0) == [[1]]
