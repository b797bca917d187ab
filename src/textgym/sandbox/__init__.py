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
    SessionEndedError,
    SessionFileError,
    SessionTimeoutError,
    SlotTakenError,
)
from textgym.sandbox.grading import Grading, grade_cases
from textgym.sandbox.judging.verdict import Judged, TestVerdict
from textgym.sandbox.limits import Limits
from textgym.sandbox.network import Network
from textgym.sandbox.opening import open_sandbox
from textgym.sandbox.pool import Sandbox
from textgym.sandbox.process import Process
from textgym.sandbox.provider import Provider
from textgym.sandbox.results import RunResult, Status
from textgym.sandbox.session import Session
from textgym.sandbox.session_messages import Changes, End, FileMap
from textgym.sandbox.shell import CommandResult, Shell
from textgym.sandbox.trees import FileTree

__all__ = [
    "Call",
    "Case",
    "CaseVerdict",
    "Changes",
    "CommandResult",
    "Comparison",
    "End",
    "FileMap",
    "FileTree",
    "Graded",
    "Grading",
    "ImageError",
    "Judged",
    "Limits",
    "Network",
    "Process",
    "Provider",
    "RunResult",
    "Sandbox",
    "SandboxClosedError",
    "SandboxError",
    "SandboxLostError",
    "SandboxUnavailableError",
    "Session",
    "SessionEndedError",
    "SessionFileError",
    "SessionTimeoutError",
    "Shell",
    "SlotTakenError",
    "Status",
    "TestVerdict",
    "grade_cases",
    "open_sandbox",
]
