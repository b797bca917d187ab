"""Calculator: chains that need the tools, exact answers only, a bounded scratchpad."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.families import played
from textgym.actions import PROTOCOLS
from textgym.core import ConfigError, Random
from textgym.envs.math.calculator import Calculator, draw_chain, draw_shape
from textgym.envs.math.exact import evaluate

SPLITS = ("train", "validation", "test")


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"reveal": "one_by_one"},
        {"steps": 4, "digits": 2, "wording": "symbols"},
        {"steps": 20, "digits": 6, "wording": "story", "reveal": "one_by_one", "max_turns": 60},
        {"max_calls_per_turn": 1, "reveal": "one_by_one"},
        {"max_turns": 1},
        *({"protocol": protocol} for protocol in PROTOCOLS),
    ],
)
def test_the_oracle_earns_one(settings):
    env = Calculator(**settings)
    for split in SPLITS:
        for index in range(12):
            live = played(env, split, index)
            assert live.total == 1.0
            assert live.outcome.success
            assert live.state.invalid == 0


def test_the_answer_follows_from_the_facts_in_symbols():
    env = Calculator(wording="symbols")
    for index in range(100):
        task = env.task("train", index)
        known = {}
        for line in task.prompt.split("\n\n")[0].splitlines():
            name, _, written = line.partition(" = ")
            absolute = written.startswith("|")
            for earlier, value in known.items():
                written = written.replace(earlier, str(value))
            value = evaluate(written.strip("|"))
            known[name] = abs(value) if absolute else value
        assert str(known[name]) == task.secret["answer"]
        assert f"What is {name}?" in task.prompt


def test_the_same_chain_is_told_at_once_or_fact_by_fact():
    at_once, one_by_one = Calculator(), Calculator(reveal="one_by_one")
    live = one_by_one.start(one_by_one.task("train", 0))
    facts = live.task.secret["facts"]
    assert not any(fact in live.observation for fact in facts)
    for number, fact in enumerate(facts, 1):
        assert live.step("<next_fact/>")[0] == f"Fact {number} of {len(facts)}: {fact}"
    assert live.step("<next_fact/>")[0] == "There are no more facts."
    assert "next_fact" not in at_once.tools
    assert "facts" not in at_once.task("train", 0).secret


def test_results_are_exact():
    env = Calculator()
    live = env.start(env.task("train", 0))
    assert live.step("<calculate>1/3*3 + 2 * (5 - 7)</calculate>")[0] == "-3"
    assert live.step("<calculate>10/4</calculate>")[0] == "5/2"
    assert live.state.calculations == 2


@pytest.mark.parametrize(
    "expression",
    [
        "1/0",
        "2**9999",
        "9" * 100,
        "(" * 500,
        "__import__('os').getcwd()",
        "1e999",
        "x",
        "1 2",
        "*".join(["9" * 59] * 16),
    ],
)
def test_what_cannot_be_calculated_is_explained_and_costs_no_more_than_a_turn(expression):
    env = Calculator()
    live = env.start(env.task("train", 0))
    text, reward, terminated, truncated, _ = live.step(f"<calculate>{expression}</calculate>")
    assert (reward, terminated, truncated) == (0.0, False, False)
    assert "cannot be calculated" in text or text.isdecimal()
    assert len(text) < 2_000


def test_notes_are_kept_in_order():
    env = Calculator()
    live = env.start(env.task("train", 0))
    assert live.step("<read_notes/>")[0] == "The scratchpad is empty."
    live.step("<note>a = 1</note><note>b < 2</note>")
    assert live.step("<read_notes/>")[0] == "a = 1\nb < 2"


def test_the_scratchpad_is_bounded():
    env = Calculator(max_turns=1000)
    live = env.start(env.task("train", 0))
    for _ in range(600):
        live.step("".join(f"<note><![CDATA[{text}]]></note>" for text in ("x" * 900, "", "y", "")))
    assert sum(len(note) + 1 for note in live.state.notes) <= 2_000
    assert "the scratchpad holds 2000 characters" in live.step("<note>more</note>")[0]


def test_only_the_first_submission_counts():
    env = Calculator()
    live = env.start(env.task("train", 0))
    answer = int(live.task.secret["answer"])
    text, reward, terminated, *_ = live.step(f"<submit>{answer + 1}</submit><submit>{answer}</submit>")
    assert (reward, terminated) == (0.0, True)
    assert str(answer) not in text


def test_an_answer_that_is_no_whole_number_is_malformed_and_not_wrong():
    env = Calculator()
    live = env.start(env.task("train", 0))
    for written in ("about 12", "1,234", "12.0", "1e3", "", "9" * 5_000, "١٢"):
        assert not live.step(f"<submit>{written}</submit>")[2]
    assert live.state.invalid == 7
    assert live.step(f"<submit> {live.task.secret['answer']} </submit>")[1] == 1.0


def test_cheats_and_candidates_earn_nothing():
    env = Calculator()
    for index in range(50):
        task = env.task("train", index)
        for script in [
            *env.cheats(task).values(),
            ["\n".join(env.candidates(task))],
            [" ".join(env.candidates(task)[:3])],
        ]:
            live = env.start(task)
            for action in script:
                assert live.ended or live.step(action)[1] == 0.0


def test_splits_have_different_structures():
    env = Calculator(steps=4)
    families = {split: {env.task(split, i).family for i in range(300)} for split in SPLITS}
    assert not families["train"] & families["test"]
    assert not families["train"] & families["validation"]
    assert not families["validation"] & families["test"]


@pytest.mark.parametrize("settings", [{"steps": 3}, {"steps": 21}, {"digits": 1}, {"digits": 7}, {"wording": "song"}])
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(ConfigError):
        Calculator(**settings)


@given(st.binary(max_size=8), st.integers(4, 20), st.integers(2, 6))
def test_chains_stay_within_what_the_calculator_reads(key, steps, digits):
    rng = Random(key)
    shape = draw_shape(rng, steps)
    chain = draw_chain(rng, shape, digits)
    assert len(chain) == steps + 1
    for link in chain:
        assert link.value == evaluate(link.expression)
        assert 0 <= link.value < 10**45
    assert sum(link.operation == "times" for link in chain) >= 1
