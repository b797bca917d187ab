"""Sums of terms, of which normal forms are made: their keys, and what needs no names."""

from fractions import Fraction
from math import gcd, isqrt

Key = tuple[tuple[tuple[str, Fraction], ...], str, str, str]
"""Powers of atoms by name in order, the argument of exp by name, `s`, `c` or nothing, and the argument of that by name."""
Terms = dict[Key, Fraction]

ONE: Key = ((), "", "", "")
UNIT: Terms = {ONE: Fraction(1)}

_LARGEST_PRIME_FACTOR = 10_000


def added(one: Terms, other: Terms) -> Terms:
    """The sum of two sums; terms that cancel are left out."""
    total = dict(one)
    for key, value in other.items():
        new = total.get(key, Fraction(0)) + value
        if new:
            total[key] = new
        else:
            total.pop(key, None)
    return total


def scaled(terms: Terms, factor: Fraction) -> Terms:
    """The sum times a number other than 0."""
    return {key: value * factor for key, value in terms.items()}


def content_of(terms: Terms) -> Fraction:
    """The largest positive rational number by which the coefficients are whole multiples."""
    above = below = 0
    for value in terms.values():
        above = gcd(above, value.numerator)
        below = value.denominator if not below else below * value.denominator // gcd(below, value.denominator)
    return Fraction(above, below)


def is_linear(terms: Terms) -> bool:
    """Whether a sum is a polynomial in x of degree 1 with rational coefficients."""
    x: Key = ((("x", Fraction(1)),), "", "", "")
    return x in terms and terms.keys() <= {x, ONE}


def prime_factors(value: Fraction) -> tuple[list[tuple[int, int]], bool]:
    """The prime factors of a positive rational number with their multiplicities, and whether they are surely prime.

    Divisors up to 10^4 are tried; what is left then counts as a prime, or as its square.
    """
    counts: dict[int, int] = {}
    certain = True
    for number, sign in ((value.numerator, 1), (value.denominator, -1)):
        divisor = 2
        while divisor * divisor <= number and divisor <= _LARGEST_PRIME_FACTOR:
            while number % divisor == 0:
                number //= divisor
                counts[divisor] = counts.get(divisor, 0) + sign
            divisor += 1 if divisor == 2 else 2
        if number == 1:
            continue
        root = isqrt(number)
        rest, times = (root, 2) if root * root == number else (number, 1)
        certain = certain and rest <= _LARGEST_PRIME_FACTOR**2
        counts[rest] = counts.get(rest, 0) + sign * times
    return [(prime, count) for prime, count in sorted(counts.items()) if count], certain
