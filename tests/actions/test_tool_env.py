"""ToolEnv: calls are run in their order, a malformed action changes nothing, and everything follows from @tool."""

import asyncio
from typing import Annotated, ClassVar

import pytest
from gymnasium.utils.env_checker import check_env
from pydantic import Field

import textgym
from textgym.actions import PROTOCOLS, ToolConfig, ToolDeclarationError, ToolEnv, encode_calls, tool
from textgym.core import Config, Random, Reply, State, Task, TextEnv


class CounterState(State):
    total: int = 0
    log: list[str] = Field(default_factory=list)


@tool
def about(task: Task, word: str = "counters") -> str:
    """Say what this is about."""
    return f"{task.data['name']}: {word}"


class Counter(ToolEnv[ToolConfig, CounterState]):
    """Count to a number.

    Observation: the number; then results.
    Action: calls of add, pay, end.
    Reward: 1 for ending at the number.
    Ends: with `end`.
    """

    shared_tools = (about,)

    def generate(self, rng: Random) -> Task:
        number = rng.randint(3, 1_000_000)
        return Task(prompt=f"Count to {number}.", secret={"number": number}, data={"name": "counting"})

    @tool
    def add(self, task: Task, state: CounterState, n: Annotated[int, Field(ge=1)] = 1) -> str:
        """Add a number.

        Args:
            n: how much.
        """
        state.total += n
        return str(state.total)

    @tool
    def pay(self, task: Task, state: CounterState, why: str) -> Reply:
        """Be paid a little."""
        state.log.append(why)
        return Reply("Paid.", reward=0.25, info={"paid": len(state.log)})

    @tool
    def refuse(self, task: Task, state: CounterState) -> Reply:
        """Refuse."""
        return Reply.malformed("Not now.")

    @tool
    def end(self, task: Task, state: CounterState) -> Reply:
        """End."""
        return Reply("Over.", score=float(state.total == task.secret["number"]), info={"total": state.total})

    def oracle(self, task: Task, state: CounterState) -> str:
        if state.total:
            return self.call("end")
        return self.call("add", n=task.secret["number"])


class SlowCounter(Counter):
    """The same, with a tool that waits."""

    @tool
    async def wait(self, task: Task, state: CounterState, n: int) -> str:
        """Wait, then add."""
        await asyncio.sleep(0)
        state.total += n
        return f"waited: {state.total}"


class Talker(Counter):
    """The same; text without a call is an answer."""

    def answer(self, task: Task, state: CounterState, text: str) -> Reply:
        return Reply("Heard.", score=float(text.strip() == str(task.secret["number"])))


class SlowTalker(Counter):
    """The same; answers take a while to be read."""

    async def answer(self, task: Task, state: CounterState, text: str) -> Reply:
        await asyncio.sleep(0)
        return Reply("Heard.", score=0.5)


def started(cls=Counter, **settings):
    return cls(**settings).start(cls(**settings).task("train", 0))


def test_the_opening_shows_the_prompt_and_every_tool():
    live = started()
    assert live.observation.startswith(live.task.prompt)
    for words in (
        "<add>N</add>",
        "N: whole number, at least 1, may be left out. how much.",
        "<end/>",
        "<about>WORD</about>",
    ):
        assert words in live.observation


def test_tools_come_in_the_order_of_their_declaration_and_with_their_schemas():
    env = Counter()
    assert list(env.tools) == ["add", "pay", "refuse", "end", "about"]
    assert [schema["function"]["name"] for schema in env.tool_schemas()] == list(env.tools)


def test_the_result_of_one_call_is_the_observation():
    live = started()
    assert live.step("I add one. <add/>")[0] == "1"
    assert live.step("<add>41</add>")[0] == "42"
    assert live.state.total == 42


def test_results_of_several_calls_are_numbered_and_rewards_add_up():
    live = started()
    text, reward, terminated, truncated, info = live.step("<add>2</add><pay>a</pay> and <pay>b</pay>")
    assert text == "[1] add: 2\n[2] pay: Paid.\n[3] pay: Paid."
    assert reward == 0.5
    assert info == {"paid": 2}
    assert not terminated
    assert not truncated


def test_the_first_score_ends_the_episode_and_later_calls_are_not_run():
    live = started()
    text, reward, terminated, _, info = live.step(f"<end/><add>{live.task.secret['number']}</add><end/>")
    assert text == "[1] end: Over.\nThe episode ended; 2 more calls were not run."
    assert (reward, terminated) == (0.0, True)
    assert info["total"] == 0
    assert live.state.total == 0


def test_a_malformed_call_keeps_the_others_from_running():
    live = started()
    text, *_ = live.step("<add>5</add><add>many</add>")
    assert "'n': expected whole number, at least 1, got 'many'" in text
    assert "None of the calls in this answer was run." in text
    assert (live.state.total, live.state.invalid) == (0, 1)


def test_too_many_calls_are_malformed():
    live = started(max_calls_per_turn=2)
    text, *_ = live.step("<add/><add/><add/>")
    assert "3 calls in one answer; at most 2" in text
    assert (live.state.total, live.state.invalid) == (0, 1)
    assert "up to 2 calls" in started(max_calls_per_turn=2).observation


def test_a_tool_may_refuse():
    live = started()
    assert live.step("<refuse/>")[0] == "Not now."
    live.step("<add/><refuse/>")
    assert live.state.invalid == 2


def test_text_without_a_call_is_malformed_and_shown_a_call():
    live = started()
    text, *_ = live.step("I think that adding is best.")
    assert "No call found" in text
    assert "<add>N</add>" in text
    assert live.state.invalid == 1


def test_max_invalid_ends_the_episode():
    live = started(max_invalid=2)
    live.step("no")
    assert live.step("<add>x</add>")[2]
    assert live.outcome.stop_reason == "max_invalid"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_oracle_earns_one_in_every_protocol(protocol):
    for index in range(20):
        env = Counter(protocol=protocol)
        live = env.start(env.task("train", index))
        assert PROTOCOLS[protocol].usage(env.tools["add"]) in live.observation
        while not live.ended:
            live.step(env.oracle(live.task, live.state))
        assert live.total == 1.0


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_native_calls_reach_the_tools(protocol):
    live = started(protocol=protocol)
    assert live.step(encode_calls(protocol, [("add", {"n": 3}), ("about", {"word": "<b>"})]))[0] == (
        "[1] add: 3\n[2] about: counting: <b>"
    )


def test_the_protocol_changes_neither_tasks_nor_ids():
    tasks = [
        Counter(protocol=protocol, max_calls_per_turn=n).task("train", 3) for n, protocol in enumerate(PROTOCOLS, 1)
    ]
    assert tasks[0] == tasks[1] == tasks[2]


def test_settings_of_a_subclass_that_shape_no_task_add_to_those_of_its_parents():
    class Knobs(ToolConfig):
        size: int = 3
        bonus: float = 0.0
        not_in_task: ClassVar[frozenset[str]] = frozenset({"bonus"})

    assert Knobs(protocol="xml", bonus=1.0).task_settings() == {}
    assert Knobs(protocol="xml", size=4).task_settings() == {"size": 4}


def test_a_call_by_the_author_is_checked():
    env = Counter()
    assert env.call("add", n=3) == "<add>3</add>"
    with pytest.raises(ValueError, match="did you mean 'add'"):
        env.call("ad")
    with pytest.raises(ValueError, match="expected whole number"):
        env.call("add", n="3")


def test_a_class_without_waiting_tools_pays_for_no_event_loop():
    assert not Counter.waits
    assert isinstance(Counter().act(Counter().task("train", 0), CounterState(), "<add/>"), Reply)


def test_a_class_with_a_waiting_tool_waits():
    assert SlowCounter.waits
    live = started(SlowCounter)
    assert live.step("<add/><wait>2</wait><add/>")[0] == "[1] add: 1\n[2] wait: waited: 3\n[3] add: 4"

    async def play():
        live = await SlowCounter().astart(SlowCounter().task("train", 0))
        return await live.astep("<wait>2</wait>"), await live.astep("nothing")

    (first, second) = asyncio.run(play())
    assert first[0] == "waited: 2"
    assert "No call found" in second[0]


def test_text_without_a_call_may_be_an_answer():
    live = started(Talker)
    assert live.step(f" {live.task.secret['number']} ")[:3] == ("Heard.", 1.0, True)
    assert "no tool <ad>" in started(Talker).step("<ad>1</ad>")[0]
    assert SlowTalker.waits
    assert started(SlowTalker).step("well")[1] == 0.5


def test_a_config_may_leave_tools_out():
    class Poor(Counter):
        def offers(self, name):
            return name != "pay"

    env = Poor()
    assert "pay" not in env.tools
    live = env.start(env.task("train", 0))
    assert "pay" not in live.observation
    assert live.step("<pay>a</pay>")[4] == {}
    assert live.state.log == []
    with pytest.raises(ValueError, match="no tool 'pay'"):
        env.call("pay", why="a")


def test_a_subclass_may_replace_a_tool_or_drop_it():
    class Double(Counter):
        @tool
        def add(self, task, state, n: int) -> str:
            """Add twice."""
            state.total += 2 * n
            return str(state.total)

        def pay(self, task, state, why):
            raise NotImplementedError

    assert list(Double().tools) == ["add", "refuse", "end", "about"]
    assert started(Double).step("<add>2</add>")[0] == "4"


def test_an_author_may_write_act_and_still_have_tools():
    class Own(Counter):
        def act(self, task, state, action):
            return Reply("mine")

    assert started(Own).step("<add/>")[0] == "mine"


def declare_step():
    class Wrong(Counter):
        @tool
        def step(self, task, state) -> str:
            """Step."""


def declare_twice():
    class Wrong(Counter):
        @tool(name="add")
        def plus(self, task, state) -> str:
            """Add."""


def declare_ambiguous():
    class Wrong(Counter):
        @tool
        def look(self, task, state, add: str) -> str:
            """Look."""


def declare_with_a_plain_config():
    class Wrong(ToolEnv[Config, State]):
        pass


def declare_plain():
    class Wrong(Counter):
        shared_tools = (len,)


@pytest.mark.parametrize(
    ("declare", "words"),
    [
        (declare_step, r'declare it with @tool\(name="step"\)'),
        (declare_twice, "two tools are named 'add'"),
        (declare_ambiguous, "'add' is a tool and also a parameter of 'look'"),
        (declare_plain, "not decorated"),
        (declare_with_a_plain_config, "derive its config Config from ToolConfig"),
    ],
)
def test_tools_that_cannot_stand_together_are_refused_with_the_class(declare, words):
    with pytest.raises(ToolDeclarationError, match=words):
        declare()


def test_an_episode_is_restored_with_its_tools():
    env = Counter(protocol="json")
    env.reset(seed=4)
    env.step(env.call("add", n=2))
    (twin,) = env.fork(1)
    twin.step(twin.call("add", n=5))
    assert (env.episode.state.total, twin.episode.state.total) == (2, 7)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_gymnasiums_checker_passes():
    check_env(Counter(), skip_render_check=True)


def test_the_top_level_names():
    assert textgym.tool is tool
    assert textgym.ToolEnv is ToolEnv
    assert issubclass(ToolEnv, TextEnv)
    assert issubclass(ToolConfig, Config)
