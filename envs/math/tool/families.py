"""The families that tasks are drawn from, each the single-answer environment that poses and judges them."""

import importlib
from typing import Any

from textgym.core import UnknownEnvironmentError
from textgym.envs.math.levels import Difficulty, LevelledConfig
from textgym.envs.math.single_answer import ASK, SingleAnswer
from textgym.registry import find

MIX = (
    "textgym/ModularPower-v0",
    "textgym/ChineseRemainder-v0",
    "textgym/PrimeFactorisation-v0",
    "textgym/Divisors-v0",
    "textgym/LinearCongruence-v0",
    "textgym/DigitPuzzle-v0",
    "textgym/LinearSystem-v0",
    "textgym/Determinant-v0",
    "textgym/LinearSolve-v0",
    "textgym/MatrixInverse-v0",
    "textgym/RecurrenceTerm-v0",
    "textgym/FiniteSum-v0",
    "textgym/CountingArrangements-v0",
    "textgym/InclusionExclusion-v0",
    "textgym/DiceProbability-v0",
    "textgym/ExpectedValue-v0",
    "textgym/LatticePaths-v0",
    "textgym/PolygonArea-v0",
    "textgym/LatticePoints-v0",
    "textgym/ShortestPath-v0",
)
"""What is drawn from by default: families that a short program is a help with, and that draw a task in about a millisecond."""

Family = SingleAnswer[Any]


def family_class(env_id: str) -> tuple[str, type[Family]]:
    """The whole id of a family, and its class.

    Raises:
        ValueError: there is no such id, or its tasks have no single answer that it judges.
    """
    try:
        entry = find(env_id)
    except UnknownEnvironmentError as error:
        raise ValueError(str(error)) from None
    module, _, name = entry.entry_point.partition(":")
    found = getattr(importlib.import_module(module), name)
    if not issubclass(found, SingleAnswer) or not issubclass(found.Config, LevelledConfig):
        raise ValueError(f"{entry.id} is not one of the families with a single answer; {', '.join(MIX[:3])}, ... are")
    return entry.id, found


def open_family(env_id: str, difficulty: Difficulty) -> Family:
    """A family's environment at a difficulty."""
    return family_class(env_id)[1](difficulty=difficulty)


def question(family: Family, prompt: str) -> str:
    """A family's prompt without its end, which says how to answer without tools."""
    return prompt.removesuffix("\n\n" + ASK.format(form=family.answer_form))
