"""Runs a policy's program on inputs in the sandbox, and says what came of it."""

from collections.abc import Sequence

from textgym.envs.code.functions.rendering import Rendered
from textgym.graders.code.box import box
from textgym.sandbox import Case, Graded, Limits

LIMITS = Limits(wall_s=10.0, cpu_s=2.0, memory_mb=256, processes=4, file_mb=1, output_kb=64, result_kb=512)
"""Of one program on all inputs together. References need a thousandth of it."""

_SHOWN_CHARS = 400


async def judge(code: str, entry: str, cases: Sequence[Case], seed: int) -> Graded:
    """The verdict on a program.

    Raises:
        InfraError: the sandbox failed; nothing is known about the program.
    """
    graded = await (await box()).agrade_cases(code, entry, cases, limits=LIMITS, seed=seed)
    return graded.raise_for_infra()


def report(rendered: Rendered, cases: Sequence[Case], graded: Graded) -> str:
    """What a program did on examples that are shown anyway; for a run on these examples alone.

    The program knows the inputs of its own process and may put them into what it returns or raises, so that a run which saw
    hidden inputs must not be reported.
    """
    first = graded.per_case[0]
    if first.status == "unloadable":
        return f"Your program cannot be loaded: it {_cut(first.detail)}."
    lines = []
    for case, verdict in zip(cases, graded.per_case, strict=True):
        if verdict.passed:
            lines.append(f"{rendered.call(case)}: right")
        elif verdict.status in ("wrong", "raised", "refused"):
            lines.append(f"{rendered.call(case)}: it {_cut(verdict.detail)}, should return {case.expected!r}")
        else:
            lines.append(f"{rendered.call(case)}: no result ({verdict.status})")
    return "\n".join(lines)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]}..."
