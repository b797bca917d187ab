"""ReasoningGym: tasks of reasoning-gym's generators, read and judged strictly."""

from typing import Any, ClassVar

from pydantic import Field, field_validator, model_validator

from textgym.actions.answers import committed
from textgym.core import Config, ConfigError, Random, RedrawError, Split, Task
from textgym.envs.math.single_answer import SingleAnswer
from textgym.envs.math.wrapped.answers import LONGEST, of_the_form, same
from textgym.envs.math.wrapped.catalogue import MIX, SEVERAL, STRICT_ONLY
from textgym.envs.math.wrapped.source import Source, check_name, package_version

_ENOUGH = 1.0 - 1e-9


class ReasoningGymConfig(Config):
    """Knobs of ReasoningGym."""

    datasets: tuple[str, ...] = Field(
        MIX, min_length=1, description="names of the datasets to draw from, equally often"
    )
    settings: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="for each dataset its own settings, by their names in reasoning-gym"
    )
    size: int | None = Field(None, ge=1, description="tasks in each split; none: without end")
    partial: bool = Field(False, description="pay what their own scorers pay, parts and faults included")
    max_turns: int = Field(1, ge=1, description="actions after which the episode is truncated")

    not_in_task: ClassVar[frozenset[str]] = frozenset({"partial"})

    @field_validator("datasets", mode="before")
    @classmethod
    def _one_or_several(cls, given: Any) -> Any:
        return (given,) if isinstance(given, str) else given

    @field_validator("datasets")
    @classmethod
    def _are_taken(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            check_name(name)
        if len(set(names)) < len(names):
            raise ValueError("a dataset is named twice")
        return names

    @model_validator(mode="after")
    def _fit_together(self) -> "ReasoningGymConfig":
        for name in self.settings:
            if name not in self.datasets:
                raise ValueError(f"setting 'settings': {name!r} is none of the datasets {', '.join(self.datasets)}")
        for name in self.datasets if self.partial else ():
            if name in STRICT_ONLY:
                raise ValueError(f"setting 'partial': not with {name}, since {STRICT_ONLY[name]}")
        return self

    def task_settings(self) -> dict[str, Any]:
        """As for every environment, with the version of reasoning-gym: another version has other tasks."""
        return super().task_settings() | {"reasoning-gym": package_version()}


class ReasoningGym(SingleAnswer[ReasoningGymConfig]):
    """Solve a task of one of reasoning-gym's generators.

    Observation: its question, and how to give the answer.
    Action: text with the answer in <answer></answer>, once.
    Reward: 1 for the right answer, else 0. Where one answer is right, an answer must say the same: white space and, between
        numbers, the way of writing apart. Where several are, their scorer decides, if the answer is in the form asked for
        and holds nothing else; only a full score counts. With `partial` the reward is what their scorer pays.
    Ends: after one answer.
    Splits: by the question.
    Oracle: writes their answer.
    Needs: the extra `reasoning-gym`. Tasks are a function of dataset, settings and version of that package, which is part of
        their ids. Some datasets are left out; `catalogue.LEFT_OUT` says which and why.

    Faults of their scorers, which `partial=True` brings back: most pay `len(answer) / len(output)` wherever the right answer
    is a part of the output, so that listing answers pays; many pay 0.01 to 0.05 for any text. `gsm_symbolic` reads the first
    number and loses its sign; `number_sorting` takes numbers that are wrong by up to 1; `power_function` compares three
    digits, `decimal_arithmetic` the configured ones; `figlet_font` pays 1.0 for ten right letters of a longer word;
    `knights_knaves`, `letter_jumble`, `fraction_simplification` and `game_of_life` pass over what stands beside the answer;
    `futoshiki` and the sudokus pay nine tenths for a board in another form, `calendar_arithmetic` for a number close by.
    """

    def __init__(self, *, render_mode: str | None = None, **settings: Any) -> None:
        """Make the environment and its datasets; see `TextEnv`.

        Raises:
            ConfigError: a dataset is not taken, or a setting of one is wrong.
            OptionalDependencyError: reasoning-gym is not installed.
        """
        super().__init__(render_mode=render_mode, **settings)
        try:
            sources = [Source(name, self.config.settings.get(name, {})) for name in self.config.datasets]
        except ValueError as error:
            raise ConfigError(f"ReasoningGymConfig: setting 'settings': {error}") from None
        self._sources = {source.name: source for source in sources}

    def size(self, split: Split) -> int | None:
        return self.config.size

    def generate(self, rng: Random) -> Task:
        source = self._sources[rng.choice(self.config.datasets)]
        number = rng.randrange(source.items)
        item = source.item(number)
        if item is None or len(item.answer) > LONGEST:
            raise RedrawError
        question = item.question.strip()
        return Task(
            prompt=self.ask(question),
            secret={"answer": item.answer, "number": number},
            data={"dataset": source.name},
            family=f"{source.name}: {question}",
        )

    def judge(self, task: Task, answer: str) -> bool | float:
        source, number = self._sources[task.data["dataset"]], task.secret["number"]
        if self.config.partial:
            return source.score(number, answer) if len(answer) <= LONGEST else 0.0
        if same(task.secret["answer"], answer):
            return True
        if source.name not in SEVERAL:
            return False
        item = source.item(number)
        return (
            item is not None
            and of_the_form(source.name, answer, item.entry)
            and source.score(number, answer) >= _ENOUGH
        )

    def cheats(self, task: Task) -> dict[str, list[str]]:
        answer: str = task.secret["answer"]
        return super().cheats(task) | {
            "the right answer with a word beside it": [committed(f"{answer} indeed"), committed(f"it is {answer}")],
            "every short answer at once": [committed(f"Yes No True False {answer} {' '.join(map(str, range(50)))}")],
        }
