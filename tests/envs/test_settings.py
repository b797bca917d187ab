"""Settings at the ends of what they may be: a task, a refusal that names the setting, or a word that there are too few tasks."""

from typing import Any

import pytest

from textgym.core import Config, ConfigError, Random, TaskError, derive_key
from textgym.registry import entries, make

STORED = {"CodeFix", "CodeFixMulti", "CodeImplement", "BugLocate", "PatchJudge", "DatasetQA", "ReasoningGym"}
"""Environments whose tasks are looked up, not drawn."""
DRAWN = [one for one in entries() if one.startswith("textgym/") and one[8:-3] not in STORED]


def ends(field: dict[str, Any]) -> list[Any]:
    """The least and the greatest value of a setting, or all of them, by its JSON schema; empty where it has no ends."""
    if "enum" in field:
        return list(field["enum"])
    if field.get("type") == "boolean":
        return [False, True]
    return [field["minimum"], field["maximum"]] if "minimum" in field and "maximum" in field else []


def cases(knobs: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Each setting alone at each of its ends, and forty mixtures of ends."""
    rng = Random(derive_key("settings", *knobs))
    alone = [{name: value} for name, values in knobs.items() for value in values]
    chosen = [[name for name in knobs if rng.random() < 0.5] for _ in range(40)]
    return alone + [{name: rng.choice(knobs[name]) for name in names} for names in chosen]


@pytest.mark.parametrize("env_id", DRAWN)
def test_every_setting_works_or_is_refused_by_name(env_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "textgym.core.env._DRAWS", 5
    )  # some mixtures admit hardly any task, and this is not about those
    schema = type(make(env_id)).Config.model_json_schema()["properties"]
    knobs = {name: ends(field) for name, field in schema.items() if name not in Config.model_fields}
    made, refusals = 0, []
    for settings in cases({name: values for name, values in knobs.items() if values}):
        try:
            env = make(env_id, **settings)
        except ConfigError as error:
            refusals.append((str(error), settings))
            continue
        try:
            task = env.task("train", made)
        except TaskError:
            continue
        made += 1
        assert task.prompt
    assert made >= len(knobs)
    assert [words for words, settings in refusals if not any(name in words for name in settings)] == []
