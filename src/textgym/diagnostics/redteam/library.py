"""The library of cheats."""

import difflib
from collections.abc import Collection

from textgym.core.errors import did_you_mean
from textgym.diagnostics.redteam import (
    code_cheats,
    judge_cheats,
    leak_cheats,
    text_cheats,
    tool_cheats,
    turn_cheats,
)
from textgym.diagnostics.redteam.cheat import FAMILIES, Cheat

CHEATS: dict[str, Cheat] = {
    cheat.name: cheat
    for module in (text_cheats, leak_cheats, judge_cheats, code_cheats, tool_cheats, turn_cheats)
    for cheat in module.CHEATS
}
"""All cheats by name, by family."""


def select_cheats(names: Collection[str] | None = None, families: Collection[str] | None = None) -> list[Cheat]:
    """The cheats of these names and of these families; all of them where neither is given.

    Raises:
        ValueError: a name is no cheat, or a family none; the message names the closest.
    """
    names = [names] if isinstance(names, str) else names
    families = [families] if isinstance(families, str) else families
    for name in names or ():
        if name not in CHEATS:
            close = difflib.get_close_matches(name, CHEATS, n=1, cutoff=0.5)
            hint = f"did you mean {close[0]!r}?" if close else "an environment's own are the family 'own'."
            raise ValueError(f"no cheat {name!r}: {hint} `textgym redteam --list` shows all of the library.")
    for family in families or ():
        if family not in FAMILIES:
            raise ValueError(f"no family {family!r}: {did_you_mean(family, FAMILIES)}")
    if not names and not families:
        return list(CHEATS.values())
    return [cheat for cheat in CHEATS.values() if cheat.name in (names or ()) or cheat.family in (families or ())]
