"""The checks, by theme. Importing this package registers them in the order in which they run."""

import importlib

THEMES = ("api", "tasks", "rewards", "attacks", "redteam", "limits", "secrets", "determinism", "state")

for _theme in THEMES:
    importlib.import_module(f"{__name__}.{_theme}")
