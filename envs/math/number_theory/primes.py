"""Small primes, and factorisations as text and as numbers."""

from collections.abc import Mapping
from functools import lru_cache
from math import prod


@lru_cache(maxsize=64)
def primes_up_to(limit: int) -> tuple[int, ...]:
    """All primes from 2 to `limit`, by the sieve of Eratosthenes."""
    sieve = bytearray([1]) * (limit + 1)
    sieve[:2] = bytes(min(2, limit + 1))
    for number in range(2, int(limit**0.5) + 1):
        if sieve[number]:
            sieve[number * number :: number] = bytes(len(range(number * number, limit + 1, number)))
    return tuple(number for number in range(limit + 1) if sieve[number])


def written_factors(exponents: Mapping[int, int]) -> str:
    """A factorisation as text, smallest prime first: `2^3 * 5`."""
    return " * ".join([f"{p}^{e}" if e > 1 else str(p) for p, e in sorted(exponents.items())])


def number_of(exponents: Mapping[int, int]) -> int:
    """The number with this factorisation."""
    return prod(p**e for p, e in exponents.items())
