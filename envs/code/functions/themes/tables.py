"""Records: grouping, joining, comparing."""

from typing import Any

from textgym.core import Random
from textgym.envs.code.functions.draws import distinct, many, whole, wholes
from textgym.envs.code.functions.family import Family


def _records(rng: Random, most: int = 9) -> list[list[Any]]:
    """Pairs of a name and a number; few names."""
    return many(rng, most, lambda: [rng.choice("abcd"), whole(rng, -3, 9)])


def _two_tables(rng: Random) -> list[Any]:
    return [many(rng, 5, lambda: [rng.randint(1, 4), rng.choice("pqrs")]) for _ in range(2)]


def _versions(rng: Random) -> list[Any]:
    """Two tables with different names each, most of them in both."""
    old = {name: rng.randint(0, 5) for name in rng.sample("abcdef", rng.randint(0, 6))}
    new = {name: value if rng.randrange(2) else rng.randint(0, 5) for name, value in old.items() if rng.randrange(4)}
    new |= {name: rng.randint(0, 5) for name in rng.sample("abcdefg", rng.randint(0, 2))}
    return [list(map(list, old.items())), rng.sample(list(map(list, new.items())), len(new))]


def _matches(rng: Random) -> list[Any]:
    def match() -> list[Any]:
        one, other = rng.sample("KLMN", 2)
        return [one, other, rng.randint(0, 3), rng.randint(0, 3)]

    return [many(rng, 6, match)]


FAMILIES = (
    Family(
        says=(
            "Records are [name, number]. For each name in `records` work out $what, and return [name, result] for each, $order.",
            "Group `records`, pairs [name, number], by their names. Return a pair [name, result] for each group, the result being "
            "$what; the pairs come $order.",
        ),
        source="""
def group_records(records: list[list[str | int]]) -> list[list[str | int]]:
    groups: dict[str, list[int]] = {}
    for name, number in records:
        if name not in groups:
            groups[name] = []
        groups[name].append(number)
    found = [[name, $result] for name, numbers in groups.items()]
    return $sorted
""",
        variants=tuple(
            {"what": what, "result": result, "order": order, "sorted": ordered}
            for what, result in (
                ("the sum of its numbers", "sum(numbers)"),
                ("the difference between its largest and its smallest number", "max(numbers) - min(numbers)"),
                ("its last number minus its first one", "numbers[-1] - numbers[0]"),
            )
            for order, ordered in (
                ("in the order in which the names come up first", "found"),
                (
                    "with larger results first, equal ones in the order of the alphabet",
                    "sorted(found, key=lambda pair: (-pair[1], pair[0]))",
                ),
            )
        ),
        inputs=lambda rng: [_records(rng)],
        examples=(([[["b", 1], ["a", 2], ["b", 3]]], [["b", 4], ["a", 2]]), ([[]], [])),
        difficulty=2,
    ),
    Family(
        says=(
            "Join the tables `left` and `right`, rows [key, value], on their keys: go through `left` in order, and for each row "
            "through `right` in order; rows with equal keys give [key, left value, right value]. $rule.",
            "For each row [key, value] of `left`, in order, look for the rows of `right` with the same key, in order, and return "
            "[key, value from left, value from right] for each match. $rule.",
        ),
        source="""
def join_tables(left: list[list[int | str]], right: list[list[int | str]]) -> list[list[int | str]]:
    joined: list[list[int | str]] = []
    for key, value in left:
        matches = [other for number, other in right if number == key]
        if len(matches) == 0 and $outer:
            joined.append([key, value, "$none"])
        for other in matches$cut:
            if $test:
                joined.append([key, value, other])
    return joined
""",
        variants=tuple(
            {"rule": f"{one}. {two}", "outer": outer, "none": none, "cut": cut, "test": test}
            for one, outer, none in (
                ("A row of `left` without a match gives nothing", "False", ""),
                ("A row of `left` without a match gives [key, left value, '-']", "True", "-"),
            )
            for two, cut, test in (
                ("Every match counts", "", 'other != ""'),
                ("Only the last match of each row of `left` counts", "[-1:]", 'other != ""'),
                ("Matches with two equal values are left out", "", "other != value"),
            )
        ),
        inputs=_two_tables,
        examples=(
            ([[[1, "p"], [2, "q"]], [[1, "r"], [1, "s"]]], [[1, "p", "r"], [1, "p", "s"]]),
            ([[], [[1, "p"]]], []),
        ),
        difficulty=2,
    ),
    Family(
        says=(
            "Compare two versions of a table, `old` and `new`, lists of [name, value] in which each name comes once. Return a list of "
            "texts, $order: '+name' for a name that is new, '-name' for one that is gone, and '$mark' and the name for one whose "
            "value $change.",
            "The tables `old` and `new` hold [name, value], no name twice in one. List the differences, $order, as texts: a '+' "
            "and the name if only `new` has it, a '-' and the name if only `old` has it, '$mark' and the name if both have it and "
            "its value $change.",
        ),
        source="""
def compare_tables(old: list[list[str | int]], new: list[list[str | int]]) -> list[str]:
    before = {name: value for name, value in old}
    after = {name: value for name, value in new}
    found: list[str] = []
    for name in $names:
        if name not in before:
            found.append("+" + name)
        elif name not in after:
            found.append("-" + name)
        elif $test:
            found.append("$mark" + name)
    return found
""",
        variants=tuple(
            {"order": order, "names": names, "mark": mark, "change": change, "test": test}
            for order, names in (
                ("sorted by names", "sorted(before | after)"),
                (
                    "first the names of `old` in its order, then the others in the order of `new`",
                    "[*before, *[name for name in after if name not in before]]",
                ),
            )
            for mark, change, test in (
                ("*", "is another one", "before[name] != after[name]"),
                ("^", "has grown", "before[name] < after[name]"),
                ("~", "has changed by more than 1", "abs(before[name] - after[name]) > 1"),
            )
        ),
        inputs=_versions,
        examples=(
            ([[["a", 1], ["b", 2]], [["c", 0], ["b", 3]]], ["-a", "*b", "+c"]),
            ([[], []], []),
            ([[["a", 1]], [["a", 1]]], []),
        ),
        difficulty=2,
    ),
    Family(
        says=(
            "Make the table of a league. Each of `matches` is [home, guest, home goals, guest goals]; a win brings $win points, a "
            "draw one, a defeat none. Return [team, points] for every team that played, with more points first, then $tie, then by "
            "the alphabet.",
            "From `matches`, [home, guest, goals of home, goals of guest], count each team's points: $win for a victory, 1 for a "
            "draw. Return pairs [team, points], sorted by points from high to low; teams with equal points by $tie, and "
            "after that in the order of the alphabet.",
        ),
        source="""
def rank_teams(matches: list[list[str | int]]) -> list[list[str | int]]:
    points: dict[str, int] = {}
    extra: dict[str, int] = {}
    for home, guest, scored, lost in matches:
        for team, made, got in ((home, scored, lost), (guest, lost, scored)):
            gain = $win if made > got else 1 if made == got else 0
            points[team] = points.get(team, 0) + gain
            extra[team] = extra.get(team, 0) + $extra
    order = sorted(points, key=lambda team: (-points[team], $sign extra[team], team))
    return [[team, points[team]] for team in order]
""",
        variants=tuple(
            {"win": win, "tie": tie, "extra": extra, "sign": sign}
            for win in ("3", "2")
            for tie, extra, sign in (
                ("the greater number of all goals scored minus all goals conceded", "made - got", "-"),
                ("the greater number of goals scored", "made", "-"),
                ("the smaller number of matches played", "1", "+"),
            )
        ),
        inputs=_matches,
        examples=(
            ([[["K", "L", 2, 1], ["L", "M", 0, 0]]], [["K", 3], ["M", 1], ["L", 1]]),
            ([[]], []),
        ),
        difficulty=3,
    ),
    Family(
        says=(
            "Sort `values` into classes with the ascending, different borders `bounds`: the first class is below the first border, the "
            "last above the last one, and a value equal to a border belongs to the class $side it. Return $what.",
            "The borders `bounds`, ascending and all different, make one class more than there are borders. Count each of `values` in "
            "its class; a value that equals a border is counted $side that border. Return $what.",
        ),
        source="""
def fill_classes(values: list[int], bounds: list[int]) -> $kind:
    counts = [0] * (len(bounds) + 1)
    for value in values:
        place = 0
        while place < len(bounds) and value $sign bounds[place]:
            place += 1
        counts[place] += 1
    return $result
""",
        variants=tuple(
            {"side": side, "sign": sign, "what": what, "kind": kind, "result": result}
            for side, sign in (("above", ">="), ("below", ">"))
            for what, kind, result in (
                ("the number of values in each class", "list[int]", "counts"),
                (
                    "for each class how many values are in it or in one below it",
                    "list[int]",
                    "[sum(counts[: i + 1]) for i in range(len(counts))]",
                ),
                (
                    "the place, from 0, of the class with the most values, of equally full ones the last",
                    "int",
                    "max(range(len(counts)), key=lambda i: (counts[i], i))",
                ),
            )
        ),
        inputs=lambda rng: [wholes(rng, 10, -2, 10), sorted(distinct(rng, 4, -1, 9))],
        examples=(([[1, 5, 5, 9], [5, 8]], [1, 2, 1]), ([[3], []], [1]), ([[], [2]], [0, 0])),
        difficulty=2,
    ),
    Family(
        says=(
            "Fill the gaps in `values`, where None stands for a missing number: $rule. Return the list without gaps.",
            "In `values` some numbers are missing and replaced by None. Return the list with each None replaced: $rule.",
        ),
        source="""
def fill_gaps(values: list[int | None]) -> list[int]:
    filled: list[int] = []
    for i, value in enumerate(values):
        if value is not None:
            filled.append(value)
            continue
        before = [j for j in range(i) if values[j] is not None]
        after = [j for j in range(i + 1, len(values)) if values[j] is not None]
        if len(before) == 0 and len(after) == 0:
            filled.append(0)
        elif len(before) == 0:
            filled.append($first)
        elif len(after) == 0:
            filled.append(values[before[-1]])
        else:
            left, right = before[-1], after[0]
            low, high = values[left], values[right]
            filled.append($between)
    return filled
""",
        variants=(
            {
                "rule": "by the last number before it, at the beginning by 0",
                "first": "0",
                "between": "low",
            },
            {
                "rule": "by the nearest number in the list, of two equally near ones by the one before it, and by 0 if there "
                "are no numbers",
                "first": "values[after[0]]",
                "between": "low if i - left <= right - i else high",
            },
            {
                "rule": "by the larger of the last number before it and the first one after it, at an end by the only "
                "one of the two, and by 0 if there are no numbers",
                "first": "values[after[0]]",
                "between": "max(low, high)",
            },
            {
                "rule": "between two numbers by the value on the straight line between them, rounded down to a whole number, "
                "before the first number by the first, after the last by the last, and by 0 if there are no numbers",
                "first": "values[after[0]]",
                "between": "low + (high - low) * (i - left) // (right - left)",
            },
        ),
        inputs=lambda rng: [many(rng, 11, lambda: None if rng.randrange(2) else whole(rng, -5, 20))],
        examples=(([[None, 3, None, None, 9]], [0, 3, 3, 3, 9]), ([[None]], [0]), ([[]], [])),
        difficulty=3,
    ),
    Family(
        says=(
            "Count how often each pair comes up in `records`, pairs [row, column] of letters. Return a table as a list of rows: the "
            "first is '$corner' and then the column letters that come up, each of the others a row letter that comes up and its "
            "counts$totals. Letters are in $order order.",
            "Make a cross table of `records`, [row letter, column letter]. Its first row holds '$corner' and all column letters; then "
            "comes a row for each row letter: the letter and how often it stands with each of the column letters$totals. Both kinds of "
            "letters are sorted in $order order; letters that never come up are not there.",
        ),
        source="""
def cross_table(records: list[list[str]]) -> list[list[str | int]]:
    rows = sorted(set(row for row, column in records)$reverse)
    columns = sorted(set(column for row, column in records)$reverse)
    table: list[list[str | int]] = [["$corner", *columns]]
    for row in rows:
        counts: list[int] = []
        for column in columns:
            counts.append(records.count([row, column]))
        table.append([row, *counts$extra])
    return table
""",
        variants=tuple(
            {"corner": corner, "order": order, "reverse": reverse, "totals": totals, "extra": extra}
            for corner, order, reverse in (("", "alphabetical", ""), ("x", "reverse alphabetical", ", reverse=True"))
            for totals, extra in (
                ("", ""),
                (", and behind them the sum of the row", ", sum(counts)"),
                (
                    ", and behind them the number of columns in which the row has a count of at least 2",
                    ", len([count for count in counts if count > 1])",
                ),
            )
        ),
        inputs=lambda rng: [many(rng, 9, lambda: [rng.choice("mno"), rng.choice("pqr")])],
        examples=(([[["n", "p"], ["m", "q"], ["n", "p"]]], [["", "p", "q"], ["m", 0, 1], ["n", 2, 0]]), ([[]], [[""]])),
        difficulty=3,
    ),
)
