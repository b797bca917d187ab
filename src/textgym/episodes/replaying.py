"""Replay: execute the actions of a record anew, and say where the environment first does something else."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from textgym.core import Live, Outcome, ResetError, StopReason, TaskError, TextEnv
from textgym.episodes.masking import stored_reward
from textgym.episodes.record import Episode, TurnRecord
from textgym.episodes.store import EpisodeStore

Field = Literal["task", "observation", "reward", "ended", "state_hash", "outcome", "exception"]

# Clocks tell nothing about an episode that was cut off by one, and would only disturb a replay on a slower machine.
_CLOCKS = frozenset({"step_seconds", "step_cpu_seconds", "episode_seconds"})

# Ended between two turns: all turns are the environment's own, and it would have gone on after the last.
_BETWEEN_TURNS = frozenset({StopReason.POLICY_FAILED, StopReason.POLICY_STOPPED, StopReason.EXCEPTION})

# Ended in the middle of something: the last turn may be one that was never finished.
_WITHIN_TURN = frozenset(
    {
        StopReason.INFRA_ERROR,
        StopReason.GRADER_ERROR,
        StopReason.STEP_TIMEOUT,
        StopReason.STEP_CPU,
        StopReason.EPISODE_TIMEOUT,
    }
)


@dataclass(frozen=True, slots=True)
class Divergence:
    """The first place where a replay and its record differ.

    Attributes:
        turn: 0 for the opening, k for the k-th action.
        field: what differs. `task`: the environment does not make this task any more. `ended`: one of the two went on
            after this turn. `exception`: the environment raised.
        expected: what the record says.
        got: what the replay gave.
    """

    turn: int
    field: Field
    expected: Any
    got: Any


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """What a replay found.

    Attributes:
        episode_id: the episode.
        task_id: its task.
        turns: turns that were compared and found equal.
        divergence: the first difference; None if there is none.
    """

    episode_id: str
    task_id: str
    turns: int
    divergence: Divergence | None

    @property
    def same(self) -> bool:
        """Whether the replay went as recorded."""
        return self.divergence is None

    def as_json(self) -> dict[str, Any]:
        """The report as JSON values."""
        return asdict(self) | {"same": self.same}


def make_env(episode: Episode) -> TextEnv[Any, Any]:
    """The environment of an episode, made anew by its id and settings, without its clocks.

    Raises:
        UnknownEnvironmentError: the id is not registered here.
        ConfigError: the environment no longer has one of the settings.
    """
    from textgym.registry import make

    return make(episode.env_id, **{name: value for name, value in episode.config.items() if name not in _CLOCKS})


def replay(episode: Episode, env: TextEnv[Any, Any] | None = None) -> ReplayReport:
    """Execute the actions of an episode anew and compare observations, rewards, ends, state hashes and the outcome.

    Where the end came from outside the environment (a policy that failed, a clock, machinery that broke), the episode is
    compared as far as its finished turns go. `info`, whose metrics may be measured times, is not compared.

    Args:
        episode: the record.
        env: the environment, if it is at hand; otherwise it is made by id.

    Raises:
        UnknownEnvironmentError: the id is not registered here.
        ConfigError: the environment no longer has one of the settings.
    """
    env = env or make_env(episode)
    compared, divergence = _run(env, episode)
    return ReplayReport(episode.episode_id, episode.task_id, compared, divergence)


def replay_store(store: EpisodeStore | str | Path) -> Iterator[ReplayReport]:
    """Replay every episode of a run, in the order in which they finished; the environment is made once.

    Raises:
        StoreError: there is no run in this directory.
        UnknownEnvironmentError: the id is not registered here.
        ConfigError: the environment no longer has one of the settings.
    """
    store = store if isinstance(store, EpisodeStore) else EpisodeStore.open(store)
    envs = EnvironmentCache(store)
    for episode in store:
        yield replay(episode, envs.of(episode))


class EnvironmentCache:
    """The environment of the last episode, at hand for the next one if that is of the same id and settings.

    Args:
        episodes: where the episodes come from; a store remembers the page that its environment is listed on.
    """

    def __init__(self, episodes: Iterable[Episode]) -> None:
        from textgym.registry import find

        if isinstance(episodes, EpisodeStore) and episodes.manifest.page is not None:
            find(f"{episodes.manifest.page}:{episodes.manifest.env_id}")
        self._key = ""
        self._env: TextEnv[Any, Any] | None = None

    def of(self, episode: Episode) -> TextEnv[Any, Any]:
        """The environment of this episode; see `make_env`."""
        key = json.dumps([episode.env_id, episode.config], sort_keys=True)
        if self._env is None or key != self._key:
            self._env, self._key = make_env(episode), key
        return self._env


def _run(env: TextEnv[Any, Any], episode: Episode) -> tuple[int, Divergence | None]:
    reason = episode.outcome.stop_reason
    if not episode.turns and (reason in _WITHIN_TURN or reason is StopReason.EXCEPTION):
        return 0, None  # it ended before it had begun, and recorded nothing
    try:
        live = env.start(env.next_task(options={"task_id": episode.task_id}))
    except (ResetError, TaskError) as error:
        return 0, Divergence(0, "task", episode.task_id, str(error))
    try:
        if live.observation != episode.observation:
            return 0, Divergence(0, "observation", episode.observation, live.observation)
        return _compare_turns(live, episode)
    finally:
        live.close()


def _compare_turns(live: Live, episode: Episode) -> tuple[int, Divergence | None]:
    reason = episode.outcome.stop_reason
    turns = episode.turns[:-1] if reason in _WITHIN_TURN else episode.turns
    for number, turn in enumerate(turns, start=1):
        if live.ended:
            return number - 1, Divergence(number - 1, "ended", False, True)
        divergence = _compare_turn(live, turn, number)
        if divergence is not None:
            return number - 1, divergence
    if reason in _WITHIN_TURN or (reason is StopReason.EXCEPTION and live.ended):
        return len(turns), None  # an episode that had ended, and could not be stored as it was, is masked too
    expected = reason not in _BETWEEN_TURNS
    if live.ended != expected:
        return len(turns), Divergence(len(turns), "ended", expected, live.ended)
    if live.outcome is not None and (wanted := _verdict(episode.outcome)) != (got := _verdict(live.outcome)):
        return len(turns), Divergence(len(turns), "outcome", wanted, got)
    return len(turns), None


def _compare_turn(live: Live, turn: TurnRecord, number: int) -> Divergence | None:
    try:
        observation, reward, *_ = live.step(turn.action)
    except Exception as error:  # whatever an environment raises is a finding of the replay
        return Divergence(number, "exception", None, f"{type(error).__name__}: {error}")
    if observation != turn.observation:
        return Divergence(number, "observation", turn.observation, observation)
    if stored_reward(reward) != turn.reward:
        return Divergence(number, "reward", turn.reward, reward)
    if turn.state_hash is not None and turn.state_hash != (digits := live.state_hash()):
        return Divergence(number, "state_hash", turn.state_hash, digits)
    return None


def _verdict(outcome: Outcome) -> dict[str, Any]:
    """What of an outcome must be the same again."""
    return outcome.model_dump(mode="json", include={"status", "stop_reason", "success", "score"})
