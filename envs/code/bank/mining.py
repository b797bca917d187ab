"""Mining: mutants of covered functions, tried in memory, and the choice of those that make good tasks."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from textgym.core.randomness import Random, derive_key
from textgym.envs.code.bank.baseline import Baseline, covered
from textgym.envs.code.bank.catalogue import PackageSpec
from textgym.envs.code.bank.laboratory import Laboratory
from textgym.envs.code.bank.trees import Files
from textgym.envs.code.mutation import REMOVALS, Mutant, MutationError, combine, functions, parse, sites

TRIED = 10
"""How many mutants of a function are tried at most."""
KEPT = 3
"""How many of them become tasks at most, in the first choice: so many of each function, before any has more."""
FURTHER = 3
"""How many more of them do in the second choice."""
MOST_FAILING = 30
"""A fault that fails more tests than this is no small one."""
MOST_SHARE = 0.5
"""A fault must leave more than this share of the covering tests passing, where at least `FEW` cover."""
FEW = 4
LEAST_STRENGTH = 0.6
"""The share of a function's mutants that its tests must tell from the original."""
MOST_COVERING = 400
"""A function that more tests enter is tried on none: it is the road to all others, and costs as much."""
MOST_MISSING = 200
"""The most tests that may fail where a whole function is to be written."""
LEAST_BODY = 3
"""The fewest lines of a function that is to be written."""

_LEAST_CPU_S = 1.0
_TIMES_BASELINE = 8


@dataclass(frozen=True)
class Target:
    """A function that tests cover, and its mutants that are to be tried.

    Attributes:
        path, label: file and name.
        tests: numbers of the tests that enter it.
        lines: how many lines it has.
        mutants: what is tried, of various operators.
        removals: its mutants without a body, or without the function.
        cpu_s: the limit of CPU seconds for one of them.
    """

    path: str
    label: str
    tests: tuple[int, ...] = field(repr=False)
    lines: int
    mutants: tuple[Mutant, ...] = field(repr=False)
    removals: tuple[Mutant, ...] = field(repr=False)
    cpu_s: float

    @property
    def name(self) -> str:
        """`path:label`."""
        return f"{self.path}:{self.label}"


@dataclass(frozen=True)
class Attempt:
    """What came of one mutant in memory.

    Attributes:
        how: `exit` when all its tests were run, `many` when too many failed, `cpu` when it ran out of time, or why it
            could not be tried.
        failing: numbers of the failing tests.
    """

    how: str
    failing: tuple[int, ...]

    @property
    def tried(self) -> bool:
        """Whether tests were run on it, to their end or until enough was known."""
        return self.how in ("exit", "many", "crash")

    @property
    def killed(self) -> bool:
        """Whether tests tell it from the original."""
        return bool(self.failing) or self.how in ("many", "crash")


@dataclass(frozen=True)
class Candidate:
    """A task that is still to be confirmed: mutations of one function."""

    target: Target = field(repr=False)
    mutants: tuple[Mutant, ...]
    strength: float


def targets(spec: PackageSpec, files: Files, baseline: Baseline) -> Iterator[Target]:
    """The functions of a package that tests cover, with the mutants that are to be tried, the same each time."""
    by_path: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
    for path, label, tests in covered(spec, baseline):
        if len(tests) <= MOST_COVERING:
            by_path.setdefault(path, []).append((label, tests))
    per_test = baseline.cpu_s / len(baseline.test_ids)
    for path, named in sorted(by_path.items()):
        source = text_of(files[path])
        if source is None:
            continue
        known = {function.name: function for function in functions(parse(source))}
        for label, tests in named:
            if label not in known:
                continue
            limit = max(_LEAST_CPU_S, _TIMES_BASELINE * per_test * len(tests))
            removals = tuple(sites(source, label, REMOVALS))
            chosen = tuple(_chosen(spec, path, label, sites(source, label)))
            lines = known[label].last_line - known[label].first_line + 1
            yield Target(path, label, tests, lines, chosen, removals, limit)


def text_of(data: bytes) -> str | None:
    """The text of a source file that mutations can be applied to; None for one that is no plain UTF-8 or no Python."""
    try:
        source = data.decode()
        parse(source)
    except (UnicodeDecodeError, SyntaxError):
        return None
    declared = any(
        line.startswith("#") and "coding" in line and "utf-8" not in line.lower() for line in source.splitlines()[:2]
    )
    return None if declared or source.startswith("\ufeff") else source


def _chosen(spec: PackageSpec, path: str, label: str, mutants: Sequence[Mutant]) -> list[Mutant]:
    """Mutants of as many operators as possible, drawn the same way each time."""
    rng = Random(derive_key("mutants", spec.sha256, path, label))
    groups: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        groups.setdefault(mutant.operator, []).append(mutant)
    for group in groups.values():
        rng.shuffle(group)
    rows = list(groups.values())
    rng.shuffle(rows)
    ordered = [mutant for row in zip_longest(*rows) for mutant in row if mutant is not None]
    return ordered[:TRIED]


def attempt(
    laboratory: Laboratory, spec: PackageSpec, files: Files, baseline: Baseline, batch: Sequence[Target]
) -> dict[str, list[Attempt]]:
    """Try the mutants of some functions in memory; what came of each, by the function's name.

    Raises:
        BankError: the run did not come to its end.
    """
    jobs: list[dict[str, Any]] = []
    for target in batch:
        source = files[target.path].decode()
        for mutant in target.mutants:
            jobs.append(
                {
                    "id": len(jobs),
                    "path": target.path,
                    "label": target.label,
                    "splices": splices([mutant]),
                    "tests": target.tests,
                    "cpu_s": target.cpu_s,
                    "most": MOST_FAILING,
                    "defaults": _defaults(source, mutant),
                }
            )
    used = sorted({baseline.test_ids[number].partition("::")[0] for target in batch for number in target.tests})
    order = {"mode": "hot", "jobs": jobs, "ids": list(baseline.test_ids), "tests": used}
    said = laboratory.run(spec, order, wall_s=min(3600.0, 60 + sum(10 * job["cpu_s"] + 20 for job in jobs)))
    results = {value[1]: Attempt(value[2], tuple(value[3])) for value in said if value[0] == "job"}
    found: dict[str, list[Attempt]] = {target.name: [] for target in batch}
    owners = (target.name for target in batch for _ in target.mutants)
    for number, owner in enumerate(owners):
        found[owner].append(results.get(number, Attempt("lost", ())))
    return found


def splices(mutants: Iterable[Mutant]) -> list[list[Any]]:
    """Mutations as the driver takes them."""
    return [[mutant.start, mutant.end, mutant.replacement] for mutant in mutants]


def _defaults(source: str, mutant: Mutant) -> list[list[str]]:
    """Which argument's default a mutant changes, and to what: no new code object says so."""
    if mutant.operator != "default_arg":
        return []
    changed = next(each for each in functions(parse(mutant.apply(source))) if each.name == mutant.function)
    before = next(each for each in functions(parse(source)) if each.name == mutant.function)
    old, new = _default_texts(before.node.args), _default_texts(changed.node.args)
    return [[name, mutant.replacement.strip()] for name in new if new[name] != old[name]]


def _default_texts(arguments: ast.arguments) -> dict[str, str]:
    positional = [*arguments.posonlyargs, *arguments.args]
    found = dict(zip([each.arg for each in reversed(positional)], reversed(arguments.defaults), strict=False))
    found |= {each.arg: value for each, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value}
    return {name: ast.dump(value) for name, value in found.items()}


def candidates(target: Target, attempts: Sequence[Attempt]) -> tuple[list[Candidate], list[Candidate]]:
    """The mutants of a function that are worth to be confirmed: its best few, some of them together, and its removals; and
    the next best, for a second choice.
    """
    tried = [each for each in attempts if each.tried]
    if not tried:
        return [], []
    strength = round(sum(each.killed for each in tried) / len(tried), 2)
    found: list[Candidate] = []
    further: list[Candidate] = []
    if strength >= LEAST_STRENGTH:
        good = _ranked(target, attempts)
        ordered = _various(good)
        found += [Candidate(target, (mutant,), strength) for mutant in ordered[:KEPT]]
        found += [Candidate(target, together, strength) for together in _together(good)]
        further += [Candidate(target, (mutant,), strength) for mutant in ordered[KEPT : KEPT + FURTHER]]
    if target.lines >= LEAST_BODY and len(target.tests) <= MOST_MISSING:
        found += [Candidate(target, (removal,), strength) for removal in target.removals[-1:]]
    return found, further


def _ranked(target: Target, attempts: Sequence[Attempt]) -> list[Mutant]:
    """The mutants that are neither invisible nor glaring, those that the fewest tests notice first."""
    good = [
        (len(each.failing), position, mutant)
        for position, (mutant, each) in enumerate(zip(target.mutants, attempts, strict=True))
        if each.how == "exit" and fits(target, each.failing)
    ]
    return [mutant for _, _, mutant in sorted(good, key=lambda each: each[:2])]


def _various(good: Sequence[Mutant]) -> list[Mutant]:
    """The same mutants, one of each operator before any other."""
    first: dict[str, Mutant] = {}
    for mutant in good:
        first.setdefault(mutant.operator, mutant)
    return [*first.values(), *(mutant for mutant in good if first[mutant.operator] is not mutant)]


def fits(target: Target, failing: Sequence[int]) -> bool:
    """Whether a fault with these failing tests is neither invisible nor glaring."""
    share = len(failing) / len(target.tests)
    return 1 <= len(failing) <= MOST_FAILING and (len(target.tests) < FEW or share < MOST_SHARE)


def _together(good: Sequence[Mutant]) -> list[tuple[Mutant, ...]]:
    """Two or three of a function's good mutants at once, where they leave each other alone."""
    chosen: list[Mutant] = []
    for mutant in good:
        apart = all(mutant.end < each.start - 1 or each.end < mutant.start - 1 for each in chosen)
        if apart and mutant.operator not in [each.operator for each in chosen]:
            chosen.append(mutant)
    chosen = chosen[:3]
    return [tuple(sorted(chosen, key=lambda each: each.start))] if len(chosen) > 1 else []


def tree_of(files: Files, candidate: Candidate) -> str | None:
    """The syntax tree that a candidate leaves of its file, as text; None where its mutations do not fit together."""
    try:
        return ast.dump(parse(combine(files[candidate.target.path].decode(), candidate.mutants)))
    except (MutationError, SyntaxError):
        return None


def difficulty(target: Target, mutants: Sequence[Mutant], failing: Sequence[int]) -> float:
    """A guess at how hard a fault is to find and mend, from 0 to 1.

    Faults that few of the covering tests notice are hard, and so are long functions, several faults at once, and what
    has to be written anew.
    """
    unnoticed = 1 - len(failing) / len(target.tests)
    length = min(1.0, target.lines / 60)
    number = min(1.0, (len(mutants) - 1) / 2)
    missing = mutants[0].operator in REMOVALS
    return round(0.4 * unnoticed + 0.3 * length + 0.2 * number + 0.1 * missing, 2)


def outcome_counts(attempts: Mapping[str, Sequence[Attempt]]) -> dict[str, int]:
    """How many mutants ended in which way."""
    counts: dict[str, int] = {}
    for each in (one for many in attempts.values() for one in many):
        word = ("killed" if each.killed else "survived") if each.tried else each.how.replace(" ", "_")
        counts[word] = counts.get(word, 0) + 1
    return dict(sorted(counts.items()))
