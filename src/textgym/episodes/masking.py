"""What is stored of an episode that cannot be stored as it is."""

import math
from dataclasses import replace
from typing import Any

from textgym.core import Outcome, Score, Status, StopReason
from textgym.episodes.record import Episode, TurnRecord

_DEEPEST = 20
_NOTHING = object()


def masked(episode: Episode, problem: str) -> Episode:
    """The episode as one whose machinery failed, without what JSON cannot hold, so that a run goes on past it.

    Args:
        episode: one that the store refused.
        problem: why; it becomes the outcome's error. An outcome that is masked already stays as it is.
    """
    outcome = episode.outcome
    if not outcome.mask:
        score = Score(status="error", reason=problem)
        outcome = Outcome(
            status=Status.INFRA_ERROR, stop_reason=StopReason.EXCEPTION, success=False, score=score, error=problem
        )
    turns = [_kept_turn(turn) for turn in episode.turns]
    return replace(
        episode,
        turns=turns,
        reward=None,
        outcome=outcome,
        policy=_kept(episode.policy),
        timings=_kept(episode.timings),
    )


def _kept_turn(turn: TurnRecord) -> TurnRecord:
    reward = turn.reward if math.isfinite(turn.reward) else 0.0
    return replace(turn, info=_kept(turn.info), reward=reward, completion=None)


def _kept(value: Any, deep: int = 0) -> Any:
    """The part of a value that JSON can hold: of a mapping, the entries; in a list, null stands for the rest."""
    if isinstance(value, dict):
        kept = {key: _kept(item, deep + 1) for key, item in value.items() if isinstance(key, str) and deep < _DEEPEST}
        return {key: item for key, item in kept.items() if item is not _NOTHING}
    if isinstance(value, list | tuple):
        return [None if (item := _kept(one, deep + 1)) is _NOTHING else item for one in value if deep < _DEEPEST]
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    return _NOTHING
