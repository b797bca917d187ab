"""CodeGen: write one small function from its signature, its docstring and a few examples."""

from itertools import combinations
from math import comb
from typing import Any

from pydantic import Field

from textgym.core import Random, Split, Task, derive_key
from textgym.envs.code.functions.bank import SHOWN, problem
from textgym.envs.code.functions.env import FunctionConfig, FunctionEnv, function_task
from textgym.envs.code.functions.rendering import Rendered
from textgym.envs.code.functions.shelf import family_id, problem_shelf
from textgym.envs.code.submission import HOW_TO_ANSWER

_DRAWS = 100
"""Choices of examples for each problem, naming and wording, if there are as many."""


class CodeGenConfig(FunctionConfig):
    """Knobs of CodeGen."""

    max_turns: int = Field(1, ge=1, le=3, description="attempts; after a wrong one the examples it fails are shown")


class CodeGen(FunctionEnv[CodeGenConfig]):
    """Write one Python function that does what its docstring says.

    Observation: the signature with the docstring, and examples of what the function should return. After a wrong attempt:
        what it did on these examples.
    Action: a whole program with the function inside one <answer></answer>, bare or in a fence. Text outside is not read.
    Reward: 1 if the function returns exactly the right value, of the right type, on every hidden input and every example,
        else 0. Inputs go into a sandbox, values come out, and the comparison is made outside; nothing that the program can
        reach knows what is expected.
    Ends: terminated by a right attempt or the last one; truncated where the last answer could not be read.
    Splits: by family of functions; no family of one split is ever seen in another. Each split has a fixed number of tasks
        (`size`): every problem under every naming and in every wording, each with up to a hundred choices of examples.
    Oracle: gives the reference.

    Hidden are at least 24 inputs that together catch every wrong mutant of the reference that is known.
    """

    def size(self, split: Split) -> int:
        return self._draws * len(problem_shelf(split, self.config.names))

    @property
    def _draws(self) -> int:
        return min(_DRAWS, comb(SHOWN, self.config.examples))

    def make_task(self, split: Split, index: int) -> Task:
        shelf = problem_shelf(split, self.config.names)
        draw, number = divmod(index, len(shelf))
        place = shelf[number]
        found = problem(place.family, place.variant)
        rendered = Rendered.of(found, place.style, place.wording)
        choices = list(combinations(range(len(found.shown)), self.config.examples))
        Random(derive_key("examples of a problem", place.family, place.variant, place.wording)).shuffle(choices)
        numbers = list(choices[draw])
        examples = rendered.examples([found.shown[number] for number in numbers])
        prompt = (
            f"Write this Python function.\n\n```python\n{rendered.stub()}```\n\nWhat it should return:\n\n{examples}\n\n"
            f"{HOW_TO_ANSWER}"
        )
        fields: dict[str, Any] = function_task(place, rendered, prompt, numbers)
        return Task(**fields, family=family_id(place.family), difficulty=float(found.family.difficulty))
