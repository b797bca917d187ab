"""Classes of laws of sequences, and the proof that a sequence's first terms leave only one next term in all of them.

Every class here is linear in its unknown numbers: a law says a(n) = p f(n) + q g(n) + ..., where f(n), g(n) are known whole
numbers, such as n, 1 or a(n-1), and p, q, ... are unknown rational ones. The given terms are linear equations for the
unknowns. Gaussian elimination, without fractions and hence exact, tells three cases apart: no law of the class fits; all
laws that fit give the same next term; or they do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Prediction = Fraction | Literal["none", "many"]

CLASSES = {
    "polynomial": "a(n) is a polynomial in n of degree at most 3",
    "drifting": "a(n) = p*a(n-1) + q*n + r",
    "recurrence": "a(n) = p*a(n-1) + q*a(n-2) + r",
    "interleaved": "a(n) = p*a(n-2) + q for odd n, and a(n) = r*a(n-2) + s for even n",
}
"""What the classes say; p, q, r, s and the coefficients are fixed rational numbers, and n counts from 1."""


def next_terms(terms: Sequence[int], classes: Sequence[str]) -> dict[str, Prediction]:
    """What the laws of each class predict to come after the given terms."""
    return {name: predicted(terms, name) for name in classes}


def predicted(terms: Sequence[int], name: str) -> Prediction:
    """The next term by all laws of one class that fit: a number, or "none" where none fits, "many" where they differ."""
    count = len(terms)
    if name == "interleaved":
        other, own = (_solved(_rows(terms, name, parity)) for parity in ((count + 1) % 2, count % 2))
        if other is None or own is None:
            return "none"
        return _next(own, [terms[count - 2], 1])
    echelon = _solved(_rows(terms, name))
    return "none" if echelon is None else _next(echelon, _features(terms, name, count))


def _features(terms: Sequence[int], name: str, at: int) -> list[int]:
    """The known numbers in the law of the term with index `at`, counted from 0."""
    n = at + 1
    if name == "polynomial":
        return [1, n, n * n, n**3]
    if name == "recurrence":
        return [terms[at - 1], terms[at - 2], 1]
    if name == "drifting":
        return [terms[at - 1], n, 1]
    return [terms[at - 2], 1]


def _rows(terms: Sequence[int], name: str, parity: int = 0) -> list[list[int]]:
    """One equation for each term to which the law applies: the known numbers, and the term."""
    if name == "interleaved":
        return [[*_features(terms, name, at), terms[at]] for at in range(2 + parity, len(terms), 2)]
    first = {"polynomial": 0, "recurrence": 2, "drifting": 1}[name]
    return [[*_features(terms, name, at), terms[at]] for at in range(first, len(terms))]


@dataclass(frozen=True, slots=True)
class _Echelon:
    rows: list[list[int]]
    pivots: list[int]


def _solved(rows: list[list[int]]) -> _Echelon | None:
    """The equations in echelon form; None where they contradict each other."""
    found = _Echelon([], [])
    for row in rows:
        rest = _reduced(found, row)
        pivot = next((column for column, number in enumerate(rest) if number), None)
        if pivot is None:
            continue
        if pivot == len(row) - 1:
            return None
        found.rows.append(rest)
        found.pivots.append(pivot)
    return found


def _reduced(echelon: _Echelon, row: list[int]) -> list[int]:
    """A multiple of the row, with 0 in the column of every pivot."""
    for known, pivot in zip(echelon.rows, echelon.pivots, strict=True):
        if row[pivot]:
            factor, times = row[pivot], known[pivot]
            row = [times * a - factor * b for a, b in zip(row, known, strict=True)]
    return row


def _next(echelon: _Echelon, features: list[int]) -> Prediction:
    # A further column follows what the row is multiplied by.
    rows = _Echelon([[*row, 0] for row in echelon.rows], echelon.pivots)
    *rest, value, scale = _reduced(rows, [*features, 0, 1])
    return "many" if any(rest) else Fraction(-value, scale)
