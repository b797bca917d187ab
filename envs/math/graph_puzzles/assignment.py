"""The Assignment environment: the cheapest way to give everyone a job."""

from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.graphs import LETTERS, cheapest_assignment
from textgym.envs.math.grids import show_rows
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

_TRIES = 20
_LONGEST = 200
_BETWEEN = str.maketrans(dict.fromkeys(",;", " "))


class AssignmentConfig(LevelledConfig):
    """Knobs of Assignment."""

    levels: ClassVar[Levels] = {"easy": {"size": 5}, "medium": {"size": 6}, "hard": {"size": 8}}

    size: int = Field(6, ge=5, le=9, description="workers, and as many jobs; 5, 6 or 8 by difficulty")
    largest: int = Field(30, ge=8, le=1000, description="highest cost; the lowest is 1")


class Assignment(SingleAnswer[AssignmentConfig]):
    """Give every worker a job of their own at the least total cost.

    Observation: what each worker takes for each job.
    Action: the jobs of the workers, in the order of the workers, separated by spaces or commas, in one <answer></answer>.
        Text outside the tags is not read; an action without exactly one such pair, or that does not name every job once, is
        invalid.
    Reward: 1 if no assignment costs less, else 0. Where several cost the least, each is right.
    Ends: after the answer.
    Splits: by the costs as ranks, whatever the order of workers and jobs.
    Oracle: gives a cheapest assignment, found by exact search over sets of jobs.

    Choosing for each worker in turn, or always the cheapest pair that is left, is not good enough. The difficulty of a task
    is its number of workers.
    """

    answer_form = "the job of each worker, in the order of the workers, separated by spaces"

    def generate(self, rng: Random) -> Task:
        config, size = self.config, self.config.size
        for _ in range(_TRIES):
            costs = [[rng.randint(1, config.largest) for _ in range(size)] for _ in range(size)]
            least, chosen = cheapest_assignment(costs)
            if min(_in_turn(costs), _cheapest_first(costs)) > least:
                break
        else:
            raise RedrawError("a greedy choice is good enough")
        family = rng.claim(f"assignment {_ranks(costs)}")
        letters = sorted(rng.sample(LETTERS, 2 * size))
        workers, jobs = letters[:size], letters[size:]
        width = len(str(config.largest))
        cells = [sign.rjust(width) for sign in (" ", *jobs)]
        for worker, row in zip(workers, costs, strict=True):
            cells += [worker.rjust(width), *(str(cost).rjust(width) for cost in row)]
        return Task(
            prompt=self.ask(
                f"The workers {', '.join(workers)} are to do the jobs {', '.join(jobs)}, each worker one job and each job by "
                f"one worker. The table has a row for each worker and a column for each job, with what it costs.\n\n"
                f"{show_rows(cells, size + 1)}\n\nWhich job should each worker do, so that the total cost is least? Name the "
                f"jobs in the order of the workers {', '.join(workers)}."
            ),
            secret={"answer": " ".join(jobs[job] for job in chosen), "cost": least},
            data={"jobs": "".join(jobs), "costs": costs},
            family=family,
            difficulty=size,
        )

    def judge(self, task: Task, answer: str) -> bool:
        jobs: str = task.data["jobs"]
        named = answer.translate(_BETWEEN).split() if len(answer) <= _LONGEST else []
        if sorted(named) != sorted(jobs):
            raise Unreadable("Every job must be named once.")
        costs = task.data["costs"]
        total = sum(row[jobs.index(name)] for row, name in zip(costs, named, strict=True))
        return bool(total == task.secret["cost"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        jobs = task.data["jobs"]
        return committed(" ".join(rng.sample(jobs, len(jobs))))

    def candidates(self, task: Task) -> list[str]:
        jobs: str = task.data["jobs"]
        return [committed(" ".join(jobs)), committed(" ".join(jobs[::-1]))]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        jobs, costs = task.data["jobs"], task.data["costs"]
        return super().cheats(task) | {
            "one job for all": [committed(" ".join(jobs[:1] * len(jobs)))],
            "the costs": [committed(" ".join(str(min(row)) for row in costs))],
        }


def _in_turn(costs: list[list[int]]) -> int:
    """The cost when each worker in turn takes the cheapest job that is left."""
    free = list(range(len(costs)))
    total = 0
    for row in costs:
        job = min(free, key=lambda job: row[job])
        free.remove(job)
        total += row[job]
    return total


def _cheapest_first(costs: list[list[int]]) -> int:
    """The cost when the cheapest pair of those that are left is always taken."""
    pairs = sorted((cost, worker, job) for worker, row in enumerate(costs) for job, cost in enumerate(row))
    workers: set[int] = set()
    jobs: set[int] = set()
    total = 0
    for cost, worker, job in pairs:
        if worker not in workers and job not in jobs:
            workers.add(worker)
            jobs.add(job)
            total += cost
    return total


def _ranks(costs: list[list[int]]) -> str:
    """The ranks of the costs among all, row by row, as sorted sets: the order of rows and columns does not show."""
    order = sorted({cost for row in costs for cost in row})
    rows = sorted(sorted(order.index(cost) for cost in row) for row in costs)
    return " ".join(",".join(map(str, row)) for row in rows)
