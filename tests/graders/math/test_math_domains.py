"""What a comparison may not overlook: infinite values, empty sets, whose value it is, sizes; and where it has to be generous."""

import pytest

from textgym.graders import math_equal
from textgym.graders.math.equal import compare_math

EQUAL = [
    ("x<3, y<4", "y<4, x<3"),
    ("0<x<1, 0<y<2", "0<y<2, 0<x<1"),
    ("f(2)=3", "3"),
    ("f(x)=x^2", "f(t)=t^2"),
    ("P(A)=1/2", "P(A)=0.5"),
    ("f(x)=5", "f(t)=5"),
    ("e^{1000}", r"e^{500}\cdot e^{500}"),
    (r"\ln\frac{x}{y}", r"\ln x-\ln y"),
    (r"\ln(x^3)", r"3\ln x"),
    (r"\log(x^3)", r"3\log x"),
    (r"\ln(x^2y)", r"2\ln x+\ln y"),
    (r"\ln(x^2y^3)", r"2\ln x+3\ln y"),
    (r"\log_a\frac xy", r"\log_a x-\log_a y"),
    (r"\log_b(mn)", r"\log_b m+\log_b n"),
    (r"\ln\frac1x", r"-\ln x"),
    (r"\ln\sqrt[3]x", r"\frac13\ln x"),
    (r"\tanh^{-1}x", r"\frac12\ln\frac{1+x}{1-x}"),
    (r"\cosh^{-1}x", r"\ln(x+\sqrt{x^2-1})"),
    (r"\sqrt{x^3}", r"x\sqrt x"),
    (r"\sqrt{xy}", r"\sqrt x\sqrt y"),
    (r"\sqrt{x/y}", r"\frac{\sqrt x}{\sqrt y}"),
    ("(xy)^{1/2}", "x^{1/2}y^{1/2}"),
    ("(x^a)^b", "x^{ab}"),
    (r"\sqrt[6]{x^3}", r"\sqrt x"),
    ("x^{m/n}", r"\sqrt[n]{x^m}"),
    (r"\ln(xy)", r"\ln x+\ln y"),
    (r"\ln\frac{x+1}{x-1}", r"\ln(x+1)-\ln(x-1)"),
    (r"x=\frac{\pi}{4}+k\pi, k\in\mathbb{Z}", r"x=\frac{\pi}{4}+k\pi"),
    (r"x=\frac{\pi}{4}+k\pi, k\in\mathbb{Z}", r"\frac{\pi}{4}+k\pi"),
    (r"n\pi", r"\pi n, n \in \mathbb{Z}"),
    (r"k\pi, k\in\mathbb{Z}", r"n\pi, n\in\mathbb{Z}"),
    (r"\frac{x^2}{2}+C", r"\frac{x^2}{2}+c"),
    ("x+C", "x+K"),
    (r"2\cdot5=10", "10"),
    (r"\frac13 \approx 0.333", r"\frac13"),
    (r"\infty", r"+\infty"),
    (r"(-\infty,3)", "x<3"),
    (r"\frac{\pi}{4}+n\pi", r"\frac{\pi}{4}+k\pi"),
    (r"x=\frac{\pi}{4}+2n\pi", r"x=\frac{\pi}{4}+2k\pi"),
    (r"\frac{1}{6} = 0.1667", "1/6"),
    (r"\frac12\ln\frac{1+x}{1-x}", r"\frac12(\ln(1+x)-\ln(1-x))"),
    (r"y=\frac{x^2}{2}+C", r"y=\frac{x^2}{2}+c"),
    (r"\begin{pmatrix}1&2\end{pmatrix}", "(1,2)"),
    (r"\int_0^1 x dx", r"\frac12"),
    (r"A=\int_0^1 x dx", r"A=\frac12"),
    ("n!", r"n\cdot(n-1)!"),
    (r"3\times10^8", "300000000"),
    (r"3\times x", "3x"),
    (r"a\times b", "ab"),
]

UNEQUAL = [
    ("y=2x+1", r"q=\infty"),
    ("x^2+y^2=4", r"0=\infty"),
    ("3x+4y=12", r"m+\infty=0"),
    (r"y=\sin x", r"x=-\infty"),
    ("x=5", r"y=\ln 0"),
    (r"x \ne 19", r"n \ne \infty"),
    ("(7,3)", "x<x"),
    ("(7,3)", "[9,1]"),
    ("(2,-5)", "x^2<0"),
    ("(0,0)", "1<x<0"),
    ("(3,3)", r"(0,1)\cap(2,3)"),
    ("(x,y)=(7,3)", "[9,1]"),
    ("x=5, y=8", r"\mathbb{R}\setminus\mathbb{R}"),
    ("[5,2]", "(1,0)"),
    ("[7,3)", "(9,8)"),
    ("x^2+x+1=0", "x<x"),
    ("|x-3|=8", "x<x"),
    ("x", r"\sqrt{\cos i}"),
    ("x<3, y<4", "y<3, x<4"),
    ("x>0 and y<0", "y>0 and x<0"),
    ("a>0, b<0", "a<0, b>0"),
    (r"x\ge1,y\ge2,z\ge3", r"x\ge3,y\ge2,z\ge1"),
    ("0<x<1, 0<y<2", "0<x<2, 0<y<1"),
    (r"x \ne 1, y \ne 2", r"x\ne 2, y\ne 1"),
    ("P(A)=1/2, P(B)=1/3", "P(A)=1/3, P(B)=1/2"),
    ("P(A)=1/2", "P(B)=1/2"),
    ("P(X>1)=1/2", "P(X<1)=1/2"),
    ("P(X=1)=1/2", "P(X=2)=1/2"),
    ("f(0)=1, f(1)=2", "f(0)=2, f(1)=1"),
    ("f(2)=3", "f(1)=3"),
    ("2^{136279841}-1", "2^{136279841}"),
    ("2^{100000}-1", "2^{100000}"),
    ("2^{136279841}-1", "2^{136279841}+1"),
    ("10^{100000}", "10^{100000}+1"),
    ("9^{9^{9}}", "9^{9^{9}}+1"),
    (r"\tan(\pi/2)", r"\tan(\pi/2)+1"),
    (r"\sqrt{x^2}", "x"),
    (r"\sqrt{-1-x^2}", r"\sqrt{-2-x^2}"),
    (r"\ln x", r"\ln(2x)"),
    (r"k\pi, k\in\mathbb{Z}", r"2k\pi, k\in\mathbb{Z}"),
    (r"k\pi", r"2k\pi, k\in\mathbb{Z}"),
    ("Cx+c", "Cx+C"),
    (r"2\cdot6=10", "10"),
    (r"\frac13 \approx 0.444", r"\frac13"),
    ("0", r"\infty-\infty"),
    ("0", r"0\cdot\infty"),
    (r"\sin^2 x+\cos^2 x", "1+e^{-100}"),
    (r"\mathbb{R}", r"\{x | x \in \mathbb{R}, x \neq 2\}"),
    (r"\mathbb{R}", r"\{ x \mid -1 < x < 1, x \in \mathbb{R} \}"),
    ("x<x", r"x=1\text{ and }x=-2"),
    (r"\sum_{n=1}^\infty a_n", r"\sum_{n=0}^\infty a_n"),
    ("n", "k"),
    (r"n+\pi", r"k+\pi"),
    (r"\frac{1}{6} = 0.1767", "1/6"),
    ("ax^2+bx+c", "ax^2+bx+C"),
    (r"(\int_0^1 x dx, 5)", r"(\frac12, 7)"),
    (r"x=\int_0^1 x dx, y=5", "x=1/2, y=7"),
    (r"\{\int_0^1 x dx, 5\}", r"\{\frac12, 7\}"),
    (r"\vec a\times\vec b", r"\vec b\times\vec a"),
    (r"\mathbf{u}\cdot\mathbf{v}", r"\mathbf{u}\times\mathbf{v}"),
    (r"i\times j=k", r"j\times i=k"),
    (r"\mathbb{R}\times\mathbb{Z}", r"\mathbb{Z}\times\mathbb{R}"),
]


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_they_say_the_same(left, right):
    assert math_equal(left, right)
    assert math_equal(right, left)


@pytest.mark.parametrize(("left", "right"), UNEQUAL)
def test_they_do_not_say_the_same(left, right):
    assert not math_equal(left, right)
    assert not math_equal(right, left)


@pytest.mark.parametrize(
    "reference", ["y=2x+1", "x^2+y^2=4", "(7,3)", "x=5", "f(x)=x^2", r"x \ne 19", "n=5k+3", "[0,1)", "x<3"]
)
@pytest.mark.parametrize(
    "answer", [r"q=\infty", r"0=\infty", "x<x", "[9,1]", r"\infty", "1=1", "0<1", "()", "[]", "x=x", r"\emptyset"]
)
def test_no_answer_fits_whatever_is_asked(reference, answer):
    assert not compare_math(reference, answer).equal
    assert not compare_math(answer, reference).equal
