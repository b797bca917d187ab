"""Whole numbers: divisibility, primes, remainders, digits."""

from textgym.registry import Entry

ENVIRONMENTS: tuple[Entry, ...] = (
    Entry(
        id="textgym/GcdLcm-v0",
        entry_point="textgym.envs.math.number_theory.gcd_lcm:GcdLcm",
        summary="Find the greatest common divisor or the least common multiple of some numbers.",
        domain="math",
        tags=("single-turn", "number-theory"),
    ),
    Entry(
        id="textgym/ModularPower-v0",
        entry_point="textgym.envs.math.number_theory.modular_power:ModularPower",
        summary="Find the remainder of an expression of powers.",
        domain="math",
        tags=("single-turn", "number-theory"),
    ),
    Entry(
        id="textgym/ChineseRemainder-v0",
        entry_point="textgym.envs.math.number_theory.chinese_remainder:ChineseRemainder",
        summary="Find the smallest number that leaves given remainders.",
        domain="math",
        tags=("single-turn", "number-theory"),
    ),
    Entry(
        id="textgym/PrimeFactorisation-v0",
        entry_point="textgym.envs.math.number_theory.prime_factorisation:PrimeFactorisation",
        summary="Write a number as a product of primes.",
        domain="math",
        tags=("single-turn", "number-theory"),
    ),
    Entry(
        id="textgym/Divisors-v0",
        entry_point="textgym.envs.math.number_theory.divisors:Divisors",
        summary="Add up or count the divisors of a number, or those of some kind.",
        domain="math",
        tags=("single-turn", "number-theory"),
    ),
    Entry(
        id="textgym/BaseConversion-v0",
        entry_point="textgym.envs.math.number_theory.base_conversion:BaseConversion",
        summary="Write a number, or the result of two, in another base.",
        domain="math",
        tags=("single-turn", "number-theory"),
    ),
    Entry(
        id="textgym/DiophantineLinear-v0",
        entry_point="textgym.envs.math.number_theory.diophantine:DiophantineLinear",
        summary="Find whole numbers that solve a linear equation.",
        domain="math",
        tags=("single-turn", "number-theory"),
    ),
    Entry(
        id="textgym/LinearCongruence-v0",
        entry_point="textgym.envs.math.number_theory.linear_congruence:LinearCongruence",
        summary="Find all solutions of a linear congruence.",
        domain="math",
        tags=("single-turn", "number-theory"),
    ),
    Entry(
        id="textgym/DigitPuzzle-v0",
        entry_point="textgym.envs.math.number_theory.digit_puzzle:DigitPuzzle",
        summary="Find the smallest number above a bound with given digits and divisors.",
        domain="math",
        tags=("single-turn", "number-theory", "search"),
    ),
)
