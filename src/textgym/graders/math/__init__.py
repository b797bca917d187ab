"""Mathematical equivalence: `math_equal` and the graders that are built on it; see docs/math_equal.md."""

from textgym.graders.math.equal import Verdict, compare_math, math_equal
from textgym.graders.math.options import MathOptions

__all__ = ["MathOptions", "Verdict", "compare_math", "math_equal"]
