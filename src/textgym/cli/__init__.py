"""The command line: one verb a module, none of which imports anything heavy before it is called."""

from textgym.cli.app import app, main

__all__ = ["app", "main"]
