"""CodeOutput: say what a call returns, or find a call that returns this."""

import itertools
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from pydantic import Field

from textgym.actions import final_answer
from textgym.actions.answers import committed
from textgym.core import Config, Random, RedrawError, Reply, State, Task, TextEnv
from textgym.envs.code.functions.bank import Bug, Problem, problem, stored_bugs, stored_families
from textgym.envs.code.functions.judging import judge
from textgym.envs.code.functions.metering import Program
from textgym.envs.code.functions.naming import STYLES, new_names, renamed
from textgym.envs.code.functions.shelf import family_id
from textgym.envs.code.functions.themes import families
from textgym.envs.code.literals import LiteralError, read_literal
from textgym.sandbox import Case
from textgym.sandbox.compare import same
from textgym.sandbox.driver import decode, encode

_MOST_ALIKE = 0.05  # share of inputs that may give the result asked about
_TICKS = 5_000  # a mutant that needs more on an input is not asked about it
_TELLING = 4  # a result of so many characters is not asked about where the program or the call spells it out
_ANSWERS = 20  # results listed as guesses
_LONGEST_FILLED = 100  # a number asked about is tried as the length of an argument up to here
_PLAIN: dict[type, tuple[Any, ...]] = {  # what whoever has not read the program puts in for an argument
    int: (1, 0, 2, 3, 10),
    str: ("", "a"),
    list: ([], [1]),
    bool: (False, True),
    dict: ({},),
    tuple: ((),),
}


class CodeOutputConfig(Config):
    """Knobs of CodeOutput."""

    ask: Literal["mixed", "output", "input"] = Field(
        "mixed", description="say what a call returns, find a call that returns a value, or either, task by task"
    )
    program: Literal["mixed", "reference", "mutant"] = Field(
        "mixed", description="programs as they were written, with one or two mutations, or either, task by task"
    )
    names: Literal["mixed", "own", "letters", "words"] = Field(
        "mixed",
        description="names in the program: telling ones, single letters, words that say nothing, or any of these",
    )
    max_turns: int = Field(1, ge=1, le=3, description="answers after which the episode is truncated")


class _Drawn(NamedTuple):
    problem: Problem
    source: str
    entry: str


class CodeOutput(TextEnv[CodeOutputConfig, State]):
    """Say what a call of a Python function returns, or find arguments for which it returns a given value.

    Observation: a program without comments, and a call of its function; or a value that a call is to return.
    Action: a Python literal inside one <answer></answer>: the value; or the list of the arguments. Text outside is not read.
    Reward: 1 if the value is exactly the one returned, of the same type, else 0; for arguments, 1 if the function, run on
        them in a sandbox, returns exactly the given value (whether or not they are those that it was made from).
    Ends: terminated by the first literal that can be read; truncated after `max_turns` answers that cannot.
    Splits: by family of functions, as CodeFixFn.
    Oracle: gives the value, or the arguments that the value came from.

    Programs are references and proven mutants of them, so that neither name nor habit tells the result. A result that more
    than a twentieth of the known inputs give is not asked about; nor is one that equals an argument or its length; nor,
    where arguments are asked for, one that the program gives for that result itself, for a list of it alone or for something
    of that length, beside plain other arguments such as 1, "" or [].
    """

    sandbox = "step"

    def generate(self, rng: Random) -> Task:
        config = self.config
        name = rng.choice(stored_families())
        family = rng.claim(family_id(name))
        drawn = self._program(rng, name)
        ask = rng.choice(("output", "input")) if config.ask == "mixed" else config.ask
        case, result = _telling_case(rng, drawn, ask)
        call = f"{drawn.entry}({', '.join(map(repr, case.args))})"
        if ask == "output":
            question = f"What does {call} return?\n\nReply with the value alone, as a Python literal, inside <answer></answer>."
            answer = repr(result)
        else:
            question = (
                f"Find arguments for which {drawn.entry} returns\n\n{result!r}\n\nReply with the list of all arguments in their "
                "order, as a Python literal such as [1, 'a'], inside <answer></answer>. Use the types that the signature names."
            )
            answer = repr(list(case.args))
        prompt = f"```python\n{drawn.source}```\n\n{question}"
        if len(answer) >= _TELLING and answer in prompt:
            raise RedrawError("the program or the call spells the answer out")
        return Task(
            prompt=f"{prompt} Anything outside is not read.",
            secret={"answer": answer, "case": encode([list(case.args), result])},
            data={
                "ask": ask,
                "family": name,
                "variant": drawn.problem.variant,
                "entry": drawn.entry,
                "program": drawn.source,
            },
            family=family,
            difficulty=float(families()[name].difficulty),
        )

    def _program(self, rng: Random, name: str) -> _Drawn:
        variant = rng.randrange(len(families()[name].variants))
        bugs: tuple[Bug, ...] = stored_bugs(name, variant)
        kind = rng.choice(("reference", "mutant", "mutant")) if self.config.program == "mixed" else self.config.program
        if kind == "mutant" and not bugs:
            raise RedrawError("there are no mutants of this variant")
        found = problem(name, variant)
        source = rng.choice(bugs).apply(found.source) if kind == "mutant" else found.source
        style = rng.choice(STYLES) if self.config.names == "mixed" else self.config.names
        names = new_names(found.source, style)
        return _Drawn(found, renamed(source, names), names.get(found.entry, found.entry))

    async def act(self, task: Task, state: State, action: str) -> Reply:
        answer = final_answer(action)
        if answer is None:
            return Reply.malformed("Give your answer inside one pair of tags, <answer></answer>, and only once.")
        try:
            value = read_literal(answer)
        except LiteralError as error:
            return Reply.malformed(f"This cannot be read: {error}. Answer with one Python literal and nothing else.")
        expected = decode(task.secret["case"])[1]
        if task.data["ask"] == "output":
            right = same(expected, value)
        elif type(value) is not list:
            return Reply.malformed("Answer with a list of all arguments, such as [1, 'a'].")
        else:
            case = Case(args=tuple(value), expected=expected)
            right = (await judge(task.data["program"], task.data["entry"], [case], seed=state.turn)).passed
        return Reply("Right." if right else "Wrong.", score=float(right))

    # -- reference policies --------------------------------------------------------------------------------------------

    def oracle(self, task: Task, state: State) -> str:
        return committed(task.secret["answer"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        case = rng.choice(problem(task.data["family"], task.data["variant"]).hidden)
        return committed(repr(case.expected if task.data["ask"] == "output" else list(case.args)))

    def candidates(self, task: Task) -> list[str]:
        found = problem(task.data["family"], task.data["variant"])
        if task.data["ask"] == "output":
            return [committed(repr(case.expected)) for case in found.hidden[:_ANSWERS]]
        return [committed(repr(list(case.args))) for case in found.hidden[:_ANSWERS]]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        answer = task.secret["answer"]
        wrong = repr(["no such value"])
        args, result = decode(task.secret["case"])
        if task.data["ask"] == "output":
            echoes = {"first": args[0], "last": args[-1]}
            echoed = {f"the {which} argument given back": [committed(repr(arg))] for which, arg in echoes.items()}
        else:
            rest = [_PLAIN.get(type(arg), (None,))[0] for arg in args]
            lists = {"first": [result, *rest[1:]], "last": [*rest[:-1], result], "every": [result] * len(args)}
            echoed = {f"the value as the {which} argument": [committed(repr(given))] for which, given in lists.items()}
        return {
            **echoed,
            "the answer without tags": [answer],
            "two answers": [committed(wrong) + committed(answer)],
            "several values in one answer": [committed(f"{wrong} or {answer}"), committed(f"{answer}\n{wrong}")],
            "the call itself": [committed(f"{task.data['entry']}(*{answer})")],
            "code for the answer": [committed(f"eval({answer!r})"), committed(f"[{answer} for _ in 'a'][0]")],
            "the answer while thinking": [f"<think>{committed(answer)}</think>"],
            "the answer as text": [committed(repr(f" {answer}"))],
            "no arguments": [committed("[]")] if task.secret["answer"] != "[]" else [""],
            "a hook in the place of a value": [committed("[type('S', (), {'__eq__': lambda s, o: True})()]")],
        }


def _telling_case(rng: Random, drawn: _Drawn, ask: str) -> tuple[Case, Any]:
    """A case whose result few others share and that nobody finds without the program, and that result.

    Raises:
        RedrawError: there is none.
    """
    program = Program(drawn.source, drawn.entry)
    cases = (*drawn.problem.shown, *drawn.problem.hidden)
    texts = [program.run(list(case.args), _TICKS)[0] for case in cases]
    counts = {text: texts.count(text) for text in texts}
    fitting = [number for number, text in enumerate(texts) if counts[text] <= _MOST_ALIKE * len(texts) and _plain(text)]
    for number in rng.sample(fitting, len(fitting)):
        args, result = list(cases[number].args), decode(texts[number])
        if ask == "output":
            given_away = any(same(seen, result) for arg in args for seen in _seen(arg))
        else:
            given_away = any(program.run(naive, _TICKS)[0] == texts[number] for naive in _naive(args, result))
        if not given_away:
            return cases[number], result
    raise RedrawError("too many inputs give the same result, or a result gives its arguments away")


def _naive(args: list[Any], result: Any) -> Iterator[list[Any]]:
    """Arguments of the kinds of `args` that can be tried without reading the program: the result, and plain values."""
    plain = [_PLAIN.get(type(arg), (None,)) for arg in args]
    yield [result] * len(args)
    for place in range(len(args)):
        yield from map(list, itertools.product(*plain[:place], _likes(args[place], result), *plain[place + 1 :]))
    yield from map(list, itertools.product(*plain))


def _seen(arg: Any) -> list[Any]:
    """Results that can be read off an argument."""
    return [arg, len(arg)] if isinstance(arg, str | list | tuple | dict) else [arg]


def _likes(arg: Any, result: Any) -> list[Any]:
    """What the result can be turned into without a thought to be an argument like `arg`; the result itself first."""
    found = [result]
    if type(arg) is list:
        found.append([result])
    if type(result) is int and 0 < result <= _LONGEST_FILLED:
        found += [[1] * result] if type(arg) is list else ["a" * result] if type(arg) is str else []
    return found


def _plain(text: str) -> bool:
    """Whether a run gave a value, and no word about what went wrong."""
    return not text.startswith(("raised ", "no plain data", "endless"))
