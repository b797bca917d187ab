"""Sequences, recurrences and sums."""

from textgym.registry import Entry

ENVIRONMENTS: tuple[Entry, ...] = (
    Entry(
        id="textgym/NextTerm-v0",
        entry_point="textgym.envs.math.sequences.next_term:NextTerm",
        summary="Continue a sequence; the next term is proven to be the only one.",
        domain="math",
        tags=("single-turn", "sequences", "induction"),
    ),
    Entry(
        id="textgym/RecurrenceTerm-v0",
        entry_point="textgym.envs.math.sequences.recurrence_term:RecurrenceTerm",
        summary="Find a later term of a sequence that is defined by a recurrence.",
        domain="math",
        tags=("single-turn", "sequences"),
    ),
    Entry(
        id="textgym/ClosedForm-v0",
        entry_point="textgym.envs.math.sequences.closed_form:ClosedForm",
        summary="Find a formula in n for a recurrence or a sum.",
        domain="math",
        tags=("single-turn", "sequences", "algebra"),
    ),
    Entry(
        id="textgym/FiniteSum-v0",
        entry_point="textgym.envs.math.sequences.finite_sum:FiniteSum",
        summary="Find the exact value of a finite sum.",
        domain="math",
        tags=("single-turn", "sequences"),
    ),
)
