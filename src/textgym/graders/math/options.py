"""The conventions that people differ about, as settings with documented defaults, and the limits that hold for all."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_CHARS = 4096
"""Longer texts are compared as text, and not read as mathematics."""
MAX_DEPTH = 64
"""Levels of nesting that are read."""
MAX_NODES = 1000
"""Nodes of a syntax tree."""
MAX_DIGITS = 4000
"""Digits of one written number."""
MAX_BITS = 120_000
"""Size of an exact number on the way; beyond it numbers are rounded to many digits."""
MAX_FACTORIAL = 10_000
"""Largest factorial that is worked out exactly."""
CPU_SECONDS, WALL_SECONDS = 0.5, 1.4
"""Time of a comparison: of this thread's processor for what is done in it, and by the clock on the wall for everything.
The first start of a computer algebra process is in neither."""
WORKER_BYTES = 1 << 30
"""Address space of that worker."""


class MathOptions(BaseModel):
    """Which conventions count. The defaults accept other ways to write the same thing, and nothing else.

    Attributes:
        unit: `optional`: either side may leave its unit out, and where both have one they are converted, so that 5 cm is
            0.05 m and is not 5 m. `convert`: both or neither have one; they are converted. `required`: both or neither
            have one, and it is the same.
        percent: `fraction`: 50 % is 0.5 and is not 50. `number`: the sign is dropped, so that 50 % is 50.
        decimals: `exact`: 0.333 is not 1/3. `rounded`: a decimal fraction equals what rounds to it.
        decimal_comma: whether 1,5 is the decimal 1.5 where it cannot be read with thousands separators; else it is a list.
        log: the base of a `log` without one: `10` or `e`.
        constant: whether an added constant of integration (`+ C`) is left out on both sides.
        rename: whether variables may have other names, the same ones throughout.
        inequality_for_set: whether an answer may be an inequality where the reference is an interval or a set.
        symbolic: whether what points cannot decide (integrals, limits, infinite sums) is given to computer algebra, in a
            process of its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: Literal["optional", "convert", "required"] = "optional"
    percent: Literal["fraction", "number"] = "fraction"
    decimals: Literal["exact", "rounded"] = "exact"
    decimal_comma: bool = False
    log: Literal["10", "e"] = "10"
    constant: bool = Field(False, description="leave a constant of integration out")
    rename: bool = False
    inequality_for_set: bool = True
    symbolic: bool = True


DEFAULT = MathOptions()
