"""Mathematics with a tool: the tasks of other families, and Python in a sandbox."""

from textgym.registry import Entry

ENVIRONMENTS: tuple[Entry, ...] = (
    Entry(
        id="textgym/MathTool-v0",
        entry_point="textgym.envs.math.tool.env:MathTool",
        summary="Solve tasks of other mathematical families with Python in a sandbox at hand.",
        domain="math",
        tags=("multi-turn", "tools", "python"),
        needs=("sandbox",),
    ),
)
