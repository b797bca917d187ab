"""A page with the repair environments over the sample packages."""

from sample_packages import SAMPLES

from textgym.envs.code.repair.fix import CodeFix
from textgym.envs.code.repair.problems import ProblemSource


class SampleFix(CodeFix):
    __doc__ = CodeFix.__doc__

    def source(self) -> ProblemSource:
        return SAMPLES
