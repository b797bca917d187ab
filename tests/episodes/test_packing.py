"""The packed file: damage to a part of it costs the episodes in that part, and is told."""

import random
import shutil
import subprocess
import warnings
from pathlib import Path

import pytest
from sample_episodes import episode, manifest

from textgym.episodes import DamagedRecordWarning, Episode, EpisodeStore, StoreError, export
from textgym.episodes.lines import seal

COUNT = 60


def records() -> list[Episode]:
    draw = random.Random(0)
    return [episode(f"e{number}", f"{draw.getrandbits(4_000):x}") for number in range(COUNT)]


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    with EpisodeStore.create(tmp_path / "run", manifest(episodes=COUNT)) as store:
        for record in records():
            store.append(record)
    return tmp_path / "run" / "episodes.jsonl.zst"


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 0x10
    path.write_bytes(data)


def test_the_file_is_for_other_tools_too(packed: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    with packed.open("rb") as file:
        text = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True).read()
    assert text == b"".join(seal(record.as_json()) for record in records())
    if shutil.which("zstdcat"):
        assert subprocess.run(["zstdcat", packed], check=True, capture_output=True).stdout == text


def test_one_flipped_bit_anywhere_costs_a_part_and_is_told(packed: Path) -> None:
    whole = records()
    sound = packed.read_bytes()
    starts = [place for place in range(len(sound)) if sound.startswith(b"\x28\xb5\x2f\xfd", place)]
    assert len(starts) > 8
    beside = {start + offset for start in starts for offset in range(-4, 14)}
    for place in sorted({*range(0, len(sound), 211), *range(32), *beside, len(sound) - 1} & set(range(len(sound)))):
        flip(packed, place)
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            read = list(EpisodeStore.open(packed.parent))
        assert len(read) >= COUNT * 3 // 4, place
        assert read == [record for record in whole if record in read]
        assert len(read) == COUNT or "bytes of episodes are damaged and passed over" in str(told[0].message)
        packed.write_bytes(sound)


def test_zeros_over_several_frames_cost_only_those(packed: Path) -> None:
    data = packed.read_bytes()
    third = len(data) // 3
    packed.write_bytes(data[:third] + bytes(third) + data[2 * third :])
    with pytest.warns(DamagedRecordWarning, match=r"[\d,]+ of [\d,]+ bytes"):
        read = list(EpisodeStore.open(packed.parent))
    assert COUNT // 3 < len(read) < COUNT
    assert read[0] == records()[0]
    assert read[-1] == records()[-1]


def test_a_damaged_run_can_be_exported_and_completed(packed: Path) -> None:
    flip(packed, packed.stat().st_size // 2)
    bad = packed.read_bytes()
    with pytest.warns(DamagedRecordWarning):
        assert 0 < export(packed.parent, "jsonl", packed.parent / "out.jsonl").episodes < COUNT
    with pytest.warns(DamagedRecordWarning):
        store = EpisodeStore.resume(packed.parent, manifest(episodes=COUNT))
    with store, warnings.catch_warnings():
        warnings.simplefilter("ignore", DamagedRecordWarning)
        assert not store.complete
        there = store.finished_ids()
        for record in records():
            if record.episode_id not in there:
                store.append(record)
        assert store.complete
    assert sorted(EpisodeStore.open(packed.parent), key=lambda one: int(one.episode_id[1:])) == records()
    assert packed.with_name("episodes.jsonl.zst.damaged").read_bytes() == bad


def test_every_cut_is_told(packed: Path) -> None:
    data = packed.read_bytes()
    for size in (*range(3, len(data), 501), len(data) - 1):
        packed.write_bytes(data[:size])
        with pytest.raises(StoreError, match="cut short"):
            list(EpisodeStore.open(packed.parent))


@pytest.mark.parametrize("damage", ["none", "cut", "changed"])
def test_a_file_of_one_frame_as_it_was_written_before_is_read(packed: Path, damage: str) -> None:
    zstandard = pytest.importorskip("zstandard")
    text = b"".join(seal(record.as_json()) for record in records())
    data = bytearray(zstandard.ZstdCompressor(write_checksum=True).compress(text))
    if damage == "cut":
        del data[len(data) // 2 :]
    if damage == "changed":
        data[len(data) // 2] ^= 0xFF
    packed.write_bytes(data)
    store = EpisodeStore.open(packed.parent)
    if damage == "none":
        assert list(store) == records()
        longer = manifest(episodes=COUNT + 1)
        with EpisodeStore.resume(packed.parent, longer) as resumed:
            resumed.append(episode("last"))
        assert list(EpisodeStore.open(packed.parent)) == [*records(), episode("last")]
    else:
        with pytest.raises(StoreError, match=r"cut short|damaged"):
            list(store)
