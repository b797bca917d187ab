"""`EpisodeStore`: a run on disk, to which episodes are added as they finish and from which they are read."""

import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from textgym.episodes.errors import RecordError, StoreError, StoreFullError
from textgym.episodes.journal import NO_ROOM, Fsync, Journal
from textgym.episodes.lines import episode_id_of, seal, unseal, whole_lines
from textgym.episodes.lock import RunLock
from textgym.episodes.manifest import Manifest, sync_directory
from textgym.episodes.record import Episode

MANIFEST_NAME = "run.json"
EPISODES_NAME = "episodes.jsonl"
PACKED_NAME = "episodes.jsonl.zst"
LOCK_NAME = ".lock"

_BLOCK = 1 << 20


class EpisodeStore:
    """A run directory: `run.json` says what the run is, `episodes.jsonl` holds one finished episode a line.

    `create` and `resume` give a store to write, of which a run has one at a time; `open` one to read, also while another
    process writes. When a complete run is closed, its episodes are packed into `episodes.jsonl.zst`.

    When `append` has returned, the episode survives the death of the process, in whatever form it comes. A record that a
    crash tore is cut off by the next `resume`; its episode counts as not finished.

    Attributes:
        directory: the run directory.
        manifest: what the run is.
    """

    def __init__(self, directory: Path, manifest: Manifest) -> None:
        self.directory = directory
        self.manifest = manifest
        self._lock: RunLock | None = None
        self._journal: Journal | None = None
        self._fsync: Fsync = "batch"
        self._known: frozenset[str] = frozenset()
        self._stored_before = 0

    # -- making one ----------------------------------------------------------------------------------------------------

    @classmethod
    def create(cls, directory: str | Path, manifest: Manifest, *, fsync: Fsync = "batch") -> Self:
        """Begin a run in a directory, which is made where it is missing.

        Args:
            directory: the run directory.
            manifest: what the run is.
            fsync: how often data is forced to the disk; see `Journal`. Matters when the machine dies, not the process.

        Raises:
            StoreError: the directory holds a run already, or cannot be written.
            StoreLockedError: another process is writing there.
        """
        store = cls(Path(directory), manifest)
        try:
            store.directory.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            raise StoreError(f"{directory} is a file; a run is a directory") from None
        except OSError as error:
            raise StoreError(f"cannot make {directory}: {error.strerror}") from error
        with store._locked():
            if any((store.directory / name).exists() for name in (MANIFEST_NAME, EPISODES_NAME, PACKED_NAME)):
                raise StoreError(f"{directory} holds a run already: resume it, or choose another directory")
            manifest.write(store.directory / MANIFEST_NAME)
            store._begin_writing(fsync)
        return store

    @classmethod
    def open(cls, directory: str | Path) -> Self:
        """Read a run, finished or not.

        Raises:
            StoreError: there is no run in this directory.
        """
        path = Path(directory)
        return cls(path, Manifest.read(path / MANIFEST_NAME))

    @classmethod
    def resume(
        cls, directory: str | Path, manifest: Manifest, *, fsync: Fsync = "batch", drop_masked: bool = False
    ) -> Self:
        """Continue a run; `finished_ids` tells which episodes need no repeating.

        Args:
            directory: the run directory.
            manifest: what the run is to be: as it was begun, with as many episodes or more.
            fsync: how often data is forced to the disk; see `Journal`.
            drop_masked: drop the episodes without a reward, whose machinery failed, so that they are played again.

        Raises:
            ResumeError: the run was begun with other settings; names each.
            StoreError: there is no run, or it cannot be written.
            StoreLockedError: another process is writing there.
        """
        path = Path(directory)
        Manifest.read(path / MANIFEST_NAME)  # before a lock file is left in a directory that is no run
        store = cls(path, manifest)
        with store._locked():
            stored = Manifest.read(path / MANIFEST_NAME)
            store.manifest = stored.continued_by(manifest)
            if store.manifest != stored:
                store.manifest.write(path / MANIFEST_NAME)
            if drop_masked:
                store._drop_masked()
            store._begin_writing(fsync)
        return store

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Take the run's lock, and keep it if all goes well."""
        self._lock = RunLock(self.directory / LOCK_NAME)
        try:
            yield
        except BaseException:
            self._let_go()
            raise

    def _begin_writing(self, fsync: Fsync) -> None:
        self._fsync = fsync
        ids, size = [], 0
        for end, line in self._lines():
            ids.append(episode_id_of(line))
            size = end
        self._known, self._stored_before = frozenset(ids), len(ids)
        plain = self.directory / EPISODES_NAME
        if plain.exists() or not (self.directory / PACKED_NAME).exists():
            # A plain file beside a packed one is what a crash left between writing the one and removing the other.
            (self.directory / PACKED_NAME).unlink(missing_ok=True)
            self._journal = Journal(plain, size, fsync)
        _writers.add(self)

    # -- writing -------------------------------------------------------------------------------------------------------

    def append(self, episode: Episode) -> None:
        """Store a finished episode. Safe to call from several threads.

        Raises:
            RecordError: the episode holds what JSON cannot; nothing was written.
            StoreFullError: the disk is full; nothing was written, and everything before is safe.
            StoreError: the store is not open for writing, or holds this episode since before it was resumed.
        """
        journal = self._writable()
        if episode.episode_id in self._known:
            raise StoreError(
                f"{self.directory} holds episode {episode.episode_id} already: skip `finished_ids` on resume"
            )
        try:
            line = seal(episode.as_json())
        except Exception as error:  # an object in an info may raise anything when it is looked at
            raise RecordError(f"episode {episode.episode_id} cannot be stored: {error}") from error
        journal.append(line)

    def _writable(self) -> Journal:
        if self._journal is None:
            if self._lock is None:
                raise StoreError(f"{self.directory} is not open for writing: use EpisodeStore.create or .resume")
            self._unpack()
            self._journal = Journal(
                self.directory / EPISODES_NAME, (self.directory / EPISODES_NAME).stat().st_size, self._fsync
            )
        return self._journal

    def close(self) -> None:
        """Finish writing: sync, pack the episodes if the run is complete, and let others write. Safe to call again.

        Where there is no room to pack, the episodes stay as they are.

        Raises:
            StoreError: the system could not write what it had taken.
        """
        try:
            if self._journal is not None:
                self._journal.close()
                if self.complete:
                    self._pack()
        finally:
            self._let_go()

    def _let_go(self) -> None:
        """Drop all handles; what is on disk stays as it is."""
        _writers.discard(self)
        if self._journal is not None:
            self._journal.drop()
            self._journal = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    # -- reading -------------------------------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Episode]:
        """The stored episodes in the order in which they finished, one in memory at a time."""
        for record in self.records():
            yield Episode.from_json(record)

    def records(self) -> Iterator[dict[str, Any]]:
        """The stored episodes as JSON values, unvalidated: several times faster than episodes."""
        for _, line in self._lines():
            yield unseal(line)

    def finished_ids(self) -> frozenset[str]:
        """The ids of all stored episodes, masked ones included."""
        return frozenset(episode_id_of(line) for _, line in self._lines())

    def count(self) -> int:
        """Number of stored episodes. A store that is open for writing knows it; another one looks."""
        if self._lock is not None:
            return self._stored_before + (0 if self._journal is None else self._journal.appended)
        return sum(1 for _ in self._lines())

    @property
    def complete(self) -> bool:
        """Whether the run has all the episodes that it is to have."""
        return self.manifest.episodes is not None and self.count() >= self.manifest.episodes

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        """The whole lines with their ends, from whichever of the two files is there."""
        plain, packed = self.directory / EPISODES_NAME, self.directory / PACKED_NAME
        for path in (plain, packed, plain):  # a writer may pack or unpack between two looks
            try:
                file = path.open("rb", buffering=_BLOCK)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise StoreError(f"cannot read {path}: {error.strerror}") from error
            with file:
                if path is packed:
                    from textgym.episodes.packing import packed_lines

                    yield from packed_lines(file, path)
                else:
                    yield from whole_lines(file, str(path))
            return

    def _drop_masked(self) -> None:
        """Write the episodes anew without those that have no reward; the old file stays until the new one is whole."""
        if all(unseal(line)["reward"] is not None for _, line in self._lines()):
            return
        plain, packed = self.directory / EPISODES_NAME, self.directory / PACKED_NAME
        if not plain.exists():
            self._unpack()
        fresh = plain.with_name(plain.name + ".new")
        try:
            with fresh.open("wb") as target:
                target.writelines(line for _, line in self._lines() if unseal(line)["reward"] is not None)
                target.flush()
                os.fsync(target.fileno())
            fresh.replace(plain)
            sync_directory(self.directory)
            packed.unlink(missing_ok=True)
        except OSError as error:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            kind = StoreFullError if error.errno in NO_ROOM else StoreError
            raise kind(f"cannot rewrite {plain}: {error.strerror}. The episodes in it are safe.") from error

    # -- packing -------------------------------------------------------------------------------------------------------

    def _pack(self) -> None:
        from textgym.episodes.packing import pack

        plain, packed = self.directory / EPISODES_NAME, self.directory / PACKED_NAME
        fresh = packed.with_name(packed.name + ".new")
        try:
            with plain.open("rb") as source, fresh.open("wb") as target:
                pack(source, target)
                target.flush()
                os.fsync(target.fileno())
            fresh.replace(packed)
            sync_directory(self.directory)
            plain.unlink()
        except OSError as error:
            fresh.unlink(missing_ok=True)
            if error.errno not in NO_ROOM:
                raise StoreError(f"cannot pack {plain}: {error.strerror}. The episodes in it are safe.") from error

    def _unpack(self) -> None:
        from textgym.episodes.packing import packed_lines, unpacked_size

        plain, packed = self.directory / EPISODES_NAME, self.directory / PACKED_NAME
        fresh = plain.with_name(plain.name + ".new")
        try:
            with packed.open("rb") as source, fresh.open("wb") as target:
                size = unpacked_size(source)
                source.seek(0)
                target.writelines(line for _, line in packed_lines(source, packed))
                sound = target.tell() == size
                target.flush()
                os.fsync(target.fileno())
            fresh.replace(plain)
            sync_directory(self.directory)
            if sound:
                packed.unlink()
            else:  # a person may yet want what is left of it
                packed.replace(packed.with_name(packed.name + ".damaged"))
        except OSError as error:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            kind = StoreFullError if error.errno in NO_ROOM else StoreError
            raise kind(f"cannot unpack {packed} to go on: {error.strerror}. The episodes in it are safe.") from error


# A forked child inherits the handles of its parent. Were it to keep them, the run would stay locked for as long as an
# orphan lives, and two processes could write.
_writers: "weakref.WeakSet[EpisodeStore]" = weakref.WeakSet()


def _leave_to_parent() -> None:
    for store in list(_writers):
        store._let_go()


os.register_at_fork(after_in_child=_leave_to_parent)
