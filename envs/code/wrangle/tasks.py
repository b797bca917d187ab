"""A task of DataWrangle: a format, an operation, the quirks, and three sets of files with their tables."""

from dataclasses import dataclass
from textwrap import dedent

from textgym.core import Random, RedrawError
from textgym.envs.code.wrangle.fields import Files
from textgym.envs.code.wrangle.formats import FORMATS, Format
from textgym.envs.code.wrangle.operations import OPERATIONS, Choice, Operation
from textgym.envs.code.wrangle.records import DOMAINS, Domain, Quirks, cleaned, draw_records
from textgym.envs.code.wrangle.tables import Table, shown

_HIDDEN_ROWS = (45, 70)
_TRIES = 20


@dataclass(frozen=True, slots=True)
class Instance:
    """Files, and the table that is to be made of them, header included."""

    files: Files
    table: Table


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is asked, apart from the data."""

    domain: Domain
    format: Format
    operation: Operation
    quirks: Quirks
    choice: Choice

    @property
    def family(self) -> str:
        """The template: tasks of one family differ in words and numbers."""
        return f"{self.format.name} to {self.operation.name}"

    @property
    def difficulty(self) -> int:
        """How hard the task is, from 2 to 8."""
        return self.format.rank + self.operation.rank + self.quirks.missing + self.quirks.repeated

    def instruction(self) -> str:
        """The task in words."""
        domain = self.domain
        header = ",".join(self.operation.header(domain))
        sentences = [
            self.format.words(domain),
            *self.quirks.sentences(domain),
            self.operation.words(domain, self.choice),
            f"Print the result as CSV with the header line `{header}`; dates as YYYY-MM-DD, numbers with a point and "
            "without separators.",
        ]
        return "\n".join(f"- {sentence}" for sentence in sentences)

    def instance(self, rows: int, rng: Random) -> Instance:
        """Files with `rows` records, repetitions not counted, and their table."""
        for _ in range(_TRIES):
            records = draw_records(self.domain, rows, self.quirks, rng)
            counted = cleaned(records, self.quirks)
            table = self.operation.rows(counted, self.choice) if counted else []
            if table:
                return Instance(
                    self.format.files(self.domain, records, rng), [self.operation.header(self.domain), *table]
                )
        raise RedrawError("the table stays empty")

    def program(self) -> str:
        """A program that makes the table of any instance."""
        header = self.operation.header(self.domain)
        steps = [_START, self.format.program(self.domain)]
        if self.quirks.repeated:
            steps.append(_LAST)
        if self.quirks.missing:
            steps.append(_PRESENT)
        steps += [self.operation.program(self.choice), _END.replace("HEADER", repr(header))]
        return "\n".join(step.strip() for step in steps) + "\n"


_START = dedent("""
    import sys
    def hundredths(text):
        whole, _, part = text.partition(".")
        return int(whole) * 100 + int((part + "00")[:2])
    def money(n):
        return f"{n // 100}.{n % 100:02d}"
""")
_LAST = 'records = list({r["id"]: r for r in records}.values())'
_PRESENT = 'records = [r for r in records if r["amount"] is not None]'
_END = dedent("""
    import csv
    sys.stdout.reconfigure(encoding="utf-8")
    csv.writer(sys.stdout, lineterminator="\\n").writerows([HEADER, *table])
""")


def draw_recipe(rng: Random, quirks: str) -> Recipe:
    """A recipe; the first thing that is drawn is its family, which is claimed before the rest."""
    form, operation = rng.choice(FORMATS), rng.choice(OPERATIONS)
    rng.claim(f"{form.name} to {operation.name}")
    domain = rng.choice(DOMAINS)
    many = {"none": 0, "some": 1, "all": 2}[quirks] if quirks != "mixed" else rng.randint(0, 2)
    missing = many == 2 or (many == 1 and rng.random() < 0.5)
    return Recipe(
        domain, form, operation, Quirks(missing, many == 2 or (many == 1 and not missing)), Choice.draw(domain, rng)
    )


def draw_instances(recipe: Recipe, rows: int, rng: Random) -> tuple[Instance, list[Instance]]:
    """The visible instance and two hidden ones, whose tables are all different."""
    visible = recipe.instance(rows, rng)
    hidden = [recipe.instance(rng.randint(*_HIDDEN_ROWS), rng) for _ in range(2)]
    if len({shown(one.table) for one in (visible, *hidden)}) < 3:
        raise RedrawError("two tables are equal")
    return visible, hidden
