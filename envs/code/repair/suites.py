"""Test suites as text: where a test is in its file, and files without some of their tests."""

import ast
import io
import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from textgym.core import syntax

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class SuiteTest:
    """A test's id, taken apart.

    Attributes:
        path: the file.
        scope: classes around the function, outermost first.
        function: its name, without parameters.
        parameters: what stands in brackets, brackets included; empty where there are none.
    """

    path: str
    scope: tuple[str, ...]
    function: str
    parameters: str

    @classmethod
    def parse(cls, test_id: str) -> "SuiteTest":
        """The parts of an id as pytest writes it; of one that names no function, `function` is empty."""
        path, *names = test_id.partition("[")[0].split("::")
        bracket = test_id.find("[")
        parameters = test_id[bracket:] if bracket >= 0 else ""
        return cls(path, tuple(names[:-1]), names[-1] if names else "", parameters)


class SuiteFile:
    """A test file's source with the places of its functions.

    Attributes:
        text: the source.
    """

    def __init__(self, data: bytes) -> None:
        """Args: the file's bytes. Raises `ValueError` if it is no Python source in UTF-8."""
        self.text = data.decode()
        try:
            self._module = syntax.parse(self.text)
        except (SyntaxError, RecursionError, ValueError) as error:
            raise ValueError(f"no Python source: {error}") from None
        # As the parser counts lines; `splitlines` would also break them at form feeds and the like.
        self.lines = list(io.StringIO(self.text, newline=""))

    def find(self, name: SuiteTest) -> Function | None:
        """The function of a test; None where it cannot be found in the text, as an inherited one."""
        body = self._body(name.scope)
        found = None
        for node in _definitions(body or []):
            if isinstance(node, Function) and node.name == name.function:
                found = node
        return found

    def _body(self, scope: Iterable[str]) -> list[ast.stmt] | None:
        body: list[ast.stmt] = self._module.body
        for part in scope:
            classes = [node for node in _definitions(body) if isinstance(node, ast.ClassDef) and node.name == part]
            if not classes:
                return None
            body = classes[-1].body
        return body

    def value_of(self, name: str) -> ast.expr | None:
        """What a name is given at the top of the file; None where that is not done just once."""
        found = [
            node.value
            for node in self._module.body
            if isinstance(node, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
        ]
        return found[0] if len(found) == 1 else None

    def lines_of(self, node: Function) -> tuple[int, int]:
        """The first line of a function, decorators included, and the line behind its last one, both from 0."""
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        assert node.end_lineno is not None
        return first - 1, node.end_lineno

    def source_of(self, node: ast.AST) -> str:
        """The text of a node."""
        return ast.get_source_segment(self.text, node) or ""

    def without(self, names: Iterable[SuiteTest]) -> bytes | None:
        """The file without these tests' functions; None where one of them is not to be found in it."""
        cuts: dict[int, tuple[int, str]] = {}
        for name in names:
            node = self.find(name)
            if node is None:
                return None
            first, end = self.lines_of(node)
            indent = self.lines[node.lineno - 1][: node.col_offset]
            cuts[first] = (end, indent)
        lines = list(self.lines)
        for first, (end, indent) in sorted(cuts.items(), reverse=True):
            # The lines of a definition are its own. A class, or a branch of an `if`, must not be left without a statement.
            lines[first:end] = [f"{indent}pass\n"] if indent else []
        return "".join(lines).encode()


@lru_cache(8)
def suite_file(data: bytes) -> SuiteFile:
    """A test file, parsed once while it is in use. Raises as `SuiteFile`."""
    return SuiteFile(data)


def _definitions(body: Iterable[ast.stmt]) -> Iterable[ast.stmt]:
    """The statements of a body, and those within its branches."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With | ast.For | ast.While):
            inner = [*node.body, *getattr(node, "orelse", []), *getattr(node, "finalbody", [])]
            for handler in getattr(node, "handlers", []):
                inner += handler.body
            yield from _definitions(inner)


def without_tests(files: Mapping[str, bytes], hidden: Iterable[str]) -> dict[str, bytes]:
    """A tree without these tests; a file from which one cannot be cut out is left out as a whole.

    Args:
        files: the tree.
        hidden: ids of tests. Those in files that are not in the tree are passed over.
    """
    by_file: dict[str, list[SuiteTest]] = {}
    for test_id in hidden:
        name = SuiteTest.parse(test_id)
        by_file.setdefault(name.path, []).append(name)
    tree = dict(files)
    for path, names in by_file.items():
        if path not in tree:
            continue
        try:
            left = suite_file(tree[path]).without(names)
        except ValueError:
            left = None
        if left is None:
            del tree[path]
        else:
            tree[path] = left
    return tree


def uses_conftest(files: Iterable[str]) -> bool:
    """Whether a tree has a file of fixtures that pytest would load by itself."""
    return any(posixpath.basename(path) == "conftest.py" for path in files)
