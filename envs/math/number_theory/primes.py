"""Small primes, and factorisation by trial division."""

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


def factorised(number: int) -> dict[int, int]:
    """The exponents of the primes that divide a positive number; time grows with the square root of the number."""
    found: dict[int, int] = {}
    divisor = 2
    while divisor * divisor <= number:
        while number % divisor == 0:
            number //= divisor
            found[divisor] = found.get(divisor, 0) + 1
        divisor += 1 if divisor == 2 else 2
    if number > 1:
        found[number] = 1
    return found


@lru_cache(maxsize=1 << 14)
def signature(number: int) -> str:
    """The exponents in the factorisation, largest first, without the primes: 360 = 2^3 3^2 5 has `3.2.1`."""
    return ".".join(map(str, sorted(factorised(number).values(), reverse=True)))


def written_factors(exponents: Mapping[int, int]) -> str:
    """A factorisation as text, smallest prime first: `2^3 * 5`."""
    return " * ".join([f"{p}^{e}" if e > 1 else str(p) for p, e in sorted(exponents.items())])


def number_of(exponents: Mapping[int, int]) -> int:
    """The number with this factorisation."""
    return prod(p**e for p, e in exponents.items())
