"""A small sample of questions, written for this project, so that the environment can be tried without a file."""

from typing import Any

_SAMPLE = """
What is 17 + 26? | 43
What is 9 times 13? | 117
What is 156 divided by 12? | 13
What is 1/2 + 1/3? | 5/6
What is 3/4 of 60? | 45
What is 15% of 80? | 12
What is 2 to the power of 10? | 1024
What is the square root of 169? | 13
What is the greatest common divisor of 84 and 126? | 42
What is the least common multiple of 12 and 18? | 36
What is the remainder when 100 is divided by 7? | 2
How many prime numbers are less than 20? | 8
What is the smallest prime number greater than 90? | 97
What is the sum of the whole numbers from 1 to 50? | 1275
What is the sum of the first ten odd numbers? | 100
What is 0.125 as a fraction in lowest terms? | 1/8
What is 7! divided by 5!? | 42
In how many orders can four different books stand on a shelf? | 24
In how many ways can two of six people be chosen? | 15
Two fair dice are rolled. What is the probability that the sum is 7? | 1/6
A fair coin is flipped three times. What is the probability of exactly two heads? | 3/8
Solve 3x + 5 = 26 for x. | 7
Solve 2(x - 4) = 18 for x. | 13
Solve x/3 + 2 = 9 for x. | 21
What is the larger solution of x^2 - 5x + 6 = 0? | 3
What is the product of the solutions of x^2 + 4x - 21 = 0? | -21
Expand (x + 2)(x - 3). | x^2 - x - 6
Factor x^2 - 16. | (x - 4)(x + 4)
What is the slope of the line through (1, 2) and (3, 16)? | 7
What is the area of a rectangle with sides 7 and 12? | 84
What is the perimeter of a square with side 9? | 36
What is the area of a triangle with base 10 and height 7? | 35
The legs of a right triangle are 5 and 12. How long is the hypotenuse? | 13
What is the area of a circle with radius 3, in terms of pi? | 9\\pi
How many degrees do the angles of a pentagon add up to? | 540
How many edges does a cube have? | 12
What is the volume of a box with edges 2, 3 and 5? | 30
What is the distance between (1, 1) and (7, 9)? | 10
What is the derivative of x^3 with respect to x? | 3x^2
What is the derivative of sin(x) with respect to x? | \\cos(x)
What is the integral of 2x from 0 to 4? | 16
What is the limit of (x^2 - 9)/(x - 3) as x goes to 3? | 6
What is the next term of 2, 6, 18, 54? | 162
What is the next term of 1, 4, 9, 16, 25? | 36
What is the tenth term of 5, 8, 11, 14, ...? | 32
What is the sum of 1 + 1/2 + 1/4 + 1/8 + ... without end? | 2
What is the determinant of the matrix with rows (1, 2) and (3, 4)? | -2
What is the dot product of (1, 2, 3) and (4, 5, 6)? | 32
What is 101 in base 2, written in base 10? | 5
What is 255 written in base 16? | FF
A train goes 150 km in 2 hours. What is its average speed in km/h? | 75
Five pens cost 4 euros. How many euros do 15 pens cost? | 12
A shirt of 40 euros becomes 25% cheaper. How many euros does it cost now? | 30
Three workers build a wall in 8 days. How many days do four such workers need? | 6
Ann is twice as old as Ben. Together they are 36. How old is Ann? | 24
What is the mean of 4, 8, 15, 16 and 22? | 13
What is the mean of the middle two of 1, 4, 9 and 16? | 6.5
What is |-8| + |3|? | 11
What is log base 2 of 64? | 6
How many minutes are in a week? | 10080
How many diagonals does a hexagon have? | 9
What is 1 - 0.9 - 0.01? | 0.09
What is the coefficient of x^2 in (1 + x)^5? | 10
How many divisors does 36 have? | 9
What is the units digit of 7^4? | 1
Which number is halfway between -3 and 11? | 4
What is the sum of the digits of 98765? | 35
How many squares of side 1 cover a board of 8 by 8? | 64
What is 5 cubed? | 125
What is 1000 - 387? | 613
What is the supplement of an angle of 65 degrees, in degrees? | 115
What is 2/3 divided by 4/9? | 3/2
"""

ROWS: tuple[dict[str, Any], ...] = tuple(
    {"question": question.strip(), "answer": answer.strip()}
    for question, _, answer in (line.rpartition(" | ") for line in _SAMPLE.strip().splitlines())
)
"""Questions with their answers, in the fields that the environment looks for by default."""
