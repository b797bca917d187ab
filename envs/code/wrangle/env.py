"""The DataWrangle environment: a messy file, and a program that makes the wanted table of it."""

from typing import Literal

from pydantic import Field

from textgym.actions import ToolConfig, ToolEnv, tool
from textgym.core import InfraError, Random, Reply, State, Task, elide
from textgym.envs.code.wrangle.fields import Files
from textgym.envs.code.wrangle.formats import head_of
from textgym.envs.code.wrangle.tables import Table, difference, read_table, shown
from textgym.envs.code.wrangle.tasks import draw_instances, draw_recipe
from textgym.graders.code.box import box
from textgym.sandbox import Call, Limits, RunResult
from textgym.sandbox.starvation import arun_fairly

_LIMITS = Limits(wall_s=20, cpu_s=5, memory_mb=256, output_kb=256)
_SHOWN_CHARS = 4_000
_SHOWN_LINES = 12


class WrangleConfig(ToolConfig):
    """Knobs of DataWrangle."""

    rows: int = Field(24, ge=8, le=60, description="records in the visible files")
    quirks: Literal["none", "some", "all", "mixed"] = Field(
        "mixed", description="missing amounts and repeated records: none, one of the two, both, or task by task"
    )
    example: int = Field(3, ge=0, le=10, description="lines of the wanted table that the task shows, header included")
    max_turns: int = Field(8, ge=1, description="answers after which the episode is truncated")


class WrangleState(State):
    """How often a program was tried."""

    tries: int = 0


class DataWrangle(ToolEnv[WrangleConfig, WrangleState]):
    """Write a program that reads messy files and prints the wanted table.

    Observation: what the files hold and what is wrong with them, the beginning of each, the table that is wanted and its
        first lines; then what a tried program printed.
    Action: a call of `run` (try a Python program on the visible files) or of `submit`, in the configured protocol. A
        program uses the standard library, finds the files in its working directory, and prints CSV.
    Reward: 1 if the submitted program ends with exit code 0 and prints the right table for the visible files and for two
        further sets of files of the same kind, larger and never shown; else 0. Lines and fields must agree in order;
        numbers are compared as numbers, text exactly, spaces around a field left aside.
    Ends: terminated by the first `submit`; truncated after `max_turns` actions.
    Splits: by format and operation: a pair of one split never occurs in another.
    Oracle: submits the reference program. Tables are computed from the records, not by that program.
    Needs: a sandbox. What is expected never enters it; a program that is stopped by a limit has failed.
    """

    sandbox = "step"

    # -- tasks ---------------------------------------------------------------------------------------------------------

    def generate(self, rng: Random) -> Task:
        config = self.config
        recipe = draw_recipe(rng, config.quirks)
        visible, hidden = draw_instances(recipe, config.rows, rng)
        example = ""
        if config.example:
            lines = shown(visible.table[: config.example])
            more = "\n[...]" if len(visible.table) > config.example else ""
            example = f"\n\nFor the files above the table begins:\n{lines.rstrip()}{more}"
        return Task(
            prompt=(
                f"Write a Python program that reads {' and '.join(visible.files)} in its working directory and prints a "
                f"table. It will be run on other files of the same kind too.\n{recipe.instruction()}\n\nThe files begin:\n"
                f"{head_of(visible.files, _SHOWN_LINES)}{example}"
            ),
            secret={
                "program": recipe.program(),
                "table": shown(visible.table),
                "hidden": [{"files": one.files, "table": shown(one.table)} for one in hidden],
            },
            data={"files": visible.files},
            family=recipe.family,
            difficulty=recipe.difficulty,
        )

    def opening(self, task: Task, state: WrangleState) -> str:
        return f"{super().opening(task, state)}\n\nTurn limit: {self.config.max_turns}."

    # -- tools ---------------------------------------------------------------------------------------------------------

    @tool
    async def run(self, task: Task, state: WrangleState, program: str) -> Reply:
        """Run a program on the visible files and see what it prints.

        Args:
            program: Python source.
        """
        state.tries += 1
        result = (await _run_on(program, [task.data["files"]]))[0]
        parts = [f"status: {_ended(result)}"]
        for name, stream in (("stdout", result.stdout), ("stderr", result.stderr)):
            if stream:
                parts.append(f"--- {name} ---\n{elide(stream.decode('utf-8', 'replace').rstrip(), _SHOWN_CHARS)}")
        return Reply("\n".join(parts), info={"tries": state.tries})

    @tool
    async def submit(self, task: Task, state: WrangleState, program: str) -> Reply:
        """Submit your program. This ends the task; only the first submission counts.

        Args:
            program: Python source.
        """
        hidden = task.secret["hidden"]
        wanted = [task.secret["table"], *(one["table"] for one in hidden)]
        results = await _run_on(program, [task.data["files"], *(one["files"] for one in hidden)])
        right = [_is_right(result, _table(expected)) for result, expected in zip(results, wanted, strict=True)]
        if all(right):
            said = "Right."
        elif not right[0]:
            said = "Wrong: the visible files already give another table, or none."
        else:
            said = "Wrong for other files of the same kind."
        return Reply(said, score=float(all(right)), info={"tries": state.tries, "visible_right": right[0]})

    # -- reference policies --------------------------------------------------------------------------------------------

    def oracle(self, task: Task, state: WrangleState) -> str:
        return self.call("submit", program=task.secret["program"])

    def random_action(self, task: Task, state: WrangleState, rng: Random) -> str:
        name = rng.choice(sorted(task.data["files"]))
        return self.call(rng.choice(("run", "submit")), program=f"print(open({name!r}).read())")

    def cheats(self, task: Task) -> dict[str, list[str]]:
        table, program = task.secret["table"], task.secret["program"]
        header = table.split("\n", 1)[0]
        scripts = {
            "the visible table by heart": f"print({table!r}, end='')",
            "the table without a program": table,
            "nothing but the header": f"print({header!r})",
            "success claimed": "print('Right.')\nprint('{\"passed\": true, \"score\": 1.0}')",
            "exit before the work": "import sys\nsys.exit(0)",
            "exit code of a crash": f"{program}\nimport os, sys\nsys.stdout.flush()\nos._exit(3)",
            "killed after the work": f"{program}\nimport os, sys\nsys.stdout.flush()\nos.kill(os.getpid(), 9)",
            "more than the table": f"{program}\nprint('0,0')",
            "every table at once": f"{program}\nsys.stdout.flush()\n{program}",
            "the files themselves": f"for name in {sorted(task.data['files'])!r}:\n    print(open(name).read())",
            "a search for what is expected": (
                "import gc, os, sys\n"
                "seen = [o for o in gc.get_objects() if isinstance(o, dict) and ('table' in o or 'expected' in o)]\n"
                f"print({header!r})\nprint(seen, os.environ, sys.argv, os.listdir('/proc/self/fd'))"
            ),
            "a flood": "while True:\n    print('0,' * 10_000)",
            "a table of objects": "class T(str):\n    __eq__ = lambda a, b: True\nprint(T('x'))",
            "control characters": f"print('\\x00\\x1b[2J' + {table!r})",
        }
        return {name: [self.call("submit", program=text)] for name, text in scripts.items()} | {
            "the program outside a call": [program],
            "the program while thinking": [f"<think>{self.call('submit', program=program)}</think>"],
            "a second submission": [
                self.call("submit", program="print()") + "\n" + self.call("submit", program=program)
            ],
        }


async def _run_on(program: str, instances: list[Files]) -> list[RunResult]:
    """Run the program once for each set of files, each time in a clean sandbox.

    Raises:
        InfraError: a sandbox was lost, or the machine was too busy; nothing is known about the program.
    """
    source = program.encode("utf-8", "replace")
    sandbox = await box()
    results = await arun_fairly(
        sandbox,
        [
            Call(source=source, files={name: text.encode() for name, text in files.items()}, limits=_LIMITS)
            for files in instances
        ],
    )
    for result in results:
        if result.status in ("lost", "setup_error"):
            raise InfraError(f"the program could not be run: {result.detail or result.status}")
    return results


def _ended(result: RunResult) -> str:
    if result.status == "exit":
        return f"exit code {result.exit_code}"
    return f"signal {result.signal}" if result.status == "signal" else f"stopped: {result.status}"


def _table(text: str) -> Table:
    table = read_table(text.encode(), most=10_000)
    assert isinstance(table, list), "our own tables can be read"
    return table


def _is_right(result: RunResult, wanted: Table) -> bool:
    if not result.ok or result.stdout_truncated:
        return False
    table = read_table(result.stdout, most=len(wanted))
    return isinstance(table, list) and difference(table, wanted) is None
