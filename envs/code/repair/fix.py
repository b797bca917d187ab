"""CodeFix: find and repair a bug in a real package."""

from typing import Annotated

from pydantic import AfterValidator, Field

from textgym.envs.code.repair.banked import Difficulty, banked, known_package
from textgym.envs.code.repair.issue import Level
from textgym.envs.code.repair.problems import ProblemSource
from textgym.envs.code.repair.workbench import Workbench, WorkbenchConfig, WorkbenchState


class CodeFixConfig(WorkbenchConfig):
    """Knobs of CodeFix."""

    difficulty: Difficulty = Field("any", description="how hard the bank thinks that the bugs are to find and mend")
    packages: tuple[Annotated[str, AfterValidator(known_package)], ...] = Field(
        (), description="names of the packages to take bugs from; all that the split has where none is named"
    )
    issue: Level = Field("symptom", description="what is told: failing tests, code that fails, a hint, or nothing")


class CodeFix(Workbench[CodeFixConfig, WorkbenchState]):
    """Repair a bug in a real package.

    Observation: the issue, at the level of `issue`; the repository two levels deep; the tools and the limits. Then what the
        calls gave: exit code and output (8,000 characters, head and tail), and the turns left.
    Action: calls of `bash`, `view`, `edit`, `patch`, `test`, `diff` and `submit`, in the configured protocol. The box holds the
        package's tree as it was damaged, without the tests that decide, without an installed copy, and without a network.
        Where git is there, each command finds a history of one commit, the tree as it began; where it is not, `diff` shows
        what was changed. Files stay between commands; processes, links, empty folders, modes and commits do not.
    Reward: 1 if, with the changed Python sources of the package put on a fresh copy of the damaged tree, every test that the
        bug broke passes, every other reliable test still does, and the repaired function, called outside of the tests with
        the arguments that they use, returns what the original returns and does to its arguments what that does; else 0.
        With `payment="shaped"`, half of the share that is mended where nothing else broke, of the tests or of what the damage
        changed in the function's behaviour, whichever is less. Changes of tests, configuration and start-up files are left
        behind; more than 400 changed lines are not graded.
    Ends: terminated by `submit`; truncated after `max_turns` actions; without a reward (`grader_error`) where only tests tell
        the bug, and a change that passes them does more than compute.
    Splits: by package.
    Oracle: undoes the damage with a patch, and submits.

    Tests of the package share a process with it, and no verdict that rests on them can be proven against code that tampers
    with its own test runner. So tests that must fail are hidden among them under names that nobody knows, the function is
    compared with the original outside of any test (`info["behaves_alike"]`), and `info["tripwire"]` names what in the added
    lines has little to do with a repair.

    What an episode shows and earns is exact but for what the machine tells a `bash` command: how long something took, dates of
    files, addresses of objects, owners. `test` leaves these out.
    """

    random_ceiling = 0.02

    def source(self) -> ProblemSource:
        return banked("bugs", self.config.difficulty, self.config.packages)

    def level(self) -> Level:
        return self.config.issue
