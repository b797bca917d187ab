"""Math-Verify's own test cases, fetched when they are asked for, and an adapter that takes the answers out of their texts.

The cases hold whole solutions, and conventions of their own: percent signs and units are dropped, decimals are rounded,
a decimal comma is read, boxes beside one another are one list. Nothing of their text is kept here; `CONTESTED` names the
ones that are left out, and why.
"""

import ast
import hashlib
import math
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from textgym.graders.extraction import boxed
from textgym.graders.math import MathOptions, compare_math

SDIST = "math_verify-0.9.0.tar.gz"
SHA256 = "45ac6c61344ba056b9e99a660a4bc8d044ed408f730aed68c60435aa5eec4645"
CONTESTED = {
    "test_yujianll.test_string_extraction[9]": "calls a sum and a difference with Euler's number equal",
    "test_all.test_latex_notation[5]": "expects 0 for an equal answer, for a line break between dollar signs",
    "test_all.test_latex_notation[6]": "expects 0 for an equal answer, for a line break between brackets of LaTeX",
}
_KINDS = {
    "test_number_extraction": ("expr",),
    "test_latex_notation": ("latex",),
    "test_sets_handling": ("latex", "expr"),
}
_NAMES = ("gold", "pred")


@dataclass(frozen=True)
class Case:
    """One row of a parametrised test."""

    id: str
    function: str
    gold: str
    pred: str
    equal: bool
    strict: bool = True
    set_from_relation: bool = False


def fetch(folder: Path) -> Path:
    """Math-Verify's source distribution from PyPI, checked against its hash; raises OSError where it cannot be had."""
    path = folder / SDIST
    if not path.exists():
        command = [sys.executable, "-m", "pip", "download", "math-verify==0.9.0", "--no-deps", "--no-binary", ":all:"]
        run = subprocess.run([*command, "--dest", str(folder), "-q"], capture_output=True, text=True, timeout=300)
        if run.returncode:
            raise OSError(run.stderr[-500:])
    if hashlib.sha256(path.read_bytes()).hexdigest() != SHA256:
        raise OSError(f"{SDIST} is another file than the one that the cases were counted in")
    return path


def cases(folder: Path | None = None) -> list[Case]:
    """All cases that compare two answers, the contested ones among them."""
    with tempfile.TemporaryDirectory() as made:
        found: list[Case] = []
        with tarfile.open(fetch(folder or Path(made))) as archive:
            for member in sorted(archive.getmembers(), key=lambda one: one.name):
                name = Path(member.name)
                if (
                    name.parent.name == "tests"
                    and name.name.startswith("test_")
                    and (file := archive.extractfile(member))
                ):
                    found += _of_module(name.stem, file.read().decode())
        return found


def _of_module(module: str, source: str) -> list[Case]:
    found = []
    for function in ast.parse(source).body:
        if not isinstance(function, ast.FunctionDef):
            continue
        for decorator in function.decorator_list:
            if not (
                isinstance(decorator, ast.Call) and len(decorator.args) == 2 and isinstance(decorator.args[1], ast.List)
            ):
                continue
            names = [name.strip() for name in ast.literal_eval(decorator.args[0]).split(",")]
            if tuple(names[:2]) != _NAMES:
                continue
            for number, row in enumerate(decorator.args[1].elts):
                given = dict(zip(names, (_literal(value) for value in row.elts), strict=True))
                found.append(
                    Case(
                        f"{module}.{function.name}[{number}]",
                        function.name,
                        given["gold"],
                        given["pred"],
                        bool(given.get("expected", given.get("result"))),
                        given.get("strict", True),
                        given.get("allow_set_relation_comp", False),
                    )
                )
    return found


def _literal(node: ast.expr) -> object:
    if isinstance(node, ast.JoinedStr):
        return "".join(
            value.value if isinstance(value, ast.Constant) else f"{math.sqrt(17):.15f}" for value in node.values
        )
    return ast.literal_eval(node)


# -- the adapter -----------------------------------------------------------------------------------------------------------

_BETWEEN = re.compile(r"[^\n]{0,45}?", re.DOTALL)
_ANSWER = re.compile(r"(?:final answer is|answer is|Final Answer:)[ :*]*", re.IGNORECASE)
_LATEX = re.compile(
    r"\$\$(.{1,4000}?)\$\$|(?<!\\)\$((?:[^$\n]|\\\$){1,2000}?(?<!\\))\$|\\\[(.{1,4000}?)\\\]|\\\(((?:(?!\\\)).){1,2000}?)\\\)",
    re.DOTALL,
)
_EXPRESSION = re.compile(
    r"(?<![A-Za-z\d])[-+]?(?:\$ ?)?(?:\d{1,3}(?:[ ,]\d{3})+(?!\d)(?:\.\d+)?|\d+[.,]\d+|\.\d+|\d+)(?: ?/ ?\d+)?(?: ?(?:%|percent|pct))?(?=m²|[^\dA-Za-z]|$)"
)


def compare(case: Case) -> bool:
    """Our verdict about a case."""
    options = MathOptions(
        percent="number",
        decimals="rounded",
        decimal_comma=True,
        rename=not case.strict,
        inequality_for_set=case.set_from_relation,
    )
    kinds = _KINDS.get(case.function, ("latex", "expr"))
    gold, pred = answer_in(case.gold, kinds), answer_in(case.pred, kinds)
    return bool(gold and pred and compare_math(gold, pred, options))


def answer_in(text: str, kinds: tuple[str, ...]) -> str | None:
    """The answer in a solution: in its last boxes, else announced, else the last formula, else the last number."""
    if r"\\" in text and r"\begin" not in text:
        text = re.sub(r"\\\\(?=[A-Za-z(\[{}])", r"\\", text)
    announced = [match.end() for match in _ANSWER.finditer(text)]
    late = announced and announced[-1] > text.rfind(r"\boxed")
    if "latex" in kinds and not late and (boxes := _last_boxes(text)):
        return boxes
    if announced:
        rest = re.split(r"I hope it is correct|\n\n|\. [A-Z]", text[announced[-1] :])[0]
        if found := _last(rest, kinds):
            return found
    return _last(text, kinds)


def _last(text: str, kinds: tuple[str, ...]) -> str | None:
    if text.lstrip("-").startswith("\\frac") or ("=" in text and " " not in text and "$" not in text):
        return text  # LaTeX and equations without anything around them
    formulas = list(_LATEX.finditer(text)) if "latex" in kinds else []
    numbers = list(_EXPRESSION.finditer(text)) if "expr" in kinds else []
    if formulas:
        first = len(formulas) - 1
        while first and _joins(text[formulas[first - 1].end() : formulas[first].start()]):
            first -= 1
        found = [next(group for group in match.groups() if group is not None) for match in formulas[first:]]
        found = [re.sub(r".*\\\$ *=", "", one) for one in found]  # a stray dollar sign ends what stands before it
        if not numbers or numbers[-1].start() < formulas[-1].end() + 1:
            return " , ".join(found).strip() if len(found) > 1 else f"${found[0].strip()}$"
    return numbers[-1][0] if numbers else None


def _joins(between: str) -> bool:
    return re.fullmatch(r"\s*(?:,|;|,? ?(?:and|or))\s*", between) is not None


def _last_boxes(text: str) -> str | None:
    contents = boxed(text)
    if not contents and r"\boxed{" in text:
        contents = [text[text.rindex(r"\boxed{") + 7 :]]
    if not contents:
        return None
    kept = [contents[-1]]
    place = text.rfind(contents[-1])
    for content in reversed(contents[:-1]):
        before = text.rfind(content, 0, place - 7)
        between = text[before + len(content) + 1 : place - 7]
        plain = re.sub(r"\\[a-z]+|[{}$\\,()\[\]. ]", " ", between)
        if before < 0 or len(between) > 45 or len(plain.split()) > 4:
            break
        kept.insert(0, content)
        place = before
    distinct = list(dict.fromkeys(one.strip() for one in kept))
    return f"${distinct[0]}$" if len(distinct) == 1 else " , ".join(distinct)
