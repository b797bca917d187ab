"""Hostile code, run where it can do no harm: one interface, several providers, one conformance suite."""

from textgym.sandbox.calls import Call
from textgym.sandbox.cases import Case, CaseVerdict, Graded
from textgym.sandbox.compare import Comparison
from textgym.sandbox.errors import (
    ImageError,
    SandboxClosedError,
    SandboxError,
    SandboxLostError,
    SandboxUnavailableError,
    SlotTakenError,
)
from textgym.sandbox.grading import Grading, grade_cases
from textgym.sandbox.limits import Limits
from textgym.sandbox.opening import open_sandbox
from textgym.sandbox.pool import Sandbox
from textgym.sandbox.provider import Provider
from textgym.sandbox.results import RunResult, Status

__all__ = [
    "Call",
    "Case",
    "CaseVerdict",
    "Comparison",
    "Graded",
    "Grading",
    "ImageError",
    "Limits",
    "Provider",
    "RunResult",
    "Sandbox",
    "SandboxClosedError",
    "SandboxError",
    "SandboxLostError",
    "SandboxUnavailableError",
    "SlotTakenError",
    "Status",
    "grade_cases",
    "open_sandbox",
]
