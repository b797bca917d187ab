"""Exports: what other programs read."""

import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet
from sample_episodes import ENV_ID, episode, guess_number, manifest, masked, oracle, play, wrong

from textgym.episodes import (
    Episode,
    EpisodeStore,
    ExportError,
    StoreError,
    export,
    flat_rows,
    preference_rows,
    sft_rows,
)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    env = guess_number(high=20)
    directory = tmp_path / "run"
    with EpisodeStore.create(directory, manifest(group_size=2, episodes=8)) as store:
        for seed in range(3):
            for sibling, policy in enumerate([oracle, wrong]):
                store.append(play(env, seed, policy, sibling=sibling))
        store.append(replace(masked("m0"), group=9, seed=9))
        store.append(replace(episode("m1"), group=9, seed=9, sibling=1, turns=[]))
    return directory


def test_jsonl_has_one_flat_object_an_episode(run: Path, tmp_path: Path) -> None:
    report = export(run, "jsonl", tmp_path / "out.jsonl")
    rows = lines(tmp_path / "out.jsonl")
    assert (report.episodes, report.rows) == (8, 8)
    first = rows[0]
    assert {
        "episode_id", "env_id", "task_id", "seed", "split", "index", "group", "sibling", "reward", "success", "status",
        "stop_reason", "turns", "messages",
    } <= first.keys()  # fmt: skip
    assert (first["env_id"], first["split"], first["index"], first["seed"]) == (ENV_ID, "train", 0, 0)
    assert (first["reward"], first["success"], first["status"]) == (1.0, True, "ok")
    assert first["turns"] == len(first["rewards"]) == len(first["messages"]) // 2
    assert rows == list(flat_rows(EpisodeStore.open(run)))


@pytest.mark.parametrize("to", ["jsonl", "parquet", "sft", "preferences"])
def test_a_masked_episode_is_never_a_zero(to: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(
        [masked("m", sibling=0), replace(masked("n"), sibling=1)],
        to,
        out,
        **({"min_reward": -9} if to == "sft" else {}),
    )
    if to == "parquet":
        rewards = parquet.read_table(out / "data" / "train-00000-of-00001.parquet")["reward"].to_pylist()
    else:
        rewards = [row["reward"] for row in lines(out)]
    assert rewards == ([None, None] if to in ("jsonl", "parquet") else [])


def test_parquet_is_a_hugging_face_dataset(run: Path, tmp_path: Path) -> None:
    out = tmp_path / "dataset"
    assert export(run, "parquet", out).rows == 8
    assert sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()) == [
        "README.md",
        "data/train-00000-of-00001.parquet",
    ]
    card = (out / "README.md").read_text()
    assert card.startswith("---\n")
    assert "  - split: train\n    path: data/train-00000-of-00001.parquet\n" in card.split("---\n")[1]
    rows = parquet.read_table(out / "data" / "train-00000-of-00001.parquet").to_pylist()
    for row, flat in zip(rows, flat_rows(EpisodeStore.open(run)), strict=True):
        assert row | {"config": json.loads(row["config"]), "policy": json.loads(row["policy"])} == flat


def test_parquet_keeps_splits_apart(tmp_path: Path) -> None:
    records = [replace(episode(split), task_id=f"{ENV_ID}/{split}/0") for split in ("test", "train", "test")]
    export(records, "parquet", tmp_path)
    assert sorted(os.listdir(tmp_path / "data")) == ["test-00000-of-00001.parquet", "train-00000-of-00001.parquet"]
    assert parquet.read_table(tmp_path / "data" / "test-00000-of-00001.parquet").num_rows == 2
    assert "split: test" in (tmp_path / "README.md").read_text()


def test_parquet_replaces_what_utf8_cannot_hold(tmp_path: Path) -> None:
    export([episode("e", "a\ud800b")], "parquet", tmp_path)
    table = parquet.read_table(tmp_path / "data" / "train-00000-of-00001.parquet")
    assert table["messages"][0][0]["content"].as_py() == "a\ufffdb"


def test_parquet_without_pyarrow_names_the_extra(run: Path, tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from textgym.episodes import export\n"
        "try: export(sys.argv[1], 'parquet', sys.argv[2])\n"
        "except ImportError as error: print(error)"
    )
    command = [sys.executable, "-c", code, str(run), str(tmp_path / "out")]
    assert "textgym[parquet]" in subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_sft_has_the_successful_conversations_up_to_the_last_action(run: Path, tmp_path: Path) -> None:
    report = export(run, "sft", tmp_path / "sft.jsonl")
    rows = lines(tmp_path / "sft.jsonl")
    assert report.rows == len(rows) == 3
    for row in rows:
        assert row.keys() == {"messages"}
        roles = [message["role"] for message in row["messages"]]
        assert roles == ["user", "assistant"] * (len(roles) // 2)
        assert all(message.keys() == {"role", "content"} for message in row["messages"])


def test_sft_by_reward(run: Path) -> None:
    store = EpisodeStore.open(run)
    assert len(list(sft_rows(store, min_reward=0.5))) == 3
    assert len(list(sft_rows(store, min_reward=0.0))) == 6
    partly = replace(episode(), reward=0.5, outcome=episode().outcome.model_copy(update={"success": False}))
    assert len(list(sft_rows([partly], min_reward=0.5))) == 1
    assert list(sft_rows([partly])) == []


def test_preferences_pair_the_best_and_the_worst_of_a_group(run: Path, tmp_path: Path) -> None:
    assert export(run, "preferences", tmp_path / "pairs.jsonl").rows == 3
    for seed, row in enumerate(lines(tmp_path / "pairs.jsonl")):
        assert (row["chosen_id"], row["rejected_id"]) == (f"{seed}-0", f"{seed}-1")
        assert (row["chosen_reward"], row["rejected_reward"]) == (1.0, 0.0)
        assert [message["role"] for message in row["prompt"]] == ["user"]
        for side in ("chosen", "rejected"):
            assert row[side][0]["role"] == row[side][-1]["role"] == "assistant"


def sibling(number: int, reward: float | None, group: int = 0) -> Episode:
    return replace(episode(f"{group}.{number}"), sibling=number, group=group, reward=reward)


def test_preferences_do_not_depend_on_the_order_of_finishing() -> None:
    group = [sibling(0, 0.5), sibling(1, 1.0), sibling(2, None), sibling(3, 0.0), sibling(4, 1.0), sibling(5, 0.0)]
    for order in (group, group[::-1], group[3:] + group[:3]):
        (pair,) = preference_rows(order, group_size=6)
        assert (pair["chosen_id"], pair["rejected_id"]) == ("0.1", "0.3")


def test_preferences_need_a_difference() -> None:
    assert list(preference_rows([sibling(0, 1.0), sibling(1, 1.0)])) == []
    assert list(preference_rows([sibling(0, 1.0)])) == []
    assert list(preference_rows([sibling(0, 1.0), sibling(1, None)])) == []
    assert list(preference_rows([sibling(0, 1.0), sibling(0, 0.0, group=1)])) == []
    close = [sibling(0, 0.6), sibling(1, 0.5)]
    assert len(list(preference_rows(close))) == 1
    assert list(preference_rows(close, min_gap=0.2)) == []


def test_a_run_that_is_not_complete_gives_the_pairs_that_it_has(tmp_path: Path) -> None:
    with EpisodeStore.create(tmp_path, manifest(group_size=4, episodes=8)) as store:
        store.append(sibling(0, 1.0))
        store.append(sibling(2, 0.0))
    assert export(tmp_path, "preferences", tmp_path / "pairs.jsonl").rows == 1


def many(count: int) -> Iterator[Episode]:
    for number in range(count):
        yield replace(
            episode(f"e{number}", "x" * 50_000), group=number // 2, sibling=number % 2, reward=float(number % 2)
        )


@pytest.mark.parametrize("to", ["jsonl", "sft", "preferences", "parquet"])
def test_memory_does_not_grow_with_the_number_of_episodes(to: str, tmp_path: Path) -> None:
    with EpisodeStore.create(tmp_path / "run", manifest(group_size=2, episodes=500), fsync="never") as store:
        for record in many(500):
            store.append(record)
    tracemalloc.start()
    try:
        assert export(tmp_path / "run", to, tmp_path / "out").episodes == 500
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 15_000_000  # all of them are 25 MB, and a plain list of them more


def test_an_export_that_fails_leaves_the_former_one(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    export([episode("old")], "jsonl", out)

    def broken() -> Iterator[Episode]:
        yield episode("new", "x" * 5_000_000)
        yield episode("newer")
        raise StoreError("the disk is gone")

    for to in ("jsonl", "parquet"):
        with pytest.raises(StoreError):
            export(broken(), to, out if to == "jsonl" else tmp_path / "set")
    assert [row["episode_id"] for row in lines(out)] == ["old"]
    assert not [path for path in tmp_path.rglob("*") if path.suffix == ".new"]


def test_an_export_replaces_the_former_one(tmp_path: Path) -> None:
    for name in ("old", "new"):
        export([episode(name)], "jsonl", tmp_path / "a" / "out.jsonl")
    assert [row["episode_id"] for row in lines(tmp_path / "a" / "out.jsonl")] == ["new"]


def test_wrong_requests_are_refused(run: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="did you mean 'parquet'"):
        export(run, "parket", tmp_path / "x")
    with pytest.raises(ExportError, match="min_reward"):
        export(run, "jsonl", tmp_path / "x", min_reward=1.0)
    with pytest.raises(ExportError, match="min_gap"):
        export(run, "sft", tmp_path / "x", min_gap=1.0)
    with pytest.raises(StoreError, match="holds no run"):
        export(tmp_path / "missing", "jsonl", tmp_path / "x")
    (tmp_path / "file").touch()
    for to in ("jsonl", "parquet"):
        with pytest.raises(ExportError, match="cannot write"):
            export(run, to, tmp_path / "file" / "below")
    with pytest.raises(ExportError, match="is a directory; the format 'jsonl' is written into a file"):
        export(run, "jsonl", tmp_path)
    with pytest.raises(ExportError, match="is a file; the format 'parquet' is written into a directory"):
        export(run, "parquet", tmp_path / "file")
