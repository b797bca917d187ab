"""Spare sandboxes: what takes the place of one that is gone, how many there are, and what becomes of them."""

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.sandboxes import BOTH, Watched, until
from textgym.sandbox import Sandbox, SandboxClosedError, open_sandbox


@pytest.fixture(params=BOTH)
def watched(request: pytest.FixtureRequest) -> Watched:
    return Watched(request.param)


@pytest.fixture
def box(watched: Watched) -> Iterator[Sandbox]:
    """One slot that is up, one spare that is."""
    with open_sandbox(watched, slots=1, spares=1) as pool:
        pool.warm_up()
        _until_spares_are_up(watched, 2)
        yield pool


def _until_spares_are_up(watched: Watched, started: int) -> None:
    until(lambda: len(watched.started) >= started)
    until(lambda: not any(thread.name == "textgym-sandbox-spares" for thread in threading.enumerate()))


def test_a_lost_sandbox_is_replaced_by_the_spare(box: Sandbox, watched: Watched) -> None:
    watched.failing = True  # no other can be started
    watched.started[0].kill()
    run = box.run_python("print(1)")
    assert (run.status, run.stdout, run.retried) == ("exit", b"1\n", True)


def test_a_worn_sandbox_is_replaced_by_the_spare(watched: Watched) -> None:
    watched.max_calls = 2
    with open_sandbox(watched, slots=1, spares=2) as box:
        box.warm_up()
        _until_spares_are_up(watched, 3)
        watched.failing = True
        assert [box.run_python("print(1)").status for _ in range(7)] == ["exit"] * 6 + ["lost"]


def test_the_place_of_a_spare_is_filled_again(box: Sandbox, watched: Watched) -> None:
    for number in range(3):
        watched.started[number].kill()
        assert box.run_python("print(1)").ok
        _until_spares_are_up(watched, number + 3)
    assert watched.most == 2


def test_a_spare_that_died_is_given_to_nobody(box: Sandbox, watched: Watched) -> None:
    for transport in watched.started[:2]:
        transport.kill()
    run = box.run_python("print(1)")
    assert (run.status, run.stdout) == ("exit", b"1\n")


def test_no_spare_is_started_before_every_slot_is_up(watched: Watched) -> None:
    with open_sandbox(watched, slots=2, spares=2) as box:
        for _ in range(3):
            assert box.run_python("print(1)").ok
        assert len(watched.started) == 1
        box.warm_up()
        _until_spares_are_up(watched, 4)
    assert (watched.alive, watched.most) == (0, 4)


def test_there_are_never_more_sandboxes_than_slots_and_spares(watched: Watched) -> None:
    watched.max_calls = 3
    rng = random.Random(0)

    def calls(number: int) -> list[str]:
        wrong = []
        for _ in range(5):
            run = box.run_python(f"print({number})")
            if run.status != "lost" and run.stdout != b"%d\n" % number:
                wrong.append(str(run))
            if rng.random() < 0.1:
                rng.choice(watched.started).kill()
        return wrong

    with open_sandbox(watched, slots=2, spares=1) as box:
        with ThreadPoolExecutor(4) as threads:
            assert [wrong for found in threads.map(calls, range(4)) for wrong in found] == []
        assert box.run_python("print(1)").ok
    assert watched.alive == 0
    assert watched.most <= 3
    assert len(watched.started) > 3


def test_a_pool_that_closes_while_spares_start_leaves_none(watched: Watched) -> None:
    with open_sandbox(watched, slots=1, spares=3) as box:
        box.warm_up()
    assert watched.alive == 0
    with pytest.raises(SandboxClosedError):
        box.run_python("print(1)")


def test_a_spare_that_cannot_be_started_costs_no_call(box: Sandbox, watched: Watched) -> None:
    watched.failing = True
    watched.started[0].kill()
    assert box.run_python("print(1)").ok
    _until_spares_are_up(watched, 2)
    watched.failing = False
    watched.started[1].kill()
    assert box.run_python("print(1)").ok
    _until_spares_are_up(watched, 4)


def test_a_pool_of_several_slots_keeps_one_unless_told_otherwise(watched: Watched) -> None:
    with open_sandbox(watched, slots=2) as several, open_sandbox(watched, slots=1) as single:
        assert (several.spares, single.spares) == (1, 0)
        assert several.describe()["spares"] == 1
    with pytest.raises(ValueError, match="spares is -1"):
        open_sandbox(watched, spares=-1)
