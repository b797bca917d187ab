"""Problems of shares, fractions of a whole, and counts of two kinds."""

from fractions import Fraction
from math import gcd

from textgym.core import Random
from textgym.envs.math.word_problems.problem import NAMES, Problem, demand, several, two_names

_THINGS = ("marbles", "stickers", "cards", "shells", "beads")
_KINDS = (
    ("On a farm", "rabbits", 4, "hens", 2, "legs"),
    ("In a workshop", "tricycles", 3, "bicycles", 2, "wheels"),
    ("In a car park", "cars", 4, "motorbikes", 2, "wheels"),
    ("In a terrarium", "spiders", 8, "beetles", 6, "legs"),
    ("In a canteen", "long tables", 12, "round tables", 5, "seats"),
)  # fmt: skip


def ratio(rng: Random, size: int) -> Problem:
    """An amount is shared in a ratio."""
    names = rng.sample(NAMES, 3)
    parts = several(rng, 2, 5 + size // 2, 3)
    demand(gcd(*parts) == 1)
    amount = rng.randint(20, 60 * size)
    unit = Fraction(amount, sum(parts))
    said = f"{names[0]}, {names[1]} and {names[2]} share a prize in the ratio {parts[0]} : {parts[1]} : {parts[2]}."
    asked = rng.choice(("share", "difference", "whole"))
    if asked == "share":
        return Problem(
            f"{said} The prize is {amount} euros. How many euros does {names[1]} get?", unit * parts[1], "ratio share"
        )
    demand(parts[0] > parts[2])
    if asked == "difference":
        text = f"{said} The prize is {amount} euros. How many euros more than {names[2]} does {names[0]} get?"
        return Problem(text, unit * (parts[0] - parts[2]), "ratio difference")
    text = f"{said} {names[0]} gets {amount} euros more than {names[2]}. How many euros is the prize?"
    return Problem(text, Fraction(amount * sum(parts), parts[0] - parts[2]), "ratio whole")


def of_the_rest(rng: Random, size: int) -> Problem:
    """A fraction goes, then a fraction of the rest, and so on."""
    name = rng.choice(NAMES)
    steps = rng.choice((2, 2, 3))
    fractions = [Fraction(rng.randint(1, 6), rng.randint(3, 9)) for _ in range(steps)]
    demand(all(part < 1 for part in fractions))
    left = Fraction(1)
    for part in fractions:
        left *= 1 - part
    what = ("of the money on food", "of the rest on rent", "of what is left then on books")
    said = ", ".join(f"{part} {spent}" for part, spent in zip(fractions, what, strict=False))
    amount = rng.randint(10, 20 * size)
    asked = rng.choice(("first", "left", "part"))
    if asked == "first":
        text = f"{name} spends {said}, and has {amount} euros left. How many euros were there at first?"
        return Problem(text, amount / left, f"rest {steps} first")
    if asked == "left":
        return Problem(
            f"{name} has {amount} euros and spends {said}. How many euros are left?",
            amount * left,
            f"rest {steps} left",
        )
    text = f"{name} spends {said}. What part of the money is left? Answer with a fraction."
    return Problem(text, left, f"rest {steps} part")


def two_kinds(rng: Random, size: int) -> Problem:
    """How many of two kinds, from their number and a total."""
    place, many, more, few, less, counted = rng.choice(_KINDS)
    a, b = rng.randint(6, 3 * size), rng.randint(6, 3 * size)
    asked = rng.choice(("first", "second", "difference"))
    total = a * more + b * less
    answer, question = {
        "first": (a, f"How many {many} are there?"),
        "second": (b, f"How many {few} are there?"),
        "difference": (
            a - b,
            f"How many more {many} than {few} are there? (If there are fewer, the number is negative.)",
        ),
    }[asked]
    text = (
        f"{place} there are {many}, with {more} {counted} each, and {few}, with {less}. There are {a + b} of them, "
        f"and {total} {counted} in all. {question}"
    )
    return Problem(text, Fraction(answer), f"two kinds {asked}")


def coins(rng: Random, size: int) -> Problem:
    """Coins of two or three values."""
    low, high = sorted(rng.sample((1, 2, 5, 10, 20, 50), 2))
    few, many = rng.randint(5, 4 * size), rng.randint(5, 4 * size)
    name = rng.choice(NAMES)
    asked = rng.choice(("count", "exchange"))
    if asked == "count":
        text = (
            f"{name} has {few + many} coins of {low} and of {high} cents, worth {few * high + many * low} cents. How "
            f"many of them are coins of {high} cents?"
        )
        return Problem(text, Fraction(few), "coins count")
    more = rng.randint(2, 2 * size)
    value = few * high + (few + more) * low
    text = (
        f"{name} has coins of {low} and of {high} cents, {more} more of the smaller value than of the larger. They "
        f"are worth {value} cents. How many coins are there in all?"
    )
    return Problem(text, Fraction(2 * few + more), "coins more")


def transfer(rng: Random, size: int) -> Problem:
    """One gives the other some of what they have."""
    one, two = two_names(rng)
    things = rng.choice(_THINGS)
    given, times = rng.randint(3, 2 * size), rng.randint(2, 6)
    left = rng.randint(2, 2 * size)
    # In the end the second one has `times` as many as the first one, who has `left`.
    asked = rng.choice(("first", "second"))
    total = (times + 1) * left
    before = left + given
    demand(total > before)
    text = (
        f"{one} and {two} have {total} {things} together. If {one} gave {two} {given} {things}, {two} would have "
        f"{times} times as many as {one}. "
        f"How many {things} does {one if asked == 'first' else two} have now?"
    )
    return Problem(text, Fraction(before if asked == "first" else total - before), f"transfer {asked}")


def averages(rng: Random, size: int) -> Problem:
    """Means of groups that are joined, or of numbers one of which changes."""
    a, b = several(rng, 5, 5 + size, 2)
    p, q = several(rng, 10, 99, 2)
    asked = rng.choice(("joined", "other", "mistake"))
    if asked == "joined":
        text = (
            f"In a test, a class of {a} has a mean of {p} points, and a class of {b} a mean of {q}. What is the mean "
            "of both together?"
        )
        return Problem(text, Fraction(a * p + b * q, a + b), "averages joined")
    if asked == "other":
        r = rng.randint(10, 99)
        answer = Fraction((a + b) * r - a * p, b)
        demand(0 < answer < 100)
        text = (
            f"In a test, a class of {a} has a mean of {p} points, and together with a class of {b} the mean is {r}. "
            f"What is the mean of the class of {b}?"
        )
        return Problem(text, answer, "averages other")
    wrong, right = several(rng, 10, 99, 2)
    text = (
        f"The mean of {a} numbers was worked out as {p}, but {wrong} was read in place of {right}. What is the right "
        "mean?"
    )
    return Problem(text, p + Fraction(right - wrong, a), "averages mistake")


SHARES = (ratio, of_the_rest, two_kinds, coins, transfer, averages)
