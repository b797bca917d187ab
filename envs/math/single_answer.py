"""`SingleAnswer`: what all environments share that ask for one answer inside `<answer></answer>` and judge it exactly."""

from functools import lru_cache
from typing import ClassVar, TypeVar

from textgym.actions.answers import committed, final_answer
from textgym.core import Config, Random, Reply, Score, State, Task, TextEnv
from textgym.envs.math.plain_answer import plain_answer

C = TypeVar("C", bound=Config)

ASK = "Reply with {form} inside <answer></answer>, once. Anything outside the tags is not read."


class Unreadable(Exception):  # noqa: N818 (an observation for the policy, never a crash)
    """Raised by `SingleAnswer.judge` for an answer that is not in the form; the message says what to write instead."""


class SingleAnswer(TextEnv[C, State]):
    """An environment with one question and one answer.

    A family writes `generate` (with `secret={"answer": ...}`, the answer as the oracle would write it), and `judge`. It
    inherits the reading of the committed answer, the replies, the oracle, and cheats that no answer may fall for.
    """

    answer_form: ClassVar[str] = "the answer alone"
    """What an answer looks like, for the prompt and for the reply to a malformed one, such as `one whole number`."""
    thousands: ClassVar[bool] = False
    """Whether `1,234,567` is one whole number; never where an answer may be a list."""

    def unknown(self, task: Task) -> str:
        """The letter whose value is the answer, so that `x = 3` says the same as `3`; empty where there is none."""
        return ""

    def judge(self, task: Task, answer: str) -> bool | float | Score:
        """Whether an answer is right, or its score. `answer` is hostile text of bounded length.

        One that is not in the form is judged once more without its usual clothes, see `plain_answer`; so what is in the
        form never means anything else.

        Raises:
            Unreadable: it is not in the form.
        """
        raise NotImplementedError(f"{type(self).__name__} must define judge()")

    def ask(self, question: str) -> str:
        """The prompt: a question, and how to answer."""
        return question + _how_to_answer(self.answer_form)

    def act(self, task: Task, state: State, action: str) -> Reply:
        answer = final_answer(action)
        if answer is None:
            return Reply.malformed("Give your answer inside one pair of tags, <answer></answer>, and only once.")
        try:
            verdict = self._judged(task, answer)
        except Unreadable as problem:
            return Reply.malformed(f"{problem} The answer must be {self.answer_form}.")
        if isinstance(verdict, Score):
            return Reply("Right." if verdict.value == 1.0 else "That is not right.", score=verdict)
        score = float(verdict)
        return Reply("Right." if score >= 1.0 else "That is not right.", score=score)

    def _judged(self, task: Task, answer: str) -> bool | float | Score:
        try:
            return self.judge(task, answer)
        except Unreadable:
            plain = plain_answer(answer, unknown=self.unknown(task), thousands=self.thousands)
            if plain == answer:
                raise
        return self.judge(task, plain)

    def oracle(self, task: Task, state: State) -> str:
        return committed(str(task.secret["answer"]))

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return committed(str(rng.randint(-100, 100)))

    def candidates(self, task: Task) -> list[str]:
        return [committed(str(number)) for number in range(-100, 101)]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        """Cheats that fit any answer; a family adds its own."""
        answer = str(task.secret["answer"])
        return {
            "the question as the answer": [committed(task.prompt[:2000])],
            "the right answer and others": [committed(f"{answer} or {answer}1 or 0")],
            "the right answer twice, in two pairs of tags": [committed(answer) + committed(answer)],
            "the right answer outside the tags": [answer],
            "the right answer, then another": [committed(answer) + "\n" + committed("0")],
            "many numbers in one answer": [committed(", ".join(map(str, range(-100, 101))))],
            "an empty answer": [committed("")],
            "not a number": [committed("nan"), committed("inf")],
            "code": [committed(f"eval({answer!r})"), committed("__import__('os').abort()")],
        }


@lru_cache(256)
def _how_to_answer(form: str) -> str:
    return f"\n\n{ASK.format(form=form)}"
