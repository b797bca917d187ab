"""What a theme makes: a language with its description."""

from collections.abc import Callable
from dataclasses import dataclass

from textgym.core import Random
from textgym.envs.code.regex.language import Language
from textgym.envs.code.regex.phrases import Kind, Phrase, quoted


@dataclass(frozen=True, slots=True)
class Subject:
    """A language, what it is about, and what it is exactly.

    Attributes:
        topic: a few words that fit after "the strings are".
        phrase: the tree and its description.
        needs: kinds of characters, of each of which one at least must be there.
        bans: texts that must not be there.
    """

    topic: str
    phrase: Phrase
    needs: tuple[Kind, ...] = ()
    bans: tuple[str, ...] = ()

    @property
    def language(self) -> Language:
        """The set of strings."""
        return Language(self.phrase.node, tuple(kind.chars for kind in self.needs), self.bans)

    @property
    def says(self) -> str:
        """The whole description, in sentences."""
        sentences = [f"The string is made of {self.phrase.says}."]
        sentences += [f"At least one {kind.one} is in it." for kind in self.needs]
        sentences += [f"Nowhere in it is the text {quoted(ban)}." for ban in self.bans]
        return " ".join(sentences)


Theme = Callable[[Random], Subject]
