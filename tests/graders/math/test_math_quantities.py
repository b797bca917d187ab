"""Quantities as answers write them: units after powers and fractions, rates, units in parts, numerals and nouns."""

import pytest

from textgym.graders import compare_math, math_equal

EQUAL = [
    # letters after powers of ten, fractions and roots
    ("3.0 × 10⁸ m/s", r"3\times10^8 \text{ m/s}"),
    (r"3\times10^{8}\ m/s", r"3\times10^8 \text{ m/s}"),
    (r"3\times 10^{8} m", r"3\times10^8\text{ m}"),
    ("5×10⁻³ m", "5 mm"),
    (r"\frac{1}{2} m", r"0.5\text{ m}"),
    (r"\frac{5}{2} s", r"2.5\text{ s}"),
    (r"\sqrt{2} m", r"\sqrt2 \text{ m}"),
    (r"\frac12 m", r"\frac{m}{2}"),
    # units in parts
    ("2 hours and 15 minutes", "2 hours 15 minutes"),
    ("2 hours and 15 minutes", "135 minutes"),
    (r"2\text{ hours and }15\text{ minutes}", "135 minutes"),
    ("5 feet and 6 inches", "66 inches"),
    ("3 dollars and 50 cents", r"\$3.50"),
    ("1 hour, 2 minutes and 5 seconds", "3725 seconds"),
    # rates of money
    (r"\$15/hour", r"\$15 per hour"),
    (r"\$15/hour", r"\$15/hr"),
    (r"\$15/hour", r"\$15 an hour"),
    (r"\$15/hour", r"\$15/\text{hour}"),
    (r"\$15/hr", r"15 \text{ dollars per hour}"),
    (r"\$2.50/lb", r"\$2.50 per pound"),
    (r"\$1/2", r"\$0.50"),
    # compounds
    (r"25\,\mathrm{N\cdot m}", r"25\,\text{N m}"),
    (r"25\,\mathrm{N\cdot m}", r"25\text{ J}"),
    (r"8.31\,\mathrm{J/(mol\cdot K)}", "8.31 J/(mol K)"),
    (r"5 \text{ kg·m/s}", "5 kg m/s"),
    (r"10 \text{ N·s}", "10 kg m/s"),
    (r"5 \frac{\text{ft}}{\text{s}}", "5 ft/s"),
    # numerals in words
    ("four hours", "4 hours"),
    ("five dollars", r"\$5"),
    ("twenty minutes", "20 minutes"),
    ("one hour", "60 minutes"),
    ("ten cents", "10 cents"),
    ("two hours and fifteen minutes", "135 minutes"),
    ("half an hour", "30 minutes"),
    ("fifty percent", "50%"),
    (r"\text{four hours}", "4 hours"),
    ("five apples", "5 apples"),
    ("three apples", "3"),
    # words after a unit
    ("12 years old", "12 years"),
    ("25 dollars left", r"\$25"),
    ("3 cups of flour", "3"),
    ("100 mL of acid", "0.1 L of acid"),
    (r"50\% of the students", "0.5"),
    (r"50\% of the students", r"50\% of students"),
    ("3 cups of flour", r"3 \text{ cups of flour}"),
    # notation
    (r"1\over2", "0.5"),
    (r"x \not= 3", r"x \neq 3"),
    (r"7{:}45 \text{ PM}", "7:45 PM"),
    (r"{\sin}^2{x}", r"\sin^2 x"),
    (r"\textcolor{red}{5}", "5"),
    (r"\color{red}{5}", "5"),
    (r"3 \text{ cm} \times 4 \text{ cm}", r"12 \text{ cm}^2"),
    (r"5^{\text{th}}", "5th"),
]
UNEQUAL = [
    ("3.0 × 10⁸ m/s", r"3\times10^8 \text{ km/s}"),
    (r"\frac{1}{2} m", r"0.5\text{ cm}"),
    (r"\frac{1}{2} m", "0.5 s"),
    (r"\sqrt{2} m", r"\sqrt2 \text{ s}"),
    (r"x^2 m", r"x^2"),
    ("2 hours and 15 minutes", "2 hours"),
    ("2 hours and 15 minutes", "15 minutes"),
    ("15 minutes and 2 hours", "2 hours"),
    ("5 feet and 6 pounds", "66 inches"),
    ("3 dollars and 50 cents", r"\$3"),
    ("5 m and 7 m", "12 m"),
    ("5 cm and 7 cm", "12 cm"),
    ("5 dollars and 3 dollars", "8 dollars"),
    (r"\$15/hour", r"\$15/day"),
    (r"\$15/hour", r"\$16/hour"),
    (r"\$2.50/lb", r"\$2.50/kg"),
    (r"\$15/3", r"\$15"),
    (r"25\,\mathrm{N\cdot m}", r"25\,\text{N/m}"),
    (r"8.31\,\mathrm{J/(mol\cdot K)}", "8.31 J/mol"),
    (r"5 \text{ kg·m/s}", "5 kg/s"),
    (r"5 \frac{\text{ft}}{\text{s}}", "5 ft s"),
    ("four hours", "5 hours"),
    ("four hours", "4 minutes"),
    ("five apples", "5 oranges"),
    ("three apples", "4"),
    ("one of them", "1"),
    ("two or three apples", "2"),
    ("no one", "1"),
    ("two in three", "2 inches"),
    ("twenty second", "20 seconds"),
    ("two times", "2"),
    ("Two Rivers", "2"),
    ("2x + 3 m", "2x + 3"),
    ("5 steps left", "5 steps right"),
    ("5 feet left", "5 feet"),
    ("2 hours and 90 minutes", "210 minutes"),
    ("6 inches and 5 feet", "66 inches"),
    ("5 inches tall", "5 inches wide"),
    (r"50\% of the students", r"50\% of the teachers"),
    (r"3 \text{ cm} \times 4 \text{ kg}", r"12 \text{ cm}"),
    ("zero or one", "1"),
    ("4 cups of flour", "3 cups"),
    ("3 cups of flour", "3 cups of sugar"),
    ("100 mL of acid", "100 L"),
    ("5 inches tall", "5 feet"),
    ("25 dollars left", r"\$24"),
    ("25 dollars more", r"\$25 less"),
    ("5 feet per", "5 feet"),
    ("5 inches or 3", "5 inches"),
    (r"50\% off", r"50\%"),
    (r"50\% of 80", r"50\%"),
    (r"1\over2", "2"),
    (r"x \not= 3", "x = 3"),
    (r"7{:}45 \text{ PM}", "7:45 AM"),
    (r"\textcolor{red}{5}", "6"),
    (r"3 \text{ cm} \times 4 \text{ cm}", r"12 \text{ cm}"),
    (r"5^{\text{th}}", "6th"),
    (r"5^{\text{th}}", "5^2"),
]


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_equal(left: str, right: str) -> None:
    assert math_equal(left, right)
    assert math_equal(right, left)


@pytest.mark.parametrize(("left", "right"), UNEQUAL)
def test_unequal(left: str, right: str) -> None:
    assert not math_equal(left, right)
    assert not math_equal(right, left)


@pytest.mark.parametrize("text", [r"5 m^\text{}3", r"5 \text{m}\text{}2", r"5 m\text{}", r"5 \frac{\text{}}{\text{}}"])
def test_empty_pieces_do_not_raise(text: str) -> None:
    assert not compare_math("7", text).equal
