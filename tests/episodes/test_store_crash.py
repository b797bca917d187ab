"""What a run keeps when its process is killed, and when its disk is full."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sample_episodes import episode, manifest

from textgym.episodes import EpisodeStore, ExportFullError, StoreFullError, export

HERE = Path(__file__).parent


def run(program: str, *arguments: object) -> Any:
    command = [sys.executable, str(HERE / program), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(("kills", "seed"), [(20, 1), pytest.param(50, 2, marks=pytest.mark.slow)])
def test_kill_9_at_random_moments_loses_and_repeats_nothing(tmp_path: Path, kills: int, seed: int) -> None:
    reported = run("crash_writer.py", tmp_path / "run", kills, seed)
    assert len(reported) == len(set(reported)), "a resumed run repeated an episode"
    stored = [record["episode_id"] for record in EpisodeStore.open(tmp_path / "run").records()]
    assert len(stored) == len(set(stored))
    assert set(reported) <= set(stored), "a reported episode was lost"
    assert len(stored) - len(reported) <= kills, "at most the one of the moment of death is stored and not reported"
    assert len(reported) > kills  # the children did work

    total = len(stored) + 5
    with EpisodeStore.resume(tmp_path / "run", manifest(episodes=100_000)) as store:
        finished = store.finished_ids()
        missing = [f"e{number}" for number in range(total) if f"e{number}" not in finished]
        assert len(missing) == 5
        for name in missing:
            store.append(episode(name))
    assert EpisodeStore.open(tmp_path / "run").finished_ids() == {f"e{number}" for number in range(total)}


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("this account may not mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def check_full(directory: Path, report: dict[str, Any]) -> None:
    assert len(report["stored"]) >= 3
    assert "make room" in report["message"]
    assert str(directory) in report["message"]
    assert report["before"] == report["stored"]
    assert report["whole"], "a part of the record that did not fit was left behind"
    assert [record.episode_id for record in EpisodeStore.open(directory)] == [*report["stored"], "after"]


def test_a_full_disk_is_told_and_loses_nothing(tiny_disk: Path) -> None:
    check_full(tiny_disk / "run", run("full_disk_writer.py", tiny_disk / "run"))


def test_a_limit_on_file_sizes_is_told_and_loses_nothing(tmp_path: Path) -> None:
    check_full(tmp_path / "run", run("full_disk_writer.py", tmp_path / "run", 150_000))


def test_where_packing_finds_no_room_the_plain_file_stays(tiny_disk: Path) -> None:
    draw = random.Random(0)
    noise = episode("noise", "".join(chr(draw.randrange(0x4E00, 0x9000)) for _ in range(60_000)))
    with EpisodeStore.create(tiny_disk, manifest(episodes=1)) as store:
        store.append(noise)
    assert list(EpisodeStore.open(tiny_disk)) == [noise]
    assert not (tiny_disk / "episodes.jsonl.zst.new").exists()
    assert (tiny_disk / "episodes.jsonl").exists()


def fill(disk: Path) -> None:
    with suppress(OSError), (disk / "ballast").open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)


def test_a_run_that_cannot_even_begin_for_want_of_room_leaves_nothing_in_its_way(tiny_disk: Path) -> None:
    fill(tiny_disk)
    with pytest.raises(StoreFullError, match=r"run\.json: No space left"):
        EpisodeStore.create(tiny_disk / "run", manifest(episodes=1))
    assert not list((tiny_disk / "run").glob("run.json*"))
    (tiny_disk / "ballast").unlink()
    with EpisodeStore.create(tiny_disk / "run", manifest(episodes=1)) as store:
        store.append(episode("after"))
    assert EpisodeStore.open(tiny_disk / "run").complete


@pytest.mark.parametrize("to", ["jsonl", "parquet"])
@pytest.mark.parametrize("room", ["none", "too little"])
def test_an_export_without_room_is_told_and_leaves_no_piece(tiny_disk: Path, to: str, room: str) -> None:
    if room == "none":
        (tiny_disk / "set" / "data").mkdir(parents=True)
        fill(tiny_disk)
    draw = random.Random(0)
    noise = ["".join(chr(draw.randrange(0x4E00, 0x9000)) for _ in range(60_000)) for _ in range(8)]
    with pytest.raises(ExportFullError, match=f"cannot write {tiny_disk}/set[^ ]*: No space left on device$"):
        export(
            [episode(f"e{n}", text) for n, text in enumerate(noise)],
            to,
            tiny_disk / f"set{'' if to == 'parquet' else '.jsonl'}",
        )
    assert not [path for path in tiny_disk.rglob("*") if path.is_file() and path.name != "ballast"]


def test_a_full_disk_is_no_wrong_usage_on_the_command_line(tiny_disk: Path, tmp_path: Path) -> None:
    with EpisodeStore.create(tmp_path / "run", manifest(episodes=1)) as store:
        store.append(episode("one", "x" * 10_000))
    fill(tiny_disk)
    command = [sys.executable, "-m", "textgym"]
    verbs = (
        ["export", str(tmp_path / "run"), "--to", "jsonl", "--out", str(tiny_disk / "x.jsonl")],
        ["run", "Countdown-v0", "--policy", "oracle", "-n", "1", "--out", str(tiny_disk / "run")],
    )
    for verb in verbs:
        ended = subprocess.run([*command, *verb], capture_output=True, text=True, check=False)
        assert ended.returncode == 1, ended.stderr
        assert ended.stderr.startswith(f"error: cannot write {tiny_disk}")
        assert ended.stderr.endswith("No space left on device\n")
