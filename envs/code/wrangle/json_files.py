"""Records as JSON: each kind as text, and as the beginning of a reference program that reads it."""

import json
from itertools import groupby
from textwrap import dedent

from textgym.core import Random
from textgym.envs.code.wrangle.fields import Files, plain
from textgym.envs.code.wrangle.records import Domain, Record


def write_json_lines(domain: Domain, records: list[Record], rng: Random) -> Files:
    """The files of these records."""
    lines = []
    for record in records:
        item: dict[str, object] = {
            domain.id: f"{domain.id[0].upper()}-{record.id}",
            domain.who: {"name": record.who, domain.group: record.group},
            domain.day: f"{record.day.isoformat()}T{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}:00",
            "details": {domain.status: record.status.upper()},
        }
        if record.amount is not None:
            item["details"] = {domain.amount: plain(record), domain.status: record.status.upper()}
        lines.append(json.dumps(item, ensure_ascii=rng.random() < 0.5))
    return {f"{domain.name}.jsonl": "\n".join(lines) + "\n"}


def read_json_lines(domain: Domain) -> str:
    """The beginning of a program that reads them."""
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


def write_json_by_day(domain: Domain, records: list[Record], rng: Random) -> Files:
    """The files of these records."""
    pages = []
    for day, share in groupby(records, lambda record: record.day):
        items = [
            [record.id, record.who, {domain.group: record.group, domain.status: record.status}, record.amount]
            for record in share
        ]
        pages.append({domain.day: day.isoformat(), domain.name: items})
    return {f"{domain.name}.json": json.dumps({"pages": pages}, indent=1, ensure_ascii=False) + "\n"}


def read_json_by_day(domain: Domain) -> str:
    """The beginning of a program that reads them."""
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
