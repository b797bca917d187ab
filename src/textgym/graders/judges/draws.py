"""Which of several draws is being made: the same question asked again is another sample, and not the same one."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

MOST_DRAWS = 100
"""Upper end of the draws of one node."""

_INDEX: ContextVar[int] = ContextVar("textgym_judges_draw", default=0)


def sample_index() -> int:
    """The number of the draw that is being made, from 0; 0 outside of a quorum."""
    return _INDEX.get()


@contextmanager
def draw(number: int) -> Iterator[None]:
    """Judges that are asked inside make the draw `number`; draws of draws have numbers of their own.

    Args:
        number: from 0 to `MOST_DRAWS` - 1.
    """
    token = _INDEX.set(_INDEX.get() * MOST_DRAWS + number)
    try:
        yield
    finally:
        _INDEX.reset(token)
