"""Tasks and resets: by seed, place, task id; what follows without a seed; what is refused."""

import gymnasium as gym
import numpy as np
import pytest
from core_envs import Obey, Shelf
from gymnasium.utils.env_checker import check_env
from hypothesis import given
from hypothesis import strategies as st

from textgym.core import Config, Random, Reply, ResetError, State, Task, TaskError, TextEnv, split_of


def ids_of(env, count, **first):
    return [env.reset(**first)[1]["task_id"]] + [env.reset()[1]["task_id"] for _ in range(count - 1)]


def test_gymnasiums_own_checker_is_content_with_an_environment(recwarn):
    check_env(Obey(render_mode="ansi"), skip_render_check=True)
    assert [str(warning.message) for warning in recwarn] == []
    assert isinstance(Obey(), gym.Env)


@given(st.integers(0, 2**63 - 1), st.sampled_from(["train", "validation", "test"]))
def test_a_task_is_a_function_of_its_place(index, split):
    task, again = Obey(size=1000).task(split, index), Obey(size=1000).task(split, index)
    assert task == again
    assert (task.secret, task.family) == (again.secret, again.family)
    assert (task.split, task.index) == (split, index)


def test_a_task_depends_on_environment_config_split_and_index():
    class Other(Obey):
        pass

    tasks = [
        Obey().task("train", 0),
        Obey().task("train", 1),
        Obey().task("test", 0),
        Obey(size=9).task("train", 0),
        Other().task("train", 0),
    ]
    assert len({task.id for task in tasks}) == len({task.secret["number"] for task in tasks}) == 5


def test_tasks_belong_to_their_split_by_family_or_by_content():
    for split in ("train", "validation", "test"):
        for index in range(30):
            task = Obey().task(split, index)
            assert split_of(ascii((task.prompt, task.secret))) == split


class Claims(TextEnv[Config, State]):
    """Draws the family first, and counts how often it goes on after that."""

    went_on = 0

    def generate(self, rng: Random) -> Task:
        family = rng.claim(f"family {rng.randrange(1000)}")
        type(self).went_on += 1
        return Task(prompt=family, family=family)

    def act(self, task: Task, state: State, action: str) -> Reply:
        return Reply("")


def test_claiming_a_family_early_gives_the_same_tasks_and_saves_the_rest():
    tasks = [Claims().task("test", index) for index in range(50)]
    assert Claims.went_on == 50
    assert all(split_of(task.family) == "test" for task in tasks)
    assert Random(b"outside of generation").claim("anything") == "anything"


def test_settings_that_leave_too_few_families_are_named():
    class Narrow(Obey):
        def generate(self, rng):
            return Task(prompt="always", family="family 0")

    assert Narrow().task("train", 5).prompt == "always"
    with pytest.raises(TaskError, match=r"no task for split 'test' with \{'size': 3\}"):
        Narrow(size=3).task("test", 5)


@pytest.mark.parametrize("seed", [0, 7, 2**40, np.int64(7), np.uint8(7)])
def test_a_seed_picks_the_task_of_that_index(seed):
    env = Obey()
    observation, info = env.reset(seed=seed)
    task = Obey().task("train", int(seed))
    assert info == {"task_id": task.id}
    assert type(info["task_id"]) is str
    assert observation == task.prompt
    assert Obey(split="test").reset(seed=seed)[1]["task_id"] == f"Obey-v0/test/{int(seed)}"


def test_resets_without_a_seed_follow_from_the_last_seed():
    first, second = Obey(), Obey()
    assert ids_of(first, 20, seed=3) == ids_of(second, 20, seed=3)
    assert len(set(ids_of(first, 20, seed=3))) == 20
    assert ids_of(first, 5, seed=3)[1:] != ids_of(first, 5, seed=4)[1:]
    assert first.np_random_seed == 4


@pytest.mark.parametrize("kind", [Obey, Shelf])
def test_the_stream_is_the_same_whatever_is_done_between_resets(kind):
    plain, busy = kind(), kind()
    expected = ids_of(plain, 8, seed=3)
    observed = [busy.reset(seed=3)[1]["task_id"]]
    for _ in range(7):
        busy.snapshot()
        busy.task("train", 1)
        observed.append(busy.reset(options={"split": "train"})[1]["task_id"])
    assert observed == expected


def test_resets_that_never_saw_a_seed_differ_between_environments():
    assert ids_of(Obey(), 3) != ids_of(Obey(), 3)


def test_the_next_task_can_be_known_ahead():
    env = Obey()
    env.reset(seed=5)
    ahead = [f"Obey-v0/train/{env.index_for(draw)}" for draw in env.stream.ahead(4)]
    assert [env.reset()[1]["task_id"] for _ in range(4)] == ahead


@pytest.mark.parametrize(
    ("options", "task_id"),
    [
        ({"split": "test", "index": 12}, "Obey-v0/test/12"),
        ({"split": "test", "index": np.int32(12)}, "Obey-v0/test/12"),
        ({"index": 12}, "Obey-v0/train/12"),
        ({"split": "validation"}, "Obey-v0/validation/6"),
        ({"task_id": "Obey-v0/test/12"}, "Obey-v0/test/12"),
        ({}, "Obey-v0/train/6"),
    ],
)
def test_options_name_a_task(options, task_id):
    env = Obey()
    assert env.reset(seed=6, options=options)[1]["task_id"] == task_id
    assert env.episode.task.id == task_id


def test_every_task_id_resets_to_its_task():
    env = Obey(size=77)
    for seed in range(20):
        observation, info = env.reset(seed=seed, options={"split": "test"})
        assert Obey(size=77).reset(options={"task_id": info["task_id"]}) == (observation, info)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"splt": "test"}, "unknown reset option 'splt': did you mean 'split'?"),
        ({7: "test"}, "unknown reset option 7"),
        ({"split": "dev"}, "train, validation, test, not 'dev'"),
        ({"split": ["test"]}, "train, validation, test"),
        ({"index": 1.5}, "whole number, not 1.5"),
        ({"index": True}, "whole number, not True"),
        ({"index": -1}, "index -1 is outside"),
        ({"index": 2**63}, "outside"),
        ({"task_id": "Obey-v0/train/1", "index": 1}, "give it alone"),
        ({"task_id": "Other-v0/train/1"}, "expected Obey-v0/<split>/<index>"),
        ({"task_id": "Obey-v0~0011aabb/train/1"}, "not one of this environment"),
        ({"task_id": "Obey-v0/train/-1"}, "not one of this environment"),
        ({"task_id": "Obey-v0/train/¹"}, "not one of this environment"),
        ({"task_id": "Obey-v0/dev/1"}, "train, validation, test"),
        ({"task_id": "Obey-v0/train/" + "9" * 5000}, "not one of this environment"),
        ({"task_id": None}, "not one of this environment"),
        ({"snapshot": {}, "index": 1}, "give it alone"),
    ],
)
def test_wrong_options_are_refused_by_name(options, words):
    env = Obey()
    with pytest.raises(ResetError) as refusal:
        env.reset(seed=1, options=options)
    assert words in str(refusal.value)


@pytest.mark.parametrize("seed", [-1, 1.5, "7", True])
def test_wrong_seeds_are_refused(seed):
    with pytest.raises(ResetError, match="seed must be a whole number"):
        Obey().reset(seed=seed)


@pytest.mark.parametrize("index", [1.5, "1", None, True])
def test_a_place_that_is_no_whole_number_is_refused(index):
    with pytest.raises(ResetError, match="whole number"):
        Obey().task("train", index)


def test_a_refused_reset_leaves_the_episode_and_the_stream_alone():
    env = Obey()
    env.reset(seed=1)
    env.step("say a")
    for wrong in ({"options": {"split": "dev"}}, {"seed": -1}, {"options": {"snapshot": "{}"}}):
        with pytest.raises(ValueError, match=r"."):
            env.reset(**wrong)
    assert env.step("say b")[0] == "2: say b"
    assert env.reset()[1] == ids_with_seed(1)


def ids_with_seed(seed):
    twin = Obey()
    twin.reset(seed=seed)
    return twin.reset()[1]


def test_stored_tasks_have_a_size_and_seeds_wrap_around():
    env = Shelf()
    assert env.reset(seed=3)[0] == "train page 3"
    assert env.reset(seed=13)[0] == "train page 3"
    assert env.reset(options={"split": "validation", "index": 1})[0] == "validation page 1"
    with pytest.raises(ResetError, match="index 2 is outside split 'validation' of Shelf-v0, which has tasks 0 to 1"):
        env.reset(options={"split": "validation", "index": 2})
    for options in ({"split": "test"}, {"split": "test", "index": 0}):
        with pytest.raises(ResetError, match="has no tasks: tasks are in 'train' and 'validation'"):
            env.reset(seed=1, options=options)


def test_secrets_stay_out_of_repr_and_dumps():
    task = Task(prompt="p", secret={"answer": "swordfish"}, family="swordfish 3", data={"level": 2})
    for shown in (repr(task), str(task), task.model_dump_json(), str(task.model_dump())):
        assert "swordfish" not in shown
        assert "level" in shown


def test_gymnasiums_generator_follows_the_seed():
    env = Obey()
    env.reset(seed=3)
    draw = env.np_random.random()
    env.reset(seed=3)
    assert env.np_random_seed == 3
    twin = Obey()
    twin.reset(seed=3)
    assert twin.np_random.random() == draw


def test_rendering_shows_the_latest_observation_where_it_was_asked_for():
    env = Obey(render_mode="ansi")
    env.reset(seed=1)
    assert env.render() == env.episode.task.prompt
    env.step("say hello")
    assert env.render() == "1: say hello"
    plain = Obey()
    plain.reset(seed=1)
    assert plain.render() is None
