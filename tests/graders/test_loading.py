"""Graders from JSON: what is refused, and graders that a third party's package adds."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_graders import Given

from textgym import TextgymError
from textgym.graders import Case, Grader, GraderSpecError, load

PLUGIN = Path(__file__).parent / "plugin"


def nested(depth: int) -> str:
    return '{"type": "not", "grader": ' * depth + "1" + "}" * depth


@pytest.mark.parametrize(
    ("given_text", "said"),
    [
        ("", "no JSON"),
        ("nope", "no JSON"),
        ("[]", "a grader is a JSON object, not list"),
        ("1", "a grader is a JSON object, not int"),
        ("{}", "needs a `type`"),
        ('{"type": 3}', "needs a `type`"),
        ('{"type": "minn", "graders": [1]}', "did you mean 'min'"),
        ('{"type": "min", "graders": [{"type": "nott"}]}', "min.graders.0: no grader has the type 'nott'"),
        ('{"type": "min", "graders": [{"type": "not"}]}', "min.graders.0.grader: Field required"),
        ('{"type": "min", "graders": [null]}', "min.graders.0"),
        ('{"type": "min", "graders": ["1"]}', "min.graders.0"),
        ('{"type": "min", "grader": [1], "graders": [1]}', "no field 'grader': did you mean 'graders'"),
        ('{"type": "constant", "value": NaN}', "NaN"),
        ('{"type": "constant", "value": 1, "value": 2}', "twice"),
        (nested(70), "deeper than 64"),
        (nested(150), "deeper than 64"),
        (nested(300), "nested too deeply"),
        (nested(100_000), "no JSON|nested too deeply"),
        (" " * 5_000_000, "at most 4,194,304"),
    ],
    ids=range(19),
)
def test_what_is_no_grader_is_refused_in_one_line(given_text: str, said: str) -> None:
    with pytest.raises(GraderSpecError, match=said) as refusal:
        load(given_text)
    assert "\n" not in str(refusal.value)
    assert isinstance(refusal.value, TextgymError)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3)
                    | st.dictionaries(st.sampled_from(["type", "graders", "grader", "name", "value"]), inner, max_size=4)))  # fmt: skip
def test_any_json_is_a_grader_or_refused(value: Any) -> None:
    for form in (value, json.dumps(value)):
        try:
            assert isinstance(load(form), Grader)
        except GraderSpecError:
            continue


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_any_text_is_a_grader_or_refused(text: str | bytes) -> None:
    with pytest.raises(GraderSpecError):
        load(text)


def test_text_bytes_mappings_and_graders_load_alike() -> None:
    tree = Given(key="a") & 2 * Given(key="b", name="β")
    text = tree.model_dump_json()
    assert load(text) == load(text.encode()) == load(json.loads(text)) == load(tree) == tree


def test_free_settings_are_kept_as_json_gives_them_back() -> None:
    tree = Case(on=("{{ item.x }}", {"y": (1, 2.5, None, True)}), graders={"a": Given(key="a")})
    assert tree.on == ["{{ item.x }}", {"y": [1, 2.5, None, True]}]
    assert load(tree.model_dump_json()) == tree
    for wrong in ({1, 2}, {1: 2}, float("nan"), b"x", object(), "\ud800", {"\udfff": 1}, 10**5000):
        with pytest.raises(ValueError, match=r"case\.on: "):
            Case(on=[wrong], graders={"a": Given(key="a")})
    deep: Any = []
    for _ in range(100):
        deep = [deep]
    with pytest.raises(ValueError, match="nested deeper"):
        Case(on=deep, graders={"a": Given(key="a")})


def test_two_graders_cannot_have_one_type() -> None:
    with pytest.raises(GraderSpecError, match="type 'given' already"):

        class Other(Grader):
            type: Literal["given"] = "given"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the third party's package is installed."""
    source = tmp_path_factory.mktemp("source") / "plugin"
    shutil.copytree(PLUGIN, source, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "build"))
    target = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--no-build-isolation", "--no-index", "--target", str(target), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


def ask(code: str, site: Path) -> str:
    whole = f"import sys; sys.path.insert(0, {str(site)!r})\nfrom textgym.graders import *\n{code}"
    done = subprocess.run([sys.executable, "-W", "error", "-c", whole], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_a_third_partys_grader_is_indistinguishable_from_ours(installed: Path) -> None:
    code = """
tree = load('{"type": "not", "grader": {"type": "rhymes", "reference": "{{ item.word }}"}}')
print(tree.grade({"word": "cat"}, "hat").value, tree.grade({"word": "cat"}, "dog").value)
print(load(tree.model_dump_json()) == tree, "textgym_rhymes" in sys.modules)
"""
    assert ask(code, installed) == "0.0 1.0\nTrue True\n"


def test_a_plugin_is_imported_only_where_its_type_is_needed(installed: Path) -> None:
    code = 'load(\'{"type": "not", "grader": 1}\'); print(\'textgym_rhymes\' in sys.modules)'
    assert ask(code, installed) == "False\n"


def test_a_plugin_that_cannot_be_imported_is_named(installed: Path, tmp_path: Path) -> None:
    broken = tmp_path / "site"
    shutil.copytree(installed, broken)
    (broken / "textgym_rhymes" / "__init__.py").write_text("import no_such_package")
    said = ask("load({'type': 'rhymes'})", broken)
    assert "the plug-in rhymes of textgym-rhymes cannot be imported" in said
    assert ask("print(load({'type': 'not', 'grader': 1}).type)", broken) == "not\n"
