"""Which strings a task shows and which it hides: members and near misses, chosen for the mistakes that they tell apart.

A *near miss* is a member of a neighbouring language, or a member with an edit, that the language does not hold. Each string
is noted with the neighbours that are wrong about it. The strings shown tell as many neighbours from the language as
so many strings can. What is hidden tells them all apart, as far as the strings that were drawn do; where the policy has
nothing but the examples (`strictly`), a string is hidden only if every neighbour that is wrong about it is wrong about
a string that is shown as well: what is asked has been shown.
"""

import re
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textgym.core import Random, RedrawError
from textgym.envs.code.regex.language import Language
from textgym.envs.code.regex.naive import naive_patterns, shape_patterns

LONGEST = 60
"""Characters of the longest string."""
_MEMBERS = 140
_NEIGHBOURS = 100
_DRAWS = 8
_EDITS = 60
_FEWEST_HIDDEN = 12
_CONTAINED = 3  # a shorter string stands in every prompt by chance
_PUNCTUATION = "-_./: ,"


@dataclass(frozen=True, slots=True)
class Examples:
    """The strings of a task, each list without doubles and none in two of them.

    Attributes:
        match, reject: shown.
        hidden_match, hidden_reject: not shown.
    """

    match: tuple[str, ...]
    reject: tuple[str, ...]
    hidden_match: tuple[str, ...]
    hidden_reject: tuple[str, ...]


def draw_examples(language: Language, rng: Random, *, shown: int, hidden: int, strictly: bool) -> Examples:
    """Strings for a task about `language`.

    Args:
        language: the language.
        rng: draws.
        shown: how many of each kind are shown.
        hidden: how many of each kind are hidden at most.
        strictly: whether nothing is hidden that is not shown in kind.

    Raises:
        RedrawError: there are too few, or a naive pattern is right about all that is hidden.
    """
    is_member = re.compile(language.pattern).fullmatch
    neighbours = language.neighbours()
    neighbours = rng.sample(neighbours, min(len(neighbours), _NEIGHBOURS))
    drawn = [text for _ in range(_MEMBERS) if (text := language.sample(rng)) is not None]
    near = [text for one in neighbours for text in _misses(one, is_member, rng)]
    near += [_edited(rng.choice(drawn), rng) for _ in range(_EDITS)] if drawn else []
    pool = [text for text in dict.fromkeys(drawn + near) if len(text) <= LONGEST]
    rng.shuffle(pool)
    members = [text for text in pool if is_member(text)]
    misses = [text for text in pool if not is_member(text)]
    told = dict.fromkeys(pool, 0)
    for number, neighbour in enumerate(neighbours):
        matches, bit = re.compile(neighbour.pattern).fullmatch, 1 << number
        for text in members:
            if not matches(text):
                told[text] |= bit
        for text in misses:
            if matches(text):
                told[text] |= bit
    match, reject = _chosen(members, misses, told, shown)
    by_shown = _union(told, match + reject)
    visible = "\n".join(match + reject).casefold()
    left = [
        text
        for text in pool
        if not (len(text) >= _CONTAINED and text.casefold() in visible)
        and text not in match
        and text not in reject
        and not (strictly and told[text] & ~by_shown)
    ]
    hidden_match, hidden_reject = _chosen(
        [text for text in left if is_member(text)], [text for text in left if not is_member(text)], told, hidden
    )
    if min(len(match), len(reject)) < shown or min(len(hidden_match), len(hidden_reject)) < _FEWEST_HIDDEN:
        raise RedrawError("the language has too few strings, or too few near misses")
    found = Examples(tuple(match), tuple(reject), tuple(hidden_match), tuple(hidden_reject))
    if any(
        right_about(pattern, found.hidden_match, found.hidden_reject)
        for pattern in (*naive_patterns(match, reject), *shape_patterns(match))
    ):
        raise RedrawError("a naive pattern would do")
    return found


def right_about(pattern: str, match: Sequence[str], reject: Sequence[str]) -> bool:
    """Whether a pattern of ours (never a policy's) matches the first strings and none of the second."""
    matches = re.compile(pattern).fullmatch
    return all(matches(text) for text in match) and not any(matches(text) for text in reject)


def _chosen(members: list[str], misses: list[str], told: dict[str, int], count: int) -> tuple[list[str], list[str]]:
    """Up to `count` of each, by turns the one that tells most neighbours apart that none before does."""
    chosen: tuple[list[str], list[str]] = [], []
    pools = list(members), list(misses)
    seen = 0
    for _ in range(count):
        for pool, taken in zip(pools, chosen, strict=True):
            if pool:
                best = max(range(len(pool)), key=lambda i: ((told[pool[i]] & ~seen).bit_count(), -i))
                taken.append(pool.pop(best))
                seen |= told[taken[-1]]
    return chosen


def _misses(neighbour: Language, is_member: Callable[[str], object], rng: Random) -> list[str]:
    """Up to two strings that a neighbour holds and the language does not, if a few draws give some."""
    found: list[str] = []
    for _ in range(_DRAWS):
        text = neighbour.sample(rng)
        if text is not None and not is_member(text):
            found.append(text)
            if len(found) == 2:
                break
    return found


def _union(told: dict[str, int], texts: list[str]) -> int:
    found = 0
    for text in texts:
        found |= told[text]
    return found


def _edited(text: str, rng: Random) -> str:
    """A text with one or two characters changed."""
    for _ in range(rng.randint(1, 2)):
        at = rng.randint(0, max(0, len(text) - 1))
        here = text[at : at + 1]
        group = next(
            (one for one in (string.digits, string.ascii_lowercase, string.ascii_uppercase) if here and here in one),
            _PUNCTUATION,
        )
        change = rng.randrange(7)
        if change == 0:
            text = text[:at] + text[at + 1 :]
        elif change == 1:
            text = text[:at] + here + text[at:]
        elif change == 2:
            text = text[:at] + text[at + 1 : at + 2] + here + text[at + 2 :]
        elif change == 3:
            text = text[:at] + here.swapcase() + text[at + 1 :]
        elif change == 4:
            text = text[:at] + rng.choice(string.ascii_letters + string.digits + _PUNCTUATION) + text[at + 1 :]
        elif change == 5:
            text = text[:at] + rng.choice(group) + text[at + 1 :]
        else:
            text = text + here if rng.randrange(2) else here + text
    return text
