"""NextTerm: continue a sequence whose law belongs to stated classes."""

from fractions import Fraction
from typing import ClassVar

from pydantic import Field, field_validator

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, Task
from textgym.envs.math.draws import nonzero
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import RationalAnswer
from textgym.envs.math.sequences.laws import CLASSES, next_terms


class NextTermConfig(LevelledConfig):
    """Knobs of NextTerm."""

    laws: tuple[str, ...] = Field(tuple(CLASSES), description=f"classes of laws, of {', '.join(CLASSES)}")
    terms: int = Field(8, ge=8, le=20, description="how many terms are given")
    largest: int = Field(9, ge=3, le=1_000, description="largest number in a law, in size")
    largest_start: int = Field(99, ge=5, le=10**6, description="largest term to start with, in size")
    largest_term: int = Field(10**6, ge=1_000, le=10**18, description="bound on the terms in size")

    levels: ClassVar[Levels] = {
        "easy": {"laws": ("polynomial", "drifting"), "largest": 5, "largest_term": 50_000},
        "hard": {"largest": 20, "largest_start": 300, "largest_term": 10**8},
    }

    @field_validator("laws")
    @classmethod
    def _known(cls, laws: tuple[str, ...]) -> tuple[str, ...]:
        if not laws or len(set(laws)) < len(laws) or not set(laws) <= set(CLASSES):
            raise ValueError(f"laws must be different ones of {', '.join(CLASSES)}")
        return laws


class NextTerm(RationalAnswer[NextTermConfig]):
    """Continue a sequence by one term.

    Observation: the first terms, and the classes of laws of which one holds.
    Action: the next term inside one <answer></answer>. Text outside the tags is not read; anything but a number is invalid.
    Reward: 1 for the next term, else 0.
    Ends: after the answer.
    Splits: by the law without its constant and its first terms, such as a(n) = 2a(n-1) - 3a(n-2) + r.
    Oracle: gives the term.

    There is one right answer only: every law of every class listed that fits the terms given continues them by the same
    number, which is proven for each task by exact elimination. The number is not the one that continues the last
    difference or the last quotient. The difficulty of a task is the number of digits of the terms.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        law = rng.choice(config.laws)
        numbers = [
            nonzero(rng, config.largest) for _ in range(rng.choice((2, 3, 3, 3, 3, 3, 3)) if law == "polynomial" else 4)
        ]
        structure = {"polynomial": numbers, "interleaved": numbers[::2]}.get(law, numbers[:2])
        family = rng.claim(f"{law} {structure}")
        terms = self._polynomial(numbers, rng) if law == "polynomial" else self._recurrence(law, numbers, rng)
        answer = terms.pop()
        if max(map(abs, terms)) > config.largest_term or len(set(terms[-4:])) < 4:
            raise RedrawError("terms too large, or too few different ones")
        predictions = next_terms(terms, list(CLASSES))
        if next(name for name, prediction in predictions.items() if prediction != "none") != law:
            raise RedrawError("a law of an earlier class fits: the family would not tell what the law is")
        if any(predictions[name] not in ("none", Fraction(answer)) for name in config.laws):
            raise RedrawError("another law continues the terms differently")
        last, before = terms[-1], terms[-2]
        if answer == 2 * last - before or answer * before == last * last:
            raise RedrawError("too easy to guess")
        laws = "\n".join(f"- {CLASSES[name]}" for name in config.laws)
        return Task(
            prompt=self.ask(
                f"Which number comes next?\n\n{', '.join(map(str, terms))}\n\nWith a(1), a(2), ... for the "
                "terms, one of these "
                "laws holds, with fixed rational numbers in place of the letters and for all n for which it "
                "makes sense:\n\n"
                f"{laws}\n\nEvery such law that fits the terms gives the same next one."
            ),
            secret={"answer": str(answer)},
            data={"terms": terms},
            family=family,
            difficulty=sum(len(str(abs(term))) for term in terms),
        )

    def _polynomial(self, numbers: list[int], rng: Random) -> list[int]:
        """Terms of a polynomial of degree 2 or 3, from its leading differences."""
        start = rng.randint(-self.config.largest_start, self.config.largest_start)
        differences = [start, *numbers]
        terms = []
        for _ in range(self.config.terms + 1):
            terms.append(differences[0])
            differences = [a + b for a, b in zip(differences, [*differences[1:], 0], strict=True)]
        return terms

    def _recurrence(self, law: str, numbers: list[int], rng: Random) -> list[int]:
        size = self.config.largest_start
        p, q, r, s = numbers
        terms = [rng.randint(-size, size) for _ in range(1 if law == "drifting" else 2)]
        while len(terms) <= self.config.terms:
            n = len(terms) + 1
            if law == "recurrence":
                terms.append(p * terms[-1] + q * terms[-2] + r)
            elif law == "drifting":
                terms.append(p * terms[-1] + q * n + r)
            else:
                terms.append(p * terms[-2] + q if n % 2 else r * terms[-2] + s)
        return terms

    def cheats(self, task: Task) -> dict[str, list[str]]:
        terms = task.data["terms"]
        return super().cheats(task) | {
            "the last term": [committed(str(terms[-1]))],
            "the last difference again": [committed(str(2 * terms[-1] - terms[-2]))],
            "the terms": [committed(", ".join(map(str, terms)))],
        }
