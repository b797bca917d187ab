"""`Text`: the space of observations and actions, for any Unicode text up to a length."""

import string
from collections.abc import Iterator, Sequence
from ctypes import c_uint32
from typing import Any, overload

import numpy as np
from gymnasium import spaces
from gymnasium.vector.utils import batch_space, concatenate, create_empty_array, iterate
from gymnasium.vector.utils.shared_memory import (
    create_shared_memory,
    read_from_shared_memory,
    write_to_shared_memory,
)

_PRINTABLE = string.digits + string.ascii_letters + string.punctuation + " \n"
_BEYOND_ASCII = "éßñЖאع中日한🙂\u200b\u0301"
_TEMPLATE = spaces.Text(1, charset=_PRINTABLE)
_SAMPLE_LENGTH = 64


class Text(spaces.Text):
    """All strings of at most `max_length` characters, whatever the characters.

    Gymnasium's own `Text` admits a finite character set, and checks membership character by character; here membership
    costs two comparisons whatever the length. `sample` draws short printable text with some characters beyond ASCII.

    Args:
        max_length: the longest text, in characters (Unicode code points).
        seed: seed of `sample`.
    """

    def __init__(self, max_length: int, *, seed: int | np.random.Generator | None = None) -> None:
        if max_length < 1:
            raise ValueError(f"max_length must be at least 1, not {max_length}")
        self.min_length = 0
        self.max_length = int(max_length)
        # The parent's properties (`characters`, `character_set`, ...) answer from these, shared by all instances.
        self._char_set = _TEMPLATE._char_set
        self._char_list = _TEMPLATE._char_list
        self._char_index = _TEMPLATE._char_index
        self._char_str = _TEMPLATE._char_str
        spaces.Space.__init__(self, dtype=str, seed=seed)

    def contains(self, x: Any) -> bool:
        """Whether `x` is a string within the length; O(1)."""
        return isinstance(x, str) and len(x) <= self.max_length

    def sample(self, mask: None = None, probability: None = None) -> str:  # type: ignore[override]
        """A random text of at most 64 characters; masks and probabilities have no meaning for any-Unicode text."""
        if mask is not None or probability is not None:
            raise ValueError("textgym.Text samples from all of Unicode and takes neither mask nor probability")
        rng = self.np_random
        alphabet = _PRINTABLE + _BEYOND_ASCII
        length = int(rng.integers(0, min(self.max_length, _SAMPLE_LENGTH) + 1))
        return "".join(alphabet[i] for i in rng.integers(0, len(alphabet), size=length))

    @property
    def is_np_flattenable(self) -> bool:
        """False: text of any characters has no numeric form."""
        return False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and self.max_length == other.max_length

    def __hash__(self) -> int:
        return hash((Text, self.max_length))

    def __repr__(self) -> str:
        return f"Text(max_length={self.max_length})"

    def __deepcopy__(self, memo: dict[int, Any]) -> "Text":
        twin = Text(self.max_length)
        if self._np_random is not None:
            twin._np_random = np.random.Generator(type(self._np_random.bit_generator)())
            twin._np_random.bit_generator.state = self._np_random.bit_generator.state
        return twin


class TextBatch(spaces.Tuple):  # type: ignore[type-arg]
    """The space of a batch: a tuple of texts, one from each of `n` equal `Text` spaces."""


@batch_space.register(Text)
def _batch_text(space: Text, n: int = 1) -> TextBatch:
    return TextBatch([Text(space.max_length) for _ in range(n)])


@iterate.register(TextBatch)
def _iterate_texts(space: TextBatch, items: Any) -> Iterator[str]:  # type: ignore[misc]
    return iter(items)


@concatenate.register(Text)
def _concatenate_text(space: Text, items: Any, out: Any) -> tuple[str, ...]:
    return tuple(items)


@create_empty_array.register(Text)
def _empty_text(space: Text, n: int = 1, fn: Any = np.zeros) -> tuple[str, ...]:
    return ("",) * n


# In shared memory a text is a row of 32-bit words: its length, then its code points. Gymnasium's own codec would drop
# every character outside the space's character set.


@create_shared_memory.register(Text)
def _create_shared_text(space: Text, n: int = 1, ctx: Any = None) -> Any:
    return ctx.Array(c_uint32, n * (space.max_length + 1))


def _rows(space: Text, shared_memory: Any) -> np.ndarray[Any, np.dtype[np.uint32]]:
    return np.frombuffer(shared_memory.get_obj(), dtype=np.uint32).reshape(-1, space.max_length + 1)


class SharedTexts(Sequence[str]):
    """The texts that are in shared memory now; `copy.deepcopy` gives them as a tuple of their own.

    Gymnasium reads from shared memory once, when it makes a vector environment, and takes what it got for a view: right
    for arrays, while a tuple of strings would stay as empty as it was then.
    """

    def __init__(self, rows: np.ndarray[Any, np.dtype[np.uint32]]) -> None:
        self._rows = rows

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        if isinstance(index, slice):
            return tuple(self)[index]
        row = self._rows[index]
        codes: bytes = row[1 : 1 + int(row[0])].tobytes()
        return codes.decode("utf-32-le", "surrogatepass")

    def __len__(self) -> int:
        return len(self._rows)

    def __deepcopy__(self, memo: dict[int, Any]) -> tuple[str, ...]:
        return tuple(self)

    def __repr__(self) -> str:
        return repr(tuple(self))


@read_from_shared_memory.register(Text)
def _read_shared_text(space: Text, shared_memory: Any, n: int = 1) -> SharedTexts:
    return SharedTexts(_rows(space, shared_memory)[:n])


@write_to_shared_memory.register(Text)
def _write_shared_text(space: Text, index: int, value: str, shared_memory: Any) -> None:
    row = _rows(space, shared_memory)[index]
    row[0] = len(value)
    row[1 : 1 + len(value)] = np.frombuffer(value.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
