"""A session: a slot that keeps its files, and a program at a time, over many messages, until it is closed.

The host asks and the supervisor answers, as between calls. Between two messages a program runs on; what it writes waits in
its pipes, and it with it once they are full, so nothing grows here. The clock of the session's life runs all the while.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from . import fetch, gather, tidy, unpack, wire
from .kept import Kept
from .streams import memory_file
from .trees import payload

if TYPE_CHECKING:
    from .main import Slot


def serve(slot: Slot, head: dict[str, Any], answers: int) -> None:
    """Serve a session from the frame that opens it to the one that closes it.

    Raises:
        BadFrameError: the frame that opens it is malformed. There is no session then.
        MissingTreeError: nor is there one where it names a tree that is not here.
        HostGoneError: the host is.
    """
    try:
        session = _Session(slot, float(head["life_s"]))
    except (KeyError, TypeError, ValueError) as error:
        raise wire.BadFrameError(f"a session without a life: {type(error).__name__}: {error}") from None
    opened = False
    try:
        wire.send(answers, session.start(head))
        opened = True
        while True:
            asked = session.next_head()
            if asked.get("op") == "close":
                break
            try:
                answer, blobs = session.answer(asked)
            except wire.BadFrameError as error:
                answer, blobs = {"op": "error", "detail": str(error)}, []
            except (KeyError, TypeError, ValueError) as error:
                answer, blobs = {"op": "error", "detail": f"malformed: {type(error).__name__}: {error}"}, []
            wire.send(answers, answer, *blobs)
    except (KeyError, TypeError, ValueError) as error:
        raise wire.BadFrameError(f"a malformed session: {type(error).__name__}: {error}") from None
    finally:
        clean = session.close()
    if opened:
        wire.send(answers, {"op": "closed", "discard": not clean})


class _Session:
    def __init__(self, slot: Slot, life: float) -> None:
        self._slot = slot
        self._until = time.monotonic() + life
        self._program: Kept | None = None

    def next_head(self) -> dict[str, Any]:
        """The head of the next frame; meanwhile the program is ended when the session's life is over."""
        if self._program is not None:
            left = self._until - time.monotonic()
            if not wire.wait_for_input(0, left):
                self._program.end("life")
        head = self._slot.reader.head()
        if head is None:
            raise wire.HostGoneError
        return head

    def answer(self, head: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        """Do what a frame asks for; the head and the blobs of the answer."""
        op = head.get("op")
        if op == "start":
            return self.start(head), []
        if op == "talk":
            return self._talk(head)
        if op == "signal":
            if self._program is None:
                raise wire.BadFrameError("no program runs")
            self._program.signal(int(head["signal"]))
            return {"op": "done"}, []
        if op == "put":
            return {"op": "done", "errors": self._put(head["files"])}, []
        if op == "fetch":
            files, errors = fetch.fetch(
                self._slot.config["work"], head["names"], int(head["most"]), self._slot.uid, self._slot.gid
            )
            return {"op": "files", "files": [(name, len(data)) for name, data in files], "errors": errors}, [
                data for _, data in files
            ]
        if op == "gather":
            return self._gather(head)
        raise wire.BadFrameError("an unknown operation")

    def start(self, head: dict[str, Any]) -> dict[str, Any]:
        """Start a program; the answer has its end if it could not be begun."""
        if self._program is not None:
            raise wire.BadFrameError("a program runs already")
        for place in self._slot.config["wipe"]:
            tidy.restore(place)  # where programs own it, the one before may have locked out the next
        reader = self._slot.reader
        call = {name: head[name] for name in ("argv", "source", "env", "limits")}
        given = payload({**call, "result": bool(head["announced"])}, head, self._slot.trees.take(head, reader))
        try:
            if head["source"] is not None:
                reader.move(head["source"], given)
            for _, size in head["files"]:
                reader.move(size, given)
            self._program = Kept(self._slot, head, given)
        finally:
            os.close(given)
        self._program.await_beginning(self._until)
        return {"op": "started", "ended": self._program.ended}

    def _talk(self, head: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        program = self._program
        if program is None:
            raise wire.BadFrameError("no program runs")
        given = memory_file("given")
        try:
            self._slot.reader.move(head["stdin"] + head["channel"], given)
            began = time.monotonic()
            deadline = began + float(head["wall_s"])
            program.give(given, head["stdin"], head["channel"])
            reason = program.talk(head["until"], head["ends"], min(deadline, self._until))
            unsent = program.leave(head["eof"])
            if reason == "timeout" and deadline > self._until:
                program.end("life")
        finally:
            os.close(given)
        answer, blobs = program.told(reason)
        answer["unsent"] = unsent
        answer["wall_s"] = time.monotonic() - began
        answer["left_s"] = max(0.0, self._until - time.monotonic())
        if program.ended is not None:
            self._program = None
        return answer, blobs

    def _put(self, files: list[Any]) -> dict[str, str]:
        """Write files with the program's rights; why some could not be, by name."""
        errors = {}
        given = memory_file("files")
        try:
            for _, size in files:
                self._slot.reader.move(size, given)
            rights, place = fetch.rights_of(self._slot.uid, self._slot.gid), fetch.within(self._slot.config["work"])
            with rights, place, unpack.Unpacking(given) as unpacking:
                position = 0
                for name, size in files:
                    try:
                        unpacking.write([(name, size)], position)
                    except unpack.SetupError as error:
                        errors[name] = str(error)
                    position += size
        except OSError as error:  # the working directory itself is closed to them
            errors = dict.fromkeys((name for name, _ in files), error.strerror or type(error).__name__)
        finally:
            os.close(given)
        return errors

    def _gather(self, head: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        with fetch.rights_of(self._slot.uid, self._slot.gid):
            found = gather.gather(self._slot.config["work"], int(head["most"]), head["known"], float(head["wall_s"]))
        return {
            "op": "files",
            "files": [(name, len(data)) for name, data in found.files],
            "errors": found.errors,
            "same": found.same,
            "whole": found.whole,
        }, [data for _, data in found.files]

    def close(self) -> bool:
        """End what runs, and empty what can be written; whether both succeeded."""
        ended = self._program is None or self._program.end("closed")
        return self._slot.kill() and self._slot.wipe() and ended
