"""Runs collect garbage less often, and leave the process as it was."""

import asyncio
import gc
from collections.abc import Iterator

import pytest

from textgym import arollout, rollout
from textgym.runner.garbage import ALLOCATIONS, rare_collections

WAITING = "runner_envs:tests/WaitingOrders-v0"


@pytest.fixture(autouse=True)
def _thresholds() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


def test_a_run_that_waits_collects_rarely_and_then_as_before() -> None:
    seen = set()

    async def policy(turn: object) -> str:
        seen.add(gc.get_threshold())
        return "1"

    assert len(list(rollout(WAITING, policy, episodes=3))) == 3
    assert seen == {(ALLOCATIONS, 10, 10)}
    assert gc.get_threshold() == (700, 10, 10)


def test_a_run_that_is_left_early_or_fails_leaves_nothing_behind() -> None:
    async def leaves() -> None:
        async for _ in arollout(WAITING, "oracle", episodes=5):
            assert gc.get_threshold()[0] == ALLOCATIONS
            return

    asyncio.run(leaves())
    gc.collect()
    assert gc.get_threshold() == (700, 10, 10)
    with pytest.raises(ZeroDivisionError), rare_collections():
        raise ZeroDivisionError
    assert gc.get_threshold() == (700, 10, 10)


def test_overlapping_runs_end_with_the_last() -> None:
    first, second = rare_collections(), rare_collections()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert gc.get_threshold() == (ALLOCATIONS, 10, 10)
    second.__exit__(None, None, None)
    assert gc.get_threshold() == (700, 10, 10)


@pytest.mark.parametrize("chosen", [(0, 10, 10), (50_000, 20, 20)])
def test_who_chose_other_thresholds_keeps_them(chosen: tuple[int, int, int]) -> None:
    gc.set_threshold(*chosen)
    with rare_collections():
        assert gc.get_threshold() == chosen
    assert gc.get_threshold() == chosen
    gc.set_threshold(700, 10, 10)
    with rare_collections():
        gc.set_threshold(*chosen)
    assert gc.get_threshold() == chosen
