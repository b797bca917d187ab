"""CodeImplement: write the body of a function that was taken out of a real package."""

from pydantic import Field

from textgym.envs.code.repair.asking import module_name
from textgym.envs.code.repair.banked import Difficulty, banked
from textgym.envs.code.repair.problems import Problem, ProblemSource
from textgym.envs.code.repair.suites import SuiteTest
from textgym.envs.code.repair.workbench import Workbench, WorkbenchConfig, WorkbenchState

_NAMED = 5


class CodeImplementConfig(WorkbenchConfig):
    """Knobs of CodeImplement."""

    difficulty: Difficulty = Field("any", description="how hard the bank thinks that the functions are to write")


class CodeImplement(Workbench[CodeImplementConfig, WorkbenchState]):
    """Write the body of a function that was taken out of a real package.

    Observation: which function is missing, tests that want it, the repository two levels deep, the tools and the limits. Then
        what the calls gave, and the turns left.
    Action: calls of the tools of CodeFix: `bash`, `view`, `edit`, `patch`, `test`, `diff` and `submit`. The box is that of
        CodeFix; the tests that failed without the function are not in it.
    Reward: 1 if every test that failed without the function passes, every other reliable test still does, and the function,
        called outside of the tests with the arguments that they use, returns what the original returns and does to what can
        be seen of its arguments what that does; else 0. With `payment="shaped"`, half of the share that is done where nothing
        else broke. Only changed Python sources of the package are graded.
    Ends: terminated by `submit`; truncated after `max_turns` actions.
    Splits: by package.
    Oracle: puts the original function back with a patch, and submits.

    What is said of CodeFix about verdicts that rest on tests holds here, too.
    """

    random_ceiling = 0.02

    def source(self) -> ProblemSource:
        return banked("bodies", self.config.difficulty)

    def assignment(self, problem: Problem) -> str:
        lines = []
        for bug in problem.bugs:
            module = module_name(problem.package, bug.path) or bug.path
            missing = "its body is missing" if bug.operator == "remove_body" else "it is missing"
            lines.append(f"Write {bug.outer} of {module}, in {bug.path}: {missing}.")
        names = list(dict.fromkeys(_function(test) for test in problem.fail_to_pass))
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        lines.append(f"Tests that want it: {', '.join(names[:_NAMED])}{more}.")
        return "\n".join(lines)


def _function(test: str) -> str:
    name = SuiteTest.parse(test)
    return ".".join([*name.scope, name.function])
