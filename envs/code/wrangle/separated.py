"""Records in separated files: each kind as text, and as the beginning of a reference program that reads it."""

from textwrap import dedent

from textgym.core import Random
from textgym.envs.code.wrangle.fields import Files, fields_of, grouped, quoted
from textgym.envs.code.wrangle.records import Domain, Record


def write_csv(domain: Domain, records: list[Record], rng: Random) -> Files:
    """The files of these records."""
    lines = [" , ".join(name.upper() for name in domain.columns)]
    for record in records:
        amount = "" if record.amount is None else grouped(record.amount, ",", ".")
        fields = fields_of(domain, record, record.day.strftime("%d/%m/%Y"), amount).values()
        lines.append(",".join(quoted(field, ",") for field in fields))
    return {f"{domain.name}.csv": "\n".join(lines) + "\n"}


def read_csv(domain: Domain) -> str:
    """The beginning of a program that reads them."""
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


def write_semicolons(domain: Domain, records: list[Record], rng: Random) -> Files:
    """The files of these records."""
    lines = [f"# {domain.name}", ";".join(domain.columns)]
    for record in records:
        amount = "-" if record.amount is None else grouped(record.amount, ".", ",")
        fields = fields_of(domain, record, record.day.strftime("%d.%m.%Y"), amount).values()
        lines.append(";".join(quoted(field, ";") for field in fields))
        if rng.random() < 0.15:
            lines.append(rng.choice(("# checked", "", "# page break")))
    return {f"{domain.name}.txt": "\ufeff" + "\r\n".join(lines) + "\r\n"}


def read_semicolons(domain: Domain) -> str:
    """The beginning of a program that reads them."""
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


def write_two_parts(domain: Domain, records: list[Record], rng: Random) -> Files:
    """The files of these records."""
    half = len(records) // 2
    names = list(domain.columns)
    files = {}
    for part, share in (("1", records[:half]), ("2", records[half:])):
        order = rng.sample(names, len(names))
        lines = ["\t".join(order)]
        for record in share:
            amount = "" if record.amount is None else str(record.amount)
            fields = fields_of(domain, record, record.day.strftime("%Y%m%d"), amount)
            lines.append("\t".join(fields[name] for name in order))
        files[f"{domain.name}_{part}.tsv"] = "\n".join(lines) + "\n"
    return files


def read_two_parts(domain: Domain) -> str:
    """The beginning of a program that reads them."""
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
