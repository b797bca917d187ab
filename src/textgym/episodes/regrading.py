"""Re-grading: what a grader says of episodes that are stored already."""

import math
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from textgym import graders
from textgym.core import GraderError, Score, Task
from textgym.episodes.lines import dumps
from textgym.episodes.record import Episode
from textgym.episodes.replaying import EnvironmentCache

EpisodeFunction = Callable[[Episode, Task], Score | float]
"""Gives the score of an episode; the task comes with its secret."""

Grader = EpisodeFunction | graders.Grader
"""What may re-grade: a function of an episode and its task, or a grader of samples."""


def regrade(
    episodes: Iterable[Episode], grader: Grader, *, out: str | Path | None = None
) -> Iterator[tuple[Episode, Score]]:
    """Score stored episodes anew, without sampling an action and without changing the record.

    A function that raises `GraderError`, or that gives a number which is not finite, yields a score of status `error`
    that has no value. Any other exception of it is a bug, and passes through.

    A grader is given `item_of` the task and `sample_of` the episode. Where it compares the samples of a group, all
    episodes are read first, and those of one group and task are graded together.

    Args:
        episodes: the records, such as an `EpisodeStore`.
        grader: any function of an episode and its task, or a grader of `textgym.graders`.
        out: a file to write, one JSON object a line: `episode_id`, `task_id`, the `reward` of the record, `score`, and
            as `grader` the grader's digest, or None for a function.

    Raises:
        UnknownEnvironmentError: the environment is not registered here.
        TaskError, ResetError: the environment no longer makes this task.
    """
    if out is None:
        yield from _scores(episodes, grader)
        return
    digest = grader.digest if isinstance(grader, graders.Grader) else None
    with Path(out).open("wb") as file:
        for episode, score in _scores(episodes, grader):
            line = {
                "episode_id": episode.episode_id,
                "task_id": episode.task_id,
                "reward": episode.reward,
                "grader": digest,
                "score": score.model_dump(mode="json"),
            }
            file.write(dumps(line) + b"\n")
            yield episode, score


def item_of(task: Task) -> dict[str, Any]:
    """The row of data that graders compare a task's episodes with.

    The fields of its data and of its secret, under their names, the secret before the data where both have one; and
    `prompt`, `task_id` and `difficulty`, before both.
    """
    return {
        **task.data,
        **task.secret,
        "prompt": task.prompt,
        "task_id": task.id,
        "difficulty": task.difficulty,
    }


def sample_of(episode: Episode) -> graders.Sample:
    """What graders see of an episode: its last action as the output, and the conversation up to it."""
    messages = tuple(dict(message) for message in episode.messages)
    if not episode.turns:
        return graders.Sample(messages=messages)
    return graders.Sample(output_text=episode.turns[-1].action, messages=messages[:-2])


def _scores(episodes: Iterable[Episode], grader: Grader) -> Iterator[tuple[Episode, Score]]:
    envs = EnvironmentCache(episodes)

    def task_of(episode: Episode) -> Task:
        return envs.of(episode).next_task(options={"task_id": episode.task_id})

    if not isinstance(grader, graders.Grader):
        for episode in episodes:
            yield episode, _score(grader, episode, task_of(episode))
    elif not grader.compares_somewhere:
        for episode in episodes:
            yield episode, grader.grade(item_of(task_of(episode)), sample_of(episode))
    else:
        groups: dict[tuple[int, str], list[Episode]] = {}
        for episode in episodes:
            groups.setdefault((episode.group, episode.task_id), []).append(episode)
        for siblings in groups.values():
            scores = grader.grade_group(item_of(task_of(siblings[0])), [sample_of(sibling) for sibling in siblings])
            yield from zip(siblings, scores, strict=True)


def _score(grader: EpisodeFunction, episode: Episode, task: Task) -> Score:
    try:
        given = grader(episode, task)
    except GraderError as error:
        return Score(status="error", reason=str(error))
    if isinstance(given, Score):
        return given
    if not math.isfinite(given):
        return Score(status="error", reason=f"the grader gave {given}, which is no score")
    return Score(value=float(given))
