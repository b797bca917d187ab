"""What the formats share: the text of a record's fields."""

from textgym.envs.code.wrangle.records import Domain, Record
from textgym.envs.code.wrangle.tables import money

Files = dict[str, str]
"""The text of each file, by name."""


def fields_of(domain: Domain, record: Record, day: str, amount: str) -> dict[str, str]:
    """The fields by their column's name, in the usual order."""
    return {
        domain.id: str(record.id),
        domain.who: record.who,
        domain.group: record.group,
        domain.day: day,
        domain.amount: amount,
        domain.status: record.status,
    }


def plain(record: Record) -> str:
    """The amount with a point; empty where there is none."""
    return "" if record.amount is None else money(record.amount)


def grouped(amount: int, thousands: str, point: str) -> str:
    """An amount with separators between thousands."""
    return f"{amount // 100:,}".replace(",", thousands) + f"{point}{amount % 100:02d}"


def quoted(text: str, separator: str) -> str:
    """A field of a separated file, in quotes where it must be."""
    if any(character in text for character in (separator, '"', "\n")) or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text
