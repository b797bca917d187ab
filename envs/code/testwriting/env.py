"""TestWrite: write tests that a right function passes and wrong ones fail."""

from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from textgym.actions import final_answer
from textgym.actions.answers import committed
from textgym.core import Config, Random, Reply, Score, Split, State, Task, TextEnv
from textgym.envs.code.functions.bank import Problem, problem
from textgym.envs.code.functions.rendering import Rendered
from textgym.envs.code.functions.shelf import family_id
from textgym.envs.code.testwriting.mutants import Challenge, challenge, challenges
from textgym.envs.code.testwriting.running import ExhaustingError, run_suite
from textgym.envs.code.testwriting.suites import SuiteError, read_suite, written_suite
from textgym.sandbox.driver import encode

_EMPTY: dict[type, Any] = {int: 0, str: "", list: [], dict: {}, bool: False, tuple: ()}
_VARIED: dict[type, Callable[[int], Any]] = {
    int: int,
    str: lambda number: "a" * number,
    list: lambda number: [0] * number,
    dict: lambda number: dict.fromkeys(range(number), 0),
}

_Test = tuple[tuple[Any, ...], Any]


class TestWriteConfig(Config):
    """Knobs of TestWrite."""

    __test__ = False  # pytest collects classes by this beginning of their names

    names: Literal["mixed", "own", "letters", "words"] = Field(
        "mixed",
        description="names in the program: telling ones, single letters, words that say nothing, or any of these",
    )
    code: bool = Field(False, description="whether the right implementation is shown, not only its docstring")
    max_tests: int = Field(12, ge=8, le=24, description="tests of a suite at most")
    min_tests: int = Field(
        8, ge=1, le=12, description="tests of a suite at least; few can be guessed (at most `max_tests`)"
    )
    max_turns: int = Field(3, ge=1, le=5, description="actions after which the episode is truncated")
    reward: Literal["share", "all"] = Field(
        "share", description="share of the wrong implementations that are caught, or 1 for all of them and else 0"
    )
    not_in_task: ClassVar[frozenset[str]] = frozenset({"reward"})

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.min_tests > self.max_tests:
            raise ValueError(f"min_tests ({self.min_tests}) must not be above max_tests ({self.max_tests})")
        return self


class TestWrite(TextEnv[TestWriteConfig, State]):
    """Write tests for a function, which a right implementation passes and wrong ones do not.

    Observation: the signature and the docstring (with `code`, the whole function), and how many wrong implementations there
        are. After a suite that the right implementation does not pass: how many of the tests it fails, but not which, since
        whoever is told which can guess at results and keep those that hold.
    Action: `min_tests` to `max_tests` lines `assert f(arguments) == value` inside one <answer></answer>. Arguments and
        values are literals of None, bool, int, str, list, tuple and dict; empty lines and comments are skipped. Anything
        else, too few or too many tests, more than half of them with the same value, a call that is tested twice, and tests
        that exhaust time or memory are invalid. Tests are data: no code of an answer is run, here or in the sandbox.
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
        tests = self._right(found, asked)
        shown = rendered.reference() if self.config.code else rendered.stub()
        prompt = (
            f"Write tests for this function.\n\n```python\n{shown}```\n\nThey are run on a right implementation, which must pass "
            f"all of them, and on {len(asked.bugs)} wrong ones, as many of which as possible should fail at least one. Give "
            f"{self._asked_for()}, one a line, each of the form\n\nassert {rendered.entry}(arguments) == value\n\n"
            "where arguments and value are literals of None, bool, int, str, list, tuple and dict, inside <answer></answer>, "
            "once. At most half of the tests may expect the same value. Types count: True is not 1. Anything outside is not read."
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

    def _asked_for(self) -> str:
        fewest, most = self.config.min_tests, self.config.max_tests
        return f"exactly {most} tests" if fewest == most else f"{fewest} to {most} tests"

    def _right(self, found: Problem, asked: Challenge) -> list[_Test]:
        """Tests that catch every wrong implementation, filled up with short ones of rare results as far as need be."""
        cases = [found.hidden[number] for number in asked.cases]
        others = [case for number, case in enumerate(found.hidden) if number not in asked.cases] + list(found.shown)
        others.sort(key=lambda case: len(repr(case.args)) + len(repr(case.expected)))
        texts = {id(case): encode(case.expected, canonical=True) for case in (*cases, *others)}
        alike = Counter(texts[id(case)] for case in cases)
        while len(cases) < self.config.min_tests or max(alike.values()) > _most_alike(len(cases)):
            best = min(others, key=lambda case: alike[texts[id(case)]])
            others.remove(best)
            cases.append(best)
            alike[texts[id(best)]] += 1
        return [(case.args, case.expected) for case in cases]

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
            if len(tests) < self.config.min_tests:
                raise SuiteError(f"there are only {len(tests)}; write {self._asked_for()}, each of another call")
            alike = max(Counter(encode(test.expected, canonical=True) for test in tests).values())
            if alike > _most_alike(len(tests)):
                raise SuiteError(f"{alike} of {len(tests)} expect the same value; test calls with other results, too")
            mutants = [rendered.buggy(bug) for bug in asked.bugs]
            caught = await run_suite(rendered.entry, rendered.reference(), mutants, tests)
        except (SuiteError, ExhaustingError) as error:
            return Reply.malformed(f"These tests cannot be used: {error}.")
        wrong = caught.passes.count(False)
        info = {"tests": len(tests), "tests_failed": wrong, "mutants_caught": sum(caught.mutants)}
        if wrong:
            text = f"The right implementation fails {wrong} of {len(tests)} tests."
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
        known = (*rendered.problem.shown, *rendered.problem.hidden)
        cases = rng.sample(known, self.config.min_tests)
        results = [case.expected for case in rng.sample(known, self.config.min_tests)]
        tests = [(case.args, result) for case, result in zip(cases, results, strict=True)]
        return committed(written_suite(rendered.entry, tests))

    def candidates(self, task: Task) -> list[str]:
        rendered, _ = self._unpacked(task)
        known = (*rendered.problem.shown, *rendered.problem.hidden)[: self.config.min_tests]
        values: list[Any] = [None, True, False, 0, 1, "", [], {}]
        return [committed(written_suite(rendered.entry, [(case.args, value) for case in known])) for value in values]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        rendered, asked = self._unpacked(task)
        entry = rendered.entry
        right = self._right(rendered.problem, asked)
        args = right[0][0]
        call = f"{entry}({', '.join(map(repr, args))})"
        others = [((number, *args), 0) for number in range(self.config.min_tests - 1)]
        suites = {
            "one result for all": written_suite(entry, [(test, right[0][1]) for test, _ in right]),
            "a right test among calls that fail": written_suite(entry, [right[0], *others]),
            "no tests": "# nothing to see\n",
            "what is always true": "assert True\nassert 1 == 1",
            "the call compared with itself": f"assert {call} == {call}",
            "a way out": f"assert {call} == 0 or True",
            "what always fails": written_suite(entry, [(args, "no such value") for args, _ in right]),
            "all right tests but one of too few": written_suite(entry, right[: self.config.min_tests - 1]),
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
        scripts = {name: [committed(suite)] for name, suite in suites.items()}
        return scripts | _guesses(rendered, self.config.min_tests)


def _score(value: float, passed: bool, share: float) -> Score:
    return Score(
        value=value,
        op="gate",
        children=(Score(name="reference passes", value=float(passed)), Score(name="mutants caught", value=share)),
    )


def _guesses(rendered: Rendered, count: int) -> dict[str, list[str]]:
    """Scripts of a policy that reads the types in the signature and nothing else: simple calls, and a guess for all."""
    case = rendered.problem.shown[0]
    plain = [_EMPTY.get(type(arg)) for arg in case.args]
    empty = _EMPTY.get(type(case.expected))
    scripts: dict[str, list[str]] = {}
    for place, arg in enumerate(case.args):
        vary = _VARIED.get(type(arg))
        if vary is None:
            continue
        calls = [(*plain[:place], vary(number), *plain[place + 1 :]) for number in range(count)]
        suites = [
            [(call, call[0]) for call in calls],
            [(call, call[0] if number % 2 else empty) for number, call in enumerate(calls)],
            [(call, len(call[place]) if hasattr(call[place], "__len__") else call[place]) for call in calls],
        ]
        texts = [committed(written_suite(rendered.entry, suite)) for suite in suites]
        scripts[f"simple calls with argument {place + 1} varied, and three guesses"] = texts
    return scripts


def _most_alike(tests: int) -> int:
    """How many of so many tests may expect the same value."""
    return (tests + 1) // 2
