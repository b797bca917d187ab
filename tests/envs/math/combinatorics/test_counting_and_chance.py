"""The answers of the combinatorics families, counted anew by brute force from what the task shows."""

import re
from collections import Counter
from fractions import Fraction
from itertools import combinations, pairwise, permutations, product
from math import comb
from typing import Any

import pytest

import textgym
from support.families import tasks_of
from textgym.core import ConfigError

Task = textgym.Task


def keeps(row: tuple[str, ...], rule: list[str]) -> bool:
    name, letter, *more = rule
    text = "".join(row)
    match name:
        case "start":
            return row[0] == letter
        case "end":
            return row[-1] == letter
        case "together":
            return letter * text.count(letter) in text
        case "apart":
            return letter * 2 not in text
        case "beside":
            return letter + more[0] in text or more[0] + letter in text
    return text.index(letter) < text.index(more[0])


@pytest.mark.parametrize("rules", [0, 1, 2, 3])
def test_arrangements_are_those_that_keep_the_rules(rules: int) -> None:
    kinds = set()
    for task in tasks_of("CountingArrangements", 25, min_letters=7, max_letters=8, rules=rules):
        rows = {row for row in permutations(task.data["letters"]) if all(keeps(row, r) for r in task.data["rules"])}
        assert len(rows) == task.secret["answer"]
        kinds |= {rule[0] for rule in task.data["rules"]}
        shown = re.search(r"letters ([A-Z ]+) be put", task.prompt)
        assert shown is not None
        assert shown[1].replace(" ", "") == task.data["letters"]
    assert len(kinds) >= min(rules, 2) * 3


@pytest.mark.parametrize("pairs", [0, 1, 2])
def test_committees_are_those_that_keep_the_rules(pairs: int) -> None:
    for task in tasks_of("CombinationsWithRules", 12, groups=3, largest=6, pairs=pairs):
        data = task.data
        people = [(group, number) for group, size in enumerate(data["sizes"]) for number in range(size)]
        right = 0
        for committee in combinations(people, data["chosen"]):
            counts = [sum(group == place for group, _ in committee) for place in range(3)]
            fits = all(low <= count <= high for count, (low, high) in zip(counts, data["bounds"], strict=True))
            for group, joined in data["pairs"]:
                both = ((group, 0) in committee) + ((group, 1) in committee)
                fits = fits and both in ((0, 2) if joined else (0, 1))
            right += fits
        assert right == task.secret["answer"]


def test_numbers_and_solutions_are_counted_right() -> None:
    kinds = Counter()
    for task in tasks_of("InclusionExclusion", 60, largest=2_000, spread=8):
        data = task.data
        if "divisors" in data:
            wanted = {"none": {0}, "exactly one": {1}, "exactly two": {2}, "at least one": {1, 2, 3}}[data["mode"]]
            numbers = range(data["low"], data["high"] + 1)
            counted = sum(sum(n % d == 0 for d in data["divisors"]) in wanted for n in numbers)
            kinds[data["mode"]] += 1
        else:
            ranges = [range(low, low + w + 1) for low, w in zip(data["lows"], data["widths"], strict=True)]
            counted = sum(sum(choice) == data["total"] for choice in product(*ranges))
            kinds["solutions"] += 1
        assert counted == task.secret["answer"]
    assert len(kinds) == 5


def happens(roll: tuple[int, ...], data: dict[str, Any]) -> bool:
    number = data["number"]
    match data["event"]:
        case "sum is":
            return sum(roll) == number
        case "sum at least":
            return sum(roll) >= number
        case "sum divisible":
            return sum(roll) % number == 0
        case "highest":
            return max(roll) == number
        case "lowest":
            return min(roll) == number
    return sum(face >= number for face in roll) == data["dice_hit"]


def test_dice_events_are_as_likely_as_their_share_of_all_rolls() -> None:
    kinds = set()
    for task in tasks_of("DiceProbability", 60):
        rolls = list(product(*task.data["dice"]))
        share = Fraction(sum(happens(roll, task.data) for roll in rolls), len(rolls))
        assert share == Fraction(task.secret["answer"])
        for die in task.data["dice"]:
            assert ", ".join(map(str, die)) in task.prompt
        kinds.add(task.data["event"])
    assert len(kinds) == 6


def sequences(urn: list[int], draws: int, back: bool) -> dict[tuple[int, ...], Fraction]:
    """The probability of every sequence of colours, draw by draw."""
    found: dict[tuple[int, ...], Fraction] = {(): Fraction(1)}
    for _ in range(draws):
        longer = {}
        for drawn, chance in found.items():
            left = urn if back else [count - drawn.count(colour) for colour, count in enumerate(urn)]
            for colour, count in enumerate(left):
                if count:
                    longer[(*drawn, colour)] = chance * Fraction(count, sum(left))
        found = longer
    return found


def true_of(drawn: tuple[int, ...], condition: list[Any], colours: int) -> bool:
    kind, colour, number = condition
    match kind:
        case "exactly":
            return drawn.count(colour) == number
        case "at least":
            return drawn.count(colour) >= number
        case "at most":
            return drawn.count(colour) <= number
        case "one colour":
            return len(set(drawn)) == 1
        case "every colour":
            return len(set(drawn)) == colours
    return len(set(drawn)) == number


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_urn_events_have_the_probability_of_their_sequences(level: str) -> None:
    for task in tasks_of("UrnProbability", 30, difficulty=level):
        data = task.data
        enough = any if data["joint"] == "or" else all
        chance = sum(
            probability
            for drawn, probability in sequences(data["urn"], data["draws"], data["back"]).items()
            if enough(true_of(drawn, condition, len(data["urn"])) for condition in data["conditions"])
        )
        assert chance == Fraction(task.secret["answer"])


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_causes_are_as_likely_as_among_all_stories_that_fit(level: str) -> None:
    asked = set()
    for task in tasks_of("ConditionalProbability", 30, difficulty=level):
        data = task.data
        fitting = wanted = Fraction(0)
        for place, (share, box) in enumerate(zip(data["shares"], data["boxes"], strict=True)):
            for drawn, chance in sequences(list(box), data["draws"] + 1, data["put_back"]).items():
                if drawn[:-1].count(0) == data["seen"]:
                    weight = share * chance
                    fitting += weight
                    wanted += weight * ((drawn[-1] == 0) if data["asked"] < 0 else (place == data["asked"]))
        assert wanted / fitting == Fraction(task.secret["answer"])
        asked.add(data["asked"] < 0)
    assert asked == {True, False}


def mean_of(data: dict[str, Any]) -> Fraction:
    kind = data["kind"]
    if kind == "wheel":
        outcomes = [prize for prize, n in zip(data["prizes"], data["sectors"], strict=True) for _ in range(n)]
        return Fraction(sum(outcomes), len(outcomes))
    if "dice" in data:
        value = {"highest number": max, "lowest number": min, "square of the sum": lambda roll: sum(roll) ** 2}[kind]
        rolls = list(product(*data["dice"]))
        return Fraction(sum(value(roll) for roll in rolls), len(rolls))
    urn, balls = data["urn"], sum(data["urn"])
    if kind == "colours":
        chances = sequences(urn, data["draws"], False)
        return sum((len(set(drawn)) * chance for drawn, chance in chances.items()), Fraction(0))
    if kind == "wait":  # the draw in which the last wanted ball comes: of all sets of places, its largest element
        places = Counter(sorted(chosen)[data["wanted"] - 1] for chosen in combinations(range(1, balls + 1), urn[0]))
        return Fraction(sum(place * count for place, count in places.items()), sum(places.values()))
    same = Fraction(sum(comb(count, 2) for count in urn), comb(balls, 2))
    return (balls - 1) * (1 - same)


def test_expected_values_are_means_over_all_outcomes() -> None:
    kinds = set()
    for task in tasks_of("ExpectedValue", 120, parts=2, largest=7):
        if task.data["kind"] == "colours" and task.data["draws"] > 8:
            continue
        assert mean_of(task.data) == Fraction(task.secret["answer"])
        kinds.add(task.data["kind"])
    assert kinds == {"wheel", "highest number", "lowest number", "square of the sum", "colours", "wait", "row"}


def test_a_random_row_has_the_stated_mean_of_unlike_neighbours() -> None:
    seen = 0
    for task in tasks_of("ExpectedValue", 400, parts=2, largest=6):
        urn = task.data.get("urn")
        if task.data["kind"] == "row" and sum(urn) <= 8:
            rows = list(permutations([colour for colour, count in enumerate(urn) for _ in range(count)]))
            unlike = sum(a != b for row in rows for a, b in pairwise(row))
            assert Fraction(unlike, len(rows)) == Fraction(task.secret["answer"])
            seen += 1
            if seen == 3:
                break
    assert seen


@pytest.mark.parametrize(
    "settings", [{"smallest": 3, "largest": 6, "blocked": 2}, {"difficulty": "hard", "largest": 7}]
)
def test_paths_are_those_that_can_be_walked(settings: dict[str, Any]) -> None:
    rules = set()
    for task in tasks_of("LatticePaths", 25, **settings):
        data = task.data
        end, through = (data["width"], data["height"]), data["through"]
        steps = [(1, 0), (0, 1), *([(1, 1)] if data["diagonal"] else [])]
        shut = {tuple(point) for point in data["blocked"]}
        walks = 0
        open_walks = [((0, 0), through is None)]
        while open_walks:
            (x, y), touched = open_walks.pop()
            if x > end[0] or y > end[1] or (x, y) in shut or (data["below"] and y > x):
                continue
            touched = touched or (x, y) == tuple(through)
            if (x, y) == end:
                walks += touched
            else:
                open_walks += [((x + a, y + b), touched) for a, b in steps]
        assert walks == task.secret["answer"]
        rules.add((through is not None, data["below"]))
    assert len(rules) == 3


def test_a_number_close_by_or_not_exact_is_not_paid() -> None:
    env = textgym.make("textgym/DiceProbability-v0")
    for index in range(20):
        task = env.task("test", index)
        chance = Fraction(task.secret["answer"])
        for answer, paid in (
            (f"{chance.numerator * 3}/{chance.denominator * 3}", 1.0),
            (str(chance + Fraction(1, 10**9)), 0.0),
            (f"{float(chance):.17f}1", 0.0),
            (f"{chance} or {chance}", 0.0),
        ):
            assert env.start(task).step(f"<answer>{answer}</answer>")[1] == paid


@pytest.mark.parametrize(
    ("name", "settings", "words"),
    [
        ("CountingArrangements", {"min_letters": 15, "max_letters": 9}, "min_letters"),
        ("LatticePaths", {"smallest": 9, "largest": 4}, "smallest"),
        ("UrnProbability", {"colors": 3}, "colours"),
        ("DiceProbability", {"difficulty": "brutal"}, "difficulty"),
    ],
)
def test_wrong_settings_are_refused_by_name(name: str, settings: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        textgym.make(f"textgym/{name}-v0", **settings)
