"""Attacks on the verdict: submissions that do not solve a task and want to pass all the same."""

from collections.abc import Callable

from textgym.sandbox.conformance.forgeries import FORGERIES, Forgery
from textgym.sandbox.conformance.ground import Ground
from textgym.sandbox.limits import Limits

_CASES = [{"args": [1, 2], "expected": 3}, {"args": [3, 4], "expected": 7}, {"args": [10, 20], "expected": 30}]
_LIMITS = Limits(wall_s=3, cpu_s=2)


class VerdictTests(Ground):
    """A verdict comes from the host, about values; what a submission does beside giving them never helps it."""

    def test_39_a_right_solution_passes(self) -> None:
        """The verdict is not just refusal."""
        graded = self._box.grade_cases("def add(a, b):\n    return a + b\n", entry="add", cases=_CASES, limits=_LIMITS)
        assert graded.passed, graded
        assert [case.passed for case in graded.per_case] == [True] * len(_CASES)

    def test_39_a_wrong_solution_fails_where_it_is_wrong(self) -> None:
        """Each case has its own verdict."""
        source = "def add(a, b):\n    return a + b if a < 10 else a - b\n"
        graded = self._box.grade_cases(source, entry="add", cases=_CASES, limits=_LIMITS)
        assert not graded.passed
        assert [case.passed for case in graded.per_case] == [True, True, False]


def _test_of(forgery: Forgery) -> Callable[[VerdictTests], None]:
    def test(self: VerdictTests) -> None:
        with self.attacking() as wrong:
            graded = self._box.grade_cases(forgery.source, entry="add", cases=_CASES, limits=_LIMITS)
            if graded.passed or any(case.passed for case in graded.per_case):
                wrong.append(f"the forgery passed: {graded}")
            if graded.status == "lost":
                wrong.append("the sandbox was lost")

    test.__doc__ = f"The submission {forgery.name} does not pass."
    return test


for _forgery in FORGERIES:
    setattr(VerdictTests, f"test_{_forgery.number}_{_forgery.name}", _test_of(_forgery))
