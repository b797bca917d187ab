"""CodeImplement: a function is written again, and tests that want it decide."""

import pytest
from sample_repairs import SampleImplement

pytestmark = pytest.mark.docker


def played(*calls):
    env = SampleImplement()
    live = env.start(env.task("train", 0))
    for name, arguments in [*calls, ("submit", {})]:
        live.step(env.call(name, **arguments))
    return live


def edit(body):
    return "edit", {"path": "src/shelf/text.py", "old": "    raise NotImplementedError\n", "new": body}


def test_the_prompt_names_what_is_missing_and_the_box_does_not_hold_it():
    env = SampleImplement()
    live = env.start(env.task("train", 0))
    assert "Write initials of shelf.text, in src/shelf/text.py: its body is missing." in live.observation
    assert "Tests that want it: test_initials, test_initials_of_one." in live.observation
    text, *_ = live.step(env.call("bash", command="grep -rn 'word\\[0\\]\\|test_initials' . || echo nowhere"))
    assert "nowhere" in text


def test_the_original_is_paid():
    env = SampleImplement()
    for split in ("train", "validation", "test"):
        live = env.start(env.task(split, 0))
        while not live.ended:
            live.step(env.oracle(live.task, live.state))
        assert live.total == 1.0


def test_another_way_to_write_it_is_paid():
    assert played(edit("    return ''.join([part[:1] for part in name.upper().split()])\n")).total == 1.0


@pytest.mark.parametrize(
    "body",
    [
        "    return 'AL'\n",
        "    return {'ada lovelace': 'AL', 'alan turing': 'AT'}.get(name)\n",
        "    return name[0].upper()\n",
        "    pass\n",
        "    this is no Python\n",
    ],
)
def test_what_is_not_right_everywhere_is_not(body):
    assert played(edit(body)).total == 0.0


def test_nothing_written_is_not_paid():
    assert played().total == 0.0
