"""Fresh names for tests, in the words of the suite itself: by its name no test tells whether it is one of the suite's own."""

import re
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping

from textgym.envs.code.repair.suites import SuiteTest

_WORD = re.compile(rb"[A-Za-z0-9_]+")
_TEST = re.compile(rb"\btest_[A-Za-z0-9_]*")
_SPARE_WORDS = ("value", "result", "empty", "simple", "basic", "order", "nested", "default", "error", "round", "input")


class FreshNames:
    """Names that nothing else in a suite has, drawn anew for each verdict.

    They are drawn from the system's randomness: what tested code could work out would be no secret.
    """

    def __init__(self, tests: Iterable[str]) -> None:
        """Args: ids of the suite's tests, whose words are used."""
        taken = {SuiteTest.parse(test).function for test in tests}
        words = {word for name in taken for word in name.split("_") if word.isalpha() and word != "test"}
        self._words = sorted(words | set(_SPARE_WORDS))
        self._taken = taken

    def word(self) -> str:
        """A word of the suite."""
        return secrets.choice(self._words)

    def function(self) -> str:
        """The name of a test function."""
        while True:
            name = "_".join(["test", *(self.word() for _ in range(2 + secrets.randbelow(3)))])
            if secrets.randbelow(4) == 0:
                name += f"_{1 + secrets.randbelow(99)}"
            if name not in self._taken:
                self._taken.add(name)
                return name

    def module(self) -> str:
        """The name of a test module."""
        return f"{self.function()}.py"


def renamable(files: Mapping[str, bytes], tests: Iterable[str]) -> list[str]:
    """Test functions whose names are written once in all of a suite, so that nothing else refers to them."""
    counts: Counter[bytes] = Counter()
    for data in files.values():
        counts.update(_WORD.findall(data))
    names = sorted({SuiteTest.parse(test).function for test in tests})
    return [name for name in names if counts[name.encode()] == 1 and _TEST.fullmatch(name.encode())]


def rename(data: bytes, names: Mapping[bytes, bytes]) -> bytes:
    """A file in which test functions have other names."""
    return _TEST.sub(lambda found: names.get(found[0], found[0]), data)
