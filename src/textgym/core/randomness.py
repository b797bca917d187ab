"""Private randomness: the same key gives the same numbers on every machine, beside any neighbour, in any order.

Nothing in textgym reads the global generators of `random` or `numpy`. A generator is a pure function of a key, the key a
pure function of what it is for (a task, a turn, a sibling of a group), and so no generator state has to be carried
through snapshots: the state is the key.
"""

import random
from collections.abc import Callable, Iterable, MutableSequence, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

if TYPE_CHECKING:
    from fractions import Fraction

    from _typeshed import SupportsLenAndGetItem

_T = TypeVar("_T")

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)

_BLOCK_BITS = 512
_FIRST = bytes(8)
_number = int.from_bytes
_FLOAT_BITS = 53
_FLOAT_MASK = (1 << _FLOAT_BITS) - 1
_UNIT = 2.0**-_FLOAT_BITS
_SHORT = 64
_SMALL_POOL = 21
_DIGIT_BITS = 60  # up to there, integers are computed with fast


class RedrawError(Exception):
    """Raised in `TextEnv.generate` to give up on a draw that makes no good task; the framework makes the next one."""


class OtherSplitError(RedrawError):
    """Raised by `Random.claim` to give up early on a task whose family belongs to another split."""


class Random(random.Random):
    """A `random.Random` whose numbers come from BLAKE2b in counter mode over a key.

    Every method of `random.Random` works. Starting one costs a hash instead of the 624 words of the Mersenne Twister, the
    numbers do not depend on the Python version's seeding, and independent streams come from different keys.

    Args:
        key: any bytes; see `derive_key`.

    Attributes:
        split: the split to which the family of the task being generated has to belong; None for any. A generator with few
            families can draw among those (`of_split` finds them), and no draw is in vain.
    """

    _key: bytes
    _counter: int
    _bits: int
    _left: int
    split: str | None
    _claimed: str | None

    def __new__(cls, key: bytes = b"") -> "Random":
        return super().__new__(cls, 0)  # type: ignore[call-arg]  # spares the parent's seeding from the operating system

    def __init__(self, key: bytes = b"") -> None:
        self.restart(key)

    def restart(self, key: bytes, split: str | None = None) -> None:
        """Start the stream of `key` from its beginning; the framework re-uses generator objects through this.

        Args:
            key: any bytes.
            split: the split that `claim` insists on; None for any.
        """
        self._key = key
        self._bits = _number(blake2b(key + _FIRST).digest(), "little")  # for most tasks the only block
        self._counter = 1
        self._left = _BLOCK_BITS
        self.split = split
        self._claimed = None
        self.gauss_next = None

    def claim(self, family: str) -> str:
        """Declare the family of the task being generated as soon as it is known, and return it.

        Splits are disjoint by family. A generator that draws the family first and the costly rest afterwards calls
        this between the two, and the framework tries the next draw at once when the family belongs to another split.
        """
        if self.split is not None and split_of(family) != self.split:
            raise OtherSplitError(family)
        self._claimed = family
        return family

    def getrandbits(self, k: int, /) -> int:
        """`k` random bits as an integer."""
        if k > self._left:
            self._refill(k)
        bits = self._bits
        self._bits = bits >> k
        self._left -= k
        return bits & ((1 << k) - 1)

    def _refill(self, k: int) -> None:
        key, counter, left = self._key, self._counter, self._left
        if k <= left + _BLOCK_BITS:  # nearly always
            block = blake2b(key + counter.to_bytes(8, "little")).digest()
            self._bits |= _number(block, "little") << left
            self._counter, self._left = counter + 1, left + _BLOCK_BITS
            return
        # The many blocks of a long draw are joined before they become a number, in linear time.
        self._counter = end = counter + 1 + (k - left - 1) // _BLOCK_BITS
        blocks = b"".join([blake2b(key + i.to_bytes(8, "little")).digest() for i in range(counter, end)])
        self._bits |= _number(blocks, "little") << left
        self._left = left + (end - counter) * _BLOCK_BITS

    # What is drawn most is spelled out below: the parent's numbers with fewer calls on the way.

    def _randbelow(self, n: int) -> int:
        k = n.bit_length()
        while True:  # `getrandbits`, spelled out
            if k > self._left:
                self._refill(k)
            bits = self._bits
            self._bits = bits >> k
            self._left -= k
            number = bits & ((1 << k) - 1)
            if number < n:
                return number

    def randint(self, a: int, b: int) -> int:
        """A whole number from `a` to `b`, both included."""
        if b < a:
            raise ValueError(f"there is no whole number from {a} to {b}")
        count = b - a + 1
        k = count.bit_length()
        while True:  # `_randbelow`, spelled out
            if k > self._left:
                self._refill(k)
            bits = self._bits
            self._bits = bits >> k
            self._left -= k
            number = bits & ((1 << k) - 1)
            if number < count:
                return a + number

    def choice(self, seq: "SupportsLenAndGetItem[_T]") -> _T:
        """One element of a sequence that is not empty."""
        size = len(seq)
        if not size:
            raise IndexError("cannot choose from an empty sequence")
        k = size.bit_length()
        while True:  # `_randbelow`, spelled out
            if k > self._left:
                self._refill(k)
            bits = self._bits
            self._bits = bits >> k
            self._left -= k
            place = bits & ((1 << k) - 1)
            if place < size:
                return seq[place]

    def each_below(self, bounds: Iterable[int]) -> list[int]:
        """A number below each bound: those that `_randbelow` would give one after another, for half the time."""
        numbers: list[int] = []
        bits, left = self._bits, self._left
        for bound in bounds:
            k = bound.bit_length()
            number = bound
            while number >= bound:
                if k > left:
                    self._bits, self._left = bits, left
                    self._refill(k)
                    bits, left = self._bits, self._left
                number = bits & ((1 << k) - 1)
                bits >>= k
                left -= k
            numbers.append(number)
        self._bits, self._left = bits, left
        return numbers

    def _all_below(self, bound: int, count: int) -> list[int]:
        """`each_below` for one bound."""
        numbers: list[int] = []
        bits, left, k = self._bits, self._left, bound.bit_length()
        mask = (1 << k) - 1
        while len(numbers) < count:
            if k > left:
                self._bits, self._left = bits, left
                self._refill(k)
                bits, left = self._bits, self._left
            number = bits & mask
            bits >>= k
            left -= k
            if number < bound:
                numbers.append(number)
        self._bits, self._left = bits, left
        return numbers

    def several_below(self, bound: int, count: int) -> list[int]:
        """So many whole numbers from 0 to below a bound, all from one draw: for few and small ones, half as costly as `choices`."""
        if count * bound.bit_length() > _DIGIT_BITS:
            return self.each_below([bound] * count)
        drawn = self._randbelow(bound**count)
        numbers = []
        for _ in range(count):
            numbers.append(drawn % bound)
            drawn //= bound
        return numbers

    def choices(
        self,
        population: "SupportsLenAndGetItem[_T]",
        weights: "Sequence[float | Fraction] | None" = None,
        *,
        cum_weights: "Sequence[float | Fraction] | None" = None,
        k: int = 1,
    ) -> list[_T]:
        """`k` elements, each drawn from all; without weights, those that `choice` would give one after another."""
        if weights is not None or cum_weights is not None:
            return super().choices(population, weights, cum_weights=cum_weights, k=k)
        size = len(population)
        if not size and k > 0:
            raise IndexError("cannot choose from an empty sequence")
        return [population[place] for place in self._all_below(size, k)]

    def sample(self, population: Sequence[_T], k: int, *, counts: Iterable[int] | None = None) -> list[_T]:
        """`k` different elements, in random order."""
        size = len(population)
        # The parent draws few out of many in another way, and knows what to say to whatever is wrong.
        pooled = size <= _SMALL_POOL or (k > 5 and size <= _SMALL_POOL + 3 * k)
        if not pooled or counts is not None or not 0 <= k <= size or not isinstance(population, Sequence):
            return super().sample(population, k, counts=counts)
        pool = list(population)
        drawn = []
        for last, place in zip(range(size - 1, -1, -1), self.each_below(range(size, size - k, -1)), strict=False):
            drawn.append(pool[place])
            pool[place] = pool[last]
        return drawn

    def shuffle(self, x: MutableSequence[Any]) -> None:
        """Bring a list into random order, in place."""
        last = len(x) - 1
        for place in self.each_below(range(last + 1, 1, -1)):
            x[last], x[place] = x[place], x[last]
            last -= 1

    def random(self) -> float:
        """A float in [0, 1) with 53 random bits."""
        if self._left < _FLOAT_BITS:
            self._refill(_FLOAT_BITS)
        bits = self._bits
        self._bits = bits >> _FLOAT_BITS
        self._left -= _FLOAT_BITS
        return (bits & _FLOAT_MASK) * _UNIT

    def seed(self, a: Any = None, version: int = 2) -> None:
        """Restart from the key of `a`. Unlike the standard library's, it never reads the clock or the system."""
        if hasattr(self, "_key"):
            self.restart(derive_key("seed", ascii(a)))

    def getstate(self) -> tuple[Any, ...]:
        """The whole state as plain values: key, counter, unused bits and their number."""
        return (self._key, self._counter, self._bits, self._left, self.gauss_next)

    def setstate(self, state: tuple[Any, ...]) -> None:
        """Go back to a state that `getstate` returned."""
        self._key, self._counter, self._bits, self._left, self.gauss_next = state
        self.split = self._claimed = None

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (self.getstate(),))

    def __deepcopy__(self, memo: dict[int, Any]) -> "Random":
        return _rebuild(self.getstate())

    def __copy__(self) -> "Random":
        return _rebuild(self.getstate())


def _rebuild(state: tuple[Any, ...]) -> Random:
    rng = Random()
    rng.setstate(state)
    return rng


def derive_key(*parts: str | int) -> bytes:
    """A 32-byte key for these parts; parts that differ as text, or are cut differently, give independent streams."""
    texts = [str(part) for part in parts]
    whole = "".join([f"{len(text)}:{text}" for text in texts])
    return blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=32).digest()


def split_of(family: str) -> Split:
    """The split that a family belongs to: eight tenths train, one tenth validation, one tenth test."""
    return _split_of_short(family) if len(family) <= _SHORT else _split_of(family)


def _split_of(family: str) -> Split:
    bucket = int.from_bytes(blake2b(family.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little") % 10
    return "train" if bucket < 8 else "validation" if bucket == 8 else "test"


_split_of_short = lru_cache(4096)(_split_of)  # the families of most environments are few, and asked for again and again


def of_split(options: Iterable[_T], split: str | None, family: Callable[[_T], str]) -> list[_T]:
    """Those options whose families belong to a split, so that a generator with few of them never draws in vain.

    Args:
        options: what is drawn from.
        split: as in `Random.split`; None for any.
        family: the family of an option.

    Returns:
        The options of the split, in their order; all where it has none, and the framework then says so.
    """
    found = list(options)
    return [one for one in found if split is None or split_of(family(one)) == split] or found


def check_split(split: object) -> Split:
    """`split` itself if it names one of the three splits; otherwise `ValueError` that lists them."""
    if split == "train":  # asked for at every reset, and nearly always so
        return "train"
    for name in SPLITS:
        if split == name:
            return name
    raise ValueError(f"split must be one of {', '.join(SPLITS)}, not {split!r}")
