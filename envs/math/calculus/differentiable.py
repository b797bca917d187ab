"""Random formulas that are smooth for x from 1/4 to 9/4."""

from textgym.core import Random
from textgym.envs.math.closed_forms import Call, Formula, Product, Sum, X, number, over, power, times, total

_FUNCTIONS = ("sin", "cos", "exp", "ln", "sqrt")


def draw_function(operations: int, largest: int, rng: Random) -> tuple[Formula, str]:
    """A combination of so many products, quotients and compositions, times a number, plus a power; and its structure.

    Args:
        operations: how many operations join the basic functions.
        largest: largest coefficient.
        rng: private generator.
    """
    core, structure = _combined(operations, largest, rng)
    n = rng.randint(1, 6)
    last = times(number(rng.choice([-1, 1]) * rng.randint(1, largest)), power(X, n))
    factor = rng.choice([-1, 1, 1]) * rng.randint(1, largest)
    return total(times(number(factor), core), last), f"{structure}+x^{n}"


def _combined(operations: int, largest: int, rng: Random) -> tuple[Formula, str]:
    if operations == 0:
        return _basic(largest, rng)
    kind = rng.choice(["product", "quotient", "chain", "chain", "sum"])
    if kind == "chain":
        return _chain(operations - 1, largest, rng)
    left = rng.randrange(operations)
    one, first = _combined(left, largest, rng)
    if kind == "quotient":
        other, second = _positive(operations - 1 - left, largest, rng)
        return over(one, other), f"({first})/({second})"
    other, second = _combined(operations - 1 - left, largest, rng)
    if kind == "product":
        return times(one, other), f"({first})*({second})"
    return total(one, other), f"({first})+({second})"


def _positive(operations: int, largest: int, rng: Random) -> tuple[Formula, str]:
    """The same, above 0 everywhere in the interval."""
    if operations == 0:
        a, n, b = rng.randint(1, largest), rng.randint(1, 4), rng.randint(1, largest)
        return Sum((times(number(a), power(X, n)), number(b))), f"x^{n}+n"
    kind = rng.choice(["exp", "square", "wave"])
    inner, structure = _combined(operations - 1, largest, rng)
    b = rng.randint(1, largest)
    if kind == "exp" and operations == 1:
        slope = rng.choice([-3, -2, -1, 1, 2, 3])
        return total(Call("exp", times(number(slope), X)), number(b)), "exp(n*x)+n"
    if kind == "square":
        return Sum((power(inner, 2), number(b))), f"({structure})^2+n"
    function = rng.choice(["sin", "cos"])
    return Sum((Call(function, inner), number(b + 1))), f"{function}({structure})+n"


def _chain(operations: int, largest: int, rng: Random) -> tuple[Formula, str]:
    function = rng.choice([*_FUNCTIONS, "power"])
    if function in ("ln", "sqrt"):
        inner, structure = _positive(operations, largest, rng)
        return Call(function, inner), f"{function}({structure})"
    if function == "exp":  # of something small, so that values stay in range
        slope, n = rng.choice([-3, -2, -1, 1, 2, 3]), rng.randint(1, 3)
        outer: Formula = Call("exp", times(number(slope), power(X, n)))
        if operations == 0:
            return outer, f"exp(n*x^{n})"
        inner, structure = _combined(operations - 1, largest, rng)
        return times(inner, outer), f"({structure})*exp(n*x^{n})"
    inner, structure = _combined(operations, largest, rng)
    if function == "power":
        n = rng.randint(2, 5)
        raised = Sum((inner, number(rng.randint(1, largest))))
        return power(raised, n), f"({structure}+n)^{n}"
    return Call(function, inner), f"{function}({structure})"


def _basic(largest: int, rng: Random) -> tuple[Formula, str]:
    a, b, n = rng.randint(2, largest), rng.randint(1, largest), rng.randint(1, 5)
    kind = rng.choice(["power", "power", "line", "sin", "cos", "exp", "ln", "reciprocal"])
    match kind:
        case "power":
            return times(number(a), power(X, n)), f"n*x^{n}"
        case "line":
            return Sum((times(number(a), X), number(b))), "n*x+n"
        case "sin" | "cos":
            return Call(kind, times(number(a), X)), f"{kind}(n*x)"
        case "exp":
            return Call("exp", times(number(rng.choice([-3, -2, -1, 1, 2, 3])), X)), "exp(n*x)"
        case "ln":
            return Call("ln", Sum((times(number(a), X), number(b)))), "ln(n*x+n)"
    return Product((number(a),), (power(X, n),)), f"n/x^{n}"
