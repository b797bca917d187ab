"""Environments of other suites as arenas, so that the same cheats can be played against them.

| name | environment |
|---|---|
| `gem:ID` | an environment of GEM (`pip install gem-llm`), such as `gem:game:GuessTheNumber-v0` |
| `rg:DATASET` | a dataset of reasoning-gym (`pip install reasoning-gym`), such as `rg:chain_sum` |
| `vf:MODULE` | a module with `load_environment()` for verifiers (`pip install "verifiers<0.2"`) |
"""

import importlib
from collections.abc import Mapping
from typing import Any

from textgym.diagnostics.redteam.arena import Arena

_MODULES = {"gem": "gem", "rg": "reasoning_gym", "vf": "verifiers"}


def is_peer(name: str) -> bool:
    """Whether a name is that of a peer's environment."""
    kind, colon, rest = name.partition(":")
    return bool(colon and rest) and kind in _MODULES


def peer_arena(name: str, settings: Mapping[str, Any]) -> Arena:
    """The arena of a peer's environment.

    Raises:
        OptionalDependencyError: the package is not installed.
        UnknownEnvironmentError: it has no such environment.
        ConfigError: the settings cannot be used.
    """
    kind, _, rest = name.partition(":")
    module = importlib.import_module(f"{__name__}.{_MODULES[kind]}")
    made: Arena = module.arena(rest, dict(settings))
    return made
