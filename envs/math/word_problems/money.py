"""Problems of prices, per cent and interest."""

from fractions import Fraction

from textgym.core import Random
from textgym.envs.math.word_problems.problem import NAMES, Problem, demand, several

_GOODS = ("coat", "bicycle", "lamp", "table", "phone", "guitar", "tent", "chair", "camera", "rug")


def changes(rng: Random, size: int) -> Problem:
    """A price changes by per cents, one after the other."""
    goods = rng.choice(_GOODS)
    signs = [rng.choice((-1, 1)) for _ in range(rng.choice((2, 2, 3)))]
    rates = [rng.randint(2, 60) for _ in signs]
    price = rng.randint(20, 30 * size)
    factor = Fraction(1)
    for sign, rate in zip(signs, rates, strict=True):
        factor *= 1 + Fraction(sign * rate, 100)
    asked = rng.choice(("final", "first", "overall"))
    said = ", then ".join(
        f"{'rises' if sign > 0 else 'falls'} by {rate} %" for sign, rate in zip(signs, rates, strict=True)
    )
    pattern = "".join("+" if sign > 0 else "-" for sign in signs)
    if asked == "final":
        text = f"A {goods} costs {price} euros. Its price {said}. How many euros does it cost now, not rounded?"
        return Problem(text, price * factor, f"changes {pattern} final")
    if asked == "first":
        text = f"The price of a {goods} {said}. Now it is {price} euros. How many euros was it at first, not rounded?"
        return Problem(text, price / factor, f"changes {pattern} first")
    text = f"The price of a {goods} {said}. By how many per cent has it changed in all? A fall is a negative number."
    return Problem(text, 100 * (factor - 1), f"changes {pattern} overall")


def undone(rng: Random, size: int) -> Problem:
    """What undoes a change in per cent."""
    rate = Fraction(rng.randint(4, 6 * size), rng.choice((1, 2, 4, 5)))
    falls = bool(rng.getrandbits(1))
    demand(rate < 95 or not falls)
    factor = 1 + (-rate if falls else rate) / 100
    back = abs(100 * (1 / factor - 1))
    thing = rng.choice(
        ("The water level of a lake", "The number of visitors", "The price of a share", "The output of a plant")
    )
    text = (
        f"{thing} {'falls' if falls else 'rises'} by {rate} %. By how many per cent must it "
        f"{'rise' if falls else 'fall'} to be what it was?"
    )
    return Problem(text, back, f"undone {'fall' if falls else 'rise'}")


def interest(rng: Random, size: int) -> Problem:
    """Simple interest, one of its four numbers unknown."""
    name = rng.choice(NAMES)
    capital = 10 * rng.randint(5, 50 * size)
    rate = Fraction(rng.randint(2, 30), rng.choice((2, 4)))
    months = rng.randint(2, 35)
    earned = capital * rate / 100 * Fraction(months, 12)
    asked = rng.choice(("interest", "rate", "months", "capital"))
    if asked == "interest":
        text = (
            f"{name} lends {capital} euros at {rate} % simple interest a year. How many euros of interest are due "
            f"after {months} months, not rounded?"
        )
        return Problem(text, earned, "interest interest")
    if asked == "rate":
        whole = rng.randint(2, max(3, capital // 4))
        text = (
            f"{name} lends {capital} euros and gets {whole} euros of simple interest for {months} months. What is "
            "the rate, in per cent a year?"
        )
        return Problem(text, Fraction(1200 * whole, capital * months), "interest rate")
    if asked == "months":
        whole = rng.randint(2, max(3, capital // 4))
        text = (
            f"{name} lends {capital} euros at {rate} % simple interest a year. After how many months is the interest "
            f"{whole} euros?"
        )
        return Problem(text, 1200 * whole / (capital * rate), "interest months")
    whole = rng.randint(5, 20 * size)
    text = (
        f"At {rate} % simple interest a year, {name} gets {whole} euros for {months} months. How many euros are lent?"
    )
    return Problem(text, 1200 * whole / (rate * months), "interest capital")


def compound(rng: Random, size: int) -> Problem:
    """Compound interest, with or without further deposits."""
    name = rng.choice(NAMES)
    capital, rate, years = 100 * rng.randint(2, 10 * size), rng.randint(2, 25), rng.choice((2, 2, 3))
    growth = 1 + Fraction(rate, 100)
    asked = rng.choice(("amount", "gain", "deposits"))
    if asked == "deposits":
        value = sum((capital * growth**k for k in range(1, years + 1)), Fraction(0))
        text = (
            f"At the beginning of each of {years} years {name} pays {capital} euros into an account with {rate} "
            "% interest a year, which stays "
            f"in the account. How many euros are in it at the end of year {years}, not rounded?"
        )
        return Problem(text, value, f"compound deposits {years}")
    value = capital * growth**years
    question = "does the account hold" if asked == "amount" else "of interest are there in all"
    text = (
        f"{name} puts {capital} euros into an account with {rate} % interest a year, which stays in the account. How "
        f"many euros {question} after {years} years, not rounded?"
    )
    return Problem(text, value - (capital if asked == "gain" else 0), f"compound {asked} {years}")


def sale(rng: Random, size: int) -> Problem:
    """Discount, tax and profit."""
    goods = rng.choice(_GOODS)
    price, discount, tax = rng.randint(10, 20 * size), rng.randint(5, 60), rng.randint(4, 25)
    factor = (1 - Fraction(discount, 100)) * (1 + Fraction(tax, 100))
    asked = rng.choice(("pays", "marked", "cost"))
    if asked == "pays":
        text = (
            f"A {goods} is marked {price} euros. There is a discount of {discount} %, and {tax} % tax on what is "
            "left. How many euros are paid, not rounded?"
        )
        return Problem(text, price * factor, "sale pays")
    if asked == "marked":
        text = (
            f"After a discount of {discount} % and with {tax} % tax on what is left, {price} euros are paid for a "
            f"{goods}. What was the marked price in euros, not rounded?"
        )
        return Problem(text, price / factor, "sale marked")
    gain = rng.randint(5, 80)
    text = (
        f"A trader marks a {goods} {price} euros, sells it at a discount of {discount} %, and still gains {gain} % "
        "of the cost. How many euros did it cost the trader, not rounded?"
    )
    return Problem(text, price * (1 - Fraction(discount, 100)) / (1 + Fraction(gain, 100)), "sale cost")


def batch(rng: Random, size: int) -> Problem:
    """Goods bought in bulk, some of them spoiled or sold for less."""
    count = rng.randint(20, 10 * size)
    cost, price = several(rng, 2, 2 + size, 2)
    spoiled = rng.randint(1, count // 3)
    asked = rng.choice(("gain", "break even"))
    story = f"A shop buys {count} melons for {cost * count} euros. {spoiled} of them are spoiled."
    if asked == "gain":
        text = (
            f"{story} The others are sold at {price} euros each. What is the gain, in per cent of the cost? A loss "
            "is a negative number."
        )
        return Problem(text, 100 * Fraction((count - spoiled) * price - cost * count, cost * count), "batch gain")
    gain = rng.randint(5, 60)
    text = f"{story} At how many euros must each of the others be sold to gain {gain} % of the cost, not rounded?"
    return Problem(text, Fraction(cost * count * (100 + gain), 100 * (count - spoiled)), "batch price")


MONEY = (changes, undone, interest, compound, sale, batch)
