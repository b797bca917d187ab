"""The knobs of DatasetQA."""

import json
import os
from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field, field_validator, model_validator

from textgym.core import SPLITS, Config, Split
from textgym.core.errors import did_you_mean
from textgym.envs.math.dataset.columns import Columns, SimpleGrader
from textgym.envs.math.dataset.grading import ANSWER_IN, SIMPLE, given_grader
from textgym.envs.math.dataset.index import Files, stamps
from textgym.envs.math.dataset.rows import file_digest
from textgym.graders import Grader


class DatasetConfig(Config):
    """Knobs of DatasetQA."""

    path: str | dict[Split, str] | None = Field(
        None,
        description="a file of JSON lines or Parquet, or one for each split; none: a small sample that is built in",
    )
    question_column: str = Field("question", min_length=1, description="field that is asked; `prompt` goes before it")
    prompt: str | None = Field(
        None, min_length=1, description="what is asked, with {{ item.field }} for fields of the row"
    )
    answer_column: str = Field(
        "answer", min_length=1, description="field with the answer, or with a list of right ones"
    )
    answer_after: str | None = Field(
        None,
        min_length=1,
        description="the answer is what follows the last such mark in its field, as after #### in GSM8K",
    )
    solution_column: str | None = Field(None, description="field with an output that earns everything; for the oracle")
    split_column: str | None = Field(None, description="field that names the split; none: families are split by a hash")
    family_column: str | None = Field(None, description="field that rows of one kind share; none: the question")
    public_columns: tuple[str, ...] = Field((), description="further fields that anyone may know; the rest is secret")
    system: str = Field("", description="text before every question")
    instruction: str | None = Field(None, description="text after every question; none: how to write the answer")
    grader: str | dict[str, Any] = Field(
        "math_equal", description="exact, math_equal, choice or number, or a grader's JSON, ours or OpenAI's"
    )
    answer_in: str | None = Field(
        None,
        pattern=ANSWER_IN,
        description="where the answer stands: tag:NAME, boxed, final_answer or whole; none: tag:answer, for JSON whole",
    )
    labels: tuple[str, ...] = Field(
        ("A", "B", "C", "D"), min_length=2, max_length=1000, description="what can be chosen; for `choice`"
    )
    answer_in_prompt: bool = Field(
        False, description="whether a prompt may hold its answer, as where one is to be found in a text; for the checks"
    )
    max_turns: int = Field(1, ge=1, description="actions after which the episode is truncated")

    not_in_task: ClassVar[frozenset[str]] = frozenset({"answer_in_prompt"})

    @field_validator("grader", mode="before")
    @classmethod
    def _read_grader(cls, given: Any) -> Any:
        if isinstance(given, Grader):
            return given.model_dump(mode="json")
        if isinstance(given, str) and given not in SIMPLE:
            try:
                given = json.loads(given)
            except (ValueError, RecursionError):
                given = None
            if not isinstance(given, dict):
                raise ValueError(f"it is none of {', '.join(SIMPLE)}, and no JSON object of a grader")
        if isinstance(given, Mapping):
            given_grader(given)
            return dict(given)
        return given

    @field_validator("path", mode="before")
    @classmethod
    def _names_files(cls, path: Any) -> Any:
        if isinstance(path, Mapping):
            if not path:
                raise ValueError("it names no file")
            for split in path:
                if split not in SPLITS:
                    raise ValueError(f"there is no split {split!r}: {did_you_mean(str(split), SPLITS)}")
            return {split: cls._file(one) for split, one in path.items()}
        return None if path is None else cls._file(path)

    @staticmethod
    def _file(path: Any) -> str:
        if not isinstance(path, str | os.PathLike):
            raise ValueError('write the path of a file, or one for each split, such as {"train": "a.jsonl"}')
        return os.fspath(path)

    @model_validator(mode="after")
    def _sound(self) -> "DatasetConfig":
        try:
            shown = self.columns.shown
        except ValueError as error:
            raise ValueError(f"setting 'prompt': {error}") from None
        if self.answer_column in (*shown, *self.public_columns):
            raise ValueError(
                f"the field {self.answer_column!r} holds the answer, and so it can be neither shown nor public"
            )
        if len({label.casefold() for label in self.labels}) < len(self.labels):
            raise ValueError("setting 'labels': two of them are the same")
        return self

    @property
    def simple(self) -> SimpleGrader | None:
        """The simple grader; None where the grader is given as JSON."""
        return next((name for name in SIMPLE if name == self.grader), None)

    @property
    def where(self) -> str:
        """Where the answer stands in an output."""
        return self.answer_in or ("whole" if self.simple is None else "tag:answer")

    @property
    def files(self) -> Files:
        """The files, each with the split of all of its rows, if it has one; none for the sample."""
        if self.path is None:
            return ()
        return ((None, self.path),) if isinstance(self.path, str) else tuple(sorted(self.path.items()))

    @property
    def columns(self) -> Columns:
        """What the fields of a row mean."""
        return Columns(
            question=self.question_column,
            template=self.prompt,
            answer=self.answer_column,
            answer_after=self.answer_after,
            solution=self.solution_column,
            split=self.split_column,
            family=self.family_column,
            public=self.public_columns,
            simple=self.simple,
            labels=self.labels,
        )

    def task_settings(self) -> dict[str, Any]:
        """As for every environment, with the contents of the files for their paths: other rows are other tasks."""
        settings = super().task_settings()
        if settings.pop("path", None) is not None:
            digests = [file_digest(stamp) for stamp in stamps(self.files)]
            settings["rows"] = {split or "all": digest for (split, _), digest in zip(self.files, digests, strict=True)}
        return settings
