"""Math-Verify beside us: its own cases, and generated pairs of which is known whether they are equal."""

import json
import subprocess
import sys
from pathlib import Path

import mathverify_cases as upstream
import pytest

ROOT = Path(__file__).parents[3]
BENCH_PYTHON = ROOT / ".venv-bench" / "bin" / "python"


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[upstream.Case]:
    try:
        return upstream.cases(tmp_path_factory.mktemp("sdist"))
    except OSError as error:
        pytest.skip(f"Math-Verify's source distribution cannot be had: {error}")


@pytest.mark.slow
def test_we_agree_with_every_case_of_math_verify_that_is_not_contested(cases):
    known = {case.id for case in cases}
    assert upstream.CONTESTED.keys() <= known
    judged = [case for case in cases if case.id not in upstream.CONTESTED]
    assert (sum(case.equal for case in judged), sum(not case.equal for case in judged)) == (231, 41)
    wrong = [case.id for case in judged if upstream.compare(case) != case.equal]
    assert wrong == []


@pytest.mark.slow
def test_generated_pairs_are_judged_right_and_each_disagreement_of_math_verify_is_explained():
    if not BENCH_PYTHON.exists():
        pytest.skip("`make bench` installs Math-Verify")
    program = (
        "import json, logging, sys; sys.path.insert(0, sys.argv[1]); logging.disable(logging.WARNING)\n"
        "from math_pairs import EXPLAINED, by_math_verify, has_math_verify, pairs\n"
        "from textgym.graders import math_equal\n"
        "given = list(pairs(312, seed=5)) if has_math_verify() else []\n"
        "print(json.dumps({'count': len(given), 'explained': sorted(EXPLAINED),\n"
        "  'ours': [p.kind for p in given if math_equal(p.reference, p.answer) != p.equal],\n"
        "  'theirs': sorted({p.kind for p in given if by_math_verify(p) != p.equal})}))"
    )
    run = subprocess.run(
        [BENCH_PYTHON, "-c", program, ROOT / "benchmarks"], check=True, capture_output=True, text=True, timeout=600
    )
    found = json.loads(run.stdout)
    if not found["count"]:
        pytest.skip("`make bench` installs Math-Verify")
    assert found["ours"] == []
    assert set(found["theirs"]) <= set(found["explained"])


def test_the_page_explains_each_kind_in_which_math_verify_differs():
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        from math_pairs import EXPLAINED, KINDS
    finally:
        sys.path.pop(0)
    page = (ROOT / "docs" / "math_equal.md").read_text()
    assert EXPLAINED.keys() <= KINDS.keys()
    for kind in EXPLAINED:
        assert f"| {kind} |" in page
