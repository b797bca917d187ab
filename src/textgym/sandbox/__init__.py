"""Hostile code, run where it can do no harm: one interface, several providers, one conformance suite."""

from textgym.sandbox.calls import Call
from textgym.sandbox.errors import (
    ImageError,
    SandboxClosedError,
    SandboxError,
    SandboxLostError,
    SandboxUnavailableError,
)
from textgym.sandbox.limits import Limits
from textgym.sandbox.results import RunResult, Status

__all__ = [
    "Call",
    "ImageError",
    "Limits",
    "RunResult",
    "SandboxClosedError",
    "SandboxError",
    "SandboxLostError",
    "SandboxUnavailableError",
    "Status",
]
