"""Lengths, areas, angles and transformations, exact."""

from textgym.registry import Entry

_PACKAGE = "textgym.envs.math.geometry"

ENVIRONMENTS: tuple[Entry, ...] = (
    Entry(
        id="textgym/TriangleArea-v0",
        entry_point=f"{_PACKAGE}.triangle_area:TriangleArea",
        summary="Find the exact area of a triangle from its corners or its sides' lines.",
        domain="math",
        tags=("single-turn", "geometry"),
    ),
    Entry(
        id="textgym/PolygonArea-v0",
        entry_point=f"{_PACKAGE}.polygon_area:PolygonArea",
        summary="Find the exact area of a polygon, which need not be convex.",
        domain="math",
        tags=("single-turn", "geometry"),
    ),
    Entry(
        id="textgym/LatticePoints-v0",
        entry_point=f"{_PACKAGE}.lattice_points:LatticePoints",
        summary="Count the points with whole coordinates inside a polygon.",
        domain="math",
        tags=("single-turn", "geometry"),
    ),
    Entry(
        id="textgym/SurdDistance-v0",
        entry_point=f"{_PACKAGE}.surd_distance:SurdDistance",
        summary="Find the exact distance between points, lines or planes.",
        domain="math",
        tags=("single-turn", "geometry"),
    ),
    Entry(
        id="textgym/CircleLine-v0",
        entry_point=f"{_PACKAGE}.circle_line:CircleLine",
        summary="Find all points in which a line meets a circle.",
        domain="math",
        tags=("single-turn", "geometry"),
    ),
    Entry(
        id="textgym/TransformPoint-v0",
        entry_point=f"{_PACKAGE}.transform_point:TransformPoint",
        summary="Follow a point through transformations of the plane.",
        domain="math",
        tags=("single-turn", "geometry"),
    ),
    Entry(
        id="textgym/AngleChase-v0",
        entry_point=f"{_PACKAGE}.angle_chase:AngleChase",
        summary="Find an angle through a chain of figures.",
        domain="math",
        tags=("single-turn", "geometry"),
    ),
)
