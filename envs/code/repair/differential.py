"""The repaired function against the original one, called in processes of their own with the same arguments.

The arguments are those that the suite's tests call the function with, recorded on the original package: objects of the
package's too, methods' own instances among them. Original and candidate are then called with them, each in its own sandbox
and without any test or test runner, and the host compares hashes of all that came of each call: what was returned and what
became of the arguments, by structure and exact type. No object of the candidate's can say what it is equal to, and nothing in
its process knows what is expected.

Two others are asked as well. Where the damaged function answers as the original does, nothing here tells a repair from the
damage; where one that does nothing does, what the function is for is not seen. And of a function that a result holds, nothing
is told until it is called. In these cases the function is unseen, and a verdict must not rest on this comparison. It is then
followed, with what it gives away, through tests that expect nothing: what it does otherwise there is wrong, but a test runner is
near, and that it does the same is no proof.

Some arguments are changed a little too (`asking.vary`), so that no table of what the tests ask can stand in for the function. What
a repair does otherwise there may be right, since nobody said what is: such a repair is doubtful, as is one that gives away another
kind of function.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from weakref import WeakKeyDictionary

from textgym.core import InfraError
from textgym.envs.code.repair import asking
from textgym.envs.code.repair.asking import READABLE, Answer, Answers, known_names
from textgym.envs.code.repair.idling import idle
from textgym.envs.code.repair.problems import Bug, Package, Problem

_RETURNED = "value"
_BLIND, _CALLABLE = "blind", "callable"
_MOST_TESTS = 12
_APART = 2000
_REMEMBERED = 512

Expected = tuple[Answer | None, ...]
"""What came of calls; None where two runs differ, and nothing is compared."""


@dataclass(frozen=True)
class Reference:
    """What the original function does.

    Attributes:
        bug: which function it is.
        known: the underscored names that the package speaks of.
        calls: the arguments of calls, pickled in a sandbox for a sandbox and never loaded here. All of them are always made, in
            this order, since one may leave something for the next.
        answers: what came of each.
        varied: how many of the calls, at their end, are variants of others.
        tests: tests in which the function is followed, where the calls do not tell everything. Here, too, all are run.
        traces: what it gave in each.
        telling: the places, in answers and then traces, where the damaged function does otherwise.
        useful: those where a function that does nothing does otherwise.
    """

    bug: Bug
    known: tuple[str, ...] = ()
    calls: tuple[bytes, ...] = ()
    answers: Expected = ()
    varied: int = 0
    tests: tuple[str, ...] = ()
    traces: Expected = ()
    telling: frozenset[int] = frozenset()
    useful: frozenset[int] = frozenset()

    @property
    def expected(self) -> Expected:
        """Answers, and then traces."""
        return (*self.answers, *self.traces)

    @property
    def compared(self) -> int:
        """How many calls and tests are compared."""
        return sum(one is not None for one in self.expected)

    @property
    def recorded(self) -> range:
        """The places of what came of calls as they were recorded."""
        return range(len(self.answers) - self.varied)

    @property
    def variants(self) -> range:
        """The places of what came of their variants."""
        return range(len(self.answers) - self.varied, len(self.answers))

    @property
    def blind(self) -> set[int]:
        """The places of calls that gave away what would have to be called in its turn."""
        return {place for place, one in enumerate(self.answers) if one is not None and one[-1] == _BLIND}

    @property
    def sees_all(self) -> bool:
        """Whether calls alone tell the damage, and idleness, and give nothing away."""
        told = {place for place in self.recorded if self.answers[place] is not None}
        return bool(told & self.telling and told & self.useful) and not self.blind


@dataclass(frozen=True)
class Comparison:
    """How a candidate compares with the original.

    Attributes:
        compared: calls and tests that were compared.
        wrong: those in which it does otherwise.
        doubtful: those in which it does otherwise, and may do so.
        unlike: those in which it does the same but for the fine print: words of exceptions, and what a function that is written
            anew keeps under names with an underscore.
        telling: those in which the damaged function does otherwise, in the fine print at least.
        mended: how many of the telling ones it does exactly as the original.
        unseen: bugs whose functions are not seen well enough.
    """

    compared: int
    wrong: int
    doubtful: int
    unlike: int
    telling: int
    mended: int
    unseen: tuple[Bug, ...]

    @property
    def share(self) -> float:
        """The share of what the damage changed that is mended; 0 where anything else is done otherwise."""
        broken = self.wrong + self.doubtful + self.unlike - (self.telling - self.mended)
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
    if not found.sees_all:
        found = await _followed(problem, found, tests)
    return found if found.compared else None


async def _calls_again(problem: Problem, bug: Bug, tests: Sequence[str]) -> Reference:
    """A reference of calls that can be made again."""
    package, known = problem.package, known_names(problem.package, _damaged(problem))
    recorded = await asking.record_calls(problem, bug, tests)
    made = await asking.answers(package, package.shown, bug, recorded, known)
    calls = [call for call, answer in zip(recorded, made, strict=False) if len(answer) == READABLE]
    # A function that is written anew may do what its words leave open in its own way.
    varied = [] if bug.whole else await asking.vary(package, calls)
    calls += varied
    first, damaged, idler = await asyncio.gather(
        *(
            asking.answers(package, tree, bug, calls, known)
            for tree in (package.shown, _damaged(problem), _idle(problem, bug))
        )
    )
    await asking.later(package)
    second = await asking.answers(package, package.shown, bug, calls, known, apart=_APART)
    answers = _steady(first, second)
    answers += (None,) * (len(calls) - len(answers))
    asked = len(calls) - len(varied)
    answers = answers[:asked] + tuple(
        one if one and one[0] == _RETURNED and one[-1] != _BLIND else None for one in answers[asked:]
    )
    telling, useful = (frozenset(_unlike(answers[:asked], found)) for found in (damaged, idler))
    return Reference(bug, known, tuple(calls), answers, len(varied), telling=telling, useful=useful)


async def _followed(problem: Problem, reference: Reference, tests: Sequence[str]) -> Reference:
    """The reference with what the function gives in tests."""
    package, bug, known = problem.package, reference.bug, reference.known
    first, damaged, idler = await asyncio.gather(
        *(
            asking.traces(package, tree, bug, tests, known)
            for tree in (package.shown, _damaged(problem), _idle(problem, bug))
        )
    )
    await asking.later(package)
    second = await asking.traces(package, package.shown, bug, tests, known, apart=_APART)
    traces, after = _steady(first, second), len(reference.answers)
    telling, useful = ({after + place for place in _unlike(traces, found)} for found in (damaged, idler))
    return replace(
        reference,
        tests=tuple(tests),
        traces=traces,
        telling=reference.telling | telling,
        useful=reference.useful | useful,
    )


def _damaged(problem: Problem) -> dict[str, bytes]:
    return {**problem.package.shown, **problem.damaged}


def _idle(problem: Problem, bug: Bug) -> dict[str, bytes]:
    """The package with one function that does nothing."""
    shown = problem.package.shown
    return {**shown, bug.path: idle(shown[bug.path], bug.outer) or shown[bug.path]}


def _steady(first: Answers, second: Answers) -> Expected:
    """What is the same in two runs; the hash of the fine print is left empty where only that is not."""
    return tuple(
        None if len(one) != READABLE or one[:2] != other[:2] else one if one[2] == other[2] else (*one[:2], "", one[3])
        for one, other in zip(first, second, strict=False)
    )


def _pairs(expected: Expected, found: Answers) -> list[tuple[int, Answer, Answer]]:
    """What is compared, and what was found there."""
    pairs = enumerate(zip_longest(expected, found[: len(expected)]))
    return [(place, one, other or ()) for place, (one, other) in pairs if one is not None]


def _wrong(expected: Expected, found: Answers) -> set[int]:
    """The places where something else was found than is expected."""
    return {place for place, one, other in _pairs(expected, found) if one[:2] != other[:2]}


def _unlike(expected: Expected, found: Answers) -> set[int]:
    """The places where what was found is not exactly what is expected, to the fine print."""
    return {
        place
        for place, one, other in _pairs(expected, found)
        if one[:2] != other[:2] or (one[2] and one[2] != other[2])
    }


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
    seen = {(one.bug.path, one.bug.outer) for one, part in zip(known, parts, strict=True) if not part.unseen}
    return Comparison(
        compared=sum(part.compared for part in parts),
        wrong=sum(part.wrong for part in parts),
        doubtful=sum(part.doubtful for part in parts),
        unlike=sum(part.unlike for part in parts),
        telling=sum(part.telling for part in parts),
        mended=sum(part.mended for part in parts),
        unseen=tuple(bug for bug in _functions(problem) if (bug.path, bug.outer) not in seen),
    )


async def _compared(package: Package, tree: Mapping[str, bytes], reference: Reference) -> Comparison:
    answers, traces = await _asked(package, tree, reference)
    found = (*answers, *traces)
    if _unlike(reference.expected, found):
        reference = await _as_before(package, reference)
        answers, traces = await _asked(package, tree, reference)
        found = (*answers, *traces)
    variants = set(reference.variants)
    different, unlike = _wrong(reference.expected, found), _unlike(reference.expected, found) - variants
    given = {
        place for place in different & reference.blind if found[place][-1:] and found[place][-1] in (_BLIND, _CALLABLE)
    }
    followed = {place for place in different if place >= len(reference.answers)}
    doubtful = different & variants | given | (followed if given else set())
    telling = {place for place in reference.telling if reference.expected[place] is not None}
    return Comparison(
        compared=reference.compared,
        wrong=len(different - doubtful),
        doubtful=len(doubtful),
        unlike=len(unlike - different),
        telling=len(telling),
        mended=len(telling - unlike),
        unseen=() if reference.sees_all else (reference.bug,),
    )


async def _asked(package: Package, tree: Mapping[str, bytes], reference: Reference) -> tuple[Answers, Answers]:
    """What came of all calls, and what was seen in all tests; no words where nothing did."""
    bug, known = reference.bug, reference.known
    answers = await asking.answers(package, tree, bug, reference.calls, known, patience=asking.PATIENCE)
    traces = await asking.traces(package, tree, bug, reference.tests, known, patience=asking.PATIENCE)
    short = len(reference.answers) - len(answers)
    return (*answers, *[()] * short)[: len(reference.answers)], traces


async def _as_before(package: Package, reference: Reference) -> Reference:
    """The reference without what the original does otherwise today.

    Raises:
        InfraError: it did not answer all that it answered before. Then nothing is known, and nothing is paid.
    """
    answers, traces = await _asked(package, package.shown, reference)
    for expected, found in ((reference.answers, answers), (reference.traces, traces)):
        if any(not other for _, _, other in _pairs(expected, found)):
            raise InfraError("the original function could not be asked again beside the repaired one")
    return replace(reference, answers=_kept(reference.answers, answers), traces=_kept(reference.traces, traces))


def _kept(expected: Expected, found: Answers) -> Expected:
    """What is expected, without that of which something else is found."""
    wrong, unlike = _wrong(expected, found), _unlike(expected, found)
    return tuple(
        None if one is None or place in wrong else (*one[:2], "", one[3]) if place in unlike else one
        for place, one in enumerate(expected)
    )
