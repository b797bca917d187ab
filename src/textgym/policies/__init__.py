"""Who plays: oracle, noop, random, a script, a person, any OpenAI-compatible endpoint, your own function."""

from textgym.policies.base import (
    Answer,
    AnyPolicy,
    BatchPolicy,
    Policy,
    PolicyError,
    PolicySettingError,
    ReferencePolicy,
    as_policy,
)
from textgym.policies.by_name import policy_by_name
from textgym.policies.chat_endpoint import ChatEndpoint
from textgym.policies.http_calls import CallLimits
from textgym.policies.human import Human
from textgym.policies.reference import Noop, Oracle, RandomPolicy
from textgym.policies.script import Script, Scripts, script_from_file

__all__ = [
    "Answer",
    "AnyPolicy",
    "BatchPolicy",
    "CallLimits",
    "ChatEndpoint",
    "Human",
    "Noop",
    "Oracle",
    "Policy",
    "PolicyError",
    "PolicySettingError",
    "RandomPolicy",
    "ReferencePolicy",
    "Script",
    "Scripts",
    "as_policy",
    "policy_by_name",
    "script_from_file",
]
