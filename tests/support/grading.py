"""What tests of `textgym grade` share: a grader in JSON, and the results that are read back."""

import json
from typing import Any

CHECK: dict[str, Any] = {
    "type": "string_check",
    "name": "correct",
    "input": "{{ sample.output_text }}",
    "reference": "{{ item.answer }}",
    "operation": "eq",
}


def results(text: str) -> list[dict[str, Any]]:
    """The results in JSON lines."""
    return [json.loads(line) for line in text.splitlines()]
