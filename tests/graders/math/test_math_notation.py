"""Notations of a field: logic, vectors, congruences, counting, sets of solutions, derivatives; and texts that make no sense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_math_pairs import settled

from textgym.graders import compare_math
from textgym.graders.math.budget import Budget
from textgym.graders.math.comparison import Comparison
from textgym.graders.math.options import DEFAULT
from textgym.graders.math.parser import parse

EQUAL = r"""
# logic
p\land q ~~ q\land p
p\lor q ~~ q\lor p
\neg p \lor q ~~ q \lor \neg p
p\land(q\lor r) ~~ (r\lor q)\land p
p\to q\lor r ~~ p \to r\lor q
A and B ~~ B and A
A and C ~~ A, C
x<1 \lor x>2 ~~ x<1 or x>2
x=1\lor x=2 ~~ 1,2
x=1 or x=2 ~~ x=1, x=2
x=1\land y=2 ~~ x=1,y=2
\forall x\exists y ~~ \forall x \exists y
# vectors
\vec v ~~ \mathbf v
\vec v ~~ \mathbf{v}
\vec a\cdot\vec b ~~ \vec b\cdot\vec a
\vec a\cdot\vec a ~~ |\vec a|^2
|\vec a||\vec b|\cos\theta ~~ |\vec b|\cdot|\vec a|\cdot\cos\theta
\mathbf{F}=m\mathbf{a} ~~ \mathbf F = \mathbf a m
\vec v = (1,2) ~~ v = \langle 1,2\rangle
\vec v = (1,2) ~~ (1,2)
\mathbf{x}=3 ~~ x=3
3\hat i-2\hat j+\hat k ~~ \langle3,-2,1\rangle
3\hat i-2\hat j+\hat k ~~ 3\mathbf i-2\mathbf j+\mathbf k
3\hat i-2\hat j+\hat k ~~ 3\vec i-2\vec j+\vec k
3\hat{\imath}-2\hat{\jmath} ~~ (3,-2)
\frac{3\hat i-2\hat j}{5} ~~ \langle 3/5,-2/5\rangle
2(\hat i+\hat j) ~~ 2\hat i+2\hat j
\mathbf v = 2\mathbf i-\mathbf j ~~ \langle 2,-1\rangle
3i-2j+k ~~ (3,-2,1)
\mathbf{B} ~~ B
\mathbf{A}, \mathbf{B} ~~ A, B
\mathbf{A}^{-1} ~~ A^{-1}
\hat p\cdot\hat q ~~ \hat q \hat p
2\times 3 ~~ 6
a\times b ~~ ba
2x\times 3y ~~ 6xy
# congruences
x \equiv 3 \pmod{7} ~~ 3 (mod 7)
x \equiv 3 \pmod{7} ~~ 3 \pmod 7
x \equiv 3 \pmod{7} ~~ x = 3 mod 7
x \equiv 3 \pmod{7} ~~ x \equiv 3 \mod 7
x \equiv 3 \pmod{7} ~~ x \equiv 3 \bmod 7
x \equiv -4 \pmod 7 ~~ x \equiv 3 \pmod 7
3 (mod 7) ~~ x = 3 mod 7
10 \pmod 7 ~~ 3 \pmod 7
3 \text{ (mod 7)} ~~ 3 \pmod 7
3\ (\text{mod }7) ~~ 3 \pmod 7
2n+1 \pmod 4 ~~ 1+2n \pmod{4}
x \equiv 1, 4 \pmod 5 ~~ x \equiv 4, 1 \pmod 5
x \equiv 1 \pmod 5 or x\equiv 4\pmod 5 ~~ 1, 4 \pmod 5
12 \bmod 5 ~~ 2
12 mod 5 ~~ 2
# factorials
\frac{8!}{2!2!} ~~ 10080
\frac{9!}{3!3!3!} ~~ 1680
\frac{10!}{5!5!} ~~ 252
4!3! ~~ 144
4! 3! ~~ 144
3!2^3 ~~ 48
(3!)! ~~ 720
7!! ~~ 105
8!! ~~ 384
(2n)!! ~~ 2^n n!
(2n-1)!! ~~ \frac{(2n)!}{2^n n!}
# combinations and permutations
C(5,2) ~~ 10
P(5,2) ~~ 20
5C2 ~~ 10
_5C_2 ~~ 10
{}_5C_2 ~~ 10
{}_5P_2 ~~ 20
^{5}C_{2} ~~ 10
^5P_2 ~~ 20
{}_{10}C_3 ~~ 120
{}^nC_r ~~ \binom nr
_nC_r ~~ \frac{n!}{r!(n-r)!}
{}_nP_r ~~ \frac{n!}{(n-r)!}
\mathrm{C}_5^2 ~~ 10
\mathrm{C}_5^2\mathrm{C}_4^1 ~~ 40
\mathrm{A}_5^2 ~~ 20
C_{5}^{2} ~~ 10
\frac{C(5,2)}{C(10,2)} ~~ 10/45
C(5,2)C(4,1) ~~ 40
\binom52 ~~ 10
# sets of solutions
x=\frac{\pi}{4}+k\pi, k\in\mathbb{Z} ~~ x=\frac{\pi}{4}+k\pi
x=\frac{\pi}{4}+k\pi, k\in\mathbb{Z} ~~ \frac{\pi}{4}+k\pi
n\pi ~~ \pi n, n \in \mathbb{Z}
x \ne 1, 2 ~~ \mathbb{R}\setminus\{1,2\}
x\ne1, x\ne2 ~~ \mathbb{R}\setminus\{1,2\}
x \neq \pm 1 ~~ \mathbb{R}\setminus\{-1,1\}
all real numbers except 0 ~~ x\ne0
All real numbers except 1 and 2 ~~ x\ne 1,2
\text{All real numbers except } x = 0 ~~ x \ne 0
all reals other than 3 ~~ (-\infty,3)\cup(3,\infty)
\begin{cases}x=1\\y=2\end{cases} ~~ x=1, y=2
\begin{cases}x=1,\\y=2\end{cases} ~~ (x,y)=(1,2)
\left\{\begin{array}{l}x=1\\y=2\end{array}\right. ~~ x=1,y=2
\begin{cases}x>1\\x<3\end{cases} ~~ (1,3)
f(x)=\begin{cases}x&x>0\\0&x\le0\end{cases} ~~ \begin{cases}x&x>0\\0&x\le 0\end{cases}
# bars
\overline{3+4i} ~~ 3-4i
\overline{(1+i)^2} ~~ -2i
\overline{\frac{1}{1+i}} ~~ \frac{1+i}{2}
\overline{AB} ~~ AB
\overline{AB}=5 ~~ AB=5
\overline{AB} \parallel \overline{CD} ~~ AB \parallel CD
# derivatives and integrals
\frac{d}{dx}x^2 ~~ 2x
\frac{d}{dx}\sin x ~~ \cos x
\frac{d}{dx}(x^3+2x) ~~ 3x^2+2
\frac{d}{dx}\left[x\sin x\right] ~~ \sin x+x\cos x
\frac{d}{dx}e^{2x} ~~ 2e^{2x}
\frac{d}{dx}x^x ~~ x^x(\ln x+1)
\frac{d}{dx}\frac{x}{x+1} ~~ \frac{1}{(x+1)^2}
\frac{d}{dx}\sqrt{x} ~~ \frac{1}{2\sqrt x}
\frac{d}{dx}\arctan x ~~ \frac1{1+x^2}
\frac{d}{dx}\log_2 x ~~ \frac{1}{x\ln 2}
\frac{d}{dx}ax^2 ~~ 2ax
\frac{d}{dt}t^2+1 ~~ 2t+1
\frac{d^2}{dx^2}x^4 ~~ 12x^2
\frac{\partial}{\partial x}(x^2y) ~~ 2xy
\frac{\mathrm{d}}{\mathrm{d}x}x^2 ~~ 2x
\frac{d}{d\theta}\sin\theta ~~ \cos\theta
d/dx (x^2) ~~ 2x
\frac{dy}{dx}=2x ~~ 2x
\int x\,dx ~~ \frac{x^2}{2}+C
\int 2x dx ~~ x^2+C
x^2+C ~~ x^2+c
"""
UNEQUAL = r"""
# logic
p\land q ~~ p\lor q
\neg p\lor q ~~ \neg p\land q
\neg p\lor q ~~ p\lor\neg q
\neg p ~~ p
(p\land q)\lor r ~~ p\land(q\lor r)
p\lor q\land r ~~ (p\lor q)\land r
p\to q ~~ q\to p
p\to q\lor r ~~ p\to q\land r
A and B ~~ A or B
A or B ~~ A
\forall x\exists y ~~ \exists y\forall x
\forall x P(x) ~~ \exists x P(x)
\forall x \in \mathbb{R}, x^2\ge 0 ~~ \exists x\in\mathbb{R}, x^2\ge 0
\neg\forall x P(x) ~~ \forall x\neg P(x)
a\prec b ~~ b\prec a
a\mapsto b ~~ b\mapsto a
# vectors
\vec v ~~ \vec w
\vec v ~~ v
(\vec a\cdot\vec b)\vec c ~~ (\vec b\cdot\vec c)\vec a
\vec v=(1,2) ~~ \vec v=(2,1)
\vec v=(1,2) ~~ \vec w=(1,2)
3\hat i-2\hat j ~~ \langle -2,3\rangle
3\hat i-2\hat j+\hat k ~~ 3\hat i+2\hat j+\hat k
3\hat i-2\hat j+\hat k ~~ 2
3i-2j+k ~~ (3,2,1)
3+2i ~~ (3,2)
# congruences
3\pmod 7 ~~ 3\pmod 5
3\pmod 7 ~~ 4\pmod 7
3\pmod 7 ~~ 10
3\pmod 7 ~~ (3,7)
x\equiv 3\pmod 7 ~~ x\equiv 3\pmod 5
x\equiv 3\pmod 7 ~~ y\equiv 3\pmod 7
x\equiv 3\pmod 7 ~~ x\equiv 3\pmod{14}
x\equiv 3\pmod 7 ~~ 2x\equiv 3\pmod 7
x\equiv 3\pmod 7 ~~ x=3
x\equiv 3\pmod 7 ~~ x\equiv 3
x\equiv 1, 4\pmod 5 ~~ x\equiv 1,3\pmod 5
x\equiv 1, 4\pmod 5 ~~ x\equiv 1\pmod 5
# factorials, combinations and permutations
7!! ~~ 5040
(7!)! ~~ 105
4!3! ~~ 43!
4!3! ~~ 7!
C(5,2) ~~ (5,2)
C(5,2) ~~ 20
P(5,2) ~~ 10
P(5,2) ~~ (5,2)
{}_5P_2 ~~ 10
_5C_2 ~~ _5C_1
C(x,y)=10 ~~ C(5,2)
\mathrm{C}_5^2 ~~ 25
C_1^2 ~~ C_2^2
# sets of solutions
x\ne 1,2 ~~ \mathbb R\setminus\{1\}
x\ne 1,2 ~~ \mathbb{R}
x\ne 1,2 ~~ x=1,2
x\ne\pm1 ~~ \mathbb R
x\ne\pm1 ~~ x\ne 1
all real numbers except 0 ~~ all real numbers
all real numbers except 0 ~~ 0
all real numbers except 0 ~~ x \ne 1
\begin{cases}x=1\\y=2\end{cases} ~~ x=2,y=1
\begin{cases}x=1\\y=2\end{cases} ~~ \begin{cases}x=1\\y=3\end{cases}
\begin{cases}x>1\\x<3\end{cases} ~~ x>1 or x<3
# bars
\overline{3+4i} ~~ 3+4i
\overline{3+4i} ~~ 4+3i
\overline{z+i} ~~ z-i
\overline{AB} ~~ BA
\overline{AB} ~~ CD
\overline{AB} ~~ \overrightarrow{AB}
\overline{AB} ~~ A\cdot B
# derivatives and integrals
\frac{d}{dx}x^2 ~~ x
\frac{d}{dx}x^2 ~~ x^2
\frac{d}{dx}y^2 ~~ 2y
\frac{d}{dx}y^2 ~~ 0
\frac{d}{dx}y^2 ~~ xy^2
\frac{d}{dt}x ~~ 0
\frac{d}{dx}f(x) ~~ f(x)
\frac{d}{dx}f(x) ~~ \frac{f(x)}{x}
\frac{d}{dx}x^2 ~~ \frac{d}{dx}x^3
\frac{d}{dx}\cos x ~~ \sin x
\int x dx ~~ \frac{x^2}{2}
\int x dx ~~ x^2+C
# no sense
5 ~~ \mod 3
x ~~ x \text{ mod } 3
(1,2) ~~ + /
y=2x ~~ \begin{pmatrix} \end{pmatrix}
5 ~~ \log \arg \det \begin{cases} \end{cases}
5 ~~ \det \begin{cases}1\\2&3\end{cases}
5 ~~ \mathrm{C}_10^3
5 ~~ \lg(1,2,3)
"""
PRODUCTS = [
    (r"\vec a\times\vec b", r"\mathbf a\times\mathbf b", True),
    (r"2\vec a\times\vec b", r"\vec a\times 2\vec b", True),
    (r"\vec a\times\vec b", r"-\vec b\times\vec a", True),
    (r"\vec a\cdot(\vec b\times\vec c)", r"\vec a\cdot\vec b\times\vec c", True),
    (r"\mathbf A\times\mathbf B", r"\vec A\times\vec B", True),
    (r"\mathbb R\times\mathbb Z", r"\mathbb{R}\times\mathbb{Z}", True),
    (r"2\times 3", "6", True),
    (r"2x\times 3y", "6xy", True),
    (r"a\times b", "ba", True),
    (r"\vec a\times\vec b", r"\vec b\times\vec a", False),
    (r"2\vec a\times 3\vec b", r"6\vec b\times\vec a", False),
    (r"\vec a\times(\vec b\times\vec c)", r"(\vec a\times\vec b)\times\vec c", False),
    (r"\mathbf{u}\cdot\mathbf{v}", r"\mathbf{u}\times\mathbf{v}", False),
    (r"\mathbf A\times\mathbf B", r"\mathbf B\times\mathbf A", False),
    (r"\mathbf A\times\mathbf B", r"\mathbf A\cdot\mathbf B", False),
    (r"i\times j=k", r"j\times i=k", False),
    (r"\mathbb{R}\times\mathbb{Z}", r"\mathbb{Z}\times\mathbb{R}", False),
]


def table(text: str) -> list[tuple[str, str]]:
    return [tuple(line.split(" ~~ ")) for line in text.strip().splitlines() if not line.startswith("# ")]


@pytest.mark.parametrize(("left", "right"), table(EQUAL))
def test_two_notations_of_the_same_are_equal_both_ways_round(left, right):
    assert settled(left, right).equal
    assert settled(right, left).equal


@pytest.mark.parametrize(("left", "right"), table(UNEQUAL))
def test_notations_that_look_alike_are_unequal_both_ways_round(left, right):
    assert not settled(left, right).equal
    assert not settled(right, left).equal


@pytest.mark.parametrize(("left", "right", "equal"), PRODUCTS)
def test_a_cross_between_vectors_or_spaces_has_an_order_and_is_no_dot(left, right, equal):
    a, b = parse(left), parse(right)
    assert Comparison(DEFAULT, Budget()).answers(a, b) is equal
    assert Comparison(DEFAULT, Budget()).answers(b, a) is equal


def test_a_derivative_that_is_not_worked_out_equals_itself():
    assert settled(r"\frac{d}{dx} f(x)", r"\frac{d}{dx}f(x)").equal
    assert not settled(r"\frac{d}{dx} f(x)", r"\frac{d}{dx}g(x)").equal


@pytest.mark.parametrize(
    "answer",
    [r"\frac{d}{dx}" * 300 + "x", r"\frac{d}{dx}(" * 30 + r"x^{x^{x}}" + ")" * 30, r"i\times j" + r"\times\vec a" * 330,
     r"10000!\pmod 7, " * 250 + r"1\pmod 7", "999!!" * 700, r"\neg" * 900 + "p", r"p\lor(q\land(" * 200, "x_5C_2" * 500],
    ids=lambda text: f"{text[:12]!a}-{len(text)}",
)  # fmt: skip
def test_a_notation_piled_up_is_refused(answer):
    assert not compare_math("x+1", answer).equal
    assert not compare_math(answer, "x+1").equal


PIECES = r"""
    x y n p q i j k A C P T d dx 1 2 3 10 1.5 + - * / ^ _ ( ) [ ] { } \{ \} , ; : = < | ! !! % ' & \\ {} \times \cdot \pm
    \land \lor \neg \to \forall \exists \equiv \pmod \bmod \mod mod (mod \ne \in \setminus \cup \mathbb{R} \mathbb{Z} and or
    \vec \hat \mathbf \mathbf{u} \overline \overline{AB} \overline{3+4i} \mathrm{C} \text{C} _5C_2 \binom \frac \frac{d}{dx}
    d/dx \partial \int \sum \sqrt \log \lg \det \arg \gcd \begin{cases} \end{cases} \begin{pmatrix} \end{pmatrix}
    \left\{ \right. \text{cm} all real numbers except
"""


@given(
    st.lists(st.sampled_from(PIECES.split()), min_size=1, max_size=14).map(" ".join),
    st.sampled_from([pair[0] for pair in table(EQUAL)]),
)
def test_any_heap_of_notation_raises_nothing_and_has_the_same_verdict_both_ways(heap, reference):
    one, other = compare_math(reference, heap), compare_math(heap, reference)
    if not (one.timed_out or other.timed_out):
        assert one.equal is other.equal
