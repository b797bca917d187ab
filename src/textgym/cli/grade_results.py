"""The results of `textgym grade`: a line for each row, in the order of the rows, and what they come to."""

import json
import os
import time
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from textgym.cli.exits import CommandError
from textgym.cli.grade_rows import Row

if TYPE_CHECKING:
    from textgym.core.outcome import Score
    from textgym.graders import Grader, OnInvalid


_BEGINNING = b'{"line": '


def result_of(grader: "Grader", row: Row, score: "Score", seconds: float, on_invalid: "OnInvalid") -> dict[str, Any]:
    """The result of one row: the fields of `graders.run`, the score tree, and what it belongs to."""
    from textgym.graders.openai.running import run_response

    response = run_response(grader, score, seconds, on_invalid)
    tree = {"name": score.name, "value": score.value, "status": score.status}
    return {
        "line": row.line,
        **response,
        "status": score.status,
        "score": tree | score.model_dump(mode="json", exclude_defaults=True),
        "grader": grader.digest,
        "row": row.digest,
    }


def unreadable(grader: "Grader", row: Row) -> "Score":
    """The score of a row that cannot be graded."""
    from textgym.core.outcome import Score

    return Score(
        name=grader.label,
        status="error",
        reason=row.problem or "",
        code="sample_parse_error",
        bounds=grader.bounds,
    )


def write_result(file: TextIO, result: dict[str, Any]) -> None:
    """One line of pure ASCII, written whole."""
    file.write(json.dumps(result, allow_nan=False) + "\n")
    file.flush()


@dataclass
class Totals:
    """What the results come to.

    Attributes:
        rows: how many there are, and how many of them were there `before`.
        rewards: count, sum, least and greatest.
        parts: for each part of the grader count and sum of its values.
        errors: how often each error was met, with the first line and reason.
    """

    rows: int = 0
    before: int = 0
    rewarded: int = 0
    total: float = 0.0
    least: float | None = None
    greatest: float | None = None
    failed: int = 0
    tokens: int = 0
    cost: float = 0.0
    parts: dict[str, tuple[int, float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    first: dict[str, tuple[int, str]] = field(default_factory=dict)
    begun: float = field(default_factory=time.monotonic)

    def add(self, result: dict[str, Any], *, before: bool = False) -> None:
        """Count one more result."""
        self.rows += 1
        self.before += before
        reward = result["reward"]
        if reward is not None:
            self.rewarded += 1
            self.total += reward
            self.least = reward if self.least is None else min(self.least, reward)
            self.greatest = reward if self.greatest is None else max(self.greatest, reward)
        for name, value in result["sub_rewards"].items():
            count, total = self.parts.get(name, (0, 0.0))
            self.parts[name] = (count, total) if value is None else (count + 1, total + value)
        self.tokens += result["score"].get("tokens", 0)
        self.cost += result["score"].get("cost", 0.0)
        if result["status"] != "ok":
            self.failed += 1
        for error in [name for name, flag in result["metadata"]["errors"].items() if flag is True]:
            self.errors[error] += 1
            self.first.setdefault(error, (result["line"], _why(result["score"])))

    @property
    def mean(self) -> float | None:
        """The mean of the rewards; None without any."""
        return self.total / self.rewarded if self.rewarded else None

    @property
    def seconds(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self.begun

    def as_json(self) -> dict[str, Any]:
        """The totals as JSON values."""
        return {
            "rows": self.rows,
            "rows_before": self.before,
            "failed": self.failed,
            "reward": {"count": self.rewarded, "mean": self.mean, "min": self.least, "max": self.greatest},
            "sub_rewards": {
                name: {"count": count, "mean": total / count if count else None}
                for name, (count, total) in self.parts.items()
            },
            "errors": {
                name: {"count": count, "first_line": self.first[name][0], "reason": self.first[name][1]}
                for name, count in self.errors.items()
            },
            "tokens": self.tokens,
            "cost_usd": self.cost,
            "wall_seconds": self.seconds,
        }


def _why(tree: dict[str, Any]) -> str:
    """The reason of the first failure in a tree: of the leaf, before the combinators that follow it."""
    for child in tree.get("children", ()):
        if child.get("status", "ok") not in ("ok", "skipped"):
            return _why(child)
    return str(tree.get("reason") or tree.get("status"))


def kept_results(
    out: Path, rows: Iterator[Row], grader: "Grader", on_invalid: "OnInvalid"
) -> Generator[tuple[Row, dict[str, Any]], None, None]:
    """The rows whose results an earlier call left in `out`, with the results.

    A last line that was cut off is removed from the file.

    Raises:
        CommandError: they are of another grader, other data, or another --on-invalid, or the file holds something else.
    """
    from textgym.core.outcome import Score
    from textgym.graders import settle

    with out.open("r+b") as file:
        end = 0
        for raw in iter(file.readline, b""):
            if not raw.endswith(b"\n") and raw.startswith(_BEGINNING[: len(raw)]):
                break
            try:
                result = json.loads(raw)
            except (ValueError, RecursionError):
                result = None
            if not isinstance(result, dict) or not {"line", "row", "grader", "score", "reward"} <= result.keys():
                raise CommandError(f"{out} holds no results of `textgym grade`: choose another --out")
            if result["grader"] != grader.digest:
                raise CommandError(f"{out} holds results of another grader: choose another --out")
            row = next(rows, None)
            if row is None or (row.line, row.digest) != (result["line"], result["row"]):
                raise CommandError(f"{out} holds results of other data, from line {result['line']} on")
            score = Score.model_validate(result["score"])
            if (
                score.value is None
                and settle(score, "drop" if on_invalid == "raise" else on_invalid) != result["reward"]
            ):
                raise CommandError(f"{out} was made with another --on-invalid: line {result['line']} differs")
            end = file.tell()
            yield row, result
        file.truncate(end)


@contextmanager
def retried(
    out: Path, rows: Iterator[Row], grader: "Grader", on_invalid: "OnInvalid"
) -> Iterator[tuple[TextIO, Iterator[Row]]]:
    """A file for the results of all rows, which takes the place of `out` at the end, and the rows.

    Rows with a result in `out` that did not fail bring it along. Whatever ends the work, the rows that were not reached
    keep the results that they had, failed ones too; a process that is killed leaves `out` as it was.

    Raises:
        CommandError: as `kept_results`.
    """
    anew = out.with_name(f"{out.name}.retry")
    kept = kept_results(out, rows, grader, on_invalid)
    good = (replace(row, kept=result) if result["status"] == "ok" else row for row, result in kept)
    with anew.open("w", encoding="ascii") as file:
        try:
            yield file, chain(good, rows)
        finally:
            good.close()
            kept.close()
            with anew.open("rb") as written, out.open("rb") as before:
                file.writelines(line.decode("ascii") for line in islice(before, sum(1 for _ in written), None))
            file.close()
            os.replace(anew, out)
