"""Servers behind an OpenAI-compatible `/chat/completions`: how they are called, and how their answers are read.

Policies and judges ask through this room. It knows nothing of episodes and rewards.
"""

from textgym.endpoints.address import OPENAI_URL, checked_headers, completions_url, usable_key
from textgym.endpoints.chat_format import ChatReply, NativeCall, UnreadableBodyError, read_chat_reply
from textgym.endpoints.errors import EndpointError, EndpointSettingError
from textgym.endpoints.http_calls import Answered, CallLimits, HttpCaller
from textgym.endpoints.per_loop import PerLoop

__all__ = [
    "OPENAI_URL",
    "Answered",
    "CallLimits",
    "ChatReply",
    "EndpointError",
    "EndpointSettingError",
    "HttpCaller",
    "NativeCall",
    "PerLoop",
    "UnreadableBodyError",
    "checked_headers",
    "completions_url",
    "read_chat_reply",
    "usable_key",
]
