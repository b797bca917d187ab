"""GuessNumber: find a hidden number by bisection."""

import math
from typing import Any, ClassVar

from pydantic import Field

from textgym.actions import whole_number
from textgym.core import Config, Random, Reply, State, Task, TextEnv


class GuessNumberConfig(Config):
    """Knobs of GuessNumber."""

    high: int = Field(100, ge=2, le=10**12, description="largest number that may be hidden")
    max_turns: int = Field(10, ge=1, description="guesses after which the episode is truncated")
    turn_discount: float = Field(
        1.0, gt=0, le=1, description="factor on the reward for each guess beyond those that bisection may need"
    )
    not_in_task: ClassVar[frozenset[str]] = frozenset({"turn_discount"})


class GuessNumberState(State):
    """The numbers still possible, given the answers so far: from `low` to `high`."""

    low: int = 1
    high: int = 0


class GuessNumber(TextEnv[GuessNumberConfig, GuessNumberState]):
    """Find a hidden number from the answers "higher" and "lower".

    Observation: the range to guess in; then "Higher." or "Lower." after each guess.
    Action: one whole number, and nothing else.
    Reward: 1 for naming the number; with `turn_discount` d below 1, d**k where k counts the guesses beyond the
        ceil(log2(high + 1)) that bisection may need. A wrong guess earns nothing.
    Ends: terminated when the number is named, truncated after `max_turns` guesses.
    Splits: by hidden number.
    Oracle: bisection over what is still possible, so that its score is a policy's that does not know the number; within
        the default turns it always wins.
    """

    noop_action = ""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        high, turns = self.config.high, self.config.max_turns
        self.random_ceiling = min(1.0, 1.5 * (1 - (1 - 1 / high) ** turns))  # half again what guessing earns on average
        self.oracle_score = min(1.0, (2**turns - 1) / high)  # so many numbers can be told apart in the turns

    def generate(self, rng: Random) -> Task:
        high = self.config.high
        number = rng.randint(1, high)
        return Task(
            prompt=f"I have a whole number from 1 to {high} in mind. Guess it; I answer higher or lower.",
            secret={"number": number},
            family=f"guess {number} of {high}",
            difficulty=math.ceil(math.log2(high + 1)),
        )

    def opening(self, task: Task, state: GuessNumberState) -> str:
        turns = self.config.max_turns
        return f"{task.prompt} You have {turns} guess{'' if turns == 1 else 'es'}. Answer with the number alone."

    def begin(self, task: Task) -> GuessNumberState:
        return GuessNumberState(high=self.config.high)

    def act(self, task: Task, state: GuessNumberState, action: str) -> Reply:
        guess = whole_number(action)
        if guess is None:
            return Reply.malformed("Answer with one whole number and nothing else, such as 42.")
        number = task.secret["number"]
        if guess == number:
            beyond = max(0, state.turn + 1 - math.ceil(math.log2(self.config.high + 1)))
            return Reply("Right.", score=self.config.turn_discount**beyond, success=True)
        if guess < number:
            state.low = max(state.low, guess + 1)
            return Reply("Higher.")
        state.high = min(state.high, guess - 1)
        return Reply("Lower.")

    def oracle(self, task: Task, state: GuessNumberState) -> str:
        return str((state.low + state.high) // 2)

    def random_action(self, task: Task, state: GuessNumberState, rng: Random) -> str:
        return str(rng.randint(1, self.config.high))

    def candidates(self, task: Task) -> list[str]:
        return [str(number) for number in range(1, min(self.config.high, 1000) + 1)]
