"""Going back: snapshots, forks and replays continue exactly where they were taken."""

import json
from typing import Any

from textgym.core import Live, Status, StopReason, TextEnv
from textgym.diagnostics.battery import demand, proof
from textgym.diagnostics.canonical import canonical
from textgym.diagnostics.elsewhere import PATIENCE
from textgym.diagnostics.playing import Transcript, first_difference
from textgym.diagnostics.subject import Subject
from textgym.diagnostics.worker import without_clock
from textgym.episodes import Episode
from textgym.episodes.record import TurnRecord

CONTINUED = 8
"""Steps for which a restored episode is followed; beyond it, the next snapshot takes over."""
_FORKS = 3


def _walk(env: TextEnv[Any, Any], transcript: Transcript) -> list[dict[str, Any]]:
    """The snapshots before every action of an episode, and after the last."""
    place = transcript.place
    env.reset(options={"split": place.split, "index": place.index})
    saved = [dict(env.snapshot())]
    for action in transcript.actions:
        env.step(action)
        saved.append(dict(env.snapshot()))
    return saved


@proof
def snapshot_round_trip(subject: Subject) -> str:
    """At every step the snapshot is plain JSON, and restoring it gives an episode with the same snapshot and hash."""
    env, other = subject.make_at_hand(), subject.make_at_hand()
    count = 0
    for transcript in subject.reference:
        place = transcript.place
        env.reset(options={"split": place.split, "index": place.index})
        for action in [None, *transcript.actions]:
            if action is not None:
                env.step(action)
            snapshot = env.snapshot()
            text = json.dumps(snapshot, allow_nan=False)
            demand(json.loads(text) == snapshot, f"the snapshot of {env.episode.task.id} changes in JSON: {text[:300]}")
            observation, info = other.restore(text)
            restored = other.episode
            demand(observation == env.episode.observation, "restoring gave another observation")
            demand(info == {"task_id": env.episode.task.id}, f"restoring gave info {info}")
            difference = first_difference(
                [canonical(without_clock(snapshot)), env.episode.state_hash()],
                [canonical(without_clock(restored.snapshot())), restored.state_hash()],
            )
            demand(difference is None, f"step {env.episode.state.turn} of {env.episode.task.id} restored: {difference}")
            count += 1
    env.close()
    other.close()
    return f"{count:,} snapshots through JSON and back: equal"


@proof
def snapshot_elsewhere(subject: Subject) -> str:
    """A snapshot of every step, restored in another process, continues as the episode did."""
    env = subject.make_at_hand()
    items: list[dict[str, Any]] = []
    expected: list[list[str]] = []
    for transcript in subject.reference:
        saved = _walk(env, transcript)
        for number, snapshot in enumerate(saved):
            actions = transcript.actions[number : number + CONTINUED]
            items.append({"snapshot": snapshot, "actions": actions})
            lines = [canonical(without_clock(snapshot))]
            for step in range(number, number + len(actions)):
                lines.append(canonical([transcript.results[step], without_clock(saved[step + 1])]))
            expected.append(lines)
    env.close()
    # One at a time: where a step takes seconds, all of them take longer than anybody waits for one answer.
    found = [subject.worker.ask("continuations", items=[item]).result(PATIENCE)[0] for item in items]
    for item, ours, theirs in zip(items, expected, found, strict=True):
        difference = first_difference(ours, theirs)
        saved_at = f"{item['snapshot']['split']}/{item['snapshot']['index']} after {item['snapshot']['state'].get('turn')} turns"
        demand(difference is None, f"{saved_at}, restored in another process, {difference}")
    return f"{len(items):,} snapshots, each continued for up to {CONTINUED} steps in another process: equal"


@proof
def forks_independent(subject: Subject) -> str:
    """Forks continue on their own: stepping one changes neither the others nor the original."""
    env = subject.make_at_hand()
    count = 0
    for transcript in _longest(subject.reference):
        place, actions = transcript.place, transcript.actions
        env.reset(options={"split": place.split, "index": place.index})
        middle = len(actions) // 2
        for action in actions[:middle]:
            env.step(action)
        twins = env.fork(_FORKS)
        everyone = [env.episode, *(twin.episode for twin in twins)]
        before = [canonical(without_clock(live.snapshot())) for live in everyone]
        demand(len(set(before)) == 1, f"a fork of {env.episode.task.id} differs from the original")
        for number, live in enumerate(everyone):
            later = before[number + 1 :]
            _finish_otherwise(live, transcript, middle, number)
            now = [canonical(without_clock(other.snapshot())) for other in everyone[number + 1 :]]
            demand(now == later, f"stepping one fork of {live.task.id} changed another")
        for twin in twins:
            twin.close()
        count += 1
    env.close()
    return f"{count} episodes forked {_FORKS} times in the middle: independent, and each continues as the original did"


def _longest(transcripts: list[Transcript], most: int = 8) -> list[Transcript]:
    return sorted(transcripts, key=lambda transcript: -len(transcript.actions))[:most]


def _finish_otherwise(live: Live, transcript: Transcript, middle: int, number: int) -> None:
    """The first and the last continue as recorded and are compared; those between go another way."""
    if number in (0, _FORKS):
        for step in range(middle, len(transcript.actions)):
            result = live.step(transcript.actions[step])
            difference = first_difference([canonical(transcript.results[step])], [canonical(result)])
            demand(difference is None, f"a fork of {live.task.id} left the recorded course at step {step + 1}")
    else:
        for _ in transcript.actions[middle:]:
            if not live.ended:
                live.step("a fork of its own")


@proof
def replay(subject: Subject) -> str:
    """A recorded episode, stored as JSON and read back, is reproduced by its task id and its actions alone."""
    env = subject.make_at_hand()
    for transcript in subject.reference:
        stored = json.dumps(_record(env, transcript, subject.target.settings).as_json())
        record = Episode.from_json(json.loads(stored))
        again = _replayed(env, record)
        difference = first_difference(
            [canonical(part) for part in _parts(record)], [canonical(p) for p in _parts(again)]
        )
        demand(difference is None, f"{record.task_id} played by {transcript.place.script}, replayed, {difference}")
    env.close()
    return f"{len(subject.reference)} recorded episodes replayed from their JSON: equal to the byte"


def _parts(record: Episode) -> list[Any]:
    data = record.as_json()
    return [data["observation"], *data["turns"], data["outcome"]]


def _record(env: TextEnv[Any, Any], transcript: Transcript, settings: dict[str, Any]) -> Episode:
    place = transcript.place
    observation, info = env.reset(options={"split": place.split, "index": place.index})
    return _follow(env, observation, info["task_id"], transcript.actions, settings)


def _replayed(env: TextEnv[Any, Any], record: Episode) -> Episode:
    observation, info = env.reset(options={"task_id": record.task_id})
    return _follow(env, observation, info["task_id"], [turn.action for turn in record.turns], record.config)


def _follow(
    env: TextEnv[Any, Any], observation: str, task_id: str, actions: list[str], settings: dict[str, Any]
) -> Episode:
    live = env.episode
    turns = []
    for action in actions:
        text, reward, _, _, info = env.step(action)
        turns.append(TurnRecord(action, text, reward, json.loads(canonical(info)), live.state_hash()))
    if not live.ended:
        live.abandon(Status.LIMIT, StopReason.POLICY_STOPPED)
    outcome = live.outcome
    assert outcome is not None
    return Episode(
        episode_id=f"check {task_id}",
        env_id=env.env_id,
        config=dict(settings),
        task_id=task_id,
        seed=live.task.index,
        group=0,
        sibling=0,
        observation=observation,
        turns=turns,
        reward=None if outcome.mask else live.total,
        outcome=outcome,
    )
