"""Terminal: every template can be solved, is not solved by what looks right, and no trick is paid."""

import asyncio
import contextlib
import json
import re
import subprocess
import sys

import pytest

from textgym.core import ConfigError, Random, RedrawError, derive_key, split_of
from textgym.envs.code.terminal import Terminal
from textgym.envs.code.terminal.box import Bounds, run_command
from textgym.envs.code.terminal.cheats import cheats
from textgym.envs.code.terminal.env import files_of, goal_of
from textgym.envs.code.terminal.families import TEMPLATES
from textgym.envs.code.terminal.goal import Goal
from textgym.envs.code.terminal.material import clutter
from textgym.envs.code.terminal.scene import Scene, untouched
from textgym.envs.code.terminal.tree import check_tree
from textgym.graders.code.box import box

SPLITS = ("train", "validation", "test")


def drawn(name: str, number: int):
    """A scene and its job, as the environment draws them."""
    for again in range(20):
        scene = Scene(Random(derive_key("a scene", name, number, again)))
        for path, content in clutter(scene.rng, 8).items():
            scene.file(path, content)
        with contextlib.suppress(RedrawError):
            return scene, TEMPLATES[name].build(scene)
    raise AssertionError(f"no draw of {name} gives a scene")


async def played(tree, script):
    """The files after a script; a command that leaves files that cannot be kept changes nothing."""
    cwd = ""
    for command in script:
        ran = await run_command(await box(), tree, command, cwd=cwd, now=1_735_689_600, bounds=Bounds())
        tree, cwd = tree if ran.tree is None else ran.tree, ran.cwd or ""
    return tree


async def judged(name: str, number: int) -> None:
    scene, job = drawn(name, number)
    goal = Goal.load(*scene.goal.dump())
    assert goal.unmet(scene.tree, await played(scene.tree, job.solution)) == [], job.text
    wrong = {title: script for title, script in job.wrong.items() if script}
    assert len(wrong) >= 2
    for title, script in wrong.items():
        assert goal.unmet(scene.tree, await played(scene.tree, script)), f"paid: {title}"


# -- templates ------------------------------------------------------------------------------------------------------------


def test_there_are_templates_enough_in_every_split_and_level():
    assert len(TEMPLATES) >= 60
    levels = {split: set() for split in SPLITS}
    for name, template in TEMPLATES.items():
        levels[split_of(f"Terminal-v0 {name}")].add(template.level)
    assert all(found == {1, 2, 3} for found in levels.values())


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_the_same_everywhere_and_not_solved_by_doing_nothing(name):
    for number in range(5):
        scene, job = drawn(name, number)
        check_tree(scene.tree)
        assert not untouched(scene)
        assert len([script for script in job.wrong.values() if script]) >= 2
        assert len(job.solution) <= 4
        again, same = drawn(name, number)
        assert (again.tree, again.goal, same) == (scene.tree, scene.goal, job)
        assert not re.search(r"\{(?!type: count\})", job.text)


@pytest.mark.docker
@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_pays_its_solution_and_nothing_that_looks_right(name):
    asyncio.run(judged(name, 0))


@pytest.mark.slow
@pytest.mark.docker
@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_has_this_power_on_every_draw(name):
    for number in range(1, 12):
        asyncio.run(judged(name, number))


# -- tasks ----------------------------------------------------------------------------------------------------------------


def test_tasks_differ_and_their_texts_hold_no_left_over_braces():
    env = Terminal()
    tasks = [env.task("train", index) for index in range(300)]
    assert len({(task.prompt, task.secret["files"], task.secret["goal"]) for task in tasks}) == 300
    assert len({task.family for task in tasks}) > 60
    for task in tasks:
        assert goal_of(task).unmet(*files_of(task, env.start(task).state))


@pytest.mark.slow
def test_there_are_fifty_thousand_different_tasks():
    env = Terminal()
    seen = set()
    for split, count in (("train", 40_000), ("validation", 6_000), ("test", 6_000)):
        for index in range(count):
            task = env.task(split, index)
            seen.add(hash((task.prompt, task.secret["files"], json.dumps(task.secret["contents"]))))
    assert len(seen) >= 50_000


def test_another_process_with_another_hash_seed_draws_the_same_tasks():
    program = (
        "import hashlib; from textgym.envs.code.terminal import Terminal; env = Terminal(); "
        "print([hashlib.sha256(repr((t.prompt, t.secret)).encode()).hexdigest() for t in (env.task('train', i) for i in range(25))])"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "22")
    }
    assert len(said) == 1


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_a_level_draws_from_its_templates_in_every_split(level):
    env = Terminal(level=level)
    wanted = {"easy": 1, "medium": 2, "hard": 3}[level]
    assert all(env.task(split, index).difficulty == wanted for split in SPLITS for index in range(4))
    with pytest.raises(ConfigError):
        Terminal(level=f"{level}er")


# -- episodes -------------------------------------------------------------------------------------------------------------


@pytest.mark.docker
@pytest.mark.parametrize("protocol", ["tags", "xml", "json"])
def test_the_oracle_earns_one_in_every_protocol(protocol):
    env = Terminal(protocol=protocol)
    for split in SPLITS:
        for index in range(3):
            live = env.start(env.task(split, index))
            while not live.ended:
                live.step(env.oracle(live.task, live.state))
            assert live.total == 1.0, live.outcome
            assert live.outcome.success


@pytest.mark.docker
def test_no_trick_is_paid_and_each_is_the_policys_doing():
    env = Terminal()
    for index in range(2):
        task = env.task("train", index)
        for name, script in cheats(task.secret["solution"]).items():
            live = env.start(task)
            for command in script:
                live.step(env.call("bash", command=command))
            live.step(env.call("submit"))
            assert live.total == 0.0, name
            assert live.outcome.status == "ok", name
    assert len(cheats(["true"])) >= 15


@pytest.mark.docker
def test_the_directory_is_kept_and_variables_are_not():
    env = Terminal(max_turns=4)
    live = env.start(env.task("train", 0))
    live.step("<bash>mkdir -p deep/er; cd deep/er; X=1; echo kept > f</bash>")
    observation, *_ = live.step('<bash>pwd; cat f; echo "[$X]"; false</bash>')
    assert observation == "exit_code: 1\n--- output ---\n/box/home/deep/er\nkept\n[]\n--- turns left: 2"
    observation, *_ = live.step("<bash>cd /tmp; rm -rf ~/deep</bash>")
    assert observation == "exit_code: 0\n--- output ---\n\n--- The next command starts in ~/.\n--- turns left: 1"
    *_, truncated, info = live.step("<bash>pwd</bash>")
    assert truncated
    assert info["outcome"]["stop_reason"] == "max_turns"
    assert live.total == 0.0


@pytest.mark.docker
def test_a_snapshot_holds_the_changes_alone_and_goes_on_elsewhere():
    env = Terminal()
    live = env.start(env.task("train", 1))
    live.step("<bash>mkdir d; cd d; echo x > y; rm -rf ~/misc</bash>")
    snapshot = json.loads(json.dumps(live.snapshot()))
    assert len(json.dumps(snapshot)) < 4_000
    other = Terminal()
    other.reset(options={"snapshot": snapshot})
    assert other.step("<bash>pwd; cat y; ls ~/misc</bash>")[0].startswith(
        "exit_code: 2\n--- output ---\n/box/home/d\nx\nls: cannot access"
    )


@pytest.mark.docker
def test_a_command_that_cannot_be_kept_costs_a_turn_and_changes_nothing():
    env = Terminal()
    live = env.start(env.task("train", 0))
    observation, _, _, _, info = live.step("<bash>rm -rf ~</bash>")
    assert "put back" in observation
    assert info["kept"] is False
    assert live.state.changes == {}
    assert live.state.turn == 1
    observation, *_ = live.step(f"<bash>echo {'é' * 60_000}</bash>")
    assert "at most 100,000 bytes" in observation
    assert live.state.invalid == 1
