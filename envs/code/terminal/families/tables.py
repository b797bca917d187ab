"""Tables: CSV with quoted cells, totals, selections, joins, orders, other formats."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from textgym.envs.code.terminal.material import GOODS, LAST_NAMES, PLACES, day, people
from textgym.envs.code.terminal.scene import Catalogue, Job, Scene, python

CATALOGUE = Catalogue()
_READ = "import csv; rows = list(csv.DictReader(open('{}', newline='')))"
_WRITE = "w = csv.writer(open('{}', 'w', newline='')); w.writerow({}); w.writerows({})"


def written(rows: Sequence[Sequence[Any]]) -> str:
    """Rows as CSV with `\\n` line ends."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def _orders(s: Scene, path: str, count: int) -> list[list[str]]:
    """A table of orders with commas and quotes in cells; the rows, without the header."""
    r = s.rng
    rows = []
    for number in range(count):
        good = r.choice(GOODS)
        if number % 4 == 1:
            good = f"{good}, {r.choice(('small', 'large', 'red'))}"
        elif number % 7 == 2:
            good = f'{good} 12" x 8"'
        status = ("paid", "paid", "open", "cancelled")[number % 4 if number < 8 else r.randrange(4)]
        rows.append(
            [
                str(1000 + number),
                str(day(r)),
                r.choice(LAST_NAMES[:8]),
                good,
                str(r.randint(1, 30)),
                f"{r.randint(100, 9999) / 100:.2f}",
                status,
            ]
        )
    r.shuffle(rows)
    s.file(path, written([["id", "date", "customer", "item", "quantity", "price", "status"], *rows]))
    return rows


@CATALOGUE.add("totals-by-group", "tables", 2)
def _totals_by_group(s: Scene) -> Job:
    path = s.rng.choice(("sales.csv", "data/orders.csv", "2024/shop.csv"))
    rows = _orders(s, path, s.rng.randint(30, 45))
    totals: dict[str, int] = {}
    for row in rows:
        if row[6] == "paid":
            totals[row[2]] = totals.get(row[2], 0) + int(row[4]) * round(float(row[5]) * 100)
    s.write(
        "totals.csv",
        [["customer", "total"], *([name, f"{total / 100:.2f}"] for name, total in sorted(totals.items()))],
        "csv",
    )
    program = python(
        _READ.format(path),
        "totals = {}",
        "for row in rows:",
        "    if row['status'] == 'paid': totals[row['customer']] = totals.get(row['customer'], 0) + int(row['quantity']) * round(float(row['price']) * 100)",
        _WRITE.format(
            "totals.csv", "['customer', 'total']", "[name, f'{totals[name] / 100:.2f}'] for name in sorted(totals)"
        ),
    )
    return Job(
        f"From ~/{path}, add up quantity times price for each customer over the orders with status paid. Write ~/totals.csv with the "
        "header customer,total: one row a customer who has paid orders, sorted by customer, the total with two decimals.",
        [program],
        {
            "all orders": [program.replace("if row['status'] == 'paid'", "if True")],
            "prices only": [program.replace("int(row['quantity']) * ", "")],
            "split at every comma": [
                f'{{ echo customer,total; awk -F, \'NR > 1 && $7 == "paid" {{ t[$3] += $5 * $6 }} END {{ for (k in t) printf "%s,%.2f\\n", k, t[k] }}\' {path} | sort; }} > totals.csv'
            ],
            "by total": [program.replace("sorted(totals)", "sorted(totals, key=totals.get)[::-1]")],
        },
    )


@CATALOGUE.add("pick-columns", "tables", 1)
def _pick_columns(s: Scene) -> Job:
    path = s.rng.choice(("export.csv", "data/all.csv"))
    rows = _orders(s, path, s.rng.randint(14, 25))
    columns = ["id", "date", "customer", "item", "quantity", "price", "status"]
    picked = ["item", *s.rng.sample(["status", "date", "quantity", "price"], 2), "id"]
    s.write("columns.csv", [picked, *([row[columns.index(name)] for name in picked] for row in rows)], "csv")
    numbers = [columns.index(name) + 1 for name in picked]
    program = python(
        _READ.format(path),
        f"names = {picked}",
        _WRITE.format("columns.csv", "names", "[row[n] for n in names] for row in rows"),
    )
    return Job(
        f"Write ~/columns.csv with these columns of ~/{path}, in this order: {', '.join(picked)}. Keep the header and the order of the "
        "rows; cells may hold commas and quotes.",
        [program],
        {
            "split at every comma": [
                f"awk -F, -v OFS=, '{{print {', '.join(f'${n}' for n in numbers)}}}' {path} > columns.csv"
            ],
            "the order of the original": [
                program.replace(f"names = {picked}", f"names = {sorted(picked, key=columns.index)}")
            ],
            "no header": [program.replace("w.writerow(names)", "pass")],
        },
    )


@CATALOGUE.add("filter-rows", "tables", 1)
def _filter_rows(s: Scene) -> Job:
    r = s.rng
    rows = [[name, r.choice(PLACES), str(r.choice((r.randint(2, 99), r.randint(100, 2000))))] for name in people(r, 24)]
    limit = int(rows[5][2]) if len(rows[5][2]) == 3 else 120
    rows[3][2], rows[4][2], rows[6][2] = str(limit), "9", str(limit + 1)
    rows[7][2] = str(1000 + limit)
    s.file("members.csv", written([["name", "city", "points"], *rows]))
    s.write("strong.csv", [["name", "city", "points"], *(row for row in rows if int(row[2]) > limit)], "csv")
    return Job(
        f"Write to ~/strong.csv the header of ~/members.csv and the rows with more than {limit} points, in their order.",
        [f"awk -F, 'NR == 1 || $3 + 0 > {limit}' members.csv > strong.csv"],
        {
            "that many as well": [f"awk -F, 'NR == 1 || $3 + 0 >= {limit}' members.csv > strong.csv"],
            "compared as text": [f'awk -F, \'NR == 1 || $3 "" > "{limit}"\' members.csv > strong.csv'],
            "no header": [f"awk -F, 'NR > 1 && $3 + 0 > {limit}' members.csv > strong.csv"],
        },
    )


@CATALOGUE.add("left-join", "tables", 2)
def _left_join(s: Scene) -> Job:
    r = s.rng
    staff = people(r, 12)
    teams = r.sample(PLACES, 6)
    keys = r.sample(range(1, 30), 6)
    rows = [[str(number), name, str(r.choice([*keys, 77, 88]))] for number, name in enumerate(staff, 1)]
    rows[2][2], rows[8][2] = "77", ""
    s.file("staff.csv", written([["id", "name", "team"], *rows]))
    s.file(
        "teams.csv", written([["team", "title"], *([str(key), team] for key, team in zip(keys, teams, strict=True))])
    )
    titles = dict(zip(map(str, keys), teams, strict=True))
    s.write(
        "joined.csv", [["id", "name", "title"], *([row[0], row[1], titles.get(row[2], "none")] for row in rows)], "csv"
    )
    program = python(
        "import csv",
        "titles = {row['team']: row['title'] for row in csv.DictReader(open('teams.csv', newline=''))}",
        "rows = list(csv.DictReader(open('staff.csv', newline='')))",
        _WRITE.format(
            "joined.csv",
            "['id', 'name', 'title']",
            "[row['id'], row['name'], titles.get(row['team'], 'none')] for row in rows",
        ),
    )
    return Job(
        "~/staff.csv gives each person a team's number, ~/teams.csv each team a title. Write ~/joined.csv with the columns "
        "id,name,title for all persons, in the order of staff.csv; where the team is unknown or missing the title is none.",
        [program],
        {
            "only those with a team": [
                program.replace("for row in rows)", "for row in rows if row['team'] in titles)")
            ],
            "an empty title": [program.replace("'none'", "''")],
            "sorted by name": [
                program.replace("for row in rows)", "for row in sorted(rows, key=lambda row: row['name']))")
            ],
        },
    )


@CATALOGUE.add("sort-by-two-columns", "tables", 2)
def _sort_by_two_columns(s: Scene) -> Job:
    r = s.rng
    towns = r.sample(PLACES, 4)
    names = people(r, 20)
    rows = [
        [name, towns[number % 4], str(r.choice((r.randint(2, 9), r.randint(10, 99), r.randint(100, 400))))]
        for number, name in enumerate(names)
    ]
    rows[0][2], rows[4][2], rows[8][2] = "9", "10", "100"
    rows[12][2] = rows[16][2] = "55"
    s.file("results.csv", written([["name", "town", "score"], *rows]))
    ranked = sorted(rows, key=lambda row: (row[1], -int(row[2]), row[0]))
    s.rewrite("results.csv", [["name", "town", "score"], *ranked], "csv")
    sort = (
        "{{ head -n 1 results.csv; tail -n +2 results.csv | LC_ALL=C sort -t, {}; }} > /tmp/x; cat /tmp/x > results.csv"
    )
    return Job(
        "Sort the rows of ~/results.csv in place: by town, in each town by score with the highest first, equal scores by name. "
        "The header stays on top.",
        [sort.format("-k 2,2 -k 3,3nr -k 1,1")],
        {
            "scores as text": [sort.format("-k 2,2 -k 3,3r -k 1,1")],
            "lowest first": [sort.format("-k 2,2 -k 3,3n -k 1,1")],
            "the header sorted in": ["LC_ALL=C sort -t, -k 2,2 -k 3,3nr -k 1,1 -o results.csv results.csv"],
            "by score first": [sort.format("-k 3,3nr -k 2,2 -k 1,1")],
        },
    )


@CATALOGUE.add("latest-per-key", "tables", 2)
def _latest_per_key(s: Scene) -> Job:
    r = s.rng
    codes = [f"P{r.randint(100, 999)}" for _ in range(8)]
    codes = list(dict.fromkeys(codes))
    rows = [[code, str(day(r)), f"{r.randint(100, 9999) / 100:.2f}"] for code in codes for _ in range(r.randint(1, 4))]
    rows += [[codes[0], "2025-01-02", "1.00"], [codes[0], "2023-12-30", "2.00"], [codes[1], "2025-01-03", "3.00"]]
    seen: dict[tuple[str, str], list[str]] = {(row[0], row[1]): row for row in rows}
    rows = list(seen.values())
    r.shuffle(rows)
    rows.sort(key=lambda row: row[1] == "2023-12-30")
    s.file("prices.csv", written([["code", "date", "price"], *rows]))
    latest: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: row[1]):
        latest[row[0]] = row
    s.write("current.csv", [["code", "date", "price"], *(latest[code] for code in sorted(latest))], "csv")
    pick = "{{ head -n 1 prices.csv; tail -n +2 prices.csv | {}; }} > current.csv"
    return Job(
        "~/prices.csv has several prices for the same code. Write ~/current.csv with the same header and, for each code, only the row "
        "with the latest date, sorted by code. The rows of prices.csv are in no order.",
        [pick.format("sort -t, -k 1,1 -k 2,2r | awk -F, '!seen[$1]++'")],
        {
            "the row that comes last": [pick.format("tac | awk -F, '!seen[$1]++' | sort -t, -k 1,1")],
            "the earliest": [pick.format("sort -t, -k 1,1 -k 2,2 | awk -F, '!seen[$1]++'")],
            "the highest price": [pick.format("sort -t, -k 1,1 -k 3,3nr | awk -F, '!seen[$1]++'")]
            if any(float(row[2]) > float(latest[row[0]][2]) for row in rows)
            else [],
        },
    )


@CATALOGUE.add("csv-to-json", "tables", 2)
def _csv_to_json(s: Scene) -> Job:
    path = s.rng.choice(("items.csv", "in/table.csv"))
    rows = _orders(s, path, s.rng.randint(9, 16))
    values = [
        {"id": int(row[0]), "item": row[3], "quantity": int(row[4]), "price": float(row[5]), "paid": row[6] == "paid"}
        for row in rows
    ]
    s.write("items.json", values, "json")
    program = python(
        _READ.format(path),
        "import json",
        "json.dump([{'id': int(r['id']), 'item': r['item'], 'quantity': int(r['quantity']), 'price': float(r['price']), "
        "'paid': r['status'] == 'paid'} for r in rows], open('items.json', 'w'))",
    )
    return Job(
        f"Turn ~/{path} into ~/items.json: a list of objects in the order of the rows, with id and quantity as whole numbers, item as "
        "text, price as a number, and paid as true or false (whether the status is paid).",
        [program],
        {
            "numbers as text": [program.replace("int(r['quantity'])", "r['quantity']")],
            "paid as text": [program.replace("r['status'] == 'paid'}", "str(r['status'] == 'paid')}")],
            "one object a line": [
                program.replace(
                    "json.dump([", "out = open('items.json', 'w'); [print(json.dumps(x), file=out) for x in ["
                ).replace(", open('items.json', 'w'))", "]")
            ],
        },
    )


@CATALOGUE.add("tabs-to-csv", "tables", 1)
def _tabs_to_csv(s: Scene) -> Job:
    r = s.rng
    rows = [
        [r.choice(GOODS) + r.choice(("", ", used", ' 5"')), r.choice(PLACES), str(r.randint(1, 99))]
        for _ in range(r.randint(9, 15))
    ]
    rows[2][0], rows[4][0] = "cup, blue", 'shelf 40" wide'
    rows[5][1] = ""
    table = [["item", "place", "count"], *rows]
    s.file("stock.tsv", "".join("\t".join(row) + "\n" for row in table))
    s.write("stock.csv", table, "csv")
    return Job(
        "Write the table ~/stock.tsv (separated by tabs, nothing quoted) as CSV to ~/stock.csv. Cells with commas or quotes must be "
        "quoted as CSV asks for, so that every row still has three cells.",
        [
            python(
                "import csv",
                "rows = [line.rstrip('\\n').split('\\t') for line in open('stock.tsv')]",
                "csv.writer(open('stock.csv', 'w', newline='')).writerows(rows)",
            )
        ],
        {
            "tabs to commas": ["tr '\\t' , < stock.tsv > stock.csv"],
            "quotes not doubled": ['sed \'s/\\t/","/g; s/^/"/; s/$/"/\' stock.tsv > stock.csv'],
            "empty cells lost": [
                'awk -F\'\\t+\' \'{gsub(/"/, "\\"\\""); for (i = 1; i <= NF; i++) printf "%s\\"%s\\"", (i > 1 ? "," : ""), $i; print ""}\' stock.tsv > stock.csv'
            ],
        },
    )


@CATALOGUE.add("split-table", "tables", 2)
def _split_table(s: Scene) -> Job:
    rows = _orders(s, "orders.csv", s.rng.randint(20, 30))
    header = ["id", "date", "customer", "item", "quantity", "price", "status"]
    for customer in sorted({row[2] for row in rows}):
        s.write(f"by-customer/{customer.lower()}.csv", [header, *(row for row in rows if row[2] == customer)], "csv")
    program = python(
        "import csv, os",
        "os.mkdir('by-customer')",
        "rows = list(csv.reader(open('orders.csv', newline='')))",
        "for name in {row[2] for row in rows[1:]}:",
        "    part = [rows[0]] + [row for row in rows[1:] if row[2] == name]",
        "    csv.writer(open(f'by-customer/{name.lower()}.csv', 'w', newline='')).writerows(part)",
    )
    return Job(
        "Split ~/orders.csv by customer into files ~/by-customer/NAME.csv, NAME being the customer's in lower case. Each has the header "
        "and the customer's rows in their order.",
        [program],
        {
            "no headers": [program.replace("[rows[0]] + ", "")],
            "names as they are": [program.replace(".lower()", "")],
            "by item": [program.replace("row[2]", "row[3]")],
            "moved": [program, "rm orders.csv"],
        },
    )


@CATALOGUE.add("crosstab", "tables", 3)
def _crosstab(s: Scene) -> Job:
    r = s.rng
    places, goods = sorted(r.sample(PLACES, 4)), sorted(r.sample(GOODS, 3))
    rows = [[r.choice(places), r.choice(goods[:2]), str(r.randint(1, 40))] for _ in range(25)] + [
        [places[0], goods[2], "5"],
        [places[0], goods[2], "7"],
    ]
    for place in places:
        rows.append([place, goods[0], str(r.randint(1, 9))])
    r.shuffle(rows)
    s.file("moves.csv", written([["place", "item", "amount"], *rows]))
    sums = {
        (place, good): sum(int(row[2]) for row in rows if row[:2] == [place, good])
        for place in places
        for good in goods
    }
    s.write(
        "crosstab.csv",
        [["place", *goods], *([place, *(str(sums[place, good]) for good in goods)] for place in places)],
        "csv",
    )
    program = python(
        _READ.format("moves.csv"),
        "sums = {}",
        "for row in rows: sums[row['place'], row['item']] = sums.get((row['place'], row['item']), 0) + int(row['amount'])",
        "goods = sorted({row['item'] for row in rows})",
        _WRITE.format(
            "crosstab.csv",
            "['place', *goods]",
            "[p, *(sums.get((p, g), 0) for g in goods)] for p in sorted({row['place'] for row in rows})",
        ),
    )
    return Job(
        "~/moves.csv has rows place,item,amount. Write ~/crosstab.csv with one row a place and one column an item, both in alphabetical "
        "order: the header is place followed by the items, the cells are the sums of the amounts, 0 where there are none.",
        [program],
        {
            "empty cells": [program.replace(", g), 0)", ", g), '')")],
            "rows counted": [program.replace("int(row['amount'])", "1")],
            "the last amount": [program.replace("sums.get((row['place'], row['item']), 0) + ", "")],
            "the other way round": [
                program.replace("['place', *goods]", "['item', *sorted({row['place'] for row in rows})]").replace(
                    "[p, *(sums.get((p, g), 0) for g in goods)] for p in sorted({row['place'] for row in rows})",
                    "[g, *(sums.get((p, g), 0) for p in sorted({row['place'] for row in rows}))] for g in goods",
                )
            ],
        },
    )
