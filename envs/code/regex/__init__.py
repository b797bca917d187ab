"""RegexSynth: `language` (what is asked, as a tree), `phrases`, `themes` and `grammar` (where it comes from), `examples`."""

from textgym.envs.code.regex.env import RegexSynth, RegexSynthConfig

__all__ = ["RegexSynth", "RegexSynthConfig"]
