"""Problems of distance, speed and time."""

from fractions import Fraction

from textgym.core import Random
from textgym.envs.math.word_problems.problem import NAMES, Problem, demand, several, two_names

_TRAVELLERS = (("cyclist", "cycles"), ("lorry", "drives"), ("bus", "drives"), ("train", "travels"), ("car", "drives"))


def meeting(rng: Random, size: int) -> Problem:
    """Two start towards each other, the second one later."""
    (one, moves_one), (two, moves_two) = rng.sample(_TRAVELLERS, 2)
    v, w = several(rng, 10, 10 + size, 2)
    late = rng.choice((10, 12, 15, 20, 24, 30, 36, 40, 45, 50))
    distance = rng.randint(2 * size, 10 * size)
    demand(distance * 60 > v * late)
    hours = (distance + Fraction(w * late, 60)) / (v + w)
    asked = rng.choice(("time", "place", "gap"))
    answer = {"time": hours * 60, "place": v * hours, "gap": w * (hours - Fraction(late, 60)) - v * hours}[asked]
    question = {
        "time": f"How many minutes after the {one} started do they meet?",
        "place": f"How many kilometres from the starting point of the {one} do they meet?",
        "gap": f"How many kilometres more than the {one} has the {two} covered when they meet? (If it is less, the "
        "number is negative.)",
    }[asked]
    text = (
        f"Two towns are {distance} km apart. A {one} starts in the first town and {moves_one} towards the second "
        f"at {v} km/h. "
        f"{late} minutes later a {two} starts in the second town and {moves_two} towards the first at {w} km/h. "
        f"{question}"
    )
    return Problem(text, answer, f"meeting {asked}")


def catching_up(rng: Random, size: int) -> Problem:
    """The second one starts later and is faster."""
    one, two = two_names(rng)
    v = rng.randint(5, size)
    w = v + rng.randint(2, size)
    late = rng.randint(5, 2 * size)
    hours = Fraction(v * late, 60) / (w - v)
    asked = rng.choice(("time", "distance"))
    question = (
        f"How many minutes after starting does {two} catch up with {one}?"
        if asked == "time"
        else f"How many kilometres from home does {two} catch up with {one}?"
    )
    text = (
        f"{one} leaves home at a steady {v} km/h. {late} minutes later {two} leaves the same home along the same "
        "road at a "
        f"steady {w} km/h. {question}"
    )
    return Problem(text, hours * 60 if asked == "time" else w * hours, f"catching up {asked}")


def round_trip(rng: Random, size: int) -> Problem:
    """There at one speed, back at another."""
    name = rng.choice(NAMES)
    v, w = several(rng, 8, 8 + size, 2)
    rest = rng.randint(5, 55)
    distance = rng.randint(5, 4 * size)
    hours = Fraction(distance, v) + Fraction(distance, w)
    asked = rng.choice(("average", "with rest", "distance"))
    story = f"{name} rides from home to a lake at {v} km/h and back on the same way at {w} km/h"
    if asked == "average":
        text = f"{story}. What is the average speed of the whole ride, in km/h?"
        return Problem(text, Fraction(2 * distance) / hours, f"round trip {asked}")
    if asked == "with rest":
        text = (
            f"{story}, with a rest of {rest} minutes at the lake, which is {distance} km away. How many minutes does "
            "it all take?"
        )
        return Problem(text, hours * 60 + rest, f"round trip {asked}")
    total = rng.randint(30, 10 * size)
    text = f"{story}. Both rides together take {total} minutes. How many kilometres away is the lake?"
    return Problem(text, Fraction(total, 60) / (Fraction(1, v) + Fraction(1, w)), f"round trip {asked}")


def on_a_river(rng: Random, size: int) -> Problem:
    """A boat with and against the stream."""
    own = rng.randint(6, 6 + size)
    stream = rng.randint(1, own - 2)
    distance = rng.randint(5, 3 * size)
    down, up = Fraction(distance, own + stream), Fraction(distance, own - stream)
    asked = rng.choice(("total", "difference", "stream"))
    if asked == "stream":
        a, b = several(rng, 2, size, 2)
        less, more = min(a, b), max(a, b)
        text = (
            f"A boat goes {distance} km down a river in {less} hours, and needs {more} hours for the same way "
            "up. How fast is the "
            "stream, in km/h? The boat's speed through the water is the same."
        )
        return Problem(text, (Fraction(distance, less) - Fraction(distance, more)) / 2, "river stream")
    question = (
        "How many minutes does it need there and back?"
        if asked == "total"
        else "How many minutes longer does it need up the river than down?"
    )
    text = (
        f"A boat makes {own} km/h in still water. It goes {distance} km down a river that flows at {stream} "
        "km/h, and then back "
        f"up. {question}"
    )
    return Problem(text, 60 * (up + down if asked == "total" else up - down), f"river {asked}")


def passing_train(rng: Random, size: int) -> Problem:
    """A train passes a pole and a bridge."""
    pole, bridge = several(rng, 4, 10 + size, 2)
    demand(bridge > pole)
    length = rng.randint(50, 20 * size)
    speed = Fraction(length, bridge - pole)
    asked = rng.choice(("length", "speed", "tunnel"))
    story = (
        f"A train passes a pole in {pole} seconds and a bridge of {length} m, from the engine's nose on to its last "
        f"end off, in {bridge} seconds."
    )
    if asked == "length":
        return Problem(f"{story} How many metres long is the train?", speed * pole, "train length")
    if asked == "speed":
        return Problem(f"{story} How fast is it, in km/h?", speed * Fraction(36, 10), "train speed")
    tunnel = rng.randint(100, 40 * size)
    text = f"{story} How many seconds does it need, in the same way, for a tunnel of {tunnel} m?"
    return Problem(text, pole + tunnel / speed, "train tunnel")


def two_stages(rng: Random, size: int) -> Problem:
    """Part of a way at one speed, the rest at another."""
    name = rng.choice(NAMES)
    v, w = several(rng, 4, 4 + size, 2)
    first, total = rng.randint(10, 3 * size), rng.randint(3 * size + 10, 8 * size)
    asked = rng.choice(("average", "time", "speed"))
    if asked == "speed":
        text = (
            f"{name} has {total} minutes for a way of {size + v} km. For the first {first} minutes the speed is "
            f"{v} km/h. What must the "
            "speed be, in km/h, for the rest of the time?"
        )
        left = size + v - Fraction(v * first, 60)
        demand(left > 0)
        return Problem(text, left * 60 / (total - first), "stages speed")
    hours = Fraction(first, v) + Fraction(total - first, w)
    story = f"{name} travels {total} km: the first {first} km at {v} km/h, and the rest at {w} km/h."
    if asked == "average":
        return Problem(f"{story} What is the average speed, in km/h?", total / hours, "stages average")
    return Problem(f"{story} How many minutes does it take?", hours * 60, "stages time")


MOTION = (meeting, catching_up, round_trip, on_a_river, passing_train, two_stages)
