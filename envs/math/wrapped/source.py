"""`Source`: one of reasoning-gym's datasets, drawn from and asked one at a time."""

import importlib
import math
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from textgym.core import OptionalDependencyError
from textgym.core.errors import did_you_mean
from textgym.envs.math.wrapped.catalogue import EXACT, FEWER_ITEMS, ITEMS, LEFT_OUT, SEVERAL

_lock = threading.Lock()  # some datasets keep what they draw with on themselves
_OURS = ("seed", "size")


@dataclass(frozen=True)
class Item:
    """What a dataset gives for a number: the question, the answer, and the whole entry as its scorer takes it."""

    question: str
    answer: str
    entry: Mapping[str, Any]


class Source:
    """A dataset with its settings. An item is a function of name, settings and number."""

    def __init__(self, name: str, settings: Mapping[str, Any]) -> None:
        """Make the dataset.

        Raises:
            ValueError: it is not taken, or its settings are wrong.
            OptionalDependencyError: reasoning-gym is not installed.
        """
        check_name(name)
        for own in _OURS:
            if own in settings:
                raise ValueError(f"{name}: {own!r} is not to be set: textgym picks items by their number")
        self.name = name
        self.items = FEWER_ITEMS.get(name, ITEMS)
        module = _package()
        try:
            with _lock:
                self._dataset = module.create_dataset(name, seed=0, size=self.items, **settings)
        except (TypeError, ValueError, AssertionError) as error:
            raise ValueError(f"{name}: {error}") from None

    def item(self, number: int) -> Item | None:
        """The item of a number; None where the dataset cannot make it, or its answer is no text to be written."""
        with _lock:
            try:
                entry = self._dataset[number]
            except Exception:  # whatever their generator raises: that number has no item, and always so
                return None
        question, answer = entry["question"], entry["answer"]
        if not (isinstance(question, str) and isinstance(answer, str) and question.strip() and answer.strip()):
            return None
        return Item(question, answer, entry)

    def score(self, number: int, answer: str) -> float:
        """What their own scorer pays for an answer, within 0 and 1; 0 where it raises."""
        item = self.item(number)
        if item is None:
            return 0.0
        with _lock:
            try:
                paid = float(self._dataset.score_answer(answer, dict(item.entry)))
            except Exception:  # their scorers raise on text that they cannot read
                return 0.0
        return min(max(paid, 0.0), 1.0) if math.isfinite(paid) else 0.0


def check_name(name: str) -> None:
    """Refuse a dataset that is not taken.

    Raises:
        ValueError: it says why, or the closest name.
    """
    if name in LEFT_OUT:
        raise ValueError(f"{name} is left out: {LEFT_OUT[name]}")
    if name not in EXACT | SEVERAL:
        raise ValueError(f"there is no dataset {name!r}: {did_you_mean(name, EXACT | SEVERAL)}")


def package_version() -> str:
    """The version of reasoning-gym: other versions have other items.

    Raises:
        OptionalDependencyError: it is not installed.
    """
    try:
        return metadata.version("reasoning-gym")
    except metadata.PackageNotFoundError:
        raise _missing() from None


def _package() -> Any:
    try:
        return importlib.import_module("reasoning_gym")
    except ImportError:
        raise _missing() from None


def _missing() -> OptionalDependencyError:
    return OptionalDependencyError(
        "textgym/ReasoningGym-v0 needs reasoning-gym: install it with `pip install 'textgym[reasoning-gym]'`"
    )


def _forget_lock() -> None:
    """A lock that another thread held when this process was forked would never be released here."""
    global _lock
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_forget_lock)
