"""What is to be done with the records: in words, as a function, and as the end of a reference program.

A reference program reads `records`, a list of dicts with the keys `id` (int), `who`, `group`, `day` (YYYY-MM-DD),
`amount` (hundredths as an int) and `status`, and ends with `table`, the rows below the header.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from textgym.core import Random
from textgym.envs.code.wrangle.records import Domain, Record
from textgym.envs.code.wrangle.tables import Table, money


@dataclass(frozen=True, slots=True)
class Choice:
    """What varies within an operation: a status, a bound in hundredths, a small number."""

    status: str
    bound: int
    few: int

    @classmethod
    def draw(cls, domain: Domain, rng: Random) -> "Choice":
        """A choice for this domain."""
        return cls(rng.choice(domain.states), rng.randint(1, 40) * 1_000, rng.randint(2, 3))


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    Attributes:
        name: its name.
        header: the columns of its table.
        words: what the task says.
        rows: the rows below the header.
        program: the Python that does it.
        rank: how hard it is, from 1.
    """

    name: str
    header: Callable[[Domain], list[str]]
    words: Callable[[Domain, Choice], str]
    rows: Callable[[list[Record], Choice], Table]
    program: Callable[[Choice], str]
    rank: int


def _amount(record: Record) -> int:
    assert record.amount is not None  # those without are left out before
    return record.amount


def _by(records: list[Record], key: Callable[[Record], str]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        found[key(record)].append(record)
    return found


def _in_time(records: list[Record]) -> list[Record]:
    return sorted(records, key=lambda record: (record.day, record.id))


def _total(records: list[Record]) -> int:
    return sum(map(_amount, records))


def _listing(records: list[Record], choice: Choice) -> Table:
    return [[str(r.id), r.day.isoformat(), r.who, r.group, money(_amount(r)), r.status] for r in _in_time(records)]


def _selection(records: list[Record], choice: Choice) -> Table:
    kept = [r for r in records if r.status == choice.status and _amount(r) >= choice.bound]
    return [[str(r.id), r.who, money(_amount(r))] for r in sorted(kept, key=lambda r: (-_amount(r), r.id))]


def _totals(records: list[Record], choice: Choice) -> Table:
    groups = _by(records, lambda r: r.group)
    order = sorted(groups, key=lambda name: (-_total(groups[name]), name))
    return [[name, str(len(groups[name])), money(_total(groups[name]))] for name in order]


def _months(records: list[Record], choice: Choice) -> Table:
    months = _by(records, lambda r: r.day.isoformat()[:7])
    return [
        [month, str(len(months[month])), money(_total(months[month])), money(max(map(_amount, months[month])))]
        for month in sorted(months)
    ]


def _latest(records: list[Record], choice: Choice) -> Table:
    people = _by(_in_time(records), lambda r: r.who)
    return [
        [who, people[who][-1].day.isoformat(), str(people[who][-1].id), people[who][-1].status]
        for who in sorted(people)
    ]


def _top(records: list[Record], choice: Choice) -> Table:
    groups = _by(sorted(records, key=lambda r: (-_amount(r), r.id)), lambda r: r.group)
    return [
        [name, str(place), str(r.id), money(_amount(r))]
        for name in sorted(groups)
        for place, r in enumerate(groups[name][: choice.few], start=1)
    ]


def _running(records: list[Record], choice: Choice) -> Table:
    rows = []
    for who, mine in sorted(_by(_in_time(records), lambda r: r.who).items()):
        total = 0
        for r in mine:
            total += _amount(r)
            rows.append([who, r.day.isoformat(), str(r.id), money(total)])
    return rows


def _gaps(records: list[Record], choice: Choice) -> Table:
    rows = []
    for who, mine in sorted(_by(_in_time(records), lambda r: r.who).items()):
        before: date | None = None
        for r in mine:
            if before is not None:
                rows.append([who, str(r.id), str((r.day - before).days)])
            before = r.day
    return rows


def _shares(records: list[Record], choice: Choice) -> Table:
    groups = _by(records, lambda r: r.group)
    whole = _total(records)
    return [[name, money(_total(groups[name])), str(100 * _total(groups[name]) // whole)] for name in sorted(groups)]


def _spans(records: list[Record], choice: Choice) -> Table:
    people = _by(_in_time(records), lambda r: r.who)
    return [
        [who, str(len(mine)), mine[0].day.isoformat(), mine[-1].day.isoformat(), str((mine[-1].day - mine[0].day).days)]
        for who, mine in sorted(people.items())
    ]


def _cross(records: list[Record], choice: Choice) -> Table:
    rows = []
    for who, mine in sorted(_by(records, lambda r: r.who).items()):
        groups = _by(mine, lambda r: r.group)
        rows += [[who, name, money(_total(groups[name]))] for name in sorted(groups)]
    return rows


def _streaks(records: list[Record], choice: Choice) -> Table:
    rows = []
    for who, mine in sorted(_by(_in_time(records), lambda r: r.who).items()):
        runs = [len(list(run)) for wanted, run in groupby(mine, lambda r: r.status == choice.status) if wanted]
        rows.append([who, str(max(runs, default=0))])
    return rows


OPERATIONS = (
    Operation(
        "listing",
        lambda d: [d.id, d.day, d.who, d.group, d.amount, d.status],
        lambda d, c: f"List every {d.thing}, ordered by {d.day}, then by {d.id} as a number.",
        _listing,
        lambda c: (
            """
records.sort(key=lambda r: (r["day"], r["id"]))
table = [[r["id"], r["day"], r["who"], r["group"], money(r["amount"]), r["status"]] for r in records]
"""
        ),
        1,
    ),
    Operation(
        "selection",
        lambda d: [d.id, d.who, d.amount],
        lambda d, c: (
            f"List every {d.thing} whose {d.status} is {c.status} and whose {d.amount} is at least {money(c.bound)}, "
            f"largest {d.amount} first, and where that is equal by {d.id} as a number."
        ),
        _selection,
        lambda c: (
            f"""
kept = [r for r in records if r["status"] == {c.status!r} and r["amount"] >= {c.bound}]
kept.sort(key=lambda r: (-r["amount"], r["id"]))
table = [[r["id"], r["who"], money(r["amount"])] for r in kept]
"""
        ),
        1,
    ),
    Operation(
        "totals",
        lambda d: [d.group, d.name, d.amount],
        lambda d, c: (
            f"For each {d.group} give the number of {d.name} and the sum of {d.amount}, largest sum first, and where that "
            f"is equal by the name of the {d.group}."
        ),
        _totals,
        lambda c: (
            """
count, total = {}, {}
for r in records:
    count[r["group"]] = count.get(r["group"], 0) + 1
    total[r["group"]] = total.get(r["group"], 0) + r["amount"]
table = [[g, count[g], money(total[g])] for g in sorted(total, key=lambda g: (-total[g], g))]
"""
        ),
        1,
    ),
    Operation(
        "months",
        lambda d: ["month", d.name, d.amount, f"largest_{d.amount}"],
        lambda d, c: (
            f"For each month that has any (written YYYY-MM, in order) give the number of {d.name}, the sum of {d.amount} "
            f"and the largest {d.amount}."
        ),
        _months,
        lambda c: (
            """
months = {}
for r in records:
    months.setdefault(r["day"][:7], []).append(r["amount"])
table = [[m, len(months[m]), money(sum(months[m])), money(max(months[m]))] for m in sorted(months)]
"""
        ),
        2,
    ),
    Operation(
        "latest",
        lambda d: [d.who, d.day, d.id, d.status],
        lambda d, c: (
            f"For each {d.who}, in the order of the characters' code points, give the latest {d.thing} by {d.day}; where "
            f"several are of that day, the one with the largest {d.id}."
        ),
        _latest,
        lambda c: (
            """
latest = {}
for r in sorted(records, key=lambda r: (r["day"], r["id"])):
    latest[r["who"]] = r
table = [[who, latest[who]["day"], latest[who]["id"], latest[who]["status"]] for who in sorted(latest)]
"""
        ),
        2,
    ),
    Operation(
        "top",
        lambda d: [d.group, "place", d.id, d.amount],
        lambda d, c: (
            f"For each {d.group}, in alphabetical order, list its {c.few} {d.name} with the largest {d.amount} (fewer where "
            f"there are fewer), largest first, numbered from 1 in the column place; where the {d.amount} is equal, the "
            f"smaller {d.id} comes first."
        ),
        _top,
        lambda c: (
            f"""
table, seen = [], {{}}
for r in sorted(records, key=lambda r: (r["group"], -r["amount"], r["id"])):
    place = seen[r["group"]] = seen.get(r["group"], 0) + 1
    if place <= {c.few}:
        table.append([r["group"], place, r["id"], money(r["amount"])])
"""
        ),
        3,
    ),
    Operation(
        "running",
        lambda d: [d.who, d.day, d.id, f"{d.amount}_so_far"],
        lambda d, c: (
            f"For each {d.who}, in the order of the characters' code points, list the {d.name} in the order of {d.day}, then "
            f"of {d.id} as a number, with the sum of {d.amount} up to and including that one."
        ),
        _running,
        lambda c: (
            """
table, total = [], {}
for r in sorted(records, key=lambda r: (r["who"], r["day"], r["id"])):
    total[r["who"]] = total.get(r["who"], 0) + r["amount"]
    table.append([r["who"], r["day"], r["id"], money(total[r["who"]])])
"""
        ),
        3,
    ),
    Operation(
        "gaps",
        lambda d: [d.who, d.id, "days_since_last"],
        lambda d, c: (
            f"For each {d.who}, in the order of the characters' code points, go through the {d.name} in the order of {d.day}, "
            f"then of {d.id} as a number, and list every one but the first with the number of days since the one before."
        ),
        _gaps,
        lambda c: (
            """
from datetime import date
table, before = [], {}
for r in sorted(records, key=lambda r: (r["who"], r["day"], r["id"])):
    day = date.fromisoformat(r["day"])
    if r["who"] in before:
        table.append([r["who"], r["id"], (day - before[r["who"]]).days])
    before[r["who"]] = day
"""
        ),
        3,
    ),
    Operation(
        "shares",
        lambda d: [d.group, d.amount, "percent"],
        lambda d, c: (
            f"For each {d.group}, in alphabetical order, give the sum of {d.amount} and its share of the sum over all in "
            "percent, rounded down to a whole number."
        ),
        _shares,
        lambda c: (
            """
total = {}
for r in records:
    total[r["group"]] = total.get(r["group"], 0) + r["amount"]
whole = sum(total.values())
table = [[g, money(total[g]), 100 * total[g] // whole] for g in sorted(total)]
"""
        ),
        2,
    ),
    Operation(
        "spans",
        lambda d: [d.who, d.name, "first", "last", "days"],
        lambda d, c: (
            f"For each {d.who}, in the order of the characters' code points, give the number of {d.name}, the first and the "
            f"last {d.day}, and the number of days from the first to the last."
        ),
        _spans,
        lambda c: (
            """
from datetime import date
days = {}
for r in records:
    days.setdefault(r["who"], []).append(date.fromisoformat(r["day"]))
table = [[w, len(d), min(d), max(d), (max(d) - min(d)).days] for w, d in sorted(days.items())]
"""
        ),
        2,
    ),
    Operation(
        "cross",
        lambda d: [d.who, d.group, d.amount],
        lambda d, c: (
            f"For each pair of {d.who} and {d.group} that occurs give the sum of {d.amount}, ordered by {d.who} in the order "
            f"of the characters' code points, then by {d.group} in alphabetical order."
        ),
        _cross,
        lambda c: (
            """
total = {}
for r in records:
    pair = r["who"], r["group"]
    total[pair] = total.get(pair, 0) + r["amount"]
table = [[*pair, money(total[pair])] for pair in sorted(total)]
"""
        ),
        2,
    ),
    Operation(
        "streaks",
        lambda d: [d.who, "longest"],
        lambda d, c: (
            f"For each {d.who}, in the order of the characters' code points, go through the {d.name} in the order of {d.day}, "
            f"then of {d.id} as a number, and give the length of the longest unbroken run of {d.name} whose {d.status} is "
            f"{c.status}; 0 where there is none."
        ),
        _streaks,
        lambda c: (
            f"""
longest, current = {{}}, {{}}
for r in sorted(records, key=lambda r: (r["day"], r["id"])):
    who = r["who"]
    current[who] = current.get(who, 0) + 1 if r["status"] == {c.status!r} else 0
    longest[who] = max(longest.get(who, 0), current[who])
table = [[who, longest[who]] for who in sorted(longest)]
"""
        ),
        3,
    ),
)
