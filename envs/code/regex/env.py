"""The RegexSynth environment: write the regular expression that tells some strings from others."""

import json
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from textgym.actions.answers import committed, final_answer
from textgym.core import Config, Random, Reply, Score, State, Task, TextEnv
from textgym.envs.code.regex import naive
from textgym.envs.code.regex.examples import draw_examples
from textgym.envs.code.regex.grammar import fill, skeleton
from textgym.envs.code.regex.matching import PatternError, match_all
from textgym.envs.code.regex.themes import THEMES, Subject

_SHOWN_MISTAKES = 12
_EVERY = 20


class RegexSynthConfig(Config):
    """Knobs of RegexSynth."""

    source: Literal["both", "themes", "grammar"] = Field(
        "both", description="where formats come from: themes (dates, paths, ...), a random grammar, or both by halves"
    )
    pieces_min: int = Field(2, ge=1, le=8, description="fewest pieces of a format from the grammar")
    pieces_max: int = Field(4, ge=1, le=8, description="most pieces of a format from the grammar")
    hint: Literal["full", "theme", "none"] = Field(
        "full", description="what is said about the strings: exactly what they are, what they are about, or nothing"
    )
    shown: int = Field(8, ge=3, le=24, description="strings of each kind that are shown")
    hidden: int = Field(28, ge=12, le=60, description="strings of each kind that are hidden, at most")
    max_turns: int = Field(3, ge=1, le=5, description="actions after which the episode is truncated")
    max_pattern_chars: int = Field(2000, ge=20, le=20_000, description="longest regular expression that is tried")
    feedback: Literal["examples", "count", "none"] = Field(
        "examples",
        description="what a pattern that is wrong about shown strings gets back: these, their number, or nothing",
    )
    not_in_task: ClassVar[frozenset[str]] = frozenset({"max_pattern_chars", "feedback"})

    @model_validator(mode="after")
    def _ranges(self) -> Self:
        if self.pieces_min > self.pieces_max:
            raise ValueError(f"pieces_min ({self.pieces_min}) must not be above pieces_max ({self.pieces_max})")
        return self


class RegexSynth(TextEnv[RegexSynthConfig, State]):
    """Write a regular expression that matches all strings of a format, and no others.

    Observation: what is known of the format (`hint`), strings that must match and strings that must not; after an answer
        that is wrong about shown strings, those strings (`feedback`).
    Action: one regular expression in the syntax of Python's `re`, bare (no quotes, no slashes), inside one
        <answer></answer>. It is used with `re.fullmatch` and without flags, on strings of printable ASCII characters. An
        action without exactly one such pair, a longer pattern than `max_pattern_chars`, and one that does not compile or
        takes more than 0.3 seconds of CPU or too much memory for all the strings are invalid.
    Reward: 1 if it is right about every string shown and every string hidden, else 0.
    Ends: with the first answer that is right about all strings shown, and after `max_turns`.
    Splits: by theme, and by the skeleton of a format from the grammar.
    Oracle: gives the regular expression from which the strings were drawn.

    Strings that must not match are near misses: members of a format that differs in one place, and members with an edit.
    A listing of the strings shown, in either direction, fails on those hidden; so do lengths, sets of characters, common ends
    and shapes of the strings shown. With the hint `theme` or `none` no string is hidden that a format one mistake away
    is wrong about, unless it is wrong about a shown one too.
    """

    noop_action = ""
    sandbox = "step"

    def generate(self, rng: Random) -> Task:
        config = self.config
        themed = config.source == "themes" or (config.source == "both" and rng.randrange(2) == 0)
        subject, family = _themed(rng) if themed else _invented(rng, rng.randint(config.pieces_min, config.pieces_max))
        language = subject.language
        strings = draw_examples(language, rng, shown=config.shown, hidden=config.hidden, strictly=config.hint != "full")
        match, reject = list(strings.match), list(strings.reject)
        return Task(
            prompt=self._prompt(subject, match, reject),
            secret={
                "pattern": language.pattern,
                "match": list(strings.hidden_match),
                "reject": list(strings.hidden_reject),
            },
            data={"match": match, "reject": reject, "topic": subject.topic},
            family=family,
            difficulty=len(language.pattern),
        )

    def _prompt(self, subject: Subject, match: list[str], reject: list[str]) -> str:
        about = {
            "full": f"The strings are {subject.topic}. {subject.says} A string of any other form must not match.",
            "theme": f"The strings are {subject.topic}, in one certain form.",
            "none": "What the strings have in common is for you to find out.",
        }[self.config.hint]
        lines = [
            "Write one regular expression, in the syntax of Python's re module, that matches some strings as a whole (as "
            "re.fullmatch does, without flags) and does not match others. All consist of printable ASCII characters.",
            f"{about} Strings are written here as JSON texts.",
            "Must match:",
            *map(json.dumps, match),
            "Must not match:",
            *map(json.dumps, reject),
            "It is tried on further strings of both kinds, which are not shown. All must be right.",
        ]
        return "\n".join(lines)

    def opening(self, task: Task, state: State) -> str:
        turns = self.config.max_turns
        tries = (
            "You have one answer."
            if turns == 1
            else f"You have {turns} answers; the first that is right about all strings shown is final."
        )
        return (
            f"{task.prompt}\n{tries} Reply with the bare regular expression, without quotes or slashes around it and of at "
            f"most {self.config.max_pattern_chars} characters, inside <answer></answer>, once."
        )

    async def act(self, task: Task, state: State, action: str) -> Reply:
        pattern = final_answer(action)
        if pattern is None:
            return Reply.malformed(
                "Give your regular expression inside one pair of tags, <answer></answer>, and only once."
            )
        if len(pattern) > self.config.max_pattern_chars:
            return Reply.malformed(
                f"The regular expression has {len(pattern)} characters; at most {self.config.max_pattern_chars} are tried."
            )
        match, reject = task.data["match"], task.data["reject"]
        shown = len(match) + len(reject)
        wanted = [True] * len(match) + [False] * len(reject)
        wanted += [True] * len(task.secret["match"]) + [False] * len(task.secret["reject"])
        try:
            found = await match_all(pattern, [*match, *reject, *task.secret["match"], *task.secret["reject"]])
        except PatternError as error:
            return Reply.malformed(f"The regular expression cannot be used: {error}.", {"shown_right": 0})
        right = [one is want for one, want in zip(found, wanted, strict=True)]
        info = {"shown_right": sum(right[:shown])}
        if all(right[:shown]):
            return Reply(
                "Right." if all(right) else "Right about what is shown, wrong about what is hidden.",
                score=_score(right, shown),
                info=info,
                success=all(right),
            )
        if state.turn + 1 >= self.config.max_turns:
            return Reply(
                "Wrong about strings shown, and that was the last answer.", score=_score(right, shown), info=info
            )
        return Reply(self._mistakes(match + reject, right[:shown], len(match)), info=info)

    def _mistakes(self, strings: list[str], right: list[bool], members: int) -> str:
        """What a pattern that is wrong about shown strings gets back."""
        wrong = [i for i, good in enumerate(right) if not good]
        if self.config.feedback == "none":
            return "Wrong about strings shown."
        if self.config.feedback == "count":
            return f"Wrong about {len(wrong)} of the {len(right)} strings shown."
        lines = [f"Wrong about {len(wrong)} of the {len(right)} strings shown:"]
        for i in wrong[:_SHOWN_MISTAKES]:
            what = "must match and does not" if i < members else "matches and must not"
            lines.append(f"{what}: {json.dumps(strings[i])}")
        if len(wrong) > _SHOWN_MISTAKES:
            lines.append(f"and {len(wrong) - _SHOWN_MISTAKES} more")
        return "\n".join(lines)

    def oracle(self, task: Task, state: State) -> str:
        return committed(task.secret["pattern"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return committed(naive.guess(task.data["match"], task.data["reject"], rng))

    def candidates(self, task: Task) -> list[str]:
        return [committed(pattern) for pattern in naive.naive_patterns(task.data["match"], task.data["reject"])]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        """One pattern of each kind, another one for the next task; those that compute until they are stopped, seldom."""
        shown = task.data["match"], task.data["reject"]
        kinds = naive.hostile_patterns(*shown)
        if task.index % _EVERY == 0:
            kinds |= naive.endless_patterns()
        return {name: [committed(patterns[task.index % len(patterns)])] for name, patterns in kinds.items()}


def _score(right: list[bool], shown: int) -> Score:
    """1 iff all are right; the shares below it explain, and pay nothing."""
    hidden = right[shown:]
    return Score(
        value=float(all(right)),
        op="all",
        children=(
            Score(name="shown", value=sum(right[:shown]) / shown),
            Score(name="hidden", value=sum(hidden) / len(hidden)),
        ),
    )


def _themed(rng: Random) -> tuple[Subject, str]:
    name = rng.choice(list(THEMES))
    family = rng.claim(f"theme {name}")
    return THEMES[name](rng), family


def _invented(rng: Random, pieces: int) -> tuple[Subject, str]:
    shape = skeleton(rng, pieces)
    family = rng.claim(f"grammar {' '.join(shape)}")
    return fill(shape, rng), family
