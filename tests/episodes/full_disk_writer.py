"""Fills a run until its disk is full, as a program of its own: `full_disk_writer.py DIRECTORY [BYTES]`.

With BYTES the operating system lets no file of this process grow beyond that; without, the disk is really small. Prints
as JSON which episodes were stored before the error and the error, then makes room and stores one more.
"""

import json
import os
import resource
import sys
from pathlib import Path

from sample_episodes import episode, manifest

from textgym.episodes import EpisodeStore, StoreFullError


def main(directory: Path, limit: int | None) -> None:
    ballast = directory.parent / "ballast"
    if limit is None:
        ballast.write_bytes(b"x" * 100_000)
    with EpisodeStore.create(directory, manifest(episodes=None)) as store:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        stored, message = [], ""
        while not message:
            name = f"e{len(stored)}"
            try:
                store.append(episode(name, "x" * 30_000))
                stored.append(name)
            except StoreFullError as error:
                message = str(error)
        before = [record.episode_id for record in store]
        whole = (directory / "episodes.jsonl").read_bytes().endswith(b"\n")
        if limit is None:
            ballast.unlink()
        else:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        store.append(episode("after", "x" * 30_000))
    print(json.dumps({"stored": stored, "message": message, "before": before, "whole": whole}), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
