"""Tasks: where they come from, that they differ, and that no split knows another's."""

from itertools import combinations

from textgym.core import SPLITS, Task
from textgym.diagnostics.battery import CheckFailed, NotApplicable, demand, proof
from textgym.diagnostics.canonical import canonical, task_contents
from textgym.diagnostics.playing import Place, play
from textgym.diagnostics.subject import Subject

_FEWEST_DISTINCT = 2


@proof
def reset_addresses(subject: Subject) -> str:
    """A seed, a split with an index, a task id and a snapshot name the same task in the same words."""
    env, other = subject.make(), subject.make()
    for number in range(5):
        by_seed = env.reset(seed=number)
        task = env.episode.task
        addresses = (
            {"split": task.split, "index": task.index},
            {"task_id": task.id},
            {"snapshot": env.snapshot()},
        )
        for options in addresses:
            demand(
                other.reset(options=options) == by_seed,
                f"reset(options={next(iter(options))}=...) differs from reset(seed={number})",
            )
            demand(_whole(other.episode.task) == _whole(task), f"reset by {next(iter(options))} gave another task")
    for split in SPLITS:
        if subject.size(split):
            _, info = env.reset(options={"split": split, "index": 0})
            demand(env.episode.task.split == split, f"reset(options={{'split': {split!r}}}) gave {info['task_id']}")
    env.close()
    other.close()
    return "5 tasks: equal by seed, by split and index, by task id and by snapshot"


def _whole(task: Task) -> str:
    return canonical([task.model_dump(), task.secret, task.family])


@proof
def task_pure(subject: Subject) -> str:
    """A task is a function of its place: made again, in another order, it is the same, secrets included."""
    env = subject.make()
    tasks = subject.some_tasks(9)
    for task in reversed(tasks):
        demand(_whole(env.task(task.split, task.index)) == _whole(task), f"{task.id} made again is another task")
    env.close()
    return f"{len(tasks)} tasks made again in the opposite order: equal, secrets included"


@proof
def task_unchanged(subject: Subject) -> str:
    """Playing a task does not change it."""
    env = subject.make()
    for place in subject.places:
        env.reset(options={"split": place.split, "index": place.index})
        task = env.episode.task
        env.remember(task)
        before = _whole(task)
        play(env, Place(place.split, place.index, place.script), subject.seed)
        demand(_whole(task) == before, f"an episode of {place.script} changed its task {task.id}")
    env.close()
    return f"{len(subject.places)} episodes left their tasks as they were"


@proof
def splits_filled(subject: Subject) -> str:
    """Every split has tasks under these settings, unless `TextEnv.size` says that it has none."""
    for split, error in subject.starved.items():
        raise CheckFailed(f"{split} has no task: {error}")
    return ", ".join(f"{subject.size(split)} of {split}" for split in SPLITS)


@proof
def tasks_distinct(subject: Subject) -> str:
    """Tasks of a split differ in what they ask or in what they hide."""
    found = []
    for split in SPLITS:
        tasks = subject.tasks(split)
        if not tasks:
            continue
        contents = len({task_contents(task) for task in tasks})
        prompts = len({task.prompt for task in tasks})
        demand(len({task.id for task in tasks}) == len(tasks), f"two tasks of {split} share an id")
        if subject.env.size(split) is not None:
            demand(
                contents == len(tasks), f"{split}: {len(tasks) - contents} of {len(tasks)} stored tasks are duplicates"
            )
        demand(
            contents >= min(_FEWEST_DISTINCT, len(tasks)),
            f"{split}: {len(tasks)} indices gave one and the same task",
        )
        found.append(f"{split} {contents} of {len(tasks)} ({prompts} prompts)")
    if not found:
        raise NotApplicable("every split is empty")
    return "distinct tasks: " + ", ".join(found)


@proof
def splits_disjoint(subject: Subject) -> str:
    """No family, no task and no id occurs in two splits."""
    sizes = {split: len(subject.tasks(split)) for split in SPLITS}
    filled = [split for split in SPLITS if sizes[split]]
    if len(filled) < 2:
        raise NotApplicable(f"there is one split with tasks: {', '.join(filled) or 'none'}")
    for what, keys in (
        ("family", {split: {task.family for task in subject.tasks(split)} - {None} for split in SPLITS}),
        ("task", {split: {task_contents(task) for task in subject.tasks(split)} for split in SPLITS}),
        ("id", {split: {task.id for task in subject.tasks(split)} for split in SPLITS}),
    ):
        for one, other in combinations(filled, 2):
            shared = sorted(str(key) for key in keys[one] & keys[other])
            demand(not shared, f"{len(shared)} times the same {what} in {one} and {other}: {'; '.join(shared)[:300]}")
    return "families, tasks and ids disjoint over " + ", ".join(f"{sizes[split]} of {split}" for split in filled)
