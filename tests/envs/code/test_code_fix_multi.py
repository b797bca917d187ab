"""CodeFixMulti: several bugs at once, all of which must be repaired; notes and checkpoints are part of the state."""

import json

import pytest
from sample_packages import problem
from sample_repairs import SampleMulti

from textgym.envs.code.bank.recipes import load
from textgym.envs.code.repair.combined import _places, combined


def started(**settings):
    env = SampleMulti(**settings)
    return env, env.start(env.task("train", 0))


def test_the_issue_says_how_many_there_are():
    _, live = started()
    assert "It has 2 bugs, each in another function." in live.observation
    assert "Break a text into lines" in live.observation
    assert "Remove some of a thing" in live.observation


@pytest.mark.docker
def test_all_must_be_repaired():
    env, live = started()
    while not live.ended:
        live.step(env.oracle(live.task, live.state))
    assert live.total == 1.0
    for path in problem("shelf", 0).damaged, problem("shelf", 2).damaged:
        env, live = started()
        right = problem("shelf", 0).package.files
        (file,) = path
        now = env.tree(live.task, live.state)[file].decode()
        live.step(env.call("edit", path=file, old=now, new=right[file].decode()))
        *_, info = live.step(env.call("submit"))
        assert 0 < info["fail_to_pass_passed"] < info["fail_to_pass"]
        assert live.total == 0.0


def test_notes_and_checkpoints_are_kept_and_bounded():
    env, live = started()

    def said(tool, /, **arguments):
        return live.step(env.call(tool, **arguments))[0].rpartition("\n--- ")[0]

    assert said("read_notes") == "The scratchpad is empty."
    assert said("note", text="look at take") == "Noted."
    assert said("note", text="x" * 4000).startswith("Not noted")
    assert said("read_notes") == "look at take"
    said("edit", path="one.txt", old="", new="1")
    assert said("checkpoint", name="one") == "Kept as one."
    said("edit", path="two.txt", old="", new="2")
    for name in ("two", "three"):
        said("checkpoint", name=name)
    assert said("checkpoint", name="four").startswith("Not kept")
    assert said("checkpoint", name=" ").startswith("Not kept")
    assert said("go_back", name="one") == "The repository is as it was at one."
    assert "two.txt" not in said("view", path=".")
    assert said("go_back", name="none of these").endswith("there is one, two, three, start.")
    twin = SampleMulti()
    twin.restore(json.loads(json.dumps(live.snapshot())))
    assert "2" in twin.step(env.call("go_back", name="two"))[0] + twin.step(env.call("view", path="two.txt"))[0]
    said("go_back", name="start")
    assert said("diff") == "Nothing is changed."


def test_two_plays_never_share_a_checkpoint():
    env, live = started()
    live.step(env.call("checkpoint", name="a"))
    live.step(env.call("edit", path="x.txt", old="", new="1"))
    live.step(env.call("go_back", name="a"))
    live.step(env.call("edit", path="y.txt", old="", new="1"))
    live.step(env.call("go_back", name="a"))
    assert not live.state.changes.files


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_bugs_of_the_bank_are_joined_in_functions_of_their_own(split):
    source = combined(3)
    places = {source_of(split, index) for index in range(source.size(split))}
    assert len(places) == source.size(split)
    for spec, numbers in sorted(places, key=str)[:50]:
        recipes = [load(spec).recipes[number] for number in numbers]
        assert 2 <= len(recipes) <= 3
        assert len({(recipe.file, recipe.function.partition(".<locals>")[0]) for recipe in recipes}) == len(recipes)


def source_of(split, index):
    return _places(3, split)[index]
