"""CodeFixFn and CodeGen: what is right is paid, nothing else is, and hidden inputs stay hidden."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

import textgym
from textgym.core import SPLITS, InfraError, ResetError, State
from textgym.diagnostics import EnvironmentSuite
from textgym.envs.code.functions.bank import problem
from textgym.envs.code.functions.env import constant_program, unpacked
from textgym.envs.code.hacks.functions import FAMILIES, function_hacks
from textgym.envs.code.submission import submission, submitted_code
from textgym.graders.code import box as boxes

FIX, GEN = "textgym/CodeFixFn-v0", "textgym/CodeGen-v0"
in_a_sandbox = pytest.mark.docker


@in_a_sandbox
class TestCodeFixFn(EnvironmentSuite):
    env_id = FIX
    tasks = 8


@in_a_sandbox
class TestCodeGen(EnvironmentSuite):
    env_id = GEN
    tasks = 8


@pytest.mark.slow
@in_a_sandbox
class TestMoreOfCodeFixFn(EnvironmentSuite):
    env_id = FIX


@pytest.mark.slow
@in_a_sandbox
class TestMoreOfCodeGen(EnvironmentSuite):
    env_id = GEN


class TestTasks:
    @pytest.mark.parametrize("env_id", [FIX, GEN])
    def test_each_index_is_another_task_and_the_last_is_the_last(self, env_id: str) -> None:
        env = textgym.make(env_id)
        for split in SPLITS:
            size = env.size(split)
            assert size is not None
            prompts = {env.task(split, index).prompt for index in range(0, size, max(1, size // 100))}
            assert len(prompts) == len(range(0, size, max(1, size // 100)))
            with pytest.raises(ResetError):
                env.task(split, size)

    @pytest.mark.parametrize("difficulty", ["easy", "medium", "hard"])
    def test_examples_give_a_hard_bug_away_in_no_case_and_others_in_one_at_least(self, difficulty: str) -> None:
        env = textgym.make(FIX, difficulty=difficulty)
        for index in range(60):
            task = env.task("train", index)
            bugs = [bug for bug in problem(task.data["family"], task.data["variant"]).bugs if bug.level == difficulty]
            assert task.data["level"] == difficulty
            shown = set(task.data["examples"])
            # The bug itself is not among what may be known; whichever it is, one of this share fits.
            fitting = [bug for bug in bugs if bug.share == task.data["share"]]
            assert any(
                shown.isdisjoint(bug.wrong) if difficulty == "hard" else shown & set(bug.wrong) for bug in fitting
            )

    def test_mixed_difficulties_take_turns_and_no_bug_is_left_out(self) -> None:
        mixed = textgym.make(FIX)
        levels = [mixed.task("train", index).difficulty for index in range(30)]
        assert {levels.count(level) for level in ("easy", "medium", "hard")} == {10}
        for split in SPLITS:
            sizes = [textgym.make(FIX, difficulty=level).size(split) for level in ("easy", "medium", "hard")]
            assert mixed.size(split) == sum(size or 0 for size in sizes)

    def test_names_that_tell_are_gone_where_others_are_asked_for(self) -> None:
        for style in ("letters", "words"):
            env = textgym.make(FIX, names=style)
            for index in range(30):
                task = env.task("train", index)
                assert f"def {task.data['family']}(" not in task.prompt
                compile(task.secret["program"], "program", "exec")

    def test_no_hidden_input_is_an_example(self) -> None:
        env = textgym.make(GEN)
        for index in range(40):
            task = env.task("train", index)
            found, _, examples = unpacked(task)
            for case, hidden in itertools.product(examples, found.hidden):
                assert case.args != hidden.args


@in_a_sandbox
class TestPlaying:
    def test_a_wrong_attempt_is_told_about_the_examples_and_a_right_one_after_it_is_paid(self) -> None:
        env = textgym.make(FIX)
        env.reset(seed=11)
        task = env.episode.task
        _, rendered, examples = unpacked(task)
        told, reward, terminated, truncated, _ = env.step(submission(constant_program(rendered, examples[0])))
        assert (reward, terminated, truncated) == (0.0, False, False)
        assert "should return" in told
        assert "Attempts left: 2" in told
        _, reward, terminated, _, info = env.step(env.oracle(task, State()))
        assert (reward, terminated) == (1.0, True)
        assert info["outcome"]["success"]

    def test_the_last_wrong_attempt_ends_the_episode(self) -> None:
        env = textgym.make(FIX, max_turns=1)
        env.reset(seed=3)
        _, reward, terminated, _, info = env.step(submission("x = 1"))
        assert (reward, terminated) == (0.0, True)
        assert info["outcome"]["status"] == "ok"

    def test_the_program_cannot_carry_hidden_inputs_into_what_is_told(self) -> None:
        env = textgym.make(FIX)
        env.reset(seed=5)
        task = env.episode.task
        _, rendered, _ = unpacked(task)
        spy = f"seen = []\ndef {rendered.entry}(*args):\n    seen.append(args)\n    raise ValueError(repr(seen))\n"
        told = env.step(submission(spy))[0]
        assert "raised ValueError" in told
        found, _, examples = unpacked(task)
        shown = {repr(case.args) for case in examples}
        long = [repr(case.args) for case in found.hidden if len(repr(case.args)) > 12 and repr(case.args) not in shown]
        assert not [text for text in long if text in told]

    def test_the_programs_text_and_its_inputs_are_all_that_goes_in(self, monkeypatch: pytest.MonkeyPatch) -> None:
        env = textgym.make(GEN)
        env.reset(seed=2)
        task = env.episode.task
        sent: list[bytes] = []
        pool = boxes.open_box()
        call = type(pool).call

        def watched(self: object, one: object) -> object:
            sent.append(one.stdin)  # type: ignore[attr-defined]
            return call(self, one)  # type: ignore[arg-type]

        monkeypatch.setattr(type(pool), "call", watched)
        env.step(submission("pass"))
        found, _, _ = unpacked(task)
        assert sent
        results = [repr(case.expected) for case in found.hidden if len(repr(case.expected)) > 20]
        assert not [text for text in results if any(text.encode() in one for one in sent)]

    def test_a_program_that_never_ends_is_wrong_and_no_failure_of_the_machinery(self) -> None:
        env = textgym.make(GEN)
        env.reset(seed=4)
        _, rendered, _ = unpacked(env.episode.task)
        _, reward, _, _, info = env.step(submission(f"def {rendered.entry}(*args):\n    while True: pass\n"))
        assert reward == 0.0
        assert info["outcome"]["status"] == "ok"
        assert info["run_status"] in ("cpu", "timeout", "signal")

    def test_every_trick_of_the_corpus_is_played_and_none_is_paid(self) -> None:
        for env_id in (FIX, GEN):
            env = textgym.make(env_id, max_turns=1)
            for index in range(2):
                task = env.task("train", index)
                _, rendered, examples = unpacked(task)
                hacks = function_hacks(rendered.entry, [(list(case.args), case.expected) for case in examples])
                assert len(hacks) == sum(map(len, FAMILIES.values())) >= 40
                for name, code in hacks.items():
                    live = env.start(task)
                    reward = live.step(submission(code))[1]
                    assert reward == 0.0, name
                    assert live.outcome is not None
                    assert not live.outcome.mask, name

    def test_without_a_sandbox_the_episode_is_masked_and_nothing_is_run(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async def none() -> object:
            raise InfraError("no sandbox can be opened here: install one")

        monkeypatch.setattr("textgym.envs.code.functions.judging.box", none)
        env = textgym.make(FIX)
        env.reset(seed=1)
        info = env.step(submission("x = 1"))[4]
        assert info["outcome"]["status"] == "infra_error"
        assert info["outcome"]["mask"]


class TestSubmission:
    @given(st.text(alphabet="abc =\n\t()'#", min_size=1).filter(lambda text: text.strip()))
    def test_what_is_submitted_is_read_back(self, code: str) -> None:
        read = submitted_code(submission(code))
        assert read is not None
        assert read.rstrip() == code.rstrip()

    @given(st.text())
    def test_any_text_is_read_without_an_error(self, text: str) -> None:
        submitted_code(text)
        submitted_code(f"<answer>{text}</answer>")

    @pytest.mark.parametrize(
        "text",
        ["", "x = 1", "<answer></answer>", "<answer>```python\n```</answer>", "<answer>a</answer><answer>b</answer>",
         "<answer>\n```python\na\n```\n```python\nb\n```\n</answer>", "<answer>\n```python\na\n</answer>"],
    )  # fmt: skip
    def test_what_commits_to_no_program_is_none(self, text: str) -> None:
        assert submitted_code(text) is None

    def test_a_fence_is_optional(self) -> None:
        assert submitted_code("<answer>a = 1\nb = 2</answer>") == "a = 1\nb = 2\n"
        assert submitted_code("why\n<answer>\n```python\na = 1\n```\n</answer>") == "a = 1\n"
        assert submitted_code("<answer>Look:\n```\na = 1\n```\ndone</answer>") == "a = 1\n"
