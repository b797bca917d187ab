"""Calculator: follow a chain of quantities that is too long for the head, with a calculator and a scratchpad."""

from typing import Literal, NamedTuple

from pydantic import Field

from textgym.actions import ToolConfig, ToolEnv, tool
from textgym.actions.scratchpad import show_notes, write_note
from textgym.core import Random, Reply, State, Task
from textgym.envs.math.exact import ExpressionError, evaluate, show_number

_NOTES_CHARS = 2_000
_MOST_PRODUCTS = 5
_ITEMS = ("bolts", "stamps", "marbles", "ribbons", "tiles", "candles", "buttons", "seeds", "coins", "bricks")
_COLOURS = (
    "amber", "black", "blue", "bronze", "copper", "coral", "cream", "gold", "green", "grey", "ivory", "jade",
    "lilac", "lime", "olive", "orange", "pink", "plum", "purple", "red", "rust", "silver", "teal", "white",
)  # fmt: skip

Operation = Literal["start", "more", "fewer", "times", "together", "difference"]
_OPERATIONS: tuple[Operation, ...] = ("times", "times", "more", "fewer", "together", "difference")

_STORY: dict[Operation, tuple[str, ...]] = {
    "start": ("There are {n} {y}.", "The store holds {n} {y}."),
    "more": ("There are {n} more {y} than {x}.", "The number of {y} is {n} above the number of {x}."),
    "fewer": ("There are {n} fewer {y} than {x}.", "The number of {y} is {n} below the number of {x}."),
    "times": ("There are {n} times as many {y} as {x}.", "For each of the {x} there are {n} {y}."),
    "together": ("There are as many {y} as {x} and {z} together.",),
    "difference": ("The number of {y} is the difference between the numbers of {x} and {z}, larger minus smaller.",),
}
_SYMBOLS: dict[Operation, tuple[str, ...]] = {
    "start": ("{y} = {n}",),
    "more": ("{y} = {x} + {n}",),
    "fewer": ("{y} = {x} - {n}",),
    "times": ("{y} = {x} * {n}", "{y} = {n} * {x}"),
    "together": ("{y} = {x} + {z}",),
    "difference": ("{y} = |{x} - {z}|",),
}


class CalculatorConfig(ToolConfig):
    """Knobs of Calculator."""

    steps: int = Field(6, ge=4, le=20, description="quantities that follow from earlier ones; length of the chain")
    digits: int = Field(3, ge=2, le=6, description="digits of each number that a fact names")
    wording: Literal["mixed", "story", "symbols"] = Field(
        "mixed", description="facts as sentences, as equations, or either, task by task"
    )
    reveal: Literal["all", "one_by_one"] = Field(
        "all", description="facts in the prompt, or each shown once by the tool next_fact"
    )
    max_turns: int = Field(30, ge=1, description="answers after which the episode is truncated")


class CalculatorState(State):
    """What was noted, how many facts were shown, how many calculations succeeded."""

    notes: list[str] = Field(default_factory=list)
    shown: int = 0
    calculations: int = 0


class Calculator(ToolEnv[CalculatorConfig, CalculatorState]):
    """Work out the last quantity of a chain with a calculator, and submit it.

    Observation: the facts (or how to see them), the question, the tools; then the results of the calls.
    Action: calls of `calculate`, `note`, `read_notes`, `submit` and, with `reveal="one_by_one"`, `next_fact`, in the
        configured protocol. Expressions are exact: + - * /, parentheses, any size that fits.
    Reward: 1 if the first value submitted is exactly right, else 0. Nothing else earns anything.
    Ends: terminated by the first `submit`; truncated after `max_turns` actions.
    Splits: by structure: wording, kind of item, and the chain's operations with the quantities that they refer to. A
        structure of one split never occurs in another, whatever the numbers.
    Oracle: asks for each fact, calculates and notes each quantity, and submits the last.
    """

    random_ceiling = 0.01

    # -- tasks ---------------------------------------------------------------------------------------------------------

    def generate(self, rng: Random) -> Task:
        config = self.config
        story = config.wording == "story" or (config.wording == "mixed" and rng.random() < 0.5)
        item = rng.choice(_ITEMS)
        shape = draw_shape(rng, config.steps)
        kind = f"story of {item}" if story else "symbols"
        family = rng.claim(f"{kind}: " + " ".join(f"{operation}{other}" for operation, other in shape))
        names = (
            [f"{colour} {item}" for colour in rng.sample(_COLOURS, len(shape))]
            if story
            else [f"q{number}" for number in rng.sample(range(10, 100), len(shape))]
        )
        chain = draw_chain(rng, shape, config.digits)
        facts = []
        for i, link in enumerate(chain):
            wording = rng.choice((_STORY if story else _SYMBOLS)[link.operation])
            facts.append(wording.format(y=names[i], x=names[i - 1], z=names[link.other], n=link.number))
        question = f"How many {names[-1]} are there?" if story else f"What is {names[-1]}?"
        told = config.reveal == "all"
        listed = (
            "\n".join(facts)
            if told
            else (
                f"There are {len(facts)} facts. The tool next_fact shows them one after the other, each only once; each "
                "builds on earlier ones."
            )
        )
        return Task(
            prompt=f"{listed}\n\n{question} Work it out exactly with the tools, and submit the number.",
            secret={
                "answer": str(chain[-1].value),
                "expressions": [link.expression for link in chain[1:]],
                **({} if told else {"facts": facts}),
            },
            data={"names": names},
            family=family,
            difficulty=config.steps,
        )

    def opening(self, task: Task, state: CalculatorState) -> str:
        return f"{super().opening(task, state)}\n\nTurn limit: {self.config.max_turns}."

    # -- tools ---------------------------------------------------------------------------------------------------------

    def offers(self, name: str) -> bool:
        return name != "next_fact" or self.config.reveal == "one_by_one"

    @tool
    def next_fact(self, task: Task, state: CalculatorState) -> str:
        """Show the next fact. Each is shown only once."""
        facts: list[str] = task.secret["facts"]
        if state.shown == len(facts):
            return "There are no more facts."
        state.shown += 1
        return f"Fact {state.shown} of {len(facts)}: {facts[state.shown - 1]}"

    @tool
    def calculate(self, task: Task, state: CalculatorState, expression: str) -> str:
        """Evaluate an arithmetic expression exactly.

        Args:
            expression: numbers with + - * / and parentheses, such as (12 + 30) * 7.
        """
        try:
            value = evaluate(expression)
        except ExpressionError as error:
            return f"This cannot be calculated: {error}."
        state.calculations += 1
        return show_number(value)

    @tool
    def note(self, task: Task, state: CalculatorState, text: str) -> str:
        """Write a line on your scratchpad.

        Args:
            text: what to remember.
        """
        return write_note(state.notes, text, _NOTES_CHARS)

    @tool
    def read_notes(self, task: Task, state: CalculatorState) -> str:
        """Show your scratchpad."""
        return show_notes(state.notes)

    @tool
    def submit(self, task: Task, state: CalculatorState, answer: int) -> Reply:
        """Submit your answer. This ends the task; only the first submission counts.

        Args:
            answer: the number asked for.
        """
        right = str(answer) == task.secret["answer"]
        return Reply(
            "Right." if right else "Wrong.",
            score=1.0 if right else 0.0,
            info={"calculations": state.calculations, "notes": len(state.notes)},
        )

    # -- reference policies --------------------------------------------------------------------------------------------

    def oracle(self, task: Task, state: CalculatorState) -> str:
        expressions: list[str] = task.secret["expressions"]
        done, hidden = state.calculations, self.config.reveal == "one_by_one"
        if state.turn < self.config.max_turns - 1:
            if hidden and state.shown <= min(done + 1, len(expressions)):
                return self.call("next_fact")
            if done < len(expressions):
                calls = [self.call("calculate", expression=expressions[done])]
                if self.config.max_calls_per_turn > 1:
                    value = show_number(evaluate(expressions[done]))
                    calls.append(self.call("note", text=f"{task.data['names'][done + 1]}: {value}"))
                return "\n".join(calls)
        return self.call("submit", answer=int(task.secret["answer"]))

    def random_action(self, task: Task, state: CalculatorState, rng: Random) -> str:
        return self.call("submit", answer=rng.randrange(10 ** (2 * self.config.digits)))

    def candidates(self, task: Task) -> list[str]:
        values = [show_number(evaluate(expression)) for expression in task.secret["expressions"]]
        answer: str = task.secret["answer"]
        wrong = [value for value in values if value != answer] or [str(int(answer) + 1)]
        return [self.call("submit", answer=int(value)) for value in [*wrong, answer]]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        answer = int(task.secret["answer"])
        right, wrong = self.call("submit", answer=answer), self.call("submit", answer=answer + 1)
        return {
            "a second submission": [f"{wrong}\n{right}"],
            "the answer without a call": [str(answer), f"The answer is {answer}.", f"<answer>{answer}</answer>"],
            "the answer while thinking": [f"<think>{right}</think>"],
            "the answer in a note": [self.call("note", text=str(answer)), self.call("read_notes")],
            "more calls than are allowed": ["\n".join([right] * (self.config.max_calls_per_turn + 1))],
            "a near miss": [self.call("submit", answer=-answer) if answer else wrong],
        }


# -- chains ---------------------------------------------------------------------------------------------------------------


class Link(NamedTuple):
    """One quantity: how it follows from the one before it.

    Attributes:
        operation: what is done.
        other: index of the second quantity that it refers to; its own predecessor's where it refers to none.
        number: the number that the fact names; 0 where it names none.
        expression: the arithmetic, in numbers.
        value: what it comes to.
    """

    operation: Operation
    other: int
    number: int
    expression: str
    value: int


def draw_shape(rng: Random, steps: int) -> list[tuple[Operation, int]]:
    """The operations of a chain, each with the index of the second quantity that it refers to.

    Every quantity builds on the one before, so that none can be left out. The first step multiplies, and at most
    `_MOST_PRODUCTS` do: values get too long for the head and stay short enough for the calculator.
    """
    shape: list[tuple[Operation, int]] = [("start", 0), ("times", 0)]
    while len(shape) <= steps:
        operation = rng.choice(_OPERATIONS)
        if operation == "times" and sum(done == "times" for done, _ in shape) == _MOST_PRODUCTS:
            continue
        earlier = len(shape) - 1
        shape.append((operation, rng.randrange(earlier) if operation in ("together", "difference") else earlier))
    return shape


def draw_chain(rng: Random, shape: list[tuple[Operation, int]], digits: int) -> list[Link]:
    """Numbers for a shape; no value is negative."""
    low, high = 10 ** (digits - 1), 10**digits - 1
    chain: list[Link] = []
    for operation, other in shape:
        before = chain[-1].value if chain else 0
        number = 0
        if operation == "start":
            number = rng.randint(low, high)
            expression = str(number)
        elif operation in ("together", "difference"):
            second = chain[other].value
            expression = (
                f"{before} + {second}" if operation == "together" else f"{max(before, second)} - {min(before, second)}"
            )
        else:
            number = (
                rng.randint(low, high) if operation != "fewer" else rng.randint(min(low, before), min(high, before))
            )
            expression = f"{before} {({'more': '+', 'fewer': '-', 'times': '*'})[operation]} {number}"
        chain.append(Link(operation, other, number, expression, int(evaluate(expression))))
    return chain
