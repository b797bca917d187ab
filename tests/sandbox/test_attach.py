"""The stream of an attached container, taken apart whatever way it arrives in."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.sandbox import SandboxLostError
from textgym.sandbox.attach import AttachTransport

Pair = tuple[AttachTransport, socket.socket, list[str]]


@contextlib.contextmanager
def _pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    ended: list[str] = []
    transport = AttachTransport(ours, lambda: ended.append("ended"))
    try:
        yield transport, theirs, ended
    finally:
        transport.kill()
        theirs.close()


def _frame(stream: int, data: bytes) -> bytes:
    return struct.pack("!BxxxI", stream, len(data)) + data


@given(st.lists(st.tuples(st.sampled_from([1, 2]), st.binary(max_size=40)), max_size=20), st.data())
def test_stdout_comes_through_whole_in_whatever_pieces(frames: list[tuple[int, bytes]], data: st.DataObject) -> None:
    stream = b"".join(_frame(*frame) for frame in frames)
    expected = b"".join(payload for kind, payload in frames if kind == 1)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=5)))
    with _pair() as (transport, theirs, _):
        got = b""
        for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
            theirs.sendall(stream[start:end])
        while len(got) < len(expected):
            count = data.draw(st.integers(1, len(expected) - len(got)))
            got += transport.receive(count, 5)
    assert got == expected


def test_the_last_words_of_a_sandbox_are_in_the_error() -> None:
    with _pair() as (transport, theirs, _):
        theirs.sendall(_frame(1, b"half") + _frame(2, b"out of luck"))
        theirs.close()
        with pytest.raises(SandboxLostError, match=r"ended.*out of luck") as raised:
            transport.receive(5, 5)
        assert raised.value.stderr == b"out of luck"


def test_silence_ends_at_its_timeout() -> None:
    with _pair() as (transport, theirs, _):
        theirs.sendall(_frame(1, b"half"))
        with pytest.raises(SandboxLostError, match="did not answer within"):
            transport.receive(5, 0.05)


def test_a_stream_that_does_not_exist_is_refused() -> None:
    with _pair() as (transport, theirs, _):
        theirs.sendall(_frame(7, b"x"))
        with pytest.raises(SandboxLostError, match="stream 7"):
            transport.receive(1, 5)


def test_a_killed_transport_ends_its_sandbox_once_and_whoever_waits_for_it() -> None:
    with _pair() as (transport, _, ended):
        seen: list[Exception] = []

        def wait() -> None:
            try:
                transport.receive(1, 60)
            except SandboxLostError as error:
                seen.append(error)

        waiting = threading.Thread(target=wait)
        waiting.start()
        transport.kill()
        transport.kill()
        waiting.join(10)
        assert not waiting.is_alive()
        assert len(seen) == 1
        assert ended == ["ended"]
        with pytest.raises(SandboxLostError):
            transport.send(b"x")
