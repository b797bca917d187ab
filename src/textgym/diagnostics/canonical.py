"""One text for equal values: what comparisons and digests of the battery are made of."""

import json
from typing import Any

from pydantic import BaseModel


def canonical(value: Any) -> str:
    """JSON of a value in ASCII, the order of dictionaries kept; what JSON has no form for is written as its `repr`."""
    return json.dumps(value, ensure_ascii=True, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, set | frozenset):
        return sorted(canonical(item) for item in value)
    return repr(value)


def task_contents(task: Any) -> str:
    """What a task asks and what it hides, without its place: equal for two copies of one task."""
    return canonical([task.prompt, task.data, task.secret])
