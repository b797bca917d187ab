"""A page of environments that a red team must be able to attack without hanging, crashing or misleading.

Importable from another process, as `odd_envs:odd/Name-v0`.
"""

import asyncio
import time
from typing import Any

from cheated_envs import Once
from pydantic import Field

from textgym.core import Config, InfraError, Random, RedrawError, Reply, State, Task, TextEnv
from textgym.registry import Entry

ESCAPE = "\x1b"


class OracleRaises(Once):
    """Has an oracle with a bug in every other task."""

    def oracle(self, task: Task, state: State) -> str:
        return super().oracle(task, state) if task.index % 2 else str(task.secret["anser"])


class OracleSaysNothing(Once):
    """Has an oracle that forgets to return."""

    def oracle(self, task: Task, state: State) -> str:
        return None  # type: ignore[return-value]


class NoOracle(Once):
    """Has no oracle."""

    oracle = TextEnv.oracle


class NoMachine(Once):
    """Needs a server that is not there."""

    def act(self, task: Task, state: State, action: str) -> Reply:
        raise InfraError("the server is not there")


class GuessRaises(Once):
    """Cannot guess."""

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        raise ValueError("no idea")


class Fines(Once):
    """Pays nothing but fines: ten for a wrong sum, two for the right one."""

    oracle_score = -2.0
    random_ceiling = -5.0

    def act(self, task: Task, state: State, action: str) -> Reply:
        return Reply("Graded.", score=-2.0 if self.right(task, action) else -10.0)


class FinesUnbounded(Fines):
    """The same, and says nothing of what guessing may earn."""

    random_ceiling = 0.05


class Small(Once):
    """Pays a hundredth, as much as is allowed to a cheat by default."""

    oracle_score = 0.01

    def act(self, task: Task, state: State, action: str) -> Reply:
        return Reply("Graded.", score=0.01 * self.right(task, action))


class Rich(Once):
    """Pays without bounds: as many thousands as there are digits."""

    oracle_score = 4000.0

    def act(self, task: Task, state: State, action: str) -> Reply:
        return Reply("Graded.", score=1000.0 * sum(sign.isdigit() for sign in action))


class Turns(Config):
    max_turns: int = Field(60, ge=1)


class NotANumber(TextEnv[Turns, State]):
    """Pays nan on the way, and never ends by itself.

    Action: anything.
    Reward: nan.
    Ends: out of turns.
    """

    def generate(self, rng: Random) -> Task:
        return Task(prompt=f"Say {rng.randint(1, 10**9)}.")

    def act(self, task: Task, state: State, action: str) -> Reply:
        return Reply("On.", reward=float("nan") if ESCAPE in action else 1 / 60)

    def oracle(self, task: Task, state: State) -> str:
        return "on"


class FinishRaises(NotANumber):
    """Cannot be released."""

    def act(self, task: Task, state: State, action: str) -> Reply:
        return Reply("On.", reward=1 / 60)

    def finish(self, task: Task, state: State) -> None:
        raise OSError("already gone")


class FinishWaits(FinishRaises):
    """Acts at once, and waits to be released."""

    async def finish(self, task: Task, state: State) -> None:
        await asyncio.sleep(0.0)


class InfoOfTuples(Once):
    """Has an info that JSON cannot hold, and an attribute before the telling one that is as long as a book."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.words = {f"word {number}": number for number in range(50_000)}

    def begin(self, task: Task) -> State:
        self.target_number = task.secret["answer"]
        return State()

    def act(self, task: Task, state: State, action: str) -> Reply:
        return Reply("Graded.", score=float(self.right(task, action)), info={(1, 2): 3})  # type: ignore[dict-item]


class SchemaWithoutParameters(Once):
    """Has a tool with hardly any schema."""

    def tool_schemas(self) -> list[dict[str, Any]]:
        return [{"type": "function", "function": {"name": "submit", "parameters": None}}]


class SchemaOfNothing(Once):
    """Has tools in a shape of its own."""

    def tool_schemas(self) -> list[dict[str, Any]]:
        return [{"name": "submit"}]


class OpenBracket(Once):
    """Lists much in a bracket that it never closes."""

    def generate(self, rng: Random) -> Task:
        return Task(
            prompt="Which is it (" + ", ".join(["a b"] * 40) + f"; {rng.randint(1, 10**9)}?", secret={"answer": 1}
        )


class CodeAtFirst(Once):
    """Asks for code in its first tasks, and pays whoever leaves early, in all."""

    def make_task(self, split: Any, index: int) -> Task:
        asked = "Write a program." if index == 0 else "Say it."
        return Task(prompt=f"{asked} {split} {index}. Answer inside <answer></answer>.", secret={"answer": "12345678"})

    def right(self, task: Task, action: str) -> bool:
        return "_exit(0)" in action or "12345678" in action


class Waits(Once):
    """Waits for a twentieth of a second."""

    async def act(self, task: Task, state: State, action: str) -> Reply:
        await asyncio.sleep(0.05)
        return Reply("Graded.", score=float(self.right(task, action)))


class WaitsForEver(Once):
    """Never comes back from an escape sequence."""

    async def act(self, task: Task, state: State, action: str) -> Reply:
        await asyncio.sleep(1000.0 if ESCAPE in action else 0.0)
        return Reply("Graded.", score=float(self.right(task, action)))


class BlocksTheLoop(Once):
    """Blocks the event loop for a while at an escape sequence."""

    async def act(self, task: Task, state: State, action: str) -> Reply:
        time.sleep(6.0 if ESCAPE in action else 0.0)
        return Reply("Graded.", score=float(self.right(task, action)))


class Sleeps(Once):
    """Sleeps at an escape sequence; pays whoever says yes."""

    def act(self, task: Task, state: State, action: str) -> Reply:
        time.sleep(1000.0 if ESCAPE in action else 0.0)
        return Reply("Graded.", score=float(self.right(task, action) or "yes" in action))


class Spins(Once):
    """Never comes back from an escape sequence, and works hard."""

    def right(self, task: Task, action: str) -> bool:
        while ESCAPE in action:
            pass
        return super().right(task, action)


class SlowTasks(Once):
    """Takes a second for each task."""

    def generate(self, rng: Random) -> Task:
        time.sleep(1.0)
        return super().generate(rng)


class NoGoodDraw(Once):
    """Refuses every draw of a task."""

    def generate(self, rng: Random) -> Task:
        raise RedrawError


class BrokenTasks(Once):
    """Cannot make a task."""

    def make_task(self, split: Any, index: int) -> Task:
        raise KeyError("word list")


ENVIRONMENTS = [
    Entry(f"odd/{cls.__name__}-v0", f"odd_envs:{cls.__name__}", str(cls.__doc__).splitlines()[0], "test")
    for cls in list(vars().values())
    if isinstance(cls, type) and issubclass(cls, TextEnv) and cls.__module__ == __name__
]
