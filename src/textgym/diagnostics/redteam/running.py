"""`red_team`: one call for any environment, ours or a peer's."""

from collections.abc import Collection
from typing import Any

from textgym.core import TextEnv
from textgym.core.impossible import is_impossible, prove_impossible
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
    seconds: float | None = None,
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
        seconds: seconds for all of it, setting up left out; None for as long as it takes. When they are over, the cheats that
            were not played to their end are in `not_played`, and the verdict is `incomplete` unless something was found. A
            step that does not return is interrupted only in the main thread.
        progress: told before each cheat.

    Raises:
        UnknownEnvironmentError: there is no such environment.
        OptionalDependencyError: the peer's package is not installed.
        ConfigError: a setting is unknown or out of range, or the environment cannot be made impossible.
        ValueError: a name in `cheats` or `families` is none, `tasks` is less than 1, or `seconds` or `patience` is not above 0.
    """
    if tasks is not None and tasks < 1:
        raise ValueError(f"tasks must be at least 1, not {tasks}")
    for name, given in (("seconds", seconds), ("patience", patience)):
        if given is not None and not given > 0:
            raise ValueError(f"{name} must be above 0, not {given}")
    selected = select_cheats(cheats, families)
    own = (not cheats and not families) or "own" in ([families] if isinstance(families, str) else families or ())
    if isinstance(env, str) and is_peer(env):
        peer = peer_arena(env, settings or {})
        return attack(
            peer,
            selected,
            tasks=tasks or TASKS["none"],
            seed=seed,
            patience=patience,
            seconds=seconds,
            progress=progress,
        )
    subject = Subject(resolve(env, settings), tasks=tasks or TASKS["none"], seed=seed)
    try:
        if is_impossible(subject.env):
            prove_impossible(subject.env)
        arena, count = TextgymArena(subject), tasks or TASKS[subject.env.sandbox]
        return attack(arena, selected, tasks=count, seed=seed, own=own, seconds=seconds, progress=progress)
    finally:
        subject.close()
