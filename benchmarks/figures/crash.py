"""`kill -9` at random moments of a stored run, and `--resume` after each."""

import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from report import Report, Row, Spread, Target
from sizes import Size
from textgym.episodes import EpisodeStore
from textgym.episodes.errors import StoreError


def run(size: Size) -> Report:
    """Runs are killed and resumed until enough kills came together, then carried to their end and counted."""
    kills, episodes = size.pick(50, 10, 1), size.pick(20_000, 8_000, 400)
    report = Report("crash", f"{kills} times kill -9 during `textgym run`, each followed by --resume")
    rng = random.Random(9)
    lost = repeated = done = runs = 0
    torn: list[int] = []
    while done < kills:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "run"
            runs += 1
            seen: set[str] = set()
            while done < kills:
                if not _killed(out, episodes, runs, rng):
                    break
                done += 1
                finished = _finished(out)
                lost += len(seen - finished.keys())
                seen |= finished.keys()
                torn.append(len(finished))
            _wait(_command(out, episodes, runs))
            finished = _finished(out)
            lost += len(seen - finished.keys()) + episodes - len(finished)
            repeated += finished.total() - len(finished)
    report.rows += [
        Row("kills", "count", Spread.of([done])),
        Row("runs that they were spread over", "count", Spread.of([runs])),
        Row("finished episodes found after a kill", "count", Spread.of(torn)),
    ]
    report.targets += [
        Target("episodes lost", Spread.of([lost]), "<=", 0, "count"),
        Target("episodes repeated", Spread.of([repeated]), "<=", 0, "count"),
    ]
    return report


def _command(out: Path, episodes: int, seed: int) -> "subprocess.Popen[bytes]":
    arguments = ["run", "textgym/GuessNumber-v0", "--policy", "oracle", "--episodes", str(episodes), "--json"]
    return subprocess.Popen(
        [sys.executable, "-m", "textgym", *arguments, "--seed", str(seed), "--out", str(out), "--resume"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def _killed(out: Path, episodes: int, seed: int, rng: random.Random) -> bool:
    """Start or resume the run, and kill it some time later; False if it had ended by then."""
    process = _command(out, episodes, seed)
    lines = out / "episodes.jsonl"
    before = _size(lines)
    if rng.random() < 0.8:  # mostly while it writes; else anywhere, starting included
        while process.poll() is None and _size(lines) <= before:
            time.sleep(0.005)
        time.sleep(rng.uniform(0.0, 0.4))
    else:
        time.sleep(rng.uniform(0.05, 1.0))
    process.kill()
    return _wait(process) < 0


def _wait(process: "subprocess.Popen[bytes]") -> int:
    """The exit status of a run that was killed or came to its end; one that failed would hide what is looked for."""
    _, problem = process.communicate()
    if process.returncode > 0:
        raise RuntimeError(f"the run failed instead of being killed: {problem.decode()[-1000:]}")
    return process.returncode


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _finished(out: Path) -> Counter[str]:
    """How often each finished episode is in the store; none where the run was killed before it had begun."""
    try:
        return Counter(episode.episode_id for episode in EpisodeStore.open(out))
    except (StoreError, FileNotFoundError):
        return Counter()
