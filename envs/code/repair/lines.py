"""Which lines of a text were changed, exactly where that takes little time, and in bounded time whatever the texts are.

Lines that are there once on both sides anchor the comparison (Bram Cohen's patience diff), so that two small changes far
apart in a long file are two small changes. `difflib` alone either takes quadratic time or, with its default heuristic,
calls every repeated line of a long file changed.
"""

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

Opcode = tuple[str, int, int, int, int]
"""As in `difflib`: `equal`, `replace`, `delete` or `insert`, then the lines' places on both sides."""

_WORK = 250_000


def opcodes(old: Sequence[str], new: Sequence[str]) -> list[Opcode]:
    """How `new` is made of `old`. A stretch that is too long to be compared counts as replaced."""
    found: list[Opcode] = []
    work = _WORK
    at_old = at_new = 0
    head, tail = _same_ends(old, new)
    anchors = _anchors(old[head : len(old) - tail], new[head : len(new) - tail])
    for i, j in [*((head + i, head + j) for i, j in anchors), (len(old), len(new))]:
        first, last = _same_ends(old[at_old:i], new[at_new:j])
        a, b = old[at_old + first : i - last], new[at_new + first : j - last]
        _add(found, ("equal", at_old, at_old + first, at_new, at_new + first))
        at_old, at_new = at_old + first, at_new + first
        if not a or not b or len(a) * len(b) > work:
            tag = "replace" if a and b else "delete" if a else "insert"
            _add(found, (tag, at_old, i - last, at_new, j - last))
        else:
            work -= len(a) * len(b)
            for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
                _add(found, (tag, at_old + i1, at_old + i2, at_new + j1, at_new + j2))
        _add(found, ("equal", i - last, i, j - last, j))
        at_old, at_new = i, j
    return found


def unified(old: Sequence[str], new: Sequence[str], before: str, after: str) -> Iterator[str]:
    """A unified diff of two lists of lines, which keep their ends.

    Args:
        before: the name in the first line.
        after: the name in the second.
    """
    matcher = difflib.SequenceMatcher(None, "", "")
    matcher.opcodes = opcodes(old, new)  # type: ignore[attr-defined]  # where it keeps them; grouping needs no more
    yield f"--- {before}\n"
    yield f"+++ {after}\n"
    for group in matcher.get_grouped_opcodes(3):
        yield f"@@ -{_stretch(group[0][1], group[-1][2])} +{_stretch(group[0][3], group[-1][4])} @@\n"
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from (f" {line}" for line in old[i1:i2])
                continue
            yield from (f"-{line}" for line in old[i1:i2])
            yield from (f"+{line}" for line in new[j1:j2])


def _stretch(start: int, end: int) -> str:
    """A stretch of lines as unified diffs have it: from 1, an empty one by the line before it."""
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Places of lines that are there once on both sides, as many as come in the same order on both."""
    once = {line for line, count in Counter(old).items() if count == 1}
    once &= {line for line, count in Counter(new).items() if count == 1}
    where = {line: j for j, line in enumerate(new) if line in once}
    pairs = [(i, where[line]) for i, line in enumerate(old) if line in once]
    # The longest increasing subsequence: the last pair of each length, and what came before each pair.
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for place, (_, j) in enumerate(pairs):
        length = bisect_left(ends, j)
        before.append(at[length - 1] if length else -1)
        if length == len(ends):
            ends.append(j)
            at.append(place)
        else:
            ends[length], at[length] = j, place
    chain = []
    place = at[-1] if at else -1
    while place >= 0:
        chain.append(pairs[place])
        place = before[place]
    return chain[::-1]


def _same_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many lines are the same at the beginning, and how many of the others at the end."""
    shorter = min(len(old), len(new))
    first = next((k for k in range(shorter) if old[k] != new[k]), shorter)
    left = shorter - first
    return first, next((k for k in range(left) if old[-1 - k] != new[-1 - k]), left)


def _add(found: list[Opcode], stretch: Opcode) -> None:
    """Append a stretch, as one with the stretch before it where both are of a kind; an empty one is nothing."""
    tag, i1, i2, j1, j2 = stretch
    if i1 == i2 and j1 == j2:
        return
    if found:
        was, start_old, _, start_new, _ = found[-1]
        if was == tag == "equal":
            found[-1] = (tag, start_old, i2, start_new, j2)
            return
        if "equal" not in (was, tag):
            whole = "replace" if i2 > start_old and j2 > start_new else "delete" if i2 > start_old else "insert"
            found[-1] = (whole, start_old, i2, start_new, j2)
            return
    found.append(stretch)
