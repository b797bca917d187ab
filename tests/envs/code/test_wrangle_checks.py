"""DataWrangle passes the whole battery, here with few tasks; `textgym check` takes a hundred a split."""

import pytest

from textgym.diagnostics import EnvironmentSuite


@pytest.mark.docker
class TestDataWrangle(EnvironmentSuite):
    env_id = "textgym/DataWrangle-v0"
    tasks = 2
