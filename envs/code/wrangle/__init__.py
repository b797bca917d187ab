"""DataWrangle: a messy file, and a program that makes the wanted table of it."""

from textgym.envs.code.wrangle.env import DataWrangle, WrangleConfig, WrangleState

__all__ = ["DataWrangle", "WrangleConfig", "WrangleState"]
