"""`EpisodeStore`: beginning, resuming, reading and closing a run."""

import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import threading
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest
from sample_episodes import episode, manifest, masked

from textgym.episodes import (
    DamagedRecordWarning,
    Episode,
    EpisodeStore,
    RecordError,
    ResumeError,
    StoreError,
    StoreLockedError,
)


def ids(store: EpisodeStore) -> list[str]:
    return [record.episode_id for record in store]


def filled(directory: Path, count: int, **fields: object) -> None:
    with EpisodeStore.create(directory, manifest(**fields)) as store:
        for number in range(count):
            store.append(episode(f"e{number}"))


def test_what_is_appended_can_be_read_at_once_and_later(tmp_path: Path) -> None:
    records = [episode("a", "é\u2028\n\ud800"), masked("b"), replace(episode("c"), turns=[])]
    with EpisodeStore.create(tmp_path / "run", manifest()) as store:
        for number, record in enumerate(records, start=1):
            store.append(record)
            assert list(store) == list(EpisodeStore.open(tmp_path / "run")) == records[:number]
            assert store.count() == EpisodeStore.open(tmp_path / "run").count() == number
    assert list(EpisodeStore.open(tmp_path / "run")) == records
    assert EpisodeStore.open(tmp_path / "run").finished_ids() == {"a", "b", "c"}


def test_every_line_is_json_for_other_tools(tmp_path: Path) -> None:
    filled(tmp_path, 2)
    lines = (tmp_path / "episodes.jsonl").read_text().splitlines()
    assert [json.loads(line)["episode_id"] for line in lines] == ["e0", "e1"]


def test_the_manifest_comes_back(tmp_path: Path) -> None:
    wanted = manifest(split="test", group_size=2)
    EpisodeStore.create(tmp_path, wanted).close()
    stored = EpisodeStore.open(tmp_path).manifest
    assert stored == wanted
    assert {"textgym", "python", "gymnasium"} <= stored.versions.keys()
    assert json.loads((tmp_path / "run.json").read_text())["config"] == {"high": 20}


def test_a_manifest_that_json_cannot_hold_leaves_no_run_behind(tmp_path: Path) -> None:
    for value in (float("nan"), {1, 2}):
        with pytest.raises(RecordError):
            EpisodeStore.create(tmp_path, manifest(config={"x": value}))
    assert not (tmp_path / "run.json").exists()
    EpisodeStore.create(tmp_path, manifest()).close()


# -- resuming ----------------------------------------------------------------------------------------------------------


def test_resume_continues_without_repeating(tmp_path: Path) -> None:
    filled(tmp_path, 2)
    with EpisodeStore.resume(tmp_path, manifest()) as store:
        assert store.finished_ids() == {"e0", "e1"}
        with pytest.raises(StoreError, match="already"):
            store.append(episode("e1"))
        store.append(episode("e2"))
        assert (store.count(), store.complete) == (3, False)
    assert ids(EpisodeStore.open(tmp_path)) == ["e0", "e1", "e2"]


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"config": {"high": 30}}, {"config.high": (20, 30)}),
        ({"config": {}}, {"config.high": (20, None)}),
        ({"config": {"high": 20, "max_turns": 3}}, {"config.max_turns": (None, 3)}),
        ({"policy": {"name": "noop"}}, {"policy.name": ("oracle", "noop")}),
        ({"seed": 4, "episodes": 9}, {"seed": (3, 4)}),
        ({"group_size": 2}, {"group_size": (1, 2)}),
        ({"split": "test"}, {"split": (None, "test")}),
        ({"env_id": "textgym/GuessNumber-v1"}, {"env_id": ("textgym/GuessNumber-v0", "textgym/GuessNumber-v1")}),
        ({"episodes": 3}, {"episodes": (4, 3)}),
        ({"seed": 9, "split": "test"}, {"seed": (3, 9), "split": (None, "test")}),
    ],
)
def test_resume_refuses_another_run_and_names_what_differs(
    tmp_path: Path, changed: dict[str, object], named: dict[str, object]
) -> None:
    filled(tmp_path, 1)
    with pytest.raises(ResumeError) as caught:
        EpisodeStore.resume(tmp_path, manifest(**changed))
    assert caught.value.differences == named
    assert all(name in str(caught.value) for name in named)
    EpisodeStore.resume(tmp_path, manifest()).close()  # the refusal left neither a lock nor a changed manifest


def test_resume_with_more_episodes_extends_the_run(tmp_path: Path) -> None:
    filled(tmp_path, 4)
    assert (tmp_path / "episodes.jsonl.zst").exists()
    with EpisodeStore.resume(tmp_path, manifest(episodes=6)) as store:
        assert not store.complete
        assert store.finished_ids() == {"e0", "e1", "e2", "e3"}
        store.append(episode("e4"))
        assert ids(store) == ["e0", "e1", "e2", "e3", "e4"]
    assert EpisodeStore.open(tmp_path).manifest.episodes == 6
    assert EpisodeStore.open(tmp_path).manifest.created


def test_resume_can_drop_the_episodes_without_a_reward(tmp_path: Path) -> None:
    with EpisodeStore.create(tmp_path, manifest()) as store:
        for record in (episode("e0"), masked("e1"), episode("e2"), masked("e3")):
            store.append(record)
    assert (tmp_path / "episodes.jsonl.zst").exists()
    with EpisodeStore.resume(tmp_path, manifest()) as store:
        assert store.complete
    with EpisodeStore.resume(tmp_path, manifest(), drop_masked=True) as store:
        assert store.finished_ids() == {"e0", "e2"}
        assert not store.complete
        store.append(episode("e1"))
    assert ids(EpisodeStore.open(tmp_path)) == ["e0", "e2", "e1"]
    assert not list(tmp_path.glob("*.new"))
    EpisodeStore.resume(tmp_path, manifest(), drop_masked=True).close()  # nothing to drop any more


def test_settings_that_read_the_same_from_json_are_the_same(tmp_path: Path) -> None:
    EpisodeStore.create(tmp_path, manifest(config={"sizes": (4, 9), "weight": 0})).close()
    EpisodeStore.resume(tmp_path, manifest(config={"sizes": [4, 9], "weight": 0.0})).close()


def test_a_switch_is_not_a_number(tmp_path: Path) -> None:
    EpisodeStore.create(tmp_path, manifest(config={"fast": True})).close()
    with pytest.raises(ResumeError, match=r"config\.fast was True, now 1"):
        EpisodeStore.resume(tmp_path, manifest(config={"fast": 1}))


# -- packing -----------------------------------------------------------------------------------------------------------


def test_a_complete_run_is_packed_and_reads_the_same(tmp_path: Path) -> None:
    filled(tmp_path, 4)
    assert sorted(os.listdir(tmp_path)) == [".lock", "episodes.jsonl.zst", "run.json"]
    store = EpisodeStore.open(tmp_path)
    assert list(store) == [episode(f"e{number}") for number in range(4)]
    assert store.complete
    with EpisodeStore.resume(tmp_path, manifest()) as again:
        assert again.count() == 4
    assert sorted(os.listdir(tmp_path)) == [".lock", "episodes.jsonl.zst", "run.json"]


def test_a_run_of_no_episodes_is_complete(tmp_path: Path) -> None:
    EpisodeStore.create(tmp_path, manifest(episodes=0)).close()
    assert list(EpisodeStore.open(tmp_path)) == []
    with EpisodeStore.resume(tmp_path, manifest(episodes=1)) as store:
        store.append(episode())
    assert ids(EpisodeStore.open(tmp_path)) == ["e0"]


def test_a_run_without_end_is_never_packed(tmp_path: Path) -> None:
    filled(tmp_path, 3, episodes=None)
    assert (tmp_path / "episodes.jsonl").exists()


def test_a_crash_between_packing_and_removing_the_plain_file_is_harmless(tmp_path: Path) -> None:
    filled(tmp_path, 3)
    plain = (tmp_path / "episodes.jsonl").read_bytes()
    with EpisodeStore.resume(tmp_path, manifest()) as store:
        store.append(episode("e3"))
    (tmp_path / "episodes.jsonl").write_bytes(plain)  # one record less, so that one can tell which file was read
    assert ids(EpisodeStore.open(tmp_path)) == ["e0", "e1", "e2"]
    with EpisodeStore.resume(tmp_path, manifest()) as store:
        assert not (tmp_path / "episodes.jsonl.zst").exists()
        assert store.finished_ids() == {"e0", "e1", "e2"}


def test_a_packed_file_that_was_cut_short_is_an_error(tmp_path: Path) -> None:
    filled(tmp_path, 4)
    packed = tmp_path / "episodes.jsonl.zst"
    os.truncate(packed, packed.stat().st_size // 2)
    with pytest.raises(StoreError, match="cut short"):
        list(EpisodeStore.open(tmp_path))


# -- torn and damaged files --------------------------------------------------------------------------------------------


def test_a_file_cut_at_any_byte_reads_as_its_whole_records(tmp_path: Path) -> None:
    filled(tmp_path, 3)
    path = tmp_path / "episodes.jsonl"
    data = path.read_bytes()
    store = EpisodeStore.open(tmp_path)
    for size in range(len(data), -1, -1):
        os.truncate(path, size)
        assert store.count() == data[:size].count(b"\n")


@pytest.mark.parametrize("stride", [29, pytest.param(1, marks=pytest.mark.slow)])
def test_a_file_cut_at_any_byte_goes_on_after_its_whole_records(tmp_path: Path, stride: int) -> None:
    filled(tmp_path / "run", 3, episodes=9)
    data = (tmp_path / "run" / "episodes.jsonl").read_bytes()
    ends = [0] + [end + 1 for end, byte in enumerate(data) if byte == ord("\n")]
    beside_ends = {end + offset for end in ends for offset in (-1, 0, 1)}
    torn = tmp_path / "torn"
    shutil.copytree(tmp_path / "run", torn)
    for size in range(len(data) + 1):
        if size % stride and size not in beside_ends:
            continue
        (torn / "episodes.jsonl").write_bytes(data[:size])
        whole = data[:size].count(b"\n")
        with EpisodeStore.resume(torn, manifest(episodes=9), fsync="never") as store:
            assert (torn / "episodes.jsonl").stat().st_size == ends[whole]
            store.append(episode("new"))
        assert ids(EpisodeStore.open(torn)) == [f"e{number}" for number in range(whole)] + ["new"]


@pytest.mark.parametrize("tail", [b"\x00" * 5000, b"\n\n", b"{}\n", b'{"episode_id":"e9"}\n{"epis', b"\xff\n\x00"])
def test_rubbish_at_the_end_is_cut_off(tmp_path: Path, tail: bytes) -> None:
    filled(tmp_path, 2)
    with (tmp_path / "episodes.jsonl").open("ab") as file:
        file.write(tail)
    assert ids(EpisodeStore.open(tmp_path)) == ["e0", "e1"]
    with EpisodeStore.resume(tmp_path, manifest()) as store:
        store.append(episode("e2"))
    assert ids(EpisodeStore.open(tmp_path)) == ["e0", "e1", "e2"]


def test_damage_in_the_middle_costs_that_episode_only_and_is_told(tmp_path: Path) -> None:
    filled(tmp_path, 3)
    path = tmp_path / "episodes.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"episode_id":"e1"', b'"episode_id":"eX"'))
    with pytest.warns(DamagedRecordWarning, match="line 2"):
        store = EpisodeStore.resume(tmp_path, manifest())
    with store:
        store.append(episode("e1"))
    with pytest.warns(DamagedRecordWarning):
        assert ids(EpisodeStore.open(tmp_path)) == ["e0", "e2", "e1"]


# -- wrong use ---------------------------------------------------------------------------------------------------------


def test_a_directory_holds_one_run(tmp_path: Path) -> None:
    filled(tmp_path, 1)
    with pytest.raises(StoreError, match="holds a run already"):
        EpisodeStore.create(tmp_path, manifest())
    assert ids(EpisodeStore.open(tmp_path)) == ["e0"]


def test_no_run_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "missing", tmp_path / "file"):
        with pytest.raises(StoreError, match=r"holds no run|is a file"):
            EpisodeStore.open(path)
        with pytest.raises(StoreError, match=r"holds no run|is a file"):
            EpisodeStore.resume(path, manifest())
    with pytest.raises(StoreError, match="is a file"):
        EpisodeStore.create(tmp_path / "file", manifest())
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"env_id": "x", "unknown": 1}', "\xff"])
def test_a_damaged_manifest_is_an_error(tmp_path: Path, text: str) -> None:
    filled(tmp_path, 1)
    (tmp_path / "run.json").write_text(text, encoding="latin-1")
    with pytest.raises(StoreError, match=r"run\.json"):
        EpisodeStore.open(tmp_path)


def test_an_episode_that_json_cannot_hold_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    circle: dict[str, object] = {}
    circle["self"] = circle
    with EpisodeStore.create(tmp_path, manifest()) as store:
        for value, told in (
            (float("nan"), r"turns\[0\]\.info\.it is not a finite number"),
            ({1}, "JSON values only, not a set"),
            (circle, "cannot be stored"),
        ):
            bad = episode("bad")
            bad.turns[0].info = {"it": value}
            with pytest.raises(RecordError, match=told):
                store.append(bad)
        store.append(episode("good"))
    assert ids(EpisodeStore.open(tmp_path)) == ["good"]


def test_a_store_that_is_not_open_for_writing_refuses(tmp_path: Path) -> None:
    store = EpisodeStore.create(tmp_path, manifest())
    store.close()
    store.close()
    for closed in (store, EpisodeStore.open(tmp_path)):
        with pytest.raises(StoreError, match="not open for writing"):
            closed.append(episode())


def test_an_unknown_way_to_sync_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="fsync"):
        EpisodeStore.create(tmp_path, manifest(), fsync="sometimes")  # type: ignore[arg-type]


@pytest.mark.parametrize("fsync", ["never", "batch", "always"])
def test_every_way_to_sync_stores_the_same(tmp_path: Path, fsync: str) -> None:
    with EpisodeStore.create(tmp_path, manifest(), fsync=fsync) as store:  # type: ignore[arg-type]
        store.append(episode())
    assert list(EpisodeStore.open(tmp_path)) == [episode()]


# -- several at once ---------------------------------------------------------------------------------------------------


def test_a_second_writer_is_refused_and_told_who_writes(tmp_path: Path) -> None:
    with EpisodeStore.create(tmp_path, manifest()) as store:
        with pytest.raises(StoreLockedError, match=f"process {os.getpid()}"):
            EpisodeStore.resume(tmp_path, manifest())
        with pytest.raises(StoreLockedError):
            EpisodeStore.create(tmp_path, manifest())
        store.append(episode())
    EpisodeStore.resume(tmp_path, manifest()).close()


def test_a_writer_in_another_process_locks_too(tmp_path: Path) -> None:
    filled(tmp_path, 1)
    code = (
        "import sys; from textgym.episodes import EpisodeStore; run = EpisodeStore.open(sys.argv[1]).manifest\n"
        "store = EpisodeStore.resume(sys.argv[1], run); print('open', flush=True); input()"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        with pytest.raises(StoreLockedError, match=f"process {process.pid}"):
            EpisodeStore.resume(tmp_path, manifest())
        process.kill()
    EpisodeStore.resume(tmp_path, manifest()).close()  # the lock died with its holder


def _append_in_child(store: EpisodeStore) -> None:
    try:
        store.append(episode("child"))
    except StoreError:
        os._exit(7)


def test_a_forked_child_neither_writes_nor_holds_the_lock(tmp_path: Path) -> None:
    with EpisodeStore.create(tmp_path, manifest()) as store:
        child = multiprocessing.get_context("fork").Process(target=_append_in_child, args=(store,))
        child.start()
        child.join()
        assert child.exitcode == 7
        store.append(episode("parent"))
        with pytest.raises(StoreLockedError):
            EpisodeStore.resume(tmp_path, manifest())
    assert ids(EpisodeStore.open(tmp_path)) == ["parent"]


def test_threads_may_append_side_by_side(tmp_path: Path) -> None:
    with EpisodeStore.create(tmp_path, manifest(episodes=200), fsync="never") as store:

        def work(thread: int) -> None:
            for number in range(50):
                store.append(episode(f"{thread}-{number}"))

        threads = [threading.Thread(target=work, args=(thread,)) for thread in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert store.complete
    found = ids(EpisodeStore.open(tmp_path))
    assert len(found) == len(set(found)) == 200


def test_a_reader_beside_a_writer_sees_whole_records_in_order(tmp_path: Path) -> None:
    filled(tmp_path, 0, episodes=60)
    code = (
        "import sys; sys.path.insert(0, sys.argv[2])\n"
        "from sample_episodes import *; from textgym.episodes import *\n"
        "with EpisodeStore.resume(sys.argv[1], manifest(episodes=60), fsync='never') as store:\n"
        "    for number in range(60): store.append(episode(f'e{number}', 'x' * (number * 14_000 % 300_000)))\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(Path(__file__).parent)]) as process:
        while process.poll() is None:
            found = ids(EpisodeStore.open(tmp_path))
            assert found == [f"e{number}" for number in range(len(found))]
    assert process.returncode == 0
    assert len(ids(EpisodeStore.open(tmp_path))) == 60


def test_reading_holds_one_episode_at_a_time(tmp_path: Path) -> None:
    with EpisodeStore.create(tmp_path, manifest(episodes=200), fsync="never") as store:
        for number in range(200):
            store.append(episode(f"e{number}", "x" * 100_000))
    tracemalloc.start()
    try:
        total = sum(len(record.observation) for record in EpisodeStore.open(tmp_path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert total == 20_000_000
    assert peak < 6_000_000


def test_records_are_the_episodes_as_json(tmp_path: Path) -> None:
    filled(tmp_path, 2)
    store = EpisodeStore.open(tmp_path)
    assert [Episode.from_json(record) for record in store.records()] == list(store)
