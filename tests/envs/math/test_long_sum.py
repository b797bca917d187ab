"""LongSum: values by splitting the expression at its signs, knobs, and splits."""

import re

import pytest

from support.families import made, pay
from textgym.core import SPLITS, ConfigError


@pytest.mark.parametrize(
    "knobs", [{}, {"difficulty": "easy"}, {"difficulty": "hard"}, {"smallest": 400, "max_terms": 9}]
)
def test_the_answer_is_the_terms_with_their_signs(knobs):
    env = made("LongSum", **knobs)
    for split in SPLITS:
        for index in range(30):
            task = env.task(split, index)
            signed = re.findall(r"([+-]?)(\d+)", task.data["expression"].replace(" ", ""))
            assert sum(-int(term) if sign == "-" else int(term) for sign, term in signed) == task.secret["answer"]
            assert f"What is {task.data['expression']}?" in task.prompt
            assert env.config.min_terms <= len(signed) == task.difficulty <= env.config.max_terms
            assert all(env.config.smallest <= int(term) <= env.config.largest for _, term in signed)
            assert any(sign == "-" for sign, _ in signed)
            assert pay(env, task, f"{task.secret['answer']:+}") == 1.0
            assert pay(env, task, str(task.secret["answer"] + 1)) == 0.0


def test_no_two_splits_have_the_same_signs():
    env = made("LongSum", difficulty="easy")
    signs = [
        {re.sub(r"\d+", "n", env.task(split, index).data["expression"]) for index in range(300)} for split in SPLITS
    ]
    assert all(signs)
    assert sum(map(len, signs)) == len(set.union(*signs))


@pytest.mark.parametrize(
    ("knobs", "words"),
    [({"min_terms": 9}, "max_terms"), ({"smallest": 500}, "half of largest"), ({"largest": 3}, "largest")],
)
def test_settings_that_do_not_go_together_are_refused(knobs, words):
    with pytest.raises(ConfigError, match=words):
        made("LongSum", **knobs)
