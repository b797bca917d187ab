"""Terminal: work on files with a shell, judged by the files."""

from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from textgym.actions import ToolConfig, ToolEnv, tool
from textgym.core import Evidence, Random, RedrawError, Reply, Score, State, Task
from textgym.envs.code.terminal.box import PLACE, Bounds, run_command
from textgym.envs.code.terminal.cheats import cheats
from textgym.envs.code.terminal.families import TEMPLATES
from textgym.envs.code.terminal.goal import Goal
from textgym.envs.code.terminal.material import clutter
from textgym.envs.code.terminal.scene import Scene, Template, q, untouched
from textgym.envs.code.terminal.tree import Tree, changed_tree, difference, dump_tree, load_tree, node_from_json
from textgym.envs.code.terminal.view import observation
from textgym.graders.code.box import box

_FIRST_NOW = 1_735_689_600  # 2025-01-01: later than every file at the start
_CHEATS_TAKE_TURNS = 4  # each task is tried with every fourth trick: all of them on each would take minutes
_LONGEST_COMMAND = 100_000  # the kernel takes no longer argument than 128 kB
_RULES = f"""You work in a shell. Your home directory ~ is {PLACE}.

Task: {{text}}

Every file that the task does not mention must stay as it is, and no further file may be left in ~ at the end. Each command \
runs in a new bash that starts where the last one ended; variables and processes end with it. Only ~ is kept, while /tmp is \
empty at every command. There is no network. When the files are as asked, call submit."""


class TerminalConfig(ToolConfig):
    """Knobs of Terminal."""

    level: Literal["any", "easy", "medium", "hard"] = Field("any", description="which templates tasks are drawn from")
    clutter: int = Field(8, ge=0, le=40, description="files around that no task is about, and that must stay")
    max_turns: int = Field(20, ge=1, description="answers after which the episode is truncated")
    command_seconds: float = Field(20.0, gt=0, le=600, description="wall-clock limit of one command, in seconds")
    output_chars: int = Field(
        8_000, ge=200, le=50_000, description="longest output of a command; of a longer one head and tail are shown"
    )

    not_in_task: ClassVar[frozenset[str]] = frozenset({"command_seconds", "output_chars"})


class TerminalState(State):
    """What the commands did to the files, as changes to those at the start, and the working directory below ~."""

    changes: dict[str, list[Any] | None] = Field(default_factory=dict)
    cwd: str = ""

    @field_validator("changes")
    @classmethod
    def _nodes(cls, changes: dict[str, list[Any] | None]) -> dict[str, list[Any] | None]:
        for value in changes.values():
            if value is not None:
                node_from_json(value)
        return changes


class Terminal(ToolEnv[TerminalConfig, TerminalState]):
    """Find, count, rename, sort, merge, pack and edit files with a shell; the files at the end decide.

    Observation: the task; then for each command its exit code, its output (standard output and error together, at most
        `output_chars` characters of it, head and tail) and the turns left.
    Action: calls of `bash` and `submit` in the configured protocol. A command runs in a sandbox without network, in a new
        bash that starts in the directory where the last one ended; the files below the home directory are kept.
    Reward: 1 if at `submit` all files are as asked: contents (read as what they are: numbers, CSV, JSON, archives, text),
        modes, links, and names, nothing missing, nothing more, and everything else untouched; else 0. The text of a command
        or of its output earns nothing.
    Ends: terminated by `submit`; truncated after `max_turns` actions.
    Splits: by template, the kind of task.
    Oracle: the commands that come with the template, one a turn, then `submit`.

    A tree of more than 1,500 files or 2 MB, or with a name that is not UTF-8, is not kept: the files are then put back as
    they were before the command. A file that a command wrote is dated in the year 2025, a minute later each turn. What a
    command prints of the machine below it (its clock, process and user ids, which further programs are installed) is that
    machine's; the tasks ask for nothing but bash, the usual text and file tools, tar, gzip and Python 3.
    """

    sandbox = "step"
    random_ceiling = 0.02

    # -- tasks ---------------------------------------------------------------------------------------------------------

    def generate(self, rng: Random) -> Task:
        template = rng.choice(self._templates())
        family = rng.claim(f"Terminal-v0 {template.name}")
        scene = Scene(rng)
        for path, content in clutter(rng, self.config.clutter).items():
            scene.file(path, content)
        job = template.build(scene)
        if untouched(scene):
            raise RedrawError
        goal, contents = scene.goal.dump()
        return Task(
            prompt=_RULES.format(text=job.text),
            data={"template": template.name, "topic": template.topic},
            secret={
                "files": dump_tree(scene.tree),
                "goal": goal,
                "contents": contents,
                "solution": job.solution,
                "wrong": {name: script for name, script in job.wrong.items() if script},
            },
            family=family,
            difficulty=template.level,
        )

    def _templates(self) -> list[Template]:
        wanted = {"any": None, "easy": 1, "medium": 2, "hard": 3}[self.config.level]
        return [template for template in TEMPLATES.values() if wanted in (None, template.level)]

    # -- tools ---------------------------------------------------------------------------------------------------------

    @tool
    async def bash(self, task: Task, state: TerminalState, command: str) -> Reply:
        """Run a command with bash.

        Args:
            command: one or more lines of bash.
        """
        if "\0" in command or len(command.encode("utf-8", "replace")) > _LONGEST_COMMAND:
            return Reply.malformed(f"A command has at most {_LONGEST_COMMAND:,} bytes and holds no NUL character.")
        start, tree = files_of(task, state)
        bounds = Bounds(seconds=self.config.command_seconds)
        ran = await run_command(
            await box(), tree, command, cwd=state.cwd, now=_FIRST_NOW + 60 * state.turn, bounds=bounds
        )
        notes = []
        if ran.tree is None:
            notes.append(f"The files were put back as they were before the command: {ran.why}.")
        else:
            state.changes = difference(start, ran.tree)
            if ran.cwd is not None:
                state.cwd = ran.cwd
            elif state.cwd not in {"", *ran.tree}:
                state.cwd = ""
            if ran.cwd is None:
                notes.append(f"The next command starts in ~/{state.cwd}.")
        left = self.config.max_turns - state.turn - 1
        text = observation(ran, notes, left, self.config.output_chars)
        return Reply(text, info={"exit_code": ran.exit_code, "kept": ran.tree is not None})

    @tool
    def submit(self, task: Task, state: TerminalState) -> Reply:
        """End the task: the files are judged as they are now."""
        start, tree = files_of(task, state)
        unmet = goal_of(task).unmet(start, tree)
        evidence = tuple(Evidence(label="unmet", text=line, secret=True) for line in unmet[:20])
        return Reply(
            "The files are not as they should be." if unmet else "The files are as they should be.",
            score=Score(value=float(not unmet), evidence=evidence),
        )

    # -- reference policies --------------------------------------------------------------------------------------------

    def oracle(self, task: Task, state: TerminalState) -> str:
        solution: list[str] = task.secret["solution"]
        if state.turn < len(solution):
            return self.call("bash", command=solution[state.turn])
        return self.call("submit")

    def random_action(self, task: Task, state: TerminalState, rng: Random) -> str:
        if rng.random() < 0.3:
            return self.call("submit")
        tree = files_of(task, state)[1]
        one, other = (rng.choice(sorted(tree) or ["x"]) for _ in range(2))
        command = rng.choice(
            [
                f"echo {rng.randint(0, 50)} > ~/answer.txt",
                f"sort -o {q(one)} {q(one)}",
                f"mv {q(one)} {q(other)}",
                f"rm -rf {q(one)}",
                f"cp -r {q(one)} copy",
                f"chmod 600 {q(one)}",
                f"mkdir -p {q(one + '.d')}",
            ]
        )
        return self.call("bash", command=f"cd; {command} 2> /dev/null")

    def candidates(self, task: Task) -> list[str]:
        guesses = [self.call("bash", command=f"echo {number} > ~/answer.txt") for number in range(10)]
        return [*guesses, self.call("submit")]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        tricks = cheats(task.secret["solution"])
        chosen = list(tricks)[task.index % _CHEATS_TAKE_TURNS :: _CHEATS_TAKE_TURNS]
        scripts = {name: tricks[name] for name in chosen}
        wrong: list[list[str]] = list(task.secret["wrong"].values())
        scripts |= {f"a solution that looks right ({number})": script for number, script in enumerate(wrong, 1)}
        end = self.call("submit")
        return {name: [*(self.call("bash", command=line) for line in script), end] for name, script in scripts.items()}


def files_of(task: Task, state: TerminalState) -> tuple[Tree, Tree]:
    """The files at the start of a task, and those of now."""
    start = load_tree(task.secret["files"])
    return start, changed_tree(start, state.changes)


def goal_of(task: Task) -> Goal:
    """What the files of a task are to be."""
    return Goal.load(task.secret["goal"], task.secret["contents"])
