"""Leaves that compare a table with another, or ask whether a text is one."""

from bisect import bisect_left
from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any, ClassVar, Literal

from textgym.core.outcome import Score
from textgym.graders.base import Grader, passed
from textgym.graders.errors import Invalid
from textgym.graders.primitives.collections import common_subsequence
from textgym.graders.primitives.leaf import OUTPUT, Data, NotNegative, Text, TextLeaf, secret, seen
from textgym.graders.primitives.normal import normalise
from textgym.graders.primitives.numerals import as_fraction, read_number
from textgym.graders.primitives.tables import Format, Table, TableError, read_table
from textgym.graders.sample import Item, Sample

_MOST_COMPARISONS = 300_000
_Row = tuple[str | Fraction, ...]


class TableMatch(Grader):
    """The F1 of the rows of two tables, counted as often as they are there.

    Columns are brought together by name, whatever their order; a column that is missing leaves no row equal. Cells are equal
    as numbers if both are numbers, within the tolerance; otherwise as texts without case and additional spaces.

    Attributes:
        input: a CSV or Markdown table, a JSON list of objects, or of rows with a header.
        reference: the table that it is compared with, in any of these forms.
        format: how texts are written; `auto` looks at the first character.
        ordered: whether rows must come in the reference's order: then the longest common subsequence counts.
        extra_columns: whether columns that the reference does not have are passed over, or make the value 0.
        atol: absolute tolerance of numbers. With a tolerance rows are matched greedily, in ascending order; it does not go
            with `ordered`.
        rtol: tolerance of numbers as a share of the reference.
    """

    templated: ClassVar[tuple[str, ...]] = ("input", "reference")

    type: Literal["table_match"] = "table_match"
    input: Data = OUTPUT
    reference: Data
    format: Format = "auto"
    ordered: bool = False
    extra_columns: Literal["ignore", "refuse"] = "ignore"
    atol: NotNegative = 0.0
    rtol: NotNegative = 0.0

    def _grade(self, item: Item, sample: Sample) -> Score:
        reference = self.fill(self.reference, item, sample)
        try:
            gold = read_table(reference, "auto")
        except TableError as error:
            raise Invalid("error", f"the reference is no table: {error}") from None
        given = self.fill(self.input, item, sample)
        try:
            table = read_table(given, self.format)
        except TableError as error:
            said = str(error).encode("utf-8", "replace").decode()
            return passed(0.0, f"the output is no table: {said}", seen(given), secret(reference))
        value, reason = self._alike(table, gold)
        return passed(value, reason, seen(given), secret(reference))

    def _alike(self, table: Table, gold: Table) -> tuple[float, str]:
        names, wanted = table.column_forms(), gold.column_forms()
        if not set(wanted) <= set(names):
            return 0.0, "a column is missing"
        if self.extra_columns == "refuse" and len(names) > len(wanted):
            return 0.0, "there is a column too many"
        places = [names.index(name) for name in wanted]
        ours = [tuple(_value(row[place]) for place in places) for row in table.rows]
        theirs = [tuple(_value(cell) for cell in row) for row in gold.rows]
        if not ours and not theirs:
            return 1.0, "no rows in either"
        common = self._common(ours, theirs)
        return 2 * common / (len(ours) + len(theirs)), f"{common} of {len(theirs)} rows"

    def _common(self, ours: list[_Row], theirs: list[_Row]) -> int:
        """How many rows the two have in common."""
        if self.ordered:
            return common_subsequence([repr(row) for row in ours], [repr(row) for row in theirs])
        exact = Counter(ours) & Counter(theirs)
        if not (self.atol or self.rtol):
            return exact.total()
        return exact.total() + self._near(_less(ours, exact), _less(theirs, exact))

    def _near(self, ours: list[_Row], theirs: list[_Row]) -> int:
        """Rows of equal texts whose numbers are within the tolerance, each used once."""
        atol, rtol = as_fraction(self.atol), as_fraction(self.rtol)
        groups: dict[Any, list[list[Fraction]]] = defaultdict(list)
        for row in ours:
            groups[_texts(row)].append(_numbers(row))
        for group in groups.values():
            group.sort()
        common, left = 0, _MOST_COMPARISONS
        for row in sorted(theirs, key=lambda row: (repr(_texts(row)), _numbers(row))):
            group, numbers = groups.get(_texts(row), []), _numbers(row)
            slacks = [max(atol, rtol * abs(number)) for number in numbers]
            first = bisect_left(group, numbers[0] - slacks[0], key=lambda one: one[0]) if numbers and group else 0
            for place in range(first, len(group)):
                left -= 1
                if left < 0 or (numbers and group[place][0] > numbers[0] + slacks[0]):
                    break
                if all(abs(a - b) <= slack for a, b, slack in zip(group[place], numbers, slacks, strict=True)):
                    del group[place]
                    common += 1
                    break
        return common


def _value(cell: str) -> str | Fraction:
    number = read_number(cell)
    return normalise(cell) if number is None else number


def _texts(row: _Row) -> tuple[str | None, ...]:
    """The texts of a row, with None in the place of numbers."""
    return tuple(cell if isinstance(cell, str) else None for cell in row)


def _numbers(row: _Row) -> list[Fraction]:
    return [cell for cell in row if isinstance(cell, Fraction)]


def _less(rows: list[_Row], taken: "Counter[_Row]") -> list[_Row]:
    """The rows that are left when each of `taken` is used up."""
    return list((Counter(rows) - taken).elements())


class TableValid(TextLeaf):
    """1 if the input is a table: a header with different names, and as many cells in each row.

    Attributes:
        format: how it is written.
        columns: names that the header must have, in any order.
        min_rows: how many rows there must be below the header.
    """

    type: Literal["table_valid"] = "table_valid"
    format: Format = "csv"
    columns: tuple[Text, ...] = ()
    min_rows: int = 0

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        try:
            table = read_table(text, self.format)
        except TableError as error:
            return passed(0.0, str(error).encode("utf-8", "replace").decode())
        missing = {normalise(name) for name in self.columns} - set(table.column_forms())
        if missing:
            return passed(0.0, f"{len(missing)} columns are missing")
        enough = len(table.rows) >= self.min_rows
        return passed(float(enough), f"{len(table.rows)} rows")
