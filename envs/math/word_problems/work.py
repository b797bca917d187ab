"""Problems of work done together: people, pipes, machines."""

from fractions import Fraction

from textgym.core import Random
from textgym.envs.math.word_problems.problem import Problem, demand, several, two_names

_JOBS = (
    "paint a fence",
    "clear a field",
    "sort an archive",
    "lay a floor",
    "pack an order",
    "tile a roof",
    "weed a garden",
)
_GOODS = ("bottles", "screws", "boxes", "toys", "loaves", "cups", "lamps")


def together(rng: Random, size: int) -> Problem:
    """Two alone, both together, and what one does alone before or after."""
    one, two = two_names(rng)
    job = rng.choice(_JOBS)
    a, b = several(rng, 3, size, 2)
    rate = Fraction(1, a) + Fraction(1, b)
    asked = rng.choice(("together", "head start", "leaves"))
    story = f"{one} alone needs {a} hours to {job}, {two} alone needs {b} hours."
    if asked == "together":
        return Problem(f"{story} How many hours do they need together?", 1 / rate, "work together")
    hours = Fraction(rng.randint(1, 10), rng.choice((1, 2, 3, 4)))
    if asked == "head start":
        demand(hours < a)
        text = (
            f"{story} {one} works alone for {_hours(hours)}, then {two} joins in. How many hours after that is all "
            "done?"
        )
        return Problem(text, (1 - hours / a) / rate, "work head start")
    demand(hours * rate < 1)
    text = f"{story} They work together for {_hours(hours)}, then {one} leaves. How many more hours does {two} need?"
    return Problem(text, (1 - hours * rate) * b, "work leaves")


def hidden_worker(rng: Random, size: int) -> Problem:
    """How long one needs, from what two or three need together."""
    one, two = two_names(rng)
    job = rng.choice(_JOBS)
    both, alone = several(rng, 2, size, 2)
    demand(both < alone)
    asked = rng.choice(("other", "share"))
    story = f"{one} alone needs {alone} hours to {job}. Together with {two} it takes {both} hours."
    rest = Fraction(1, both) - Fraction(1, alone)
    if asked == "other":
        return Problem(f"{story} How many hours does {two} need alone?", 1 / rest, "hidden worker time")
    pay = rng.randint(20, 20 * size)
    text = f"{story} They do it together for {pay} euros and share it by the work done. How many euros does {two} get?"
    return Problem(text, pay * rest * both, "hidden worker share")


def three_pairs(rng: Random, size: int) -> Problem:
    """What each two of three pumps need, and what all need."""
    times = sorted(several(rng, 3, size, 3))
    rates = [Fraction(1, time) for time in times]
    every = sum(rates, Fraction(0)) / 2
    demand(every > max(rates))
    asked = rng.choice(("all", "one"))
    story = (
        f"Pumps A and B together empty a pool in {times[0]} hours, B and C together in {times[1]} hours, A and C "
        f"together in {times[2]} hours."
    )
    if asked == "all":
        return Problem(f"{story} How many hours do all three need together?", 1 / every, "three pumps all")
    return Problem(f"{story} How many hours does pump C need alone?", 1 / (every - rates[0]), "three pumps one")


def tank(rng: Random, size: int) -> Problem:
    """A pipe fills a tank, another empties it."""
    fill, drain = several(rng, 4, 4 + size, 2)
    demand(fill < drain)
    net = Fraction(1, fill) - Fraction(1, drain)
    asked = rng.choice(("fill", "closed later", "volume"))
    story = f"A pipe fills an empty tank in {fill} minutes. A drain empties the full tank in {drain} minutes."
    if asked == "fill":
        return Problem(
            f"{story} Both are open. How many minutes does it take to fill the empty tank?", 1 / net, "tank fill"
        )
    if asked == "volume":
        litres = rng.randint(100, 100 * size)
        minutes = rng.randint(2, 2 * size)
        demand(net * minutes < 1)
        text = (
            f"{story} The tank holds {litres} litres. Both are opened on the empty tank. How many litres are in it "
            f"after {minutes} minutes?"
        )
        return Problem(text, litres * net * minutes, "tank volume")
    minutes = rng.randint(2, 2 * size)
    demand(net * minutes < 1)
    text = (
        f"{story} Both are opened on the empty tank, and the drain is closed after {minutes} minutes. How many "
        "minutes after that is the tank full?"
    )
    return Problem(text, (1 - net * minutes) * fill, "tank closed later")


def machines(rng: Random, size: int) -> Problem:
    """The rule of three with machines, hours and goods."""
    goods = rng.choice(_GOODS)
    m, n = several(rng, 2, size, 2)
    hours, other_hours = several(rng, 2, size, 2)
    made, other = several(rng, 10, 30 * size, 2)
    rate = Fraction(made, m * hours)
    asked = rng.choice(("made", "hours", "more machines"))
    story = f"{m} machines make {made} {goods} in {hours} hours."
    if asked == "made":
        demand((rate * n * other_hours).denominator == 1)
        return Problem(
            f"{story} How many {goods} do {n} machines make in {other_hours} hours?",
            rate * n * other_hours,
            "machines made",
        )
    if asked == "hours":
        return Problem(
            f"{story} How many hours do {n} machines need for {other} {goods}?", other / (rate * n), "machines hours"
        )
    joined = rng.randint(1, size)
    text = (
        f"{story} After that, {joined} more machines join them. How many hours do all of them need for {other} "
        f"further {goods}?"
    )
    return Problem(text, other / (rate * (m + joined)), "machines more")


def _hours(hours: Fraction) -> str:
    return "1 hour" if hours == 1 else f"{hours} hours" if hours > 1 else f"{hours} of an hour"


WORK = (together, hidden_worker, three_pairs, tank, machines)
