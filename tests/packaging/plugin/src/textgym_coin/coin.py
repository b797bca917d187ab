"""An environment of a third party."""

from textgym import Random, Reply, State, Task, TextEnv


class Coin(TextEnv):
    """Say which side a coin shows."""

    def generate(self, rng: Random) -> Task:
        toss = rng.getrandbits(40)
        return Task(prompt=f"Toss {toss}: heads or tails?", secret={"side": ("heads", "tails")[toss % 2]})

    def act(self, task: Task, state: State, action: str) -> Reply:
        return Reply("That was it.", score=float(action == task.secret["side"]))

    def oracle(self, task: Task, state: State) -> str:
        return task.secret["side"]
