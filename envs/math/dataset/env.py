"""DatasetQA: the questions of a file, graded by a grader of the user's choice."""

from typing import Any

from textgym.core import Random, Reply, Score, Split, State, Task, TextEnv
from textgym.envs.math.dataset.config import DatasetConfig
from textgym.envs.math.dataset.grading import how_to_answer, make_grader, written
from textgym.envs.math.dataset.index import index_of, stamps
from textgym.graders import Sample, settle

_MOST_CANDIDATES = 50
_GUESSES = 100


class DatasetQA(TextEnv[DatasetConfig, State]):
    """Answer the questions of your own file, one row a task.

    Observation: `system`, the question (`question_column`, or `prompt` with fields of the row filled in), and how to write
        the answer.
    Action: text; where the answer stands in it is `answer_in`, by default inside <answer></answer>, once. What stands in a
        reasoning block is not read.
    Reward: what the grader says: with `exact`, `math_equal`, `choice` and `number` 1 for the right answer and 0 for any
        other or for two different ones; with a grader of yours the value that it gives, within its bounds.
    Ends: after one answer. A row that the grader cannot grade ends the episode without a reward.
    Splits: by `split_column`; or by file, with `path={"train": ..., "test": ...}`; or by a hash of the question (of
        `family_column`), so that the same question is never in two splits.
    Oracle: writes the row's answer, or its `solution_column`.

    Nothing is downloaded. When it is made, the environment goes through the file once and checks every row; a row that cannot
    be used is an error that names line and field. It keeps eight bytes a row, and reads a row when its task is asked for.
    Ids of tasks change with the contents of the file, and not with its name.
    """

    def __init__(self, *, render_mode: str | None = None, **settings: Any) -> None:
        """Make the environment, and go through the file; see `TextEnv`.

        Raises:
            ConfigError: a setting is wrong, the file cannot be read, or a row cannot be used.
            OptionalDependencyError: the file is Parquet, and pyarrow is not installed.
        """
        super().__init__(render_mode=render_mode, **settings)
        config = self.config
        self._columns = config.columns
        self._index = index_of(config.files, stamps(config.files), self._columns)
        self._grader = make_grader(config.grader, config.where, config.labels)
        how = how_to_answer(config.simple, config.where, config.labels)
        self._after = how if config.instruction is None else config.instruction
        if config.simple == "choice":
            self.random_ceiling = 1 / len(config.labels) + 0.1
        self.oracle_score = self._grader.bounds[1]
        self.answer_in_prompt = config.answer_in_prompt  # type: ignore[misc]  # a declaration, here of the user's

    # -- tasks ---------------------------------------------------------------------------------------------------------

    def size(self, split: Split) -> int:
        return self._index.size(split)

    def make_task(self, split: Split, index: int) -> Task:
        row = self._index.row(split, index)
        public, secret = self._columns.parted(row)
        parts = (self.config.system, self._columns.prompt(row), self._after)
        return Task(
            prompt="\n\n".join(part for part in parts if part),
            data=public,
            secret=secret,
            family=self._columns.family_of(row),
        )

    async def act(self, task: Task, state: State, action: str) -> Reply:
        item = task.data | task.secret
        if self.config.simple is not None:
            item = {"answer": self._columns.answers(item)}
        score = await self._grader.agrade(item, Sample(output_text=action))
        value = settle(score)
        if value is not None and score.value is None:  # the output is not of the form that the grader reads
            score = Score(name=score.name, value=value, reason=score.reason, bounds=score.bounds)
        best = value is not None and value >= score.bounds[1]
        return Reply("Right." if best else "That is not right.", score=score, success=best)

    # -- reference policies --------------------------------------------------------------------------------------------

    def oracle(self, task: Task, state: State) -> str:
        solution = self.config.solution_column
        return str(task.secret[solution]) if solution is not None else self._written(self._answers(task)[0])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        choice = self.config.simple == "choice"
        return self._written(rng.choice(self.config.labels) if choice else rng.randint(-_GUESSES, _GUESSES))

    def candidates(self, task: Task) -> list[str]:
        if self.config.simple == "choice":
            return [self._written(label) for label in self.config.labels]
        count = min(self._index.size(task.split), _MOST_CANDIDATES)
        rows = [self._index.row(task.split, number) for number in range(count)]
        return [self._written(answer) for row in rows for answer in self._columns.answers(row)]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        right = self._answers(task)[0]
        others = self.config.labels if self.config.simple == "choice" else ("12345", "54321")
        wrong = next(other for other in others if other.casefold() != str(right).strip().casefold())
        scripts = {
            "an empty answer": [self._written("")],
            "the question as the answer": [self._written(task.prompt[:2000])],
            "the right answer, then another": [self._written(right) + "\n" + self._written(wrong)],
            "the answer while thinking": [f"<think>{self._written(right)}</think>"],
            "a template": [self._written("{{ item.answer }}")],
            "code": [self._written(f"eval({right!r})"), self._written("__import__('os').abort()")],
        }
        if self.config.where.startswith("tag:") or self.config.where == "boxed":
            scripts["the right answer where none is read"] = [str(right)]
        return scripts

    def _answers(self, task: Task) -> list[Any]:
        return self._columns.answers(task.data | task.secret)

    def _written(self, answer: Any) -> str:
        return written(answer, self.config.where)
