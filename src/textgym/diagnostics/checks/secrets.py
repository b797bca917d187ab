"""No secret reaches a policy, or what a policy's log may show. `textgym.diagnostics.leaks` says how it is searched."""

import json
import pickle
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import Any

from textgym.core import Live, StepResult, Task, TextEnv
from textgym.diagnostics.battery import CheckFailed, NotApplicable, demand, proof
from textgym.diagnostics.canonical import canonical
from textgym.diagnostics.leaks import find_leaks, needles
from textgym.diagnostics.playing import MALFORMED, scripted_action, turn_of
from textgym.diagnostics.subject import Subject

_TASKS = 60
_ENOUGH_PAIRS = 30
_STEPS = 30


def _search(subject: Subject, surfaces: Callable[[TextEnv[Any, Any], Task], dict[str, str]]) -> str:
    """Search what `surfaces` shows of some tasks for their secrets."""
    tasks = [task for task in subject.some_tasks(_TASKS) if needles(task.secret)]
    if not tasks:
        raise NotApplicable("the tasks have no secret")
    env = subject.make_at_hand()
    shown = [surfaces(env, task) for task in tasks]
    env.close()
    leaks = find_leaks([task.secret for task in tasks], shown)
    demand(not leaks, "; ".join(map(str, leaks[:5])))
    count = sum(len(text) for item in shown for text in item.values())
    return (
        f"{count:,} characters of {len(tasks)} tasks searched for {len(needles(tasks[0].secret))} parts of each secret"
    )


def _ignorant(subject: Subject, env: TextEnv[Any, Any], task: Task) -> Iterator[tuple[Live, StepResult]]:
    """Every step of three episodes by who knows nothing: one who does nothing, one who makes no sense, one who guesses.

    Steps that raise are left to the checks of attacks, and steps that solve the task to nobody: who solved it knows it.
    """
    speakers: tuple[Callable[[Live, int], str], ...] = (
        lambda live, number: env.noop_action,
        lambda live, number: MALFORMED[number % len(MALFORMED)],
        lambda live, number: scripted_action(live, "random", number, subject.seed),
    )
    for speak in speakers:
        live = env.start(task)
        for number in range(min(env.max_turns, _STEPS)):
            result = _answer(live, speak(live, number))
            outcome = live.outcome
            if result is not None and not (outcome is not None and outcome.success):
                yield live, result
            if live.ended:
                break
        live.close()


def _answer(live: Live, action: str) -> StepResult | None:
    try:
        return live.step(action)
    except Exception:
        return None


@proof
def secret_observation(subject: Subject) -> str:
    """The opening, the tools and the answers to ignorant actions do not contain the secret, until the episode is over."""
    if subject.env.answer_in_prompt:
        raise NotApplicable("the environment declares answer_in_prompt")

    def surfaces(env: TextEnv[Any, Any], task: Task) -> dict[str, str]:
        # What is revealed when the episode has ended comes too late to help.
        answers = [result[0] for live, result in _ignorant(subject, env, task) if not live.ended]
        return {
            "first observation": env.start(task).observation,
            "tool schemas": canonical(env.tool_schemas()),
            "answers to ignorant actions": "\n".join(answers),
        }

    return _search(subject, surfaces)


@proof
def secret_info(subject: Subject) -> str:
    """No info contains the secret, the last one with its outcome included."""

    def surfaces(env: TextEnv[Any, Any], task: Task) -> dict[str, str]:
        _, info = env.reset(options={"split": task.split, "index": task.index})
        infos = [info, *(result[4] for _, result in _ignorant(subject, env, task))]
        return {"infos": "\n".join(canonical(_without_id(info)) for info in infos)}

    return _search(subject, surfaces)


def _without_id(info: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in info.items() if name != "task_id"}


@proof
def secret_repr(subject: Subject) -> str:
    """`repr` and `str` of environment, task and episode, and the task as JSON, do not contain the secret."""

    def surfaces(env: TextEnv[Any, Any], task: Task) -> dict[str, str]:
        env.reset(options={"split": task.split, "index": task.index})
        live = env.episode
        texts = {
            "repr of the environment": f"{env!r}\n{env}",
            "repr of the task": f"{task!r}\n{task}",
            "JSON of the task": task.model_dump_json(),
            "repr of the episode": f"{live!r}\n{live}",
        }
        return {name: _without_place(text, task) for name, text in texts.items()}

    return _search(subject, lambda env, task: _without_prompt(subject, surfaces(env, task), task))


def _without_place(text: str, task: Task) -> str:
    """Text without the task's id and index, which tell its place and nothing of its contents."""
    return text.replace(task.id, "").replace(f"index={task.index} ", "").replace(f'"index":{task.index}', "")


def _without_prompt(subject: Subject, surfaces: dict[str, str], task: Task) -> dict[str, str]:
    """Leave the prompt to `secret_observation`, so that one leak is reported once; and public data, where it may tell."""
    written = [repr(task.prompt), json.dumps(task.prompt, ensure_ascii=False), task.prompt]
    if subject.env.answer_in_prompt:
        written += [repr(task.data), json.dumps(task.data, ensure_ascii=False, separators=(",", ":"))]
    for form in written:
        surfaces = {name: text.replace(form, "") for name, text in surfaces.items()}
    return surfaces


@proof
def secret_errors(subject: Subject) -> str:
    """The texts of errors, from wrong actions to unusable snapshots, do not contain the secret."""

    def surfaces(env: TextEnv[Any, Any], task: Task) -> dict[str, str]:
        env.reset(options={"split": task.split, "index": task.index})
        snapshot = json.dumps({**env.snapshot(), "state": {"no_such_field": 1}})
        errors = [
            _error(lambda: env.step(None)),  # type: ignore[arg-type]
            _error(lambda: env.restore(snapshot)),
            _error(lambda: env.reset(options={"task_id": f"{task.id}x"})),
        ]
        live = env.start(task)
        for number in range(env.max_turns + 1):  # the last is one too many
            action = MALFORMED[number % len(MALFORMED)]
            errors.append(_error(partial(live.step, action)))
        outcome = live.outcome
        errors.append("" if outcome is None else outcome.error or "")
        return {"error texts": _without_place("\n".join(errors), task)}

    return _search(subject, surfaces)


def _error(call: Callable[[], object]) -> str:
    try:
        call()
    except Exception as error:
        return f"{error} {error!r} {error.__cause__ or ''}"
    return ""


@proof
def secret_turn(subject: Subject) -> str:
    """What a policy is given (`Turn`) can be pickled, comes back equal, and neither form contains the secret."""

    def surfaces(env: TextEnv[Any, Any], task: Task) -> dict[str, str]:
        live = env.start(task)
        turn = turn_of(live, 0, subject.seed, [live.observation])
        pickled = pickle.dumps(turn)
        if pickle.loads(pickled) != turn:  # noqa: S301 (our own bytes)
            raise CheckFailed(f"the Turn of {task.id} does not come back equal from its pickle")
        live.close()
        # Protocol 0 writes numbers and ASCII as text.
        text = pickle.dumps(turn, protocol=0).decode("latin-1")
        shown = {"pickle of a Turn": text.replace(task.id, ""), "repr of a Turn": repr(turn).replace(task.id, "")}
        escaped = live.observation.encode("raw-unicode-escape").replace(b"\\", b"\\u005c").replace(b"\n", b"\\u000a")
        hidden = (escaped.decode("latin-1"), repr(live.observation), turn.key.hex(), repr(turn.key))
        for form in hidden:  # the observation is searched by secret_observation
            shown = {name: shown_text.replace(form, "") for name, shown_text in shown.items()}
        return shown

    return _search(subject, surfaces)


@proof
def secret_pairs(subject: Subject) -> str:
    """Two tasks with the same prompt and different secrets look the same, until an action is understood."""
    groups: dict[str, list[Task]] = defaultdict(list)
    for task in subject.all_tasks():
        groups[canonical([task.prompt, task.data])].append(task)
    pairs = [
        (one, other)
        for group in groups.values()
        for one, other in pairwise(group)
        if canonical(one.secret) != canonical(other.secret)
    ]
    if not pairs:
        raise NotApplicable("no two of the tasks have the same prompt and different secrets")
    env = subject.make_at_hand()
    for one, other in pairs[:_ENOUGH_PAIRS]:
        for name, first, second in zip(_VIEWS, _views(env, one), _views(env, other), strict=True):
            demand(first == second, f"{name} tells {one.id} from {other.id}: {first[:200]} / {second[:200]}")
    env.close()
    return f"{min(len(pairs), _ENOUGH_PAIRS)} pairs of tasks with one prompt: no difference to be seen"


_VIEWS = ("the opening", "the tools", "repr of the environment", "the info", "the answers to invalid actions")


def _views(env: TextEnv[Any, Any], task: Task) -> list[str]:
    observation, info = env.reset(options={"split": task.split, "index": task.index})
    views = [observation, canonical(env.tool_schemas()), repr(env), canonical(info)]
    answers = []
    for action in MALFORMED:
        live = env.start(task)
        result = _answer(live, action)
        if live.state.invalid:  # an action that was understood may be answered in the light of the secret
            answers.append(canonical(result))
        live.close()
    return [view.replace(task.id, "<id>") for view in [*views, "\n".join(answers)]]


@proof
def secret_snapshot(subject: Subject) -> str:
    """The snapshot of a fresh episode does not contain the secret; where the state needs it, this says so."""

    def surfaces(env: TextEnv[Any, Any], task: Task) -> dict[str, str]:
        live = env.start(task)
        snapshot = live.snapshot()
        live.close()
        return {"state of a fresh episode": canonical(snapshot["state"])}

    try:
        return _search(subject, surfaces)
    except CheckFailed as failure:
        raise NotApplicable(f"snapshots are not for policies here: {failure}") from None
