"""What an answer must look like: the same as the one that is right, or of the form that a scorer may be asked about."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from textgym.actions.bounded_json import JsonError, load_json
from textgym.graders.primitives.numerals import read_number

LONGEST = 20_000
"""Characters of an answer that are looked at; the longest right ones have about 8,000."""

_AROUND = re.compile(r"[ \t]*([,()\[\]])[ \t]*")
_BUTTONS = re.compile(r"[A-C](?: ?→ ?[A-C]){0,199}")
_LETTERS = re.compile(r"[A-Z]=[0-9](?:, ?[A-Z]=[0-9]){0,25}")
_CELLS = re.compile(r"[01](?: [01])*(?:\n[01](?: [01])*)*")
_WORD = re.compile(r"[a-z]{1,500}")
_POUR = re.compile(r"(?:fill|empty) [A-Z]|pour [A-Z]->[A-Z]")
_STEPS = re.compile(r"(?:left|right|up|down)(?: (?:left|right|up|down)){0,999}")
_PUSHES = re.compile(r"[UDLR]{1,2000}")
_DISK = re.compile(r"Move disk ([1-9][0-9]?) from Peg ([1-9]) to Peg ([1-9])")
_MOST_WORDS = 5_000


def same(right: str, answer: str) -> bool:
    """Whether an answer is the right one, white space at the ends of lines and around commas and brackets apart.

    Two texts that are numbers are the same where the numbers are equal, exactly: 12.50 is 12.5.
    """
    if len(answer) > LONGEST:
        return False
    if _plain(right) == _plain(answer):
        return True
    number = read_number(right)
    return number is not None and number == read_number(answer)


def _plain(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return _AROUND.sub(r"\1", "\n".join(line for line in lines if line))


def of_the_form(dataset: str, answer: str, entry: Mapping[str, Any]) -> bool:
    """Whether an answer is written as the task asks for, and as nothing else: their scorers would pass over the rest."""
    return len(answer) <= LONGEST and _FORMS[dataset](answer, entry["metadata"])


def _matches(pattern: re.Pattern[str]) -> Callable[[str, Mapping[str, Any]], bool]:
    return lambda answer, metadata: pattern.fullmatch(answer) is not None


def _list(answer: str) -> list[Any] | None:
    try:
        found = load_json(answer)
    except JsonError:
        return None
    return found if isinstance(found, list) else None


def _pours(answer: str, metadata: Mapping[str, Any]) -> bool:
    moves = _list(answer)
    return bool(moves) and all(isinstance(move, str) and _POUR.fullmatch(move) for move in moves or ())


def _lists_of_words(answer: str, metadata: Mapping[str, Any]) -> bool:
    lists = _list(answer)
    if not lists or not all(isinstance(words, list) and words for words in lists):
        return False
    if len({json.dumps(words) for words in lists}) < len(lists):  # a set would pass over what is there twice
        return False
    words = [word for words in lists for word in words]
    return len(words) <= _MOST_WORDS and all(isinstance(word, str) for word in words)


def _hanoi(answer: str, metadata: Mapping[str, Any]) -> bool:
    lines = answer.splitlines()
    for line in lines:
        move = _DISK.fullmatch(line.strip())
        if (
            move is None
            or int(move[1]) > metadata["num_disks"]
            or max(int(move[2]), int(move[3])) > metadata["num_pegs"]
        ):
            return False
    return bool(lines)


_FORMS: dict[str, Callable[[str, Mapping[str, Any]], bool]] = {
    "cryptarithm": _matches(_LETTERS),
    "group_anagrams": _lists_of_words,
    "jugs": _pours,
    "kakurasu": _matches(_CELLS),
    "palindrome_generation": _matches(_WORD),
    "palindrome_partitioning": _lists_of_words,
    "quantum_lock": _matches(_BUTTONS),
    "shortest_path": _matches(_STEPS),
    "sokoban": _matches(_PUSHES),
    "tower_of_hanoi": _hanoi,
}
