"""Examples whose verdict is known."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from textgym.graders.sample import Sample


class LabelsError(ValueError):
    """A file of labels, or what is asked about it, cannot be used; the message names the line and the way out."""


@dataclass(frozen=True, slots=True)
class Example:
    """One row of labels.

    Attributes:
        item: the row's data.
        sample: what is judged.
        label: what the verdict should have been.
    """

    item: Mapping[str, Any]
    sample: Sample
    label: float


def read_examples(lines: Iterable[str]) -> list[Example]:
    """Labelled rows from JSON lines: `{"item": {...}, "sample": text or object, "label": true, false or a number}`.

    Labels of the whole file are either yes or no (true, false, 1, 0) or values in the judge's units.

    Raises:
        LabelsError: a line is none; the message says which and why.
    """
    examples: list[Example] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise LabelsError(f"line {number} is no JSON: {error}") from None
        if not isinstance(row, dict) or not {"sample", "label"} <= row.keys():
            raise LabelsError(f'line {number} needs "sample" and "label", and "item" where the judge reads it')
        label, item = row["label"], row.get("item", {})
        if not isinstance(label, int | float) or not -1e300 < label < 1e300:
            raise LabelsError(
                f"line {number}: the label is {json.dumps(label)[:60]}; it must be true, false or a number"
            )
        if not isinstance(item, dict):
            raise LabelsError(f'line {number}: "item" must be an object')
        try:
            sample = Sample.of(row["sample"]) if isinstance(row["sample"], str | dict) else None
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            field = ".".join(map(str, ("sample", *first["loc"])))
            raise LabelsError(f'line {number}: "{field}": {first["msg"]}') from None
        except ValueError as error:
            raise LabelsError(f'line {number}: "sample": {error}') from None
        if sample is None:
            raise LabelsError(f'line {number}: "sample" must be a text or an object with "output_text"')
        examples.append(Example(item, sample, float(label)))
    if not examples:
        raise LabelsError(
            'there are no labelled rows; each is a line such as {"item": {...}, "sample": "...", "label": true}'
        )
    return examples
