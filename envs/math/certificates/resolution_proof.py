"""The ResolutionProof environment: refute a set of clauses, step by step."""

import re
from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

Clause = frozenset[int]
"""Literals: variable `v`, counted from 1, as `v`, its negation as `-v`."""

_STEP = re.compile(r"\s*([0-9]{1,4})(?:\s*,\s*|\s+)([0-9]{1,4})\s*", re.ASCII)
_MOST_STEPS = 300
_LONGEST = 6_000


class ResolutionProofConfig(LevelledConfig):
    """Knobs of ResolutionProof."""

    levels: ClassVar[Levels] = {
        "easy": {"variables": 4, "steps": 5, "extra": 2},
        "medium": {"variables": 6, "steps": 9, "extra": 4},
        "hard": {"variables": 9, "steps": 18, "extra": 8},
    }

    variables: int = Field(6, ge=3, le=20, description="variables; 4, 6 or 9 by difficulty")
    steps: int = Field(9, ge=3, le=60, description="steps of the refutation that is known; 5, 9 or 18 by difficulty")
    extra: int = Field(4, ge=0, le=40, description="clauses that it does not need; 2, 4 or 8 by difficulty")
    width: int = Field(3, ge=2, le=5, description="most literals in a clause")


class ResolutionProof(SingleAnswer[ResolutionProofConfig]):
    """Prove that some clauses cannot all be true, by resolution.

    Observation: the clauses, numbered, and the rule.
    Action: the steps, each as the numbers of the two clauses that it resolves, separated by semicolons or new lines, in one
        <answer></answer>; each step makes a clause with the next free number. Text outside the tags is not read; an action
        without exactly one such pair, or in another form, is invalid.
    Reward: 1 if every step resolves two clauses that are there on the one variable in which they clash, and the last step
        makes the empty clause; else 0. The steps are carried out: any refutation is right.
    Ends: after the answer.
    Splits: by the tree of the refutation that is known, without variables.
    Oracle: gives that refutation.

    Clauses are made from the end: the empty clause is split on a variable into two that resolve to it, and these again. There
    may be shorter refutations. The difficulty of a task is the number of steps of the one that is known.
    """

    answer_form = "the steps, two numbers each, separated by semicolons, such as 1 2; 3 7"

    def generate(self, rng: Random) -> Task:
        config = self.config
        tree = _grow(config.variables, config.steps, config.width, rng)
        family = rng.claim(f"resolution {config.width} {_shape(tree)}")
        needed = list(dict.fromkeys(_leaves(tree)))
        clauses = needed + _extra(config, needed, rng)
        rng.shuffle(clauses)
        steps: list[tuple[int, int]] = []
        _write(tree, clauses, steps)
        lines = "\n".join(f"{at}. {_say(clause)}" for at, clause in enumerate(clauses, 1))
        return Task(
            prompt=self.ask(
                f"These clauses cannot all be true:\n\n{lines}\n\nProve it by resolution. A step takes two clauses of which one "
                "holds a variable and the other its negation, and makes a new clause of all their other parts, each once; the "
                "two may clash in no other variable. The new clause gets the next free number, "
                f"{len(clauses) + 1} for the first step. The last step must make the empty clause. Write each step as the "
                "numbers of its two clauses."
            ),
            secret={"answer": "; ".join(f"{one} {two}" for one, two in steps)},
            data={"clauses": [sorted(clause, key=abs) for clause in clauses]},
            family=family,
            difficulty=len(steps),
        )

    def judge(self, task: Task, answer: str) -> bool:
        return refutes([frozenset(clause) for clause in task.data["clauses"]], _read(answer))

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        count = len(task.data["clauses"])
        steps = [rng.sample(range(1, count + at + 1), 2) for at in range(self.config.steps)]
        return committed("; ".join(f"{one} {two}" for one, two in steps))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        count = len(task.data["clauses"])
        answer: str = task.secret["answer"]
        last = f"{count + 1} {count + 1}"
        return super().cheats(task) | {
            "a clause with itself": [committed("1 1"), committed("; ".join(["1 1"] * 50))],
            "clauses to come": [committed(f"{count + 1} {count + 2}"), committed(last)],
            "no clause": [committed("0 0"), committed(f"{count * 2} 9999")],
            "all but the last step": [committed(answer.rpartition(";")[0])],
            "only the last step": [committed(answer.rpartition(";")[2])],
            "one step more": [committed(f"{answer}; 1 2")],
        }


Tree = tuple[Clause, "Tree | None", "Tree | None"]
"""A clause and, unless it is given, the two that resolve to it."""


def resolve(one: Clause, two: Clause) -> Clause | None:
    """The resolvent of two clauses; None unless they clash in exactly one variable."""
    clash = [literal for literal in one if -literal in two]
    return (one | two) - {clash[0], -clash[0]} if len(clash) == 1 else None


def refutes(clauses: Sequence[Clause], steps: Sequence[tuple[int, int]]) -> bool:
    """Whether the steps are lawful and the last one makes the empty clause. Clauses are counted from 1."""
    known = list(clauses)
    for one, two in steps:
        if not (1 <= one <= len(known) and 1 <= two <= len(known)):
            return False
        made = resolve(known[one - 1], known[two - 1])
        if made is None:
            return False
        known.append(made)
    return len(known) > len(clauses) and not known[-1]


def _grow(variables: int, steps: int, width: int, rng: Random) -> Tree:
    """A refutation of so many steps, from its end: the narrowest open clause is split, so that no unit is left for free.

    Raises:
        RedrawError: every clause is too wide to be split before there are enough steps.
    """
    nodes: list[tuple[Clause, int, int]] = [(frozenset(), -1, -1)]
    open_nodes = [0]
    for _ in range(steps):
        fewest = min(len(nodes[at][0]) for at in open_nodes)
        at = rng.choice([at for at in open_nodes if len(nodes[at][0]) == fewest])
        clause = nodes[at][0]
        free = [variable for variable in range(1, variables + 1) if variable not in clause and -variable not in clause]
        if not free:
            raise RedrawError("every variable is used up")
        variable = rng.choice(free)
        left, right = {variable}, {-variable}
        for literal in sorted(clause, key=abs):
            side = rng.randrange(3)
            if side != 1:
                left.add(literal)
            if side != 0:
                right.add(literal)
        if max(len(left), len(right)) > width:
            raise RedrawError("a clause is too wide")
        open_nodes.remove(at)
        nodes[at] = clause, len(nodes), len(nodes) + 1
        open_nodes += [len(nodes), len(nodes) + 1]
        nodes += [(frozenset(left), -1, -1), (frozenset(right), -1, -1)]
    return _tree(nodes, 0)


def _tree(nodes: list[tuple[Clause, int, int]], at: int) -> Tree:
    clause, left, right = nodes[at]
    return (clause, None, None) if left < 0 else (clause, _tree(nodes, left), _tree(nodes, right))


def _leaves(tree: Tree) -> list[Clause]:
    clause, left, right = tree
    return [clause] if left is None or right is None else _leaves(left) + _leaves(right)


def _shape(tree: Tree) -> str:
    """The tree in brackets, the width of each given clause as a number, the lesser branch first."""
    clause, left, right = tree
    if left is None or right is None:
        return str(len(clause))
    return f"({' '.join(sorted((_shape(left), _shape(right))))})"


def _write(tree: Tree, clauses: list[Clause], steps: list[tuple[int, int]]) -> int:
    """Append the steps that make the clause of a tree; its number."""
    clause, left, right = tree
    if left is None or right is None:
        return clauses.index(clause) + 1
    one, two = _write(left, clauses, steps), _write(right, clauses, steps)
    steps.append((one, two))
    return len(clauses) + len(steps)


def _extra(config: ResolutionProofConfig, taken: list[Clause], rng: Random) -> list[Clause]:
    """Random clauses of full width that are not there yet, as far as that is possible."""
    found: list[Clause] = []
    width = min(config.width, config.variables)
    for _ in range(10 * config.extra):
        if len(found) == config.extra:
            break
        some = rng.sample(range(1, config.variables + 1), width)
        clause = frozenset(variable if rng.getrandbits(1) else -variable for variable in some)
        if clause not in taken and clause not in found:
            found.append(clause)
    return found


def _say(clause: Clause) -> str:
    return " or ".join(f"x{literal}" if literal > 0 else f"not x{-literal}" for literal in sorted(clause, key=abs))


def _read(text: str) -> list[tuple[int, int]]:
    parts = text.replace("\n", ";").split(";") if len(text) <= _LONGEST else []
    found = [_STEP.fullmatch(part) for part in parts if part.strip()]
    steps = [(int(match[1]), int(match[2])) for match in found if match is not None]
    if not 0 < len(steps) == len(found) <= _MOST_STEPS:
        raise Unreadable(f"Those are not steps of two numbers each, at most {_MOST_STEPS}.")
    return steps
