"""PatchJudge: how probable is it that a patch makes a function right?"""

import difflib
import re
from typing import Literal

from pydantic import Field

from textgym.actions import final_answer
from textgym.actions.answers import committed
from textgym.core import Config, Random, RedrawError, Reply, Score, State, Task, TextEnv
from textgym.envs.code.functions.bank import Bug, Problem, Splice, problem, stored_families, stored_same
from textgym.envs.code.functions.naming import STYLES
from textgym.envs.code.functions.rendering import Rendered
from textgym.envs.code.functions.shelf import family_id
from textgym.envs.code.functions.themes import families

_PROBABILITY = re.compile(r"(?:0|1)(?:\.[0-9]{1,9})?|\.[0-9]{1,9}", re.ASCII)
_WORST = -3.0


class PatchJudgeConfig(Config):
    """Knobs of PatchJudge."""

    examples: int = Field(2, ge=0, le=3, description="examples of what the function should return")
    names: Literal["mixed", "own", "letters", "words"] = Field(
        "mixed",
        description="names in the program: telling ones, single letters, words that say nothing, or any of these",
    )
    max_turns: int = Field(1, ge=1, le=3, description="answers after which the episode is truncated")


class PatchJudge(TextEnv[PatchJudgeConfig, State]):
    """Say how probable it is that a patch repairs a function.

    Observation: a function with a bug, its docstring, examples, and a patch as a unified diff.
    Action: one number from 0 to 1 inside one <answer></answer>: the probability that the patched function does all that its
        docstring says. Text outside is not read.
    Reward: the quadratic rule, 1 - 4 (p - y)**2, where y is 1 if the patch is right and else 0. It is strictly proper: what
        pays best is the probability that one really believes. Bounds: -3 for certainty in what is false, 1 for certainty in
        what is true; p = 0.5 earns 0.
    Ends: terminated by the first number that can be read; truncated after `max_turns` answers that cannot.
    Splits: by family of functions, as CodeFixFn.
    Oracle: says 1 or 0, and is right.

    Half of all patches are right, whatever the settings, so the reward of any fixed p is known before anything is trained: it
    is -(2p - 1)**2 on the average, at most 0. Right patches restore the reference, or do so with a change beside it that makes
    no difference on any known input. Wrong ones put another proven bug into the same lines, or mend one of two faults only.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        name = rng.choice(stored_families())
        family = rng.claim(family_id(name))
        found = problem(name, rng.randrange(len(families()[name].variants)))
        if not found.bugs:
            raise RedrawError("there are no mutants of this variant")
        bug = rng.choice(found.bugs)
        others = _others(found, bug)
        if not others:  # before the coin is thrown, so that half of the patches stay right
            raise RedrawError("no other bug is in the same lines")
        right = rng.random() < 0.5
        patched = _restored(rng, found, bug) if right else rng.choice(others)
        style = rng.choice(STYLES) if config.names == "mixed" else config.names
        wording = rng.randrange(len(found.family.says))
        rendered = Rendered.of(found, style, wording)
        before, after = rendered.program(bug.splices), rendered.program(patched)
        shown = rendered.examples(rng.sample(found.shown, config.examples))
        examples = f"What it should return:\n\n{shown}\n\n" if shown else ""
        return Task(
            prompt=(
                f"This function has a bug.\n\n```python\n{before}```\n\n{examples}A patch is proposed:\n\n"
                f"```diff\n{_diff(before, after)}```\n\nHow probable is it that the patched function does all that its docstring "
                "says, on every input? You earn 1 - 4 (p - y)**2 for a probability p, where y is 1 if it does and 0 if not. "
                "Reply with one number from 0 to 1, such as 0.35, inside <answer></answer>. Anything outside is not read."
            ),
            secret={"right": right},
            data={"family": name, "variant": found.variant, "names": style, "wording": wording, "level": bug.level},
            family=family,
            difficulty=bug.level,
        )

    def act(self, task: Task, state: State, action: str) -> Reply:
        answer = final_answer(action)
        if answer is None:
            return Reply.malformed("Give your answer inside one pair of tags, <answer></answer>, and only once.")
        if not _PROBABILITY.fullmatch(answer) or float(answer) > 1:
            return Reply.malformed("The answer must be one number from 0 to 1, such as 0.35, and nothing else.")
        probability, right = float(answer), bool(task.secret["right"])
        value = 1 - 4 * (probability - right) ** 2
        return Reply(
            f"The patch is {'right' if right else 'wrong'}.",
            score=Score(value=value, bounds=(_WORST, 1.0), reason="quadratic rule"),
            success=(probability > 0.5) == right and probability != 0.5,
        )

    # -- reference policies --------------------------------------------------------------------------------------------

    def oracle(self, task: Task, state: State) -> str:
        return committed("1" if task.secret["right"] else "0")

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return committed(f"0.{rng.randrange(1000):03}")

    def candidates(self, task: Task) -> list[str]:
        return [committed(text) for text in ("0", "1", "0.5")]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        return {
            "always certain that it is right": [committed("1")],
            "always certain that it is wrong": [committed("0")],
            "beyond certainty": [committed("2"), committed("-1"), committed("1.5")],
            "no number": [committed("nan"), committed("inf"), committed("1e0"), committed("1/1")],
            "both": [committed("0 or 1"), committed("0, 1")],
        }


def _restored(rng: Random, found: Problem, bug: Bug) -> tuple[Splice, ...]:
    """What a right patch leaves different from the reference: nothing, or one thing that makes no difference."""
    same = [one for one in stored_same(found.family.name, found.variant) if _near(found.source, one, bug)]
    return (rng.choice(same),) if same and rng.randrange(2) else ()


def _others(found: Problem, bug: Bug) -> list[tuple[Splice, ...]]:
    """What wrong patches may leave: other proven bugs in the lines of this one, one of its two faults among them."""
    return [
        other.splices
        for other in found.bugs
        if other.splices != bug.splices and all(_near(found.source, one, bug) for one in other.splices)
    ]


def _near(source: str, splice: Splice, bug: Bug) -> bool:
    """Whether a replacement is in a line that the bug changes."""
    lines = {source.count("\n", 0, start) for start, _, _ in bug.splices}
    return source.count("\n", 0, splice[0]) in lines


def _diff(before: str, after: str) -> str:
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), "a/solution.py", "b/solution.py"
    )
    return "".join(lines)
