"""TestWrite: write tests that a right function passes and wrong ones fail."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from textgym.actions import final_answer
from textgym.actions.answers import committed
from textgym.core import Config, Random, Reply, Score, Split, State, Task, TextEnv
from textgym.envs.code.functions.bank import problem
from textgym.envs.code.functions.rendering import Rendered
from textgym.envs.code.functions.shelf import family_id
from textgym.envs.code.testwriting.mutants import Challenge, challenge, challenges
from textgym.envs.code.testwriting.running import ExhaustingError, run_suite
from textgym.envs.code.testwriting.suites import SuiteError, read_suite, written_suite

_NUMBERED = 10


class TestWriteConfig(Config):
    """Knobs of TestWrite."""

    __test__ = False  # pytest collects classes by this beginning of their names

    names: Literal["mixed", "own", "letters", "words"] = Field(
        "mixed",
        description="names in the program: telling ones, single letters, words that say nothing, or any of these",
    )
    code: bool = Field(False, description="whether the right implementation is shown, not only its docstring")
    max_tests: int = Field(12, ge=8, le=24, description="tests of a suite at most")
    max_turns: int = Field(3, ge=1, le=5, description="actions after which the episode is truncated")
    reward: Literal["share", "all"] = Field(
        "share", description="share of the wrong implementations that are caught, or 1 for all of them and else 0"
    )
    not_in_task: ClassVar[frozenset[str]] = frozenset({"reward"})


class TestWrite(TextEnv[TestWriteConfig, State]):
    """Write tests for a function, which a right implementation passes and wrong ones do not.

    Observation: the signature and the docstring (with `code`, the whole function), and how many wrong implementations there
        are. After a suite that the right implementation does not pass: which lines it fails.
    Action: at most `max_tests` lines `assert f(arguments) == value` inside one <answer></answer>. Arguments and values are
        literals of None, bool, int, str, list, tuple and dict; empty lines and comments are skipped. Anything else, a
        call that is tested twice, and tests that exhaust time or memory are invalid. Tests are data: no code of an answer
        is run, here or in the sandbox.
    Reward: 0 unless the right implementation passes all tests (exactly: `True` is not `1`, a tuple is no list), three times
        and in three orders; then the share of the 20 to 30 wrong implementations that fail one test at least (`reward`).
    Ends: with the first suite that the right implementation passes, and after `max_turns`.
    Splits: by family of functions, as CodeFixFn. Each split has a fixed number of tasks (`size`): every function with bugs
        enough under every naming and in every wording of its docstring.
    Oracle: gives tests that catch every wrong implementation.

    The wrong implementations are proven bugs of the reference, by turns subtle and gross ones, all of which `max_tests` tests
    are known to catch.
    """

    __test__ = False
    noop_action = ""
    sandbox = "step"

    def size(self, split: Split) -> int:
        return len(challenges(split, self.config.names))

    def make_task(self, split: Split, index: int) -> Task:
        place = challenges(split, self.config.names)[index]
        found = problem(place.family, place.variant)
        rendered = Rendered.of(found, place.style, place.wording)
        asked = challenge(place.family, place.variant, self.config.max_tests)
        tests = [(found.hidden[number].args, found.hidden[number].expected) for number in asked.cases]
        shown = rendered.reference() if self.config.code else rendered.stub()
        prompt = (
            f"Write tests for this function.\n\n```python\n{shown}```\n\nThey are run on a right implementation, which must pass "
            f"all of them, and on {len(asked.bugs)} wrong ones, as many of which as possible should fail at least one. Give at "
            f"most {self.config.max_tests} tests, one a line, each of the form\n\nassert {rendered.entry}(arguments) == value\n\n"
            "where arguments and value are literals of None, bool, int, str, list, tuple and dict, inside <answer></answer>, "
            "once. Types count: True is not 1. Anything outside is not read."
        )
        return Task(
            prompt=prompt,
            secret={"tests": written_suite(rendered.entry, tests)},
            data={
                "family": place.family,
                "variant": place.variant,
                "names": place.style,
                "wording": place.wording,
                "mutants": len(asked.bugs),
            },
            family=family_id(place.family),
            difficulty=float(found.family.difficulty),
        )

    def opening(self, task: Task, state: State) -> str:
        turns = self.config.max_turns
        tries = f" You have {turns} answers; the first suite that the right implementation passes is final."
        return task.prompt if turns == 1 else task.prompt + tries

    async def act(self, task: Task, state: State, action: str) -> Reply:
        answer = final_answer(action)
        if answer is None:
            return Reply.malformed("Give your tests inside one pair of tags, <answer></answer>, and only once.")
        rendered, asked = self._unpacked(task)
        try:
            tests = read_suite(answer, rendered.entry, self.config.max_tests)
            mutants = [rendered.buggy(bug) for bug in asked.bugs]
            caught = await run_suite(rendered.entry, rendered.reference(), mutants, tests)
        except (SuiteError, ExhaustingError) as error:
            return Reply.malformed(f"These tests cannot be used: {error}.")
        wrong = [test.line for test, passed in zip(tests, caught.passes, strict=True) if not passed]
        info = {"tests": len(tests), "tests_failed": len(wrong), "mutants_caught": sum(caught.mutants)}
        if wrong:
            numbers = ", ".join(map(str, wrong[:_NUMBERED])) + (", ..." if len(wrong) > _NUMBERED else "")
            text = f"The right implementation fails {len(wrong)} of {len(tests)} tests: line {numbers} of the answer."
            if state.turn + 1 >= self.config.max_turns:
                return Reply(text, score=_score(0.0, False, 0.0), info=info, success=False)
            return Reply(text, info=info)
        share = sum(caught.mutants) / len(caught.mutants)
        value = share if self.config.reward == "share" else float(share == 1)
        text = f"The right implementation passes, and {sum(caught.mutants)} of {len(caught.mutants)} wrong ones fail."
        return Reply(text, score=_score(value, True, share), info=info, success=share == 1)

    def _unpacked(self, task: Task) -> tuple[Rendered, Challenge]:
        data = task.data
        found = problem(data["family"], data["variant"])
        rendered = Rendered.of(found, data["names"], data["wording"])
        return rendered, challenge(data["family"], data["variant"], self.config.max_tests)

    # -- reference policies --------------------------------------------------------------------------------------------

    def oracle(self, task: Task, state: State) -> str:
        return committed(task.secret["tests"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        rendered, _ = self._unpacked(task)
        cases = rng.sample(rendered.problem.shown, 4)
        results = [case.expected for case in rng.sample(rendered.problem.shown, 4)]
        tests = [(case.args, result) for case, result in zip(cases, results, strict=True)]
        return committed(written_suite(rendered.entry, tests))

    def candidates(self, task: Task) -> list[str]:
        rendered, _ = self._unpacked(task)
        args = rendered.problem.shown[0].args
        values: list[Any] = [None, True, False, 0, 1, "", [], {}]
        return [committed(written_suite(rendered.entry, [(args, value)])) for value in values]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        rendered, asked = self._unpacked(task)
        entry = rendered.entry
        right = [
            (rendered.problem.hidden[number].args, rendered.problem.hidden[number].expected) for number in asked.cases
        ]
        args = right[0][0]
        call = f"{entry}({', '.join(map(repr, args))})"
        suites = {
            "no tests": "# nothing to see\n",
            "what is always true": "assert True\nassert 1 == 1",
            "the call compared with itself": f"assert {call} == {call}",
            "a way out": f"assert {call} == 0 or True",
            "what always fails": written_suite(entry, [(args, "no such value")]),
            "right tests and one that always fails": written_suite(
                entry, [*right[: self.config.max_tests - 1], ((*args, None), None)]
            ),
            "an object that equals everything": f"assert {call} == type('A', (), {{'__eq__': lambda a, b: True}})()",
            "a mock": f"from unittest.mock import ANY\nassert {call} == ANY",
            "another function": f"def {entry}(*arguments):\n    return 0\nassert {call} == 0",
            "the function rebound": f"{entry} = print\nassert {call} == None",
            "looking at the source": f"import inspect\nassert 'return' in inspect.getsource({entry})",
            "a counter": f"assert {call} == (n := 0)",
            "code among the arguments": f"assert {entry}(__import__('os')._exit(0)) == 0",
            "stars": f"assert {entry}(*[]) == 0\nassert {entry}(**{{}}) == 0",
            "a format": f"assert {entry}(f'{{1 + 1}}') == 0",
            "floats": f"assert {call} == float('nan')\nassert {call} == 1e999",
            "a suite too long": "\n".join(written_suite(entry, [((number,), 0)]) for number in range(200)),
            "the same test again and again": "\n".join([written_suite(entry, right[:1])] * 5),
            "a huge argument": f"assert {entry}({'9' * 900}) == 0",
            "a deep argument": f"assert {entry}({'[' * 400}{']' * 400}) == 0",
            "a message with a walrus": f"assert {call} == 0, (ok := True)",
            "two statements in a line": f"assert {call} == 0; assert True",
            "a chain": f"assert {call} == 0 == 0",
            "a denial": f"assert {call} != 'no such value'",
            "true of anything": f"assert {call} in [0] or True",
        }
        return {name: [committed(suite)] for name, suite in suites.items()}


def _score(value: float, passed: bool, share: float) -> Score:
    return Score(
        value=value,
        op="gate",
        children=(Score(name="reference passes", value=float(passed)), Score(name="mutants caught", value=share)),
    )
