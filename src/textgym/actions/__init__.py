"""Reading a model's text: tool calls in three protocols, final answers, numbers. Text is data, never code."""

from textgym.actions.answers import final_answer
from textgym.actions.calls import Parsed, ParseError, Protocol, ToolCall
from textgym.actions.env import ToolConfig, ToolEnv
from textgym.actions.numbers import whole_number
from textgym.actions.protocols import PROTOCOLS, describe_tools, encode_call, encode_calls, parse_calls
from textgym.actions.tools import ArgumentError, Parameter, Tool, ToolDeclarationError, tool

__all__ = [
    "PROTOCOLS",
    "ArgumentError",
    "Parameter",
    "ParseError",
    "Parsed",
    "Protocol",
    "Tool",
    "ToolCall",
    "ToolConfig",
    "ToolDeclarationError",
    "ToolEnv",
    "describe_tools",
    "encode_call",
    "encode_calls",
    "final_answer",
    "parse_calls",
    "tool",
    "whole_number",
]
