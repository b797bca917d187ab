"""Re-grading: what a grader says of episodes that are stored already."""

import math
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from textgym.core import GraderError, Score, Task
from textgym.episodes.lines import dumps
from textgym.episodes.record import Episode
from textgym.episodes.replaying import EnvironmentCache

Grader = Callable[[Episode, Task], Score | float]
"""Gives the score of an episode; the task comes with its secret."""


def regrade(
    episodes: Iterable[Episode], grader: Grader, *, out: str | Path | None = None
) -> Iterator[tuple[Episode, Score]]:
    """Score stored episodes anew, without sampling an action and without changing the record.

    A grader that raises `GraderError`, or that gives a number which is not finite, yields a score of status `error` that
    has no value. Any other exception of it is a bug, and passes through.

    Args:
        episodes: the records, such as an `EpisodeStore`.
        grader: any function of an episode and its task.
        out: a file to write, one JSON object a line: `episode_id`, `task_id`, the `reward` of the record, and `score`.

    Raises:
        UnknownEnvironmentError: the environment is not registered here.
        TaskError, ResetError: the environment no longer makes this task.
    """
    if out is None:
        yield from _scores(episodes, grader)
        return
    with Path(out).open("wb") as file:
        for episode, score in _scores(episodes, grader):
            line = {
                "episode_id": episode.episode_id,
                "task_id": episode.task_id,
                "reward": episode.reward,
                "score": score.model_dump(mode="json"),
            }
            file.write(dumps(line) + b"\n")
            yield episode, score


def _scores(episodes: Iterable[Episode], grader: Grader) -> Iterator[tuple[Episode, Score]]:
    envs = EnvironmentCache(episodes)
    for episode in episodes:
        task = envs.of(episode).next_task(options={"task_id": episode.task_id})
        yield episode, _score(grader, episode, task)


def _score(grader: Grader, episode: Episode, task: Task) -> Score:
    try:
        given = grader(episode, task)
    except GraderError as error:
        return Score(status="error", reason=str(error))
    if isinstance(given, Score):
        return given
    if not math.isfinite(given):
        return Score(status="error", reason=f"the grader gave {given}, which is no score")
    return Score(value=float(given))
