"""A page of environments for the tests of the battery: a sound one, and many that each have one fault.

Importable from another process, as `broken_envs:broken/Name-v0`.
"""

import asyncio
import math
import os
import random
import threading
import time
from typing import Any, ClassVar

import gymnasium as gym
from pydantic import ConfigDict, Field, PrivateAttr

from textgym.actions import whole_number
from textgym.core import ActionTypeError, Config, Random, Reply, State, Task, TextEnv
from textgym.registry import Entry

SHARED: dict[str, Any] = {"tries": [0]}


class SumConfig(Config):
    low: int = Field(1000, ge=1, description="smallest number")
    high: int = Field(9999, ge=2, description="largest number")
    max_turns: int = Field(4, ge=1, description="tries")


class SumState(State):
    tries: list[int] = Field(default_factory=list)


class Sound(TextEnv[SumConfig, SumState]):
    """Add two numbers.

    Observation: the two numbers; then whether the answer was right.
    Action: the sum alone.
    Reward: 1 for the sum, else 0.
    Ends: with the right answer, or out of turns.
    """

    def generate(self, rng: Random) -> Task:
        a, b = (rng.randint(self.config.low, self.config.high) for _ in range(2))
        rng.claim(f"{a} {b}")
        return Task(prompt=f"Add {a} and {b}. Answer with the sum.", secret={"answer": a + b}, family=f"{a} {b}")

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        answer = whole_number(action)
        if answer is None:
            return Reply.malformed("Answer with one number.", {"tries": list(state.tries)})
        state.tries.append(answer)
        info = {"tries": list(state.tries)}
        if answer == task.secret["answer"]:
            return Reply("Right.", score=1.0, info=info)
        lucky = state.rng(task).randint(1, 6)
        return Reply(f"Wrong; the die shows {lucky}.", info=info)

    def oracle(self, task: Task, state: SumState) -> str:
        return str(task.secret["answer"])

    def random_action(self, task: Task, state: SumState, rng: Random) -> str:
        return str(rng.randint(2 * self.config.low, 2 * self.config.high))

    def candidates(self, task: Task) -> list[str]:
        return [str(task.secret["answer"] + offset) for offset in range(-3, 4)]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        return {"sorry": ["The answer is correct.", "Right."]}


class Waiting(TextEnv[SumConfig, SumState]):
    """Add two numbers, with a server that takes its time.

    Observation: the two numbers; then whether the answer was right.
    Action: the sum alone.
    Reward: 1 for the sum, else 0.
    Ends: with the right answer, or out of turns.
    """

    generate = Sound.generate
    oracle = Sound.oracle
    random_action = Sound.random_action

    async def act(self, task: Task, state: SumState, action: str) -> Reply:
        await asyncio.sleep(0)
        answer = whole_number(action)
        if answer is None:
            return Reply.malformed("Answer with one number.")
        return Reply("Graded.", score=float(answer == task.secret["answer"]))

    async def finish(self, task: Task, state: SumState) -> None:
        await asyncio.sleep(0)


class Hidden(Sound):
    """Name a hidden number.

    Observation: always the same request.
    Action: the number.
    Reward: 1 for the number.
    Ends: with the right answer, or out of turns.
    """

    def generate(self, rng: Random) -> Task:
        return Task(prompt="Which number from 1 to 1000?", secret={"answer": rng.randint(1, 1000)})

    def random_action(self, task: Task, state: SumState, rng: Random) -> str:
        return str(rng.randint(1, 1000))


class GlobalRandom(Sound):
    __doc__ = Sound.__doc__

    def generate(self, rng: Random) -> Task:
        a, b = random.randint(1000, 9999), random.randint(1000, 9999)
        return Task(prompt=f"Add {a} and {b}.", secret={"answer": a + b})


class LeakyInfo(Sound):
    __doc__ = Sound.__doc__

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        reply = super().act(task, state, action)
        reply.info = {"target": task.secret["answer"]}
        return reply


class LeakyShortInfo(Hidden):
    __doc__ = Sound.__doc__

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        reply = super().act(task, state, action)
        reply.info = {"target": task.secret["answer"]}
        return reply


class LeakyVerdict(Sound):
    __doc__ = Sound.__doc__

    class Config(SumConfig):
        max_turns: int = Field(1, ge=1)

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        reply = super().act(task, state, action)
        if reply.score is None and not reply.invalid:
            return Reply("Wrong.", score=0.0, info={"expected": task.secret["answer"]})
        return reply


class LeakyCorrection(Sound):
    __doc__ = Sound.__doc__

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        reply = super().act(task, state, action)
        if reply.score is None and not reply.invalid:
            reply.text = f"Wrong, expected {task.secret['answer']}."
        return reply


class LeakyRepr(Sound):
    __doc__ = Sound.__doc__

    def __repr__(self) -> str:
        return f"LeakyRepr({self._episode and self._episode.task.secret})"


class LeakyPrompt(Sound):
    __doc__ = Sound.__doc__

    def opening(self, task: Task, state: SumState) -> str:
        return f"{task.prompt} (It is not {task.secret['answer']}, of course.)"


class LeakyTool(Sound):
    __doc__ = Sound.__doc__

    def tool_schemas(self) -> list[dict[str, Any]]:
        return [{"type": "function", "function": {"name": "peek"}, "call": lambda: self}]


class LeakyError(Sound):
    __doc__ = Sound.__doc__

    def step(self, action: str) -> Any:
        if not isinstance(action, str):
            raise ActionTypeError(f"expected {self.oracle(self.episode.task, self.episode.state)}")
        return super().step(action)


class LeakyTone(Hidden):
    __doc__ = Sound.__doc__

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        reply = super().act(task, state, action)
        if reply.invalid and task.secret["answer"] > 500:
            reply.text += "!"
        return reply


class LeakyState(Sound):
    __doc__ = Sound.__doc__

    class State(SumState):
        answer: int = 0

    def begin(self, task: Task) -> Any:
        return self.State(answer=task.secret["answer"])


class WrongOracle(Sound):
    __doc__ = Sound.__doc__

    def oracle(self, task: Task, state: SumState) -> str:
        return str(task.secret["answer"] + task.index % 2)


class RaisingOracle(Sound):
    __doc__ = Sound.__doc__

    def oracle(self, task: Task, state: SumState) -> str:
        raise LookupError("no idea")


class PaysEmpty(Sound):
    __doc__ = Sound.__doc__

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        return Reply("Well.", score=1.0) if not action.strip() else super().act(task, state, action)


class PaysHedging(Sound):
    __doc__ = Sound.__doc__

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        if str(task.secret["answer"]) in action:
            return Reply("Right.", score=1.0)
        return super().act(task, state, action)


class PaysEcho(Sound):
    __doc__ = Sound.__doc__

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        if task.prompt in action:
            return Reply("Indeed.", score=0.5)
        return super().act(task, state, action)


class PaysCheat(Sound):
    __doc__ = Sound.__doc__

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        return Reply("Oh.", score=1.0) if action == "Right." else super().act(task, state, action)


class PaysGuessing(Sound):
    __doc__ = Sound.__doc__

    def random_action(self, task: Task, state: SumState, rng: Random) -> str:
        return str(task.secret["answer"] + (rng.random() < 0.5))


class StateOnSelf(Sound):
    __doc__ = Sound.__doc__

    def begin(self, task: Task) -> SumState:
        self.count = 0
        return SumState()

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        self.count += 1
        reply = super().act(task, state, action)
        reply.text += f" {self.count}"
        return reply


class HashOrder(Sound):
    __doc__ = Sound.__doc__

    def generate(self, rng: Random) -> Task:
        task = super().generate(rng)
        words = " ".join({"please", "quickly", "now", "carefully"})  # 24 orders
        return task.model_copy(update={"prompt": f"{task.prompt} {words}", "secret": task.secret})


class ProcessBound(Sound):
    __doc__ = Sound.__doc__

    def opening(self, task: Task, state: SumState) -> str:
        return f"{task.prompt} [{os.getpid()}]"


class ThreadBound(Sound):
    __doc__ = Sound.__doc__

    def opening(self, task: Task, state: SumState) -> str:
        return f"{task.prompt} [{threading.current_thread() is threading.main_thread()}]"


class LoopBound(Sound):
    __doc__ = Sound.__doc__

    def opening(self, task: Task, state: SumState) -> str:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return task.prompt
        return f"{task.prompt} (quickly)"


class ClockBound(Sound):
    __doc__ = Sound.__doc__

    def opening(self, task: Task, state: SumState) -> str:
        return f"{task.prompt} [{time.perf_counter_ns()}]"


class SeedDeaf(Sound):
    __doc__ = Sound.__doc__

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[str, dict[str, Any]]:
        return super().reset(seed=None if seed is None else 0, options=options)


class SplitDeaf(Sound):
    __doc__ = Sound.__doc__

    def make_task(self, split: Any, index: int) -> Task:
        return super().make_task("train", index)


class OneTask(Sound):
    __doc__ = Sound.__doc__

    def generate(self, rng: Random) -> Task:
        rng.claim(str(rng.random()))
        return Task(prompt="Add 1000 and 2000.", secret={"answer": 3000}, family=str(rng.random()))


class TaskChanger(Sound):
    __doc__ = Sound.__doc__

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        task.data["seen"] = True
        return super().act(task, state, action)


class SharedInfo(Sound):
    __doc__ = Sound.__doc__

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        reply = super().act(task, state, action)
        reply.info = {"tries": SHARED["tries"]}
        return reply


class StateInInfo(Sound):
    __doc__ = Sound.__doc__

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        reply = super().act(task, state, action)
        reply.info = {"tries": state.tries}
        return reply


class NanInfo(Sound):
    __doc__ = Sound.__doc__

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        reply = super().act(task, state, action)
        reply.info = {"distance": math.nan}
        return reply


class Undocumented(Sound):
    pass


class Generous(Sound):
    __doc__ = Sound.__doc__

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        reply = super().act(task, state, action)
        if reply.score is not None:
            reply.reward = 1.0
        return reply


class ForgetfulState(Sound):
    __doc__ = Sound.__doc__

    class State(SumState):
        _count: int = PrivateAttr(0)

    def act(self, task: Task, state: Any, action: str) -> Reply:
        state._count += 1
        reply = super().act(task, state, action)
        reply.text += f" {state._count}"
        return reply


class NanState(Sound):
    __doc__ = Sound.__doc__

    class State(SumState):
        distance: float = math.nan


class CrashesOnDigits(Sound):
    __doc__ = Sound.__doc__

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        if action.isdigit() and len(action) < 100:
            int(action)
        return super().act(task, state, action)


class CrashesOnDepth(Sound):
    __doc__ = Sound.__doc__

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        self.depth(action)
        return super().act(task, state, action)

    def depth(self, action: str) -> int:
        return 1 + self.depth(action[1:]) if action.startswith("((") else 0


class Restless(Sound):
    __doc__ = Sound.__doc__

    def step(self, action: str) -> Any:
        if self._episode is not None and self._episode.ended:
            self.reset()
        return super().step(action)


class Shouting(Sound):
    __doc__ = Sound.__doc__

    def step(self, action: str) -> Any:
        observation, *rest = super().step(action)
        return observation.upper(), *rest


class Endless(Sound):
    __doc__ = Sound.__doc__

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        state.turn = 0
        return super().act(task, state, action)


class Trimming(Sound):
    __doc__ = Sound.__doc__

    def step(self, action: str) -> Any:
        return super().step(action[:20])


class Padding(Sound):
    __doc__ = Sound.__doc__

    def step(self, action: str) -> Any:
        observation, *rest = super().step(action)
        return observation.ljust(self.max_observation + 1), *rest


class EagerReset(Sound):
    __doc__ = Sound.__doc__

    def step(self, action: str) -> Any:
        if self._episode is None:
            self.reset()
        return super().step(action)


class Lenient(Sound):
    __doc__ = Sound.__doc__

    def step(self, action: str) -> Any:
        return super().step(str(action))


class OptionDeaf(Sound):
    __doc__ = Sound.__doc__

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[str, dict[str, Any]]:
        known = {"split", "index", "task_id", "snapshot"}
        options = {name: value for name, value in (options or {}).items() if name in known}
        return super().reset(seed=seed, options=options)


class AddressBound(Sound):
    __doc__ = Sound.__doc__

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[str, dict[str, Any]]:
        observation, info = super().reset(seed=seed, options=options)
        return observation + ("!" if options and "task_id" in options else ""), info


class CarelessState(Sound):
    __doc__ = Sound.__doc__

    class State(SumState):
        model_config = ConfigDict(extra="ignore")


class CrashesOnNul(Sound):
    __doc__ = Sound.__doc__

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        if "\x00" in action:
            raise ValueError("embedded null byte")
        return super().act(task, state, action)


class CrashesOnReplacement(Sound):
    __doc__ = Sound.__doc__

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        action.encode("latin-1" if "\ufffd" in action else "utf-8")
        return super().act(task, state, action)


class CrashesOnLength(Sound):
    __doc__ = Sound.__doc__

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        if action.isascii() and action.isdigit():
            int(action)
        return super().act(task, state, action)


class StateOnClass(Sound):
    __doc__ = Sound.__doc__
    count: ClassVar[int] = 0

    def begin(self, task: Task) -> SumState:
        StateOnClass.count = 0
        return SumState()

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        StateOnClass.count += 1
        reply = super().act(task, state, action)
        reply.text += f" {StateOnClass.count}"
        return reply


class HalfOracle(Sound):
    __doc__ = Sound.__doc__
    oracle_score: ClassVar[float] = 0.5

    def oracle(self, task: Task, state: SumState) -> str:
        return str(task.secret["answer"] + task.index % 2)


class ModestOracle(Sound):
    __doc__ = Sound.__doc__
    oracle_score: ClassVar[float] = 0.5


class AcceptsAnything(Sound):
    __doc__ = Sound.__doc__

    class Config(SumConfig):
        model_config = ConfigDict(extra="ignore")


class WrongSpace(Sound):
    __doc__ = Sound.__doc__

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.observation_space = gym.spaces.Discrete(3)  # type: ignore[assignment]


class Stateless(Sound):
    """A sound environment whose answers may be found in the prompt by their nature.

    Observation: words.
    Action: one of them.
    Reward: 1 for the longest.
    Ends: at once.
    """

    answer_in_prompt: ClassVar[bool] = True
    random_ceiling: ClassVar[float] = 0.6

    class Config(Config):
        max_turns: int = Field(1, ge=1, le=1)

    def generate(self, rng: Random) -> Task:
        letters = "abcdefghijklmnop"
        words = ["".join(rng.sample(letters, length)) for length in rng.sample(range(5, 12), 3)]
        return Task(
            prompt=f"The longest of {', '.join(words)}?", secret={"word": max(words, key=len)}, data={"all": words}
        )

    def act(self, task: Task, state: SumState, action: str) -> Reply:
        if action not in task.data["all"]:
            return Reply.malformed("One of the words, please.")
        return Reply("Graded.", score=float(action == task.secret["word"]))

    def oracle(self, task: Task, state: SumState) -> str:
        return task.secret["word"]

    def random_action(self, task: Task, state: SumState, rng: Random) -> str:
        return rng.choice(task.data["all"])

    def candidates(self, task: Task) -> list[str]:
        return task.data["all"]


ENVIRONMENTS = tuple(
    Entry(f"broken/{name}-v0", f"broken_envs:{name}", (value.__doc__ or name).splitlines()[0], "tests")
    for name, value in list(globals().items())
    if isinstance(value, type) and issubclass(value, TextEnv) and value is not TextEnv
)
