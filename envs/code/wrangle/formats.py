"""How records stand in files: as text, in words, and as the beginning of a reference program.

Each program reads the files in the working directory and leaves `records`, a list of dicts with the keys `id` (int),
`who`, `group`, `day` (YYYY-MM-DD), `amount` (hundredths as an int, or None) and `status`, in the order of the files.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from textwrap import dedent
from xml.sax.saxutils import escape, quoteattr

from textgym.core import Random
from textgym.envs.code.wrangle.records import Domain, Record
from textgym.envs.code.wrangle.tables import money

Files = dict[str, str]
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Format:
    """One way of writing records.

    Attributes:
        name: its name.
        words: what the task says about the files.
        files: the files, by name.
        program: the Python that reads them.
        rank: how hard it is to read, from 1.
    """

    name: str
    words: Callable[[Domain], str]
    files: Callable[[Domain, list[Record], Random], Files]
    program: Callable[[Domain], str]
    rank: int


def _fields(domain: Domain, record: Record, day: str, amount: str) -> dict[str, str]:
    return {
        domain.id: str(record.id),
        domain.who: record.who,
        domain.group: record.group,
        domain.day: day,
        domain.amount: amount,
        domain.status: record.status,
    }


def _plain(record: Record) -> str:
    return "" if record.amount is None else money(record.amount)


def _grouped(amount: int, thousands: str, point: str) -> str:
    return f"{amount // 100:,}".replace(",", thousands) + f"{point}{amount % 100:02d}"


def _quoted(text: str, separator: str) -> str:
    if any(character in text for character in (separator, '"', "\n")) or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text


# -- csv ------------------------------------------------------------------------------------------------------------------


def _csv(domain: Domain, records: list[Record], rng: Random) -> Files:
    lines = [" , ".join(name.upper() for name in domain.columns)]
    for record in records:
        amount = "" if record.amount is None else _grouped(record.amount, ",", ".")
        fields = _fields(domain, record, record.day.strftime("%d/%m/%Y"), amount).values()
        lines.append(",".join(_quoted(field, ",") for field in fields))
    return {f"{domain.name}.csv": "\n".join(lines) + "\n"}


def _read_csv(domain: Domain) -> str:
    return dedent(f"""
        import csv
        records = []
        with open("{domain.name}.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
        for id, who, group, day, amount, status in rows[1:]:
            d, m, y = day.split("/")
            amount = hundredths(amount.replace(",", "")) if amount else None
            records.append(dict(id=int(id), who=who, group=group, day=f"{{y}}-{{m}}-{{d}}", amount=amount, status=status))
    """)


def _semicolons(domain: Domain, records: list[Record], rng: Random) -> Files:
    lines = [f"# {domain.name}", ";".join(domain.columns)]
    for record in records:
        amount = "-" if record.amount is None else _grouped(record.amount, ".", ",")
        fields = _fields(domain, record, record.day.strftime("%d.%m.%Y"), amount).values()
        lines.append(";".join(_quoted(field, ";") for field in fields))
        if rng.random() < 0.15:
            lines.append(rng.choice(("# checked", "", "# page break")))
    return {f"{domain.name}.txt": "\ufeff" + "\r\n".join(lines) + "\r\n"}


def _read_semicolons(domain: Domain) -> str:
    return dedent(f"""
        import csv
        records = []
        with open("{domain.name}.txt", encoding="utf-8-sig") as file:
            lines = [line for line in file.read().split("\\n") if line.strip() and not line.startswith("#")]
        for id, who, group, day, amount, status in list(csv.reader(lines, delimiter=";"))[1:]:
            d, m, y = day.split(".")
            amount = None if amount == "-" else hundredths(amount.replace(".", "").replace(",", "."))
            records.append(dict(id=int(id), who=who, group=group, day=f"{{y}}-{{m}}-{{d}}", amount=amount, status=status))
    """)


def _two_parts(domain: Domain, records: list[Record], rng: Random) -> Files:
    half = len(records) // 2
    names = list(domain.columns)
    files = {}
    for part, share in (("1", records[:half]), ("2", records[half:])):
        order = rng.sample(names, len(names))
        lines = ["\t".join(order)]
        for record in share:
            amount = "" if record.amount is None else str(record.amount)
            fields = _fields(domain, record, record.day.strftime("%Y%m%d"), amount)
            lines.append("\t".join(fields[name] for name in order))
        files[f"{domain.name}_{part}.tsv"] = "\n".join(lines) + "\n"
    return files


def _read_two_parts(domain: Domain) -> str:
    return dedent(f"""
        records = []
        for part in "12":
            with open(f"{domain.name}_{{part}}.tsv", encoding="utf-8") as file:
                head, *lines = file.read().splitlines()
            for line in lines:
                row = dict(zip(head.split("\\t"), line.split("\\t")))
                day, amount = row["{domain.day}"], row["{domain.amount}"]
                records.append(dict(
                    id=int(row["{domain.id}"]), who=row["{domain.who}"], group=row["{domain.group}"],
                    day=f"{{day[:4]}}-{{day[4:6]}}-{{day[6:]}}", amount=int(amount) if amount else None,
                    status=row["{domain.status}"]))
    """)


# -- json -----------------------------------------------------------------------------------------------------------------


def _json_lines(domain: Domain, records: list[Record], rng: Random) -> Files:
    lines = []
    for record in records:
        item: dict[str, object] = {
            domain.id: f"{domain.id[0].upper()}-{record.id}",
            domain.who: {"name": record.who, domain.group: record.group},
            domain.day: f"{record.day.isoformat()}T{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}:00",
            "details": {domain.status: record.status.upper()},
        }
        if record.amount is not None:
            item["details"] = {domain.amount: _plain(record), domain.status: record.status.upper()}
        lines.append(json.dumps(item, ensure_ascii=rng.random() < 0.5))
    return {f"{domain.name}.jsonl": "\n".join(lines) + "\n"}


def _read_json_lines(domain: Domain) -> str:
    return dedent(f"""
        import json
        records = []
        with open("{domain.name}.jsonl", encoding="utf-8") as file:
            items = [json.loads(line) for line in file if line.strip()]
        for item in items:
            amount = item["details"].get("{domain.amount}")
            records.append(dict(
                id=int(item["{domain.id}"].split("-")[1]), who=item["{domain.who}"]["name"],
                group=item["{domain.who}"]["{domain.group}"], day=item["{domain.day}"][:10],
                amount=None if amount is None else hundredths(amount),
                status=item["details"]["{domain.status}"].lower()))
    """)


def _json_by_day(domain: Domain, records: list[Record], rng: Random) -> Files:
    pages = []
    for day, share in groupby(records, lambda record: record.day):
        items = [
            [record.id, record.who, {domain.group: record.group, domain.status: record.status}, record.amount]
            for record in share
        ]
        pages.append({domain.day: day.isoformat(), domain.name: items})
    return {f"{domain.name}.json": json.dumps({"pages": pages}, indent=1, ensure_ascii=False) + "\n"}


def _read_json_by_day(domain: Domain) -> str:
    return dedent(f"""
        import json
        records = []
        with open("{domain.name}.json", encoding="utf-8") as file:
            pages = json.load(file)["pages"]
        for page in pages:
            for id, who, rest, amount in page["{domain.name}"]:
                records.append(dict(id=id, who=who, group=rest["{domain.group}"], day=page["{domain.day}"], amount=amount,
                                    status=rest["{domain.status}"]))
    """)


# -- text -----------------------------------------------------------------------------------------------------------------


def _log(domain: Domain, records: list[Record], rng: Random) -> Files:
    lines = []
    for record in records:
        clock = f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}:{rng.randint(0, 59):02d}"
        who = record.who.replace("\\", "\\\\").replace('"', '\\"')
        fields = [f"{domain.id}={record.id}", f'{domain.who}="{who}"', f"{domain.group}={record.group}"]
        if record.amount is not None:
            fields.append(f"{domain.amount}={_plain(record)}")
        fields.append(f"{domain.status}={record.status}")
        lines.append(f"{record.day.isoformat()} {clock} INFO {' '.join(rng.sample(fields, len(fields)))}")
        while rng.random() < 0.3:
            noise = rng.choice(("DEBUG cache warmed in 12 ms", "WARN slow disk", f"DEBUG skipped {domain.id}=0"))
            lines.append(f"{record.day.isoformat()} {clock} {noise}")
    return {f"{domain.name}.log": "\n".join(lines) + "\n"}


def _read_log(domain: Domain) -> str:
    return dedent(rf"""
        import re
        records = []
        with open("{domain.name}.log", encoding="utf-8") as file:
            lines = file.read().splitlines()
        for line in lines:
            day, clock, level, rest = line.split(" ", 3)
            if level != "INFO":
                continue
            row = {{}}
            for key, quoted, bare in re.findall(r'(\w+)=(?:"((?:[^"\\]|\\.)*)"|(\S+))', rest):
                row[key] = re.sub(r"\\(.)", r"\1", quoted) if quoted else bare
            amount = row.get("{domain.amount}")
            records.append(dict(
                id=int(row["{domain.id}"]), who=row["{domain.who}"], group=row["{domain.group}"], day=day,
                amount=None if amount is None else hundredths(amount), status=row["{domain.status}"]))
    """)


def _blocks(domain: Domain, records: list[Record], rng: Random) -> Files:
    blocks = []
    for record in records:
        fields = _fields(domain, record, record.day.strftime("%Y/%m/%d"), _plain(record))
        if record.amount is None:
            del fields[domain.amount]
        lines = []
        for name in rng.sample(list(fields), len(fields)):
            value = fields[name]
            if " " in value and rng.random() < 0.5:
                value = value.replace(" ", "\n    ", 1)
            lines.append(f"{name.capitalize()}: {value}")
        blocks.append("\n".join(lines))
    return {f"{domain.name}.txt": "\n\n".join(blocks) + "\n"}


def _read_blocks(domain: Domain) -> str:
    return dedent(f"""
        records = []
        with open("{domain.name}.txt", encoding="utf-8") as file:
            blocks = file.read().strip().split("\\n\\n")
        for block in blocks:
            row = {{}}
            for line in block.split("\\n"):
                if line.startswith("    "):
                    row[name] += " " + line.strip()
                else:
                    name, _, value = line.partition(": ")
                    name = name.lower()
                    row[name] = value
            amount = row.get("{domain.amount}")
            records.append(dict(
                id=int(row["{domain.id}"]), who=row["{domain.who}"], group=row["{domain.group}"],
                day=row["{domain.day}"].replace("/", "-"), amount=None if amount is None else hundredths(amount),
                status=row["{domain.status}"]))
    """)


def _fixed_width(domain: Domain, records: list[Record], rng: Random) -> Files:
    rows = [list(_fields(domain, r, r.day.isoformat(), _plain(r)).values()) for r in records]
    widths = [max(len(row[i]) for row in [*rows, list(domain.columns)]) for i in range(len(domain.columns))]
    rule = " ".join("=" * width for width in widths)

    def line(cells: list[str]) -> str:
        return " ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()

    lines = []
    page = rng.randint(6, 9)
    for number, row in enumerate(rows):
        if number % page == 0:
            lines += [*([f"-- page {number // page + 1} --", ""] if number else []), line(list(domain.columns)), rule]
        lines.append(line(row))
    return {f"{domain.name}.txt": "\n".join(lines) + "\n"}


def _read_fixed_width(domain: Domain) -> str:
    return dedent(f"""
        records = []
        with open("{domain.name}.txt", encoding="utf-8") as file:
            lines = file.read().split("\\n")
        rule = next(line for line in lines if line.startswith("="))
        bounds, start = [], 0
        for width in map(len, rule.split(" ")):
            bounds.append((start, start + width))
            start += width + 1
        skip = {{rule, "", lines[lines.index(rule) - 1]}}
        for line in lines:
            if line in skip or line.startswith("-- page "):
                continue
            id, who, group, day, amount, status = (line[a:b].strip() for a, b in bounds)
            records.append(dict(id=int(id), who=who, group=group, day=day,
                                amount=hundredths(amount) if amount else None, status=status))
    """)


def _sections(domain: Domain, records: list[Record], rng: Random) -> Files:
    lines = ["; made by hand, may hold errors"]
    for record in records:
        lines += ["", f"[{domain.thing} {record.id}]"]
        fields = _fields(domain, record, record.day.isoformat(), _plain(record))
        del fields[domain.id]
        if record.amount is None:
            del fields[domain.amount]
        for name in rng.sample(list(fields), len(fields)):
            gap = rng.choice((" = ", "=", "  =  "))
            lines.append(f"{name}{gap}{fields[name]}")
        if rng.random() < 0.2:
            lines.append(f"; {domain.status} was checked")
    return {f"{domain.name}.ini": "\n".join(lines) + "\n"}


def _read_sections(domain: Domain) -> str:
    return dedent(f"""
        rows = []
        with open("{domain.name}.ini", encoding="utf-8") as file:
            lines = file.read().split("\\n")
        for line in lines:
            if line.startswith("["):
                rows.append({{"id": int(line.strip("[]").split()[-1])}})
            elif "=" in line and not line.startswith(";"):
                name, _, value = line.partition("=")
                rows[-1][name.strip()] = value.strip()
        records = []
        for row in rows:
            amount = row.get("{domain.amount}")
            records.append(dict(
                id=row["id"], who=row["{domain.who}"], group=row["{domain.group}"], day=row["{domain.day}"],
                amount=None if amount is None else hundredths(amount), status=row["{domain.status}"]))
    """)


def _markdown(domain: Domain, records: list[Record], rng: Random) -> Files:
    lines = [f"## {domain.name.capitalize()}", "", f"| {' | '.join(domain.columns)} |", "|--:|:--|:--|:--|--:|:--|"]
    for record in records:
        day = f"{record.day.day} {_MONTHS[record.day.month - 1]} {record.day.year}"
        fields = _fields(domain, record, day, _plain(record) or "n/a").values()
        lines.append(f"| {' | '.join(field.replace('|', chr(92) + '|') for field in fields)} |")
    return {f"{domain.name}.md": "\n".join([*lines, "", f"{len(records)} lines."]) + "\n"}


def _read_markdown(domain: Domain) -> str:
    return dedent(rf"""
        import re
        months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
        records = []
        with open("{domain.name}.md", encoding="utf-8") as file:
            lines = [line for line in file.read().split("\n") if line.startswith("| ")]
        for line in lines[1:]:
            cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            id, who, group, day, amount, status = cells
            d, m, y = day.split()
            records.append(dict(id=int(id), who=who, group=group, day=f"{{y}}-{{months.index(m) + 1:02d}}-{{int(d):02d}}",
                                amount=None if amount == "n/a" else hundredths(amount), status=status))
    """)


def _xml(domain: Domain, records: list[Record], rng: Random) -> Files:
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f"<{domain.name}>"]
    for record in records:
        lines += [
            f'  <{domain.thing} number="{record.id}" {domain.group}={quoteattr(record.group)}>',
            f"    <{domain.who}>{escape(record.who)}</{domain.who}>",
            f'    <{domain.day} y="{record.day.year}" m="{record.day.month}" d="{record.day.day}"/>',
        ]
        if record.amount is not None:
            lines.append(f"    <{domain.amount}>{_plain(record)}</{domain.amount}>")
        lines += [f"    <{domain.status}>{escape(record.status)}</{domain.status}>", f"  </{domain.thing}>"]
        if rng.random() < 0.2:
            lines.append(f"  <!-- {rng.choice(('checked', 'to be checked'))} -->")
    return {f"{domain.name}.xml": "\n".join([*lines, f"</{domain.name}>"]) + "\n"}


def _read_xml(domain: Domain) -> str:
    return dedent(f"""
        from xml.etree import ElementTree
        records = []
        for item in ElementTree.parse("{domain.name}.xml").getroot():
            day, amount = item.find("{domain.day}").attrib, item.findtext("{domain.amount}")
            records.append(dict(
                id=int(item.get("number")), who=item.findtext("{domain.who}"), group=item.get("{domain.group}"),
                day="%04d-%02d-%02d" % (int(day["y"]), int(day["m"]), int(day["d"])),
                amount=None if amount is None else hundredths(amount), status=item.findtext("{domain.status}")))
    """)


def _inserts(domain: Domain, records: list[Record], rng: Random) -> Files:
    def value(record: Record) -> str:
        who = record.who.replace("'", "''")
        amount = "NULL" if record.amount is None else _plain(record)
        return f"({record.id}, '{who}', '{record.group}', '{record.day.isoformat()}', {amount}, '{record.status}')"

    columns = ", ".join(domain.columns)
    statements, place = [f"-- dump of {domain.name}"], 0
    while place < len(records):
        share = records[place : place + rng.randint(1, 5)]
        place += len(share)
        statements.append(f"INSERT INTO {domain.name} ({columns}) VALUES\n  " + ",\n  ".join(map(value, share)) + ";")
    return {f"{domain.name}.sql": "\n".join(statements) + "\n"}


def _read_inserts(domain: Domain) -> str:
    return dedent(rf"""
        import re
        records = []
        with open("{domain.name}.sql", encoding="utf-8") as file:
            text = file.read()
        pattern = r"\((\d+), '((?:[^']|'')*)', '([^']*)', '([^']*)', (NULL|[\d.]+), '([^']*)'\)"
        for id, who, group, day, amount, status in re.findall(pattern, text):
            records.append(dict(id=int(id), who=who.replace("''", "'"), group=group, day=day,
                                amount=None if amount == "NULL" else hundredths(amount), status=status))
    """)


FORMATS = (
    Format(
        "csv",
        lambda d: (
            f"`{d.name}.csv` is comma-separated; dates are DD/MM/YYYY, and numbers have commas between thousands."
        ),
        _csv,
        _read_csv,
        1,
    ),
    Format(
        "semicolons",
        lambda d: (
            f"`{d.name}.txt` is separated by semicolons; lines that begin with # are remarks, dates are DD.MM.YYYY, numbers "
            "are written 1.234,50, and - stands for none."
        ),
        _semicolons,
        _read_semicolons,
        2,
    ),
    Format(
        "two parts",
        lambda d: (
            f"`{d.name}_1.tsv` and `{d.name}_2.tsv` are separated by tabs and follow one another; the order of their columns "
            f"may differ, dates are YYYYMMDD, and the column {d.amount} counts hundredths."
        ),
        _two_parts,
        _read_two_parts,
        2,
    ),
    Format(
        "json lines",
        lambda d: (
            f"`{d.name}.jsonl` has a JSON object a line. The number after the hyphen is the {d.id}; a {d.status} is to be "
            "given in small letters, a point in time as its date."
        ),
        _json_lines,
        _read_json_lines,
        1,
    ),
    Format(
        "json pages",
        lambda d: (
            f"`{d.name}.json` has pages with a {d.day} and {d.name}; each of these is a list of {d.id}, {d.who}, an object "
            f"with {d.group} and {d.status}, and the {d.amount} in hundredths or null."
        ),
        _json_by_day,
        _read_json_by_day,
        2,
    ),
    Format(
        "log",
        lambda d: (
            f"`{d.name}.log` has a {d.thing} in every line of level INFO, as fields in any order, and {d.day} is the "
            "date of that line; in quotes a backslash stands before a quote. Lines of other levels say nothing about it."
        ),
        _log,
        _read_log,
        2,
    ),
    Format(
        "blocks",
        lambda d: (
            f"`{d.name}.txt` has a block for every {d.thing}, its fields in any order; a line that begins with four spaces "
            "goes on with the value of the line before, after one space."
        ),
        _blocks,
        _read_blocks,
        2,
    ),
    Format(
        "fixed width",
        lambda d: (
            f"`{d.name}.txt` is printed in columns of fixed width, marked by a line of = signs; the head is repeated on every "
            "page. The widths may differ from file to file."
        ),
        _fixed_width,
        _read_fixed_width,
        3,
    ),
    Format(
        "sections",
        lambda d: (
            f"`{d.name}.ini` has a section for every {d.thing}, with the {d.id} in its head; lines that begin with ; are "
            "remarks."
        ),
        _sections,
        _read_sections,
        2,
    ),
    Format(
        "markdown",
        lambda d: (
            f"`{d.name}.md` holds a Markdown table; a vertical bar in a field is written \\|, and n/a stands for none."
        ),
        _markdown,
        _read_markdown,
        2,
    ),
    Format(
        "xml",
        lambda d: f"`{d.name}.xml` has an element for every {d.thing}; its attribute number is the {d.id}.",
        _xml,
        _read_xml,
        2,
    ),
    Format(
        "inserts",
        lambda d: (
            f"`{d.name}.sql` holds INSERT statements; a quote in a text is doubled, and NULL stands for none. No other "
            "statement is in it."
        ),
        _inserts,
        _read_inserts,
        2,
    ),
)


def head_of(files: Files, lines: int) -> str:
    """The beginning of each file, as the task shows it."""
    parts = []
    for name, text in files.items():
        every = text.removeprefix("\ufeff").replace("\r\n", "\n").rstrip("\n").split("\n")
        rest = f"\n[... {len(every) - lines} more lines ...]" if len(every) > lines else ""
        parts.append(f"--- {name}\n" + "\n".join(every[:lines]) + rest)
    return "\n".join(parts)
