"""Building: from a pinned archive to a file of recipes, in steps that a killed build does not repeat."""

import functools
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from textgym.envs.code.bank.baseline import Baseline, measure
from textgym.envs.code.bank.catalogue import PackageSpec
from textgym.envs.code.bank.confirming import Verdict, confirm
from textgym.envs.code.bank.errors import BankError
from textgym.envs.code.bank.journal import Journal
from textgym.envs.code.bank.laboratory import Laboratory
from textgym.envs.code.bank.mining import (
    MOST_MISSING,
    Attempt,
    Candidate,
    Target,
    attempt,
    candidates,
    difficulty,
    fits,
    outcome_counts,
    targets,
    tree_of,
)
from textgym.envs.code.bank.recipes import Recipe, Recipes
from textgym.envs.code.bank.trees import Files, package_files
from textgym.envs.code.mutation import REMOVALS, Mutant

MUTANTS_A_BATCH = 150
CANDIDATES_A_BATCH = 80

_T = TypeVar("_T")


@dataclass(frozen=True)
class Step:
    """A part of a build that is done.

    Attributes:
        package: `name-version`.
        stage: `baseline`, `mining`, `confirming` or `done`.
        done, total: how far that stage is.
        accepted: tasks accepted so far.
    """

    package: str
    stage: str
    done: int
    total: int
    accepted: int


Report = Callable[[Step], None]


def build(laboratory: Laboratory, spec: PackageSpec, report: Report | None = None) -> Recipes:
    """All tasks of a package; what an earlier build of it has found already is not looked for again.

    Raises:
        FetchError: an archive is not at hand and cannot be had.
        BankError: the package cannot be made into tasks; the message says why.
    """
    return _Build(laboratory, spec, report or (lambda step: None)).run()


class _Build:
    """One package's build: its steps in order, and what is counted on the way."""

    def __init__(self, laboratory: Laboratory, spec: PackageSpec, tell: Report) -> None:
        self._laboratory = laboratory
        self._spec = spec
        self._tell = tell
        self._files: Files = package_files(spec)
        self._journal = Journal(spec)
        self._outcomes: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._seconds: dict[str, float] = {}
        self._repeated = 0

    def run(self) -> Recipes:
        baseline = self._baseline()
        self._say("baseline", 1, 1)
        aims = list(targets(self._spec, self._files, baseline))
        found = self._mine(baseline, aims)
        accepted = self._confirm(baseline, found)
        if not accepted:
            raise BankError(f"{self._spec.label}: no fault was accepted ({dict(self._refused)})")
        recipes = tuple(_recipe(number, *each) for number, each in enumerate(accepted))
        facts = {
            "functions": len(aims),
            "mutants": dict(sorted(self._outcomes.items())),
            "candidates": len(found),
            "refused": dict(sorted(self._refused.items())),
            "repeated": self._repeated,
            "seconds": {stage: round(seconds, 1) for stage, seconds in self._seconds.items()},
        }
        self._say("done", 1, 1, len(recipes))
        return Recipes(baseline.test_ids, recipes, baseline.cpu_s, facts)

    def _say(self, stage: str, done: int, total: int, accepted: int = 0) -> None:
        self._tell(Step(self._spec.label, stage, done, total, accepted))

    def _step(self, stage: str, name: str, work: Callable[[], Any]) -> Any:
        """What came of a step, now or in an earlier build."""
        known = self._journal.get(name)
        if known is None:
            began = time.monotonic()
            known = {"found": work(), "seconds": time.monotonic() - began}
            self._journal.put(name, known)
        self._seconds[stage] = self._seconds.get(stage, 0.0) + known["seconds"]
        return known["found"]

    def _baseline(self) -> Baseline:
        def work() -> dict[str, Any]:
            measured = measure(self._laboratory, self._spec)
            return {
                "test_ids": measured.test_ids,
                "cpu_s": measured.cpu_s,
                "enters": measured.enters,
                "imported": sorted(measured.imported),
                "dropped": measured.dropped,
            }

        known = self._step("baseline", "baseline", work)
        return Baseline(
            tuple(known["test_ids"]),
            known["cpu_s"],
            {name: tuple(tests) for name, tests in known["enters"].items()},
            frozenset(known["imported"]),
            known["dropped"],
        )

    def _mine(self, baseline: Baseline, aims: Sequence[Target]) -> list[Candidate]:
        """Every function's candidates; a step for each batch of functions."""

        def work(batch: Sequence[Target]) -> dict[str, Any]:
            tried = attempt(self._laboratory, self._spec, self._files, baseline, batch)
            return {name: [[each.how, each.failing] for each in many] for name, many in tried.items()}

        found: list[Candidate] = []
        further: list[Candidate] = []
        done = 0
        for batch in _batches(aims, MUTANTS_A_BATCH, lambda target: len(target.mutants)):
            known = self._step("mining", f"mined {batch[0].name}", functools.partial(work, batch))
            results = {name: [Attempt(how, tuple(failing)) for how, failing in many] for name, many in known.items()}
            self._outcomes.update(outcome_counts(results))
            for target in batch:
                first, second = candidates(target, results[target.name])
                found += first
                further += second
            done += len(batch)
            self._say("mining", done, len(aims))
        return self._distinct([*found, *further])

    def _distinct(self, found: Sequence[Candidate]) -> list[Candidate]:
        """One candidate for each syntax tree."""
        kept: list[Candidate] = []
        seen: set[tuple[str, bytes]] = set()
        for candidate in found:
            tree = tree_of(self._files, candidate)
            key = (candidate.target.path, hashlib.blake2b((tree or "").encode("utf-8", "surrogatepass")).digest())
            if tree is None or key in seen:
                self._refused["duplicate"] += 1
                continue
            seen.add(key)
            kept.append(candidate)
        return kept

    def _confirm(self, baseline: Baseline, found: Sequence[Candidate]) -> list[tuple[Candidate, tuple[int, ...]]]:
        """The accepted candidates with their failing tests.

        Most are run once. Where one of those that are run again differs from run to run, all are run again.
        """
        verdicts = self._verdicts(baseline, found, "confirmed", repeat_all=False)
        if any(verdict.why == "unstable" for verdict in verdicts):
            once = [
                place
                for place, (candidate, verdict) in enumerate(zip(found, verdicts, strict=True))
                if not verdict.repeated and not refusal(candidate, verdict)
            ]
            again = self._verdicts(baseline, [found[place] for place in once], "repeated", repeat_all=True)
            for place, verdict in zip(once, again, strict=True):
                verdicts[place] = verdict
        accepted: list[tuple[Candidate, tuple[int, ...]]] = []
        for candidate, verdict in zip(found, verdicts, strict=True):
            self._repeated += verdict.repeated
            refused = refusal(candidate, verdict)
            if refused:
                self._refused[refused] += 1
            else:
                accepted.append((candidate, verdict.failing or ()))
        return accepted

    def _verdicts(
        self, baseline: Baseline, candidates: Sequence[Candidate], word: str, *, repeat_all: bool
    ) -> list[Verdict]:
        """What came of each candidate; a step for each batch."""

        def work(batch: Sequence[Candidate]) -> list[list[Any]]:
            seen = confirm(self._laboratory, self._spec, baseline, batch, repeat_all=repeat_all)
            return [[each.failing, each.repeated, each.why, round(each.cpu_s, 3)] for each in seen]

        verdicts: list[Verdict] = []
        for batch in _batches(candidates, CANDIDATES_A_BATCH, lambda candidate: 1):
            name = f"{word} {_name(batch[0])} {len(batch)} {_digest(map(_name, batch))}"
            for failing, repeated, why, cpu_s in self._step("confirming", name, functools.partial(work, batch)):
                verdicts.append(Verdict(None if failing is None else tuple(failing), repeated, why, cpu_s))
            kept = sum(not refusal(each, verdict) for each, verdict in zip(candidates, verdicts, strict=False))
            self._say("confirming", len(verdicts), len(candidates), kept)
        return verdicts


def refusal(candidate: Candidate, verdict: Verdict) -> str:
    """Why a confirmed candidate makes no task; empty if it makes one."""
    if verdict.failing is None:
        return verdict.why
    if not verdict.failing:
        return "survived"
    if candidate.mutants[0].operator in REMOVALS:
        return "" if len(verdict.failing) <= MOST_MISSING else "too many fail"
    return "" if fits(candidate.target, verdict.failing) else "too many fail"


def _recipe(number: int, candidate: Candidate, failing: tuple[int, ...]) -> Recipe:
    target, mutants = candidate.target, candidate.mutants
    first: Mutant = mutants[0]
    return Recipe(
        number,
        target.path,
        target.label,
        first.operator,
        first.site,
        tuple((mutant.operator, mutant.site) for mutant in mutants[1:]),
        failing,
        target.tests,
        candidate.strength,
        difficulty(target, mutants, failing),
        target.lines,
    )


def _name(candidate: Candidate) -> str:
    return " ".join([candidate.target.name, *(f"{each.operator}:{each.site}" for each in candidate.mutants)])


def _digest(names: Iterable[str]) -> str:
    return hashlib.blake2b("\n".join(names).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _batches(things: Sequence[_T], most: int, weight: Callable[[_T], int]) -> Iterator[list[_T]]:
    batch: list[_T] = []
    for thing in things:
        if batch and sum(map(weight, batch)) + weight(thing) > most:
            yield batch
            batch = []
        batch.append(thing)
    if batch:
        yield batch
