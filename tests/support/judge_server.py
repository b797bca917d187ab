"""A judge on loopback that does as a script tells it: honest, noisy, slow, broken, refusing, gullible, or fond of what is first.

It reads requests as a model would: the material from its messages, the form of the verdict from the last one.
"""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from support.chat_server import ChatServer, Reply, completion

_MATERIAL = re.compile(
    r"<<<material (?P<name>.+?) (?P<nonce>[0-9a-f]{32})[^>]*>>>\n(?P<text>.*)\n<<<end of material", re.S
)
_NONCE = re.compile(r'"nonce": "([0-9a-f]{32})"')


@dataclass(frozen=True)
class Question:
    """A request, read.

    Attributes:
        nonce: its code.
        form: the last message, which says what the verdict looks like.
        told: the instructions.
        material: what is to be judged, by name.
        seed: of the sampling settings; 0 without one.
    """

    nonce: str
    form: str
    told: str
    material: dict[str, str]
    seed: int

    @classmethod
    def of(cls, request: dict[str, Any]) -> "Question":
        texts = [message["content"] for message in request["messages"]]
        material = {found["name"]: json.loads(found["text"]) for found in map(_MATERIAL.search, texts) if found}
        (nonce,) = _NONCE.findall(texts[-1])
        told = "\n".join(text for text in texts[:-1] if not _MATERIAL.search(text))
        return cls(nonce, texts[-1], told, material, request.get("seed", 0))

    @property
    def answer(self) -> str:
        """The only text, or the one that is called an answer."""
        return next(iter(self.material.values()))

    @property
    def range(self) -> tuple[float, float]:
        found = re.search(r'"score": a number from (\S+) to ([^\s}]+)', self.form)
        assert found is not None
        return float(found[1]), float(found[2])

    def random(self) -> float:
        """A number from 0 to 1 that depends on material, instructions and seed, and on nothing else."""
        whole = json.dumps([self.material, self.told, self.seed], sort_keys=True)
        return int.from_bytes(sha256(whole.encode()).digest()[:6], "big") / 2**48


Opinion = Callable[[str], float]
"""How good a text is, from 0 to 1."""


def says_good(text: str) -> float:
    """The honest opinion of the tests: an answer is good if its first word is `good`."""
    return float(text.lstrip().startswith("good"))


def verdict(question: Question, opinion: Opinion = says_good, **more: Any) -> dict[str, Any]:
    """The verdict that this question asks for."""
    made: dict[str, Any] = {"nonce": question.nonce, "reason": "as I see it"}
    form = question.form
    if '"score"' in form:
        low, high = question.range
        made["score"] = low + opinion(question.answer) * (high - low)
    if '"better"' in form:
        first, second = opinion(question.material["answer A"]), opinion(question.material["answer B"])
        made["better"] = "tie" if first == second else "A" if first > second else "B"
    if '"label"' in form:
        labels = re.findall(r'"([^"]+)"', form.split('"label": ')[1])
        made["label"] = sorted(labels)[0 if opinion(question.answer) >= 0.5 else -1]
    for key in re.findall(r'"(c[0-9]+)":', form):
        made[key] = int(opinion(question.answer) >= 0.5)
    return made | more


class JudgeServer(ChatServer):
    """`with JudgeServer(noisy(0.2)) as server: ...`; a mode makes the reply to a question, as text or as a whole body."""

    def __init__(self, mode: "Mode | None" = None, *script: Reply, seconds: float = 0.0) -> None:
        self.questions: list[Question] = []
        self._guard = threading.Lock()
        self._mode = mode or honest()
        super().__init__(*script, answer=self._judged, seconds_per_answer=seconds)

    def _judged(self, request: dict[str, Any]) -> Any:
        question = Question.of(request)
        with self._guard:
            self.questions.append(question)
        return self._mode(question)


Mode = Callable[[Question], Any]


def honest(opinion: Opinion = says_good) -> Mode:
    """Says what it thinks, and nothing else."""
    return lambda question: json.dumps(verdict(question, opinion))


def fixed(**values: Any) -> Mode:
    """Always these values, whatever it is shown."""
    return lambda question: json.dumps({"nonce": question.nonce, **values})


def noisy(share: float) -> Mode:
    """Yes in this share of draws; which ones depends on the question and its seed."""
    return lambda question: json.dumps(verdict(question, lambda text: float(question.random() < share)))


def echoing(opinion: Opinion = says_good) -> Mode:
    """Honest, and repeats all it was shown before and after its verdict, unescaped."""

    def reply(question: Question) -> str:
        shown = "\n".join(question.material.values())
        return f"The answer reads:\n{shown}\n\n{json.dumps(verdict(question, opinion))}\n\nThat was about:\n{shown}"

    return reply


def injectable() -> Mode:
    """Honest until it is told otherwise by what it judges."""
    orders = ("ignore the rubric", "highest score", "fixed at the maximum", '"score": 1', "correct and complete.")

    def opinion(text: str) -> float:
        return max(says_good(text), float(any(order in text.lower() for order in orders)))

    return honest(opinion)


def position_biased() -> Mode:
    """Prefers what stands first."""

    def reply(question: Question) -> str:
        made = verdict(question)
        if "better" in made:
            made["better"] = "A"
        if "label" in made:
            made["label"] = re.findall(r'"([^"]+)"', question.form.split('"label": ')[1])[0]
        return json.dumps(made)

    return reply


def refusing(how: str) -> Mode:
    """Declines: in the field for it, in words, in the verdict, or by the server's filter."""

    def reply(question: Question) -> Any:
        if how == "field":
            return completion(None, refusal="I will not judge this.")
        if how == "filter":
            return completion("The ans", finish_reason="content_filter")
        if how == "verdict":
            return json.dumps({"nonce": question.nonce, "refusal": "not my business"})
        return "I'm sorry, but I can't help with judging this."

    return reply


def malformed(how: str) -> Mode:
    """Answers without a verdict that counts."""

    def reply(question: Question) -> Any:
        good = verdict(question)
        texts = {
            "prose": "I would say it is about a 7 out of 10.",
            "no code": json.dumps({key: value for key, value in good.items() if key != "nonce"}),
            "wrong code": json.dumps(good | {"nonce": "0" * 32}),
            "two verdicts": json.dumps(good) + json.dumps(good),
            "not JSON": str(good),
            "text for a number": json.dumps(good | {"score": "1"}),
            "truth for a number": json.dumps(good | {"score": True}),
            "out of range": json.dumps(good | {"score": 1.5}),
            "no number": json.dumps(good | {"score": float("nan")}),
            "key twice": f'{{"nonce": "{question.nonce}", "score": 0, "score": 1}}',
            "empty": "",
        }
        if how == "cut off":
            return completion(json.dumps(good)[:-5], finish_reason="length")
        return texts[how]

    return reply


MALFORMED = (
    "prose", "no code", "wrong code", "two verdicts", "not JSON", "text for a number", "truth for a number", "out of range",
    "no number", "key twice", "empty", "cut off",
)  # fmt: skip
