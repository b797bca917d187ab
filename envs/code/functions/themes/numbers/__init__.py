"""Whole numbers: digits, divisors, bases, sequences, fractions by hand."""

from textgym.envs.code.functions.themes.numbers import arithmetic, digits

# The tasks' numbers follow this order: a new family comes last.
FAMILIES = (
    digits.TO_BASE,
    arithmetic.LIST_DIVISORS,
    digits.DIGIT_ROOT,
    arithmetic.FOLLOW_RULE,
    digits.ROMAN_NUMERAL,
    arithmetic.COMBINE_FRACTIONS,
    arithmetic.PRIME_POWERS,
    arithmetic.COUNT_COINS,
    digits.WEIGHTED_CHECKSUM,
    arithmetic.SEQUENCE_START,
    arithmetic.ROUND_TO_UNIT,
    digits.LONGEST_BIT_RUN,
    arithmetic.COUNT_PAIRS,
)
