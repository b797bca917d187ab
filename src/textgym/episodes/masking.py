"""What is stored of an episode that cannot be stored as it is."""

import math
from dataclasses import replace
from typing import Any

from textgym.core import Outcome, Score, Status, StopReason
from textgym.episodes.lines import dumps
from textgym.episodes.record import Episode, TurnRecord, plain

_DEEPEST = 3
_NAMED = 5
_NOTHING = object()


def masked(episode: Episode, problem: str) -> Episode:
    """The episode as one whose machinery failed, without what JSON cannot hold, so that a run goes on past it.

    Args:
        episode: one that the store refused.
        problem: why; with the places that are left out it becomes the outcome's error. An outcome that is masked already
            stays as it is.
    """
    left_out: list[str] = []
    turns = [_kept_turn(turn, f"turns[{number}]", left_out) for number, turn in enumerate(episode.turns)]
    policy = _kept(episode.policy, "policy", left_out)
    timings = _kept(episode.timings, "timings", left_out)
    outcome = episode.outcome
    if not outcome.mask or not _storable(outcome):
        more = len(left_out) - _NAMED
        places = ", ".join(left_out[:_NAMED]) + (f" and {more} more" if more > 0 else "")
        problem = f"{problem} (left out: {places})" if places else problem
    if not outcome.mask:
        score = Score(status="error", reason=problem)
        outcome = Outcome(
            status=Status.INFRA_ERROR, stop_reason=StopReason.EXCEPTION, success=False, score=score, error=problem
        )
    elif not _storable(outcome):
        outcome = outcome.model_copy(update={"score": Score(status="error", reason=problem)})
    return replace(episode, turns=turns, reward=None, outcome=outcome, policy=policy, timings=timings)


def stored_reward(reward: float) -> float:
    """The reward of a turn as a record holds it: 0 in place of what is no finite number."""
    return reward if math.isfinite(reward) else 0.0


def _kept_turn(turn: TurnRecord, place: str, left_out: list[str]) -> TurnRecord:
    if stored_reward(turn.reward) is not turn.reward:
        left_out.append(f"{place}.reward")
    completion = turn.completion
    if not _storable(completion):
        left_out.append(f"{place}.completion")
        completion = None
    info = _kept(turn.info, f"{place}.info", left_out)
    return replace(turn, info=info, reward=stored_reward(turn.reward), completion=completion)


def _kept(value: Any, place: str, left_out: list[str], deep: int = 0) -> Any:
    """The part of a value that JSON can hold: of a mapping, the entries; in a list, null stands for the rest."""
    if _storable(value):
        return value
    if isinstance(value, dict) and deep < _DEEPEST:
        named = ((key, item, f"{place}.{str(key)[:80]}") for key, item in value.items() if _storable({key: None}))
        kept = {key: _kept(item, name, left_out, deep + 1) for key, item, name in named}
        left_out.extend(f"a key of {place}" for key in value if key not in kept)
        return {key: item for key, item in kept.items() if item is not _NOTHING}
    if isinstance(value, list | tuple) and deep < _DEEPEST:
        parts = [_kept(one, f"{place}[{number}]", left_out, deep + 1) for number, one in enumerate(value)]
        return [None if part is _NOTHING else part for part in parts]
    left_out.append(place)
    return _NOTHING


def _storable(value: Any) -> bool:
    try:
        dumps(plain(value))
    except Exception:  # whatever an object of somebody else's raises when it is looked at
        return False
    return True
