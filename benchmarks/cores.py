"""The same work under every framework: a guessing game of at most 10 turns, and steps that wait.

The game's rules are the function `judge`; each class below is what a framework needs around it and no more. This module
is a page of the registry, so worker processes find its environments as they find any other.
"""

import asyncio
import random
import time
from functools import cache
from typing import Any, Literal

import gymnasium as gym

from textgym.core import Config, Random, Reply, State, Task, TextEnv, derive_key
from textgym.registry import Entry

HIGH = 50
TURNS = 10
ENDLESS = 10**9
PROMPT = (
    "You are playing a game of guessing a number. A whole number from 1 to 50 has been chosen, and you have to find it. "
    "After each of your guesses you are told whether the number is higher or lower than your guess. You have ten guesses "
    "in all; when they are used up without the number being named, the game is lost. Think about which guess leaves the "
    "fewest numbers possible, whatever the answer is. Your answer has to be the guess and nothing else: one whole number "
    "in digits, without a word before it or after it, as in this example of an answer: 17. Now name your first guess."
)
MISS = "60"  # never right, so that every episode lasts its ten turns


def judge(number: int, action: str) -> tuple[str, bool]:
    """What the game says to an action, and whether the number was named."""
    if len(action) > 3 or not action.isdecimal():
        return "Answer with one whole number, such as 17.", False
    guess = int(action)
    if guess == number:
        return f"{guess} is the number. You have won.", True
    return f"The number is {'higher' if guess < number else 'lower'} than {guess}. Guess again.", False


def metrics(turn: int, fields: int) -> dict[str, Any]:
    """One field of a step's info, the word that GEM's environments report, or five, as a trainer's log wants them."""
    if fields == 1:
        return {"suffix": "Enter your guess."}
    return {"turn": turn, "valid": True, "length": 17.0, "phase": "play", "left": TURNS - turn}


class PlainGame:
    """The game with the five return values that Gymnasium and GEM share; a base without a framework."""

    def __init__(self, turns: int = TURNS, fields: int = 0) -> None:
        self.turns = turns
        self.fields = fields
        self.rng = random.Random(0)

    def start(self, seed: int | None) -> tuple[str, dict[str, Any]]:
        """Hide a number."""
        if seed is not None:
            self.rng = random.Random(seed)
        self.number = self.rng.randint(1, HIGH)
        self.turn = 0
        return PROMPT, {}

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Take one guess."""
        text, right = judge(self.number, action)
        self.turn += 1
        info = metrics(self.turn, self.fields) if self.fields else {}
        return text, float(right), right, not right and self.turn >= self.turns, info


class GymnasiumGame(PlainGame, gym.Env[str, str]):
    """The game as a plain Gymnasium environment, with Gymnasium's own text space."""

    metadata = {"render_modes": []}  # noqa: RUF012 (Gymnasium's declaration)

    def __init__(self, turns: int = TURNS, fields: int = 0) -> None:
        super().__init__(turns, fields)
        characters = frozenset(map(chr, range(32, 127)))
        self.observation_space = gym.spaces.Text(1000, charset=characters)
        self.action_space = gym.spaces.Text(1000, charset=characters)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Start the next game."""
        return self.start(seed)


class Echo:
    """A base in front of a game that leaves its rules out: the observation is the action. Nothing can do less."""

    turn: int
    turns: int
    fields: int

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Take one action."""
        self.turn += 1
        info = metrics(self.turn, self.fields) if self.fields else {}
        return action, 0.0, False, self.turn >= self.turns, info


class GymnasiumEcho(Echo, GymnasiumGame):
    """The echo as a plain Gymnasium environment."""


@cache
def gem_echo() -> type[Any]:
    """The echo as a GEM environment. Raises as `gem_game`."""
    return type("GemEcho", (Echo, gem_game()), {})


@cache
def gem_game() -> type[Any]:
    """The game as a GEM environment.

    Raises:
        ImportError: GEM is not installed.
    """
    from gem.core import Env

    class GemGame(PlainGame, Env):
        """The game as GEM wants it; `seconds`, where given, is how long each step blocks, by seed and turn."""

        def __init__(self, turns: int = TURNS, fields: int = 0, waiting: str = "") -> None:
            super().__init__(turns, fields)
            self.waiting = waiting
            self.place = 0

        def reset(self, seed: int | None = None) -> tuple[str, dict[str, Any]]:
            self.place = self.place + 1 if seed is None else seed
            return self.start(seed)

        def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
            if self.waiting:
                time.sleep(latency(self.waiting, self.place, self.turn))
            return super().step(action)

    return GemGame


class GuessConfig(Config):
    """Ten turns, as everywhere in these benchmarks."""

    max_turns: int = TURNS
    fields: int = 0


class GuessBench(TextEnv[GuessConfig, State]):
    """The game as a textgym environment."""

    def generate(self, rng: Random) -> Task:
        number = rng.randint(1, HIGH)
        return Task(prompt=PROMPT, secret={"number": number}, family=rng.claim(str(number)))

    def act(self, task: Task, state: State, action: str) -> Reply:
        text, right = judge(task.secret["number"], action)
        info = metrics(state.turn + 1, self.config.fields) if self.config.fields else None
        return Reply(text, 1.0 if right else None, 0.0, info)

    def oracle(self, task: Task, state: State) -> str:
        return str(task.secret["number"])


class EchoBench(GuessBench):
    """The echo as a textgym environment."""

    def act(self, task: Task, state: State, action: str) -> Reply:
        if self.config.fields:
            return Reply(action, None, 0.0, metrics(state.turn + 1, self.config.fields))
        return Reply(action)


class WaitingConfig(Config):
    """How long the steps wait."""

    max_turns: int = TURNS
    waiting: Literal["even", "tail"] = "even"


class WaitingBench(TextEnv[WaitingConfig, State]):
    """The game with steps that wait, as those of a sandbox or a search server do. It counts its steps, whoever runs it."""

    steps = 0

    def generate(self, rng: Random) -> Task:
        number = rng.randint(1, HIGH)
        return Task(prompt=PROMPT, secret={"number": number}, family=rng.claim(str(number)))

    async def act(self, task: Task, state: State, action: str) -> Reply:  # type: ignore[override]
        await asyncio.sleep(latency(self.config.waiting, task.index, state.turn))
        WaitingBench.steps += 1
        text, right = judge(task.secret["number"], action)
        return Reply(text, 1.0 if right else None)

    def oracle(self, task: Task, state: State) -> str:
        return MISS


EVEN_SECONDS = 0.020
_TAIL = ((0.95, 0.010), (0.995, 0.050), (1.0, 1.0))
_TAIL_PLACES = 20_011  # a prime, so that neither turns nor consecutive tasks come round to the same places


@cache
def _tail_table() -> tuple[float, ...]:
    rng = Random(derive_key("heavy tail"))
    draws = [rng.random() for _ in range(_TAIL_PLACES)]
    return tuple(next(seconds for share, seconds in _TAIL if draw < share) for draw in draws)


def latency(waiting: str, place: int, turn: int) -> float:
    """Seconds that a step takes, a function of task and turn: 20 ms, or now and then much longer.

    Never of the environment's number alone: copies that all wait equally long hide what waiting for siblings costs.
    """
    if waiting == "even":
        return EVEN_SECONDS
    return _tail_table()[(place * 7919 + turn * 104_729) % _TAIL_PLACES]


def mean_latency(waiting: str) -> float:
    """Mean seconds of a step."""
    if waiting == "even":
        return EVEN_SECONDS
    table = _tail_table()
    return sum(table) / len(table)


MADE = "bench/PlainGuess-v0"
"""The plain environment as Gymnasium's own registry makes it, with the wrappers that `gym.make` puts around it."""
MADE_ECHO = "bench/PlainEcho-v0"
"""The same of the echo."""
if MADE not in gym.registry:
    gym.register(MADE, entry_point=GymnasiumGame)
    gym.register(MADE_ECHO, entry_point=GymnasiumEcho)

ENVIRONMENTS = (
    Entry("bench/Guess-v0", "cores:GuessBench", "A guessing game of ten turns.", "bench"),
    Entry("bench/Echo-v0", "cores:EchoBench", "Says what it is told.", "bench"),
    Entry("bench/Waiting-v0", "cores:WaitingBench", "The same with steps that wait.", "bench"),
)
GUESS = "cores:bench/Guess-v0"
ECHO = "cores:bench/Echo-v0"
WAITING = "cores:bench/Waiting-v0"
