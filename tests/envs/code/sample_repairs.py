"""A page with the repair environments over the sample packages."""

from sample_packages import BODIES, PAIRS, SAMPLES

from textgym.envs.code.repair.fix import CodeFix
from textgym.envs.code.repair.implement import CodeImplement
from textgym.envs.code.repair.locate import BugLocate
from textgym.envs.code.repair.multi import CodeFixMulti
from textgym.envs.code.repair.problems import ProblemSource


class SampleFix(CodeFix):
    __doc__ = CodeFix.__doc__

    def source(self) -> ProblemSource:
        return SAMPLES


class SampleLocate(BugLocate):
    __doc__ = BugLocate.__doc__

    def source(self) -> ProblemSource:
        return SAMPLES


class SampleImplement(CodeImplement):
    __doc__ = CodeImplement.__doc__

    def source(self) -> ProblemSource:
        return BODIES


class SampleMulti(CodeFixMulti):
    __doc__ = CodeFixMulti.__doc__

    def source(self) -> ProblemSource:
        return PAIRS
