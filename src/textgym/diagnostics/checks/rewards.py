"""The reward is honest: solving pays, nothing else does."""

import math
from typing import Literal

from textgym.core import SPLITS, Live, Status, Task
from textgym.diagnostics.battery import CheckFailed, demand, proof
from textgym.diagnostics.intervals import mean_reward
from textgym.diagnostics.playing import total_reward
from textgym.diagnostics.report import MeanReward
from textgym.diagnostics.subject import Subject

_EXACT = 1e-9
_MOST_RANDOM = 20
"""How many times the tasks are played over until the mean of guessing is on one side of its ceiling."""


@proof
def oracle_score(subject: Subject) -> str:
    """Every task can be solved: the oracle earns `oracle_score` in every split, and its episodes end with status ok."""
    expected = subject.env.oracle_score
    rewards = []

    def played(task: Task) -> tuple[Live, float]:
        live = subject.start(task)
        return live, total_reward(live, "oracle")

    tasks = subject.all_tasks()
    for task, (live, reward) in zip(tasks, subject.each(played, tasks), strict=True):
        rewards.append(reward)
        outcome = live.outcome
        if outcome is None:
            raise CheckFailed(f"the oracle's episode of {task.id} goes on after {subject.env.max_turns} turns")
        demand(not outcome.mask, f"the oracle's episode of {task.id} ended with {outcome.status}: {outcome.error}")
        if expected == 1.0:
            demand(
                abs(reward - 1.0) <= _EXACT and outcome.success and outcome.status is Status.OK,
                f"the oracle earned {reward!r} on {task.id} ({outcome.status}, {outcome.stop_reason}, "
                f"success={outcome.success}): {task.prompt[:200]!r}",
            )
    found = subject.figures["oracle"] = mean_reward(rewards)
    margin = (found.high - found.low) / 2 + 0.01
    demand(abs(found.mean - expected) <= margin, f"the oracle earned {found}, and oracle_score says {expected}")
    return f"the oracle earned {found}; {', '.join(f'{subject.size(split)} of {split}' for split in SPLITS)}"


@proof
def noop_floor(subject: Subject) -> str:
    """Doing nothing earns nothing."""
    found = subject.figures["noop"] = _mean(subject, "noop")
    demand(found.mean <= 0, f"saying {subject.env.noop_action!r} in every turn earned {found}")
    return f"saying {subject.env.noop_action!r} in every turn earned {found}"


@proof
def random_floor(subject: Subject) -> str:
    """Guessing in the right format earns at most `random_ceiling`."""
    ceiling = subject.env.random_ceiling
    tasks = subject.all_tasks()
    rewards: list[float] = []
    for repeat in range(_MOST_RANDOM):
        rewards += _totals(subject, "random", tasks, subject.seed + repeat)
        found = mean_reward(rewards)
        if found.mean <= ceiling or found.low > ceiling:
            break
    subject.figures["random"] = found
    demand(found.mean <= ceiling, f"guessing earned {found}, above random_ceiling = {ceiling}")
    return f"guessing earned {found}, and random_ceiling is {ceiling}"


def _mean(subject: Subject, who: Literal["noop", "random"]) -> MeanReward:
    return mean_reward(_totals(subject, who, subject.all_tasks(), subject.seed))


def _totals(subject: Subject, who: Literal["noop", "random"], tasks: list[Task], seed: int) -> list[float]:
    return list(subject.each(lambda task: total_reward(subject.start(task), who, seed), tasks))


@proof
def reward_well_formed(subject: Subject) -> str:
    """Rewards are finite floats whose sum stays within [0, 1], or within the bounds that the score tree declares."""
    low, high = math.inf, -math.inf
    for transcript in subject.reference:
        where = f"{transcript.place.split}/{transcript.place.index} played by {transcript.place.script}"
        total = 0.0
        bounds = (0.0, 1.0)
        for number, (_, reward, terminated, truncated, info) in enumerate(transcript.results, start=1):
            demand(
                type(reward) is float, f"{where}, step {number}: the reward is {reward!r}, a {type(reward).__name__}"
            )
            demand(math.isfinite(reward), f"{where}, step {number}: the reward is {reward}")
            demand(
                type(terminated) is bool and type(truncated) is bool,
                f"{where}, step {number}: terminated and truncated are {terminated!r} and {truncated!r}, not bool",
            )
            ended = terminated or truncated
            demand(
                ended == ("outcome" in info),
                f"{where}, step {number}: ended is {ended}, and info has {sorted(info) or 'nothing'}",
            )
            demand(not ended or number == len(transcript.results), f"{where}: the episode went on after its end")
            total += reward
            if ended:
                bounds = tuple(info["outcome"]["score"].get("bounds", bounds))
        demand(
            bounds[0] - _EXACT <= total <= bounds[1] + _EXACT,
            f"{where}: the rewards add up to {total!r}, outside {list(bounds)}",
        )
        low, high = min(low, total), max(high, total)
    return f"{len(subject.reference)} episodes: finite floats, totals from {low:.4g} to {high:.4g}"
