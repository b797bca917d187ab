"""The conformance suite over hardened containers that are kept."""

import pytest

from textgym.sandbox.conformance import SandboxConformance

pytestmark = pytest.mark.docker


class TestDocker(SandboxConformance):
    provider = "docker"
