"""The other process: plays and continues episodes on request. Run as `python -m textgym.diagnostics.worker`.

The first line on standard input is the target; each further line is a request, answered by one line on standard output.
An environment that prints cannot disturb the conversation: its output goes to standard error.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

from textgym.core import Live
from textgym.diagnostics.canonical import canonical
from textgym.diagnostics.playing import Place, play
from textgym.diagnostics.target import Target


def transcripts(target: Target, request: dict[str, Any]) -> list[list[str]]:
    """The lines of scripted episodes, each played in the order given by one environment object."""
    env = target.make()
    try:
        return [play(env, Place(**place), request["seed"]).lines for place in request["places"]]
    finally:
        env.close()


def continuations(target: Target, request: dict[str, Any]) -> list[list[str]]:
    """For each saved episode and the actions that followed, what these actions lead to here."""
    env = target.make()
    try:
        return [continued(env, item["snapshot"], item["actions"]) for item in request["items"]]
    finally:
        env.close()


def continued(env: Any, snapshot: Any, actions: list[str]) -> list[str]:
    """Restore and act; one line a step with the result and the snapshot after it, clocks left out."""
    live = Live.from_snapshot(env, snapshot)
    env.remember(live.task)
    lines = [canonical(without_clock(live.snapshot()))]
    for action in actions:
        result = live.step(action)
        lines.append(canonical([result, without_clock(live.snapshot())]))
    live.close()
    return lines


def without_clock(snapshot: Any) -> dict[str, Any]:
    """A snapshot without the seconds that passed, which no two runs share."""
    return {name: value for name, value in snapshot.items() if name != "elapsed"}


REQUESTS: dict[str, Callable[[Target, dict[str, Any]], list[list[str]]]] = {
    "transcripts": transcripts,
    "continuations": continuations,
}


def serve() -> None:
    """Answer requests until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    target: Target | None = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if target is None:
                target = Target.from_json(request)
                continue
            answer: dict[str, Any] = {"answer": REQUESTS[request["ask"]](target, request)}
        except Exception:
            answer = {"error": traceback.format_exc(limit=-3)}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    serve()
