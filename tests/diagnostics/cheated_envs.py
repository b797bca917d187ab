"""A page of environments that each pay one kind of cheat. Importable from another process, as `cheated_envs:cheated/Name-v0`."""

from typing import Any

from broken_envs import Sound, SumState
from pydantic import Field

from textgym.actions import final_answer, whole_number
from textgym.core import Config, InfraError, Random, Reply, Score, State, Task, TextEnv
from textgym.registry import Entry


class Once(TextEnv[Config, State]):
    """Add two numbers, once.

    Action: the sum, inside the tags.
    Reward: 1 for the sum.
    Ends: at once.
    """

    class Config(Config):
        max_turns: int = Field(1, ge=1)

    def generate(self, rng: Random) -> Task:
        a, b = (rng.randint(1000, 9999) for _ in range(2))
        return Task(prompt=f"Add {a} and {b}. Answer inside <answer></answer>.", secret={"answer": a + b})

    def right(self, task: Task, action: str) -> bool:
        answer = final_answer(action)
        return answer is not None and whole_number(answer) == task.secret["answer"]

    def act(self, task: Task, state: State, action: str) -> Reply:
        return Reply("Graded.", score=float(self.right(task, action)))

    def oracle(self, task: Task, state: State) -> str:
        return f"<answer>{task.secret['answer']}</answer>"

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return f"<answer>{rng.randint(2000, 20000)}</answer>"


class SearchesForIt(Once):
    """Pays for the answer anywhere in the text, among others, too."""

    def generate(self, rng: Random) -> Task:
        a, b = (rng.randint(100, 400) for _ in range(2))
        return Task(prompt=f"Add {a} and {b}. Answer inside <answer></answer>.", secret={"answer": a + b})

    def right(self, task: Task, action: str) -> bool:
        return str(task.secret["answer"]) in action.split()

    def oracle(self, task: Task, state: State) -> str:
        return str(task.secret["answer"])


class Undecided(Once):
    """Leaves open what an answer without its tags is worth, and says so."""

    def act(self, task: Task, state: State, action: str) -> Reply:
        if final_answer(action) is None:
            return Reply("Not graded.", score=Score(value=None, status="refused", reason="nothing here decides that"))
        return super().act(task, state, action)  # type: ignore[return-value]


class MostlyYes(Once):
    """Is almost always answered by yes."""

    def generate(self, rng: Random) -> Task:
        number = rng.randint(2, 10**6)
        says = "no" if number % 20 == 0 else "yes"
        return Task(prompt=f"Is {number} no multiple of 20? Answer inside <answer></answer>.", secret={"answer": says})

    def right(self, task: Task, action: str) -> bool:
        return final_answer(action) == task.secret["answer"]


class CopiesFromPrompt(Once):
    """Asks for a number that the prompt ends with."""

    def generate(self, rng: Random) -> Task:
        number = rng.randint(1000, 99999)
        return Task(
            prompt=f"What is hidden? Answer inside <answer></answer>. Seen: {number}", secret={"answer": number}
        )


class FindsNothingEqual(Once):
    """Pays an empty answer, since nothing is in everything."""

    def right(self, task: Task, action: str) -> bool:
        return (final_answer(action) or "") in str(task.secret["answer"])


class TellsAtTheEnd(Once):
    """Says what would have been right, so that a task can be played again by heart."""

    def act(self, task: Task, state: State, action: str) -> Reply:
        return Reply(f"The right answer was {task.secret['answer']}.", score=float(self.right(task, action)))


class NumberedAnswers(Once):
    """Has tasks whose number is their answer."""

    def make_task(self, split: Any, index: int) -> Task:
        prompt = f"Name the number of puzzle {chr(65 + index % 26)}. Answer inside <answer></answer>."
        return Task(prompt=prompt, secret={"answer": index}, family=f"{split} {index}")


class PublicAttribute(Once):
    """Keeps the answer where anybody can read it."""

    def begin(self, task: Task) -> State:
        self.target_number = task.secret["answer"]
        return State()


class InfoLeak(Sound):
    """Tells the answer in its infos."""

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        reply = super().act(task, state, action)
        reply.info = {"expected": task.secret["answer"]}
        return reply


class BelievesVerdicts(Once):
    """Takes the first verdict in the text for the judge's."""

    def right(self, task: Task, action: str) -> bool:
        return '"verdict": "correct"' in action or super().right(task, action)


class ExitCodeOnly(Once):
    """Takes a program that left with code 0 before its tests for one that passed them."""

    def generate(self, rng: Random) -> Task:
        number = rng.randint(1000, 9999)
        prompt = f"```python\ndef add(a):\n    ...\n```\nWrite a program that adds {number}. Answer inside <answer></answer>."
        return Task(prompt=prompt, secret={"answer": number})

    def right(self, task: Task, action: str) -> bool:
        return "_exit(0)" in action or super().right(task, action)


class PaysAnySubmission(Once):
    """Has a tool to hand in, and pays whoever calls it."""

    def generate(self, rng: Random) -> Task:
        return Task(prompt=f"Find {rng.randint(1000, 99999)}.", secret={"answer": "<submit>found</submit>"})

    def tool_schemas(self) -> list[dict[str, Any]]:
        parameters = {"type": "object", "properties": {"answer": {"type": "string"}}, "required": ["answer"]}
        return [{"type": "function", "function": {"name": "submit", "description": "", "parameters": parameters}}]

    def right(self, task: Task, action: str) -> bool:
        return action.startswith("<submit>")

    def oracle(self, task: Task, state: State) -> str:
        return str(task.secret["answer"])


class WayState(State):
    last: str = ""


class PaysTheWay(TextEnv[Config, WayState]):
    """Pays for every move that is not the last one again.

    Action: up or down.
    Reward: a tenth for a change of direction.
    Ends: out of turns.
    """

    def generate(self, rng: Random) -> Task:
        return Task(prompt=f'Reach {rng.randint(1, 10**9)}. Say "up" or "down".', secret={})

    def act(self, task: Task, state: WayState, action: str) -> Reply:
        changed = action in ("up", "down") and action != state.last
        state.last = action
        return Reply("Moved.", reward=0.1 * changed)

    def oracle(self, task: Task, state: WayState) -> str:
        return "down" if state.last == "up" else "up"

    def random_action(self, task: Task, state: WayState, rng: Random) -> str:
        return "nowhere"


class CrashesOnEscape(Once):
    """Raises at a control character."""

    def right(self, task: Task, action: str) -> bool:
        if "\x1b" in action:
            raise UnicodeError("what is this?")
        return super().right(task, action)


class BlamesTheMachine(Once):
    """Calls an input that it cannot read a failure of its machinery, which is then masked."""

    def act(self, task: Task, state: State, action: str) -> Reply:
        if len(action) > 3000:
            raise InfraError("the server did not like this")
        return super().act(task, state, action)


class WeakOracle(Once):
    """Cannot solve half of its own tasks."""

    def oracle(self, task: Task, state: State) -> str:
        return super().oracle(task, state) if task.index % 2 else "?"


ENVIRONMENTS = [
    Entry(f"cheated/{cls.__name__}-v0", f"cheated_envs:{cls.__name__}", str(cls.__doc__).splitlines()[0], "test")
    for cls in list(vars().values())
    if isinstance(cls, type) and issubclass(cls, TextEnv) and cls.__module__ == __name__
]
