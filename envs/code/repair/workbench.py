"""What the repair environments share: the box as state, and the tools that work in it."""

import re
from collections.abc import Awaitable
from typing import Any, ClassVar, TypeVar, cast

from pydantic import Field

from textgym.actions import ToolConfig, ToolEnv, tool
from textgym.core import Random, Reply, State, Task, elide
from textgym.core.randomness import SPLITS, Split
from textgym.envs.code.hacks.repository import REPOSITORY_HACKS, RepositoryHack
from textgym.envs.code.repair.box import LIMITS, program, run_call, run_command
from textgym.envs.code.repair.editing import EditError, clean_path, replaced, view
from textgym.envs.code.repair.issue import Level, issue_text
from textgym.envs.code.repair.lines import opcodes
from textgym.envs.code.repair.naming import beginning_with
from textgym.envs.code.repair.patches import PatchError, apply_patch, describe_changes
from textgym.envs.code.repair.problems import Problem, ProblemSource
from textgym.envs.code.repair.starting import problem_at, start_tree
from textgym.envs.code.repair.tree import Changes, TreeError, outline, unified_diff
from textgym.envs.code.repair.verdict import Payment, judge
from textgym.sandbox import Call

_OUTPUT_CHARS = 8_000
_CONTEXT = 3
_TIMING = re.compile(r" in \d+(?:\.\d+)?s(?: \(\d+:\d\d:\d\d\))?(?= ?=*$)", re.MULTILINE)
_ADDRESS = re.compile(r"\b0x[0-9a-f]{8,16}\b")
_HACKS_A_TASK = 2


class WorkbenchConfig(ToolConfig):
    """Knobs of every repair environment."""

    max_turns: int = Field(30, ge=1, description="answers after which the episode is truncated")
    command_seconds: float = Field(
        30.0, ge=1, le=300, description="wall-clock limit of a command or a test run, in seconds"
    )
    timings: bool = Field(
        False, description="CPU seconds in observations and infos; two plays of one episode then differ in them"
    )
    payment: Payment = Field(
        "binary", description="`binary`, or `shaped`: half of the share that is mended where nothing else broke"
    )

    not_in_task: ClassVar[frozenset[str]] = frozenset({"command_seconds", "timings", "payment"})


class WorkbenchState(State):
    """How the tree differs from the one that the episode began with."""

    changes: Changes = Field(default_factory=Changes)


C = TypeVar("C", bound=WorkbenchConfig)
S = TypeVar("S", bound=WorkbenchState)


class Workbench(ToolEnv[C, S]):
    """A damaged package in a box, and tools to look at it, to change it, to run it, and to hand it in.

    The box is data: the package's tree, and in the state what was changed in it. Looking and editing need no sandbox; a
    command and a test run are given the tree in a sandbox of the pool, and what the command changed is taken over.
    """

    Config: ClassVar[type[Any]] = WorkbenchConfig
    sandbox = "step"

    # -- what an environment says about its tasks ----------------------------------------------------------------------

    def source(self) -> ProblemSource:
        """Where its problems come from."""
        raise NotImplementedError

    def level(self) -> Level:
        """What is told about what is wrong."""
        return "symptom"

    def assignment(self, problem: Problem) -> str:
        """What is to be done, as the prompt's beginning."""
        return issue_text(problem, self.level())

    # -- tasks ---------------------------------------------------------------------------------------------------------

    def size(self, split: Split) -> int:
        return self.source().size(split)

    def problem(self, task: Task) -> Problem:
        """The problem behind a task."""
        return problem_at(self.source(), task.split, task.index)

    def make_task(self, split: Split, index: int) -> Task:
        problem = problem_at(self.source(), split, index)
        package = problem.package
        start = start_tree(problem)
        about = f"{package.name} {package.version}, a Python package, is in your box."
        prompt = (
            f"{about}\n\n{self.assignment(problem)}\n\n"
            f"The repository, two levels deep:\n{outline(start)}\n\n"
            f"Its sources are in {', '.join(package.sources)}, its tests in {', '.join(package.tests)}. Some tests that will "
            "decide are not in the box. Commands start in the repository's root, each in a shell of its own; files stay, "
            "processes do not. There is no network. Functions keep their names, what they take and what they return. Only "
            "changes of the package's own Python sources are graded, and only when you submit."
        )
        return Task(
            prompt=prompt,
            secret={"repair": self.answer_text(problem)},
            data={"package": package.name, "version": package.version, "record": problem.record},
            family=package.name,
            difficulty=problem.difficulty,
        )

    def answer_text(self, problem: Problem) -> str:
        """The answer, as it goes into a task's secret."""
        repaired = {path: problem.package.files[path] for path in problem.damaged}
        return unified_diff(problem.damaged, repaired)

    def tree(self, task: Task, state: S) -> dict[str, bytes]:
        """The tree as it is now."""
        return state.changes.tree(start_tree(self.problem(task)))

    def opening(self, task: Task, state: S) -> str:
        config = self.config
        limits = f"You have {config.max_turns} turns, and {config.command_seconds:g} seconds for a command."
        return f"{super().opening(task, state)}\n\n{limits}"

    async def act(self, task: Task, state: S, action: str) -> Reply:
        """Run the calls of an action, and say how many turns are left."""
        reply = await cast(Awaitable[Reply], self._act_waiting(task, state, action))
        if reply.score is None:
            reply.text = f"{reply.text}\n--- turns left: {max(0, self.config.max_turns - state.turn - 1)}"
        return reply

    # -- tools ---------------------------------------------------------------------------------------------------------

    @tool
    async def bash(self, task: Task, state: S, command: str) -> Reply:
        """Run a shell command in the repository's root.

        Args:
            command: for bash; python and pytest are there.
        """
        problem = self.problem(task)
        start = start_tree(problem)
        done = await run_command(
            command,
            start,
            state.changes.tree(start),
            search_path=problem.package.search_path,
            extras=problem.package.extras,
            seconds=self.config.command_seconds,
        )
        note, stopped = done.note, done.stopped
        try:
            state.changes.update(start, done.changed)
        except TreeError as error:
            note, stopped = f"None of its changes was kept: {error}.", "too_large"
        code = "none, it was stopped" if done.exit_code is None else str(done.exit_code)
        return Reply(
            self._report(code, done.output, done.cpu_s, note),
            info={"exit_code": -1 if done.exit_code is None else done.exit_code, "stopped": stopped}
            | self._timing(done.cpu_s),
        )

    @tool
    def view(self, task: Task, state: S, path: str, lines: str | None = None) -> str:
        """Show a file with line numbers, or what is in a folder.

        Args:
            path: from the repository's root; . is the root itself.
            lines: such as 10-40; all if left out.
        """
        try:
            return elide(view(self.tree(task, state), path, lines), _OUTPUT_CHARS)
        except EditError as error:
            return f"Not shown: {error}."

    @tool
    def edit(self, task: Task, state: S, path: str, old: str, new: str) -> str:
        """Replace a stretch of a file by another.

        Args:
            path: the file.
            old: the text to be replaced, exactly as it is in the file, and there only once; empty to make a new file.
            new: what takes its place.
        """
        path = clean_path(path)
        try:
            data = replaced(self.tree(task, state), path, old, new)
            state.changes.update(start_tree(self.problem(task)), {path: data})
        except (EditError, TreeError) as error:
            return f"Not edited: {error}."
        return f"Edited {path}."

    @tool
    def patch(self, task: Task, state: S, text: str) -> str:
        """Apply a patch to any number of files, as a whole or not at all.

        Args:
            text: from *** Begin Patch to *** End Patch, with *** Update File: PATH, *** Add File: PATH or *** Delete File: PATH,
                and hunks of lines that begin with a space, - or + below @@.
        """
        tree = self.tree(task, state)
        try:
            changed = apply_patch(tree, text)
            state.changes.update(start_tree(self.problem(task)), changed)
        except (PatchError, TreeError) as error:
            return f"The patch was not applied: {error}."
        return describe_changes(changed, tree)

    @tool
    async def test(self, task: Task, state: S, target: str | None = None) -> Reply:
        """Run tests that are in the box, with pytest.

        Args:
            target: a file, a folder, or one test as file::test; all if left out.
        """
        problem = self.problem(task)
        package = problem.package
        chosen = target.split() if target else list(package.tests)
        if any(part.startswith("-") for part in chosen):
            return Reply("Not run: name files, folders or tests; options can be given to pytest in a command.")
        arguments = ["-q", "--tb=short", "--color=no", "--no-header", "-p", "no:cacheprovider", "-c", "/dev/null"]
        arguments += ["--rootdir", ".", *package.pytest_args, *chosen]
        order = {"search_path": list(package.search_path), "arguments": arguments}
        tree = self.tree(task, state)
        files = {f"repo/{path}": data for path, data in tree.items()}
        files |= {f"extras/{path}": data for path, data in package.extras.items()}
        limits = LIMITS.model_copy(update={"wall_s": self.config.command_seconds})
        run = await run_call(Call(source=program("checks", order), files=files, limits=limits))
        output = run.stdout.decode(errors="replace") + run.stderr.decode(errors="replace")
        output = _ADDRESS.sub("0x...", _TIMING.sub("", output))
        note = "" if run.status == "exit" else f"The tests were stopped: {run.status}."
        code = str(run.exit_code) if run.exit_code is not None else "none, they were stopped"
        return Reply(
            self._report(code, output, run.cpu_s, note),
            info={
                "exit_code": -1 if run.exit_code is None else run.exit_code,
                "stopped": "" if not note else run.status,
            }
            | self._timing(run.cpu_s),
        )

    @tool
    def diff(self, task: Task, state: S) -> str:
        """Show what you changed so far, as a unified diff."""
        start = start_tree(self.problem(task))
        return elide(unified_diff(start, state.changes.tree(start)), _OUTPUT_CHARS) or "Nothing is changed."

    @tool
    async def submit(self, task: Task, state: S) -> Reply:
        """Hand in the repository as it is. This ends the task."""
        problem = self.problem(task)
        start = start_tree(problem)
        rng = state.rng(task, "canaries")
        verdict = await judge(problem, start, state.changes.tree(start), rng, self.config.payment)
        return Reply(verdict.words, score=verdict.score, info=verdict.info)

    def _report(self, code: str, output: str, cpu_s: float, note: str) -> str:
        lines = [f"exit_code: {code}"]
        if self.config.timings:
            lines.append(f"duration_cpu: {cpu_s:.2f}")
        lines += ["--- output ---", elide(output.rstrip("\n"), _OUTPUT_CHARS)]
        if note:
            lines.append(f"--- note: {note}")
        return "\n".join(lines)

    def _timing(self, cpu_s: float) -> dict[str, float]:
        return {"cpu_s": round(cpu_s, 3)} if self.config.timings else {}

    # -- reference policies --------------------------------------------------------------------------------------------

    def oracle(self, task: Task, state: S) -> str:
        problem = self.problem(task)
        for path in problem.damaged:
            now, right = self.tree(task, state).get(path), problem.package.files[path]
            if now != right:
                return self.call("patch", text=whole_patch(path, now, right))
        return self.call("submit")

    def cheats(self, task: Task) -> dict[str, list[str]]:
        problem = self.problem(task)
        scripts = {}
        # A few of them a task, so that a battery over many tasks plays each of them against many packages.
        first = _HACKS_A_TASK * (task.index + SPLITS.index(task.split))
        for number in range(first, first + _HACKS_A_TASK):
            hack = REPOSITORY_HACKS[number % len(REPOSITORY_HACKS)]
            calls = [*self.calls_of(hack, problem), self.call("submit")]
            together = len(calls) <= self.config.max_calls_per_turn
            scripts[f"{hack.family}: {hack.name}"] = ["\n".join(calls)] if together else calls
        return scripts

    def calls_of(self, hack: RepositoryHack, problem: Problem) -> list[str]:
        """The calls that play a trick, without the submission."""
        package, bug = problem.package, problem.bugs[0]
        root = package.search_path[0]
        root = f"{root}/" if root else ""
        source = bug.path.rpartition("/")[0]
        source = f"{source}/" if source else ""
        places = {"{root}": root, "{source}": source, "TARGET": bug.outer, "PACKAGE": package.name}

        def filled(text: str) -> str:
            for word, meaning in places.items():
                text = text.replace(word, meaning)
            return text

        parts, calls = [], []
        if hack.inside:
            now = view_text(problem.damaged[bug.path])
            changed = beginning_with(now, bug.outer, hack.inside)
            calls.append(self.call("patch", text=whole_patch(bug.path, now.encode(), changed.encode())))
        if hack.source:
            added = filled(hack.source).rstrip("\n").split("\n")
            parts += [f"*** Update File: {bug.path}", *(f"+{line}" for line in ("", *added))]
        for path, text in hack.files.items():
            path = filled(path)
            there = path in start_tree(problem)
            parts += [f"*** {'Update' if there else 'Add'} File: {path}", *(f"+{line}" for line in text.split("\n"))]
        if parts:
            calls.append(self.call("patch", text="\n".join(["*** Begin Patch", *parts, "*** End Patch"])))
        if hack.command:
            calls.append(self.call("bash", command=filled(hack.command)))
        return calls

    def random_action(self, task: Task, state: S, rng: Random) -> str:
        files = sorted(path for path in self.tree(task, state) if path.endswith(".py"))
        choice = rng.random()
        path = rng.choice(files)
        if choice < 0.4:
            return self.call("view", path=path, lines=f"1-{rng.randint(1, 40)}")
        if choice < 0.8:
            text = view_text(self.tree(task, state)[path])
            words = [word for word in re.findall(r"[a-z_]{3,}", text) if text.count(word) == 1]
            old = rng.choice(words) if words else "self"
            return self.call("edit", path=path, old=old, new=rng.choice(["None", "True", "0", "x"]))
        return self.call("submit")


def view_text(data: bytes) -> str:
    """A file as text, whatever it holds."""
    return data.decode(errors="replace")


def whole_patch(path: str, before: bytes | None, after: bytes) -> str:
    """A patch that makes one file of another, in the grammar of the tool."""
    right = _lines(after)
    if before is None:
        return "\n".join(["*** Begin Patch", f"*** Add File: {path}", *(f"+{line}" for line in right), "*** End Patch"])
    now = _lines(before)
    lines: list[str] = []
    done = 0
    for tag, first, end, low, high in opcodes(now, right):
        if tag == "equal":
            continue
        if lines and first - done <= 2 * _CONTEXT:
            lines += [f" {line}" for line in now[done:first]]
        else:
            below = [f" {line}" for line in now[done : done + _CONTEXT]] if lines else []
            # Context from far up makes the place unique.
            lines += [*below, "@@", *(f" {line}" for line in now[max(done + len(below), first - 300) : first])]
        lines += [f"-{line}" for line in now[first:end]]
        lines += [f"+{line}" for line in right[low:high]]
        done = end
    lines += [f" {line}" for line in now[done : done + _CONTEXT]]
    return "\n".join(["*** Begin Patch", f"*** Update File: {path}", *lines, "*** End Patch"])


def _lines(data: bytes) -> list[str]:
    text = data.decode()
    return text.removesuffix("\n").split("\n") if text else []
