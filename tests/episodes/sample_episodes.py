"""Episodes to store, and the means to play real ones."""

from collections.abc import Callable
from dataclasses import replace

from textgym import Outcome, Score, Status, StopReason, make
from textgym.core import Live, TextEnv
from textgym.episodes import Episode, Manifest, TurnRecord

ENV_ID = "textgym/GuessNumber-v0"


def manifest(**fields: object) -> Manifest:
    given = {"env_id": ENV_ID, "config": {"high": 20}, "policy": {"name": "oracle"}, "seed": 3, "episodes": 4}
    return Manifest.model_validate(given | fields)


def episode(name: str = "e0", observation: str = "Guess.", turns: int = 2) -> Episode:
    return Episode(
        episode_id=name,
        env_id=ENV_ID,
        config={"high": 20},
        task_id=f"{ENV_ID}~825d97c6/train/3",
        seed=3,
        group=0,
        sibling=0,
        observation=observation,
        turns=[TurnRecord("7", "Higher.", 0.0, {"depth": 1}, "0123456789abcdef") for _ in range(turns)],
        reward=1.0,
        outcome=Outcome(status=Status.OK, stop_reason=StopReason.COMPLETED, success=True, score=Score(value=1.0)),
        policy={"name": "oracle"},
        timings={"total": 0.25},
        versions={"textgym": "0"},
    )


def masked(name: str, sibling: int = 0) -> Episode:
    outcome = Outcome(
        status=Status.INFRA_ERROR,
        stop_reason=StopReason.INFRA_ERROR,
        success=False,
        score=Score(status="error", reason="gone"),
        error="gone",
    )
    return replace(episode(name), sibling=sibling, reward=None, outcome=outcome)


def oracle(live: Live) -> str:
    return live.env.oracle(live.task, live.state)


def wrong(live: Live) -> str:
    return "0"


def play(
    env: TextEnv,
    seed: int,
    policy: Callable[[Live], str] = oracle,
    *,
    sibling: int = 0,
    stop_after: int | None = None,
    reason: StopReason = StopReason.POLICY_STOPPED,
) -> Episode:
    """A real episode; where `stop_after` is given, it is ended from outside after so many turns."""
    live = env.start(env.next_task(seed))
    opening, turns = live.observation, []
    while not live.ended and len(turns) != stop_after:
        action = policy(live)
        observation, reward, _, _, info = live.step(action)
        info = {name: value for name, value in info.items() if name != "outcome"}
        turns.append(TurnRecord(action, observation, reward, info, live.state_hash()))
    if not live.ended:
        machinery = (StopReason.EXCEPTION, StopReason.INFRA_ERROR)
        live.abandon(Status.INFRA_ERROR if reason in machinery else Status.POLICY_ERROR, reason)
    outcome = live.outcome
    assert outcome is not None
    return Episode(
        episode_id=f"{seed}-{sibling}",
        env_id=env.env_id,
        config=env.config.model_dump(mode="json", exclude_defaults=True),
        task_id=live.task.id,
        seed=seed,
        group=seed,
        sibling=sibling,
        observation=opening,
        turns=turns,
        reward=None if outcome.mask else live.total,
        outcome=outcome,
        policy={"name": policy.__name__},
    )


def guess_number(**settings: object) -> TextEnv:
    return make("GuessNumber-v0", **settings)
