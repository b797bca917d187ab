"""CodeFixFn: repair one small function whose docstring says what it should do."""

from typing import Any, Literal

from pydantic import Field

from textgym.core import Random, Split, Task, derive_key
from textgym.envs.code.functions.bank import Bug, problem
from textgym.envs.code.functions.env import FunctionConfig, FunctionEnv, function_task
from textgym.envs.code.functions.rendering import Rendered
from textgym.envs.code.functions.shelf import Place, bug_shelf, family_id
from textgym.envs.code.submission import HOW_TO_ANSWER, submission


class CodeFixFnConfig(FunctionConfig):
    """Knobs of CodeFixFn."""

    difficulty: Literal["mixed", "easy", "medium", "hard"] = Field(
        "mixed",
        description="share of inputs on which the bug shows: easy above 0.6, medium above 0.2, hard at most 0.2; hard bugs "
        "show on none of the examples, others on at least one",
    )


class CodeFixFn(FunctionEnv[CodeFixFnConfig]):
    """Repair one Python function that does not do what its docstring says.

    Observation: the program with its bug, and examples of what the function should return. After a wrong attempt: what it
        did on these examples.
    Action: the whole repaired program inside one <answer></answer>, bare or in a fence. Text outside is not read.
    Reward: 1 if the function returns exactly the right value, of the right type, on every hidden input and every example,
        else 0. Inputs go into a sandbox, values come out, and the comparison is made outside; nothing that the program can
        reach knows what is expected.
    Ends: terminated by a right attempt or the last one; truncated where the last answer could not be read.
    Splits: by family of functions; no family of one split is ever seen in another. Each split has a fixed number of tasks
        (`size`), all different: every proven bug under every naming and in every wording of the docstring. With mixed
        difficulty the three take turns, as long as there are bugs of each.
    Oracle: gives the reference.

    Every bug is proven: it changes the result on 0.3 % to 90 % of some 300 inputs, as the task's data say (`share`). Hidden
    are at least 24 inputs that together catch every wrong mutant of the reference that is known.
    """

    def size(self, split: Split) -> int:
        return len(bug_shelf(split, self.config.difficulty, self.config.names))

    def make_task(self, split: Split, index: int) -> Task:
        place = bug_shelf(split, self.config.difficulty, self.config.names)[index]
        bug = _bug(place)
        found = problem(place.family, place.variant)
        rendered = Rendered.of(found, place.style, place.wording)
        numbers = _examples(place, bug, self.config.examples)
        examples = rendered.examples([found.shown[number] for number in numbers])
        prompt = (
            "This function has a bug: it does not always return what its docstring says.\n\n"
            f"```python\n{rendered.buggy(bug)}```\n\nWhat it should return:\n\n{examples}\n\nRepair it. {HOW_TO_ANSWER}"
        )
        fields: dict[str, Any] = function_task(
            place, rendered, prompt, numbers, level=bug.level, share=bug.share, mutations=len(bug.splices)
        )
        return Task(**fields, family=family_id(place.family), difficulty=bug.level)

    def cheats(self, task: Task) -> dict[str, list[str]]:
        place = bug_shelf(task.split, self.config.difficulty, self.config.names)[task.index]
        rendered = Rendered.of(problem(place.family, place.variant), place.style, place.wording)
        return {**super().cheats(task), "the program as it was": [submission(rendered.buggy(_bug(place)))]}


def _bug(place: Place) -> Bug:
    assert place.bug is not None
    return place.bug


def _examples(place: Place, bug: Bug, count: int) -> list[int]:
    """Numbers of the inputs shown: for a hard bug none that gives it away, for others at least one that does."""
    rng = Random(derive_key("examples", place.family, place.variant, *map(str, bug.splices)))
    right = [number for number in range(len(problem(place.family, place.variant).shown)) if number not in bug.wrong]
    if bug.level == "hard":
        return rng.sample(right, count)
    first = rng.choice(bug.wrong)
    others = [number for number in (*right, *bug.wrong) if number != first]
    chosen = [first, *rng.sample(others, count - 1)]
    rng.shuffle(chosen)
    return chosen
