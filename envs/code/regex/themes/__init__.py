"""Themes: kinds of strings that programs meet, each with its places to vary. The name of a theme is its family."""

from textgym.envs.code.regex.themes import names, numbers, records, times, writing
from textgym.envs.code.regex.themes.subject import Subject, Theme

THEMES: dict[str, Theme] = {
    theme.__name__: theme for module in (times, numbers, names, records, writing) for theme in module.THEMES
}

__all__ = ["THEMES", "Subject", "Theme"]
