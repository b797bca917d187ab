"""Where an episode begins: its problem, and the tree that is put into the box."""

from functools import lru_cache

from textgym.core.randomness import Split
from textgym.envs.code.repair.problems import Problem, ProblemSource
from textgym.envs.code.repair.suites import without_tests

SHARED = 512
"""Problems that are kept at hand in a process; what they hold of their package is the package's own."""


@lru_cache(SHARED)
def problem_at(source: ProblemSource, split: Split, index: int) -> Problem:
    """A source's problem, kept at hand. Raises as `ProblemSource.problem`."""
    return source.problem(split, index)


@lru_cache(SHARED)
def start_tree(problem: Problem) -> dict[str, bytes]:
    """The tree that an episode begins with: damaged, without the tests that decide, and without a copy of the answer.

    Callers share it, and do not change it.
    """
    package = problem.package
    tree = without_tests({**package.shown, **problem.damaged}, problem.fail_to_pass)
    answers = [package.files[path] for path in problem.damaged]
    # A second copy of the sources, such as one that a build left in the archive, would tell what is right.
    return {path: data for path, data in tree.items() if path in problem.damaged or data not in answers}
