"""`python`: a function of the author's, run in the sandbox."""

import json
import math
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator

from textgym.core.errors import InfraError
from textgym.core.outcome import Score
from textgym.graders.base import Bounds, Grader, passed
from textgym.graders.code.box import box
from textgym.graders.errors import Invalid
from textgym.graders.sample import Item, Sample, SampleNames
from textgym.sandbox import Call, Limits, RunResult, SandboxError
from textgym.sandbox.starvation import acall_fairly

LONGEST_SOURCE = 256 * 1024
"""Bytes of a source; the hosted graders' limit."""
LONGEST_RUN = 120.0
"""Seconds that a source may run; the hosted graders' limit."""
UNDECLARED: Bounds = (-1e9, 1e9)
"""The bounds of a source that declares no range: as good as none, but finite."""
_MEMORY_MB = 512
_LARGEST_INPUT = 64 << 20


class PythonGrader(Grader):
    """The number that the source's `grade(sample, item)` returns, run in the sandbox without a network.

    `sample` is a dict with `output_text`, `output_tools`, `choices`, `output_json` where the output is JSON, and `messages`
    and `artifacts` where there are any; `item` is the row of data. The number comes back on a channel of its own: what the
    source prints means nothing. Modules beside Python's own must be in the sandbox's image.

    Attributes:
        source: Python source that defines `grade(sample, item)`; at most 256 kB.
        image_tag: an image of OpenAI's; kept for the way back to them, and without meaning here.
        range: the least and greatest value that the source returns. Without it the bounds are as good as none.
        timeout_s: how long the source may run, in seconds.
    """

    waits_itself = True

    type: Literal["python"] = "python"
    source: str
    image_tag: str | None = None
    range: tuple[float, float] | None = None
    timeout_s: float = Field(LONGEST_RUN, gt=0, le=LONGEST_RUN)

    @field_validator("source")
    @classmethod
    def _short(cls, source: str) -> str:
        size = len(source.encode("utf-8", "surrogatepass"))
        if size > LONGEST_SOURCE:
            raise ValueError(f"the source has {size:,} bytes; at most {LONGEST_SOURCE:,} are run")
        return source

    @field_validator("range")
    @classmethod
    def _ordered(cls, given: tuple[float, float] | None) -> tuple[float, float] | None:
        if given is not None and not (math.isfinite(given[0]) and math.isfinite(given[1]) and given[0] <= given[1]):
            raise ValueError("a range is the least and the greatest value, both finite")
        return given

    @property
    def bounds(self) -> Bounds:
        return self.range or UNDECLARED

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        try:
            asked = json.dumps({"source": self.source, "sample": _as_given(sample), "item": dict(item)}).encode()
        except (TypeError, ValueError, RecursionError) as error:
            raise Invalid("error", f"item and sample must be JSON values: {error}", code="sample_parse_error") from None
        if len(asked) > _LARGEST_INPUT:
            reason = f"item and sample have {len(asked):,} bytes; at most {_LARGEST_INPUT:,} are given to a source"
            raise Invalid("error", reason, code="sample_parse_error")
        limits = Limits(wall_s=self.timeout_s, cpu_s=self.timeout_s, memory_mb=_MEMORY_MB, result_kb=64)
        try:
            ended = await acall_fairly(await box(), Call(source=_guest(), stdin=asked, limits=limits, result=True))
        except (InfraError, SandboxError) as error:
            raise Invalid("error", str(error), code="python_grader_server_error") from None
        return passed(_value(ended, self.timeout_s))


def _as_given(sample: Sample) -> dict[str, Any]:
    names = dict(SampleNames(sample))
    keep = ("output_text", "output_tools", "choices")
    return {name: value for name, value in names.items() if name in keep or value not in (None, [], {})}


@cache
def _guest() -> bytes:
    return Path(__file__).with_name("python_guest.py").read_bytes()


def _value(ended: RunResult, timeout_s: float) -> float:
    """The number that a run gave.

    Raises:
        Invalid: it gave none; the code tells whether the source is at fault or the machinery.
    """
    if ended.status in ("lost", "setup_error"):
        raise Invalid("error", f"the sandbox could not run it: {ended.detail}", code="python_grader_server_error")
    if ended.status in ("timeout", "cpu"):
        reason = f"the source took longer than {timeout_s:g} seconds"
        raise Invalid("timeout", reason, code="python_grader_runtime_error")
    if ended.status != "exit":
        reason = f"the source was ended: {ended.status.replace('_', ' ')} {ended.detail}".strip()
        raise Invalid("error", reason, code="python_grader_runtime_error")
    match _told(ended.result):
        case {"value": str(text)} if len(text) < 40:
            try:
                value = float(text)
            except ValueError:
                value = math.nan
            if not math.isfinite(value):
                raise Invalid("error", f"grade() returned {text}, no finite number", code="unresponsive_reward_error")
            return value
        case {"raised": str(words), "line": line}:
            where = f"line {line}: " if isinstance(line, int) else ""
            raise Invalid("error", f"{where}{words}", code="python_grader_runtime_error")
        case {"no_number": str(words)}:
            raise Invalid("error", f"grade() returned {words}, which is no number", code="unresponsive_reward_error")
    reason = f"the source ended, with code {ended.exit_code}, before grade() had returned"
    raise Invalid("error", reason, code="python_grader_runtime_error")


def _told(result: bytes | None) -> Any:
    try:
        return json.loads(result or b"null")
    except (ValueError, RecursionError):
        return None
