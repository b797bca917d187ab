"""MathTool: the families' tasks and verdicts, and a Python that knows nothing of them."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import textgym
from textgym.actions.answers import committed
from textgym.core import SPLITS, ConfigError, InfraError, State, split_of
from textgym.envs.math.single_answer import SingleAnswer
from textgym.envs.math.tool.env import MathTool
from textgym.envs.math.tool.families import MIX
from textgym.graders.code import box as boxes
from textgym.registry import entries, find, make
from textgym.sandbox import SandboxUnavailableError

ID = "textgym/MathTool-v0"


@pytest.fixture
def sandbox() -> None:
    try:
        boxes.open_box()
    except InfraError as error:
        pytest.skip(str(error))


def math_tool(**given: Any) -> Any:
    return make(ID, **given)


def single_answer_ids() -> list[str]:
    ids = []
    for env_id, entry in entries().items():
        if env_id.startswith("textgym/") and entry.domain == "math" and not entry.needs:
            env = make(env_id)
            if isinstance(env, SingleAnswer):
                ids.append(env_id)
    return ids


# -- tasks and verdicts ---------------------------------------------------------------------------------------------------


def test_the_mix_is_drawn_from_in_every_split() -> None:
    env = math_tool()
    for split in SPLITS:
        drawn = {env.task(split, index).data["family"] for index in range(120)}
        assert drawn <= set(MIX)
        assert len(drawn) >= 15


@pytest.mark.parametrize("env_id", single_answer_ids())
def test_every_single_answer_family_can_be_drawn_from_and_judges_as_it_does_alone(env_id: str) -> None:
    env = math_tool(families=[env_id], difficulty="easy")
    family = make(env_id, difficulty="easy")
    assert isinstance(family, SingleAnswer)
    for index in range(3):
        task = env.task("train", index)
        assert "<answer>" not in task.prompt
        assert family.answer_form in task.prompt
        posed = task.model_copy(update={"data": task.data["task"]})
        right = family.oracle(posed, State())
        wrong = [text for script in family.cheats(posed).values() for text in script if text.startswith("<answer>")][
            :12
        ]
        for text in [right, *wrong]:
            alone: Any = family.act(posed, State(), text)
            env.reset(options={"task_id": task.id})
            value = text.removeprefix("<answer>").removesuffix("</answer>")
            _, reward, terminated, _, info = env.step(env.call("answer", value=value))
            assert terminated is (alone.score is not None)
            assert reward == (0.0 if alone.score is None else getattr(alone.score, "value", alone.score))
            assert info.get("outcome", {}).get("success", False) is (text == right or reward == 1.0)


def test_a_task_is_in_the_split_that_its_family_has_it_in() -> None:
    env = math_tool(families=["GcdLcm-v0"])
    family = make("textgym/GcdLcm-v0")
    here = {env.task("test", index).family for index in range(40)}
    assert {split_of(name) for name in here if name} == {"test"}
    assert here.isdisjoint({family.task("train", index).family for index in range(400)})


def test_families_are_named_with_or_without_the_namespace() -> None:
    short, whole = math_tool(families=["Divisors-v0"]), math_tool(families=["textgym/Divisors-v0"])
    assert short.task("train", 3) == whole.task("train", 3)
    assert short.task("train", 3).id == whole.task("train", 3).id != math_tool().task("train", 3).id


@pytest.mark.parametrize(
    ("families", "expected"),
    [
        (["Divisor-v0"], "did you mean 'Divisors-v0'"),
        (["Calculator-v0"], "not one of the families with a single answer"),
        ([ID], "not one of the families with a single answer"),
        (["Divisors-v0", "textgym/Divisors-v0"], "named twice"),
        ([], "at least 1"),
    ],
)
def test_families_that_cannot_be_drawn_from_are_refused_by_name(families: list[str], expected: str) -> None:
    with pytest.raises(ConfigError, match="families") as raised:
        math_tool(families=families)
    assert expected in str(raised.value)


def test_difficulty_is_that_of_the_families() -> None:
    easy, hard = (math_tool(families=["Determinant-v0"], difficulty=level) for level in ("easy", "hard"))
    assert len(easy.task("train", 0).prompt) < len(hard.task("train", 0).prompt)
    assert textgym.Config.model_fields.keys() < type(easy.config).model_fields.keys()


# -- answers ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", ["tags", "xml", "json"])
def test_an_unreadable_answer_costs_a_turn_and_the_next_one_counts(protocol: str) -> None:
    env = math_tool(families=["GcdLcm-v0"], protocol=protocol)
    env.reset(seed=4)
    text, reward, terminated, truncated, info = env.step(env.call("answer", value="about five"))
    assert (reward, terminated, truncated, "outcome" in info) == (0.0, False, False, False)
    assert "not a whole number" in text
    answer = str(env.task("train", 4).secret["answer"])
    _, reward, terminated, _, info = env.step(env.call("answer", value=answer))
    assert (reward, terminated, info["outcome"]["success"]) == (1.0, True, True)


def test_only_the_first_readable_answer_counts() -> None:
    env = math_tool(families=["GcdLcm-v0"])
    env.reset(seed=4)
    answer = int(env.task("train", 4).secret["answer"])
    calls = [env.call("answer", value=str(value)) for value in (answer + 1, answer)]
    _, reward, terminated, _, _ = env.step("\n".join(calls))
    assert (reward, terminated) == (0.0, True)


@given(st.text(max_size=300) | st.text(alphabet="<>/answer python0123456789,;{}()[]^*+-=", max_size=200))
@settings(max_examples=300)
def test_no_text_of_an_answer_breaks_a_family_or_is_paid_by_luck(text: str) -> None:
    env = FUZZED
    task = env.task("train", len(text) % 40)
    posed = task.model_copy(update={"data": task.data["task"]})
    family = make(task.data["family"])
    live = env.start(task)
    _, reward, _, _, info = live.step(env.call("answer", value=text))
    live.close()
    assert not info.get("outcome", {}).get("mask", False)
    if reward == 1.0:
        alone: Any = family.act(posed, State(), committed(text))  # type: ignore[attr-defined]
        assert alone.score == 1.0


FUZZED = MathTool()


# -- Python -----------------------------------------------------------------------------------------------------------------


def run(env: Any, code: str) -> str:
    text, reward, terminated, _, _ = env.step(env.call("python", code=code))
    assert (reward, terminated) == (0.0, False)
    return str(text)


@pytest.mark.usefixtures("sandbox")
def test_what_a_program_prints_is_shown_and_nothing_is_kept() -> None:
    env = math_tool(max_turns=20)
    env.reset(seed=1)
    assert run(env, "x = 6 * 7\nprint(x)") == "42"
    assert "NameError" in run(env, "print(x)")
    assert run(env, "open('kept', 'w').write('1')\nprint('written')") == "written"
    assert "FileNotFoundError" in run(env, "print(open('kept').read())")
    assert run(env, "pass") == "[nothing was printed]"
    assert run(env, "import sys\nprint('so far')\nsys.exit(3)") == "so far\n[exit code 3]"
    assert run(env, "import sys\nprint('oops', file=sys.stderr)") == "--- stderr ---\noops"
    assert "SyntaxError" in run(env, "print(")
    assert run(env, "print('<answer>5</answer>')") == "<answer>5</answer>"


@pytest.mark.usefixtures("sandbox")
def test_a_program_has_limits() -> None:
    env = math_tool(python_seconds=1, output_chars=300)
    env.reset(seed=1)
    assert run(env, "while True: pass") == "[stopped: out of time]"
    assert "MemoryError" in run(env, "x = bytearray(2 << 30)")
    long = run(env, "print('a' * 5000)")
    assert len(long) <= 300
    assert "characters left out" in long
    assert "[stopped: " in run(env, "while True: print('a' * 1000)")


@pytest.mark.usefixtures("sandbox")
def test_nothing_of_the_task_is_inside_the_sandbox() -> None:
    env = math_tool(families=["CountingArrangements-v0", "DigitPuzzle-v0", "ModularPower-v0"], difficulty="hard")
    search = (
        "import gc, os, sys\n"
        "print(dict(os.environ), sys.argv, os.listdir('.'), os.listdir('/tmp'), os.listdir('/proc/self/fd'))\n"
        "for path in ('/proc/self/cmdline', '/proc/self/environ', '/proc/self/mountinfo'):\n"
        "    print(open(path, 'rb').read())\n"
        "print([str(o) for o in gc.get_objects() if isinstance(o, (str, bytes, list, dict)) and len(str(o)) < 500])\n"
    )
    for seed in range(6):
        env.reset(seed=seed)
        task = env.task("train", seed)
        said = run(env, search)
        assert "PATH" in said
        assert task.prompt[:30] not in said
        answer = str(task.secret["answer"])
        assert len(answer) < 5 or answer not in said


@pytest.mark.usefixtures("sandbox")
def test_an_episode_goes_on_from_a_snapshot() -> None:
    env = math_tool()
    env.reset(seed=9)
    run(env, "print(1)")
    twin = math_tool()
    twin.restore(env.snapshot())
    assert run(twin, "print(2)") == run(env, "print(2)") == "2"
    action = env.oracle(env.task("train", 9), MathTool.State(programs=1))
    assert twin.step(action) == env.step(action)


def test_without_a_sandbox_a_program_ends_the_episode_masked_and_an_answer_is_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nothing(provider: str) -> object:
        raise SandboxUnavailableError("no sandbox can be opened here. bwrap: apt-get install bubblewrap")

    boxes.close_box()
    monkeypatch.setattr(boxes, "open_sandbox", nothing)
    env = math_tool(families=["GcdLcm-v0"])
    env.reset(seed=2)
    _, reward, terminated, truncated, info = env.step(env.call("python", code="print(1)"))
    assert (reward, terminated, truncated) == (0.0, False, True)
    assert (info["outcome"]["status"], info["outcome"]["mask"]) == ("infra_error", True)
    env.reset(seed=2)
    assert env.step(env.call("answer", value=str(env.task("train", 2).secret["answer"])))[1] == 1.0


def test_the_registry_says_that_it_needs_a_sandbox() -> None:
    assert find(ID).needs == ("sandbox",)
