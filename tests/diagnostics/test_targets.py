"""Which environments can be named, and that another process makes the same."""

import json

import gymnasium as gym
import pytest
from broken_envs import Sound

from textgym.core import UnknownEnvironmentError
from textgym.diagnostics.elsewhere import Worker, WorkerError
from textgym.diagnostics.target import Target, resolve
from textgym.registry import find, make


def test_a_page_that_is_not_installed_is_named_in_the_id() -> None:
    assert find("broken_envs:broken/Sound-v0").entry_point == "broken_envs:Sound"
    assert find("broken_envs:broken/Sound-v0") is find("broken/Sound-v0")
    assert isinstance(make("broken_envs:broken/Sound-v0", high=2000), Sound)
    assert make("broken_envs:broken/Sound-v0").env_id == "broken/Sound-v0"


@pytest.mark.parametrize(
    "env_id", ["no_such_module:broken/Sound-v0", "json:broken/Sound-v0", "broken_envs:broken/Suond-v0"]
)
def test_a_page_or_an_id_that_does_not_exist_is_refused(env_id: str) -> None:
    with pytest.raises(UnknownEnvironmentError):
        resolve(env_id)


def test_an_id_that_only_gymnasium_knows() -> None:
    if "elsewhere/Sound-v0" not in gym.registry:
        gym.register("elsewhere/Sound-v0", "broken_envs:Sound", order_enforce=False, disable_env_checker=True)
    target = resolve("elsewhere/Sound-v0", {"high": 5000})
    assert target.make().config.high == 5000
    assert Target.from_json(json.loads(json.dumps(target.as_json()))) == target


def test_a_class_that_another_process_cannot_import_is_refused() -> None:
    class Local(Sound):
        """Only here."""

    with pytest.raises(ImportError, match="cannot be imported"):
        resolve(Local)


def test_a_worker_that_fails_or_dies_says_why() -> None:
    worker = Worker(Target(None, "broken_envs:Sound", {}, {}), "1")
    try:
        with pytest.raises(WorkerError, match="split must be one of"):
            worker.ask("transcripts", places=[{"split": "nowhere", "index": 0, "script": "oracle"}], seed=0).result(60)
        good = [{"split": "train", "index": 0, "script": "oracle"}]
        assert len(worker.ask("transcripts", places=good, seed=0).result(60)) == 1
        worker._process.kill()
        with pytest.raises(WorkerError, match="died"):
            worker.ask("transcripts", places=good, seed=0).result(60)
    finally:
        worker.close()
