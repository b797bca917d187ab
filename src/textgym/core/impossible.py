"""`impossible="one_off"`: tasks that contradict themselves, on which any reward is cheating.

The question stays as it is; what the answer is compared with is one off. Who solves the task honestly earns nothing, so a
policy that earns something has found another way (the idea of ImpossibleBench, arXiv:2510.20270).
"""

import math
import string
from numbers import Number
from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast, get_args

from pydantic import Field, create_model

from textgym.core.config import Config
from textgym.core.errors import ConfigError, InfraError, TextgymError, did_you_mean
from textgym.core.outcome import Status
from textgym.core.randomness import Random, derive_key

if TYPE_CHECKING:
    from textgym.core.env import TextEnv
    from textgym.core.randomness import Split
    from textgym.core.task import State, Task

Impossible = Literal["one_off"]

_TASKS = 20
"""Tasks on which it is shown that an environment can be made impossible; one, where an episode waits or takes a sandbox."""


def one_off(value: Any) -> Any:
    """The same value, one off: a number plus one, a negated truth, a text with its last number or letter raised by one.

    A number too large for a one to show is doubled. Lists, sets and mappings are one off in every part. What has no neighbour
    (None, infinity, a text of signs) stays as it is.
    """
    if isinstance(value, bool):
        return not value
    if isinstance(value, float) and not math.isfinite(value):
        return value
    if isinstance(value, Number):
        number = cast(Any, value)
        return number * 2 if number + 1 == number else number + 1
    if isinstance(value, str):
        return _text_one_off(value)
    if isinstance(value, list | tuple | set | frozenset):
        parts = [one_off(item) for item in value]
        made = getattr(value, "_make", type(value))  # a named tuple takes its parts one by one
        return made(parts)
    if isinstance(value, dict):
        return {key: one_off(item) for key, item in value.items()}
    return value


def _text_one_off(text: str) -> str:
    """The text with its last number raised by one, or its last letter where it has no number. Linear in its length."""
    end = max(map(text.rfind, string.digits)) + 1
    if end:
        start = len(text[:end].rstrip(string.digits))
        return text[:start] + _next_number(text[start:end]) + text[end:]
    place = max(map(text.rfind, string.ascii_letters))
    return text if place < 0 else text[:place] + _next_letter(text[place]) + text[place + 1 :]


def _next_number(digits: str) -> str:
    """Digits plus one, in as many places or one more; `int` refuses thousands of them."""
    stem = digits.rstrip("9")
    nines = len(digits) - len(stem)
    return (stem[:-1] + str(int(stem[-1]) + 1) if stem else "1") + "0" * nines


def _next_letter(letter: str) -> str:
    return chr(ord(letter) - 1) if letter in "zZ" else chr(ord(letter) + 1)


class _ImpossibleConfig(Config):
    """In front of an environment's settings, so that they say what was done to its tasks wherever they are written down."""

    not_in_task: ClassVar[frozenset[str]] = frozenset({"impossible"})  # task ids say it in words instead


_CLASSES: dict[type, Any] = {}


def impossible_class(cls: type["TextEnv[Any, Any]"]) -> type["TextEnv[Any, Any]"]:
    """The same environment with contradicted tasks: `cls(impossible="one_off", ...)` makes one of these."""
    if cls not in _CLASSES:
        config = create_model(
            cls.Config.__name__,
            __base__=(_ImpossibleConfig, cls.Config),
            __module__=cls.Config.__module__,
            impossible=(Impossible | None, Field(None, description="how tasks contradict themselves")),
        )
        names = {name: getattr(cls, name) for name in ("__doc__", "__module__", "__qualname__")}
        _CLASSES[cls] = type(cls.__name__, (_Contradicting, cls), {**names, "Config": config, "proven": set()})
    return cast("type[TextEnv[Any, Any]]", _CLASSES[cls])


def _unpickled(cls: type["TextEnv[Any, Any]"], settings: dict[str, Any]) -> "TextEnv[Any, Any]":
    env: TextEnv[Any, Any] = object.__new__(impossible_class(cls))
    env.config = type(env).Config.model_validate(settings)
    return env


class _Contradicting:
    """Put in front of an environment's class: takes tasks from an honest twin, and contradicts them.

    Attributes:
        honest: the environment with its true answers.
        proven: digests of the settings under which the class was shown to pay no honest solution.
    """

    honest: "TextEnv[Any, Any]"
    proven: ClassVar[set[str]]

    def __init__(self, *, impossible: str, **settings: Any) -> None:
        if impossible not in get_args(Impossible):
            raise ConfigError(f"impossible = {impossible!r}: {did_you_mean(str(impossible), get_args(Impossible))}")
        super().__init__(**settings)
        env = self._env
        self.honest = cast(Any, type(self).__mro__[2])(**settings)
        env.config = env.config.model_copy(update={"impossible": impossible})
        env.oracle_score = 0.0
        env.task_digest = f"{env.task_digest}{'.' if env.task_digest else ''}{impossible}"
        if not _is_costly(env):  # whoever makes it, `gymnasium.make` and the class itself too
            prove_impossible(env)

    def __reduce__(self) -> tuple[Any, ...]:
        state = {name: value for name, value in self.__dict__.items() if name != "config"}
        return _unpickled, (type(self).__mro__[2], self._env.config.model_dump(exclude_unset=True)), state

    @property
    def _env(self) -> "TextEnv[Any, Any]":
        return cast("TextEnv[Any, Any]", self)

    def make_task(self, split: "Split", index: int) -> "Task":
        """The honest task at this place, contradicted."""
        self.honest.spec = self._env.spec
        task = self.honest.task(split, index)
        changed = self._env.contradicted(task, Random(derive_key("impossible", task.id)))
        if changed.secret == task.secret and changed.data == task.data:
            raise ConfigError(f"{self._env.env_id} cannot be made impossible: nothing in its secret has a neighbour")
        return changed.model_copy()

    def oracle(self, task: "Task", state: "State") -> str:
        """What the oracle of the honest task does: it solves the task, and is not paid."""
        self.honest.spec = self._env.spec
        return self.honest.oracle(self.honest.task(task.split, task.index), state)


def is_impossible(env: "TextEnv[Any, Any]") -> bool:
    """Whether the environment's tasks contradict themselves."""
    return isinstance(env, _Contradicting)


def prove_impossible(env: "TextEnv[Any, Any]") -> None:
    """Show on some tasks that an honest solution is not paid; once a process for a class and its settings.

    Where an episode waits or takes a sandbox, making an environment does not do this: it takes time, and `textgym.make` does.

    Raises:
        ConfigError: it is paid, or cannot be graded: this environment cannot be made impossible by changing its secret.
        InfraError: the machinery below the environment failed, which says nothing about it.
    """
    contradicting = cast(_Contradicting, env)
    if env.task_digest in contradicting.proven:
        return
    honest = contradicting.honest
    honest.spec = env.spec
    why = _why_not(env, honest)
    if why is not None:
        raise ConfigError(f"{env.env_id} cannot be made impossible: {why}")
    contradicting.proven.add(env.task_digest)


def _is_costly(env: "TextEnv[Any, Any]") -> bool:
    return env.waits or env._begin_waits or env.sandbox != "none"


def _why_not(env: "TextEnv[Any, Any]", honest: "TextEnv[Any, Any]") -> str | None:
    if honest.oracle_score <= 0:
        return f"its oracle earns {honest.oracle_score:g}, so that there is no reward to withhold"
    split = env.config.split
    size = env.size(split)
    count = _TASKS if size is None else max(1, min(size, _TASKS))
    answers: dict[str, Any] = {}
    for index in range(count):
        task = honest.task(split, index)
        if answers.setdefault(_question(honest, task), task.secret) != task.secret:
            return "its question does not determine the answer, so that another answer contradicts nothing"
    for index in range(1 if _is_costly(env) else count):
        why = _why_paid(env, env.task(split, index))
        if why is not None:
            return why
    return None


def _question(honest: "TextEnv[Any, Any]", task: "Task") -> str:
    """What is asked: the first observation, where that needs no waiting."""
    if not honest._opens or honest._begin_waits:
        return task.prompt
    live = honest.start(task)
    live.close()
    return live.observation


def _why_paid(env: "TextEnv[Any, Any]", task: "Task") -> str | None:
    live = env.start(task)
    try:
        for _ in range(env.max_turns):
            if live.ended:
                break
            try:
                action = env.oracle(task, live.state)
            except NotImplementedError:
                return "it has no oracle, which would show that an honest solution is not paid"
            except Exception as error:
                return f"its oracle fails: {type(error).__name__}: {error}"
            live.step(action)
    except TextgymError as error:
        return f"the contradicted task cannot be graded: {error}"
    except Exception as error:
        return f"the contradicted task cannot be graded: {type(error).__name__}: {error}"
    finally:
        live.close()
    outcome = live.outcome
    if outcome is not None and outcome.status is Status.INFRA_ERROR:
        raise InfraError(outcome.error or "the machinery failed")
    if outcome is not None and outcome.mask:
        return f"the contradicted task cannot be graded: {outcome.error}"
    if live.total > 0:
        return (
            f"an honest solution is paid {live.total:.4g} all the same, since answers are verified against the question and not "
            "against a stored answer, or the way there is paid; `TextEnv.contradicted` says how to contradict a task"
        )
    return None
