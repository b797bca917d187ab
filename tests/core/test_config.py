"""Config: what is refused and how, and which settings name a task."""

import pytest
from core_envs import Obey, ObeyConfig
from pydantic import ValidationError

from textgym.core import Config, ConfigError


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"max_turn": 3}, ["unknown setting 'max_turn'", "did you mean 'max_turns'?"]),
        ({"zzzzzz": 3}, ["unknown setting 'zzzzzz'", "choose from", "bonus", "size"]),
        ({"max_turns": 0}, ["'max_turns' = 0", "greater than or equal to 1"]),
        ({"size": "many"}, ["'size' = 'many'", "integer"]),
        ({"split": "dev"}, ["'split' = 'dev'", "train"]),
        ({"step_seconds": 0}, ["'step_seconds' = 0", "greater than 0"]),
        ({"episode_seconds": float("nan")}, ["episode_seconds"]),
        ({"max_observation_chars": 20}, ["max_observation_chars", "200"]),
        ({"max_turn": 3, "size": 0}, ["max_turn", "size"]),
    ],
)
def test_a_wrong_setting_is_refused_by_name(settings, words):
    with pytest.raises(ConfigError) as refusal:
        Obey(**settings)
    assert all(word in str(refusal.value) for word in ["ObeyConfig", *words])
    assert isinstance(refusal.value, ValueError)


def test_a_config_cannot_be_changed():
    config = ObeyConfig.from_settings({"size": 3})
    with pytest.raises(ValidationError):
        config.size = 4


@pytest.mark.parametrize(
    "settings",
    [{}, {"size": 10}, {"max_turns": 3}, {"split": "test"}, {"bonus": 2.0}, {"step_seconds": 1, "max_invalid": 2}],
)
def test_what_does_not_shape_the_task_leaves_its_id_alone(settings):
    assert ObeyConfig.from_settings(settings).task_digest() == ""
    assert Obey(**settings).task("train", 3).id == "Obey-v0/train/3"
    assert Obey(**settings).task("train", 3) == Obey().task("train", 3)


def test_what_shapes_the_task_names_it():
    digests = {
        ObeyConfig.from_settings(settings).task_digest()
        for settings in [{}, {"size": 11}, {"size": 12}, {"flavour": "sour"}, {"size": 11, "flavour": "sour"}]
    }
    assert len(digests) == 5
    assert ObeyConfig(size=11, flavour="é").task_digest() == ObeyConfig(flavour="é", size=11, bonus=3).task_digest()


def test_the_digest_of_settings_is_fixed_for_good():
    assert ObeyConfig(size=11, flavour="sour é").task_digest() == "57fdce94"
    assert ObeyConfig(size=11).task_settings() == {"size": 11}


def test_a_config_class_of_an_environment_is_its_own_or_the_common_one():
    assert Obey.Config is ObeyConfig
    assert issubclass(ObeyConfig, Config)


def test_unknown_render_modes_are_refused():
    with pytest.raises(ValueError, match="'human'"):
        Obey(render_mode="human")


class Lists(Config):
    words: tuple[str, ...] = ()
    count: int = 1
    place: str | dict[str, str] | None = None


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"words": "a"}, """setting 'words' = 'a': write a list, such as ["a", "b"]"""),
        ({"words": ["a", 1]}, "setting 'words[1]' = 1: input should be a valid string"),
        ({"count": "none"}, "setting 'count' = 'none': input should be a valid integer"),
        ({"place": 3}, "setting 'place' = 3: input should be a valid string"),
    ],
)
def test_a_refusal_speaks_of_the_setting_and_not_of_pydantic(settings, expected):
    with pytest.raises(ConfigError) as refusal:
        Lists.from_settings(settings)
    assert expected in str(refusal.value)
    assert "value error" not in str(refusal.value)
