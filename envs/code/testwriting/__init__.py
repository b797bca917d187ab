"""TestWrite: `suites` (tests as data), `mutants` (what they must catch), `running` (where they meet), and `env`."""

from textgym.envs.code.testwriting.env import TestWrite, TestWriteConfig

__all__ = ["TestWrite", "TestWriteConfig"]
