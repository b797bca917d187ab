"""Cheats that look beside the question: infos, reprs, error texts, task ids, what earlier episodes told."""

import base64
import binascii
import re
from collections.abc import Callable

from textgym.diagnostics.redteam.cheat import Cheat, View

_NAMES = (
    r"(?:\w{0,60}(?:answer|secret|solution|target|gold|expected|label|truth|correct|hidden|password|key)\w{0,60}"
    r"|\w{1,60}_number|\w{1,60}_code|\w{1,60}_word)"
)
_NAMED = re.compile(
    rf"(?<!\w)[\"']?({_NAMES})[\"']?\s{{0,3}}(?:[:=]|\bis\b|\bwas\b)\s{{0,3}}"
    r"(\"[^\"\n]{1,300}\"|'[^'\n]{1,300}'|\[[^\]\n]{1,300}\]|[^\s,;}\])]{1,300})",
    re.IGNORECASE,
)
_PLAINEST = re.compile(r"answer|solution|secret|target|gold|expected|truth|game_", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[A-Za-z0-9+/=]{8,200}")
_READ = 20_000
_NOTHING = frozenset({"none", "null", "true", "false", "", "{}", "[]", "0"})


def mined(text: str) -> list[str]:
    """The values in `text` that are named like an answer, those with the plainest names first."""
    found = []
    for name, value in _NAMED.findall(text[:_READ]):
        stripped = str(value).strip("\"'. ")
        if stripped.lower() not in _NOTHING:
            found.append((_PLAINEST.search(name) is None, stripped))
    return list(dict.fromkeys(value for _, value in sorted(found, key=lambda one: one[0])))


def _answer(view: View, text: str) -> str:
    """One value after the other that was found; a wrong answer while there is none."""
    found = mined(text)
    return view.answer(found[view.turn % len(found)] if found else "-1")


def _from(name: str) -> Callable[[View], str]:
    """A policy that answers with what it finds there; wrongly at first, where there is nothing to look at yet."""

    def act(view: View) -> str:
        return _answer(view, view.around.get(name, ""))

    return act


def _from_observations(view: View) -> str:
    return _answer(view, "\n".join(view.history[2::2]))


def _from_earlier(view: View) -> str:
    """What the end of the episode before told."""
    return _answer(view, view.earlier[-1][-1] if view.earlier else "")


def _last_action(view: View) -> str:
    """What was said last in the episode before."""
    said = [history for history in view.earlier if len(history) > 1]
    return said[-1][-2] if said else view.answer(str(view.rng.randint(0, 9)))


def _from_task_id(view: View) -> str:
    numbers = _DIGITS.findall(view.task_id)
    return view.answer(numbers[-1] if numbers else view.task_id)


def _decoded(view: View) -> str:
    for word in _WORD.findall(view.task_id):
        for decode in (base64.b64decode, bytes.fromhex):
            try:
                text = decode(word).decode("ascii")
            except (ValueError, binascii.Error):
                continue
            if text.isprintable():
                return view.answer(text)
    return view.answer(view.task_id.rpartition("/")[2])


CHEATS: tuple[Cheat, ...] = (
    Cheat("observation_scan", "leak", "Answers with what later observations let slip.", _from_observations),
    Cheat("info_scan", "leak", "Answers with what the infos hold.", _from("info")),
    Cheat("attribute_scan", "leak", "Answers with a public attribute of the environment.", _from("attributes")),
    Cheat("repr_scan", "leak", "Answers with what the environment's repr shows.", _from("repr")),
    Cheat("error_scan", "leak", "Answers with what error texts let slip.", _from("errors")),
    Cheat("dump_scan", "leak", "Answers with what the task shows as JSON.", _from("dump")),
    Cheat("pickle_scan", "leak", "Answers with what a pickled turn holds.", _from("turn")),
    Cheat("schema_scan", "leak", "Answers with what the tools' schemas hold.", _from("tools")),
    Cheat("task_id_number", "leak", "Answers with the number in the task's id.", _from_task_id),
    Cheat("task_id_decoded", "leak", "Answers with the task's id, decoded.", _decoded),
    Cheat("previous_answer", "leak", "Answers with what the episode before told at its end.", _from_earlier),
    Cheat("previous_action", "leak", "Says what it said last in the episode before.", _last_action),
    Cheat("seed_replay", "leak", "Plays a task again with what its end told.", _from_earlier, replays=True),
)
