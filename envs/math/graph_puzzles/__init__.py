"""Puzzles on graphs and boards: paths, cuts, colours, orders, boxes to push; any right answer is accepted."""

from textgym.registry import Entry


def _entry(name: str, module: str, summary: str, *tags: str) -> Entry:
    return Entry(
        id=f"textgym/{name}-v0",
        entry_point=f"textgym.envs.math.graph_puzzles.{module}:{name}",
        summary=summary,
        domain="math",
        tags=("single-turn", "graph", "puzzle", *tags),
    )


ENVIRONMENTS: tuple[Entry, ...] = (
    _entry("ShortestPath", "shortest_path", "Find a shortest path between two vertices of a weighted graph."),
    _entry("MinimumSpanningTree", "spanning_tree", "Choose edges that join all vertices at the least weight."),
    _entry("TopologicalOrder", "topological_order", 'Put jobs in an order that keeps to rules "A before B".'),
    _entry("GraphColouring", "graph_colouring", "Colour vertices so that no edge joins two of one colour."),
    _entry("HamiltonPath", "hamilton_path", "Find a path that visits every vertex of a graph once."),
    _entry("MinimumCut", "minimum_cut", "Part source and sink of a network at the least capacity."),
    _entry("Assignment", "assignment", "Give every worker a job of their own at the least total cost."),
    _entry("SlidingTiles", "sliding_tiles", "Slide numbered tiles into order within a number of moves."),
    _entry("Sokoban", "sokoban", "Push all boxes onto goals."),
)
