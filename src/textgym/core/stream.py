"""`SeedStream`: which task comes next when `reset` is called without a seed."""

import secrets
from hashlib import blake2b


class SeedStream:
    """The stream of seeds of one environment: the seed given last, then numbers that follow from it.

    The n-th reset after `reset(seed=s)` draws a function of (s, n), so the whole sequence repeats, and what comes next
    can be known ahead (`ahead`) and prepared.
    """

    __slots__ = ("resets", "seed")

    def __init__(self) -> None:
        self.seed: int | None = None
        self.resets = 0

    def draw(self, seed: int | None = None) -> int:
        """The seed of the next reset; a given seed starts the stream anew."""
        if seed is not None:
            self.seed, self.resets = seed, 1
            return seed
        if self.seed is None:
            self.seed = secrets.randbits(31)
        self.resets += 1
        return _follow(self.seed, self.resets - 1)

    def ahead(self, count: int) -> list[int]:
        """What the next `count` calls of `draw()` will return."""
        if self.seed is None:
            self.seed = secrets.randbits(31)
        return [_follow(self.seed, self.resets + i) for i in range(count)]


def _follow(seed: int, resets: int) -> int:
    return int.from_bytes(blake2b(f"reset {seed} {resets}".encode(), digest_size=4).digest(), "little")
