"""Tasks of another package, with our reading of answers."""

from textgym.registry import Entry

ENVIRONMENTS: tuple[Entry, ...] = (
    Entry(
        id="textgym/ReasoningGym-v0",
        entry_point="textgym.envs.math.wrapped.env:ReasoningGym",
        summary="Solve tasks of reasoning-gym's generators, judged strictly.",
        domain="math",
        tags=("single-turn", "puzzle", "wrapped"),
        needs=("reasoning-gym",),
    ),
)
