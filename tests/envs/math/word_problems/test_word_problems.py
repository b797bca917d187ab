"""Word problems: each answer satisfies what its story says, stated anew from the numbers in the text."""

import re
from collections import Counter
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.families import made, pay
from textgym.core import ConfigError, Random, RedrawError
from textgym.envs.math.word_problems.problem import demand
from textgym.envs.math.word_problems.unit_conversion import decimal
from textgym.envs.math.word_problems.word_problem import TOPICS

Numbers = list[Fraction]
WORDS = {"twice": 2, "three times": 3, "four times": 4, "five times": 5, "six times": 6, "seven times": 7}


def numbers_in(text: str) -> Numbers:
    """The numbers of a text in their order, those in words included."""
    for word, number in WORDS.items():
        text = re.sub(rf"\b{word}\b", str(number), text, flags=re.IGNORECASE)
    return [Fraction(number) for number in re.findall(r"\d+(?:/\d+)?", text)]


# What must hold between the numbers n of a story and the answer x. Conditions, not solutions: the templates solve them.
HOLDS: dict[str, Callable[[Numbers, Fraction], bool]] = {
    "meeting time": lambda n, x: n[1] * x / 60 + n[3] * (x - n[2]) / 60 == n[0],
    "meeting place": lambda n, x: (n[0] - x) / n[3] + n[2] / 60 == x / n[1],
    "meeting gap": lambda n, x: (n[0] + x) / 2 / n[3] + n[2] / 60 == (n[0] - x) / 2 / n[1],
    "catching up time": lambda n, x: n[0] * (x + n[1]) == n[2] * x,
    "catching up distance": lambda n, x: x / n[0] - x / n[2] == n[1] / 60,
    "round trip average": lambda n, x: 2 / x == 1 / n[0] + 1 / n[1],
    "round trip with rest": lambda n, x: (x - n[2]) / 60 == n[3] / n[0] + n[3] / n[1],
    "round trip distance": lambda n, x: x / n[0] + x / n[1] == n[2] / 60,
    "river stream": lambda n, x: n[0] / n[1] - x == n[0] / n[2] + x,
    "river total": lambda n, x: x / 60 == n[1] / (n[0] + n[2]) + n[1] / (n[0] - n[2]),
    "river difference": lambda n, x: x / 60 == n[1] / (n[0] - n[2]) - n[1] / (n[0] + n[2]),
    "train length": lambda n, x: x / n[0] == (x + n[1]) / n[2],
    "train speed": lambda n, x: (v := x / Fraction(36, 10)) * n[2] - v * n[0] == n[1],
    "train tunnel": lambda n, x: (n[3] / (x - n[0])) == n[1] / (n[2] - n[0]),
    "stages average": lambda n, x: n[0] / x == n[1] / n[2] + (n[0] - n[1]) / n[3],
    "stages time": lambda n, x: x / 60 == n[1] / n[2] + (n[0] - n[1]) / n[3],
    "stages speed": lambda n, x: n[3] * n[2] / 60 + x * (n[0] - n[2]) / 60 == n[1],
    "work together": lambda n, x: x / n[0] + x / n[1] == 1,
    "work head start": lambda n, x: (n[2] + x) / n[0] + x / n[1] == 1,
    "work leaves": lambda n, x: n[2] / n[0] + (n[2] + x) / n[1] == 1,
    "hidden worker time": lambda n, x: n[1] / n[0] + n[1] / x == 1,
    "hidden worker share": lambda n, x: (n[2] - x) / n[2] == n[1] / n[0],
    "three pumps all": lambda n, x: 2 / x == 1 / n[0] + 1 / n[1] + 1 / n[2],
    "three pumps one": lambda n, x: (1 / n[1] - 1 / x) + (1 / n[2] - 1 / x) == 1 / n[0],
    "tank fill": lambda n, x: x / n[0] - x / n[1] == 1,
    "tank volume": lambda n, x: x / n[2] == n[3] / n[0] - n[3] / n[1],
    "tank closed later": lambda n, x: (n[2] + x) / n[0] - n[2] / n[1] == 1,
    "machines made": lambda n, x: x / (n[3] * n[4]) == n[1] / (n[0] * n[2]),
    "machines hours": lambda n, x: n[4] / (n[3] * x) == n[1] / (n[0] * n[2]),
    "machines more": lambda n, x: n[4] / ((n[0] + n[3]) * x) == n[1] / (n[0] * n[2]),
    "solutions other strength": lambda n, x: n[0] * n[1] + n[2] * x == (n[0] + n[2]) * n[3],
    "solutions strength": lambda n, x: n[0] * n[1] + n[2] * n[3] == (n[0] + n[2]) * x,
    "solutions part": lambda n, x: n[0] * n[1] + n[2] * n[3] == 100 * x,
    "diluted more water": lambda n, x: n[0] * n[1] == (n[0] + x) * n[2],
    "diluted less water": lambda n, x: n[0] * n[1] == (n[0] - x) * n[2],
    "diluted pure": lambda n, x: n[0] * n[1] + 100 * x == (n[0] + x) * n[2],
    "to order": lambda n, x: _to_order(n, x),
    "replaced 2 strength": lambda n, x: x * n[0] ** 2 == n[1] * (n[0] - n[3]) ** 2,
    "replaced 3 strength": lambda n, x: x * n[0] ** 3 == n[1] * (n[0] - n[3]) ** 3,
    "replaced 2 amount": lambda n, x: 100 * x * n[0] == n[1] * (n[0] - n[3]) ** 2,
    "replaced 3 amount": lambda n, x: 100 * x * n[0] ** 2 == n[1] * (n[0] - n[3]) ** 3,
    "blended amount": lambda n, x: n[0] * n[1] + x * n[2] == (n[0] + x) * n[3],
    "blended price": lambda n, x: n[0] * n[1] + n[2] * n[3] == (n[0] + n[2]) * x,
    "blended gain": lambda n, x: (n[0] + n[2]) * n[4] == (n[0] * n[1] + n[2] * n[3]) * (1 + x / 100),
    "ages multiples younger later": lambda n, x: n[0] * x + n[1] == n[2] * (x + n[1]),
    "ages multiples younger earlier": lambda n, x: n[0] * x - n[1] == n[2] * (x - n[1]),
    "ages multiples older later": lambda n, x: x + n[1] == n[2] * (x / n[0] + n[1]),
    "ages multiples older earlier": lambda n, x: x - n[1] == n[2] * (x / n[0] - n[1]),
    "ages multiples sum later": lambda n, x: n[0] * (y := x / (n[0] + 1)) + n[1] == n[2] * (y + n[1]),
    "ages multiples sum earlier": lambda n, x: n[0] * (y := x / (n[0] + 1)) - n[1] == n[2] * (y - n[1]),
    "ages difference sum": lambda n, x: (x + n[1]) + (x + n[0] + n[1]) == n[2],
    "ages difference ratio": lambda n, x: x + n[1] == n[2] * (x - n[0] + n[1]),
    "ages difference when": lambda n, x: n[0] + n[1] - x == n[2] * (n[1] - x),
    "ages family equal": lambda n, x: n[3] + x == n[0] + n[1] + n[2] + 3 * x,
    "ages family double": lambda n, x: 2 * (n[3] + x) == n[0] + n[1] + n[2] + 3 * x,
    "ages mean joins": lambda n, x: n[0] * n[1] + n[2] == (n[0] + 1) * x,
    "ages mean age": lambda n, x: n[0] * n[1] + x == (n[0] + 1) * n[2],
    "ages mean leaves": lambda n, x: n[0] * (n[1] + n[2]) - n[3] == (n[0] - 1) * x,
    "undone rise": lambda n, x: (1 + n[0] / 100) * (1 - x / 100) == 1,
    "undone fall": lambda n, x: (1 - n[0] / 100) * (1 + x / 100) == 1,
    "interest interest": lambda n, x: x == n[0] * n[1] / 100 * n[2] / 12,
    "interest rate": lambda n, x: n[1] == n[0] * x / 100 * n[2] / 12,
    "interest months": lambda n, x: n[2] == n[0] * n[1] / 100 * x / 12,
    "interest capital": lambda n, x: n[1] == x * n[0] / 100 * n[2] / 12,
    "compound amount": lambda n, x: x == _grown([n[0]], n[1], int(n[2])),
    "compound gain": lambda n, x: x == _grown([n[0]], n[1], int(n[2])) - n[0],
    "compound deposits": lambda n, x: x == _grown([n[1]] * int(n[0]), n[2], int(n[0])),
    "sale pays": lambda n, x: x == n[0] * (100 - n[1]) * (100 + n[2]) / 10_000,
    "sale marked": lambda n, x: n[2] == x * (100 - n[0]) * (100 + n[1]) / 10_000,
    "sale cost": lambda n, x: n[0] * (100 - n[1]) == x * (100 + n[2]),
    "batch gain": lambda n, x: (n[0] - n[2]) * n[3] == n[1] * (1 + x / 100),
    "batch price": lambda n, x: (n[0] - n[2]) * x == n[1] * (1 + n[3] / 100),
    "ratio share": lambda n, x: x / n[3] == n[1] / (n[0] + n[1] + n[2]),
    "ratio difference": lambda n, x: x / n[3] == (n[0] - n[2]) / (n[0] + n[1] + n[2]),
    "ratio whole": lambda n, x: n[3] / x == (n[0] - n[2]) / (n[0] + n[1] + n[2]),
    "rest 2 first": lambda n, x: _left(x, n[:2]) == n[2],
    "rest 3 first": lambda n, x: _left(x, n[:3]) == n[3],
    "rest 2 left": lambda n, x: _left(n[0], n[1:]) == x,
    "rest 3 left": lambda n, x: _left(n[0], n[1:]) == x,
    "rest 2 part": lambda n, x: _left(Fraction(1), n) == x,
    "rest 3 part": lambda n, x: _left(Fraction(1), n) == x,
    "two kinds first": lambda n, x: x * n[0] + (n[2] - x) * n[1] == n[3],
    "two kinds second": lambda n, x: (n[2] - x) * n[0] + x * n[1] == n[3],
    "two kinds difference": lambda n, x: (n[2] + x) / 2 * n[0] + (n[2] - x) / 2 * n[1] == n[3],
    "coins count": lambda n, x: x * n[2] + (n[0] - x) * n[1] == n[3],
    "coins more": lambda n, x: (x - n[2]) / 2 * n[1] + (x + n[2]) / 2 * n[0] == n[3],
    "transfer first": lambda n, x: n[0] - x + n[1] == n[2] * (x - n[1]),
    "transfer second": lambda n, x: x + n[1] == n[2] * (n[0] - x - n[1]),
    "averages joined": lambda n, x: n[0] * n[1] + n[2] * n[3] == (n[0] + n[2]) * x,
    "averages other": lambda n, x: n[0] * n[1] + n[2] * x == (n[0] + n[2]) * n[3],
    "averages mistake": lambda n, x: n[0] * n[1] - n[2] + n[3] == n[0] * x,
}


def _to_order(n: Numbers, x: Fraction) -> bool:
    """Two strengths low and high, the one in question, an amount, and the strength wanted; the last three vary in order."""
    low, high = n[:2]
    alloy = n[2] in (low, high)
    kind, amount, middle = (n[2], n[3], n[4]) if alloy and n[4] not in (low, high) else (n[4], n[2], n[3])
    other = low if kind == high else high
    return x * kind + (amount - x) * other == amount * middle


def _grown(deposits: Numbers, rate: Fraction, years: int) -> Fraction:
    account = Fraction(0)
    for year in range(years):
        account = (account + (deposits[year] if year < len(deposits) else 0)) * (1 + rate / 100)
    return account


def _left(amount: Fraction, parts: Numbers) -> Fraction:
    for part in parts:
        amount -= amount * part
    return amount


def _changed(structure: str, text: str, x: Fraction) -> bool:
    rates = [(sign, Fraction(rate)) for sign, rate in re.findall(r"(rises|falls) by (\d+) %", text)]
    factor = Fraction(1)
    for sign, rate in rates:
        factor *= 1 + rate / 100 if sign == "rises" else 1 - rate / 100
    if structure.endswith("overall"):
        return x == (factor - 1) * 100
    price = Fraction(re.search(r"(\d+) euros", text)[1])  # type: ignore[index]
    return x == price * factor if structure.endswith("final") else x * factor == price


def condition(structure: str) -> str:
    structure = structure.replace("twice", "2").replace("three times", "3")
    return re.sub(r"^(to order|compound \w+|.+(?= by \d)).*", r"\1", structure)


def test_every_answer_satisfies_its_story() -> None:
    seen: Counter[str] = Counter()
    env = made("WordProblem", parts=1)
    for split, count in (("train", 2_500), ("validation", 400), ("test", 400)):
        for index in range(count):
            task = env.task(split, index)
            structure = task.data["structures"][0]
            text = task.prompt.split("\n\n")[0]
            answer = Fraction(task.secret["answer"])
            if structure.startswith("changes"):
                assert _changed(structure, text, answer), (structure, text, answer)
            else:
                assert HOLDS[condition(structure)](numbers_in(text), answer), (structure, text, answer)
            seen[condition(structure)] += 1
    assert set(HOLDS) - set(seen) == set()


@pytest.mark.parametrize("topic", list(TOPICS))
def test_stories_of_one_topic_fill_all_splits(topic: str) -> None:
    env = made("WordProblem", topics=(topic,), parts=1)
    for split in ("train", "validation", "test"):
        task = env.task(split, 0)
        assert pay(env, task, task.secret["answer"]) == 1.0


def test_several_stories_are_combined_by_their_letters() -> None:
    env = made("WordProblem", parts=3)
    for index in range(30):
        task = env.task("train", index)
        *stories, question, _ask, _form = task.prompt.split("\n\n")
        assert [story[:3] for story in stories] == ["(A)", "(B)", "(C)"]
        assert len(set(task.data["structures"])) == 3
        factors = {letter: Fraction({"": 1, "-": -1}.get(a.replace(" ", ""), a.replace(" ", "") or 1)) for a, letter in
                   re.findall(r"((?:[-+] ?)?\d*)([ABC])", question.replace("+ ", ""))}  # fmt: skip
        assert set(factors) == {"A", "B", "C"}
        assert all(factors.values())


def test_answers_are_exact_and_stories_are_sensible() -> None:
    env = made("WordProblem", parts=1)
    for index in range(100):
        task = env.task("train", index)
        answer = Fraction(task.secret["answer"])
        assert pay(env, task, f"{2 * answer.numerator}/{2 * answer.denominator}") == 1.0
        assert pay(env, task, f"{float(answer) + 1e-6:.9f}") == 0.0
        assert not re.search(r"\b1 (hours|minutes|months|years|euros)\b", task.prompt)


def test_topics_are_refused_by_name() -> None:
    for topics in ((), ("ages", "ages"), ("cooking",)):
        with pytest.raises(ConfigError, match="topics"):
            made("WordProblem", topics=topics)


def test_every_template_makes_many_stories() -> None:
    for templates in TOPICS.values():
        for template in templates:
            texts = set()
            for number in range(300):
                try:
                    texts.add(template(Random(str(number).encode()), 30).text)
                except RedrawError:
                    continue
            assert len(texts) > 20
    with pytest.raises(RedrawError):
        demand(False)


# -- units -------------------------------------------------------------------------------------------------------------

IN_BASE = {
    "mm": "1/1000", "cm": "1/100", "m": "1", "km": "1000", "inches": "0.0254", "feet": "0.3048", "yards": "0.9144", "miles": "1609.344",
    "g": "1/1000", "kg": "1", "tonnes": "1000", "ounces": "0.028349523125", "pounds": "0.45359237",
    "seconds": "1", "minutes": "60", "hours": "3600", "days": "86400", "weeks": "604800",
    "square metres": "1", "hectares": "10000", "square kilometres": "1000000", "square feet": "0.09290304", "acres": "4046.8564224",
    "ml": "1/1000000", "litres": "1/1000", "cubic metres": "1", "cubic inches": "0.000016387064", "gallons": "0.003785411784",
}  # fmt: skip


@pytest.mark.parametrize("difficulty", ["easy", "medium", "hard"])
def test_conversions_by_the_definitions_of_the_units(difficulty: str) -> None:
    env = made("UnitConversion", difficulty=difficulty)
    for index in range(150):
        task = env.task("train", index)
        factors = []
        for units in (task.data["from"], task.data["to"]):
            above, *below = (Fraction(IN_BASE[unit]) for unit in units)
            factors.append(above / below[0] if below else above)
        assert Fraction(task.secret["answer"]) == Fraction(task.data["number"]) * factors[0] / factors[1]
        for unit in ("inch", "foot", "yard", "mile", "ounce", "pound", "acre", "gallon"):
            if (
                re.search(rf"\b{unit}", task.prompt.split(".")[0])
                and "square" not in task.prompt
                and "cubic" not in task.prompt
            ):
                assert f"1 {unit} = " in task.prompt


def test_a_definition_that_is_shown_is_the_exact_one() -> None:
    env = made("UnitConversion")
    shown = {
        found for index in range(300) for found in re.findall(r"1 (\w+) = ([\d.]+) ", env.task("train", index).prompt)
    }
    assert {("inch", "0.0254"), ("mile", "1609.344"), ("pound", "0.45359237")} <= shown


@given(st.integers(0, 10**12), st.integers(0, 12))
def test_decimals_are_exact(digits: int, places: int) -> None:
    number = Fraction(digits, 10**places)
    assert Fraction(decimal(number)) == number
