"""Environments that fail where a test tells them to."""

import asyncio
import time
from typing import Any, ClassVar

from textgym.core import InfraError, Random, Reply, State, Task, TextEnv


class Faulty(TextEnv):
    """Right is what the prompt says.

    Action: anything.
    Reward: 1 for the prompt.
    Ends: after one action.
    """

    where: ClassVar[str] = ""
    error: ClassVar[BaseException] = InfraError("no sandbox")
    left: ClassVar[int] = 0

    @classmethod
    def fail(cls, where: str) -> None:
        if cls.where == where and Faulty.left > 0:
            Faulty.left -= 1
            raise cls.error

    def generate(self, rng: Random) -> Task:
        self.fail("generate")
        return Task(prompt=str(rng.randint(0, 10**9)))

    def begin(self, task: Task) -> State:
        self.fail("begin")
        return State()

    def opening(self, task: Task, state: State) -> str:
        self.fail("opening")
        return task.prompt

    def act(self, task: Task, state: State, action: str) -> Reply:
        return Reply("done", score=float(action == task.prompt))

    def finish(self, task: Task, state: State) -> None:
        self.fail("finish")


class Waiting(Faulty):
    __doc__ = Faulty.__doc__

    async def act(self, task: Task, state: State, action: str) -> Reply:  # type: ignore[override]
        return Reply("done", score=float(action == task.prompt))


class Threaded(Faulty):
    __doc__ = Faulty.__doc__
    execution = "thread"


class BeginningSlowly(Waiting):
    __doc__ = Faulty.__doc__

    async def begin(self, task: Task) -> State:  # type: ignore[override]
        await asyncio.sleep(0)
        self.fail("begin")
        return State()


class OnOrder(Faulty):
    """As Faulty; what is `doomed` is an attribute that reaches worker processes.

    Action: anything.
    Reward: 1 for the prompt.
    Ends: after one action.
    """

    doomed = ""

    def begin(self, task: Task) -> State:
        self.obey("begin")
        return State()

    def finish(self, task: Task, state: State) -> None:
        self.obey("finish")

    def obey(self, where: str) -> None:
        if self.doomed == where:
            self.doomed = ""
            raise InfraError(f"no {where}")


class Leaky(Waiting):
    """As Waiting; `act` and `begin` may raise what no `except Exception` catches."""

    async def act(self, task: Task, state: State, action: str) -> Reply:  # type: ignore[override]
        self.fail("act")
        return Reply("done", score=float(action == task.prompt))


class Exiting(Faulty):
    """As Faulty, in `act` too."""

    def act(self, task: Task, state: State, action: str) -> Reply:
        self.fail("act")
        return Reply("done", score=float(action == task.prompt))


class OwnReset(Faulty):
    __doc__ = Faulty.__doc__
    execution = "thread"

    def reset(self, **kwargs: Any) -> tuple[str, dict[str, Any]]:
        text, info = super().reset(**kwargs)
        return text, info | {"own": True}


class OwnStepWaiting(Waiting):
    """As Waiting; a step and a reset of its own, for callers who block, add to the info.

    Action: anything.
    Reward: 1 for the prompt.
    Ends: after one action.
    """

    def reset(self, **kwargs: Any) -> tuple[str, dict[str, Any]]:
        text, info = super().reset(**kwargs)
        return text, info | {"own": "reset"}

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        *result, info = super().step(action)
        return (*result, info | {"own": "step"})  # type: ignore[return-value]


class OwnStep(Faulty):
    """As Faulty, but never done: a step of its own cuts each episode short after one turn, and says nothing."""

    def act(self, task: Task, state: State, action: str) -> Reply:
        return Reply("going on")

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        return super().step(action)[0], 0.5, False, action == "cut", {}


class Slow(Threaded):
    __doc__ = Faulty.__doc__
    at_once: ClassVar[int] = 0
    most: ClassVar[int] = 0

    def begin(self, task: Task) -> State:
        Slow.at_once += 1
        Slow.most = max(Slow.most, Slow.at_once)
        time.sleep(0.05)
        Slow.at_once -= 1
        return State()


KINDS = {"inline": Faulty, "async": Waiting, "thread": Threaded}
MORE = {
    "order": OnOrder,
    "leaky": Leaky,
    "exiting": Exiting,
    "own-reset": OwnReset,
    "own-step": OwnStep,
    "own-waiting": OwnStepWaiting,
    "beginning-slowly": BeginningSlowly,
    "slow": Slow,
}
