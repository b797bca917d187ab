"""Which names are known in an answer: functions, constants, Greek letters, words that join."""

FUNCTIONS = {
    name: (official or name)
    for name, _, official in (
        entry.partition(":")
        for entry in [
            "sin",
            "cos",
            "tan",
            "cot",
            "sec",
            "csc",
            "sinh",
            "cosh",
            "tanh",
            "coth",
            "sech",
            "csch",
            "arcsin",
            "arccos",
            "arctan",
            "arccot",
            "arcsec",
            "arccsc",
            "arsinh:asinh",
            "arcosh:acosh",
            "artanh:atanh",
            "arcsinh:asinh",
            "arccosh:acosh",
            "arctanh:atanh",
            "asin:arcsin",
            "acos:arccos",
            "atan:arctan",
            "acot:arccot",
            "asec:arcsec",
            "acsc:arccsc",
            "asinh",
            "acosh",
            "atanh",
            "tg:tan",
            "ctg:cot",
            "cosec:csc",
            "arctg:arctan",
            "sinc",
            "ln",
            "log",
            "lg",
            "exp",
            "abs",
            "floor",
            "ceil",
            "ceiling:ceil",
            "sgn",
            "sign:sgn",
            "gcd",
            "lcm",
            "max",
            "min",
            "det",
            "arg",
            "Re:re",
            "Im:im",
            "re",
            "im",
            "Gamma:gamma",
            "erf",
            "sqrt",
            "cbrt",
            "cis",
            "mod",
            "binom",
            "factorial",
            "conj",
        ]
    )
}
"""What a function is called, by each of its names."""
CALLED = frozenset(
    [
        "sinc",
        "gcd",
        "lcm",
        "max",
        "min",
        "det",
        "arg",
        "re",
        "im",
        "Gamma",
        "erf",
        "mod",
        "binom",
        "factorial",
        "conj",
        "sgn",
        "abs",
        "floor",
        "ceil",
    ]
)
"""Functions that are so only with parentheses."""
INVERSES = {
    "sin": "arcsin", "cos": "arccos", "tan": "arctan", "cot": "arccot", "sec": "arcsec", "csc": "arccsc",
    "sinh": "asinh", "cosh": "acosh", "tanh": "atanh",
}  # fmt: skip
GREEK = frozenset(
    [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "lambda",
        "mu",
        "nu",
        "xi",
        "rho",
        "sigma",
        "tau",
        "upsilon",
        "phi",
        "chi",
        "psi",
        "omega",
        "Gamma",
        "Delta",
        "Theta",
        "Lambda",
        "Xi",
        "Pi",
        "Sigma",
        "Phi",
        "Psi",
        "Omega",
    ]
)
CONSTANTS = {"pi": "pi", "e": "e", "i": "i", "infty": "oo", "inf": "oo", "infinity": "oo", "oo": "oo", "Infinity": "oo"}
JOINERS = {"and": "and", "or": "or", "land": "and", "lor": "or", "AND": "and", "OR": "or"}
RELATIONS = {
    "=": "=", "==": "=", "<": "<", ">": ">", "<=": "<=", ">=": ">=", "!=": "!=", "<>": "!=", "le": "<=", "ge": ">=",
    "ne": "!=", "approx": "~", "sim": "~", "in": "in", "notin": "notin", "equiv": "equiv", "subset": "subset", "to": "to",
    "->": "to", "implies": "to", "Rightarrow": "to", "iff": "iff", "rightarrow": "to", "perp": "perp",
    "parallel": "parallel", "doteq": "=", "propto": "propto",
}  # fmt: skip
SETS = {"cup": "cup", "cap": "cap", "setminus": "setminus"}
APPLIED, SOMETIMES_APPLIED = frozenset("fg"), frozenset("hFGHPQW")
"""Letters that name functions where a bracket follows; those in the second only where it holds a letter or a number."""
SYNONYMS = {
    "dne": "does not exist", "no solutions": "no solution", "no real solutions": "no real solution",
    "y": "y", "n": "n", "all reals": "all real numbers", "all real number": "all real numbers", "nan": "undefined",
    "not defined": "undefined", "none of the above": "none of these", "doesn't exist": "does not exist",
}  # fmt: skip
EMPTY = frozenset(["no solution", "no real solution", "none"])
"""Words that are also the empty set."""
_FACTORS = (frozenset("abcd"), frozenset("abcxyz"), frozenset("bcdfghjklmnpqrstvwxyz"))
"""Letters that are variables when nothing but they are an answer: a family that no two words share."""

_SHORT_WORDS = frozenset(["not", "nor", "the", "max", "min", "for", "but", "yes"])


def is_product(letters: str) -> bool:
    """Whether a run of letters that is a whole answer is a product of variables, such as `xy`, and not a word."""
    if not 2 <= len(letters) <= 4 or not letters.islower() or len(set(letters)) < len(letters):
        return False
    if letters in ("bad", "dab", "cab", "cad", "by", "my"):
        return False
    return any(set(letters) <= family for family in _FACTORS)


def is_word(letters: str) -> bool:
    """Whether a run of letters among other signs is a word, and not a product of variables."""
    if len(letters) < 4:
        return letters in _SHORT_WORDS
    vowels = sum(letters.lower().count(vowel) for vowel in "aeiou")
    return len(letters) > 5 or not letters.islower() or vowels > letters.count("a") or len(set(letters)) < len(letters)
