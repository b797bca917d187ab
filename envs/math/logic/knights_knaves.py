"""The KnightsKnaves environment: who tells the truth?"""

from collections import Counter
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.logic.truth import everything, models, variables
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

_NAMES = (
    *("Ada", "Bea", "Cleo", "Dora", "Elsa", "Finn", "Gus", "Hugo", "Iris", "Jack", "Karl", "Lena", "Milo"),
    *("Nora", "Otto", "Paul", "Quinn", "Rosa", "Sven", "Tara", "Ugo", "Vera", "Walt", "Xena", "Yuri", "Zoe"),
)
_TRIES = 200
_LONGEST = 500
_NOBODY = "none"


class KnightsKnavesConfig(LevelledConfig):
    """Knobs of KnightsKnaves."""

    levels: ClassVar[Levels] = {
        "easy": {"people": 5, "compound": 0.2},
        "medium": {"people": 6, "compound": 0.5},
        "hard": {"people": 9, "compound": 0.8},
    }

    people: int = Field(
        6, ge=2, le=12, description="people on the island, each of whom says something; 5, 6 or 9 by difficulty"
    )
    compound: float = Field(
        0.5, ge=0, le=1, description="share of statements with and, or, if; 0.2, 0.5 or 0.8 by difficulty"
    )


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that somebody says.

    Attributes:
        form: what kind of statement it is, without the names.
        text: its words, to follow "says:".
        table: when it is true; variable `i` says that person `i` is a knight.
    """

    form: str
    text: str
    table: int


class KnightsKnaves(SingleAnswer[KnightsKnavesConfig]):
    """Find out who is a knight and who a knave, from what each of them says; the only possibility is proven.

    Observation: what each person says.
    Action: the names of all knights separated by commas, or `none`, in one <answer></answer>. Upper and lower case and the
        order are the same. Text outside the tags is not read; an action without exactly one such pair, with an unknown
        name, or with a name twice, is invalid.
    Reward: 1 for exactly the knights, else 0.
    Ends: after the answer.
    Splits: by the forms of the statements that knights and that knaves make, whoever makes them and about whom.
    Oracle: names the knights.

    All assignments are looked at, and one is possible. The difficulty of a task is the number of people.
    """

    answer_form = f"the names of all knights, separated by commas, or {_NOBODY}"

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.random_ceiling = max(0.05, 1.3 / 2**self.config.people)  # one guess of all is right

    def generate(self, rng: Random) -> Task:
        count = self.config.people
        names = rng.sample(_NAMES, count)
        knights = rng.getrandbits(count)
        for _ in range(_TRIES):
            said = [self._statement(person, knights, names, rng) for person in range(count)]
            possible = everything(count)
            for person, statement in zip(variables(count), said, strict=True):
                possible &= ~(person ^ statement.table)
            if models(possible) == [knights]:
                break
        else:
            raise RedrawError("no statements settle it")
        forms = sorted(f"{knights >> person & 1}{statement.form}" for person, statement in enumerate(said))
        return Task(
            prompt=self.ask(_story(names, said)),
            secret={"answer": _listed(names, knights)},
            data={"names": names},
            family=rng.claim(f"knights and knaves {' '.join(forms)}"),
            difficulty=count,
        )

    def _statement(self, speaker: int, knights: int, names: list[str], rng: Random) -> Statement:
        """Something that this person can say: true of a knight, false of a knave."""
        honest = knights >> speaker & 1
        while True:
            make = _compound if rng.random() < self.config.compound else _simple
            statement = make(speaker, names, rng)
            if statement.table >> knights & 1 == honest:
                return statement

    def judge(self, task: Task, answer: str) -> bool:
        names = task.data["names"]
        return _read(answer, names) == _read(task.secret["answer"], names)

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        names = task.data["names"]
        return committed(_listed(names, rng.getrandbits(len(names))))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        names: list[str] = task.data["names"]
        doubled = [*names, *names]
        return super().cheats(task) | {
            "everybody twice": [committed(", ".join(doubled))],
            "knights and knaves": [committed(", ".join(names) + f" or {_NOBODY}")],
        }


def _listed(names: list[str], people: int) -> str:
    return ", ".join(name for at, name in enumerate(names) if people >> at & 1) or _NOBODY


def _read(text: str, names: list[str]) -> set[str]:
    if len(text) > _LONGEST:
        raise Unreadable("That is too long.")
    if text.strip().lower() == _NOBODY:
        return set()
    given = [part.strip().lower() for part in text.split(",")]
    if not set(given) <= {name.lower() for name in names}:
        raise Unreadable("A name is not one of the people.")
    if max(Counter(given).values()) > 1:
        raise Unreadable("A name is there twice.")
    return set(given)


def _story(names: list[str], said: list[Statement]) -> str:
    lines = "\n".join(f"- {name} says: {statement.text}" for name, statement in zip(names, said, strict=True))
    return (
        "On an island everybody is either a knight, who only says what is true, or a knave, who only says what is false. "
        f"You meet {len(names)} people:\n\n{lines}\n\nWho are the knights? `or` includes both; `if ... then ...` is false "
        "only where the first part is true and the second is not."
    )


def _atom(speaker: int, names: list[str], rng: Random, other_than: int = -1) -> tuple[int, str, int]:
    """A claim about one other person: who, words, table."""
    count = len(names)
    others = [person for person in range(count) if person not in (speaker, other_than)] or [speaker]
    person = rng.choice(others)
    knight = rng.getrandbits(1)
    table = variables(count)[person] if knight else everything(count) & ~variables(count)[person]
    return person, f"{names[person]} is a {'knight' if knight else 'knave'}", table


def _simple(speaker: int, names: list[str], rng: Random) -> Statement:
    count = len(names)
    kind = rng.choice(("is", "is", "same", "different", "exactly", "least", "most"))
    if kind == "is":
        _, text, table = _atom(speaker, names, rng)
        return Statement("is", f"{text}.", table)
    if kind in ("same", "different"):
        one, two = rng.sample(range(count), 2)
        unlike = variables(count)[one] ^ variables(count)[two]
        if kind == "same":
            return Statement(kind, f"{names[one]} and {names[two]} are of the same kind.", everything(count) & ~unlike)
        return Statement(kind, f"{names[one]} and {names[two]} are of different kinds.", unlike)
    number = rng.randint(1, count - 1)
    words = {"exactly": "Exactly", "least": "At least", "most": "At most"}[kind]
    table = _counted(count, kind, number)
    return Statement(
        f"{kind}{number}", f"{words} {number} of us {'is a knight' if number == 1 else 'are knights'}.", table
    )


def _counted(count: int, kind: str, number: int) -> int:
    wanted = {
        "exactly": range(number, number + 1),
        "least": range(number, count + 1),
        "most": range(number + 1),
    }[kind]
    # Of how many of the variables so far are true, the table of each number.
    tables = [everything(count)] + [0] * count
    for variable in variables(count):
        for total in range(count, 0, -1):
            tables[total] = tables[total] & ~variable | tables[total - 1] & variable
        tables[0] &= ~variable
    return sum(tables[total] for total in wanted)


def _compound(speaker: int, names: list[str], rng: Random) -> Statement:
    whole = everything(len(names))
    one, first, this = _atom(speaker, names, rng)
    _, second, that = _atom(speaker, names, rng, other_than=one)
    match rng.choice(("and", "or", "if", "iff")):
        case "and":
            return Statement("and", f"{first} and {second}.", this & that)
        case "or":
            return Statement("or", f"{first} or {second}.", this | that)
        case "if":
            return Statement("if", f"If {first}, then {second}.", whole & ~this | that)
        case _:
            return Statement("iff", f"{first} if and only if {second}.", whole & ~(this ^ that))
