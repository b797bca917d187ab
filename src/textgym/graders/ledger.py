"""What grading costs: whoever spends says so here, and budgets around it refuse what they do not cover."""

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from textgym.graders.errors import Invalid


class Ledger:
    """What was spent in one grading call, against limits; safe to charge from several threads."""

    def __init__(self, *, usd: float | None = None, tokens: int | None = None, calls: int | None = None) -> None:
        self.limits = {"usd": usd, "tokens": tokens, "calls": calls}
        self.spent: dict[str, float] = dict.fromkeys(self.limits, 0)
        self._lock = threading.Lock()

    def charge(self, amounts: dict[str, float]) -> None:
        """Add to what was spent.

        Raises:
            Invalid: more was spent than a limit allows; the amounts are noted all the same, for the money is gone.
        """
        with self._lock:
            for unit, amount in amounts.items():
                self.spent[unit] += amount
            for unit, limit in self.limits.items():
                if limit is not None and self.spent[unit] > limit:
                    raise Invalid("over_budget", f"{self.spent[unit]:g} {unit} against a budget of {limit:g}")


_OPEN: ContextVar[tuple[Ledger, ...]] = ContextVar("textgym_graders_ledgers", default=())


def charge(*, usd: float = 0.0, tokens: int = 0, calls: int = 0) -> None:
    """Charge every budget around the grader that is running; without one nothing happens.

    Charge `calls=1` before a call, so that one too many is never made, and `usd` and `tokens` after it.

    Raises:
        Invalid: a budget is exceeded; let it pass, so that the score says `over_budget`.
        ValueError: an amount is negative or no number.
    """
    amounts: dict[str, float] = {"usd": usd, "tokens": tokens, "calls": calls}
    for unit, amount in amounts.items():
        if not (math.isfinite(amount) and amount >= 0):
            raise ValueError(f"{unit} is {amount}: what is spent is a number from 0 up")
    refusal: Invalid | None = None
    for ledger in _OPEN.get():
        try:
            ledger.charge(amounts)
        except Invalid as refused:
            refusal = refused
    if refusal is not None:
        raise refusal


@contextmanager
def opened(ledger: Ledger) -> Iterator[Ledger]:
    """Have everything that is charged inside charged to `ledger` too."""
    token = _OPEN.set((*_OPEN.get(), ledger))
    try:
        yield ledger
    finally:
        _OPEN.reset(token)
