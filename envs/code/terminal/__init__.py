"""Terminal: `tree` (files as data), `box` (a command in a sandbox), `goal` (what is asked), `families` (the templates) and
the environment itself, `env`."""

from textgym.envs.code.terminal.env import Terminal, TerminalConfig, TerminalState

__all__ = ["Terminal", "TerminalConfig", "TerminalState"]
