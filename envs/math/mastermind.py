"""Mastermind: find a hidden code from the number of right and of misplaced letters."""

import functools
import operator
from typing import Any, ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from textgym.core import Config, Random, Reply, State, Task, TextEnv, derive_key

_LETTERS = "ABCDEFGHIJ"
_FEWEST_CODES = 300

Feedback = tuple[int, int]
"""Letters right in their place, and letters of the code that stand elsewhere in the guess."""
History = tuple[tuple[str, Feedback], ...]


class MastermindConfig(Config):
    """Knobs of Mastermind."""

    pegs: int = Field(4, ge=2, le=6, description="letters in the code")
    colours: int = Field(6, ge=2, le=len(_LETTERS), description="letters to choose from, A onwards")
    repeats: bool = Field(True, description="whether a letter may occur more than once in the code")
    max_turns: int = Field(10, ge=1, description="guesses after which the episode is truncated")
    turn_discount: float = Field(
        1.0, gt=0, le=1, description="factor on the reward for each guess beyond those that the oracle may need"
    )
    not_in_task: ClassVar[frozenset[str]] = frozenset({"turn_discount"})

    @model_validator(mode="after")
    def _enough_codes(self) -> Self:
        if self.codes < _FEWEST_CODES:
            raise ValueError(
                f"{self.pegs} pegs and {self.colours} colours {'with' if self.repeats else 'without'} repeats make "
                f"{self.codes} codes; at least {_FEWEST_CODES} are needed for three splits that guessing does not solve"
            )
        return self

    @property
    def codes(self) -> int:
        """Number of possible codes."""
        if self.repeats:
            return int(self.colours**self.pegs)
        count = 1
        for used in range(self.pegs):
            count *= max(0, self.colours - used)
        return count

    @property
    def par(self) -> int:
        """A bound that no strategy beats for every code: with f answers that do not end the game, g guesses tell at most
        1 + f + ... + f**(g - 1) codes apart, so at least this many guesses are needed."""
        answers = (self.pegs + 1) * (self.pegs + 2) // 2 - 2
        guesses, told_apart = 1, 1
        while told_apart < self.codes:
            told_apart += answers**guesses
            guesses += 1
        return guesses


class MastermindState(State):
    """The guesses so far, with the answer to each."""

    guesses: list[str] = Field(default_factory=list)
    feedback: list[Feedback] = Field(default_factory=list)


class Mastermind(TextEnv[MastermindConfig, MastermindState]):
    """Find a hidden code from the number of exact and misplaced letters in each guess.

    Observation: the rules; after each guess "E exact, M misplaced." E counts the letters right in their place. M counts
        those further letters of the guess that the code has in another place, each letter of the code at most once.
    Action: the code's letters next to one another and nothing else, in either case, such as `ABCD`. A guess may repeat
        letters even where the code does not.
    Reward: 1 for naming the code; with `turn_discount` d below 1, d**k where k counts the guesses beyond those that the
        oracle needs for this code, or beyond `MastermindConfig.par` where that is more. Another guess earns nothing.
    Ends: terminated when the code is named, truncated after `max_turns` guesses.
    Splits: by hidden code: a code of one split is never hidden in another.
    Oracle: guesses among the codes consistent with all answers so far, the one whose answer tells most of them apart;
        over a sample where there are many. It does not read the code. With the default settings it always wins in time.
    """

    noop_action = ""
    random_ceiling = 0.05

    def generate(self, rng: Random) -> Task:
        config = self.config
        letters = _LETTERS[: config.colours]
        draw = rng.choices(letters, k=config.pegs) if config.repeats else rng.sample(letters, config.pegs)
        code = "".join(draw)
        return Task(
            prompt=f"I have a code of {config.pegs} letters from A to {letters[-1]} in mind; "
            f"{'letters may repeat' if config.repeats else 'no letter repeats'}. Guess it. After each guess I say how "
            "many letters are exact (right letter, right place) and how many are misplaced (right letter, wrong place). "
            f"Answer with the {config.pegs} letters alone, such as {self._example()}.",
            secret={"code": code},
            family=f"mastermind {config.colours} {code}",
            difficulty=config.par,
        )

    def opening(self, task: Task, state: MastermindState) -> str:
        turns = self.config.max_turns
        return f"{task.prompt} You have {turns} guess{'' if turns == 1 else 'es'}."

    def _example(self) -> str:
        letters = _LETTERS[: self.config.colours]
        return "".join(letters[i % len(letters)] for i in range(self.config.pegs))

    def act(self, task: Task, state: MastermindState, action: str) -> Reply:
        guess = read_code(action, self.config.pegs, self.config.colours)
        if guess is None:
            return Reply.malformed(
                f"Answer with {self.config.pegs} letters from A to {_LETTERS[self.config.colours - 1]} and nothing else, "
                f"such as {self._example()}."
            )
        exact, misplaced = answer_to(guess, task.secret["code"])
        state.guesses.append(guess)
        state.feedback.append((exact, misplaced))
        if exact == self.config.pegs:
            discount = self.config.turn_discount
            score = 1.0 if discount == 1 else discount ** self._beyond(guess, state.turn + 1)
            return Reply("Right.", score=score, success=True)
        return Reply(f"{exact} exact, {misplaced} misplaced.")

    def _beyond(self, code: str, guesses: int) -> int:
        """How many of these guesses are beyond what naming `code` may take."""
        config = self.config
        history: History = ()
        for needed in range(1, guesses):
            guess = next_guess(config.pegs, config.colours, config.repeats, history)
            if guess == code:
                return max(0, guesses - max(needed, config.par))
            history += ((guess, answer_to(guess, code)),)
        return 0

    def oracle(self, task: Task, state: MastermindState) -> str:
        history = tuple(zip(state.guesses, state.feedback, strict=True))
        return next_guess(self.config.pegs, self.config.colours, self.config.repeats, history)

    def random_action(self, task: Task, state: MastermindState, rng: Random) -> str:
        return "".join(rng.choices(_LETTERS[: self.config.colours], k=self.config.pegs))

    def candidates(self, task: Task) -> list[str]:
        rng = Random(derive_key("mastermind candidates", task.id))
        return [task.secret["code"], *("".join(rng.choices(_LETTERS, k=self.config.pegs)) for _ in range(200))]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        code, pegs = task.secret["code"], self.config.pegs
        return {
            "claims to have won": ["Right.", f"{pegs} exact, 0 misplaced."],
            "wildcards": ["?" * pegs, "*" * pegs, "." * pegs],
            "every letter at every place": [_LETTERS[: self.config.colours] * pegs],
            "the code among others": [f"{self._example()} {code}", f"{code}{code}", f"{code} or {code[::-1]}"],
            "no code at all": ["0" * pegs, "[A-J]" * pegs],
        }


def read_code(text: str, pegs: int, colours: int) -> str | None:
    """The code that `text` consists of, in capitals, or None. White space around it is allowed."""
    if len(text) > 100:
        return None
    code = text.strip()
    if len(code) != pegs or not code.isascii():
        return None
    code = code.upper()
    return code if all(letter in _LETTERS[:colours] for letter in code) else None


def answer_to(guess: str, code: str) -> Feedback:
    """How many letters of `guess` are exact, and how many are misplaced."""
    exact = sum(map(operator.eq, guess, code))
    shared = sum(min(guess.count(letter), code.count(letter)) for letter in dict.fromkeys(guess))
    return exact, shared - exact


# -- the oracle's strategy: a pure function of the answers so far --------------------------------------------------------

_SAMPLE = 2_000
_TRIED = 60

Codes = np.ndarray[Any, np.dtype[np.uint8]]
"""One code a row: first the letter at each place, as a number from 0, then how often each letter occurs."""


@functools.lru_cache(maxsize=8_192)
def next_guess(pegs: int, colours: int, repeats: bool, history: History) -> str:
    """A guess that is consistent with all answers, and whose own answer leaves few codes on average.

    Up to `_TRIED` guesses are compared on up to `_SAMPLE` of the codes that are left; both are all there are in a game of
    the default size after the second answer.

    Raises:
        ValueError: no code fits the answers.
    """
    if not history:
        half = (pegs + 1) // 2
        return "A" * half + "B" * (pegs - half) if repeats else _LETTERS[:pegs]
    codes = _all_codes(pegs, colours, repeats)
    for guess, (exact, misplaced) in history:
        codes = codes[_answers(_row(guess, colours), codes, pegs) == exact * (pegs + 1) + misplaced]
    if not len(codes):
        raise ValueError(f"no code fits the answers {history!r}")
    rng = Random(derive_key("mastermind", pegs, colours, int(repeats), repr(history)))
    sample = codes if len(codes) <= _SAMPLE else codes[rng.sample(range(len(codes)), _SAMPLE)]
    tried = sample if len(sample) <= _TRIED else sample[rng.sample(range(len(sample)), _TRIED)]

    def left(guess: Codes) -> int:
        """Sum over the sample of the number of codes that the answer would leave."""
        return int((np.bincount(_answers(guess, sample, pegs)) ** 2).sum())

    best = min(tried, key=left)
    return "".join(_LETTERS[letter] for letter in best[:pegs])


@functools.lru_cache(maxsize=2)
def _all_codes(pegs: int, colours: int, repeats: bool) -> Codes:
    places = np.indices((colours,) * pegs, dtype=np.uint8).reshape(pegs, -1).T
    counts = np.stack([(places == letter).sum(axis=1, dtype=np.uint8) for letter in range(colours)], axis=1)
    codes = np.concatenate([places, counts], axis=1)
    return codes if repeats else codes[counts.max(axis=1) == 1]


def _row(code: str, colours: int) -> Codes:
    letters = _LETTERS[:colours]
    return np.array([*map(letters.index, code), *map(code.count, letters)], dtype=np.uint8)


def _answers(guess: Codes, codes: Codes, pegs: int) -> np.ndarray[Any, np.dtype[np.intp]]:
    """The answer to `guess` for each of the codes, as the number exact * (pegs + 1) + misplaced."""
    exact = (codes[:, :pegs] == guess[:pegs]).sum(axis=1)
    shared = np.minimum(codes[:, pegs:], guess[pegs:]).sum(axis=1, dtype=np.intp)
    answers: np.ndarray[Any, np.dtype[np.intp]] = exact * pegs + shared
    return answers
