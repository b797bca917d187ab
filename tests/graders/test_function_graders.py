"""Functions as graders: declared in Python, named in JSON, refused when they have changed."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from textgym import Score
from textgym.graders import Grader, GraderSpecError, Invalid, Item, Sample, Sum, grader, load

MODULE = """
from textgym.graders import grader

@grader(bounds=(-1, 1))
def short(item, sample):
    return 1.0 if len(sample.output_text) < item["most"] else -1.0

def plain(item, sample):
    return 1.0
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A user's module that can be imported under a name of its own, and is forgotten afterwards."""
    path = tmp_path / f"users_{tmp_path.name}.py"
    path.write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    yield path
    sys.modules.pop(path.stem, None)


@grader
def loud(item: Item, sample: Sample) -> float:
    return sum(letter.isupper() for letter in sample.output_text) / max(1, len(sample.output_text))


@grader(bounds=(0, 2), name="patience")
async def patient(item: Item, sample: Sample) -> Score | float:
    await asyncio.sleep(0)
    return Score(value=2.0, reason="it waited")


@grader
def undecided(item: Item, sample: Sample) -> float:
    raise Invalid("refused", "it will not say", code="model_grader_refusal_error")


def test_a_function_is_a_grader_and_still_a_function() -> None:
    assert isinstance(loud, Grader)
    assert loud({}, "ABcd") == 0.5
    assert loud.grade({}, "ABcd").value == 0.5
    assert (loud.label, loud.bounds, patient.label, patient.bounds) == ("loud", (0, 1), "patience", (0, 2))
    assert undecided.grade({}, "").status == "refused"


def test_functions_take_part_in_the_algebra() -> None:
    tree = 0.5 * loud + 0.25 * patient
    assert isinstance(tree, Sum)
    assert tree.bounds == (0, 1)
    assert tree.grade({}, "AB").value == 1.0
    assert load(tree.model_dump_json()) == tree


def test_json_names_module_function_and_hash() -> None:
    written = json.loads(loud.model_dump_json())
    assert written == {"type": "ref", "name": None, "target": f"{__name__}:loud", "sha": loud.sha}
    assert load(written) == loud
    assert load(written).digest == loud.digest
    assert load({"type": "ref", "target": f"{__name__}:loud"}) == loud


def test_a_grader_is_found_by_importing_its_module(module: Path) -> None:
    tree = load({"type": "ref", "target": f"{module.stem}:short"})
    assert tree.bounds == (-1, 1)
    assert tree.grade({"most": 3}, "four").value == -1.0


def test_another_process_reads_the_same_grader(module: Path) -> None:
    written = load({"type": "ref", "target": f"{module.stem}:short"}).model_dump_json()
    code = "import sys; from textgym.graders import load; print(load(sys.argv[1]).grade({'most': 9}, 'four').value)"
    done = subprocess.run(
        [sys.executable, "-c", code, written], cwd=module.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout == "1.0\n"


def test_a_function_that_has_changed_is_refused(module: Path) -> None:
    written = load({"type": "ref", "target": f"{module.stem}:short"}).model_dump_json()
    module.write_text(MODULE.replace("<", "<="))
    code = "import sys; from textgym.graders import load; load(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", code, written], cwd=module.parent, capture_output=True, text=True, check=False
    )
    assert f"the source of {module.stem}:short has changed" in done.stderr
    with pytest.raises(GraderSpecError, match=r"has changed.*leave `sha` out"):
        load({"type": "ref", "target": f"{__name__}:loud", "sha": "0" * 64})


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("MODULE:plain", "no function declared with @grader"),
        ("MODULE:none", "no function declared with @grader"),
        ("os:system", "no function declared with @grader"),
        ("no_such_module:f", "cannot be imported"),
        ("MODULE", "ref.target"),
        ("../evil:f", "ref.target"),
        ("", "ref.target"),
    ],
)
def test_only_what_was_declared_can_be_named(module: Path, target: str, said: str) -> None:
    target = target.replace("MODULE", module.stem)
    for sha in ({}, {"sha": "0" * 64}):
        with pytest.raises(GraderSpecError, match=said):
            load({"type": "ref", "target": target, **sha})


def test_functions_can_be_refused_and_are_then_not_imported(module: Path) -> None:
    inside = {
        "type": "not",
        "grader": {"type": "min", "graders": [1, {"type": "ref", "target": f"{module.stem}:short"}]},
    }
    with pytest.raises(GraderSpecError, match="not allowed here"):
        load(inside, refs=False)
    assert module.stem not in sys.modules
    with pytest.raises(GraderSpecError, match="not allowed here"):
        load(~loud, refs=False)
    assert load(~loud) == ~loud
    load(inside)
    assert module.stem in sys.modules


def test_a_declaration_that_cannot_work_is_refused() -> None:
    with pytest.raises(GraderSpecError, match="write a def"):
        grader(lambda item, sample: 1.0)
    with pytest.raises(GraderSpecError, match="bounds"):
        grader(bounds=(1, 0))(test_functions_take_part_in_the_algebra)
    names: dict[str, object] = {"__name__": "nowhere"}
    exec("def f(item, sample): return 1.0", names)
    with pytest.raises(GraderSpecError, match="put it into a module"):
        grader(names["f"])
