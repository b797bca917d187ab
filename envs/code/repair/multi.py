"""CodeFixMulti: find and repair several bugs in a real package, over many turns."""

from pydantic import Field

from textgym.actions import tool
from textgym.actions.scratchpad import show_notes, write_note
from textgym.core import Task
from textgym.envs.code.repair.combined import MOST_BUGS, combined
from textgym.envs.code.repair.issue import Level, issue_text
from textgym.envs.code.repair.problems import Problem, ProblemSource
from textgym.envs.code.repair.tree import Changes
from textgym.envs.code.repair.workbench import Workbench, WorkbenchConfig, WorkbenchState

_NOTES_CHARS = 4_000
_MOST_CHECKPOINTS = 3
_LONGEST_NAME = 40


class CodeFixMultiConfig(WorkbenchConfig):
    """Knobs of CodeFixMulti."""

    most_bugs: int = Field(MOST_BUGS, ge=2, le=MOST_BUGS, description="largest number of bugs in a package")
    issue: Level = Field("vague", description="what is told: failing tests, code that fails, hints, or nothing")
    max_turns: int = Field(60, ge=1, description="answers after which the episode is truncated")


class CodeFixMultiState(WorkbenchState):
    """The changes, what was noted, and the changes as they were at each checkpoint."""

    notes: list[str] = Field(default_factory=list)
    checkpoints: dict[str, Changes] = Field(default_factory=dict)


class CodeFixMulti(Workbench[CodeFixMultiConfig, CodeFixMultiState]):
    """Repair two or three bugs in a real package, with a scratchpad and checkpoints.

    Observation: how many bugs there are, the issue at the level of `issue`, the repository two levels deep, the tools and the
        limits. Then what the calls gave, and the turns left.
    Action: calls of the tools of CodeFix, and of `note`, `read_notes`, `checkpoint` and `go_back`.
    Reward: 1 if every test that one of the bugs broke passes, every other reliable test still does, and each of the repaired
        functions does what the original does, as in CodeFix; else 0. With `payment="shaped"`, half of the share that
        is mended where nothing else broke.
    Ends: terminated by `submit`; truncated after `max_turns` actions.
    Splits: by package.
    Oracle: undoes the damage with a patch a file, and submits.

    Each bug is one of CodeFix's, in a function of its own. What is said there about the box and about verdicts holds here.
    """

    random_ceiling = 0.02

    def source(self) -> ProblemSource:
        return combined(self.config.most_bugs)

    def assignment(self, problem: Problem) -> str:
        return f"It has {len(problem.bugs)} bugs, each in another function.\n\n{issue_text(problem, self.config.issue)}"

    @tool
    def note(self, task: Task, state: CodeFixMultiState, text: str) -> str:
        """Write on your scratchpad.

        Args:
            text: what to remember.
        """
        return write_note(state.notes, text, _NOTES_CHARS)

    @tool
    def read_notes(self, task: Task, state: CodeFixMultiState) -> str:
        """Show your scratchpad."""
        return show_notes(state.notes)

    @tool
    def checkpoint(self, task: Task, state: CodeFixMultiState, name: str) -> str:
        """Keep the repository as it is now, to go back to.

        Args:
            name: what to call it; an earlier one of that name is replaced.
        """
        name = name.strip()
        if not name or len(name) > _LONGEST_NAME:
            return f"Not kept: a name has 1 to {_LONGEST_NAME} characters."
        if name not in state.checkpoints and len(state.checkpoints) >= _MOST_CHECKPOINTS:
            return f"Not kept: there are {_MOST_CHECKPOINTS} already: {', '.join(state.checkpoints)}."
        state.checkpoints[name] = state.changes.model_copy(deep=True)
        return f"Kept as {name}."

    @tool
    def go_back(self, task: Task, state: CodeFixMultiState, name: str) -> str:
        """Make the repository what it was at a checkpoint, or at the start.

        Args:
            name: the checkpoint's name, or start.
        """
        name = name.strip()
        if name not in state.checkpoints and name != "start":
            kept = ", ".join([*state.checkpoints, "start"])
            return f"There is no checkpoint of that name; there is {kept}."
        state.changes = state.checkpoints.get(name, Changes()).model_copy(deep=True)
        return f"The repository is as it was at {name}."
