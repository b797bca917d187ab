"""The Sokoban environment: push all boxes onto goals."""

from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.graph_puzzles.sokoban.generator import floor_plan, least_pushes, pull_apart, shape_of
from textgym.envs.math.graph_puzzles.sokoban.room import MOVES, Room, play, read_room, show
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

_TRIES = 6
_LONGEST = 2_000
_BETWEEN = str.maketrans(dict.fromkeys(", \t\r\n", None))


class SokobanConfig(LevelledConfig):
    """Knobs of Sokoban."""

    levels: ClassVar[Levels] = {
        "easy": {"rows": 5, "columns": 5, "boxes": 2, "pushes": 4, "pulls": 20},
        "medium": {"rows": 6, "columns": 6, "boxes": 3, "pushes": 7, "pulls": 40},
        "hard": {"rows": 8, "columns": 8, "boxes": 4, "pushes": 12, "pulls": 70},
    }

    rows: int = Field(6, ge=4, le=12, description="rows inside the walls; 5, 6 or 8 by difficulty")
    columns: int = Field(6, ge=4, le=12, description="columns inside the walls; 5, 6 or 8 by difficulty")
    boxes: int = Field(3, ge=2, le=8, description="boxes, and as many goals; 2, 3 or 4 by difficulty")
    pushes: int = Field(
        7, ge=4, le=40, description="pushes that every solution needs at least, by distance; 4, 7 or 12 by difficulty"
    )
    pulls: int = Field(
        40, ge=5, le=300, description="pulls away from the goals that the room is made with; 20, 40 or 70 by difficulty"
    )
    walls: float = Field(0.2, ge=0, le=0.4, description="share of walls that the inside is drawn with")


class Sokoban(SingleAnswer[SokobanConfig]):
    """Push all boxes onto goals.

    Observation: the rules and the room: `#` wall, `$` box, `.` goal, `*` box on a goal, `@` player, `+` player on a goal.
    Action: the player's moves in order, as letters `U`, `D`, `L`, `R`, in one <answer></answer>. White space and commas may
        stand between them, and lower case is the same. Text outside the tags is not read; an action without exactly one such
        pair, with something else than such letters in it, or of more than 2000 characters, is invalid.
    Reward: 1 if every box is on a goal after the last move, else 0. The moves are played: any solution is right.
    Ends: after the answer.
    Splits: by the walls of the room up to rotation and reflection.
    Oracle: gives the solution that the room was made with, which need not be a shortest one.

    Rooms are made backwards, by pulling boxes off the goals, so that each has a solution; it is played to make sure. No
    solution needs fewer than `pushes` pushes. The difficulty of a task is the number of pushes of the solution known.
    """

    answer_form = "the moves as letters U, D, L, R"

    def generate(self, rng: Random) -> Task:
        config = self.config
        walls = floor_plan(config.rows, config.columns, config.walls, rng)
        family = rng.claim(f"sokoban {shape_of(walls, config.rows, config.columns)}")
        floor = [cell for cell, wall in enumerate(walls) if not wall]
        if len(floor) < 2 * config.boxes + 2:
            raise RedrawError("there is no room for the boxes")
        for _ in range(_TRIES):
            room = Room(config.columns + 2, tuple(walls), frozenset(rng.sample(floor, config.boxes)))
            player, boxes, moves, pushes = pull_apart(room, config.pulls, rng)
            if least_pushes(boxes, room) >= config.pushes and len(moves) <= _LONGEST:
                break
        else:
            raise RedrawError("the boxes are too near their goals")
        assert play(room, player, boxes, moves)[1] == room.goals  # or the generator is wrong
        text = show(room, player, boxes)
        return Task(
            prompt=self.ask(
                f"Solve this Sokoban: push every box onto a goal.\n\n{text}\n\n`#` is a wall, `$` a box, `.` a goal, `*` a box on "
                "a goal, `@` you, `+` you on a goal. You move one cell up, down, left or right (U, D, L, R). Moving against a "
                "box pushes it one cell on, if neither a wall nor another box is behind it; boxes cannot be pulled. A move "
                "that is not possible changes nothing."
            ),
            secret={"answer": moves},
            data={"room": text},
            family=family,
            difficulty=pushes,
        )

    def judge(self, task: Task, answer: str) -> bool:
        moves = answer.translate(_BETWEEN).upper() if len(answer) <= _LONGEST else ""
        if not moves or any(move not in MOVES for move in moves):
            raise Unreadable("That is not a list of moves.")
        room, player, boxes = read_room(task.data["room"])
        return play(room, player, boxes, moves)[1] == room.goals

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return committed("".join(rng.choice(MOVES) for _ in range(rng.randint(10, 60))))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        return super().cheats(task) | {
            "the room as the answer": [committed(task.data["room"])],
            "round and round": [committed("RDLU" * 200)],
            "into the corners": [committed("U" * 20 + "L" * 20 + "D" * 20 + "R" * 20)],
            "no moves": [committed("")],
            "the solution, and on": [committed(task.secret["answer"] + " stop")],
        }
