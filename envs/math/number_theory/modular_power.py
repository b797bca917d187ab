"""ModularPower: the remainder of powers, towers and their sums and products."""

from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import WholeNumberAnswer

_KINDS = ("power", "power", "multiple", "tower")


class ModularPowerConfig(LevelledConfig):
    """Knobs of ModularPower."""

    terms: int = Field(2, ge=1, le=5, description="most powers that are added, subtracted or multiplied")
    largest_base: int = Field(60, ge=5, le=10_000, description="largest base of a power; the smallest is 2")
    largest_exponent: int = Field(200, ge=5, le=10**9, description="largest exponent; the smallest is 3")
    smallest_modulus: int = Field(50, ge=30, le=10**6, description="smallest modulus")
    largest_modulus: int = Field(400, ge=100, le=10**7, description="largest modulus")
    towers: bool = Field(True, description="an exponent may itself be a power")

    levels: ClassVar[Levels] = {
        "easy": {"terms": 1, "largest_exponent": 60, "largest_modulus": 120, "towers": False},
        "hard": {"terms": 3, "largest_base": 999, "largest_exponent": 10**4, "largest_modulus": 10**4},
    }


class ModularPower(WholeNumberAnswer[ModularPowerConfig]):
    """Find the remainder of an expression of powers.

    Observation: the expression, with `^` for powers, and the modulus.
    Action: the remainder inside one <answer></answer>, a whole number from 0 to the modulus less 1; other numbers of the
        same residue class are wrong. Text outside the tags is not read; anything else is invalid.
    Reward: 1 for the remainder, else 0.
    Ends: after the answer.
    Splits: by the expression without its numbers, together with the modulus.
    Oracle: gives the remainder.

    The remainder is at least 2 and none of the numbers shown. The difficulty of a task is the number of powers.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        modulus = rng.randint(config.smallest_modulus, max(config.smallest_modulus, config.largest_modulus))
        kinds = [rng.choice(_KINDS) for _ in range(rng.randint(1, config.terms))]
        if not config.towers:
            kinds = ["power" if kind == "tower" else kind for kind in kinds]
        signs = [rng.choice([" + ", " - ", " * "]) for _ in kinds[1:]]
        family = rng.claim(f"{kinds} {signs} mod {modulus}")
        text, numbers, total, factor = "", [modulus], 0, 1
        for place, kind in enumerate(kinds):
            written, value, used = self._term(kind, modulus, rng)
            sign = signs[place - 1] if place else " + "
            text += written if not place else f"{sign}{written}"
            numbers += used
            if sign == " * ":
                factor = factor * value
            else:
                total, factor = total + factor * bool(place), (value if sign == " + " else -value)
        answer = (total + factor) % modulus
        if answer < 2 or answer in numbers:
            raise RedrawError("too easy to guess")
        return Task(
            prompt=self.ask(
                f"What is the remainder when\n\n{text}\n\nis divided by {modulus}? It is a whole number from 0 to "
                f"{modulus - 1}; a^b^c means a^(b^c)."
            ),
            secret={"answer": answer},
            data={"expression": text, "modulus": modulus},
            family=family,
            difficulty=len(kinds),
        )

    def _term(self, kind: str, modulus: int, rng: Random) -> tuple[str, int, list[int]]:
        """A power as text, its residue, and the numbers shown."""
        config = self.config
        base = rng.randint(2, config.largest_base)
        if kind == "tower":
            middle, top = rng.randint(2, 12), rng.randint(2, 12)
            return f"{base}^{middle}^{top}", pow(base, middle**top, modulus), [base, middle, top]
        exponent = rng.randint(3, config.largest_exponent)
        value = pow(base, exponent, modulus)
        if kind == "power":
            return f"{base}^{exponent}", value, [base, exponent]
        times = rng.randint(2, config.largest_base)
        return f"{times} * {base}^{exponent}", times * value % modulus, [times, base, exponent]

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return committed(str(rng.randrange(task.data["modulus"])))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        modulus, answer = task.data["modulus"], task.secret["answer"]
        return super().cheats(task) | {
            "the expression itself": [committed(f"{task.data['expression']} mod {modulus}")],
            "another number of the class": [committed(str(answer - modulus)), committed(str(answer + modulus))],
            "the modulus": [committed(str(modulus))],
        }
