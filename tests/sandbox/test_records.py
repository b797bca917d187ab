"""The result channel is read strictly: exactly the records asked for, in order, or the reader says what is wrong."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.sandbox.driver import MAGIC, RECORD
from textgym.sandbox.records import Record, Records, read_records


def record(number, payload, magic=MAGIC, length=None):
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return RECORD.pack(magic, number, len(data) if length is None else length) + data


def test_records_in_order_are_read():
    data = (
        record(0, ["value", {"tuple": [1, None]}])
        + record(1, ["raised", "KeyError", "'a'"])
        + record(2, ["refused", "no"])
    )
    assert read_records(data, 3) == Records(
        (
            Record("value", (1, None), '{"tuple":[1,null]}'),
            Record("raised", None, "KeyError: 'a'", "KeyError"),
            Record("refused", None, "no"),
        )
    )


GOOD = record(0, ["value", 1])


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "0 records for 2"),
        (GOOD, "1 records for 2"),
        (GOOD + b"\0", "1 records for 2"),
        (GOOD + record(1, ["value", 2]) + b"\0", "1 bytes follow"),
        (GOOD + GOOD, "out of order"),
        (record(1, ["value", 1]) + GOOD, "out of order"),
        (GOOD + record(1, ["value", 2], magic=b"TGR2"), "out of order or none"),
        (GOOD + record(1, ["value", 2])[:-1], "cut off"),
        (GOOD + record(1, ["value", 2], length=2**32 - 1), "cut off"),
        (GOOD + record(1, b""), "malformed"),
        (GOOD + record(1, b"[" * 10_000), "malformed"),
        (GOOD + record(1, b"\xff"), "malformed"),
        (GOOD + record(1, '["value", "ü"]'.encode()), "malformed"),
        (GOOD + record(1, ["value"]), "malformed"),
        (GOOD + record(1, ["value", 1, 2]), "malformed"),
        (GOOD + record(1, ["passed", 1]), "malformed"),
        (GOOD + record(1, ["raised", 5, ""]), "malformed"),
        (GOOD + record(1, ["raised", "KeyError"]), "malformed"),
        (GOOD + record(1, {"tuple": ["value", 1]}), "malformed"),
        (GOOD + record(1, b'["value", ' + b"[" * 100 + b"]" * 100 + b"]"), "deeper"),
        (GOOD + record(1, b'["value", NaN]'), "malformed"),
    ],
)
def test_anything_else_is_named(data, problem):
    records = read_records(data, 2)
    assert problem in records.problem
    assert len(records.read) <= 2


@given(st.binary(max_size=200), st.integers(0, 5))
def test_no_bytes_upset_the_reader(data, count):
    records = read_records(data, count)
    assert len(records.read) <= count
    assert records.problem or len(records.read) == count


@given(st.lists(st.binary(max_size=30).map(lambda data: b'["value",' + data + b"]"), max_size=4))
def test_no_payload_upsets_the_reader(payloads):
    data = b"".join(record(number, payload) for number, payload in enumerate(payloads))
    records = read_records(data, len(payloads))
    assert records.problem or len(records.read) == len(payloads)


def test_what_is_shown_of_a_value_is_cut_short():
    (only,) = read_records(record(0, ["value", "x" * 100_000]), 1).read
    assert only.value == "x" * 100_000
    assert len(only.words) <= 300
