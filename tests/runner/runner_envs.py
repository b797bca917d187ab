"""Environments for the tests of the runner: they wait, fail, hang and die on order. Importable by worker processes."""

import asyncio
import os
import time
from typing import Any, ClassVar, Literal

from pydantic import Field

from textgym.core import Config, InfraError, Random, Reply, State, Task, TextEnv
from textgym.registry import Entry


class OrdersConfig(Config):
    """Knobs of Orders."""

    turns: int = Field(3, ge=1, description="turns until the score")
    reset_ms: float = Field(0.0, ge=0, description="how long a task takes to make, in milliseconds")
    flaky: str = Field("", description="a directory that remembers which tasks have failed once")


class OrdersState(State):
    """The sum of what was said."""

    total: int = 0


class Orders(TextEnv[OrdersConfig, OrdersState]):
    """Adds up the numbers it is told, and obeys a few orders; pays 1 after `turns` turns."""

    def generate(self, rng: Random) -> Task:
        if self.config.reset_ms:
            time.sleep(self.config.reset_ms / 1000)
        return Task(prompt=f"say numbers {rng.getrandbits(40)}", secret={"key": rng.getrandbits(64)})

    def begin(self, task: Task) -> OrdersState:
        if self.config.flaky and fails_first(self.config.flaky, task):
            raise InfraError("the machinery was not there yet")
        return OrdersState()

    def act(self, task: Task, state: OrdersState, action: str) -> Any:
        return obey(task, state, action, self.config.turns)

    def oracle(self, task: Task, state: OrdersState) -> str:
        return str(state.rng(task).randint(1, 9))

    def random_action(self, task: Task, state: OrdersState, rng: Random) -> str:
        return rng.choice(["1", "2", "boom", "infra"])


def fails_first(directory: str, task: Task) -> bool:
    """Whether this is the first time that the task is begun."""
    mark = os.path.join(directory, task.id.replace("/", "_"))
    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def obey(task: Task, state: OrdersState, action: str, turns: int) -> Reply:
    order, _, argument = action.partition(" ")
    match order:
        case "boom":
            raise ZeroDivisionError("a fault of the environment")
        case "infra":
            raise InfraError("sandbox lost")
        case "hang":
            time.sleep(float(argument))
        case "die":
            os._exit(3)
        case "mumble":
            return Reply(None)  # type: ignore[arg-type]
        case "note":
            return Reply("an odd info", info="a note")  # type: ignore[arg-type]
        case "owe":
            return Reply("an odd reward", reward="1")  # type: ignore[arg-type]
    state.total += int(order) if order.isdecimal() else 0
    done = state.turn + 1 >= turns
    noise = state.rng(task).getrandbits(30)
    return Reply(f"total {state.total}, noise {noise}", score=1.0 if done else None, info={"total": state.total})


class WaitingOrders(Orders):
    """The same, waiting on the event loop; `wait S` waits S seconds."""

    running: ClassVar[int] = 0
    most_running: ClassVar[int] = 0

    async def act(self, task: Task, state: OrdersState, action: str) -> Reply:  # type: ignore[override]
        cls = type(self)
        cls.running += 1
        cls.most_running = max(cls.most_running, cls.running)
        try:
            order, _, argument = action.partition(" ")
            await asyncio.sleep(float(argument) if order == "wait" else 0.001)
            return obey(task, state, action, self.config.turns)
        finally:
            cls.running -= 1


class BoxPerStep(WaitingOrders):
    """Takes a sandbox for each step."""

    sandbox: ClassVar[Literal["none", "step", "episode"]] = "step"


class BoxPerEpisode(WaitingOrders):
    """Keeps a sandbox for the whole episode."""

    sandbox: ClassVar[Literal["none", "step", "episode"]] = "episode"


class Talker(TextEnv[Config, State]):
    """Says metrics of every type, some of them only now and then."""

    def generate(self, rng: Random) -> Task:
        return Task(prompt=f"talk {rng.getrandbits(40)}")

    def act(self, task: Task, state: State, action: str) -> Reply:
        rng = state.rng(task)
        info: dict[str, Any] = {
            "count": state.turn,
            "ratio": rng.random(),
            "flag": rng.random() < 0.5,
            "word": rng.choice("abc"),
            "nested": {"depth": 1, "deeper": {"text": action[:3], "n": rng.randint(0, 9)}},
        }
        if rng.random() < 0.3:
            info["rare"] = [1, 2]
        if rng.random() < 0.3:
            info["nested"]["sometimes"] = rng.random()
        if rng.random() < 0.2:
            info = {}
        return Reply(f"{action} {rng.getrandbits(20)}", score=rng.random() if rng.random() < 0.25 else None, info=info)


class Polite(Talker):
    """Talker with a word before each first observation."""

    def reset(self, **how: Any) -> tuple[str, dict[str, Any]]:
        observation, info = super().reset(**how)
        return f"Hello, {observation}", info


class Thankful(Talker):
    """Talker with a word after each observation but the first."""

    def step(self, action: str) -> Any:
        observation, *rest = super().step(action)
        return f"{observation}, thank you", *rest


ENVIRONMENTS = tuple(
    Entry(
        id=f"tests/{kind.__name__}-v0",
        entry_point=f"runner_envs:{kind.__name__}",
        summary=(kind.__doc__ or "").splitlines()[0],
        domain="tests",
    )
    for kind in (Orders, WaitingOrders, BoxPerStep, BoxPerEpisode, Polite, Thankful, Talker)
)
