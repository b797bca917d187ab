"""The reference policies that every environment has: oracle, noop and random."""

from textgym.core import Live, Turn
from textgym.policies.base import ReferencePolicy


class Oracle(ReferencePolicy):
    """Plays `TextEnv.oracle`: it may read the task's secret, and earns the environment's `oracle_score`."""

    name = "oracle"

    def answer_live(self, live: Live, turn: Turn) -> str:
        return live.env.oracle(live.task, live.state)


class Noop(ReferencePolicy):
    """Says `TextEnv.noop_action` every turn: the floor that doing nothing earns."""

    name = "noop"

    def answer_live(self, live: Live, turn: Turn) -> str:
        return live.env.noop_action


class RandomPolicy(ReferencePolicy):
    """Says `TextEnv.random_action` every turn: the floor that guessing in the right format earns."""

    name = "random"

    def answer_live(self, live: Live, turn: Turn) -> str:
        return live.env.random_action(live.task, live.state, turn.rng())
