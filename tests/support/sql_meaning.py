"""What questions mean, worked out in Python from the rows: it shares nothing with the SQL that the environment writes."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from textgym.envs.code.sql.compound import Both, Either, Not
from textgym.envs.code.sql.conditions import (
    Begins,
    Between,
    Compare,
    Condition,
    Follows,
    Having,
    InYear,
    Is,
    Missing,
    OneOf,
    Unusual,
)
from textgym.envs.code.sql.group_questions import Groups, SetOf, Split, Totals
from textgym.envs.code.sql.question import Aggregate, Question
from textgym.envs.code.sql.related_questions import AboveOthers, Complete, Each, OverGroups
from textgym.envs.code.sql.row_questions import Beside, Best, Listing, Pairs, Tops
from textgym.envs.code.sql.rows import Rows
from textgym.envs.code.sql.schema import Theme
from textgym.envs.code.sql.terms import Path

Row = dict[str, Any]
_OPS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


class World:
    """The rows of a database as dictionaries, with what the paths and conditions mean about them."""

    def __init__(self, theme: Theme, rows: Rows) -> None:
        self.theme = theme
        self.tables = {
            table.name: [dict(zip((c.name for c in table.columns), row, strict=True)) for row in rows[table.name]]
            for table in theme.tables
        }

    def value(self, table: str, row: Row, path: Path) -> Any:
        for hop in path.hops:
            target = self.theme.by_name[table].by_name[hop].target
            found = [other for other in self.tables[target] if other["id"] == row[hop]]
            if not found:
                return None
            table, row = target, found[0]
        return row[path.column]

    def truth(self, table: str, row: Row, condition: Condition | None) -> bool | None:
        """True, false, or neither."""
        if condition is None:
            return True
        if isinstance(condition, Both):
            parts = [self.truth(table, row, part) for part in condition.parts]
            return False if False in parts else None if None in parts else True
        if isinstance(condition, Either):
            parts = [self.truth(table, row, part) for part in condition.parts]
            return True if True in parts else None if None in parts else False
        if isinstance(condition, Not):
            inner = self.truth(table, row, condition.part)
            return None if inner is None else not inner
        if isinstance(condition, Having):
            count = sum(
                other[condition.by] == row["id"] and self.truth(condition.table, other, condition.where) is True
                for other in self.tables[condition.table]
            )
            return _OPS[condition.op](count, condition.number)
        if isinstance(condition, Missing):
            return (self.value(table, row, condition.path) is None) != condition.negated
        if isinstance(condition, Follows):
            first, second = row[condition.first], row[condition.second]
            return None if first is None or second is None else _OPS[condition.op](second, first)
        if isinstance(condition, Unusual):
            among = [
                other[condition.column]
                for other in self.tables[table]
                if other[condition.column] is not None
                and (condition.within is None or other[condition.within] == row[condition.within])
            ]
            own = row[condition.column]
            return None if own is None or not among else _OPS[condition.op](own * len(among), sum(among))
        value = self.value(table, row, condition.path)  # type: ignore[attr-defined]
        if value is None:
            return None
        if isinstance(condition, Compare):
            return _OPS[condition.op](value, condition.value)
        if isinstance(condition, Is):
            return bool(value) is condition.yes
        if isinstance(condition, OneOf):
            return (value in condition.values) != condition.negated
        if isinstance(condition, Between):
            return bool(condition.low <= value <= condition.high)
        if isinstance(condition, InYear):
            return int(value[:4]) == condition.year
        if isinstance(condition, Begins):
            return bool(value.startswith(condition.start))
        raise TypeError(condition)

    def meeting(self, table: str, condition: Condition | None) -> list[Row]:
        return [row for row in self.tables[table] if self.truth(table, row, condition) is True]

    def aggregate(self, table: str, rows: list[Row], aggregate: Aggregate) -> Any:
        if aggregate.path is None:
            return len(rows)
        values = [self.value(table, row, aggregate.path) for row in rows]
        values = [value for value in values if value is not None]
        if aggregate.kind in ("count", "distinct"):
            return len(values if aggregate.kind == "count" else set(values))
        if not values:
            return None
        return {"sum": sum, "avg": lambda v: sum(v) / len(v), "min": min, "max": max}[aggregate.kind](values)

    def children(self, question: Any, row: Row, counted: Condition | None = None) -> list[Row]:
        return [other for other in self.meeting(question.child, counted) if other[question.by] == row["id"]]


def answer(question: Question, rows: Rows) -> list[tuple[Any, ...]]:
    """The right answer; in the right order where there is one."""
    world = World(question.theme, rows)
    return _ANSWERS[type(question)](world, question)


def _show(world: World, question: Any, row: Row) -> tuple[Any, ...]:
    return tuple(world.value(question.table, row, path) for path in question.outputs)


def _ordered(rows: list[Row], key: Callable[[Row], Any], falling: bool) -> list[Row]:
    """By a key, missing ones last; rows that tie stay in the order of their ids."""
    known = [row for row in rows if key(row) is not None]
    values = sorted({key(row) for row in known}, reverse=falling)
    lost = [row for row in rows if key(row) is None]
    return [row for value in values for row in known if key(row) == value] + lost


def _listing(world: World, q: Listing) -> list[tuple[Any, ...]]:
    rows = world.meeting(q.table, q.where)
    if q.distinct:
        found = sorted({_show(world, q, row) for row in rows}, key=repr)
        return sorted(found, reverse=q.falling) if q.by is not None else found
    if q.by is not None:
        by = q.by
        rows = _ordered(rows, lambda row: world.value(q.table, row, by), q.falling)
    shown = [_show(world, q, row) for row in rows]
    return shown if q.limit is None else shown[q.skipped : q.skipped + q.limit]


def _best(world: World, q: Best) -> list[tuple[Any, ...]]:
    rows = world.meeting(q.table, q.where)
    found = []
    for row in rows:
        group = [r for r in rows if world.value(q.table, r, q.group) == world.value(q.table, row, q.group)]
        values = [v for v in (world.value(q.table, r, q.measure) for r in group) if v is not None]
        own = world.value(q.table, row, q.measure)
        if own is not None and own == (max if q.highest else min)(values):
            found.append(_show(world, q, row))
    return found


def _tops(world: World, q: Tops) -> list[tuple[Any, ...]]:
    rows = world.meeting(q.table, q.where)
    found = []
    for group in {world.value(q.table, row, q.group) for row in rows}:
        members = [row for row in rows if world.value(q.table, row, q.group) == group]
        ordered = _ordered(members, lambda row: world.value(q.table, row, q.by), q.falling)
        found += [_show(world, q, row) for row in ordered[: q.number]]
    return found


def _beside(world: World, q: Beside) -> list[tuple[Any, ...]]:
    rows = world.meeting(q.table, q.where)
    found = []
    for row in rows:
        among = [r for r in rows if q.group is None or _same(world, q, r, row)]
        own = row[q.measure.column]
        among.sort(key=lambda r: (r[q.by.column], r["id"]))
        at = next(i for i, r in enumerate(among) if r["id"] == row["id"])
        value: Any
        if q.what == "running":
            value = sum(r[q.measure.column] for r in among[: at + 1])
        elif q.what == "previous":
            value = among[at - 1][q.measure.column] if at else None
        elif q.what == "average":
            value = own - sum(r[q.measure.column] for r in among) / len(among)
        else:
            better = [r[q.measure.column] for r in among if r[q.measure.column] > own]
            value = 1 + len(set(better) if q.dense else better)
        found.append((*_show(world, q, row), value))
    return found


def _same(world: World, q: Beside, one: Row, other: Row) -> bool:
    assert q.group is not None
    return bool(world.value(q.table, one, q.group) == world.value(q.table, other, q.group))


def _pairs(world: World, q: Pairs) -> list[tuple[Any, ...]]:
    rows = world.meeting(q.table, q.where)
    found = []
    for one in rows:
        for two in rows:
            a, b = one[q.measure.column], two[q.measure.column]
            if one["id"] == two["id"] or one[q.same.column] is None or one[q.same.column] != two[q.same.column]:
                continue
            if a is None or b is None:
                continue
            if (a == b and one["id"] < two["id"]) if q.equal else a > b:
                found.append((one["id"], two["id"]))
    return found


def _totals(world: World, q: Totals) -> list[tuple[Any, ...]]:
    rows = world.meeting(q.table, q.where)
    return [tuple(world.aggregate(q.table, rows, aggregate) for aggregate in q.aggregates)]


def _key(world: World, q: Groups, row: Row) -> Any:
    value = world.value(q.table, row, q.key.path)
    return value if not q.key.part or value is None else value[: 4 if q.key.part == "year" else 7]


def _groups(world: World, q: Groups) -> list[tuple[Any, ...]]:
    rows = sorted(world.meeting(q.table, q.where), key=lambda row: repr(_key(world, q, row)))
    found = []
    for key, group in groupby(rows, key=lambda row: _key(world, q, row)):
        members = list(group)
        if q.having and not _OPS[q.having.op](len(members), q.having.value):
            continue
        found.append((key, *(world.aggregate(q.table, members, aggregate) for aggregate in q.aggregates)))
    if q.falling is not None:
        sign = -1 if q.falling else 1
        found.sort(key=lambda row: (row[-1] is None, sign * (row[-1] or 0), row[0]))
    return found[: q.limit] if q.limit else found


def _split(world: World, q: Split) -> list[tuple[Any, ...]]:
    rows = world.meeting(q.table, q.where)
    found = []
    for key in {world.value(q.table, row, q.key) for row in rows}:
        members = [row for row in rows if world.value(q.table, row, q.key) == key]
        counts = (sum(world.truth(q.table, row, kind) is True for row in members) for kind in (q.first, q.second))
        found.append((key, *counts))
    return found


def _set(world: World, q: SetOf) -> list[tuple[Any, ...]]:
    one, two = (
        {world.value(q.table, row, q.column) for row in world.meeting(q.table, kind)} for kind in (q.first, q.second)
    )
    return [(value,) for value in {"UNION": one | two, "INTERSECT": one & two, "EXCEPT": one - two}[q.op]]


def _each(world: World, q: Each) -> list[tuple[Any, ...]]:
    found = []
    for row in world.meeting(q.table, q.where):
        members = world.children(q, row, q.counted)
        if not members and not q.empty:
            continue
        if q.having and not _OPS[q.having.op](len(members), q.having.value):
            continue
        values = [world.aggregate(q.child, members, aggregate) for aggregate in q.aggregates]
        found.append((row["id"], values[0], (*_show(world, q, row), *values)))
    if q.falling is not None:
        sign = -1 if q.falling else 1
        found.sort(key=lambda item: (sign * item[1], item[0]))
    shown = [item[2] for item in found]
    return shown[: q.limit] if q.limit else shown


def _over_groups(world: World, q: OverGroups) -> list[tuple[Any, ...]]:
    values = []
    for row in world.meeting(q.table, q.where):
        members = world.children(q, row, q.counted)
        if members or (q.empty and q.inside.path is None):
            values.append(world.aggregate(q.child, members, q.inside))
    values = [value for value in values if value is not None]
    return [({"avg": lambda v: sum(v) / len(v), "max": max, "min": min}[q.outside](values) if values else None,)]


def _above_others(world: World, q: AboveOthers) -> list[tuple[Any, ...]]:
    values = [
        (row["id"], world.aggregate(q.child, world.children(q, row), q.inside) or 0)
        for row in world.meeting(q.table, q.where)
    ]
    total = sum(value for _, value in values)
    if q.below:
        return [(key, value) for key, value in values if value * len(values) < total]
    return [(key, value) for key, value in values if value * len(values) > total]


def _complete(world: World, q: Complete) -> list[tuple[Any, ...]]:
    def seen(rows: list[Row]) -> set[Any]:
        return {world.value(q.child, row, q.column) for row in rows} - {None}

    need = seen(world.tables[q.child])
    return [
        (row["id"],) for row in world.meeting(q.table, q.where) if len(need - seen(world.children(q, row))) <= q.missing
    ]


_ANSWERS: dict[type, Callable[[World, Any], list[tuple[Any, ...]]]] = {
    Listing: _listing,
    Best: _best,
    Tops: _tops,
    Beside: _beside,
    Pairs: _pairs,
    Totals: _totals,
    Groups: _groups,
    Split: _split,
    SetOf: _set,
    Each: _each,
    OverGroups: _over_groups,
    AboveOthers: _above_others,
    Complete: _complete,
}
