"""Problems of mixtures: solutions, alloys, prices."""

from fractions import Fraction

from textgym.core import Random
from textgym.envs.math.word_problems.problem import Problem, demand, several

_SOLUTIONS = (("salt water", "salt"), ("syrup", "sugar"), ("vinegar", "acid"), ("antifreeze", "glycol"))
_GOODS = ("tea", "coffee", "rice", "nuts", "seeds", "spice")


def two_solutions(rng: Random, size: int) -> Problem:
    """Two amounts of different strength are mixed."""
    liquid, part = rng.choice(_SOLUTIONS)
    a, b = several(rng, 2, 3 * size, 2)
    p, q = several(rng, 2, 60, 2)
    asked = rng.choice(("strength", "amount of the part", "other strength"))
    if asked == "other strength":
        r = rng.randint(2, 60)
        answer = (r * Fraction(a + b) - p * a) / b
        demand(0 < answer < 100)
        text = (
            f"{a} litres of {liquid} with {p} % {part} and {b} litres of another kind make a mixture with {r} % "
            f"{part}. How many per "
            f"cent {part} has the other kind?"
        )
        return Problem(text, answer, "solutions other strength")
    story = f"{a} litres of {liquid} with {p} % {part} are mixed with {b} litres with {q} % {part}."
    inside = Fraction(a * p + b * q, 100)
    if asked == "strength":
        return Problem(
            f"{story} How many per cent {part} has the mixture?", 100 * inside / (a + b), "solutions strength"
        )
    return Problem(f"{story} How many litres of {part} are in the mixture?", inside, "solutions part")


def diluted(rng: Random, size: int) -> Problem:
    """Water is added or boiled off, or the part itself is added."""
    liquid, part = rng.choice(_SOLUTIONS)
    amount = rng.randint(3, 4 * size)
    p, q = several(rng, 3, 70, 2)
    weaker = q < p
    asked = rng.choice(("water", "pure"))
    story = f"There are {amount} kg of {liquid} with {p} % {part}."
    if asked == "water" or weaker:
        change = abs(Fraction(amount * p, q) - amount)
        verb = "of water must be added" if weaker else "of water must evaporate"
        return Problem(
            f"{story} How many kg {verb} until it has {q} % {part}?",
            change,
            f"diluted {'more' if weaker else 'less'} water",
        )
    added = Fraction(amount * (q - p), 100 - q)
    return Problem(
        f"{story} How many kg of pure {part} must be added until it has {q} % {part}?", added, "diluted pure"
    )


def to_order(rng: Random, size: int) -> Problem:
    """How much of two kinds makes a given amount of given strength."""
    low, middle, high = sorted(several(rng, 5, 95, 3))
    amount = rng.randint(5, 5 * size)
    of_metal = bool(rng.getrandbits(1))
    of_high = Fraction(amount * (middle - low), high - low)
    strong = bool(rng.getrandbits(1))
    answer = of_high if strong else amount - of_high
    kind = high if strong else low
    if of_metal:
        text = (
            f"A smith has two alloys, one with {low} % silver and one with {high} %. How many grams of the one "
            f"with {kind} % are needed for "
            f"{amount} grams of an alloy with {middle} % silver?"
        )
    else:
        text = (
            f"Juice with {low} % fruit and juice with {high} % fruit are mixed to {amount} litres with {middle} "
            "% fruit. How many litres of "
            f"the juice with {kind} % are needed?"
        )
    return Problem(text, answer, f"to order {'strong' if strong else 'weak'}")


def replaced(rng: Random, size: int) -> Problem:
    """Part of a vessel's content is replaced, more than once."""
    liquid, part = rng.choice(_SOLUTIONS)
    volume = rng.randint(6, 4 * size)
    out = rng.randint(1, volume // 2)
    p = rng.randint(5, 90)
    times = rng.choice((2, 2, 3))
    left = p * (1 - Fraction(out, volume)) ** times
    many = {2: "twice", 3: "three times"}[times]
    asked = rng.choice(("strength", "amount"))
    story = (
        f"A vessel holds {volume} litres of {liquid} with {p} % {part}. {many.capitalize()}, {out} litres are "
        "taken out and replaced by "
        "water, and all is stirred."
    )
    if asked == "strength":
        return Problem(f"{story} How many per cent {part} has it in the end?", left, f"replaced {many} strength")
    return Problem(
        f"{story} How many litres of {part} are in it in the end?", left * volume / 100, f"replaced {many} amount"
    )


def blended(rng: Random, size: int) -> Problem:
    """Goods of two prices are blended."""
    goods = rng.choice(_GOODS)
    cheap, between, dear = sorted(several(rng, 3, 5 + size, 3))
    a, b = several(rng, 2, 2 * size, 2)
    asked = rng.choice(("price", "amount", "gain"))
    if asked == "amount":
        text = (
            f"{a} kg of {goods} at {cheap} euros a kg are blended with {goods} at {dear} euros a kg, so that the "
            f"blend is worth {between} euros "
            "a kg. How many kg of the dearer kind are needed?"
        )
        return Problem(text, Fraction(a * (between - cheap), dear - between), "blended amount")
    cost = a * cheap + b * dear
    story = f"A shop blends {a} kg of {goods} at {cheap} euros a kg with {b} kg at {dear} euros a kg."
    if asked == "price":
        return Problem(f"{story} How many euros is a kg of the blend worth?", Fraction(cost, a + b), "blended price")
    price = dear + rng.randint(1, size)
    text = f"{story} It sells the blend at {price} euros a kg. What is the gain, in per cent of the cost?"
    return Problem(text, Fraction(100 * ((a + b) * price - cost), cost), "blended gain")


MIXTURES = (two_solutions, diluted, to_order, replaced, blended)
