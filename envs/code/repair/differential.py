"""The repaired function against the original one, called in processes of their own with the same arguments.

The arguments are those that the suite's tests call the function with, recorded on the original package: objects of the
package's too, methods' own instances among them. Original and candidate are then called with them, each in its own sandbox
and without any test or test runner, and the host compares hashes of all that came of each call: what was returned and what
became of the arguments, by structure and exact type. No object of the candidate's can say what it is equal to, and nothing in
its process knows what is expected.

The damaged function is asked as well. Where it answers as the original does, nothing here tells a repair from the damage, and
a verdict must not rest on this comparison.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TypeVar
from weakref import WeakKeyDictionary

from textgym.core import InfraError
from textgym.envs.code.repair import asking
from textgym.envs.code.repair.problems import Bug, Package, Problem

_MOST_TESTS = 12
_APART = 2000
_REMEMBERED = 512

_A = TypeVar("_A")


@dataclass(frozen=True)
class Reference:
    """What the original function does.

    Attributes:
        bug: which function it is.
        calls: the arguments of calls, pickled in a sandbox for a sandbox and never loaded here. All of them are always made, in
            this order, since one may leave something for the next.
        answers: what came of each; None where two runs differ, and nothing is compared.
        tests: tests in which the function is followed, where none of the calls tells the damage. Here, too, all are run.
        traces: what it gave in each; None where nothing is compared.
        telling: the places, in answers and then traces, where the damaged function does otherwise.
    """

    bug: Bug
    calls: tuple[bytes, ...] = ()
    answers: tuple[tuple[str, ...] | None, ...] = ()
    tests: tuple[str, ...] = ()
    traces: tuple[str | None, ...] = ()
    telling: frozenset[int] = frozenset()

    @property
    def compared(self) -> int:
        """How many calls and tests are compared."""
        return sum(one is not None for one in (*self.answers, *self.traces))


@dataclass(frozen=True)
class Comparison:
    """How a candidate compares with the original.

    Attributes:
        compared: calls and tests that were compared.
        wrong: those in which it does otherwise.
        telling: those in which the damaged function does.
        mended: how many of the telling ones it does as the original.
        unseen: bugs that none of them tells.
    """

    compared: int
    wrong: int
    telling: int
    mended: int
    unseen: tuple[Bug, ...]

    @property
    def share(self) -> float:
        """The share of what the damage changed that is mended; 0 where anything else is done otherwise."""
        broken = self.wrong - (self.telling - self.mended)
        return 0.0 if broken or not self.telling else self.mended / self.telling


_references: OrderedDict[str, tuple[Reference, ...]] = OrderedDict()
_Work = asyncio.Task[tuple[Reference, ...]]
_under_way: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, _Work]] = WeakKeyDictionary()


async def references(problem: Problem) -> tuple[Reference, ...]:
    """What the originals of a problem's damaged functions do, one for each whose calls can be made again.

    Worked out at the first verdict on a problem, once for all episodes of a group that end together, and remembered in this
    process.

    Raises:
        InfraError: no sandbox could run it.
    """
    found = _references.get(problem.record)
    if found is not None:
        return found
    here = _under_way.setdefault(asyncio.get_running_loop(), {})
    work = here.get(problem.record)
    if work is None:
        work = here[problem.record] = asyncio.create_task(_worked_out(problem))
        work.add_done_callback(lambda _: here.pop(problem.record, None))
    return await asyncio.shield(work)  # an episode that is given up does not take it from its siblings


async def _worked_out(problem: Problem) -> tuple[Reference, ...]:
    bugs = _functions(problem)
    made = await asyncio.gather(*(_reference(problem, bug) for bug in bugs))
    found = tuple(one for one in made if one is not None)
    if len(found) == len(bugs):  # where something is missing, a busy machine may be why
        _references[problem.record] = found
    while len(_references) > _REMEMBERED:
        _references.popitem(last=False)
    return found


def _functions(problem: Problem) -> tuple[Bug, ...]:
    """One bug for each function that is damaged."""
    return tuple({(bug.path, bug.outer): bug for bug in problem.bugs}.values())


async def _reference(problem: Problem, bug: Bug) -> Reference | None:
    failing = set(problem.fail_to_pass)
    tests = sorted(problem.covered, key=lambda test: test not in failing)[:_MOST_TESTS]
    found = await _calls_again(problem, bug, tests)
    if not found.telling:
        found = await _followed(problem, found, tests)
    return found if found.compared else None


async def _calls_again(problem: Problem, bug: Bug, tests: Sequence[str]) -> Reference:
    """A reference of calls that can be made again."""
    package = problem.package
    recorded = await asking.record_calls(problem, bug, tests)
    made = await asking.answers(package, package.shown, bug, recorded)
    calls = [call for call, answer in zip(recorded, made, strict=False) if len(answer) == 2]
    first, damaged = await asyncio.gather(
        *(asking.answers(package, tree, bug, calls) for tree in (package.shown, _damaged(problem)))
    )
    await asking.later(package)
    second = await asking.answers(package, package.shown, bug, calls, apart=_APART)
    answers = tuple(one if one == other and len(one) == 2 else None for one, other in zip(first, second, strict=False))
    answers += (None,) * (len(calls) - len(answers))
    return Reference(bug, tuple(calls), answers, telling=frozenset(_wrong(answers, damaged)))


async def _followed(problem: Problem, reference: Reference, tests: Sequence[str]) -> Reference:
    """The reference with what the function gives in tests."""
    package, bug = problem.package, reference.bug
    first = await asking.traces(package, package.shown, bug, tests)
    damaged = await asking.traces(package, _damaged(problem), bug, tests)
    await asking.later(package)
    second = await asking.traces(package, package.shown, bug, tests, apart=_APART)
    traces = tuple(one if one and one == other else None for one, other in zip(first, second, strict=True))
    telling = {len(reference.answers) + place for place in _wrong(traces, damaged)}
    return replace(reference, tests=tuple(tests), traces=traces, telling=reference.telling | telling)


def _damaged(problem: Problem) -> dict[str, bytes]:
    return {**problem.package.shown, **problem.damaged}


def _wrong(expected: Sequence[object], found: Sequence[object]) -> list[int]:
    """The places of those that are compared and not found as they are expected."""
    pairs = enumerate(zip_longest(expected, found[: len(expected)]))
    return [place for place, (one, other) in pairs if one is not None and one != other]


async def compare(problem: Problem, tree: Mapping[str, bytes]) -> Comparison:
    """How a candidate does what the damaged functions should do.

    Where something is done otherwise, all is done once more, by the original too, and the second time counts, where the
    original does what it did before: what hangs on the load of a machine, or on how long ago a call was recorded, must not cost
    a right repair its reward.

    Args:
        problem: the problem.
        tree: the candidate's sources.

    Raises:
        InfraError: no sandbox could run it.
    """
    known = await references(problem)
    parts = await asyncio.gather(*(_compared(problem.package, tree, reference) for reference in known))
    seen = {
        (reference.bug.path, reference.bug.outer) for reference, part in zip(known, parts, strict=True) if part.telling
    }
    return Comparison(
        compared=sum(part.compared for part in parts),
        wrong=sum(part.wrong for part in parts),
        telling=sum(part.telling for part in parts),
        mended=sum(part.mended for part in parts),
        unseen=tuple(bug for bug in _functions(problem) if (bug.path, bug.outer) not in seen),
    )


async def _compared(package: Package, tree: Mapping[str, bytes], reference: Reference) -> Comparison:
    wrong = await _wrong_in(package, tree, reference)
    if wrong:
        reference = await _as_before(package, reference)
        wrong = await _wrong_in(package, tree, reference)
    expected = (*reference.answers, *reference.traces)
    telling = {place for place in reference.telling if expected[place] is not None}
    return Comparison(reference.compared, len(wrong), len(telling), len(telling - wrong), ())


async def _wrong_in(package: Package, tree: Mapping[str, bytes], reference: Reference) -> set[int]:
    """The places, in answers and then traces, where a candidate does otherwise."""
    answers = await asking.answers(package, tree, reference.bug, reference.calls, patience=asking.PATIENCE)
    traces = await asking.traces(package, tree, reference.bug, reference.tests, patience=asking.PATIENCE)
    after = len(reference.answers)
    return {*_wrong(reference.answers, answers), *(after + place for place in _wrong(reference.traces, traces))}


async def _as_before(package: Package, reference: Reference) -> Reference:
    """The reference without what the original does otherwise today.

    Raises:
        InfraError: it did not answer all that it answered before. Then nothing is known, and nothing is paid.
    """
    shown = package.shown
    answers = await asking.answers(package, shown, reference.bug, reference.calls, patience=asking.PATIENCE)
    traces = await asking.traces(package, shown, reference.bug, reference.tests, patience=asking.PATIENCE)
    if _missing(reference.answers, answers) or _missing(reference.traces, traces):
        raise InfraError("the original function could not be asked again beside the repaired one")
    return replace(reference, answers=_kept(reference.answers, answers), traces=_kept(reference.traces, traces))


def _missing(expected: Sequence[object], found: Sequence[object]) -> bool:
    """Whether there is nothing at all where something is expected."""
    return any(one is not None and not other for one, other in zip_longest(expected, found[: len(expected)]))


def _kept(expected: Sequence[_A | None], found: Sequence[_A]) -> tuple[_A | None, ...]:
    """What is expected, None where something else is found."""
    return tuple(one if one == other else None for one, other in zip_longest(expected, found[: len(expected)]))
