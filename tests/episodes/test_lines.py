"""Lines with checksums."""

import io
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.episodes import DamagedRecordWarning, RecordError
from textgym.episodes.lines import episode_id_of, is_whole, seal, unseal, whole_lines

names = st.text(st.characters(), min_size=1, max_size=20)
records = st.dictionaries(names, st.text() | st.integers() | st.none(), min_size=1, max_size=4).filter(
    lambda record: "crc" not in record
)


@given(records)
def test_a_line_is_plain_json_with_a_checksum(record: dict[str, object]) -> None:
    line = seal(record)
    assert is_whole(line)
    assert unseal(line) == record
    assert {key: value for key, value in json.loads(line).items() if key != "crc"} == record


@given(records, st.data())
def test_a_changed_byte_is_noticed(record: dict[str, object], data: st.DataObject) -> None:
    line = bytearray(seal(record))
    line[data.draw(st.integers(0, len(line) - 1))] ^= data.draw(st.integers(1, 255))
    assert not is_whole(bytes(line))


@given(st.binary(max_size=60))
def test_no_bytes_are_mistaken_for_a_line(garbage: bytes) -> None:
    assert not is_whole(garbage)
    assert list(whole_lines(io.BytesIO(garbage.replace(b"\n", b"") + b"\n"), "garbage")) == []


@given(st.text(st.characters()))
def test_the_id_is_found_without_reading_the_record(name: str) -> None:
    assert episode_id_of(seal({"episode_id": name, "reward": 1.0})) == name
    assert episode_id_of(seal({"reward": 1.0, "episode_id": name})) == name


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_refused_with_its_place(number: float) -> None:
    with pytest.raises(RecordError, match=r"turns\[1\]\.info\.loss is not a finite number"):
        seal({"turns": [{}, {"info": {"fine": 1.0, "loss": number}}]})


def test_a_lone_surrogate_survives() -> None:
    assert unseal(seal({"text": "a\ud800é"})) == {"text": "a\ud800é"}


def test_damage_in_the_middle_is_passed_over_with_a_warning() -> None:
    lines = [seal({"episode_id": f"e{number}"}) for number in range(4)]
    lines[1] = lines[1].replace(b"e1", b"eX")
    with pytest.warns(DamagedRecordWarning, match="damaged line 2 passed over"):
        found = [episode_id_of(line) for _, line in whole_lines(io.BytesIO(b"".join(lines)), "file")]
    assert found == ["e0", "e2", "e3"]


def test_a_line_that_is_just_being_written_ends_the_reading() -> None:
    lines = [seal({"episode_id": f"e{number}"}) for number in range(3)]
    growing = [lines[0], lines[1][:9], lines[1][9:], lines[2]]  # what a reader gets while the file grows under it
    assert [line for _, line in whole_lines(growing, "file")] == lines[:1]
