"""`TextEnv`: the class that an environment's author derives from, and a real `gymnasium.Env[str, str]`."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar, cast, get_args, get_origin

from textgym.core.blocking import run_blocking
from textgym.core.config import Config
from textgym.core.errors import ResetError, TaskError
from textgym.core.face import GymFace, whole_index
from textgym.core.impossible import impossible_class, one_off
from textgym.core.live import Live
from textgym.core.randomness import SPLITS, Random, RedrawError, Split, check_split, split_of
from textgym.core.reply import Reply
from textgym.core.spaces import Text
from textgym.core.task import State, Task

C = TypeVar("C", bound=Config)
S = TypeVar("S", bound=State)

Execution = Literal["inline", "async", "thread", "process"]

_DRAWS = 2_000
_MAX_INDEX = 2**63
_REMEMBERED = 256
_OPTIONS = ("split", "index", "task_id", "snapshot")


class TextEnv(GymFace, Generic[C, S]):
    """A text-in, text-out environment.

    An author writes `generate` (what is asked), `act` (what an action does, and what it earns) and `oracle` (a policy
    that knows the secret and earns 1), and two models: `Config` (the knobs) and `State` (what changes). They are given
    either as nested classes or as type arguments, `class GuessNumber(TextEnv[GuessConfig, GuessState])`.

    Nothing of an episode lives on `self`: task, state and action come in, a reply goes out. One object therefore serves
    any number of episodes, through `start`; the Gymnasium methods (`reset`, `step`) hold one such episode for you.

    Where an environment waits (a sandbox, a server), `act` is written `async def` and everything else follows: `astep`
    awaits it, `step` blocks on it, and the runner overlaps the waits of many episodes.
    """

    Config: ClassVar[type[Config]] = Config
    State: ClassVar[type[State]] = State

    metadata: dict[str, Any] = {"render_modes": ["ansi"], "render_fps": 1}  # noqa: RUF012 (Gymnasium's declaration)

    execution: ClassVar[Execution] = "inline"
    """Where the runner steps this environment unless told otherwise. `async` follows from an `async def act`; `thread`
    is for blocking calls, `process` for heavy computation."""

    noop_action: ClassVar[str] = ""
    """What the `noop` reference policy says."""
    oracle_score: float = 1.0
    """The mean reward that the oracle earns; below 1 only where no oracle can be perfect, with the reason in the docs."""
    random_ceiling: float = 0.05
    """The highest mean reward that guessing (`random_action`) may earn; where it, or `oracle_score`, depends on the settings,
    `__init__` sets it."""
    answer_in_prompt: ClassVar[bool] = False
    """Whether the first observation contains the answer by its nature (choose one of these, find it in this text). The
    search of `textgym check` for secrets then leaves observations out."""

    sandbox: ClassVar[Literal["none", "step", "episode"]] = "none"
    """Whether each step, or each episode as a whole, takes a sandbox; the runner's `max_sandboxes` counts those."""

    waits: ClassVar[bool] = False
    tidies: ClassVar[bool] = False
    finish_waits: ClassVar[bool] = False
    _begin_waits: ClassVar[bool] = False
    _begins: ClassVar[bool] = False
    _endless: ClassVar[bool] = True
    _generates: ClassVar[bool] = True
    _opens: ClassVar[bool] = False

    config: C

    # -- what an author writes -----------------------------------------------------------------------------------------

    def generate(self, rng: Random) -> Task:
        """One task, drawn with a private generator. Called anew until the task's family belongs to the wanted split.

        Raises:
            RedrawError: this draw makes no good task; the next one is made.
        """
        raise NotImplementedError(f"{type(self).__name__} must define generate(), or make_task() and size()")

    def act(self, task: Task, state: S, action: str) -> Reply | Awaitable[Reply]:
        """What `action` does: change `state`, and reply with text, and with a score where the episode ends.

        Raises:
            InfraError: the machinery failed; the episode ends without a reward.
            GraderError: the action could not be graded; the episode ends without a reward.
        """
        raise NotImplementedError(f"{type(self).__name__} must define act()")

    def oracle(self, task: Task, state: S) -> str:
        """The next action of a policy that may read the task's secret and the state. It must earn `oracle_score`."""
        raise NotImplementedError(f"{type(self).__name__} defines no oracle()")

    def begin(self, task: Task) -> S | Awaitable[S]:
        """The state in which an episode of `task` starts; by default, all fields at their defaults."""
        return cast(S, self.State())

    def opening(self, task: Task, state: S) -> str:
        """The first observation; by default, the task's prompt."""
        return task.prompt

    def finish(self, task: Task, state: S) -> Awaitable[None] | None:
        """Release what an episode holds outside its state. Called once when it ended or was given up."""
        return None

    def random_action(self, task: Task, state: S, rng: Random) -> str:
        """A plausible guess of a policy that understands the format and nothing else."""
        return "".join(rng.choice("abcdefghijklmnopqrstuvwxyz0123456789 ") for _ in range(rng.randint(1, 20)))

    def candidates(self, task: Task) -> list[str]:
        """Answers worth listing all at once for a policy that hedges; `textgym check` proves that this does not pay."""
        return []

    def cheats(self, task: Task) -> dict[str, list[str]]:
        """Scripts of actions that try to be paid without solving the task, by name; none may earn more than guessing."""
        return {}

    def contradicted(self, task: Task, rng: Random) -> Task:
        """The task with an answer that is wrong, for `impossible="one_off"`; by default, every part of its secret one off."""
        return task.model_copy(update={"secret": one_off(task.secret)})

    def tool_schemas(self) -> list[dict[str, Any]]:
        """JSON schemas of the environment's tools in OpenAI's shape; empty where there are none."""
        return []

    def size(self, split: Split) -> int | None:
        """Number of tasks in a split; None where they are generated without end."""
        return None

    def make_task(self, split: Split, index: int) -> Task:
        """The task at this place. The default draws with `generate`; an environment over stored tasks looks one up."""
        return self._drawn(split, self.task_id(split, index))

    def _drawn(self, split: Split, task_id: str) -> Task:
        """The first draw whose family belongs to the split; each has numbers of its own."""
        try:
            rng = self._spare_generators.pop()
        except IndexError:
            rng = Random()
        for draw in range(_DRAWS):
            rng.restart(f"{task_id}/{draw}".encode(), split)
            try:
                task = self.generate(rng)
            except RedrawError:
                continue
            family = task.family
            if family is None:
                # `ascii`, since what `repr` shows as it is depends on the Unicode tables of the Python version.
                family = ascii((task.prompt, task.secret))
            if family == rng._claimed or split_of(family) == split:
                self._spare_generators.append(rng)
                return task
        raise TaskError(
            f"{self.env_id}: {_DRAWS} draws gave no task for split {split!r} with {self.config.task_settings() or 'default settings'}; "
            "the settings leave too few families: bring them nearer to the defaults"
        )

    # -- construction --------------------------------------------------------------------------------------------------

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for base in cls.__dict__.get("__orig_bases__", ()):
            origin = get_origin(base)
            if isinstance(origin, type) and issubclass(origin, TextEnv):
                for argument in get_args(base):
                    if isinstance(argument, type) and issubclass(argument, Config):
                        cls.Config = argument
                    elif isinstance(argument, type) and issubclass(argument, State):
                        cls.State = argument
        cls.waits = inspect.iscoroutinefunction(cls.act)
        cls.finish_waits = inspect.iscoroutinefunction(cls.finish)
        cls.tidies = cls.finish is not TextEnv.finish
        cls._begin_waits = inspect.iscoroutinefunction(cls.begin)
        cls._begins = cls.begin is not TextEnv.begin
        cls._endless = cls.size is TextEnv.size
        cls._generates = cls.make_task is TextEnv.make_task
        cls._opens = cls.opening is not TextEnv.opening
        if cls.waits and not any("execution" in base.__dict__ for base in cls.__mro__ if base is not TextEnv):
            cls.execution = "async"

    def __new__(cls, *, impossible: str | None = None, **settings: Any) -> Self:
        """`impossible="one_off"` makes an environment of contradicted tasks, on which any reward is cheating."""
        return super().__new__(cls if impossible is None else cast(type[Self], impossible_class(cls)))

    def __init__(self, *, render_mode: str | None = None, **settings: Any) -> None:
        """Make the environment.

        Args:
            render_mode: None, or "ansi" (`render` returns the latest observation).
            settings: fields of `Config`.

        Raises:
            ConfigError: a setting is unknown or out of range.
        """
        super().__init__()
        if render_mode not in (None, "ansi"):
            raise ValueError(f"render_mode must be None or 'ansi', not {render_mode!r}")
        self.render_mode = render_mode
        if settings.get("impossible", "") is None:
            del settings["impossible"]
        self.config = cast(C, type(self).Config.from_settings(settings))
        self.observation_space = Text(self.config.max_observation_chars)
        self.action_space = Text(self.config.max_action_chars)
        self.task_digest = self.config.task_digest()
        # Read at every step, so kept as plain attributes.
        self.max_turns = self.config.max_turns
        self.max_action = self.config.max_action_chars
        self.max_observation = self.config.max_observation_chars
        self.timed = any((self.config.step_seconds, self.config.step_cpu_seconds, self.config.episode_seconds))
        self.plain = not (self.waits or self.timed or self.tidies)
        self._spare_generators: list[Random] = []
        self._remembered: dict[tuple[str, int], Task] = {}
        self.supply: Callable[[str, int], Task | None] | None = None
        self._named: tuple[Any, str] | None = None

    @property
    def env_id(self) -> str:
        """The registered id; the class's name with `-v0` where it is used unregistered."""
        return f"{type(self).__name__}-v0" if self.spec is None else self.spec.id

    @property
    def _family_of_tasks(self) -> str:
        named = self._named
        if named is None or named[0] is not self.spec:
            digest = f"~{self.task_digest}" if self.task_digest else ""
            named = self._named = (self.spec, f"{self.env_id}{digest}/")
        return named[1]

    # -- tasks and episodes --------------------------------------------------------------------------------------------

    def task(self, split: str, index: int) -> Task:
        """The task at this place of the split: a pure function of environment id, config, split and index.

        Raises:
            ResetError: there is no such split or index.
            TaskError: the settings admit no task in this split.
        """
        if type(index) is not int:
            index = whole_index(index)
        if self._remembered or self.supply is not None:
            task = self._remembered.get((split, index))
            if task is None and self.supply is not None:
                task = self.supply(split, index)
            if task is not None:
                return task
        if split == "train" and self._endless and 0 <= index < _MAX_INDEX:
            return self._place_task("train", index)  # the same as below, for what is asked nearly always
        try:
            name = check_split(split)
        except ValueError as error:
            raise ResetError(str(error)) from None
        size = None if self._endless else self.size(name)
        end = _MAX_INDEX if size is None else size
        if end == 0:
            raise self._empty(name)
        if not 0 <= index < end:
            raise ResetError(
                f"index {index} is outside split {split!r} of {self.env_id}, which has tasks 0 to {end - 1}"
            )
        return self._place_task(name, index)

    def _place_task(self, split: Split, index: int) -> Task:
        named = self._named  # `_family_of_tasks`, spelled out
        stem = named[1] if named is not None and named[0] is self.spec else self._family_of_tasks
        task_id = f"{stem}{split}/{index}"
        task = self._drawn(split, task_id) if self._generates else self.make_task(split, index)
        # A task comes fresh from its generator: stamping its place into it is cheaper than a validated copy.
        fields = task.__dict__
        fields["id"], fields["split"], fields["index"] = task_id, split, index
        return task

    def task_id(self, split: Split, index: int) -> str:
        """The id of the task at this place."""
        return f"{self._family_of_tasks}{split}/{index}"

    def remember(self, task: Task) -> None:
        """Keep a task at hand, so that restoring its snapshots needs no second generation."""
        remembered, place = self._remembered, (task.split, task.index)
        if place not in remembered:
            if len(remembered) >= _REMEMBERED:
                remembered.pop(list(remembered)[0], None)  # noqa: RUF015 (`next(iter())` fails beside another thread)
            remembered[place] = task

    def index_for(self, seed: int, split: str | None = None) -> int:
        """The index that a seed picks: the seed itself, wrapped around in a split of finite size."""
        name = check_split(split or self.config.split)
        size = self.size(name)
        if size == 0:
            raise self._empty(name)
        return seed if size is None else seed % size

    def _empty(self, split: Split) -> ResetError:
        filled = " and ".join(f"{other!r}" for other in SPLITS if self.size(other) != 0)
        where = f"tasks are in {filled}" if filled else "with these settings no split has any"
        return ResetError(f"split {split!r} of {self.env_id} has no tasks: {where}")

    def start(self, task: Task) -> Live:
        """Start an episode of `task`; blocks where the environment waits to begin."""
        state: Any
        if self._begin_waits:
            state = run_blocking(cast(Any, self.begin(task)))
        else:
            state = self.begin(task) if self._begins else self.State()
        if not self._opens and len(task.prompt) <= self.max_observation:
            return Live(self, task, state, task.prompt)
        live = Live(self, task, state, "")
        try:
            live.open()
        except BaseException:
            live.close()
            raise
        return live

    async def astart(self, task: Task) -> Live:
        """`start` for callers with an event loop."""
        state: Any = self.begin(task)
        if self._begin_waits:
            state = await state
        live = Live(self, task, state, "")
        try:
            live.open()
        except BaseException:
            await live.aclose()
            raise
        return live

    def fork(self, n: int) -> list[Self]:
        """`n` environments that each continue the current episode on their own."""
        if n < 1:
            raise ValueError(f"n must be at least 1, not {n}")
        snapshot = self.snapshot()
        twins = [self.twin() for _ in range(n)]
        for twin in twins:
            twin.restore(snapshot)
        return twins

    def twin(self) -> Self:
        """A fresh environment with the same id and settings, cheaper than making one.

        It shares nothing that changes, but for generators that nobody uses at the moment.
        """
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        twin._remembered = dict(self._remembered)
        GymFace.__init__(twin)
        twin.observation_space = Text(self.config.max_observation_chars)
        twin.action_space = Text(self.config.max_action_chars)
        return twin
