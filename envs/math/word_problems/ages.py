"""Problems of ages now, in the past and in the future."""

from fractions import Fraction

from textgym.core import Random
from textgym.envs.math.word_problems.problem import NAMES, Problem, demand, two_names

_TIMES = {2: "twice", 3: "three times", 4: "four times", 5: "five times", 6: "six times", 7: "seven times"}


def multiples(rng: Random, size: int) -> Problem:
    """A multiple now, another multiple at another time."""
    one, two = two_names(rng)
    young, now = rng.randint(3, 10 + size // 3), rng.choice(list(_TIMES))
    years = rng.choice((-1, 1)) * rng.randint(2, size)
    old = now * young
    demand(young + years > 0 and old + years > young + years and old < 120)
    then = Fraction(old + years, young + years)
    demand(then.denominator < 20 and then > 1)
    asked = rng.choice(("younger", "older", "sum"))
    answer = {"younger": young, "older": old, "sum": young + old}[asked]
    question = {
        "younger": f"How many years old is {two} now?",
        "older": f"How many years old is {one} now?",
        "sum": "How many years old are they together now?",
    }[asked]
    when = f"In {years} years {one} will be" if years > 0 else f"{-years} years ago {one} was"
    text = f"{one} is {_TIMES[now]} as old as {two}. {when} {_ratio(then)} as old as {two}. {question}"
    return Problem(text, Fraction(answer), f"ages multiples {asked} {'later' if years > 0 else 'earlier'} by {now}")


def difference(rng: Random, size: int) -> Problem:
    """How much older one is, and the sum or the ratio at some time."""
    one, two = two_names(rng)
    young, gap, years = rng.randint(4, 10 + size), rng.randint(2, 40), rng.randint(2, 30)
    asked = rng.choice(("sum later", "ratio later", "when"))
    story = f"{one} is {gap} years older than {two}."
    if asked == "sum later":
        text = (
            f"{story} In {years} years they will be {2 * (young + years) + gap} years old together. How many years "
            f"old is {two} now?"
        )
        return Problem(text, Fraction(young), "ages difference sum")
    if asked == "ratio later":
        then = Fraction(young + gap + years, young + years)
        text = (
            f"{story} In {years} years {one} will be {_ratio(then)} as old as {two}. How many years old is {one} now?"
        )
        return Problem(text, Fraction(young + gap), "ages difference ratio")
    times = rng.choice(list(_TIMES))
    then_young = Fraction(gap, times - 1)
    when = young - then_young
    demand(0 < when < young)
    text = f"{story} {two} is {young} now. How many years ago was {one} {_TIMES[times]} as old as {two}?"
    return Problem(text, when, f"ages difference when by {times}")


def family(rng: Random, size: int) -> Problem:
    """A parent and children."""
    name = rng.choice(NAMES)
    children = sorted(rng.sample(range(2, 6 + size // 3), 3))
    parent = rng.randint(children[-1] + 18, children[-1] + 45)
    total = sum(children)
    demand(parent > total)
    asked = rng.choice(("equal", "double"))
    # The parent ages by t, three children by 3t: parent + t = m (total + 3t).
    times = 1 if asked == "equal" else Fraction(1, 2)
    years = (parent - times * total) / (3 * times - 1)
    said = "as old as the children together" if asked == "equal" else "half as old as the children together"
    demand(years > 0)
    text = (
        f"{name}'s children are {children[0]}, {children[1]} and {children[2]} years old, {name} is {parent}. In how "
        f"many years will {name} be {said}?"
    )
    return Problem(text, Fraction(years), f"ages family {asked}")


def mean_age(rng: Random, size: int) -> Problem:
    """The mean age of a group that changes."""
    count, mean = rng.randint(4, 10 + size // 2), rng.randint(15, 50)
    age, years = rng.randint(16, 80), rng.randint(1, 9)
    asked = rng.choice(("joins", "age", "leaves later"))
    story = f"The mean age of the {count} members of a club is {mean} years."
    if asked == "joins":
        text = f"{story} A new member is {age} years old. What is the mean age now, in years?"
        return Problem(text, Fraction(count * mean + age, count + 1), "ages mean joins")
    if asked == "age":
        after = Fraction(count * mean + age, count + 1)
        text = f"{story} With a new member the mean age is {after} years. How many years old is the new member?"
        return Problem(text, Fraction(age), "ages mean age")
    demand(age > years)
    text = (
        f"{story} {years} years later, with all the same members, one who is then {age} years old leaves. What is "
        "the mean age of the others then, in years?"
    )
    return Problem(text, Fraction(count * (mean + years) - age, count - 1), "ages mean leaves")


def _ratio(ratio: Fraction) -> str:
    if ratio.denominator == 1:
        return _TIMES.get(int(ratio), f"{ratio} times")
    return f"{ratio} times"


AGES = (multiples, difference, family, mean_age)
