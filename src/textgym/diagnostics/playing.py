"""Playing episodes by script and writing down all that can be seen of them, byte for byte."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from textgym.core import Live, StepResult, TextEnv, Turn
from textgym.core.randomness import derive_key
from textgym.diagnostics.canonical import canonical
from textgym.policies import Noop, Oracle, RandomPolicy, ReferencePolicy

Script = Literal["oracle", "random", "malformed", "mixed"]
SCRIPTS: tuple[Script, ...] = get_args(Script)

MALFORMED: tuple[str, ...] = (
    "",
    "\x00\x1b[2J\x07\r",
    "\ud800 and \udfff",
    "² ٤٢ Ⅷ 𝟘",
    "no such action, please",
    "[[[[(((({{{{<<<<",
)
"""Actions that no environment asks for."""

IDLE = (MALFORMED[0], MALFORMED[4])
"""Those of them that any parser survives, for checks that are about something else."""

MAX_STEPS = 100
"""Steps after which a script gives an episode up; enough for what determinism and snapshots must show."""


@dataclass(frozen=True)
class Place:
    """One scripted episode: which task, and who plays."""

    split: str
    index: int
    script: Script


@dataclass
class Transcript:
    """All that can be seen of one episode.

    Attributes:
        place: which episode it is.
        lines: canonical text of the opening, of every step and of the outcome, in order.
        actions: the actions, in order.
        results: what `step` returned, in order.
        error: the exception that broke the episode off, if one did; also the last line.
    """

    place: Place
    lines: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    results: list[StepResult] = field(default_factory=list)
    error: str | None = None


class Player:
    """Plays one live episode by a script, step by step, so that several can be interleaved.

    Args:
        live: the episode, at its beginning.
        place: names task and script.
        seed: seed of the random script.
        face: the environment whose current episode this is, to go through its Gymnasium face.
    """

    def __init__(self, live: Live, place: Place, seed: int, face: TextEnv[Any, Any] | None = None) -> None:
        self.live = live
        self.transcript = Transcript(place)
        self.done = False
        self._seed = seed
        self._step = live.step if face is None else face.step
        self._line(task=live.task.id, observation=live.observation, state=live.state_hash())

    def action(self) -> str | None:
        """The next action; None when the script has run out."""
        number = len(self.transcript.actions)
        if number >= MAX_STEPS:
            return None
        return scripted_action(self.live, self.transcript.place.script, number, self._seed)

    def step(self) -> None:
        """Take the next step, or note why there is none; an exception is part of what can be seen."""
        try:
            action = self.action()
            if action is None or self.live.ended:
                self._end()
            else:
                self._note(action, self._step(action))
        except Exception as error:
            self._break(error)

    async def astep(self) -> None:
        """`step` through the asynchronous face."""
        try:
            action = self.action()
            if action is None or self.live.ended:
                self._end()
            else:
                self._note(action, await self.live.astep(action))
        except Exception as error:
            self._break(error)

    def _note(self, action: str, result: StepResult) -> None:
        observation, reward, terminated, truncated, info = result
        self.transcript.actions.append(action)
        self.transcript.results.append(result)
        self._line(
            action=action,
            observation=observation,
            reward=reward,
            terminated=terminated,
            truncated=truncated,
            info=info,
            state=self.live.state_hash(),
        )
        if self.live.ended:
            self._end()

    def _end(self) -> None:
        outcome = self.live.outcome
        self._line(outcome=None if outcome is None else outcome.model_dump(mode="json"), total=self.live.total)
        self.done = True
        self.live.close()

    def _break(self, error: Exception) -> None:
        self.transcript.error = f"{type(error).__name__}: {error}"
        self._line(error=self.transcript.error)
        self.done = True

    def _line(self, **seen: Any) -> None:
        self.transcript.lines.append(canonical(seen))


def scripted_action(live: Live, script: Script, number: int, seed: int) -> str:
    """The `number`-th action of a script in this episode."""
    if script == "malformed" or (script == "mixed" and number % 2 == 0):
        return MALFORMED[number % len(MALFORMED)]
    turn = turn_of(live, number, seed)
    return Oracle().answer_live(live, turn) if script == "oracle" else RandomPolicy().answer_live(live, turn)


def turn_of(live: Live, number: int, seed: int, history: Sequence[str] = ()) -> Turn:
    """The turn that a policy would be given now; its randomness is a function of seed, task and number."""
    return Turn(
        observation=live.observation,
        episode_id=live.task.id,
        task_id=live.task.id,
        index=number,
        key=derive_key("check", seed, live.task.id),
        tools=live.env.tool_schemas(),
        history=history,
    )


def play(env: TextEnv[Any, Any], place: Place, seed: int) -> Transcript:
    """One whole episode through the Gymnasium face of `env`."""
    return finish(reset_to(env, place, seed))


def reset_to(env: TextEnv[Any, Any], place: Place, seed: int) -> Player:
    """A player of `place` through the Gymnasium face of `env`, which generates each task once."""
    env.reset(options={"split": place.split, "index": place.index})
    env.remember(env.episode.task)
    return Player(env.episode, place, seed, face=env)


def start_at(env: TextEnv[Any, Any], place: Place, seed: int) -> Player:
    """A player of `place` beside others in `env`, which generates each task once."""
    task = env.task(place.split, place.index)
    env.remember(task)
    return Player(env.start(task), place, seed)


def finish(player: Player) -> Transcript:
    """The rest of an episode."""
    while not player.done:
        player.step()
    return player.transcript


def total_reward(live: Live, who: Literal["oracle", "noop", "random"], seed: int = 0) -> float:
    """The reward that a reference policy earns in this episode, from its beginning to its end."""
    policy: ReferencePolicy = {"oracle": Oracle(), "noop": Noop(), "random": RandomPolicy()}[who]
    rewards = []
    for number in range(live.env.max_turns):
        if live.ended:
            break
        action = policy.answer_live(live, turn_of(live, number, seed))
        assert action is not None, "a reference policy plays to the end"
        rewards.append(live.step(action)[1])
    live.close()
    return sum(rewards)


def first_difference(ours: Sequence[str], theirs: Sequence[str]) -> str | None:
    """Where two transcripts part, for a person; None if they are equal."""
    for number, (one, other) in enumerate(zip(ours, theirs, strict=False)):
        if one != other:
            at = next(
                (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
            )
            start = max(0, at - 40)
            what = "the opening" if number == 0 else f"step {number}"
            return f"{what}: …{one[start : at + 60]}… became …{other[start : at + 60]}…"
    if len(ours) != len(theirs):
        return f"{len(ours)} lines became {len(theirs)}"
    return None


def compare(reference: Iterable[Transcript], lines: Sequence[Sequence[str]]) -> str | None:
    """The first episode that differs from the reference, for a person; None if all are equal."""
    for transcript, other in zip(reference, lines, strict=True):
        difference = first_difference(transcript.lines, other)
        if difference is not None:
            place = transcript.place
            return f"{place.split}/{place.index} played by {place.script}, {difference}"
    return None
