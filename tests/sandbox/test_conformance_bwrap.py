"""The conformance suite over bubblewrap."""

import pytest

from textgym.sandbox.conformance import SandboxConformance

pytestmark = pytest.mark.sandbox


class TestBwrap(SandboxConformance):
    provider = "bwrap"
