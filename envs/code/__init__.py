"""Code: programs to repair, write, read and query. What a policy writes is run in a sandbox; verdicts fall outside."""

from textgym.registry import Entry

ENVIRONMENTS: tuple[Entry, ...] = ()
