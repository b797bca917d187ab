"""Points, lines, angles and areas, exactly."""

from textgym.registry import Entry

ENVIRONMENTS: tuple[Entry, ...] = ()
