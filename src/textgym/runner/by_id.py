"""Vector entry points by id: `textgym.runner.by_id:textgym/GuessNumber-v0` names a maker of vector environments.

Gymnasium calls a vector entry point without saying for which id. Naming the id in the entry point itself keeps one maker
for all ids, and keeps every `EnvSpec` plain text that can be written to JSON.
"""

import functools
from collections.abc import Callable
from typing import Any


def __getattr__(name: str) -> Callable[..., Any]:
    if name.startswith("__"):
        raise AttributeError(name)
    from textgym.runner.vector import make_vector_env

    return functools.partial(make_vector_env, name)
