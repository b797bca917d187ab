"""Certificates: whatever proves the claim is accepted, nothing else is; checked by plain arithmetic over the prompts."""

import re
from collections.abc import Iterator
from itertools import product
from math import gcd, isqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

import textgym
from textgym.core import Random, Task
from textgym.envs.math.certificates.counterexample import Claim
from textgym.envs.math.certificates.farkas_certificate import contradicts
from textgym.envs.math.certificates.primality_certificate import certifies
from textgym.envs.math.certificates.primes import draw_prime, is_prime
from textgym.envs.math.certificates.resolution_proof import refutes, resolve


def tasks(name: str, count: int = 8, **knobs: object) -> Iterator[tuple[textgym.TextEnv, Task]]:
    env = textgym.make(f"textgym/{name}-v0", **knobs)
    for index in range(count):
        yield env, env.task("train", index)


def earns(env: textgym.TextEnv, task: Task, answer: str) -> float:
    live = env.start(task)
    live.step(f"<answer>{answer}</answer>")
    return live.total


def numbers_in(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


# -- primes ------------------------------------------------------------------------------------------------------------


def test_the_test_of_primes_agrees_with_trial_division_and_sees_through_pseudoprimes() -> None:
    for number in range(-5, 3_000):
        assert is_prime(number) == (number > 1 and all(number % d for d in range(2, isqrt(number) + 1)))
    # The smallest strong pseudoprimes to the first bases: 2; 2, 3; ...; 2 to 37.
    for composite in (2047, 1373653, 25326001, 3215031751, 341550071728321, 318665857834031151167461):
        assert not is_prime(composite)
    assert is_prime(2**61 - 1)


@given(st.binary(max_size=8), st.integers(3, 10**6))
def test_drawn_primes_are_in_range(seed: bytes, low: int) -> None:
    prime = draw_prime(low, 2 * low, Random(seed))
    assert low <= prime <= 2 * low
    assert is_prime(prime)


# -- FindWitness -------------------------------------------------------------------------------------------------------


def test_other_witnesses_are_right_and_near_misses_are_not() -> None:
    for env, task in tasks("FindWitness", kind="subset_sum", size=8):
        *given_numbers, total = numbers_in(task.prompt.partition("Each may")[0])
        right = 0
        for picks in product((0, 1), repeat=8):
            chosen = [number for number, pick in zip(given_numbers, picks, strict=True) if pick]
            if chosen:
                fits = sum(chosen) == total
                right += fits
                assert earns(env, task, "; ".join(map(str, chosen[::-1]))) == float(fits)
        assert right >= 1
        assert earns(env, task, str(total)) == 0.0
    for env, task in tasks("FindWitness", kind="square_root", largest=1000):
        square, prime = numbers_in(task.prompt.partition("Reply")[0])
        roots = [x for x in range(prime) if x * x % prime == square]
        assert len(roots) == 2
        for x in range(0, prime, 7):
            assert earns(env, task, str(x)) == float(x in roots)
        for x in (roots[1], roots[0] + prime, -roots[0]):
            assert earns(env, task, str(x)) == 1.0
        assert earns(env, task, f"{roots[0]}, {roots[1]}") == 0.0
    for env, task in tasks("FindWitness", kind="two_squares"):
        (total,) = numbers_in(task.prompt.partition("Reply")[0])
        one, two = numbers_in(task.secret["answer"])
        assert one * one + two * two == total
        assert earns(env, task, f"{two}, -{one}") == 1.0
        assert earns(env, task, f"{one}, {two + 1}") == earns(env, task, str(one)) == 0.0
    for env, task in tasks("FindWitness", kind="discrete_log", largest=1000):
        base, value, prime = numbers_in(task.prompt.partition("at least 0, such that")[2].partition("Reply")[0])
        right = [x for x in range(prime - 1) if pow(base, x, prime) == value]
        assert right
        for x in range(0, prime - 1, 11):
            assert earns(env, task, str(x)) == float(x in right)
        assert earns(env, task, str(right[0] + prime - 1)) == 1.0
        assert earns(env, task, str(right[0] - prime + 1)) == 0.0


# -- CounterExample ----------------------------------------------------------------------------------------------------


def holds(said: str, values: dict[str, int]) -> bool:
    """Whether a part of a claim is true: the test's own reading, with Python's arithmetic on our own text."""

    def worth(text: str) -> int:
        assert re.fullmatch(r"[nab0-9+*^ -]+", text)
        return int(eval(text.replace("^", "**"), {}, dict(values)))

    for pattern, true in (
        (r"(.+) is (not )?the square of a whole number", lambda v: v >= 0 and isqrt(v) ** 2 == v),
        (r"the sum of the digits of (.+) is (not )?(\d+)", lambda v, s: sum(map(int, str(v))) == s),
        (r"(.+) is (not )?divisible by (\d+)", lambda v, m: v % m == 0),
        (r"(.+) (?:leaves|(does not leave)) the remainder (\d+) when divided by (\d+)", lambda v, r, m: v % m == r),
    ):
        if match := re.fullmatch(pattern, said):
            what, denied, *rest = match.groups()
            value = worth(what)
            assert value >= 0
            return bool(true(value, *map(int, rest))) != bool(denied)
    raise AssertionError(said)


@pytest.mark.parametrize(
    "knobs", [{"difficulty": "easy"}, {"difficulty": "medium"}, {"variables": 2, "high": 30, "degree": 2}]
)
def test_counterexamples_are_those_for_which_the_sentence_is_false(knobs: dict[str, object]) -> None:
    for env, task in tasks("CounterExample", **knobs):
        claim = task.prompt.split("\n\n")[1]
        names, high, said = re.fullmatch(  # type: ignore[union-attr]
            r"For (?:every|all) whole numbers? (n|a and b) from 1 to (\d+): (.+)\.", claim
        ).groups()
        variables = names.split(" and ")
        condition, then = "", said
        if match := re.fullmatch(r"if (.+), then (.+)", said):
            condition, then = match.groups()
        against = []
        for values in product(range(1, int(high) + 1), repeat=len(variables)):
            at = dict(zip(variables, values, strict=True))
            if (not condition or holds(condition, at)) and not holds(then, at):
                against.append(values)
        share = len(against) / int(high) ** len(variables)
        assert 0 < share <= 0.02
        assert task.difficulty == pytest.approx(1 - share)
        for values in against:
            assert earns(env, task, ", ".join(map(str, values))) == 1.0
        for number in range(-1, int(high) + 2, 3):
            values = (number,) * len(variables)
            assert earns(env, task, ", ".join(map(str, values))) == float(values in against)


def test_a_claim_survives_its_own_data() -> None:
    for _, task in tasks("CounterExample"):
        assert Claim.model_validate(task.data["claim"]).text() in task.prompt


# -- numbers -----------------------------------------------------------------------------------------------------------


def test_every_proper_divisor_is_a_certificate() -> None:
    for env, task in tasks("FactorCertificate", difficulty="easy"):
        number, x, y = re.search(r"n = (\d+), x = (\d+) and y = (\d+)", task.prompt).groups()  # type: ignore[union-attr]
        n, x, y = int(number), int(x), int(y)
        assert (x * x - y * y) % n == 0
        assert (x - y) % n != 0 != (x + y) % n
        divisors = {gcd(x - y, n), gcd(x + y, n)}
        assert all(1 < divisor < n for divisor in divisors)
        for divisor in divisors:
            assert earns(env, task, str(divisor)) == 1.0
        for other in (1, n, 0, -1, -min(divisors), x, y, x + y, abs(x - y), 2 * n):
            assert earns(env, task, str(other)) == 0.0


def test_the_right_second_roots_are_those_that_search_finds() -> None:
    for env, task in tasks("CompositenessWitness", difficulty="easy"):
        n, a = map(int, re.search(r"n = (\d+) and a = (\d+)", task.prompt).groups())  # type: ignore[union-attr]
        right = [x for x in range(n) if (x * x - a * a) % n == 0 and x not in (a, n - a)]
        assert len(right) == 2
        assert not is_prime(n)
        for x in [*right, right[0] + n, right[0] - n]:
            assert earns(env, task, str(x)) == 1.0
        for x in [a, n - a, a + n, 0, 1, n, *range(2, n, n // 20)]:
            assert earns(env, task, str(x)) == float(x % n in right)


def test_every_generator_proves_a_prime_and_nothing_proves_a_composite() -> None:
    for env, task in tasks("PrimalityCertificate", difficulty="easy"):
        prime = task.data["prime"]
        assert str(prime) in task.prompt
        assert is_prime(prime)
        base, _, factors = task.secret["answer"].partition(": ")
        wanted = numbers_in(factors)
        for other in range(2, 30):
            primitive = all(pow(other, (prime - 1) // factor, prime) != 1 for factor in wanted)
            assert earns(env, task, f"{other}: {factors}") == float(primitive)
        assert earns(env, task, f"{base}:{', '.join(map(str, wanted[::-1]))}") == 1.0
        assert earns(env, task, f"{base}: {', '.join(map(str, wanted[1:]))}") == 0.0
        assert earns(env, task, f"{base}: {factors}, {wanted[-1]}") == 0.0
    for composite in (9, 15, 561, 1105, 1729, 2465, 2047):
        primes = [p for p in range(2, composite) if is_prime(p) and (composite - 1) % p == 0]
        assert not any(certifies(base, primes, composite) for base in range(2, composite))
    assert certifies(3, [2, 3], 7)


# -- ResolutionProof ---------------------------------------------------------------------------------------------------


def clauses_in(task: Task) -> list[frozenset[int]]:
    lines = re.findall(r"^\d+\. (.+)$", task.prompt, re.MULTILINE)
    return [frozenset(int(p.replace("not x", "-").replace("x", "")) for p in line.split(" or ")) for line in lines]


@pytest.mark.parametrize("difficulty", ["easy", "medium"])
def test_clauses_contradict_each_other_and_any_refutation_is_right(difficulty: str) -> None:
    for env, task in tasks("ResolutionProof", difficulty=difficulty):
        clauses = clauses_in(task)
        count = max(abs(literal) for clause in clauses for literal in clause)
        for signs in product((1, -1), repeat=count):
            chosen = {sign * variable for variable, sign in enumerate(signs, 1)}
            assert any(not clause & chosen for clause in clauses)
        assert all(clauses)
        answer = task.secret["answer"]
        steps = [tuple(map(int, step.split())) for step in answer.split("; ")]
        assert len(steps) == task.difficulty
        assert earns(env, task, "\n".join(f"{two}, {one}" for one, two in steps)) == 1.0
        # A refutation that derives something useless first is one, too; its own numbers move on by one.
        idle = next(
            (one, two)
            for one in range(1, len(clauses) + 1)
            for two in range(1, one)
            if resolve(clauses[one - 1], clauses[two - 1]) is not None
        )
        moved = [tuple(n + (n > len(clauses)) for n in step) for step in steps]
        assert earns(env, task, "; ".join(f"{one} {two}" for one, two in [idle, *moved])) == 1.0
        assert earns(env, task, "; ".join(f"{one} {two}" for one, two in steps[:-1])) == 0.0
        assert earns(env, task, "; ".join(f"{one} {two}" for one, two in [steps[-1], *steps])) == 0.0


@given(st.lists(st.frozensets(st.integers(-4, 4).filter(bool), max_size=3), min_size=1, max_size=6), st.data())
def test_nothing_refutes_what_can_be_true(clauses: list[frozenset[int]], data: st.DataObject) -> None:
    steps = data.draw(st.lists(st.tuples(st.integers(-1, 12), st.integers(-1, 12)), max_size=8))
    satisfiable = any(
        all(clause & {sign * variable for variable, sign in enumerate(signs, 1)} for clause in clauses)
        for signs in product((1, -1), repeat=4)
    )
    if refutes(clauses, steps):
        assert not satisfiable


def test_a_step_needs_exactly_one_clash() -> None:
    assert resolve(frozenset({1, 2}), frozenset({-1, 3})) == {2, 3}
    assert resolve(frozenset({1}), frozenset({-1})) == frozenset()
    assert resolve(frozenset({1, 2}), frozenset({-1, -2})) is None
    assert resolve(frozenset({1, 2}), frozenset({2, 3})) is None


# -- FarkasCertificate -------------------------------------------------------------------------------------------------


def rows_in(task: Task) -> list[list[int]]:
    names = re.search(r"No real numbers ([a-z, ]+) satisfy", task.prompt)[1].split(", ")  # type: ignore[index]
    rows = []
    for left, right in re.findall(r"^\(\d+\) (.+) <= (-?\d+)$", task.prompt, re.MULTILINE):
        terms = dict.fromkeys(names, 0)
        for sign, size, name in re.findall(r"([+-]?) ?(\d*)([a-z])", left):
            terms[name] += (-1 if sign == "-" else 1) * int(size or 1)
        rows.append([*terms.values(), int(right)])
    return rows


@pytest.mark.parametrize("difficulty", ["easy", "medium", "hard"])
def test_factors_that_add_up_to_a_contradiction_are_right_and_no_others(difficulty: str) -> None:
    for env, task in tasks("FarkasCertificate", difficulty=difficulty):
        rows = rows_in(task)
        assert rows == task.data["rows"]
        factors = numbers_in(task.secret["answer"])
        total = [sum(f * row[at] for f, row in zip(factors, rows, strict=True)) for at in range(len(rows[0]))]
        assert not any(total[:-1])
        assert total[-1] < 0
        assert earns(env, task, ", ".join(str(3 * factor) for factor in factors)) == 1.0
        used = next(at for at, factor in enumerate(factors) if factor)
        for change in (-1, 1):
            changed = [factor + change * (at == used) for at, factor in enumerate(factors)]
            assert earns(env, task, ", ".join(map(str, changed))) == 0.0
        assert earns(env, task, ", ".join(str(-factor) for factor in factors)) == 0.0
        assert earns(env, task, ", ".join(["0"] * len(rows))) == 0.0


@given(st.lists(st.lists(st.integers(-3, 3), min_size=3, max_size=3), min_size=1, max_size=4), st.data())
def test_inequalities_with_a_solution_are_never_contradicted(rows: list[list[int]], data: st.DataObject) -> None:
    factors = data.draw(st.lists(st.integers(-3, 5), min_size=len(rows), max_size=len(rows)))
    solvable = any(all(a * x + b * y <= c for a, b, c in rows) for x, y in product(range(-6, 7), repeat=2))
    if contradicts(factors, rows):
        assert not solvable
