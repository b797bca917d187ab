"""Counting and probability, in exact fractions."""

from textgym.registry import Entry

_PACKAGE = "textgym.envs.math.combinatorics"

ENVIRONMENTS: tuple[Entry, ...] = (
    Entry(
        id="textgym/CountingArrangements-v0",
        entry_point=f"{_PACKAGE}.counting_arrangements:CountingArrangements",
        summary="Count the ways to put letters, some of them alike, in a row under rules.",
        domain="math",
        tags=("single-turn", "combinatorics"),
    ),
    Entry(
        id="textgym/CombinationsWithRules-v0",
        entry_point=f"{_PACKAGE}.combinations_with_rules:CombinationsWithRules",
        summary="Count the committees that keep rules about groups and about pairs of persons.",
        domain="math",
        tags=("single-turn", "combinatorics"),
    ),
    Entry(
        id="textgym/InclusionExclusion-v0",
        entry_point=f"{_PACKAGE}.inclusion_exclusion:InclusionExclusion",
        summary="Count numbers or solutions by inclusion and exclusion.",
        domain="math",
        tags=("single-turn", "combinatorics"),
    ),
    Entry(
        id="textgym/DiceProbability-v0",
        entry_point=f"{_PACKAGE}.dice_probability:DiceProbability",
        summary="Find the probability of an event when dice with given faces are rolled.",
        domain="math",
        tags=("single-turn", "probability"),
    ),
    Entry(
        id="textgym/UrnProbability-v0",
        entry_point=f"{_PACKAGE}.urn_probability:UrnProbability",
        summary="Find the probability of an event when balls are drawn from an urn.",
        domain="math",
        tags=("single-turn", "probability"),
    ),
    Entry(
        id="textgym/ConditionalProbability-v0",
        entry_point=f"{_PACKAGE}.conditional_probability:ConditionalProbability",
        summary="Reason from what was seen to its cause, by Bayes' theorem.",
        domain="math",
        tags=("single-turn", "probability"),
    ),
    Entry(
        id="textgym/ExpectedValue-v0",
        entry_point=f"{_PACKAGE}.expected_value:ExpectedValue",
        summary="Find the exact expected value of a random quantity.",
        domain="math",
        tags=("single-turn", "probability"),
    ),
    Entry(
        id="textgym/LatticePaths-v0",
        entry_point=f"{_PACKAGE}.lattice_paths:LatticePaths",
        summary="Count the paths across a grid that keep clear of some points.",
        domain="math",
        tags=("single-turn", "combinatorics"),
    ),
)
