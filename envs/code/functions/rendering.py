"""A problem as text: the program under its names and with its docstring, and examples of what it should do."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from textgym.envs.code.functions.bank import Bug, Problem, Splice, spliced
from textgym.envs.code.functions.family import last_function, with_docstring
from textgym.envs.code.functions.naming import new_names, renamed, renamed_text
from textgym.envs.code.mutation import parse
from textgym.sandbox import Case
from textgym.sandbox.driver import encode


@dataclass(frozen=True)
class Rendered:
    """A problem under chosen names and in chosen words.

    Attributes:
        problem: the problem.
        entry: the name of the function asked for.
        docstring: what it does.
    """

    problem: Problem
    names: dict[str, str]
    entry: str
    docstring: str

    @classmethod
    def of(cls, problem: Problem, style: str, wording: int) -> "Rendered":
        """The problem in one of the `STYLES` and one of its family's wordings."""
        names = new_names(problem.source, style)
        text = renamed_text(problem.family.docstring(problem.variant, wording), names)
        return cls(problem, names, names.get(problem.entry, problem.entry), text)

    def reference(self) -> str:
        """The reference with its docstring."""
        return self.program(())

    def buggy(self, bug: Bug) -> str:
        """The reference with a bug and its docstring."""
        return self.program(bug.splices)

    def program(self, splices: Sequence[Splice]) -> str:
        """The reference with replacements, given from left to right, and its docstring."""
        return with_docstring(renamed(spliced(self.problem.source, splices), self.names), self.docstring)

    def stub(self) -> str:
        """The signature and the docstring, without a body."""
        source = renamed(self.problem.source, self.names)
        function = last_function(parse(source))
        head = source.splitlines(keepends=True)[function.lineno - 1 : function.body[0].lineno - 1]
        whole = with_docstring("".join(head) + "    pass\n", self.docstring)
        return whole.removesuffix("    pass\n")

    def examples(self, cases: Sequence[Case]) -> str:
        """One line an example."""
        return "\n".join(f"{self.call(case)} -> {case.expected!r}" for case in cases)

    def call(self, case: Case) -> str:
        """The call of a case, as Python."""
        return f"{self.entry}({', '.join(map(repr, case.args))})"


def stored_case(case: Case) -> str:
    """A case as one text, for a task's secret."""
    return json.dumps([encode(list(case.args)), encode(case.expected)])
