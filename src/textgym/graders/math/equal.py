"""`math_equal`: whether an answer says the same as the reference, by a cascade of steps, each decided by our own code.

No step evaluates text. An answer is read into a syntax tree by a bounded parser, and everything after works on the tree.
"""

import re
from dataclasses import dataclass

from textgym.graders.math.budget import Budget, TooHard
from textgym.graders.math.choices import is_letter, same_letter
from textgym.graders.math.comparison import Comparison, Step
from textgym.graders.math.names import is_value
from textgym.graders.math.numbers import Exact
from textgym.graders.math.options import DEFAULT, MAX_CHARS, MathOptions
from textgym.graders.math.reading import Reading, read
from textgym.graders.math.text import folded, literal
from textgym.graders.math.tree import Node

_TIMES = re.compile(r" *(?:\*|\\cdot(?![A-Za-z])| ) *")
_MATHEMATICAL = re.compile(r"[\d=<>^_+*/|!?&%~()\[\]\\]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a comparison found.

    Attributes:
        equal: whether the answer says the same as the reference.
        step: the step that decided it.
        decided: False where the comparison was given up, at a limit or because no step applied; then `equal` is False.
        timed_out: whether it was a clock at which it was given up.
        reason: why, for a person; it may quote neither side.
    """

    equal: bool
    step: Step
    decided: bool = True
    timed_out: bool = False
    reason: str = ""

    def __bool__(self) -> bool:
        return self.equal


def math_equal(reference: str, answer: str, options: MathOptions = DEFAULT) -> bool:
    """Whether a bare answer says the same as the reference.

    Args:
        reference: the right answer, as LaTeX or as plain text.
        answer: what is compared with it; text of a model may be given as it is.
        options: which conventions count.

    Returns:
        False also where the comparison was given up; `compare_math` tells the two apart.
    """
    return compare_math(reference, answer, options).equal


def compare_math(reference: str, answer: str, options: MathOptions = DEFAULT) -> Verdict:
    """`math_equal` with the step that decided it."""
    if reference == answer:
        return Verdict(bool(reference.strip()), "text")
    if max(len(reference), len(answer)) > MAX_CHARS:
        equal = reference.strip() == answer.strip()
        return Verdict(equal, "text", decided=equal, reason=f"a text has more than {MAX_CHARS:,} characters")
    left, right = read(reference, options.decimal_comma), read(answer, options.decimal_comma)
    if left.text == right.text:
        return Verdict(bool(left.text), "text")
    if not left.text or not right.text:
        return Verdict(False, "text")
    if left.choice is not None or right.choice is not None:
        return _chosen(left, right, options)
    if same_letter(left.text, right.text) or _same_capitals(left.text, right.text):
        return Verdict(True, "words")
    return _compared(left, right, options)


def _same_capitals(left: str, right: str) -> bool:
    """Whether one text is a run of capitals, and the other one the same in this order with signs of a product: IR and I * R."""
    return any(
        one.isalpha() and one.isupper() and _TIMES.search(other) is not None and _TIMES.sub("", other) == one
        for one, other in ((left, right), (right, left))
    )


def _compared(left: Reading, right: Reading, options: MathOptions) -> Verdict:
    """Two texts, neither of which is empty."""
    if left.text == right.text:
        return Verdict(True, "text")
    if left.exact is not None and right.exact is not None:
        if _same_numbers(left.exact, right.exact, options):
            return Verdict(True, "number")
        if not (left.ambiguous or right.ambiguous):
            return Verdict(False, "number")
    same_words = left.words == right.words
    if (
        left.words is not None
        and right.words is not None
        and (same_words or not (left.lists_words and right.lists_words))
    ):
        return Verdict(same_words, "words")
    return _by_trees(left, right, options)


def _same_numbers(a: Exact, b: Exact, options: MathOptions) -> bool:
    x, y = a.value, b.value
    if a.percent != b.percent and options.percent == "fraction":
        x, y = (x / 100 if a.percent else x), (y / 100 if b.percent else y)
    if x == y:
        return True
    if options.decimals == "exact" or (a.places is None and b.places is None):
        return False
    places = min(one.places for one in (a, b) if one.places is not None)
    decimal, other = (x, y) if a.places == places else (y, x)
    return bool(abs(decimal - other) * 2 * 10**places <= 1)


def _chosen(left: Reading, right: Reading, options: MathOptions) -> Verdict:
    """A choice with its content, as in (B) 12: beside another one the letters count, else either part may be meant."""
    if left.choice is not None and right.choice is not None:
        return Verdict(left.choice.letter == right.choice.letter, "words")
    chosen, other = (left.choice, right) if left.choice is not None else (right.choice, left)
    assert chosen is not None
    if is_letter(other.text, chosen.letter):
        return Verdict(True, "words")
    content = read(chosen.content, options.decimal_comma)
    if not content.text:
        return Verdict(False, "words")
    return _compared(content, other, options) if left.choice is not None else _compared(other, content, options)


def _by_trees(left: Reading, right: Reading, options: MathOptions) -> Verdict:
    budget = Budget()
    step: Step = "words"
    unsettled: list[tuple[Node, Node]] = []
    try:
        percent_is_number = options.percent == "number"
        ours, theirs = left.prepared(percent_is_number), right.prepared(percent_is_number)
        if not ours or not theirs:
            return _as_words(left, right)
        for a in ours:
            for b in theirs:
                comparison = Comparison(options, budget)
                if comparison.answers(a, b):
                    return Verdict(True, comparison.step)
                step = comparison.step
                unsettled += comparison.unsettled
    except TooHard as error:
        return Verdict(False, "points", decided=False, timed_out=error.timed, reason=str(error))
    except RecursionError:
        return Verdict(False, "structure", decided=False, reason="the answer is nested too deeply")
    if not unsettled:
        return Verdict(False, step)
    return _symbolic(ours, theirs, unsettled, options, budget)


def _as_words(left: Reading, right: Reading) -> Verdict:
    mathematical = any(_MATHEMATICAL.search(side.text) for side in (left, right))
    fold = literal if mathematical else folded
    equal = fold(left.text) == fold(right.text) != ""
    reason = "" if equal else "a text is no mathematics that is understood here"
    return Verdict(equal, "words", reason=reason)


def _symbolic(
    ours: list[Node], theirs: list[Node], unsettled: list[tuple[Node, Node]], options: MathOptions, budget: Budget
) -> Verdict:
    """What points do not decide is given to computer algebra, where the whole answers are expressions."""
    from textgym.graders.math.symbolic import ask, worth_asking

    pair = unsettled[0]
    whole = len(unsettled) == len(ours) == len(theirs) == 1 and is_value(ours[0]) and is_value(theirs[0])
    if not (options.symbolic and whole and worth_asking(*pair)):
        return Verdict(False, "points", decided=False, reason="the values are beyond what is worked out")
    found = ask(*pair, options.log, budget.left())
    if found == "equal":
        return Verdict(True, "symbolic")
    timed = found == "timeout"
    reason = {"timeout": "computer algebra took longer than it may", "undecided": "computer algebra did not decide it"}
    return Verdict(False, "symbolic", decided=found == "unequal", timed_out=timed, reason=reason.get(found, ""))
