"""Records in text that is made for people or for other programs: each kind as text, and as the beginning of a program."""

from textwrap import dedent
from xml.sax.saxutils import escape, quoteattr

from textgym.core import Random
from textgym.envs.code.wrangle.fields import Files, fields_of, plain
from textgym.envs.code.wrangle.records import Domain, Record

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def write_log(domain: Domain, records: list[Record], rng: Random) -> Files:
    """The files of these records."""
    lines = []
    for record in records:
        clock = f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}:{rng.randint(0, 59):02d}"
        who = record.who.replace("\\", "\\\\").replace('"', '\\"')
        fields = [f"{domain.id}={record.id}", f'{domain.who}="{who}"', f"{domain.group}={record.group}"]
        if record.amount is not None:
            fields.append(f"{domain.amount}={plain(record)}")
        fields.append(f"{domain.status}={record.status}")
        lines.append(f"{record.day.isoformat()} {clock} INFO {' '.join(rng.sample(fields, len(fields)))}")
        while rng.random() < 0.3:
            noise = rng.choice(("DEBUG cache warmed in 12 ms", "WARN slow disk", f"DEBUG skipped {domain.id}=0"))
            lines.append(f"{record.day.isoformat()} {clock} {noise}")
    return {f"{domain.name}.log": "\n".join(lines) + "\n"}


def read_log(domain: Domain) -> str:
    """The beginning of a program that reads them."""
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


def write_blocks(domain: Domain, records: list[Record], rng: Random) -> Files:
    """The files of these records."""
    blocks = []
    for record in records:
        fields = fields_of(domain, record, record.day.strftime("%Y/%m/%d"), plain(record))
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


def read_blocks(domain: Domain) -> str:
    """The beginning of a program that reads them."""
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


def write_fixed_width(domain: Domain, records: list[Record], rng: Random) -> Files:
    """The files of these records."""
    rows = [list(fields_of(domain, r, r.day.isoformat(), plain(r)).values()) for r in records]
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


def read_fixed_width(domain: Domain) -> str:
    """The beginning of a program that reads them."""
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


def write_sections(domain: Domain, records: list[Record], rng: Random) -> Files:
    """The files of these records."""
    lines = ["; made by hand, may hold errors"]
    for record in records:
        lines += ["", f"[{domain.thing} {record.id}]"]
        fields = fields_of(domain, record, record.day.isoformat(), plain(record))
        del fields[domain.id]
        if record.amount is None:
            del fields[domain.amount]
        for name in rng.sample(list(fields), len(fields)):
            gap = rng.choice((" = ", "=", "  =  "))
            lines.append(f"{name}{gap}{fields[name]}")
        if rng.random() < 0.2:
            lines.append(f"; {domain.status} was checked")
    return {f"{domain.name}.ini": "\n".join(lines) + "\n"}


def read_sections(domain: Domain) -> str:
    """The beginning of a program that reads them."""
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


def write_markdown(domain: Domain, records: list[Record], rng: Random) -> Files:
    """The files of these records."""
    lines = [f"## {domain.name.capitalize()}", "", f"| {' | '.join(domain.columns)} |", "|--:|:--|:--|:--|--:|:--|"]
    for record in records:
        day = f"{record.day.day} {_MONTHS[record.day.month - 1]} {record.day.year}"
        fields = fields_of(domain, record, day, plain(record) or "n/a").values()
        lines.append(f"| {' | '.join(field.replace('|', chr(92) + '|') for field in fields)} |")
    return {f"{domain.name}.md": "\n".join([*lines, "", f"{len(records)} lines."]) + "\n"}


def read_markdown(domain: Domain) -> str:
    """The beginning of a program that reads them."""
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


def write_xml(domain: Domain, records: list[Record], rng: Random) -> Files:
    """The files of these records."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f"<{domain.name}>"]
    for record in records:
        lines += [
            f'  <{domain.thing} number="{record.id}" {domain.group}={quoteattr(record.group)}>',
            f"    <{domain.who}>{escape(record.who)}</{domain.who}>",
            f'    <{domain.day} y="{record.day.year}" m="{record.day.month}" d="{record.day.day}"/>',
        ]
        if record.amount is not None:
            lines.append(f"    <{domain.amount}>{plain(record)}</{domain.amount}>")
        lines += [f"    <{domain.status}>{escape(record.status)}</{domain.status}>", f"  </{domain.thing}>"]
        if rng.random() < 0.2:
            lines.append(f"  <!-- {rng.choice(('checked', 'to be checked'))} -->")
    return {f"{domain.name}.xml": "\n".join([*lines, f"</{domain.name}>"]) + "\n"}


def read_xml(domain: Domain) -> str:
    """The beginning of a program that reads them."""
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


def write_inserts(domain: Domain, records: list[Record], rng: Random) -> Files:
    """The files of these records."""

    def value(record: Record) -> str:
        who = record.who.replace("'", "''")
        amount = "NULL" if record.amount is None else plain(record)
        return f"({record.id}, '{who}', '{record.group}', '{record.day.isoformat()}', {amount}, '{record.status}')"

    columns = ", ".join(domain.columns)
    statements, place = [f"-- dump of {domain.name}"], 0
    while place < len(records):
        share = records[place : place + rng.randint(1, 5)]
        place += len(share)
        statements.append(f"INSERT INTO {domain.name} ({columns}) VALUES\n  " + ",\n  ".join(map(value, share)) + ";")
    return {f"{domain.name}.sql": "\n".join(statements) + "\n"}


def read_inserts(domain: Domain) -> str:
    """The beginning of a program that reads them."""
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
