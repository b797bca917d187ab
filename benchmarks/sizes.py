"""How much work a benchmark does: the published figures, a look, or only a proof that it runs."""

from dataclasses import dataclass
from typing import Literal, TypeVar

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Size:
    """One of the three sizes."""

    name: Literal["full", "quick", "smoke"]

    def pick(self, full: _T, quick: _T, smoke: _T) -> _T:
        """The value for this size."""
        return {"full": full, "quick": quick, "smoke": smoke}[self.name]
