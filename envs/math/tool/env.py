"""MathTool: mathematics with Python at hand; the answer is judged exactly by the family that posed the task."""

from typing import Any, ClassVar

from pydantic import Field, field_validator

from textgym.actions import ToolConfig, ToolEnv, tool
from textgym.actions.answers import committed
from textgym.core import Random, Reply, State, Task
from textgym.envs.math.levels import Difficulty
from textgym.envs.math.tool.families import MIX, Family, family_class, open_family, question
from textgym.envs.math.tool.running import run_python, shown

_OPEN, _CLOSE = committed("\n").split("\n")
_GREETING = "print(sum(range(10)))"


class MathToolConfig(ToolConfig):
    """Knobs of MathTool."""

    families: tuple[str, ...] | None = Field(
        None, min_length=1, max_length=200, description="ids of the single-answer families to draw from; none: the mix"
    )
    difficulty: Difficulty = Field("medium", description="of the families' tasks")
    max_turns: int = Field(8, ge=1, description="answers after which the episode is truncated")
    python_seconds: float = Field(5.0, gt=0, le=60, description="longest time of one program, in seconds")
    output_chars: int = Field(
        4_000, ge=200, le=40_000, description="longest output of a program; of a longer one head and tail are shown"
    )

    not_in_task: ClassVar[frozenset[str]] = frozenset({"python_seconds", "output_chars"})

    @field_validator("families")
    @classmethod
    def _are_families(cls, families: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if families is None:
            return None
        ids = tuple(family_class(name)[0] for name in families)
        if len(set(ids)) < len(ids):
            raise ValueError("a family is named twice")
        return ids


class MathToolState(State):
    """How many programs were run."""

    programs: int = 0


class MathTool(ToolEnv[MathToolConfig, MathToolState]):
    """Solve a task of another mathematical family, with Python in a sandbox at hand.

    Observation: the task, the form of its answer, the tools, the turn limit; then what a program printed, at most
        `output_chars` characters of each stream, or what was wrong with an answer's form.
    Action: calls of `python` (run a program and read what it prints) and `answer`, in the configured protocol.
    Reward: 1 if the first answer that can be read is right by the exact judge of its family, else 0; a family that pays a
        part for a part does so here. Programs earn nothing, whatever they print.
    Ends: terminated by the first answer that can be read; truncated after `max_turns` actions.
    Splits: by the family's own structures: what is a test task there is one here, and nowhere a training task.
    Oracle: runs a program, then answers.
    Needs: a sandbox, without network. Each program starts in a clean one, so nothing is kept between calls, and neither the
        task nor its answer is ever inside. The standard library of Python is there; what else may be imported is the
        machine's affair, and no task asks for it.
    Families: by default `families.MIX`, twenty that a short program is a help with; any environment with a single answer can
        be named instead.
    """

    sandbox = "step"

    def __init__(self, *, render_mode: str | None = None, **settings: Any) -> None:
        """Make the environment, and those of its families; see `TextEnv`."""
        super().__init__(render_mode=render_mode, **settings)
        ids = self.config.families or MIX
        self._families: dict[str, Family] = {env_id: open_family(env_id, self.config.difficulty) for env_id in ids}
        self.random_ceiling = max(family.random_ceiling for family in self._families.values())
        self.oracle_score = min(family.oracle_score for family in self._families.values())

    # -- tasks ---------------------------------------------------------------------------------------------------------

    def generate(self, rng: Random) -> Task:
        env_id = rng.choice(list(self._families))
        family = self._families[env_id]
        posed = family.generate(rng)
        return Task(
            prompt=(
                f"{question(family, posed.prompt)}\n\nWork it out, with Python where it helps, and then call answer with "
                f"{family.answer_form}. Only the first answer that can be read counts."
            ),
            secret=posed.secret,
            data={"family": env_id, "task": posed.data},
            # What the family itself would be split by, so that a task is in the same split there and here.
            family=ascii((posed.prompt, posed.secret)) if posed.family is None else posed.family,
            difficulty=posed.difficulty,
        )

    def opening(self, task: Task, state: MathToolState) -> str:
        return f"{super().opening(task, state)}\n\nTurn limit: {self.config.max_turns}."

    def _posed(self, task: Task) -> tuple[Family, Task]:
        """The family that posed a task, and the task as it knows it."""
        return self._families[task.data["family"]], task.model_copy(update={"data": task.data["task"]})

    # -- tools ---------------------------------------------------------------------------------------------------------

    @tool
    async def python(self, task: Task, state: MathToolState, code: str) -> Reply:
        """Run a Python program and read what it prints. Nothing is kept between calls.

        Args:
            code: the whole program; print what you want to see.
        """
        result = await run_python(code, self.config.python_seconds)
        state.programs += 1
        return Reply(
            shown(result, self.config.output_chars), info={"programs": state.programs, "status": result.status}
        )

    @tool(name="answer")
    def submit(self, task: Task, state: MathToolState, value: str) -> Reply:
        """Give your answer. This ends the task, unless the answer is not in the form asked for.

        Args:
            value: the answer alone.
        """
        family, posed = self._posed(task)
        reply = family.act(posed, state, committed(value))
        assert isinstance(reply, Reply), "families with a single answer do not wait"
        return reply

    # -- reference policies --------------------------------------------------------------------------------------------

    def oracle(self, task: Task, state: MathToolState) -> str:
        if not state.programs and state.turn < self.config.max_turns - 1:
            return self.call("python", code=_GREETING)
        family, posed = self._posed(task)
        return self._as_call(family.oracle(posed, state)) or ""

    def random_action(self, task: Task, state: MathToolState, rng: Random) -> str:
        if rng.random() < 0.2:
            return self.call("python", code=f"print({rng.randint(-100, 100)})")
        family, posed = self._posed(task)
        return self._as_call(family.random_action(posed, state, rng)) or self.call("answer", value="0")

    def candidates(self, task: Task) -> list[str]:
        family, posed = self._posed(task)
        return [call for text in family.candidates(posed) if (call := self._as_call(text))]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        family, posed = self._posed(task)
        answer = str(task.secret["answer"])
        right, wrong = self.call("answer", value=answer), self.call("answer", value=f"{answer} or 0")
        scripts = {
            name: [call for text in script if (call := self._as_call(text))]
            for name, script in family.cheats(posed).items()
        }
        return {name: script for name, script in scripts.items() if script} | {
            "the answer printed": [self.call("python", code=f"print({answer!r})")],
            "a call printed": [self.call("python", code=f"print({right!r})")],
            "the answer in a comment": [self.call("python", code=f"# {answer!r}")],
            "the answer without a call": [answer, f"The answer is {answer}."],
            "the answer while thinking": [f"<think>{right}</think>"],
            "several answers in one": [wrong],
            "more calls than are allowed": ["\n".join([right] * (self.config.max_calls_per_turn + 1))],
            "a program that ends the run": [
                self.call("python", code="import os\nos.kill(os.getppid(), 9)\nos._exit(0)")
            ],
            "a program that claims success": [self.call("python", code="print('Right.', {'score': 1.0})\nexit(0)")],
        }

    def _as_call(self, action: str) -> str | None:
        """An action of a family as a call of `answer`; None where it names no answer in its tags."""
        if action.startswith(_OPEN) and action.endswith(_CLOSE):
            return self.call("answer", value=action[len(_OPEN) : -len(_CLOSE)])
        return None
