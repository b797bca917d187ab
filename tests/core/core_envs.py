"""Small environments for the tests of the core, importable from other processes too."""

import asyncio
import time
from typing import Any, ClassVar

from pydantic import Field

from textgym.core import (
    Config,
    Evidence,
    GraderError,
    InfraError,
    Random,
    Reply,
    Score,
    State,
    Task,
    TextEnv,
)

TREE = Score(
    name="total",
    value=0.75,
    op="weighted_mean",
    children=(
        Score(
            name="tests",
            value=0.5,
            weight=2.0,
            reason="expected 42",
            evidence=(Evidence(label="a", text="42", secret=True),),
        ),
        Score(name="style", value=1.0, reason="clean", evidence=(Evidence(label="b", text="looks fine"),)),
    ),
)


class ObeyConfig(Config):
    """Knobs of Obey."""

    size: int = Field(10, ge=1, description="shapes the task")
    flavour: str = Field("plain", description="shapes the task")
    bonus: float = Field(0.0, description="shapes the reward only")
    not_in_task: ClassVar[frozenset[str]] = frozenset({"bonus"})


class ObeyState(State):
    """What was ordered so far."""

    log: list[str] = Field(default_factory=list)


class Obey(TextEnv[ObeyConfig, ObeyState]):
    """Does what the action orders: a script of everything that an environment may do."""

    def generate(self, rng: Random) -> Task:
        number = rng.randrange(10**9)
        return Task(prompt=f"{self.config.flavour} {number % self.config.size}", secret={"number": number})

    def act(self, task: Task, state: ObeyState, action: str) -> Reply:
        order, _, argument = action.partition(" ")
        state.log.append(action)
        if order == "sleep":
            time.sleep(float(argument))
        return carry_out(task, state, order, argument)

    def oracle(self, task: Task, state: ObeyState) -> str:
        return "score 1"


def carry_out(task: Task, state: ObeyState, order: str, argument: str) -> Reply:
    match order:
        case "long":
            return Reply("".join(chr(33 + i % 90) for i in range(int(argument))))
        case "pay":
            return Reply("paid", reward=float(argument))
        case "info":
            return Reply("noted", info={"metric": float(argument)})
        case "score":
            return Reply("scored", score=float(argument))
        case "solved":
            return Reply("scored", score=float(argument), success=True)
        case "tree":
            return Reply("scored", score=TREE)
        case "failed-tree":
            return Reply("scored", score=Score(status="timeout", reason="judge did not answer"))
        case "bad":
            return Reply.malformed("not like this")
        case "infra":
            raise InfraError("sandbox lost")
        case "grader":
            raise GraderError("judge confused")
        case "boom":
            raise ZeroDivisionError("a fault of the environment")
        case "burn":
            end = time.thread_time() + float(argument)
            while time.thread_time() < end:
                pass
            return Reply("burnt")
        case "draw":
            return Reply(str(state.rng(task).random()))
        case _:
            return Reply(f"{len(state.log)}: {order} {argument}")


class ObeyAsync(Obey):
    """The same, waiting: one round through the event loop before each answer."""

    async def act(self, task: Task, state: ObeyState, action: str) -> Reply:  # type: ignore[override]
        order, _, argument = action.partition(" ")
        state.log.append(action)
        await asyncio.sleep(float(argument) if order == "sleep" else 0)
        if order == "own-timeout":
            raise TimeoutError("a timeout inside the environment")
        return carry_out(task, state, order, argument)


class Tidy(Obey):
    """Counts how often each episode was finished."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.finished: list[str] = []

    def finish(self, task: Task, state: ObeyState) -> None:
        self.finished.append(task.id)


class TidyAsync(ObeyAsync):
    """Waits to act and to finish."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.finished: list[str] = []

    async def begin(self, task: Task) -> ObeyState:  # type: ignore[override]
        await asyncio.sleep(0)
        return ObeyState()

    async def finish(self, task: Task, state: ObeyState) -> None:
        await asyncio.sleep(0)
        self.finished.append(task.id)


class TidySlowlyAfterPlainActs(Tidy):
    """Acts at once and waits to finish."""

    async def finish(self, task: Task, state: ObeyState) -> None:  # type: ignore[override]
        await asyncio.sleep(0)
        self.finished.append(task.id)


class Shelf(TextEnv[Config, State]):
    """Tasks from a stored list: 5 train, 2 validation, none for test."""

    def size(self, split: str) -> int | None:
        return {"train": 5, "validation": 2, "test": 0}[split]

    def make_task(self, split: str, index: int) -> Task:
        return Task(prompt=f"{split} page {index}")

    def act(self, task: Task, state: State, action: str) -> Reply:
        return Reply("", score=1.0)


def trajectory(env: TextEnv[Any, Any], actions: list[str]) -> list[Any]:
    """What the actions bring, until the episode ends."""
    results: list[Any] = []
    for action in actions:
        results.append(env.step(action))
        if results[-1][2] or results[-1][3]:
            break
    return results
