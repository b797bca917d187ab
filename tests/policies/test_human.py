"""A person at the terminal, played through pipes, files and streams."""

import asyncio
import io
import os

import pytest
from rich.console import Console

from support.turns import turn
from textgym.policies import Human


def person(source, screen=None):
    return Human(source, Console(file=screen or io.StringIO(), width=100, highlight=False, markup=False))


def answers(policy, count, observation="Guess."):
    async def play():
        return [await policy.answer(turn(observation)) for _ in range(count)]

    return asyncio.run(play())


@pytest.fixture(params=["stream", "pipe", "file"])
def typed(request, tmp_path):
    """Makes an input that holds what a person types, as a stream, a pipe or a file."""
    opened = []

    def make(text):
        if request.param == "stream":
            return io.StringIO(text)
        if request.param == "file":
            path = tmp_path / "typed"
            path.write_text(text)
            opened.append(path.open())
        else:
            read, write = os.pipe()
            os.write(write, text.encode())
            os.close(write)
            opened.append(os.fdopen(read))
        return opened[-1]

    yield make
    for stream in opened:
        stream.close()


def test_a_line_is_an_answer(typed):
    assert answers(person(typed("42\n\n  spaced \nlast")), 4) == ["42", "", "  spaced ", "last"]


def test_the_end_of_the_input_ends_the_episode(typed):
    assert answers(person(typed("42\n")), 3) == ["42", None, None]


def test_quit_ends_the_episode_and_the_next_one_goes_on(typed):
    assert answers(person(typed(":quit\n7\n")), 2) == [None, "7"]


def test_a_block_is_one_answer(typed):
    text = '"""\nfirst\n\n:quit\n"""\nnext\n'
    assert answers(person(typed(text)), 2) == ["first\n\n:quit", "next"]


def test_a_block_without_an_end_is_no_answer(typed):
    assert answers(person(typed('"""\nhalf')), 1) == [None]


def test_letters_split_between_two_reads_arrive_whole():
    read, write = os.pipe()

    async def play():
        policy = person(source)
        pending = asyncio.create_task(policy.answer(turn("Guess.")))
        for byte in "Zürich ☃\n".encode():
            os.write(write, bytes([byte]))
            await asyncio.sleep(0)
        return await pending

    with os.fdopen(read) as source:
        assert asyncio.run(play()) == "Zürich ☃"
    os.close(write)


def test_waiting_for_a_person_blocks_nobody_and_can_be_cancelled():
    read, write = os.pipe()

    async def play():
        pending = asyncio.create_task(person(source).answer(turn("Guess.")))
        await asyncio.sleep(0.01)
        assert not pending.done()
        pending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await pending

    with os.fdopen(read) as source:
        asyncio.run(play())
    os.close(write)


def test_episodes_are_shown_one_after_the_other():
    screen = io.StringIO()
    read, write = os.pipe()

    async def play():
        policy = person(source, screen)
        both = [asyncio.create_task(policy.answer(turn(text))) for text in ("FIRST", "SECOND")]
        await asyncio.sleep(0.01)
        assert "FIRST" in screen.getvalue()
        assert "SECOND" not in screen.getvalue()
        os.write(write, b"one\ntwo\n")
        return await asyncio.gather(*both)

    with os.fdopen(read) as source:
        assert asyncio.run(play()) == ["one", "two"]
    os.close(write)


def test_one_person_serves_several_loops():
    policy = person(io.StringIO("a\nb\n"))
    assert answers(policy, 1) == ["a"]
    assert answers(policy, 1) == ["b"]


def test_the_screen_shows_task_turn_observation_and_how_to_answer():
    screen = io.StringIO()
    answers(person(io.StringIO("1\n"), screen), 1, "A [bold]question[/bold]?")
    for part in ("Sum-v0/train/0", "turn 1", "A [bold]question[/bold]?", ":quit", '"""'):
        assert part in screen.getvalue()


def test_an_observation_cannot_steer_the_terminal():
    screen = io.StringIO()
    answers(person(io.StringIO("1\n"), screen), 1, "\x1b[2J\x1b]0;title\x07 \u202e\r gone \x9b2J")
    assert not any(c in screen.getvalue() for c in "\x1b\x07\r\u202e\x9b")
    assert "\\x1b[2J" in screen.getvalue()
