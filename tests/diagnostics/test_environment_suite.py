"""The battery as a pytest class, for environments with and without an id."""

import unittest

import pytest
from broken_envs import Hidden, StateOnSelf

from textgym.diagnostics import CHECKS, EnvironmentSuite


class TestGuessNumberSuite(EnvironmentSuite):
    env_id = "textgym/GuessNumber-v0"
    settings = {"high": 50}  # noqa: RUF012 (the way it is used)
    tasks = 10


class TestUnregisteredClass(EnvironmentSuite):
    env_class = Hidden
    tasks = 10


class BrokenSuite(EnvironmentSuite):
    env_id = "broken_envs:broken/StateOnSelf-v0"
    tasks = 6


def test_there_is_one_test_for_each_check() -> None:
    tests = [name.removeprefix("test_") for name in vars(EnvironmentSuite) if name.startswith("test_")]
    assert tests == list(CHECKS)
    assert EnvironmentSuite.test_oracle_score.__doc__ == CHECKS["oracle_score"].proves  # type: ignore[attr-defined]


def test_a_fault_fails_its_test_with_the_evidence() -> None:
    assert StateOnSelf.__name__ in BrokenSuite.env_id
    suite = BrokenSuite()
    BrokenSuite.setup_class()
    try:
        with pytest.raises(AssertionError, match=r"episode_isolation: with all episodes at once .* step 1"):
            suite.test_episode_isolation()  # type: ignore[attr-defined]
        with pytest.raises(unittest.SkipTest, match="same prompt"):
            suite.test_secret_pairs()  # type: ignore[attr-defined]
    finally:
        BrokenSuite.teardown_class()
