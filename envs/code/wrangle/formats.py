"""How records stand in files: as text, in words, and as the beginning of a reference program.

Each program reads the files in the working directory and leaves `records`, a list of dicts with the keys `id` (int),
`who`, `group`, `day` (YYYY-MM-DD), `amount` (hundredths as an int, or None) and `status`, in the order of the files.
"""

from collections.abc import Callable
from dataclasses import dataclass

from textgym.core import Random
from textgym.envs.code.wrangle.fields import Files
from textgym.envs.code.wrangle.json_files import read_json_by_day, read_json_lines, write_json_by_day, write_json_lines
from textgym.envs.code.wrangle.records import Domain, Record
from textgym.envs.code.wrangle.separated import (
    read_csv,
    read_semicolons,
    read_two_parts,
    write_csv,
    write_semicolons,
    write_two_parts,
)
from textgym.envs.code.wrangle.text_files import (
    read_blocks,
    read_fixed_width,
    read_inserts,
    read_log,
    read_markdown,
    read_sections,
    read_xml,
    write_blocks,
    write_fixed_width,
    write_inserts,
    write_log,
    write_markdown,
    write_sections,
    write_xml,
)


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


FORMATS = (
    Format(
        "csv",
        lambda d: (
            f"`{d.name}.csv` is comma-separated; dates are DD/MM/YYYY, and numbers have commas between thousands."
        ),
        write_csv,
        read_csv,
        1,
    ),
    Format(
        "semicolons",
        lambda d: (
            f"`{d.name}.txt` is separated by semicolons; lines that begin with # are remarks, dates are DD.MM.YYYY, numbers "
            "are written 1.234,50, and - stands for none."
        ),
        write_semicolons,
        read_semicolons,
        2,
    ),
    Format(
        "two parts",
        lambda d: (
            f"`{d.name}_1.tsv` and `{d.name}_2.tsv` are separated by tabs and follow one another; the order of their columns "
            f"may differ, dates are YYYYMMDD, and the column {d.amount} counts hundredths."
        ),
        write_two_parts,
        read_two_parts,
        2,
    ),
    Format(
        "json lines",
        lambda d: (
            f"`{d.name}.jsonl` has a JSON object a line. The number after the hyphen is the {d.id}; a {d.status} is to be "
            "given in small letters, a point in time as its date."
        ),
        write_json_lines,
        read_json_lines,
        1,
    ),
    Format(
        "json pages",
        lambda d: (
            f"`{d.name}.json` has pages with a {d.day} and {d.name}; each of these is a list of {d.id}, {d.who}, an object "
            f"with {d.group} and {d.status}, and the {d.amount} in hundredths or null."
        ),
        write_json_by_day,
        read_json_by_day,
        2,
    ),
    Format(
        "log",
        lambda d: (
            f"`{d.name}.log` has a {d.thing} in every line of level INFO, as fields in any order, and {d.day} is the "
            "date of that line; in quotes a backslash stands before a quote. Lines of other levels say nothing about it."
        ),
        write_log,
        read_log,
        2,
    ),
    Format(
        "blocks",
        lambda d: (
            f"`{d.name}.txt` has a block for every {d.thing}, its fields in any order; a line that begins with four spaces "
            "goes on with the value of the line before, after one space."
        ),
        write_blocks,
        read_blocks,
        2,
    ),
    Format(
        "fixed width",
        lambda d: (
            f"`{d.name}.txt` is printed in columns of fixed width, marked by a line of = signs; the head is repeated on every "
            "page. The widths may differ from file to file."
        ),
        write_fixed_width,
        read_fixed_width,
        3,
    ),
    Format(
        "sections",
        lambda d: (
            f"`{d.name}.ini` has a section for every {d.thing}, with the {d.id} in its head; lines that begin with ; are "
            "remarks."
        ),
        write_sections,
        read_sections,
        2,
    ),
    Format(
        "markdown",
        lambda d: (
            f"`{d.name}.md` holds a Markdown table; a vertical bar in a field is written \\|, and n/a stands for none."
        ),
        write_markdown,
        read_markdown,
        2,
    ),
    Format(
        "xml",
        lambda d: f"`{d.name}.xml` has an element for every {d.thing}; its attribute number is the {d.id}.",
        write_xml,
        read_xml,
        2,
    ),
    Format(
        "inserts",
        lambda d: (
            f"`{d.name}.sql` holds INSERT statements; a quote in a text is doubled, and NULL stands for none. No other "
            "statement is in it."
        ),
        write_inserts,
        read_inserts,
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
