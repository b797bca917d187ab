"""Every code environment passes the whole battery, here with few tasks; `textgym check` takes a hundred a split."""

import pytest

from textgym.diagnostics import check
from textgym.registry import entries

IDS = sorted(entry.id for entry in entries().values() if entry.domain == "code" and "bank" not in entry.needs)


@pytest.mark.docker
@pytest.mark.parametrize("env_id", IDS)
def test_it_passes_the_battery(env_id: str) -> None:
    report = check(env_id, tasks=2)
    assert report.passed, {name: report.check(name).evidence for name in report.failed}
    assert report.oracle is not None
    assert report.oracle.mean == 1.0
