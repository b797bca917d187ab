"""`red_team`: one call for any environment, ours or a peer's."""

from collections.abc import Collection
from typing import Any

from textgym.core import TextEnv
from textgym.diagnostics.patience import DEFAULT_PATIENCE
from textgym.diagnostics.redteam.library import select_cheats
from textgym.diagnostics.redteam.measuring import Progress, attack
from textgym.diagnostics.redteam.peers import is_peer, peer_arena
from textgym.diagnostics.redteam.textgym_arena import TextgymArena
from textgym.diagnostics.report import RedTeamReport
from textgym.diagnostics.subject import Subject
from textgym.diagnostics.target import resolve

TASKS = {"none": 20, "step": 3, "episode": 1}
"""Tasks for each cheat, by what an environment takes a sandbox for."""


def red_team(
    env: str | type[TextEnv[Any, Any]],
    settings: dict[str, Any] | None = None,
    *,
    tasks: int | None = None,
    seed: int = 0,
    cheats: Collection[str] | None = None,
    families: Collection[str] | None = None,
    patience: float = DEFAULT_PATIENCE,
    progress: Progress | None = None,
) -> RedTeamReport:
    """Play the library of cheats against one environment, and its own cheats beside them.

    Args:
        env: an id as `textgym check` takes it, a class, or a peer's environment: `gem:ID`, `rg:DATASET`, `vf:MODULE`.
        settings: keyword arguments to make it with.
        tasks: tasks for each cheat; by default 20, for environments with sandboxes 3 or 1.
        seed: seed of the cheats' randomness; the same seed gives the same table.
        cheats: names of cheats to play; by default all.
        families: families of cheats to play; by default all.
        patience: seconds that one cheat may take against a peer's environment, which is then killed.
        progress: told before each cheat.

    Raises:
        UnknownEnvironmentError: there is no such environment.
        OptionalDependencyError: the peer's package is not installed.
        ConfigError: a setting is unknown or out of range.
        ValueError: a name in `cheats` or `families` is none, or `tasks` is less than 1.
    """
    if tasks is not None and tasks < 1:
        raise ValueError(f"tasks must be at least 1, not {tasks}")
    selected = select_cheats(cheats, families)
    own = (not cheats and not families) or "own" in (families or ())
    if isinstance(env, str) and is_peer(env):
        arena = peer_arena(env, settings or {})
        return attack(arena, selected, tasks=tasks or TASKS["none"], seed=seed, patience=patience, progress=progress)
    subject = Subject(resolve(env, settings), tasks=tasks or TASKS["none"], seed=seed)
    try:
        count = tasks or TASKS[subject.env.sandbox]
        return attack(TextgymArena(subject), selected, tasks=count, seed=seed, own=own, progress=progress)
    finally:
        subject.close()
