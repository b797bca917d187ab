"""What can be said about who lives where, and the words for it."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["at", "not_at", "same", "apart", "next", "left", "before", "two_off"]
Item = tuple[int, int]
"""An attribute and one of its values, both by number."""

ATTRIBUTES: dict[str, tuple[str, tuple[str, ...]]] = {
    "name": ("{}", ("Alma", "Boris", "Carla", "Derek", "Edith", "Fumio", "Greta", "Hamid", "Ilse", "Jonas")),
    "colour": ("the person in the {} house", ("red", "blue", "green", "white", "yellow", "black", "brown", "orange")),
    "pet": ("the keeper of the {}", ("cat", "dog", "zebra", "horse", "parrot", "snake", "rabbit", "goat")),
    "drink": ("the person who drinks {}", ("tea", "milk", "water", "coffee", "juice", "cocoa", "cider", "lemonade")),
    "job": ("the {}", ("baker", "doctor", "farmer", "judge", "miner", "painter", "sailor", "tailor")),
    "instrument": ("the {} player", ("flute", "violin", "piano", "drum", "harp", "trumpet", "guitar", "cello")),
    "fruit": ("the person who likes {}", ("apples", "pears", "plums", "grapes", "figs", "kiwis", "lemons", "dates")),
    "flower": ("the grower of {}", ("roses", "tulips", "lilies", "daisies", "irises", "orchids", "violets", "asters")),
}
"""For each attribute how its bearer is named, and the values."""


@dataclass(frozen=True, slots=True)
class Clue:
    """One statement about the houses, which are counted from 0 at the left.

    Attributes:
        kind: `at` and `not_at`: `one` is, or is not, in `house`. `same` and `apart`: `one` and `two` are, or are not, in one
            house. `next`: in neighbouring houses. `left`: `one` is directly left of `two`. `before`: somewhere left of it.
            `two_off`: there is exactly one house between them.
        one: what it is about.
        two: what it is compared with; `one` again where the kind names a house.
        house: the house, for `at` and `not_at`.
    """

    kind: Kind
    one: Item
    two: Item
    house: int = 0

    def holds(self, one: int, two: int) -> bool:
        """Whether the statement is true where `one` and `two` are in these houses."""
        match self.kind:
            case "at":
                return one == self.house
            case "not_at":
                return one != self.house
            case "same":
                return one == two
            case "apart":
                return one != two
            case "next":
                return abs(one - two) == 1
            case "left":
                return one + 1 == two
            case "before":
                return one < two
            case "two_off":
                return abs(one - two) == 2


def say(clue: Clue, bearers: list[list[str]]) -> str:
    """The statement as a sentence; `bearers[attribute][value]` is how the bearer of a value is named."""
    one, two = bearers[clue.one[0]][clue.one[1]], bearers[clue.two[0]][clue.two[1]]
    text = {
        "at": f"{one} lives in house {clue.house + 1}",
        "not_at": f"{one} does not live in house {clue.house + 1}",
        "same": f"{one} is {two}",
        "apart": f"{one} is not {two}",
        "next": f"{one} lives next to {two}",
        "left": f"{one} lives directly left of {two}",
        "before": f"{one} lives somewhere left of {two}",
        "two_off": f"there is exactly one house between those of {one} and {two}",
    }[clue.kind]
    return text[0].upper() + text[1:] + "."
