"""Random questions of every kind. A draw that makes no sense raises `UnfitError`; whether one is sound, databases tell."""

from collections.abc import Callable
from typing import Literal

from textgym.core import Random
from textgym.envs.code.sql.conditions import Condition
from textgym.envs.code.sql.draw_conditions import Draw, UnfitError, about
from textgym.envs.code.sql.group_questions import Groups, Key, SetOf, Split, Threshold, Totals
from textgym.envs.code.sql.question import Aggregate, Question
from textgym.envs.code.sql.related_questions import AboveOthers, Complete, Each, OverGroups
from textgym.envs.code.sql.row_questions import Beside, Best, Listing, Pairs, Tops
from textgym.envs.code.sql.rows import Rows
from textgym.envs.code.sql.schema import Theme
from textgym.envs.code.sql.terms import Path, Place

_ID = Path("id")
_COUNT = Aggregate("count")


def _place(draw: Draw, theme: Theme, *, parents: bool = False, numbers: bool = False) -> Place:
    """A table to ask about: one that others point to, or one with numbers, where that is wanted."""
    tables = [
        table
        for table in theme.tables
        if (not parents or theme.children[table.name]) and (not numbers or table.of_kind("int", "real"))
    ]
    return Place(theme, draw.choice(tables))


def _maybe(draw: Draw, place: Place, chance: float) -> Condition | None:
    return draw.condition(place) if draw.rng.random() < chance else None


def _apart(where: Condition | None, group: Path) -> Condition | None:
    """A condition that is not about what rows are grouped by; few groups would be left."""
    if where is not None and any(about(part) == group for part in getattr(where, "parts", (where,))):
        raise UnfitError
    return where


def _outputs(draw: Draw, place: Place, most: int = 3, *, with_id: bool = True) -> tuple[Path, ...]:
    found = draw.paths(place, min(draw.level, 1))
    more = draw.rng.sample(found, min(len(found), draw.rng.randint(1, most) - (1 if with_id else 0)))
    return (_ID, *more) if with_id else tuple(more) or (found[0],)


def _behind(first: Path, others: tuple[Path, ...]) -> tuple[Path, ...]:
    return (first, *(path for path in others if path != first))


def _aggregates(draw: Draw, place: Place, most: int, hops: int | None = None) -> tuple[Aggregate, ...]:
    found: list[Aggregate] = []
    for _ in range(draw.rng.randint(1, most)):
        kind = draw.rng.choice(("count", "count", "distinct", "sum", "avg", "avg", "min", "max"))
        if kind == "count":
            aggregate = _COUNT
        elif kind == "distinct":
            aggregate = Aggregate("distinct", draw.path(place, "category", "text", hops=hops))
        elif kind in ("sum", "avg"):
            path = draw.path(place, "int", "real", hops=0)
            aggregate = Aggregate("avg" if kind == "avg" or _no_sum(place, path) else "sum", path)
        else:
            path = draw.path(place, "int", "real", "date", hops=hops)
            aggregate = Aggregate("min" if kind == "min" else "max", path)
        if aggregate not in found:
            found.append(aggregate)
    return tuple(found)


def _no_sum(place: Place, path: Path) -> bool:
    """Nobody adds up years, floors or marks out of ten."""
    column = place.column(path)
    return "year" in column.phrase or column.name in (
        "floor", "rating", "score", "mark", "minute", "satisfaction", "voltage", "moisture", "level", "wage", "rate",
    )  # fmt: skip


def _listing(draw: Draw, theme: Theme) -> Question:
    place = _place(draw, theme)
    rng = draw.rng
    where = draw.condition(place)
    distinct = rng.random() < 0.2
    outputs = _outputs(draw, place, 2 if distinct else 3, with_id=not distinct)
    by = None
    if distinct:
        if len(outputs) == 1 and rng.random() < 0.4 and not place.nullable(outputs[0]):
            by = outputs[0]
    elif rng.random() < 0.4:
        by = draw.path(place, "int", "real", "date", "text", hops=min(draw.level, 1))
    limit = rng.randint(3, 8) if by is not None and not distinct and rng.random() < 0.6 else None
    skipped = rng.randint(1, 3) if limit is not None and draw.level and rng.random() < 0.2 else 0
    return Listing(
        theme=theme, table=place.table.name, where=where, outputs=outputs, distinct=distinct, by=by,
        falling=rng.random() < 0.5, limit=limit, skipped=skipped,
    )  # fmt: skip


def _totals(draw: Draw, theme: Theme) -> Question:
    place = _place(draw, theme)
    return Totals(
        theme=theme,
        table=place.table.name,
        where=draw.condition(place),
        aggregates=_aggregates(draw, place, 1 + draw.level),
    )


def _key(draw: Draw, place: Place) -> Key:
    dates = place.table.of_kind("date")
    known = [column for column in dates if not column.null]
    if known and draw.rng.random() < 0.25:
        return Key(Path(draw.rng.choice(known).name), "month" if draw.level and draw.rng.random() < 0.2 else "year")
    return Key(draw.path(place, "category", hops=min(draw.level, 2)))


def _groups(draw: Draw, theme: Theme) -> Question:
    place = _place(draw, theme)
    key = _key(draw, place)
    rng = draw.rng
    aggregates = _aggregates(draw, place, 2)
    if key.path in (aggregate.path for aggregate in aggregates):
        raise UnfitError
    having = (
        Threshold(_COUNT, "<=" if rng.random() < 0.35 else ">=", rng.randint(2, 7)) if rng.random() < 0.35 else None
    )
    falling = rng.random() < 0.6 if rng.random() < 0.35 and not place.nullable(key.path) else None
    if falling is not None and aggregates[-1].kind not in ("count", "distinct", "sum"):
        falling = None
    limit = rng.randint(1, 3) if falling is not None and rng.random() < 0.6 else None
    return Groups(
        theme=theme, table=place.table.name, where=_apart(_maybe(draw, place, 0.85), key.path), key=key, aggregates=aggregates,
        having=having, falling=falling, limit=limit,
    )  # fmt: skip


def _each(draw: Draw, theme: Theme) -> Question:
    place = _place(draw, theme, parents=True)
    rng = draw.rng
    child, by = rng.choice(theme.children[place.table.name])
    inner = place.at(child.name)
    aggregates = _aggregates(draw, inner, 2, hops=0)
    counted = _of_child(draw, inner, by.name) if rng.random() < 0.7 else None
    empty = rng.random() < 0.6
    having = None
    if not empty and rng.random() < 0.5:
        having = Threshold(_COUNT, "<=" if rng.random() < 0.5 else ">=", rng.randint(2, 4))
    falling = rng.random() < 0.6 if aggregates[0].kind in ("count", "distinct") and rng.random() < 0.4 else None
    limit = rng.randint(2, 5) if falling is not None and rng.random() < 0.6 else None
    names = [
        Path(column.name) for column in place.table.columns if column.kind in ("text", "category") and not column.null
    ]
    outputs: tuple[Path, ...] = (_ID,)
    if names:
        outputs = (names[0],) if rng.random() < 0.5 else (_ID, rng.choice(names))
    return Each(
        theme=theme, table=place.table.name, where=_maybe(draw, place, 0.2 + 0.2 * draw.level), child=child.name, by=by.name,
        outputs=outputs, aggregates=aggregates, counted=counted, empty=empty, having=having, falling=falling, limit=limit,
    )  # fmt: skip


def _of_child(draw: Draw, inner: Place, by: str) -> Condition:
    """A test of the rows that point to a table, which is not about the row that they point to."""
    test = draw.atom(inner, hops=min(1, draw.level))
    path = getattr(test, "path", None)
    if path is not None and (path.column == by or path.hops[:1] == (by,)):
        raise UnfitError
    return test


def _set(draw: Draw, theme: Theme) -> Question:
    place = _place(draw, theme)
    rng = draw.rng
    roles = [Path(role.name) for role in place.table.references]
    column = rng.choice(roles) if roles and rng.random() < 0.6 else draw.path(place, "category", "text", hops=1)
    first, second = draw.atom(place, hops=1), draw.atom(place, hops=1)
    if about(first) == about(second) or column in (about(first), about(second)):
        raise UnfitError
    ops: tuple[Literal["UNION", "INTERSECT", "EXCEPT"], ...] = ("UNION", "INTERSECT", "INTERSECT", "EXCEPT", "EXCEPT")
    op = rng.choice(ops)
    return SetOf(theme=theme, table=place.table.name, column=column, op=op, first=first, second=second)


def _best(draw: Draw, theme: Theme) -> Question:
    place = _place(draw, theme, numbers=True)
    group = draw.path(place, "category", hops=min(draw.level, 1), known=True)
    measure = draw.path(place, "int", "real", "date", hops=0)
    outputs = _behind(group, _outputs(draw, place, 2))
    return Best(
        theme=theme, table=place.table.name, where=_apart(_maybe(draw, place, 0.8), group), outputs=outputs, group=group,
        measure=measure, highest=draw.rng.random() < 0.6,
    )  # fmt: skip


def _split(draw: Draw, theme: Theme) -> Question:
    place = _place(draw, theme)
    key = draw.path(place, "category", hops=min(draw.level, 1))
    first, second = draw.atom(place, hops=0), draw.atom(place, hops=1)
    if first == second or key in (about(first), about(second)):
        raise UnfitError
    return Split(
        theme=theme,
        table=place.table.name,
        where=_apart(_maybe(draw, place, 0.3), key),
        key=key,
        first=first,
        second=second,
    )


def _tops(draw: Draw, theme: Theme) -> Question:
    place = _place(draw, theme, numbers=True)
    group = draw.path(place, "category", hops=1, known=True)
    by = draw.path(place, "int", "real", "date", hops=0)
    outputs = _behind(group, _outputs(draw, place, 2))
    return Tops(
        theme=theme, table=place.table.name, where=_apart(_maybe(draw, place, 0.8), group), outputs=outputs, group=group, by=by,
        falling=draw.rng.random() < 0.6, number=draw.rng.randint(1, 3),
    )  # fmt: skip


def _beside(draw: Draw, theme: Theme) -> Question:
    rng = draw.rng
    kinds: tuple[Literal["running", "previous", "average", "rank"], ...] = ("running", "previous", "average", "rank")
    what = rng.choice(kinds)
    place = _place(draw, theme, numbers=True)
    measure = draw.path(place, "int", "real", hops=0, known=True)
    if what == "running" and _no_sum(place, measure):
        raise UnfitError
    groups = [Path(column.name) for column in place.table.of_kind("category", "ref") if not column.null]
    group = rng.choice(groups) if groups and rng.random() < 0.75 else None
    by = _ID
    if what in ("running", "previous"):
        dates = [column.name for column in place.table.of_kind("date") if not column.null]
        by = Path(draw.choice(dates))
    outputs: tuple[Path, ...] = (_ID,) if group is None else (_ID, group)
    if measure not in outputs and rng.random() < 0.4:
        outputs = (*outputs, measure)
    return Beside(
        theme=theme, table=place.table.name, where=_maybe(draw, place, 0.75), outputs=outputs, what=what, group=group,
        measure=measure, by=by, dense=what == "rank" and rng.random() < 0.5,
    )  # fmt: skip


def _pairs(draw: Draw, theme: Theme) -> Question:
    place = _place(draw, theme, numbers=True)
    rng = draw.rng
    groups = [Path(column.name) for column in place.table.of_kind("category", "ref")]
    measure = draw.path(place, "int", "real", "date", "category", hops=0)
    same = draw.choice(groups)
    if same == measure:
        raise UnfitError
    where = draw.atom(place, hops=0) if rng.random() < 0.85 else None
    equal = place.column(measure).kind == "category" or rng.random() < 0.4
    return Pairs(theme=theme, table=place.table.name, where=where, same=same, measure=measure, equal=equal)


def _over_groups(draw: Draw, theme: Theme) -> Question:
    place = _place(draw, theme, parents=True)
    rng = draw.rng
    child, by = rng.choice(theme.children[place.table.name])
    inner = place.at(child.name)
    inside = _aggregates(draw, inner, 1, hops=0)[0]
    if inside.kind == "distinct" or (inside.path and inner.column(inside.path).kind == "date"):
        raise UnfitError
    counted = _of_child(draw, inner, by.name) if rng.random() < 0.75 else None
    outsides: tuple[Literal["avg", "max", "min"], ...] = ("avg", "max", "avg" if inside.path is None else "min")
    outside = rng.choice(outsides)
    return OverGroups(
        theme=theme, table=place.table.name, where=_maybe(draw, place, 0.6), child=child.name, by=by.name, inside=inside,
        outside=outside, counted=counted, empty=inside.path is None and rng.random() < 0.6,
    )  # fmt: skip


def _above_others(draw: Draw, theme: Theme) -> Question:
    place = _place(draw, theme, parents=True)
    rng = draw.rng
    child, by = rng.choice(theme.children[place.table.name])
    inner = place.at(child.name)
    path = draw.path(inner, "int", hops=0, known=True)
    total = rng.random() < 0.5 and not _no_sum(inner, path)
    return AboveOthers(
        theme=theme, table=place.table.name, where=_maybe(draw, place, 0.85), child=child.name, by=by.name,
        inside=Aggregate("sum", path) if total else _COUNT, below=rng.random() < 0.3,
    )  # fmt: skip


def _complete(draw: Draw, theme: Theme) -> Question:
    place = _place(draw, theme, parents=True)
    child, by = draw.rng.choice(theme.children[place.table.name])
    column = draw.path(place.at(child.name), "category", hops=1)
    if column.hops[:1] == (by.name,):
        raise UnfitError
    return Complete(
        theme=theme, table=place.table.name, where=_maybe(draw, place, 0.85), child=child.name, by=by.name, column=column,
        missing=draw.rng.choice((0, 0, 1, 2)),
    )  # fmt: skip


SHAPES: dict[str, Callable[[Draw, Theme], Question]] = {
    "listing": _listing, "totals": _totals, "groups": _groups, "each": _each, "set": _set, "best": _best, "split": _split,
    "tops": _tops, "window": _beside, "pairs": _pairs, "over_groups": _over_groups, "above_others": _above_others,
    "complete": _complete,
}  # fmt: skip

LEVELS: dict[str, tuple[int, tuple[str, ...]]] = {
    "easy": (0, ("listing", "listing", "totals", "groups", "groups")),
    "medium": (1, ("listing", "listing", "totals", "groups", "groups", "each", "each", "set", "best", "split")),
    "hard": (2, ("listing", "groups", "each", "set", "tops", "tops", "window", "window", "pairs", "over_groups",
                 "above_others", "complete")),
}  # fmt: skip
"""Of each difficulty, what a condition may be made of, and the kinds of questions, the frequent ones more than once."""


def draw_question(
    rng: Random, theme: Theme, rows: Rows, difficulty: str, shapes: tuple[str, ...] = ()
) -> Question | None:
    """A random question of this difficulty about a theme; None where this draw gives none.

    Args:
        rng: private generator.
        theme: the theme.
        rows: the visible database, from which constants are taken.
        difficulty: a name in `LEVELS`.
        shapes: names in `SHAPES` to draw from; those of the difficulty unless given.
    """
    level, usual = LEVELS[difficulty]
    try:
        return SHAPES[rng.choice(shapes or usual)](Draw(rng, rows, level), theme)
    except UnfitError:
        return None
