"""BugLocate: say in which function of a real package a bug is."""

from functools import lru_cache

from pydantic import Field

from textgym.actions import ToolConfig, ToolEnv, tool
from textgym.core import Random, Reply, State, Task, elide, syntax
from textgym.core.randomness import Split
from textgym.envs.code.mutation import functions
from textgym.envs.code.repair.banked import Difficulty, banked
from textgym.envs.code.repair.editing import EditError, clean_path, view
from textgym.envs.code.repair.issue import Level, issue_text
from textgym.envs.code.repair.problems import Problem, ProblemSource
from textgym.envs.code.repair.starting import problem_at, start_tree
from textgym.envs.code.repair.tree import outline

_OUTPUT_CHARS = 8_000
_MOST_HITS = 60
_MOST_LINE = 200


class BugLocateConfig(ToolConfig):
    """Knobs of BugLocate."""

    difficulty: Difficulty = Field("any", description="how hard the bank thinks that the bugs are to find")
    issue: Level = Field("symptom", description="what is told: failing tests, code that fails, a hint, or nothing")
    max_turns: int = Field(10, ge=1, description="answers after which the episode is truncated")


class BugLocate(ToolEnv[BugLocateConfig, State]):
    """Say in which function of a real package a bug is, by reading alone.

    Observation: the issue, at the level of `issue`; the repository two levels deep; the tools and the limit. Then what the
        calls gave, 8,000 characters of it, and the turns left.
    Action: calls of `view`, `search` and `answer`, in the configured protocol. Nothing can be run.
    Reward: 1 if the first answer names the file and the function (`Class.method` for a method; of one that is inside another,
        the outer will do), else 0.
    Ends: terminated by the first `answer`; truncated after `max_turns` actions.
    Splits: by package.
    Oracle: answers with file and function.
    """

    random_ceiling = 0.15

    def source(self) -> ProblemSource:
        """Where its problems come from."""
        return banked("bugs", self.config.difficulty)

    def size(self, split: Split) -> int:
        return self.source().size(split)

    def problem(self, task: Task) -> Problem:
        """The problem behind a task."""
        return problem_at(self.source(), task.split, task.index)

    def make_task(self, split: Split, index: int) -> Task:
        problem = problem_at(self.source(), split, index)
        package, bug = problem.package, problem.bugs[0]
        return Task(
            prompt=(
                f"One function of {package.name} {package.version}, a Python package, was damaged.\n\n"
                f"{issue_text(problem, self.config.issue)}\n\n"
                f"The repository, two levels deep:\n{outline(start_tree(problem))}\n\n"
                f"Its sources are in {', '.join(package.sources)}. Read them, and answer with the file and the function that "
                "was damaged."
            ),
            secret={"place": f"{bug.path}:{bug.outer}"},
            data={"package": package.name, "version": package.version, "record": problem.record},
            family=package.name,
            difficulty=problem.difficulty,
        )

    def opening(self, task: Task, state: State) -> str:
        return f"{super().opening(task, state)}\n\nYou have {self.config.max_turns} turns."

    @tool
    def view(self, task: Task, state: State, path: str, lines: str | None = None) -> str:
        """Show a file with line numbers, or what is in a folder.

        Args:
            path: from the repository's root; . is the root itself.
            lines: such as 10-40; all if left out.
        """
        try:
            return self._shown(state, view(start_tree(self.problem(task)), path, lines))
        except EditError as error:
            return self._shown(state, f"Not shown: {error}.")

    @tool
    def search(self, task: Task, state: State, text: str) -> str:
        """Show the lines of the package's Python files that contain a text.

        Args:
            text: looked for as it stands, capitals and all.
        """
        hits = []
        if text.strip():
            for path, data in start_tree(self.problem(task)).items():
                if not path.endswith(".py") or text.encode(errors="replace") not in data:
                    continue
                for number, line in enumerate(data.decode(errors="replace").splitlines(), 1):
                    if text in line:
                        hits.append(f"{path}:{number}: {line.strip()[:_MOST_LINE]}")
        more = [f"[... {len(hits) - _MOST_HITS} more]"] if len(hits) > _MOST_HITS else []
        return self._shown(state, "\n".join([*hits[:_MOST_HITS], *more]) or "It is nowhere.")

    @tool(name="answer")
    def locate(self, task: Task, state: State, file: str, name: str) -> Reply:
        """Say where the bug is. This ends the task; only the first answer counts.

        Args:
            file: its path from the repository's root.
            name: the function, Class.method for a method.
        """
        bug = self.problem(task).bugs[0]
        right = clean_path(file) == bug.path and name.strip().removesuffix("()") in {bug.qualname, bug.outer}
        return Reply("That is the place." if right else "That is not the place.", score=float(right))

    def _shown(self, state: State, text: str) -> str:
        return f"{elide(text, _OUTPUT_CHARS)}\n--- turns left: {max(0, self.config.max_turns - state.turn - 1)}"

    # -- reference policies --------------------------------------------------------------------------------------------

    def oracle(self, task: Task, state: State) -> str:
        bug = self.problem(task).bugs[0]
        return self.call("answer", file=bug.path, name=bug.outer)

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        file, function = rng.choice(_places(self.problem(task)))
        return self.call("answer", file=file, name=function)

    def candidates(self, task: Task) -> list[str]:
        return [self.call("answer", file=file, name=function) for file, function in _places(self.problem(task))]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        bug = self.problem(task).bugs[0]
        file, right = bug.path, self.call("answer", file=bug.path, name=bug.outer)
        wrong = self.call("answer", file=file, name=f"{bug.outer}_")
        return {
            "a second answer": [f"{wrong}\n{right}"],
            "the file alone": [self.call("answer", file=file, name="")],
            "the answer without a call": [f"{bug.path}:{bug.outer}"],
            "the answer while thinking": [f"<think>{right}</think>"],
            "every function at once": [
                self.call("answer", file=file, name=" ".join(name for _, name in _places(self.problem(task))))
            ],
        }


def _places(problem: Problem) -> list[tuple[str, str]]:
    """Every function of the package's sources, with its file."""
    found = []
    for path, data in start_tree(problem).items():
        if problem.package.is_source(path) and path.endswith(".py"):
            found += [(path, name) for name in _function_names(data)]
    return found


@lru_cache(2048)  # nearly all files of a package are the same in all its problems
def _function_names(data: bytes) -> tuple[str, ...]:
    """The functions of a file, inner ones by the outermost; none where it is no Python source."""
    try:
        names = [function.name for function in functions(syntax.parse(data.decode()))]
    except (SyntaxError, UnicodeDecodeError, ValueError):
        return ()
    return tuple(dict.fromkeys(name.partition(".<locals>")[0].partition("#")[0] for name in names))
