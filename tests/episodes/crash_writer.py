"""A run that is killed again and again: `crash_writer.py DIRECTORY KILLS SEED`, played as a program of its own.

Each round forks a child that resumes the run, appends what is missing and says each id once it is stored; the child is
killed with SIGKILL at a random moment. Prints the ids that children have said, as JSON.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from sample_episodes import episode, manifest

from textgym.episodes import EpisodeStore

EPISODES = 100_000
LONGEST = 0.04


def write(directory: Path, said: int) -> None:
    with EpisodeStore.resume(directory, manifest(episodes=EPISODES)) as store:
        finished = store.finished_ids()
        for number in range(EPISODES):
            name = f"e{number}"
            if name not in finished:
                store.append(episode(name, "x" * (number * 7919 % 50_000)))
                os.write(said, f"{name}\n".encode())


def main(directory: Path, kills: int, seed: int) -> None:
    moments = random.Random(seed)
    EpisodeStore.create(directory, manifest(episodes=EPISODES)).close()
    reported: list[str] = []
    episode().as_json()  # what is made at the first use is made here, and leaves the children their time
    for _ in range(kills):
        listen, said = os.pipe()
        child = os.fork()
        if not child:
            write(directory, said)
            os._exit(0)
        os.close(said)
        time.sleep(moments.uniform(0, LONGEST))
        os.kill(child, signal.SIGKILL)
        with os.fdopen(listen) as lines:
            reported += lines.read().split()
        os.waitpid(child, 0)
    print(json.dumps(reported))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
