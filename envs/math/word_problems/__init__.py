"""Problems in words, from typed templates with units."""

from textgym.registry import Entry

ENVIRONMENTS: tuple[Entry, ...] = (
    Entry(
        id="textgym/WordProblem-v0",
        entry_point="textgym.envs.math.word_problems.word_problem:WordProblem",
        summary="Find what follows from short stories about motion, work, mixtures, ages, money and shares.",
        domain="math",
        tags=("single-turn", "word-problem", "arithmetic", "algebra"),
    ),
    Entry(
        id="textgym/UnitConversion-v0",
        entry_point="textgym.envs.math.word_problems.unit_conversion:UnitConversion",
        summary="Write a quantity in another unit, exactly.",
        domain="math",
        tags=("single-turn", "word-problem", "units"),
    ),
)
