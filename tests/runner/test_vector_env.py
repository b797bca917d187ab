"""`TextVectorEnv` against Gymnasium's `SyncVectorEnv`: the same trajectories, the same columns, the same dtypes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, VectorEnv
from hypothesis import given
from hypothesis import strategies as st

from textgym.core import ActionTypeError, ConfigError, NotResetError, TextgymError, UnknownEnvironmentError
from textgym.registry import find
from textgym.runner import TextVectorEnv
from textgym.runner.infos import join_infos, merge_infos
from textgym.runner.worker import WorkerLostError

TALKER = find("runner_envs:tests/Talker-v0").id
GUESS = "textgym/GuessNumber-v0"
MODES = list(AutoresetMode)


def assert_same(ours: Any, theirs: Any, path: str = "") -> None:
    """Equal in value, type, dtype and shape, all the way down."""
    assert type(ours) is type(theirs), path
    if isinstance(ours, dict):
        assert ours.keys() == theirs.keys(), path
        for key in ours:
            assert_same(ours[key], theirs[key], f"{path}/{key}")
    elif isinstance(ours, tuple | list):
        assert len(ours) == len(theirs), path
        for i, (a, b) in enumerate(zip(ours, theirs, strict=True)):
            assert_same(a, b, f"{path}[{i}]")
    elif isinstance(ours, np.ndarray):
        assert ours.dtype == theirs.dtype, path
        assert ours.shape == theirs.shape, path
        assert_same(ours.tolist(), theirs.tolist(), path)
    else:
        assert ours == theirs or ours != ours, path  # NaN where both have NaN


@contextmanager
def both(env_id: str, n: int, mode: AutoresetMode, **kwargs: Any) -> Iterator[tuple[VectorEnv, VectorEnv]]:
    processes = kwargs.pop("processes", 0)
    ours = gym.make_vec(env_id, num_envs=n, autoreset_mode=mode, processes=processes, **kwargs)
    theirs = gym.make_vec(
        env_id, num_envs=n, vectorization_mode="sync", vector_kwargs={"autoreset_mode": mode}, **kwargs
    )
    try:
        yield ours, theirs
    finally:
        ours.close()
        theirs.close()


def play_both(ours: VectorEnv, theirs: VectorEnv, steps: int, actions: list[str]) -> None:
    assert_same(ours.reset(seed=11), theirs.reset(seed=11))
    rng = np.random.default_rng(5)
    for _ in range(steps):
        batch = [actions[i] for i in rng.integers(0, len(actions), ours.num_envs)]
        result = ours.step(batch)
        assert_same(result, theirs.step(batch))
        ended = result[2] | result[3]
        if ours.metadata["autoreset_mode"] is AutoresetMode.DISABLED and ended.any():
            assert_same(ours.reset(options={"reset_mask": ended}), theirs.reset(options={"reset_mask": ended}))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("env_id", "kwargs"), [(TALKER, {}), (GUESS, {"max_turns": 4})])
def test_trajectories_equal_those_of_sync_vector_env(env_id: str, kwargs: dict[str, Any], mode: AutoresetMode) -> None:
    with both(env_id, 5, mode, **kwargs) as (ours, theirs):
        assert isinstance(ours, TextVectorEnv)
        play_both(ours, theirs, 60, ["50", "7", "x", "93", ""])


def test_trajectories_are_the_same_in_worker_processes() -> None:
    with both(TALKER, 5, AutoresetMode.SAME_STEP, processes=2) as (ours, theirs):
        play_both(ours, theirs, 40, ["50", "7"])
        assert ours.call("env_id") == (TALKER,) * 5
        assert ours.get_attr("np_random_seed") == theirs.get_attr("np_random_seed")
        with pytest.raises(AttributeError, match="call"):
            _ = ours.envs


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_a_refused_step_leaves_the_parts_of_all_processes_in_step(processes: int) -> None:
    with both(GUESS, 5, AutoresetMode.DISABLED, max_turns=2, processes=processes) as (ours, theirs):
        assert_same(ours.reset(seed=3), theirs.reset(seed=3))
        for _ in range(2):
            assert_same(ours.step(["1"] * 5), theirs.step(["1"] * 5))
        some = np.array([True, False, True, True, False])
        assert_same(ours.reset(options={"reset_mask": some}), theirs.reset(options={"reset_mask": some}))
        with pytest.raises(TextgymError, match=r"environments \[\d(, \d)?\] have ended"):
            ours.step(["1"] * 5)
        assert_same(ours.reset(seed=4), theirs.reset(seed=4))
        assert_same(ours.step(["50"] * 5), theirs.step(["50"] * 5))
        ours.set_attr("nickname", list("abcde"))
        assert ours.get_attr("nickname") == tuple("abcde")


def test_seats_of_another_process_are_named_by_their_place_in_the_whole() -> None:
    env = TextVectorEnv(GUESS, 4, autoreset_mode="Disabled", max_turns=1, processes=2)
    env.reset(seed=0)
    env.step(["1"] * 4)
    env.reset(options={"reset_mask": np.array([True, True, False, True])})
    with pytest.raises(TextgymError, match=r"environments \[2\] have ended"):
        env.step(["1"] * 4)
    env.close()


def test_a_worker_process_that_dies_is_an_error_and_can_be_closed() -> None:
    env = TextVectorEnv("runner_envs:tests/Orders-v0", 4, processes=2)
    env.reset(seed=0)
    with pytest.raises(WorkerLostError, match="ended unexpectedly"):
        env.step(["1", "1", "1", "die"])
    with pytest.raises(WorkerLostError):
        env.step(["1"] * 4)
    env.close()


def test_waiting_environments_wait_together_and_say_the_same() -> None:
    for mode in MODES:
        with both("runner_envs:tests/WaitingOrders-v0", 4, mode) as (ours, theirs):
            play_both(ours, theirs, 12, ["1", "2"])


def test_a_seed_per_environment_and_reset_options_reach_the_environments() -> None:
    with both(GUESS, 3, AutoresetMode.NEXT_STEP) as (ours, theirs):
        assert_same(ours.reset(seed=[4, None, 9])[0][0], theirs.reset(seed=[4, None, 9])[0][0])
        place = {"split": "test", "index": 2}
        assert_same(ours.reset(options=dict(place)), theirs.reset(options=dict(place)))
        assert set(ours.reset(options=place)[1]["task_id"]) == {f"{GUESS}/test/2"}
        assert_same(ours.call("snapshot"), theirs.call("snapshot"))


def test_the_batched_spaces_contain_what_is_batched() -> None:
    env = gym.make_vec(GUESS, num_envs=4)
    observations, _ = env.reset(seed=0)
    assert observations in env.observation_space
    actions = env.action_space.sample()
    assert len(actions) == 4
    assert env.step(actions)[0] in env.observation_space
    env.close()


def test_one_environment_that_raises_ends_only_its_own_episode() -> None:
    env = TextVectorEnv("runner_envs:tests/Orders-v0", 3, autoreset_mode="SameStep")
    env.reset(seed=0)
    observations, rewards, terminations, truncations, infos = env.step(["1", "boom", "1"])
    assert truncations.tolist() == [False, True, False]
    assert not terminations.any()
    assert not rewards.any()
    outcome = infos["final_info"]["outcome"]
    assert outcome["status"][1] == "infra_error"
    assert outcome["mask"].tolist() == [False, True, False]
    assert "total" in observations[0]
    assert "say numbers" in observations[1]  # its next episode
    env.close()


@pytest.mark.parametrize("turns", [1, 5])
def test_an_odd_reply_ends_only_its_own_episode(turns: int) -> None:
    env = TextVectorEnv("runner_envs:tests/Orders-v0", 4, turns=9, max_turns=turns)
    env.reset(seed=0)
    *_, truncations, infos = env.step(["1", "mumble", "owe", "1"])
    assert truncations.tolist() == [turns == 1, True, True, turns == 1]
    assert infos["outcome"]["status"][1:3].tolist() == ["infra_error"] * 2
    observations, *_, infos = env.step(["1"] * 4)
    assert [text.startswith("say numbers") for text in observations] == [turns == 1, True, True, turns == 1]
    env.close()


@pytest.mark.parametrize("name", ["Polite", "Thankful"])
@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
def test_what_a_class_of_somebodys_own_adds_to_reset_and_step_is_not_passed_over(
    name: str, mode: AutoresetMode
) -> None:
    with both(f"runner_envs:tests/{name}-v0", 3, mode, max_turns=2) as (ours, theirs):
        play_both(ours, theirs, 8, ["1", "2"])


@pytest.mark.parametrize("turns", [1, 5])
def test_an_odd_info_ends_only_its_own_episode(turns: int) -> None:
    env = TextVectorEnv("runner_envs:tests/Orders-v0", 3, turns=9, max_turns=turns)
    env.reset(seed=0)
    *_, truncations, infos = env.step(["1", "note", "1"])
    assert truncations.tolist() == [turns == 1, True, turns == 1]
    assert infos["outcome"]["mask"].tolist() == [False, True, False]
    env.close()


def test_actions_of_every_kind_get_the_answer_that_they_get_alone() -> None:
    odd = ["50", "\u00e9", "\ud800 lone", "9" * 200, "", "\u2028"]
    with both(GUESS, 6, AutoresetMode.SAME_STEP, max_turns=3, max_action_chars=100) as (ours, theirs):
        play_both(ours, theirs, 30, odd)


def test_a_seat_goes_on_from_where_its_environment_was_restored() -> None:
    with both(GUESS, 3, AutoresetMode.NEXT_STEP, max_turns=4) as (ours, theirs):
        for env in (ours, theirs):
            env.reset(seed=0)
        saved = ours.call("snapshot")[1]
        for _ in range(5):
            assert_same(ours.step(["50"] * 3), theirs.step(["50"] * 3))
        for env in (ours, theirs):
            env.unwrapped.envs[1].unwrapped.restore(saved)
        assert ours.call("snapshot")[1] == saved
        stepped = ours.step(["1"] * 3)
        assert stepped[0][1] == theirs.step(["1"] * 3)[0][1]
        assert ours.call("snapshot")[1]["state"]["turn"] == 1


def test_a_step_before_the_first_reset_is_refused() -> None:
    env = TextVectorEnv(GUESS, 2)
    with pytest.raises(NotResetError, match="reset"):
        env.step(["1", "2"])
    env.close()


def test_a_wrong_batch_is_refused_before_anything_is_stepped() -> None:
    env = TextVectorEnv(GUESS, 2)
    env.reset(seed=0)
    before = env.call("snapshot")
    with pytest.raises(ActionTypeError, match="action 1 is a int"):
        env.step(["1", 2])  # type: ignore[list-item]
    with pytest.raises(ActionTypeError, match="2 environments"):
        env.step(["1"])
    assert env.call("snapshot") == before
    env.close()


def test_bad_arguments_are_refused_by_name() -> None:
    with pytest.raises(UnknownEnvironmentError, match="GuessNumber"):
        TextVectorEnv("textgym/GuesNumber-v0", 2)
    with pytest.raises(ConfigError, match="high"):
        gym.make_vec(GUESS, num_envs=2, hihg=3)
    with pytest.raises(ConfigError, match="autoreset_mode"):
        TextVectorEnv(GUESS, 2, autoreset_mode="sometimes")
    with pytest.raises(ConfigError, match="num_envs"):
        TextVectorEnv(GUESS, 0)
    env = TextVectorEnv(GUESS, 2, autoreset_mode="Disabled", max_turns=1)
    with pytest.raises(ValueError, match="one seed for each"):
        env.reset(seed=[1])
    env.reset(seed=0)
    for mask in (np.array([True]), [True, False], np.array([1, 0])):
        with pytest.raises(TypeError, match="reset_mask"):
            env.reset(options={"reset_mask": mask})
    env.step(["1", "1"])
    with pytest.raises(TextgymError, match=r"\[0, 1\].*reset_mask"):
        env.step(["1", "1"])
    env.close()


@pytest.mark.parametrize("processes", [0, 2])
def test_a_closed_one_says_so(processes: int) -> None:
    env = TextVectorEnv(GUESS, 2, processes=processes)
    env.reset(seed=0)
    env.close()
    env.close()
    for use in (lambda: env.step(["1", "1"]), env.reset, lambda: env.call("env_id")):
        with pytest.raises(TextgymError, match="closed"):
            use()
    with pytest.raises(ConfigError, match="whole number"):
        TextVectorEnv(GUESS, 2, processes="2")  # type: ignore[arg-type]


def test_max_episode_steps_truncates_as_gymnasiums_wrapper_would() -> None:
    env = gym.make_vec(GUESS, num_envs=2, max_episode_steps=2, autoreset_mode=AutoresetMode.SAME_STEP)
    env.reset(seed=0)
    assert not env.step(["0", "0"])[3].any()
    assert env.step(["0", "0"])[3].all()
    env.close()


class _Columns(VectorEnv):
    """Gymnasium's own merging, to compare with."""

    def __init__(self, n: int) -> None:
        self.num_envs = n

    def merge(self, infos: list[tuple[int, dict[str, Any]]]) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for i, info in infos:
            merged = self._add_info(merged, info, i)
        return merged


# Of one type per key, as a trainer must have them; Gymnasium itself truncates or refuses a mixture.
_INFO = st.fixed_dictionaries(
    {},
    optional={
        "i": st.integers(-1000, 1000),
        "f": st.floats(allow_nan=False),
        "b": st.booleans(),
        "s": st.text(max_size=5),
        "l": st.lists(st.integers(), max_size=3),
        "none": st.none(),
        "n": st.builds(np.float32, st.floats(width=32, allow_nan=False)),
        "a": st.builds(lambda x: np.array([x, x + 1]), st.integers(-5, 5)),
        "final_obs": st.text(max_size=3),
        "d": st.fixed_dictionaries({}, optional={"x": st.floats(allow_nan=False), "y": st.text(max_size=3)}),
    },
)


@given(st.lists(st.none() | _INFO, min_size=1, max_size=8), st.integers(0, 8))
def test_columns_equal_gymnasiums_for_any_infos(rows: list[dict[str, Any] | None], cut: int) -> None:
    present = [(i, info) for i, info in enumerate(rows) if info]
    theirs = _Columns(len(rows)).merge(present)
    assert_same(merge_infos(len(rows), [i for i, _ in present], [info for _, info in present]), theirs)
    parts = []
    for start, end in ((0, min(cut, len(rows))), (min(cut, len(rows)), len(rows))):
        block = [(i - start, info) for i, info in present if start <= i < end]
        parts.append((start, end - start, merge_infos(end - start, [i for i, _ in block], [x for _, x in block])))
    assert_same(join_infos(parts, len(rows)), theirs)
