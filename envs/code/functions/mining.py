"""Finds the bugs of a family: mutants that are proven to be wrong, and the hidden inputs that tell them from right.

This runs when the bank is built (`python -m textgym.envs.code.functions.build`), never in an episode.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textgym.core import Random, derive_key
from textgym.envs.code.functions.bank import LEVELS, SHOWN, Bug
from textgym.envs.code.functions.family import Family, entry_of
from textgym.envs.code.functions.metering import Program
from textgym.envs.code.functions.pool import POOL, draw_pool, read_budget
from textgym.envs.code.mutation import Mutant, combine, sites

HIDDEN = 24
"""Hidden inputs at least, where the pool has as many."""
PAIRS = 150
"""Pairs of mutations that are tried beside the single ones."""
SAME = 8
"""Mutations kept that change nothing."""
KEPT = 30
"""Bugs kept of each level."""
_EXAMPLES = 3
_SUBTLE = 0.6  # pairs are made of mutations that are wrong on at most this share of inputs
_KILLS = 2  # hidden inputs that each mutant fails, where there are as many


@dataclass(frozen=True)
class Mined:
    """What was found for one variant of a family.

    Attributes:
        hidden, shown: places in the pool of the hidden inputs and of those set aside for examples.
        bugs: the bugs that are kept.
        same: single mutations that change nothing, on the pool or on as many further inputs; some of them.
        tried, equivalent, repeated: mutants that ran, that did the same as the reference, and as another mutant.
    """

    hidden: tuple[int, ...]
    shown: tuple[int, ...]
    bugs: tuple[Bug, ...]
    same: tuple[Mutant, ...]
    tried: int
    equivalent: int
    repeated: int


def mine(family: Family, variant: int) -> Mined:
    """Find the bugs of one variant.

    Each single mutation and some pairs run on the whole pool. One that gives what the reference gives everywhere is taken
    for equivalent, one that gives everywhere what an earlier one gives for the same bug; both are left out. The hidden
    inputs are chosen so that each remaining mutant fails two of them (or all it can), by greedy cover.
    """
    source = family.reference(variant)
    entry = entry_of(source)
    inputs = draw_pool(family, variant)
    reference = Program(source, entry)
    budget = read_budget(reference, inputs)
    right = [reference.run(args, budget)[0] for args in inputs]
    trial = _Trial(entry, inputs, budget, right)
    single = sites(source)
    for one in single:
        trial.run((one,), one.apply(source))
    subtle = [one for one in single if 0 < trial.share((one,)) <= _SUBTLE]
    for pair in _pairs(family, variant, subtle):
        trial.run(pair, combine(source, pair))
    seen = trial.seen
    failing = [sum(1 << i for i, text in enumerate(found) if text != right[i]) for found in seen]
    every = (1 << len(inputs)) - 1
    hidden = _cover(failing, every, _KILLS)
    hidden = _filled(hidden, [i for i in range(len(inputs)) if i not in hidden], HIDDEN)
    rest = [i for i in range(len(inputs)) if i not in hidden]
    levels = [_level(mask.bit_count() / len(inputs)) for mask in failing]
    shown = _cover([mask for mask, level in zip(failing, levels, strict=True) if level], _mask(rest), 1)[:SHOWN]
    shown = _filled(shown, rest, SHOWN)
    bugs = []
    for mask, level, mutations in zip(failing, levels, seen.values(), strict=True):
        wrong = tuple(number for number, place in enumerate(shown) if mask >> place & 1)
        if level and (len(shown) - len(wrong) >= _EXAMPLES if level == "hard" else wrong):
            share = mask.bit_count() / len(inputs)
            bugs.append(
                Bug(
                    level,
                    round(share, 3),
                    wrong,
                    tuple(one.operator for one in mutations),
                    tuple((one.start, one.end, one.replacement) for one in mutations),
                )
            )
    return Mined(
        tuple(hidden),
        tuple(shown),
        _chosen(family, variant, bugs),
        _still_same(family, variant, trial.same)[:SAME],
        trial.tried,
        trial.equivalent,
        trial.repeated,
    )


class _Trial:
    """The mutants of one source that were run so far, by what they gave on all inputs."""

    def __init__(self, entry: str, inputs: Sequence[list[Any]], budget: int, right: Sequence[str]) -> None:
        self.seen: dict[tuple[str, ...], tuple[Mutant, ...]] = {}
        self.tried = self.equivalent = self.repeated = 0
        self._entry, self._inputs, self._budget, self._right = entry, inputs, budget, tuple(right)
        self.same: list[Mutant] = []
        self._shares: dict[tuple[Mutant, ...], float] = {}

    def run(self, mutations: tuple[Mutant, ...], text: str) -> None:
        """Run one mutant on all inputs, and keep it if it does what none before it did."""
        program = _compiled(text, self._entry)
        if program is None:
            return
        self.tried += 1
        found = tuple(program.run(args, self._budget)[0] for args in self._inputs)
        wrong = sum(one != other for one, other in zip(found, self._right, strict=True))
        self._shares[mutations] = wrong / len(found)
        if not wrong:
            self.equivalent += 1
            self.same += mutations
        elif found in self.seen:
            self.repeated += 1
        else:
            self.seen[found] = mutations

    def share(self, mutations: tuple[Mutant, ...]) -> float:
        """Share of the inputs on which a mutant was wrong."""
        return self._shares.get(mutations, 0.0)


def _pairs(family: Family, variant: int, single: Sequence[Mutant]) -> list[tuple[Mutant, ...]]:
    """Different pairs of mutations that do not overlap."""
    rng = Random(derive_key("pairs of mutations", family.name, variant))
    found: dict[tuple[Mutant, ...], None] = {}
    for _ in range(PAIRS if len(single) > 1 else 0):
        one, two = sorted(rng.sample(single, 2), key=lambda each: (each.start, each.end))
        if one.end < two.start:
            found[one, two] = None
    return list(found)


def _still_same(family: Family, variant: int, mutants: Sequence[Mutant]) -> tuple[Mutant, ...]:
    """Those of the mutants that change nothing on further inputs either."""
    source = family.reference(variant)
    entry = entry_of(source)
    rng = Random(derive_key("inputs for equivalents", family.name, variant))
    fresh = [family.inputs(rng) for _ in range(2 * POOL)]
    reference = Program(source, entry)
    budget = read_budget(reference, fresh)
    right = [reference.run(args, budget)[0] for args in fresh]
    kept = []
    for mutant in mutants:
        program = Program(mutant.apply(source), entry)
        if all(program.run(args, budget)[0] == text for args, text in zip(fresh, right, strict=True)):
            kept.append(mutant)
    return tuple(kept)


def _compiled(text: str, entry: str) -> Program | None:
    try:
        return Program(text, entry)
    except (SyntaxError, ValueError):
        return None


def _level(share: float) -> str:
    return next((name for name, low, high in LEVELS if low < share <= high), "")


def _cover(masks: Sequence[int], among: int, times: int) -> list[int]:
    """Places chosen greedily so that each mask has `times` of them, or as many as it has among those allowed."""
    chosen: list[int] = []
    need = {number: min(times, (mask & among).bit_count()) for number, mask in enumerate(masks)}
    while True:
        counts: dict[int, int] = {}
        for number, left in need.items():
            if left > 0:
                mask = masks[number] & among & ~_mask(chosen)
                while mask:
                    lowest = mask & -mask
                    place = lowest.bit_length() - 1
                    counts[place] = counts.get(place, 0) + 1
                    mask ^= lowest
        if not counts:
            return chosen
        best = max(counts, key=lambda place: (counts[place], -place))
        chosen.append(best)
        for number, mask in enumerate(masks):
            if mask >> best & 1:
                need[number] -= 1


def _mask(places: Sequence[int]) -> int:
    return sum(1 << place for place in places)


def _filled(chosen: list[int], others: Sequence[int], size: int) -> list[int]:
    left = [place for place in others if place not in chosen]
    return [*chosen, *left[: max(0, size - len(chosen))]]


def _chosen(family: Family, variant: int, bugs: Sequence[Bug]) -> tuple[Bug, ...]:
    """At most `KEPT` bugs of each level, by turns from each operator, so that no operator crowds out the others."""
    kept: list[Bug] = []
    rng = Random(derive_key("bugs that are kept", family.name, variant))
    for name, _, _ in LEVELS:
        groups: dict[tuple[str, int], list[Bug]] = {}
        for bug in bugs:
            if bug.level == name:
                groups.setdefault((bug.operators[0], len(bug.operators)), []).append(bug)
        for group in groups.values():
            rng.shuffle(group)
        turns = sorted(
            ((turn, number, bug) for number, group in enumerate(groups.values()) for turn, bug in enumerate(group)),
            key=lambda each: each[:2],
        )
        kept += [bug for _, _, bug in turns[:KEPT]]
    return tuple(kept)


def killed(family: Family, variant: int, hidden: Sequence[int], fresh: Sequence[list[Any]]) -> tuple[int, int]:
    """How well the hidden inputs work on mutants that only other inputs tell from the reference.

    Args:
        family, variant: the problem.
        hidden: places of the hidden inputs in its pool.
        fresh: other inputs.

    Returns:
        How many single mutants are wrong on a fresh or a hidden input, and how many of these on a hidden one.
    """
    source = family.reference(variant)
    entry = entry_of(source)
    pool = draw_pool(family, variant)
    reference = Program(source, entry)
    budget = read_budget(reference, [*pool, *fresh])
    deciding = [pool[place] for place in hidden]
    wrong = caught = 0
    for mutant in sites(source):
        program = _compiled(mutant.apply(source), entry)
        if program is None:
            continue
        at_hidden = any(program.run(args, budget)[0] != reference.run(args, budget)[0] for args in deciding)
        caught += at_hidden
        wrong += at_hidden or any(program.run(args, budget)[0] != reference.run(args, budget)[0] for args in fresh)
    return wrong, caught
