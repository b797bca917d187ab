"""The Zebra environment: find out who lives where."""

from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, State, Task
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.logic.zebra.clues import ATTRIBUTES, Clue, say
from textgym.envs.math.logic.zebra.generator import clues_for, shape_of
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

_LONGEST = 2_000


class ZebraConfig(LevelledConfig):
    """Knobs of Zebra."""

    levels: ClassVar[Levels] = {
        "easy": {"houses": 3, "attributes": 3, "positions": 0.3},
        "medium": {"houses": 4, "attributes": 4, "positions": 0.15},
        "hard": {"houses": 5, "attributes": 5, "positions": 0.05},
    }

    houses: int = Field(4, ge=3, le=5, description="houses in the street; 3, 4 or 5 by difficulty")
    attributes: int = Field(4, ge=2, le=8, description="what is asked about each house; 3, 4 or 5 by difficulty")
    positions: float = Field(
        0.15, ge=0, le=1, description="share of the clues drawn that name a house; 0.3, 0.15 or 0.05 by difficulty"
    )


class Zebra(SingleAnswer[ZebraConfig]):
    """Find out who lives in which house with what, from clues that admit one arrangement.

    Observation: the attributes with their values, and the clues.
    Action: the houses from left to right, separated by semicolons or new lines, each as its values in the order of the
        attributes, separated by commas, in one <answer></answer>. Upper and lower case are the same. Text outside the tags
        is not read; an action without exactly one such pair, with a value too many or too few, or with an unknown value, is
        invalid.
    Reward: 1 for the arrangement, else 0.
    Ends: after the answer.
    Splits: by the clues with all names taken away: which kinds there are, and about which houses, up to mirroring.
    Oracle: gives the arrangement.

    The arrangement is proven to be the only one, by exact search, and no clue can be spared: without any of them there is a
    second arrangement. The difficulty of a task is its number of clues.
    """

    answer_form = "the houses from left to right, separated by semicolons, each as its values separated by commas"

    def generate(self, rng: Random) -> Task:
        config = self.config
        kinds = ["name", *rng.sample(list(ATTRIBUTES)[1:], config.attributes - 1)]
        values = [rng.sample(ATTRIBUTES[kind][1], config.houses) for kind in kinds]
        solution = [rng.sample(range(config.houses), config.houses) for _ in kinds]
        clues = clues_for(solution, config.positions, rng)
        family = rng.claim(f"zebra {shape_of(clues, solution)}")
        answer = [
            [names[houses.index(house)] for names, houses in zip(values, solution, strict=True)]
            for house in range(config.houses)
        ]
        return Task(
            prompt=self.ask(_story(kinds, values, clues)),
            secret={"answer": _write(answer)},
            data={"attributes": kinds, "values": values},
            family=family,
            difficulty=len(clues),
        )

    def judge(self, task: Task, answer: str) -> bool:
        return _read(answer, task.data["values"]) == _read(task.secret["answer"], task.data["values"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        columns = [rng.sample(names, len(names)) for names in task.data["values"]]
        return committed(_write([list(house) for house in zip(*columns, strict=True)]))

    def candidates(self, task: Task) -> list[str]:
        columns: list[list[str]] = task.data["values"]
        turned = [[names[at:] + names[:at] for names in columns] for at in range(len(columns[0]))]
        return [committed(_write([list(house) for house in zip(*shift, strict=True)])) for shift in turned]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        columns: list[list[str]] = task.data["values"]
        everybody = ", ".join(name for names in columns for name in names)
        return super().cheats(task) | {
            "all values in every house": [committed("; ".join([everybody] * len(columns[0])))],
            "the same house over and over": [
                committed(_write([[names[0] for names in columns]] * len(columns[0]))),
            ],
        }


def _story(kinds: list[str], values: list[list[str]], clues: list[Clue]) -> str:
    houses = len(values[0])
    bearers = [
        [ATTRIBUTES[kind][0].format(value) for value in names] for kind, names in zip(kinds, values, strict=True)
    ]
    lists = "\n".join(f"- {kind}: {', '.join(sorted(names))}" for kind, names in zip(kinds, values, strict=True))
    said = "\n".join(f"{number}. {say(clue, bearers)}" for number, clue in enumerate(clues, 1))
    return (
        f"{houses} houses stand in a row, numbered from 1 at the left to {houses} at the right. One person lives in each. "
        f"No two of them share a value of these attributes:\n\n{lists}\n\nThe clues:\n\n{said}\n\n"
        f"Who lives where? Write each house as its {', '.join(kinds)}, in this order."
    )


def _write(houses: list[list[str]]) -> str:
    return "; ".join(", ".join(house) for house in houses)


def _read(text: str, values: list[list[str]]) -> list[list[str]]:
    """The houses that `text` spells, in lower case.

    Raises:
        Unreadable: it is not as many houses of as many known values as there are.
    """
    problem = f"There must be {len(values[0])} houses of {len(values)} values each."
    if len(text) > _LONGEST:
        raise Unreadable(problem)
    houses = [
        [value.strip().lower() for value in house.split(",")]
        for house in text.strip().strip(";").replace("\n", ";").split(";")
        if house.strip()
    ]
    known = [{name.lower() for name in names} for names in values]
    if len(houses) != len(values[0]) or any(len(house) != len(values) for house in houses):
        raise Unreadable(problem)
    for house in houses:
        for value, names in zip(house, known, strict=True):
            if value not in names:
                raise Unreadable("A value is not one of those listed for its place.")
    return houses
