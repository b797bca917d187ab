"""An episode as it is shown in the terminal: turns, rewards, the outcome and the score tree that explains it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from textgym.cli.screen import facts, visible

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text
    from rich.tree import Tree

    from textgym.core import Outcome, Score
    from textgym.episodes import Episode

_SHOWN_INFO = 400


def outcome_panel(outcome: "Outcome", reward: float | None) -> "RenderableType":
    """How an episode ended: success, reward, reason, and the score tree where it has parts."""
    from rich.console import Group
    from rich.panel import Panel
    from rich.text import Text

    style = "green" if outcome.success else "yellow" if outcome.mask else "red"
    word = "solved" if outcome.success else "no reward" if outcome.mask else "not solved"
    rows: dict[str, Any] = {
        "reward": "none: leave this episode out of training" if reward is None else f"{reward:g}",
        "status": outcome.status.value,
        "stop reason": outcome.stop_reason.value,
    }
    if outcome.error:
        rows["error"] = visible(outcome.error)
    parts: list[RenderableType] = [facts(rows)]
    score = outcome.score
    if score.children or score.evidence or score.reason:
        parts += [Text(), score_tree(score)]
    return Panel(Group(*parts), title=Text(word, style=f"bold {style}"), title_align="left", border_style=style)


def score_tree(score: "Score") -> "Tree":
    """The parts of a score, each with its value, how the parts were combined, and what the grader saw."""
    from rich.tree import Tree

    tree = Tree(_score_line(score), guide_style="dim")
    _grow(tree, score)
    return tree


def _grow(tree: "Tree", score: "Score") -> None:
    for item in score.evidence:
        secret = " (not shown to a policy)" if item.secret else ""
        tree.add(visible(f"{item.label}{secret}: {item.text}", "dim"))
    for child in score.children:
        _grow(tree.add(_score_line(child)), child)


def _score_line(score: "Score") -> "Text":
    value = score.status if score.value is None else f"{score.value:g}"
    good = score.value is not None and score.value >= score.bounds[1] - 1e-9
    line = visible(score.name)
    line.append(f"  {value}", style="bold yellow" if score.value is None else "bold green" if good else "bold")
    if score.weight != 1.0:
        line.append(f"  weight {score.weight:g}", style="dim")
    if score.op:
        line.append(f"  {score.op}", style="dim")
    if score.reason:
        line.append_text(visible(f"  {score.reason}", "dim"))
    return line


def episode_transcript(episode: "Episode") -> Iterator["RenderableType"]:
    """An episode from its head to its outcome, one piece at a time."""
    from rich.text import Text

    yield facts(_head(episode))
    yield Text()
    yield _panel("task", "", episode.observation, "cyan")
    for number, turn in enumerate(episode.turns, 1):
        yield _panel(f"turn {number}", "policy", turn.action, "magenta")
        about = [f"reward {turn.reward:g}"] if turn.reward else []
        about += [f"{turn.policy_seconds:.2f} s to answer"] if turn.policy_seconds >= 0.01 else []
        about += [f"{turn.step_seconds:.2f} s to step"] if turn.step_seconds >= 0.01 else []
        if turn.completion is not None and turn.completion.finish_reason != "stop":
            about.append(f"finish reason {turn.completion.finish_reason}")
        yield _panel(f"turn {number}", "environment", turn.observation, "cyan", "   ".join(about))
        if turn.info:
            text = "   ".join(f"{name} {value}" for name, value in turn.info.items())
            yield visible(text if len(text) <= _SHOWN_INFO else f"{text[:_SHOWN_INFO]} …", "dim")
    yield outcome_panel(episode.outcome, episode.reward)


def _panel(place: str, who: str, text: str, style: str, about: str = "") -> "RenderableType":
    from rich.panel import Panel
    from rich.text import Text

    return Panel(
        visible(text) if text else Text("(empty)", style="dim"),
        title=Text(f"{place} · {who}" if who else place, style=style),
        title_align="left",
        subtitle=Text(about, style="dim") if about else None,
        subtitle_align="right",
        border_style="dim",
    )


def _head(episode: "Episode") -> dict[str, Any]:
    rows: dict[str, Any] = {
        "episode": episode.episode_id,
        "task": episode.task_id,
        "policy": ", ".join(f"{name} {value}" for name, value in episode.policy.items() if value is not None),
        "seed": f"{episode.seed}   group {episode.group}   sibling {episode.sibling}",
    }
    if episode.config:
        rows["settings"] = ", ".join(f"{name}={value!r}" for name, value in episode.config.items())
    if episode.timings:
        rows["time"] = ", ".join(f"{name} {seconds * 1e3:,.2f} ms" for name, seconds in episode.timings.items())
    if episode.attempts > 1:
        rows["attempts"] = str(episode.attempts)
    return rows
