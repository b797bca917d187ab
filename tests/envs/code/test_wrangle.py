"""DataWrangle: tables that are right by two ways, and programs that are paid only for them."""

import subprocess
import sys
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.sandboxes import StarvedBox
from textgym.core import Random, derive_key
from textgym.envs.code.wrangle import DataWrangle
from textgym.envs.code.wrangle import env as wrangle
from textgym.envs.code.wrangle.formats import FORMATS
from textgym.envs.code.wrangle.operations import OPERATIONS, Choice
from textgym.envs.code.wrangle.records import DOMAINS, Quirks
from textgym.envs.code.wrangle.tables import difference, read_table, same, shown
from textgym.envs.code.wrangle.tasks import Recipe


def run_here(program: str, directory: Path) -> bytes:
    """Run a reference program of ours, as a process of its own."""
    done = subprocess.run([sys.executable, "-I", "-c", program], cwd=directory, capture_output=True, check=True)
    return done.stdout


def recipes() -> list[Recipe]:
    """Every pair of format and operation once, domains and quirks in turn."""
    rng = Random(derive_key("recipes"))
    made = []
    for number, (form, operation) in enumerate(product(FORMATS, OPERATIONS)):
        domain = DOMAINS[number % len(DOMAINS)]
        quirks = Quirks(missing=number % 2 == 0, repeated=number % 3 == 0)
        made.append(Recipe(domain, form, operation, quirks, Choice.draw(domain, rng)))
    return made


@pytest.mark.parametrize("form", [form.name for form in FORMATS])
def test_the_reference_program_finds_what_was_computed_from_the_records(form: str, tmp_path: Path) -> None:
    rng = Random(derive_key("instances", form))
    for recipe in recipes():
        if recipe.format.name != form:
            continue
        for rows in (8, 60):
            instance = recipe.instance(rows, rng)
            for name, text in instance.files.items():
                (tmp_path / name).write_bytes(text.encode())
            found = read_table(run_here(recipe.program(), tmp_path), most=1_000)
            assert isinstance(found, list), found
            assert difference(found, instance.table) is None, (recipe.family, rows)


def test_there_are_far_more_than_thirty_templates_and_every_split_has_some() -> None:
    env = DataWrangle()
    families = {split: {env.task(split, i).family for i in range(60)} for split in ("train", "validation", "test")}
    assert len(families["train"]) >= 30
    assert all(families.values())
    assert not families["train"] & families["test"]
    assert not families["train"] & families["validation"]
    assert not families["validation"] & families["test"]


def test_prompts_are_distinct() -> None:
    env = DataWrangle()
    assert len({env.task("train", i).prompt for i in range(300)}) == 300


@pytest.mark.parametrize(
    ("output", "wanted", "right"),
    [
        (b"a,b\n1,2\n", [["a", "b"], ["1", "2"]], True),
        (b"\xef\xbb\xbfa , b\r\n1, 2.00\r\n\r\n", [["a", "b"], ["1", "2"]], True),
        (b'a,b\n"1",+2.0', [["a", "b"], ["1", "2"]], True),
        (b"a,b\n2,1\n", [["a", "b"], ["1", "2"]], False),
        (b"a,b\n", [["a", "b"], ["1", "2"]], False),
        (b"b,a\n1,2\n", [["a", "b"], ["1", "2"]], False),
        (b"a,b\n1,2\n1,2\n", [["a", "b"], ["1", "2"]], False),
        (b"a,b\n1,2e0\n", [["a", "b"], ["1", "2"]], False),
        (b"a,b\n1,\xd9\xa2\n", [["a", "b"], ["1", "2"]], False),
        (b"\xff", [["a", "b"]], False),
        (b'"a', [["a"]], False),
    ],
)
def test_what_counts_as_the_same_table(output: bytes, wanted: list[list[str]], right: bool) -> None:
    table = read_table(output, most=len(wanted))
    assert (isinstance(table, list) and difference(table, wanted) is None) is right


CELLS = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(
    lambda text: text == text.strip() and not text.startswith("\ufeff")
)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=8))
def test_a_table_is_read_as_it_was_written(table: list[list[str]]) -> None:
    assert read_table(shown(table).encode(), most=len(table)) == table
    assert difference(table, table) is None


@given(st.binary(max_size=300))
def test_any_output_is_a_table_or_a_reason(output: bytes) -> None:
    assert isinstance(read_table(output, most=5), list | str)


@given(st.text(max_size=40), st.text(max_size=40))
def test_comparing_never_raises_and_does_not_depend_on_the_order(left: str, right: str) -> None:
    assert same(left, right) == same(right, left)
    assert same(left, left)


def test_the_quirks_matter(tmp_path: Path) -> None:
    """A program that is blind to them finds another table, or none."""
    rng = Random(derive_key("power"))
    blind = tried = 0
    for recipe in recipes():
        if recipe.quirks == Quirks(missing=False, repeated=False) or recipe.format.name not in ("csv", "log", "xml"):
            continue
        instance = recipe.instance(60, rng)
        for name, text in instance.files.items():
            (tmp_path / name).write_bytes(text.encode())
        program = replace(recipe, quirks=Quirks(missing=False, repeated=False)).program()
        done = subprocess.run([sys.executable, "-I", "-c", program], cwd=tmp_path, capture_output=True, check=False)
        found = read_table(done.stdout, most=1_000)
        tried += 1
        blind += done.returncode != 0 or not isinstance(found, list) or difference(found, instance.table) is not None
    assert tried >= 20
    assert blind >= 0.8 * tried


@pytest.mark.docker
@pytest.mark.parametrize(
    ("late", "share", "reward", "status"),
    [
        (1, 0.01, 1.0, "ok"),
        (2, 0.001, 0.0, "infra_error"),
        (2, 1.0, 0.0, "ok"),
    ],
)
def test_a_program_that_had_no_time_to_run_is_run_again_and_then_masked(
    monkeypatch: pytest.MonkeyPatch, late: int, share: float, reward: float, status: str
) -> None:
    monkeypatch.setattr(wrangle, "box", StarvedBox(late, share).get)
    env = DataWrangle()
    live = env.start(env.task("train", 0))
    _, got, _, _, info = live.step(env.oracle(live.task, live.state))
    assert (got, info["outcome"]["status"], info["outcome"]["mask"]) == (reward, status, status != "ok")


@pytest.mark.docker
def test_a_program_that_sleeps_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    short = wrangle._LIMITS.model_copy(update={"wall_s": 2, "cpu_s": 0.4})
    monkeypatch.setattr(wrangle, "_LIMITS", short)
    env = DataWrangle()
    live = env.start(env.task("train", 0))
    program = f"import time; time.sleep(60)\n{live.task.secret['program']}"
    _, reward, _, _, info = live.step(env.call("submit", program=program))
    assert (reward, info["outcome"]["status"], info["outcome"]["mask"]) == (0.0, "ok", False)
