"""How an author declares an environment, and what the declaration makes of it."""

import copy
import pickle

import pytest
from core_envs import Obey, ObeyAsync, Shelf, trajectory

from textgym import Config, Field, Random, Reply, State, Task, TextEnv


class Nested(TextEnv):
    """Everything within the class."""

    class Config(Config):
        high: int = Field(9, ge=2)

    class State(State):
        guesses: list[str] = Field(default_factory=list)

    def generate(self, rng: Random) -> Task:
        return Task(prompt="Guess.", secret={"number": rng.randint(1, self.config.high)})

    def act(self, task: Task, state: State, action: str) -> Reply:
        state.guesses.append(action)
        right = action == str(task.secret["number"])
        return Reply("Right." if right else "Wrong.", score=1.0 if right else None)


class Derived(Nested):
    """The same with another knob."""

    class Config(Nested.Config):
        low: int = 1


def test_models_may_be_nested_given_as_arguments_or_inherited():
    assert Nested(high=5).config.high == 5
    assert (Derived(low=3).config.low, Derived().config.high) == (3, 9)
    assert Derived.State is Nested.State
    assert (Obey.Config.__name__, Obey.State.__name__) == ("ObeyConfig", "ObeyState")
    assert (ObeyAsync.Config, ObeyAsync.State) == (Obey.Config, Obey.State)
    assert (Shelf.Config, Shelf.State) == (Config, State)


def test_a_minimal_environment_plays():
    env = Nested()
    env.reset(seed=1)
    number = env.episode.task.secret["number"]
    assert env.step("0")[:4] == ("Wrong.", 0.0, False, False)
    assert env.episode.state.guesses == ["0"]
    assert env.step(str(number))[:4] == ("Right.", 1.0, True, False)
    assert env.reset(seed=1)[0] == "Guess."
    assert env.episode.state.guesses == []


def test_what_an_author_left_out_is_named():
    class Empty(TextEnv):
        pass

    with pytest.raises(NotImplementedError, match=r"Empty must define generate\(\)"):
        Empty().reset(seed=1)

    class Mute(Empty):
        def generate(self, rng):
            return Task(prompt="p")

    env = Mute()
    env.reset(seed=1)
    with pytest.raises(NotImplementedError, match=r"Mute must define act\(\)"):
        env.step("a")
    with pytest.raises(NotImplementedError, match=r"Mute defines no oracle\(\)"):
        env.oracle(env.episode.task, env.episode.state)


def test_defaults_of_what_an_author_may_add():
    env = Nested()
    env.reset(seed=1)
    task, state = env.episode.task, env.episode.state
    assert env.opening(task, state) == task.prompt
    assert (env.candidates(task), env.cheats(task), env.tool_schemas()) == ([], {}, [])
    assert env.size("train") is None
    assert env.random_action(task, state, Random(b"k")) == env.random_action(task, state, Random(b"k"))


@pytest.mark.parametrize(
    "duplicate", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))], ids=["copy", "pickle"]
)
@pytest.mark.parametrize("kind", [Obey, ObeyAsync])
def test_an_environment_with_an_episode_in_progress_can_be_duplicated(kind, duplicate):
    env = kind(size=50)
    env.reset(seed=1)
    env.step("say a")
    twin = duplicate(env)
    script = ["say b", "draw", "score 0.5"]
    assert trajectory(twin, script) == trajectory(env, script)
    assert twin.reset() == env.reset()
    twin.step("say c")
    assert env.step("say d")[0] == "1: say d"


def test_the_order_of_stop_reasons_is_the_order_in_which_a_step_checks_them():
    from textgym.core import StopReason

    env = Obey(max_turns=2, max_invalid=1, step_cpu_seconds=1e-9, episode_seconds=1e-9)
    env.reset(seed=1)
    env.step("say a")
    assert env.episode.outcome.stop_reason is StopReason.STEP_CPU
    env.reset(seed=1)
    env.step("bad")
    assert env.episode.outcome.stop_reason is StopReason.MAX_INVALID
    env.reset(seed=1)
    env.step("score 0")
    assert env.episode.outcome.stop_reason is StopReason.COMPLETED
    order = list(StopReason)
    assert order.index("completed") < order.index("max_invalid") < order.index("step_cpu") < order.index("max_turns")
