"""WordProblem: short stories with numbers, and what follows from them."""

import re
from fractions import Fraction
from typing import ClassVar

from pydantic import Field, field_validator

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, Task
from textgym.envs.math.draws import nonzero, signed_sum
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import RationalAnswer
from textgym.envs.math.word_problems.ages import AGES
from textgym.envs.math.word_problems.mixtures import MIXTURES
from textgym.envs.math.word_problems.money import MONEY
from textgym.envs.math.word_problems.motion import MOTION
from textgym.envs.math.word_problems.problem import Problem, Template
from textgym.envs.math.word_problems.shares import SHARES
from textgym.envs.math.word_problems.work import WORK

TOPICS: dict[str, tuple[Template, ...]] = {
    "motion": MOTION,
    "work": WORK,
    "mixtures": MIXTURES,
    "ages": AGES,
    "money": MONEY,
    "shares": SHARES,
}
_NUMBER = re.compile(r"[0-9]+(?:/[0-9]+)?")


class WordProblemConfig(LevelledConfig):
    """Knobs of WordProblem."""

    topics: tuple[str, ...] = Field(tuple(TOPICS), description=f"what the stories are about, of {', '.join(TOPICS)}")
    parts: int = Field(
        2, ge=1, le=6, description="how many stories; of more than one, a combination of the answers is asked for"
    )
    size: int = Field(30, ge=12, le=1_000, description="scale of the numbers in the stories")
    largest_answer: int = Field(
        10**7, ge=1_000, le=10**15, description="bound on the numerators and denominators of answers"
    )

    levels: ClassVar[Levels] = {"easy": {"parts": 1}, "hard": {"parts": 3, "size": 60, "largest_answer": 10**9}}

    @field_validator("topics")
    @classmethod
    def _known(cls, topics: tuple[str, ...]) -> tuple[str, ...]:
        if not topics or len(set(topics)) < len(topics) or not set(topics) <= set(TOPICS):
            raise ValueError(f"topics must be different ones of {', '.join(TOPICS)}")
        return topics


class WordProblem(RationalAnswer[WordProblemConfig]):
    """Find what follows from the numbers in a short story, or from several.

    Observation: a story and a question that names the unit of the answer; with more `parts`, several of them, and a sum of
        multiples of their answers that is asked for.
    Action: the number inside one <answer></answer>, without its unit: a whole number, a fraction p/q in lowest terms or
        not, or a decimal, compared exactly and never rounded. Text outside the tags is not read; anything else is invalid.
    Reward: 1 for the number, else 0.
    Ends: after the answer.
    Splits: by the stories' templates and questions, whatever the names and numbers are.
    Oracle: gives the number.

    There are 32 templates about motion, work, mixtures, ages, money and shares, each with several questions. No answer is
    0, 1, or a number of its story. The difficulty of a task is the number of stories.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        problems = [self._problem(rng) for _ in range(config.parts)]
        family = rng.claim(" & ".join(sorted(problem.structure for problem in problems)))
        if len({problem.structure for problem in problems}) < len(problems):
            raise RedrawError("the same question twice")
        if config.parts == 1:
            text, answer = problems[0].text, problems[0].answer
        else:
            text, answer = _combined(problems, rng)
        return Task(
            prompt=self.ask(f"{text}\n\nGive the exact number, not rounded and without its unit."),
            secret={"answer": str(answer)},
            data={"structures": [problem.structure for problem in problems]},
            family=family,
            difficulty=config.parts,
        )

    def _problem(self, rng: Random) -> Problem:
        template = rng.choice(TOPICS[rng.choice(self.config.topics)])
        problem = template(rng, self.config.size)
        answer = problem.answer
        if answer in (0, 1, -1) or max(abs(answer.numerator), answer.denominator) > self.config.largest_answer:
            raise RedrawError("too easy to guess, or too large")
        if str(abs(answer)) in _NUMBER.findall(problem.text):
            raise RedrawError("the answer is a number of the story")
        return problem

    def cheats(self, task: Task) -> dict[str, list[str]]:
        answer = Fraction(task.secret["answer"])
        return super().cheats(task) | {
            "with a unit": [committed(f"{answer} euros"), committed(f"{answer} km/h"), committed(f"{answer} %")],
            "rounded": [committed(f"{float(answer):.1f}1")],
            "the first number of the story": [committed(_NUMBER.findall(task.prompt)[0])],
        }


def _combined(problems: list[Problem], rng: Random) -> tuple[str, Fraction]:
    """Several stories, and a sum of multiples of their answers."""
    letters = "ABCDEF"[: len(problems)]
    stories = "\n\n".join(
        f"({letter}) {problem.text} Call the answer {letter}."
        for letter, problem in zip(letters, problems, strict=True)
    )
    factors = [nonzero(rng, 5) for _ in problems]
    total = sum((a * problem.answer for a, problem in zip(factors, problems, strict=True)), Fraction(0))
    if total in (0, 1, -1):
        raise RedrawError("too easy to guess")
    return f"{stories}\n\nWhat is {signed_sum(zip(factors, letters, strict=True))}?", total
