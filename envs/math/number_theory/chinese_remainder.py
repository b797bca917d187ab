"""ChineseRemainder: the smallest number with given remainders."""

from math import gcd, lcm
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import WholeNumberAnswer

_SMALLEST = 100


class ChineseRemainderConfig(LevelledConfig):
    """Knobs of ChineseRemainder."""

    count: int = Field(3, ge=2, le=6, description="how many remainders are given")
    largest: int = Field(40, ge=15, le=1_000, description="largest modulus; the smallest is 3")
    coprime: bool = Field(True, description="no two moduli have a common divisor; otherwise they may")

    levels: ClassVar[Levels] = {
        "easy": {"count": 2, "largest": 40},
        "hard": {"count": 4, "largest": 60, "coprime": False},
    }


class ChineseRemainder(WholeNumberAnswer[ChineseRemainderConfig]):
    """Find the smallest number that leaves given remainders.

    Observation: moduli, and the remainder that belongs to each.
    Action: the smallest whole number of at least 0 with these remainders, inside one <answer></answer>. Text outside the
        tags is not read; anything else is invalid.
    Reward: 1 for that number, else 0; other numbers with the same remainders are wrong.
    Ends: after the answer.
    Splits: by the moduli, whatever their order and the remainders.
    Oracle: gives the number.

    A solution exists always, and is at least 100. The difficulty of a task is the least common multiple of the moduli.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        moduli: list[int] = []
        for _ in range(50 * config.count):
            new = rng.randint(3, config.largest)
            if all(gcd(new, one) == 1 if config.coprime else new % one and one % new for one in moduli):
                moduli.append(new)
                if len(moduli) == config.count:
                    break
        else:
            raise RedrawError("too few moduli fit together")
        family = rng.claim(f"moduli {sorted(moduli)}")
        every = lcm(*moduli)
        if every < 2 * _SMALLEST:
            raise RedrawError("too few numbers to choose from")
        answer = rng.randint(_SMALLEST, every - 1)
        remainders = [answer % modulus for modulus in moduli]
        clauses = [f"remainder {r} when divided by {m}" for r, m in zip(remainders, moduli, strict=True)]
        listed = f"{', '.join(clauses[:-1])} and {clauses[-1]}"
        return Task(
            prompt=self.ask(f"What is the smallest whole number, 0 or above, that leaves {listed}?"),
            secret={"answer": answer},
            data={"moduli": moduli, "remainders": remainders},
            family=family,
            difficulty=every,
        )

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return committed(str(rng.randrange(lcm(*task.data["moduli"]))))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        answer, every = task.secret["answer"], lcm(*task.data["moduli"])
        return super().cheats(task) | {
            "a larger number with the same remainders": [committed(str(answer + every))],
            "a negative number with the same remainders": [committed(str(answer - every))],
            "one of the remainders": [committed(str(task.data["remainders"][0]))],
        }
