"""The check battery over CodeFix on small packages."""

import pytest
from sample_repairs import SampleFix

from textgym.diagnostics import EnvironmentSuite


@pytest.mark.docker
class TestCodeFix(EnvironmentSuite):
    env_class = SampleFix
    tasks = 4
