"""`rollout` and `arollout`: play episodes with a policy, and get their records as they finish."""

from collections.abc import AsyncGenerator, Collection, Generator, Mapping
from queue import SimpleQueue
from typing import Any, TypedDict, Unpack

from textgym.core import ConfigError, Execution, Split, TextEnv
from textgym.core.randomness import check_split
from textgym.episodes import Episode
from textgym.policies import as_policy
from textgym.registry import make
from textgym.runner.background import Background
from textgym.runner.plan import Plan
from textgym.runner.scheduler import RunOptions, Scheduler


class RunSettings(TypedDict, total=False):
    """The keyword arguments of `RunOptions`; see there."""

    concurrency: int
    execution: Execution | None
    workers: int
    max_calls: int | None
    max_sandboxes: int | None
    max_batch: int | None
    max_wait: float
    deadline: float | None
    retries: int
    prefetch: int
    ordered: bool
    state_hashes: bool


def make_scheduler(
    env: str | TextEnv[Any, Any],
    policy: object,
    *,
    settings: Mapping[str, Any] | None = None,
    episodes: int | None = None,
    group_size: int = 1,
    seed: int = 0,
    split: Split | None = None,
    skip: Collection[str] = frozenset(),
    **options: Unpack[RunSettings],
) -> Scheduler:
    """The scheduler of a run; the arguments are those of `rollout`."""
    if isinstance(env, str):
        env = make(env, **(settings or {}))
    elif not isinstance(env, TextEnv):
        raise TypeError(f"env is an environment's id or an environment (an instance of TextEnv); got {env!r:.80}")
    elif settings:
        raise ConfigError("settings go with an environment id; this environment is made already")
    place = check_split(split) if split is not None else env.config.split
    plan = Plan(env, episodes, group_size, seed, place, skip)
    return Scheduler(env, as_policy(policy), plan, RunOptions(**options))


def rollout(
    env: str | TextEnv[Any, Any],
    policy: object,
    *,
    settings: Mapping[str, Any] | None = None,
    episodes: int | None = None,
    group_size: int = 1,
    seed: int = 0,
    split: Split | None = None,
    skip: Collection[str] = frozenset(),
    **options: Unpack[RunSettings],
) -> Generator[Episode, None, None]:
    """Play episodes and yield their records as they finish.

    Nothing waits for a sibling: as soon as an episode ends the next begins. What the records contain depends on the
    arguments named here and on the policy, and not on `options` or on timing.

        for episode in textgym.rollout("textgym/Countdown-v0", "oracle", episodes=64, concurrency=32):
            print(episode.task_id, episode.reward, episode.outcome.status, len(episode.turns))

    Args:
        env: an environment's id, or an environment.
        policy: `"oracle"`, `"noop"`, `"random"` or another name of `textgym.policies`; a policy object; an
            `async def policy(turn: Turn) -> str`; or a function of a list of turns that returns a list of actions.
        settings: the environment's settings, where `env` is an id.
        episodes: how many to play; None plays without end.
        group_size: episodes per task, as GRPO needs them: same task and same environment randomness, while the policy's
            private randomness (`Turn.rng`) differs. `episodes` must be a multiple of it.
        seed: the first task's seed; the g-th group works on the task that `env.reset(seed=seed + g)` gives.
        split: split of the tasks; by default, the environment's.
        skip: ids of episodes to leave out, because a store has them already.
        options: the fields of `RunOptions`: `concurrency`, `execution`, `workers`, `max_calls`, `max_sandboxes`,
            `deadline`, `retries`, `prefetch`, `ordered`, ...

    Returns:
        A generator of `Episode`. Closing it (`contextlib.closing` does, however the loop is left) gives up the episodes
        in progress.

    Raises:
        UnknownEnvironmentError: there is no such id.
        ConfigError: a setting is unknown or out of range.
        ValueError: another argument is out of range.
        TypeError: `env` is neither an id nor an environment, or `policy` none of what it may be.
    """
    scheduler = make_scheduler(
        env,
        policy,
        settings=settings,
        episodes=episodes,
        group_size=group_size,
        seed=seed,
        split=split,
        skip=skip,
        **options,
    )
    return scheduler.run_inline() if scheduler.never_waits else _from_thread(scheduler)


def arollout(
    env: str | TextEnv[Any, Any],
    policy: object,
    *,
    settings: Mapping[str, Any] | None = None,
    episodes: int | None = None,
    group_size: int = 1,
    seed: int = 0,
    split: Split | None = None,
    skip: Collection[str] = frozenset(),
    **options: Unpack[RunSettings],
) -> AsyncGenerator[Episode, None]:
    """`rollout` for callers with an event loop; the arguments are the same."""
    return make_scheduler(
        env,
        policy,
        settings=settings,
        episodes=episodes,
        group_size=group_size,
        seed=seed,
        split=split,
        skip=skip,
        **options,
    ).run()


def _from_thread(scheduler: Scheduler) -> Generator[Episode, None, None]:
    delivered: SimpleQueue[Episode | BaseException | None] = SimpleQueue()
    background = Background(scheduler, delivered.put, delivered.put, room=2 * scheduler.options.concurrency)
    try:
        while (item := delivered.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            background.taken()
            yield item
    finally:
        background.stop()
