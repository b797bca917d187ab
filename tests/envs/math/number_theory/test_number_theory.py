"""Number theory: answers hold by brute force or by definition, and every form of a right answer is accepted."""

import math
import re
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.families import made, pay, tasks
from textgym.core import ConfigError
from textgym.envs.math.answer_parts import named, pairs, parts, rational, rationals, whole_number, whole_numbers
from textgym.envs.math.number_theory.base_conversion import digits, value_of
from textgym.envs.math.number_theory.prime_factorisation import read_factors
from textgym.envs.math.number_theory.primes import number_of, primes_up_to, written_factors
from textgym.envs.math.single_answer import Unreadable


def is_prime(number: int) -> bool:
    return number > 1 and all(number % divisor for divisor in range(2, math.isqrt(number) + 1))


# -- the families ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["gcd", "lcm"])
def test_gcd_and_lcm_are_what_they_are_called(asked: str) -> None:
    for task in tasks(made("GcdLcm", asked=asked)):
        function = math.gcd if asked == "gcd" else math.lcm
        assert task.secret["answer"] == function(*task.data["numbers"])
        assert all(str(number) in task.prompt for number in task.data["numbers"])


def test_remainders_of_powers_by_multiplying_step_by_step() -> None:
    for task in tasks(made("ModularPower", terms=3, largest_exponent=40, largest_base=20)):
        modulus = task.data["modulus"]
        total, sign = 0, 1
        for summand in re.split(r" ([+-]) ", task.data["expression"]):
            if summand in ("+", "-"):
                sign = 1 if summand == "+" else -1
                continue
            product = 1
            for factor in summand.split(" * "):
                base, *powers = map(int, factor.split("^"))
                exponent = powers[0] ** powers[1] if len(powers) == 2 else powers[0] if powers else 1
                product = product * pow(base, exponent, modulus) % modulus
            total += sign * product
        assert total % modulus == task.secret["answer"]


@pytest.mark.parametrize("coprime", [True, False])
def test_the_smallest_number_with_the_remainders(coprime: bool) -> None:
    for task in tasks(made("ChineseRemainder", coprime=coprime, largest=30)):
        moduli, remainders = task.data["moduli"], task.data["remainders"]
        every = math.lcm(*moduli)
        fitting = (x for x in range(every) if all(x % m == r for m, r in zip(moduli, remainders, strict=True)))
        assert next(fitting) == task.secret["answer"]
        assert coprime <= (every == math.prod(moduli))


def test_a_factorisation_is_accepted_in_any_order_and_notation() -> None:
    env = made("PrimeFactorisation")
    for task in tasks(env, 20):
        factors = read_factors(task.secret["answer"])
        assert all(map(is_prime, factors))
        assert number_of(factors) == task.data["number"]
        listed = [str(prime) for prime in sorted(factors.elements(), reverse=True)]
        assert pay(env, task, " × ".join(listed)) == 1.0
        assert pay(env, task, "*".join(listed)) == 1.0
        assert pay(env, task, task.secret["answer"].replace("^", "**")) == 1.0
        assert pay(env, task, "*".join(listed[1:])) == 0.0


def test_questions_about_divisors_by_listing_them_all() -> None:
    env = made("Divisors", largest_number=20_000, largest_prime=19, max_primes=4)
    asked = Counter()
    for task in tasks(env, 150):
        n = task.data["number"]
        divisors = [d for d in range(1, n + 1) if n % d == 0]
        squares = [d for d in divisors if math.isqrt(d) ** 2 == d]
        multiple = re.search(r"multiples of (\d+)", task.prompt)
        multiples = [d for d in divisors if multiple and d % int(multiple[1]) == 0]
        right = {
            "count": len(divisors),
            "sum": sum(divisors),
            "totient": sum(1 for k in range(1, n + 1) if math.gcd(k, n) == 1),
            "multiples": sum(multiples),
            "others": sum(divisors) - sum(multiples),
            "squares": sum(squares),
            "reciprocals": n * sum(Fraction(1, d) for d in divisors),
        }
        assert task.secret["answer"] == right[task.data["asked"]]
        asked[task.data["asked"]] += 1
    assert len(asked) == 7


def test_numbers_in_other_bases_as_python_reads_them() -> None:
    env = made("BaseConversion")
    pattern = re.compile(r"Write (\w+) \(base (\d+)\)(?: (plus|minus|times) (\w+) \(base (\d+)\))? in base (\d+)\.")
    for task in tasks(env):
        found = pattern.match(task.prompt)
        assert found is not None
        value = int(found[1], int(found[2]))
        if found[3]:
            other = int(found[4], int(found[5]))
            value = {"plus": value + other, "minus": value - other, "times": value * other}[found[3]]
        answer = task.secret["answer"]
        assert int(answer, int(found[6])) == value
        assert pay(env, task, answer.upper()) == 1.0
        assert pay(env, task, "00" + answer) == 1.0


@pytest.mark.parametrize("unknowns", [2, 3, 4])
def test_every_solution_of_a_diophantine_equation_counts(unknowns: int) -> None:
    env = made("DiophantineLinear", unknowns=unknowns)
    for task in tasks(env, 20):
        a, b, *_ = task.data["coefficients"]
        found = {name: int(value) for name, value in re.findall(r"(\w) = (-?\d+)", task.secret["answer"])}
        for steps in (1, -3):
            other = found | {"x": found["x"] + steps * b, "y": found["y"] - steps * a}
            assert pay(env, task, "; ".join(f"{name}={value}" for name, value in reversed(other.items()))) == 1.0
        wrong = found | {"x": found["x"] + 1}
        assert pay(env, task, ", ".join(f"{name} = {value}" for name, value in wrong.items())) == 0.0


def test_where_positive_numbers_are_asked_for_others_do_not_count() -> None:
    env = made("DiophantineLinear", positive=True)
    for task in tasks(env, 20):
        a, b = task.data["coefficients"]
        x, y = map(int, re.findall(r"-?\d+", task.secret["answer"]))
        assert min(x, y) > 0
        steps = 100 if a * b > 0 else -100 if b > 0 else 100
        assert pay(env, task, f"x = {x + steps * b}, y = {y - steps * a}") == 0.0


def test_all_solutions_of_a_congruence_by_trying_all_numbers() -> None:
    env = made("LinearCongruence")
    for task in tasks(env, 40):
        found = re.search(r"(\d+)x \+ (\d+) ≡ (?:(\d*)x \+ )?(\d+) \(mod (\d+)\)", task.prompt)
        assert found is not None
        a, b, d, m = (int(found[i]) for i in (1, 2, 4, 5))
        c = 0 if found[3] is None else int(found[3] or 1)
        right = [x for x in range(m) if (a * x + b - c * x - d) % m == 0]
        assert right == task.secret["solutions"]
        assert pay(env, task, "{" + "; ".join(map(str, reversed(right))) + "}") == 1.0


def test_the_digit_puzzle_by_trying_all_numbers_from_the_bound_on() -> None:
    def fits(number: int, kind: str, value: int) -> bool:
        digits = list(map(int, str(number)))
        return {
            "multiple": kind == "multiple" and number % value == 0,
            "sum": sum(digits) == value,
            "alternating": sum(d if i % 2 == 0 else -d for i, d in enumerate(digits)) == value,
            "distinct": len(set(digits)) == len(digits),
            "last": digits[-1] == value,
            "even digits": len([d for d in digits if d % 2 == 0]) == value,
            "without": max(set(range(1, 10)) - set(digits), default=0) == value,
            "largest": max(digits) == value,
        }[kind]

    for task in tasks(made("DigitPuzzle"), 40):
        number = task.data["above"] + 1
        while not all(fits(number, kind, value) for kind, value in task.data["properties"]):
            number += 1
        assert number == task.secret["answer"]


def test_impossible_settings_are_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="min_small"):
        made("PrimeFactorisation", min_small=9)
    with pytest.raises(ConfigError, match="largest_small"):
        made("PrimeFactorisation", largest_small=500, largest_prime=400)
    with pytest.raises(ConfigError, match="count"):
        made("GcdLcm", count=1)


# -- primes and readers ------------------------------------------------------------------------------------------------


def test_the_sieve_finds_the_primes() -> None:
    assert list(primes_up_to(200)) == [n for n in range(201) if is_prime(n)]
    assert primes_up_to(2) == (2,)


@given(st.dictionaries(st.sampled_from(primes_up_to(200)), st.integers(1, 9), min_size=1, max_size=6))
def test_a_factorisation_is_read_as_it_is_written_and_multiplies_out(factors: dict[int, int]) -> None:
    assert read_factors(written_factors(factors)) == Counter(factors)
    assert number_of(factors) == math.prod(Counter(factors).elements())


@pytest.mark.parametrize(
    "text", ["", "2 *", "* 2", "2^0", "2^-1", "a", "2 3", "2^3^2", "2**", "1.5", "9" * 30, "-2 * 3"]
)
def test_what_is_no_product_of_powers_is_not_read(text: str) -> None:
    with pytest.raises(Unreadable):
        read_factors(text)


@given(st.integers(1, 10**30), st.integers(2, 36))
def test_digits_are_read_back(number: int, base: int) -> None:
    assert value_of(digits(number, base), base) == number


@pytest.mark.parametrize("text", ["", "2", "1_0", " 1", "+1", "0b1", "１", "1" * 401])
def test_what_is_no_binary_number_is_not_read(text: str) -> None:
    assert value_of(text, 2) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        (" -7 ", -7),
        ("−7", -7),
        ("+3", 3),
        ("6/2", None),
        ("3.0", None),
        ("1,000", None),
        ("x", None),
        ("", None),
    ],
)
def test_whole_numbers_are_read_strictly(text: str, value: int | None) -> None:
    assert whole_number(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("2.50", "5/2"), ("-0.125", "-1/8"), ("10/4", "5/2"), ("−3", "-3"), ("2.", None), (".5", None), ("1e3", None)],
)
def test_rational_numbers_are_read_exactly(text: str, value: str | None) -> None:
    found = rational(text)
    assert (None if found is None else str(found)) == value


def test_lists_and_names_are_read_in_any_order_but_whole() -> None:
    assert whole_numbers("3, 1; 2") == [3, 1, 2]
    assert whole_numbers("[3,1]") == whole_numbers("{3, 1}") == whole_numbers("(3; 1)") == [3, 1]
    assert whole_numbers("3,,1") is None
    assert whole_numbers("") is None
    assert [str(x) for x in rationals("1/2, 0.5") or []] == ["1/2", "1/2"]
    assert named("y = 4, x=3", ("x", "y")) == {"y": "4", "x": "3"}
    for wrong in ("x = 3", "x = 3, x = 3", "x = 3, y = ", "x = 3, y = 4, z = 5", "3, 4", "x == 3, y = 4, y = 4"):
        assert named(wrong, ("x", "y")) is None
    assert [(str(x), str(y)) for x, y in pairs("(1, 2) ; (-3,1/2)") or []] == [("1", "2"), ("-3", "1/2")]
    for wrong in ("", "1, 2", "(1, 2", "(1, 2),", "(1, 2, 3)", "((1, 2))", "(1, 2) x"):
        assert pairs(wrong) is None


@given(st.text(max_size=200))
def test_readers_of_parts_never_raise(text: str) -> None:
    for read in (parts, whole_numbers, rationals, pairs, rational, whole_number):
        read(text)
    named(text, ("x", "y"))
