"""`Manifest`: what a run is, as its directory remembers it."""

import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from textgym.core import Split
from textgym.episodes.errors import RecordError, ResumeError, StoreError, StoreFullError
from textgym.episodes.journal import NO_ROOM
from textgym.episodes.lines import dumps
from textgym.episodes.provenance import provenance

MANIFEST_FORMAT = 1

_IDENTITY = ("format", "env_id", "config", "policy", "seed", "group_size", "split")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class Manifest(BaseModel):
    """What a run is: everything that its episodes follow from, and who made it when.

    Attributes:
        env_id: the registered id.
        page: the module that lists this id, where it was named as `module:namespace/Name-v0`; None for a registered one.
        config: the environment's settings that were given; JSON values.
        policy: what is known of the policy: `name`, and model and sampling settings where it has them.
        seed: the seed of the run.
        episodes: how many episodes the run is to have; None where it goes on until it is stopped.
        group_size: episodes that work on the same task.
        split: the split that tasks come from; None for the environment's own choice.
        versions: of textgym, gymnasium and Python, and the git commit, when the run was begun.
        created: when the run was begun, in UTC.
        format: version of this layout.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    env_id: str
    page: str | None = None
    config: dict[str, Any] = Field(default_factory=dict)
    policy: dict[str, Any] = Field(default_factory=dict)
    seed: int = 0
    episodes: int | None = Field(None, ge=0)
    group_size: int = Field(1, ge=1)
    split: Split | None = None
    versions: dict[str, str] = Field(default_factory=provenance)
    created: str = Field(default_factory=_now)
    format: int = MANIFEST_FORMAT

    def as_json(self) -> dict[str, Any]:
        """The manifest as JSON values.

        Raises:
            RecordError: a setting cannot be written as JSON.
        """
        try:
            values: dict[str, Any] = json.loads(dumps(self.model_dump()))
        except TypeError as error:
            raise RecordError(f"the manifest holds what JSON cannot: {error}") from error
        return values

    def continued_by(self, wanted: "Manifest") -> "Manifest":
        """The manifest of this run when it goes on as `wanted`: the same run, with as many episodes or more.

        Raises:
            ResumeError: `wanted` is another run; names every field that differs.
        """
        ours, theirs = self.as_json(), wanted.as_json()
        differences = {
            path: values for name in _IDENTITY for path, values in _differences(name, ours[name], theirs[name])
        }
        fewer = wanted.episodes is not None and (self.episodes is None or wanted.episodes < self.episodes)
        if fewer:
            differences["episodes"] = (self.episodes, wanted.episodes)
        if differences:
            listed = "; ".join(f"{name} was {old}, now {new}" for name, (old, new) in _shown(differences).items())
            raise ResumeError(
                f"this run was begun with other settings: {listed}. Resume it as it was begun (raising the number of "
                "episodes is allowed), or start a new run in another directory.",
                {name: (_or_none(old), _or_none(new)) for name, (old, new) in differences.items()},
            )
        return self.model_copy(update={"episodes": wanted.episodes})

    def write(self, path: Path) -> None:
        """Write to `path` so that it holds either the old text or the new, whatever happens.

        Raises:
            StoreError: the file cannot be written.
        """
        fresh = path.with_name(path.name + ".new")
        text = json.dumps(self.as_json(), indent=2) + "\n"
        try:
            with fresh.open("w", encoding="ascii") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
            sync_directory(path.parent)
        except OSError as error:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            kind = StoreFullError if error.errno in NO_ROOM else StoreError
            raise kind(f"cannot write {path}: {error.strerror}") from error

    @classmethod
    def read(cls, path: Path) -> Self:
        """The manifest in a file.

        Raises:
            StoreError: there is none, or it cannot be read.
        """
        try:
            return cls.model_validate(json.loads(path.read_bytes()))
        except FileNotFoundError:
            raise StoreError(f"{path.parent} holds no run: there is no {path.name} in it") from None
        except NotADirectoryError:
            raise StoreError(f"{path.parent} is a file; a run is a directory") from None
        except OSError as error:
            raise StoreError(f"cannot read {path}: {error.strerror}") from error
        except ValidationError as error:
            fields = ", ".join(".".join(map(str, item["loc"])) or "the whole" for item in error.errors())
            raise StoreError(f"{path} is no manifest of this version of textgym: look at {fields}") from error
        except ValueError as error:
            raise StoreError(f"{path} is damaged: {error}") from error


def sync_directory(path: Path) -> None:
    """Make renames in a directory survive a power loss."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


_ABSENT = object()


def _differences(name: str, old: Any, new: Any) -> list[tuple[str, tuple[Any, Any]]]:
    """The places in which two JSON values differ, by dotted path."""
    if isinstance(old, dict) and isinstance(new, dict):
        found = []
        for key in sorted(old.keys() | new.keys()):
            found += _differences(f"{name}.{key}", old.get(key, _ABSENT), new.get(key, _ABSENT))
        return found
    same = old == new and isinstance(old, bool) == isinstance(new, bool)  # 0 and 0.0 are the same, 0 and False are not
    return [] if same else [(name, (old, new))]


def _or_none(value: Any) -> Any:
    return None if value is _ABSENT else value


def _shown(differences: dict[str, tuple[Any, Any]]) -> dict[str, tuple[str, str]]:
    def text(value: Any) -> str:
        return "not given" if value is _ABSENT else repr(value)

    return {name: (text(old), text(new)) for name, (old, new) in differences.items()}
