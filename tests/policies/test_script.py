"""Scripted policies, from lists and from files."""

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.turns import turn
from textgym.policies import PolicyError, PolicySettingError, Script, Scripts, policy_by_name, script_from_file


def played(policy, turns=4, **fields):
    """The answers to this many turns of one episode."""
    history = ["observation"]
    answers = []
    for _ in range(turns):
        answers.append(asyncio.run(policy.answer(turn(*history, **fields))))
        history += [answers[-1] or "", "observation"]
    return answers


def test_a_script_plays_its_actions_and_then_ends_the_episode():
    assert played(Script(["a", "b"])) == ["a", "b", None, None]


def test_a_script_serves_any_number_of_episodes_side_by_side():
    script = Script(["a", "b"])
    first = asyncio.run(script.answer(turn("o", episode_id="1")))
    second = asyncio.run(script.answer(turn("o", episode_id="2")))
    assert (first, second) == ("a", "a")


def test_an_empty_script_ends_the_episode_at_once():
    assert played(Script([]), turns=1) == [None]


@pytest.mark.parametrize("actions", ["abc", [1], [None]])
def test_a_script_of_anything_but_strings_is_refused(actions):
    with pytest.raises(PolicySettingError, match="list of str"):
        Script(actions)


def test_describe_tells_two_scripts_apart():
    assert Script(["a"]).describe() != Script(["b"]).describe()
    assert Script(["a"]).describe() == Script(["a"]).describe()
    assert Scripts({"t": ["a"]}).describe() != Scripts({"u": ["a"]}).describe()


def test_scripts_play_the_actions_of_the_task():
    scripts = Scripts({"t/0": ["a"], "t/1": ["b"]})
    assert played(scripts, turns=2, task_id="t/1") == ["b", None]


def test_a_task_without_a_script_is_a_failure_and_not_a_given_up_episode():
    with pytest.raises(PolicyError, match="no script for task t/9"):
        played(Scripts({"t/0": ["a"]}), task_id="t/9")


def test_a_file_of_plain_lines(tmp_path):
    path = tmp_path / "actions.txt"
    path.write_text('first\r\n\n  {"name": "x"} \n"quoted"')
    assert played(script_from_file(path)) == ["first", '  {"name": "x"} ', '"quoted"', None]


@given(actions=st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
@pytest.mark.parametrize("name", ["actions.txt", "actions.jsonl"])
def test_any_actions_survive_a_file_of_json_strings(tmp_path_factory, name, actions):
    path = tmp_path_factory.mktemp("scripts") / name
    path.write_text("\n".join(json.dumps(action) for action in actions))
    assert played(policy_by_name(f"script:{path}"), turns=len(actions) + 1) == [*actions, None]


def test_a_file_of_actions_for_each_task(tmp_path):
    path = tmp_path / "actions.jsonl"
    path.write_text('{"task_id": "t/0", "actions": ["a", "b"]}\n{"task_id": "t/1", "actions": []}\n')
    policy = script_from_file(path)
    assert played(policy, turns=3, task_id="t/0") == ["a", "b", None]
    assert played(policy, turns=1, task_id="t/1") == [None]


@pytest.mark.parametrize("line", ["plain", "3", '{"task_id": "t"}', '{"task_id": "t", "actions": [1]}', "[" * 100_000])
def test_a_wrong_line_of_a_json_file_is_named(tmp_path, line):
    path = tmp_path / "actions.jsonl"
    path.write_text(f'"fine"\n{line}\n')
    with pytest.raises(PolicySettingError, match="line 2"):
        script_from_file(path)


def test_a_file_that_mixes_both_kinds_is_refused(tmp_path):
    path = tmp_path / "actions.jsonl"
    path.write_text('"a"\n{"task_id": "t/0", "actions": ["a"]}\n')
    with pytest.raises(PolicySettingError, match="mixes"):
        script_from_file(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(PolicySettingError, match=r"cannot read script .*absent"):
        policy_by_name(f"script:{tmp_path}/absent.txt")
