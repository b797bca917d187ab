"""`textgym play`: a person plays an episode in the terminal."""

import secrets
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer

from textgym.cli.exits import ExitCode, leave
from textgym.cli.options import AsJson, EnvId, Settings, SplitName, read_settings
from textgym.cli.screen import console, print_json, several, visible
from textgym.cli.transcript import outcome_panel

if TYPE_CHECKING:
    from rich.console import Console

    from textgym.core import Live, Snapshot

_FENCE = '"""'
_HELP = """\
One line is one action. For an action of several lines, write \"\"\" alone on a line before and after it.
:hint    what the oracle would do next
:undo    take the last action back
:prompt  the first observation again
:quit    leave
An action that starts with a colon is written with two."""


@dataclass(slots=True)
class _Game:
    """An episode in the hands of a person, and every state on the way to go back to."""

    live: "Live"
    opening: str
    screen: "Console"
    before: list["Snapshot"] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    hints: int = 0


def play(
    env_id: EnvId,
    *,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Picks the task, as in reset(seed=...); else any.", show_default=False)
    ] = None,
    split: SplitName = None,
    index: Annotated[
        int | None, typer.Option(min=0, help="The task's number in its split, in place of a seed.", show_default=False)
    ] = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Play an episode yourself. With --json the game is on stderr, and the result on stdout."""
    from textgym.registry import make

    env = make(env_id, **read_settings(settings, split))
    if index is None:
        index = env.index_for(secrets.randbelow(1_000_000) if seed is None else seed)
    live = env.start(env.task(env.config.split, index))
    game = _Game(live, live.observation, console(stderr=as_json, prose=True))
    try:
        _play(game)
    finally:
        game.live.close()
    outcome = game.live.outcome
    if as_json:
        print_json(
            {
                "env_id": env.env_id,
                "task_id": live.task.id,
                "actions": game.actions,
                "hints": game.hints,
                "reward": None if outcome is not None and outcome.mask else game.live.total,
                "outcome": None if outcome is None else outcome.model_dump(mode="json"),
            }
        )
    if outcome is not None and outcome.mask:
        leave(ExitCode.FAILED)


def _play(game: _Game) -> None:
    live, screen = game.live, game.screen
    turns = several(live.env.max_turns, "turn")
    _say(screen, f"{live.task.id}   {turns}   :help shows what else you can write", "dim")
    _observe(game)
    while not game.live.ended:
        line = _read(game)
        match line:
            case None | ":quit":
                _say(
                    screen,
                    f"left after {several(game.live.state.turn, 'turn')}; reward so far {game.live.total:g}",
                    "dim",
                )
                return
            case ":help":
                _say(screen, _HELP)
            case ":hint":
                _hint(game)
            case ":undo":
                _undo(game)
            case ":prompt":
                screen.print(visible(game.opening))
            case str() if line.startswith(":") and not line.startswith("::"):
                _say(
                    screen, f"unknown command {line.split()[0]}; :help lists them, and :: begins an action with a colon"
                )
            case str():
                _act(game, line.removeprefix(":"))
    assert game.live.outcome is not None
    screen.print(outcome_panel(game.live.outcome, None if game.live.outcome.mask else game.live.total))


def _act(game: _Game, action: str) -> None:
    saved = game.live.snapshot()
    _, reward, _, _, info = game.live.step(action)
    game.before.append(saved)
    game.actions.append(action)
    _observe(game)
    metrics = {name: value for name, value in info.items() if name != "outcome"}
    if reward and not game.live.ended:
        metrics = {"reward": reward, **metrics}
    if metrics:
        _say(game.screen, "   ".join(f"{name} {value}" for name, value in metrics.items()), "dim")


def _hint(game: _Game) -> None:
    try:
        hint = game.live.env.oracle(game.live.task, game.live.state)
    except NotImplementedError:
        _say(game.screen, "this environment has no oracle", "dim")
        return
    game.hints += 1
    game.screen.print(visible("the oracle would write: ", "dim").append_text(visible(hint)))


def _undo(game: _Game) -> None:
    if not game.before:
        _say(game.screen, "there is nothing to take back", "dim")
        return
    game.live.close()
    game.live = type(game.live).from_snapshot(game.live.env, game.before.pop())
    _say(game.screen, f"took back: {game.actions.pop()!r}", "dim")
    _observe(game)


def _observe(game: _Game) -> None:
    turn, of = game.live.state.turn, game.live.env.max_turns
    _say(game.screen, f"── turn {turn} of {of} " if turn else "── task ", "cyan")
    game.screen.print(visible(game.live.observation))


def _say(screen: "Console", text: str, style: str = "") -> None:
    screen.print(visible(text, style))


def _read(game: _Game) -> str | None:
    """One action or command; None at the end of the input."""
    line = _read_line(game, "> ")
    if line is None or line.strip() != _FENCE:
        # A command is recognised with spaces around it; an action is taken exactly as written.
        return line.strip() if line is not None and line.strip().startswith(":") else line
    lines: list[str] = []
    while (line := _read_line(game, "… ")) is not None and line.strip() != _FENCE:
        lines.append(line)
    text = "\n".join(lines)
    return f":{text}" if text.startswith(":") else text


def _read_line(game: _Game, prompt: str) -> str | None:
    if sys.stdin.isatty():
        import readline  # noqa: F401  (gives `input` its line editing)

        if game.screen.stderr:  # `input` would write the prompt on stdout, which belongs to the report
            sys.stderr.write(prompt)
            sys.stderr.flush()
        try:
            return input("" if game.screen.stderr else prompt)
        except EOFError:
            game.screen.print()  # what follows begins on a line of its own, and not behind the prompt
            return None
        except KeyboardInterrupt:
            game.screen.print()
            raise
    line = sys.stdin.readline()
    if not line:
        return None
    line = line.removesuffix("\n")
    _say(game.screen, f"{prompt}{line}", "dim")
    return line
