"""Primes to draw, and a test that is right for every number that a task can hold."""

from textgym.core import Random

_BASES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41)


def draw_prime(low: int, high: int, rng: Random) -> int:
    """A random prime from `low` to `high`; there must be one."""
    while True:
        number = rng.randint(low, high) | 1
        if number <= high and is_prime(number):
            return number


def is_prime(number: int) -> bool:
    """Whether a number below 3.3 * 10**24 is prime (Miller and Rabin, with bases that leave no doubt below that)."""
    if number < 2:
        return False
    for base in _BASES:
        if number % base == 0:
            return number == base
    odd, twos = number - 1, 0
    while not odd & 1:
        odd >>= 1
        twos += 1
    return all(_passes(base, odd, twos, number) for base in _BASES)


def _passes(base: int, odd: int, twos: int, number: int) -> bool:
    power = pow(base, odd, number)
    if power in (1, number - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False
