"""Same id, settings and seed: the same text, byte for byte, wherever and beside whatever it is played."""

import asyncio
import random
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np

from textgym.diagnostics.battery import CheckFailed, demand, proof
from textgym.diagnostics.elsewhere import other_hash_seeds
from textgym.diagnostics.playing import Place, Player, Transcript, compare, finish, play, reset_to, start_at
from textgym.diagnostics.subject import Subject

_SEEDS = 10
_THREADS = 4


def _agree(subject: Subject, played: list[Transcript], how: str) -> str:
    difference = compare(subject.reference, [transcript.lines for transcript in played])
    demand(difference is None, f"{how}: {difference}")
    steps = sum(len(transcript.actions) for transcript in subject.reference)
    return f"{len(subject.reference)} episodes, {steps:,} steps byte-equal {how}"


@proof
def seed_control(subject: Subject) -> str:
    """A seed picks the task and the stream of tasks that follow; other seeds pick other tasks."""
    one, other = subject.make(), subject.make()
    ids = []
    for seed in range(subject.seed, subject.seed + _SEEDS):
        first = one.reset(seed=seed)
        demand(first == other.reset(seed=seed), f"reset(seed={seed}) gave two different beginnings")
        ids.append(first[1]["task_id"])
        for number in range(3):
            demand(one.reset() == other.reset(), f"reset number {number + 1} after seed {seed} is not reproducible")
    size = one.size(one.config.split)
    expected = _SEEDS if size is None else min(_SEEDS, size)
    distinct = len(set(ids))
    demand(distinct >= expected, f"{_SEEDS} seeds picked only {distinct} different tasks: {ids[:4]}")
    return f"{_SEEDS} seeds: equal beginnings in two environments, {distinct} different tasks, equal streams after them"


@contextmanager
def _global_generators_kept() -> Iterator[None]:
    states: tuple[Any, Any] = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])


def _global_states() -> tuple[str, str]:
    return repr(random.getstate()), repr([np.asarray(part).tolist() for part in np.random.get_state()])


@proof
def global_generators(subject: Subject) -> str:
    """The generators of `random` and `numpy.random` are neither read nor moved by an episode."""
    places = [place for place in subject.places if place.index == 0]
    played: list[list[Transcript]] = []
    with _global_generators_kept():
        for seed in (1, 2):
            random.seed(seed)
            np.random.seed(seed)
            before = _global_states()
            env = subject.make()
            played.append([play(env, place, subject.seed) for place in places])
            env.close()
            after = _global_states()
            for name, was, now in zip(("random", "numpy.random"), before, after, strict=True):
                demand(was == now, f"the environment draws from the global generator of {name}")
    difference = compare(played[0], [transcript.lines for transcript in played[1]])
    demand(difference is None, f"seeding the global generators differently changes episodes: {difference}")
    return f"{len(places)} episodes left both generators untouched, and did not change with their seeds"


@proof
def determinism_repeated(subject: Subject) -> str:
    """The same episodes again: in a new environment, and once more in the same one, in the opposite order."""
    env = subject.make()
    _agree(subject, [play(env, place, subject.seed) for place in subject.places], "in a second environment")
    backwards = [play(env, place, subject.seed) for place in reversed(subject.places)]
    env.close()
    return _agree(subject, backwards[::-1], "in a second environment, then in it again in the opposite order")


@proof
def determinism_neighbour(subject: Subject) -> str:
    """A neighbour that plays other episodes in between, and that uses the global generators, changes nothing."""
    env, neighbour = subject.make(), subject.make()
    played: list[Transcript] = []
    with _global_generators_kept():
        for place, beside in zip(subject.places, reversed(subject.places), strict=True):
            player = reset_to(env, place, subject.seed)
            other = reset_to(neighbour, beside, subject.seed)
            while not player.done:
                player.step()
                random.seed(len(played))
                np.random.seed(len(played))
                if not other.done:
                    other.step()
            played.append(player.transcript)
    env.close()
    neighbour.close()
    return _agree(subject, played, "with a neighbour interleaved")


@proof
def episode_isolation(subject: Subject) -> str:
    """One environment object holds many episodes at once, stepped in turn: nothing of an episode lives on it."""
    env = subject.make()
    players = [start_at(env, place, subject.seed) for place in subject.places]
    while not all(player.done for player in players):
        for player in players:
            if not player.done:
                player.step()
    env.close()
    return _agree(subject, [player.transcript for player in players], "with all episodes at once in one environment")


@proof
def determinism_threads(subject: Subject) -> str:
    """Threads that share one environment object, each with its episodes, reproduce them."""
    env = subject.make()

    def episode(place: Place) -> Transcript:
        return finish(start_at(env, place, subject.seed))

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(_THREADS) as pool:
            played = list(pool.map(episode, subject.places))
    finally:
        sys.setswitchinterval(interval)
        env.close()
    return _agree(subject, played, f"in {_THREADS} threads")


@proof
def determinism_async(subject: Subject) -> str:
    """The asynchronous face, with all episodes at once on one event loop, gives what the blocking face gives."""
    env = subject.make()

    async def episode(place: Place) -> Transcript:
        task = env.task(place.split, place.index)
        env.remember(task)
        player = Player(await env.astart(task), place, subject.seed)
        while not player.done:
            await player.astep()
            await asyncio.sleep(0)
        await player.live.aclose()
        return player.transcript

    async def everything() -> list[Transcript]:
        return await asyncio.gather(*(episode(place) for place in subject.places))

    # In a thread of its own, so that the battery also runs inside somebody's event loop.
    with ThreadPoolExecutor(1) as pool:
        played = pool.submit(asyncio.run, everything()).result()
    env.close()
    return _agree(subject, played, "through the asynchronous face")


@proof
def determinism_processes(subject: Subject) -> str:
    """A fresh interpreter reproduces every episode."""
    difference = compare(subject.reference, subject.elsewhere)
    if difference is not None and not subject.hash_seed_decides:
        raise CheckFailed(f"in another process: {difference}")
    return f"{len(subject.reference)} episodes byte-equal in another process"


@proof
def determinism_hash_seed(subject: Subject) -> str:
    """Other values of `PYTHONHASHSEED`, and with them other orders of sets, change nothing."""
    difference = compare(subject.reference, subject.elsewhere)
    if difference is not None and subject.hash_seed_decides:
        raise CheckFailed(f"under another PYTHONHASHSEED: {difference}")
    if difference is None:  # otherwise being another process decides, and the check of that name says so
        some = [transcript for transcript in subject.reference if transcript.place in subject.some_places]
        for hash_seed, lines in subject.some_elsewhere.items():
            difference = compare(some, lines)
            demand(difference is None, f"under PYTHONHASHSEED={hash_seed}: {difference}")
    return f"{len(subject.reference)} episodes byte-equal under PYTHONHASHSEED={', '.join(other_hash_seeds())}"
