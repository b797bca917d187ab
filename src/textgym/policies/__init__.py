"""Who plays: oracle, noop, random, a script, a person, any OpenAI-compatible endpoint, your own function."""

from textgym.policies.base import Answer, AnyPolicy, BatchPolicy, Policy, PolicyError, ReferencePolicy, as_policy
from textgym.policies.reference import Noop, Oracle, RandomPolicy

__all__ = [
    "Answer",
    "AnyPolicy",
    "BatchPolicy",
    "Noop",
    "Oracle",
    "Policy",
    "PolicyError",
    "RandomPolicy",
    "ReferencePolicy",
    "as_policy",
]
