"""`SeedStream`: which task comes next when `reset` is called without a seed."""

import secrets
from hashlib import blake2b
from struct import Struct

_NUMBERS = Struct("<16I")  # one hash gives so many seeds
_BLOCK = 16


class SeedStream:
    """The stream of seeds of one environment: the seed given last, then numbers that follow from it.

    The n-th reset after `reset(seed=s)` draws a function of (s, n), so the whole sequence repeats, and what comes next
    can be known ahead (`ahead`) and prepared.
    """

    __slots__ = ("_block", "resets", "seed")

    def __init__(self) -> None:
        self.seed: int | None = None
        self.resets = 0
        self._block: tuple[int, int, tuple[int, ...]] | None = None

    def draw(self, seed: int | None = None) -> int:
        """The seed of the next reset; a given seed starts the stream anew."""
        if seed is not None:
            self.seed, self.resets = seed, 1
            return seed
        if self.seed is None:
            self.seed = secrets.randbits(31)
        resets = self.resets
        self.resets = resets + 1
        return self._follow(self.seed, resets)

    def ahead(self, count: int) -> list[int]:
        """What the next `count` calls of `draw()` will return."""
        if self.seed is None:
            self.seed = secrets.randbits(31)
        return [self._follow(self.seed, self.resets + i) for i in range(count)]

    def _follow(self, seed: int, resets: int) -> int:
        number, place = divmod(resets, _BLOCK)
        block = self._block
        if block is None or block[0] != number or block[1] != seed:
            digest = blake2b(f"reset {seed} {number}".encode()).digest()
            self._block = block = (number, seed, _NUMBERS.unpack(digest))
        return block[2][place]
