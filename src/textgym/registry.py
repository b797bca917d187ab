"""The registry: which environments exist, ours and third parties', and their registration with Gymnasium.

A *page* is a light module that lists its environments in `ENVIRONMENTS` and imports none of them. Ours are the domain
packages below `textgym.envs`; a third party names its page in the entry-point group `textgym.envs` and is then
indistinguishable from ours:

    [project.entry-points."textgym.envs"]
    mine = "my_package.textgym_page"

This module imports neither Gymnasium nor pydantic until an environment is made, so that the command line stays fast.
"""

import functools
import importlib
import importlib.metadata
import importlib.util
import re
import sys
import warnings
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textgym.core import TextEnv

PAGES = ("textgym.envs.math", "textgym.envs.code")
GROUP = "textgym.envs"
VECTOR_ENTRY_POINTS = "textgym.runner.by_id"
SERVICES = {"bank": "textgym.envs.code.bank.service"}
"""What verbs of the command line use of a domain beside its environments: modules by the verb's name."""

PACKAGES = {"reasoning-gym": "reasoning_gym"}
"""Needs of entries that are an extra of ours, by its name, each with the module that it brings."""

_GYMNASIUM_ONLY = {
    "id": "the id is the first argument.",
    "max_episode_steps": "`max_turns` limits an episode; `gymnasium.make` takes this one for a wrapper of its own.",
    "disable_env_checker": "`gymnasium.make` takes this one for a wrapper of its own.",
}
"""Keyword arguments of `gymnasium.make` that ask for a wrapper, and so would be without effect on what `make` gives."""

_ID = re.compile(r"(?:[\w:-]+/)?[\w:.-]+-v\d+")
_PAGE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


@dataclass(frozen=True)
class Entry:
    """One environment on a page.

    Attributes:
        id: `namespace/Name-vN`. N is raised when tasks, texts or rewards change.
        entry_point: `module:Class`, imported when the environment is first made.
        summary: one line for listings.
        domain: `math`, `code`, `search`, or a third party's word.
        tags: words to search by.
        needs: what must be there beyond the package: `sandbox`, or an extra of `PACKAGES`.
        settings: keyword arguments that this id sets for the class.
    """

    id: str
    entry_point: str
    summary: str
    domain: str
    tags: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    settings: tuple[tuple[str, Any], ...] = ()

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(f"environment id {self.id!r} must look like 'namespace/Name-v0'")

    def as_json(self) -> dict[str, Any]:
        """The entry as JSON values."""
        return {**asdict(self), "tags": list(self.tags), "needs": list(self.needs), "settings": dict(self.settings)}


@functools.cache
def entries() -> dict[str, Entry]:
    """All environments by id, ours first, then third parties' in the order of their entry points' names.

    A page that cannot be imported, or that claims an id which is taken, is left out with a warning: somebody else's
    broken package must not take the suite down.
    """
    found: dict[str, Entry] = {}
    for page in PAGES:
        _add(found, importlib.import_module(page).ENVIRONMENTS, page)
    for point in sorted(importlib.metadata.entry_points(group=GROUP), key=lambda point: point.name):
        origin = f"entry point {point.name!r} = {point.value!r}"
        try:
            page_object = point.load()
            _add(found, getattr(page_object, "ENVIRONMENTS", page_object), origin)
        except (Exception, SystemExit) as error:
            warnings.warn(f"textgym: {origin} is left out: {type(error).__name__}: {error}", stacklevel=2)
    return found


def _add(found: dict[str, Entry], page: Iterable[Entry], origin: str) -> None:
    for entry in page:
        if not isinstance(entry, Entry):
            raise TypeError(f"a page lists textgym.Entry objects, not {type(entry).__name__}")
        if entry.id in found:
            warnings.warn(f"textgym: {origin}: the id {entry.id} is taken already; left out", stacklevel=3)
            continue
        found[entry.id] = entry


def find(env_id: str) -> Entry:
    """The entry of an id. The namespace `textgym/` may be left out.

    An id of the form `module:namespace/Name-v0` imports `module`, a page that need not be installed as an entry point,
    registers what it lists, and is looked for on that page alone.

    Raises:
        UnknownEnvironmentError: names the closest id, or the versions that exist.
        TypeError: the id is no text, or a page lists something else than entries.
    """
    if not isinstance(env_id, str):
        raise TypeError(f"the id of an environment is a str, not {type(env_id).__name__}: {env_id!r:.80}")
    known = entries()
    page = page_named(env_id)
    if page is not None:
        known = _add_page(known, page)
        env_id = env_id.partition(":")[2]
    for candidate in (env_id, f"textgym/{env_id}"):
        if candidate in known:
            return known[candidate]
    from textgym.core.errors import UnknownEnvironmentError, closest

    where = "" if page is None else f" on the page {page!r}"
    stem = re.sub(r"-v\d+$", "", env_id)
    versions = [name for name in known if re.sub(r"-v\d+$", "", name) in (stem, f"textgym/{stem}")]
    if versions:
        raise UnknownEnvironmentError(f"no environment {env_id!r}{where}; it exists as {', '.join(versions)}")
    names = {**{name.removeprefix("textgym/"): name for name in known}, **{name: name for name in known}}
    close = closest(env_id, names)
    there = f"it is none of the {len(known)} there are." if known else "none is registered."
    said = f"did you mean {close!r}?" if close else there
    hint = " `textgym list` shows all." if page is None else ""
    raise UnknownEnvironmentError(f"no environment {env_id!r}{where}: {said}{hint}")


def page_named(env_id: str) -> str | None:
    """The module named in front of the id, as in `module:namespace/Name-v0`; None where there is none."""
    page, colon, _ = env_id.partition(":")
    return page if colon and env_id not in entries() and _PAGE.fullmatch(page) else None


def _add_page(known: dict[str, Entry], page: str) -> dict[str, Entry]:
    """Import a page by its module's name, and register its environments that are not known yet; all of them by id."""
    try:
        listed = list(importlib.import_module(page).ENVIRONMENTS)
    except (ImportError, AttributeError, SystemExit) as error:
        from textgym.core.errors import UnknownEnvironmentError

        why = "it leaves Python when it is imported" if isinstance(error, SystemExit) else error
        raise UnknownEnvironmentError(f"{page!r} is no page of environments: {why}") from error
    _add(known, (entry for entry in listed if not isinstance(entry, Entry) or known.get(entry.id) != entry), page)
    if "gymnasium" in sys.modules:  # otherwise registration follows its import
        register_all()
    # An id that somebody else has taken is not this page's: whoever names the page wants no other environment.
    return {entry.id: entry for entry in listed if known.get(entry.id) == entry}


def missing(entry: Entry) -> tuple[str, ...]:
    """The extras among an entry's needs that are not installed here. Whatever else it needs shows when it is used."""
    extras = [need for need in entry.needs if need in PACKAGES]
    return tuple(extra for extra in extras if importlib.util.find_spec(PACKAGES[extra]) is None)


def make(env_id: str, /, **settings: Any) -> "TextEnv[Any, Any]":
    """Make an environment by id, unwrapped: `gymnasium.make(id, ...).unwrapped` with errors of our own.

    With `impossible="one_off"` its tasks contradict themselves: the question is the same, what the answer is compared with
    is one off, honest solutions earn nothing, and any reward is cheating.

    Raises:
        UnknownEnvironmentError: there is no such id.
        ConfigError: a setting is unknown or out of range, or the environment cannot be made impossible.
        TypeError: the id is no text, or stands for an environment that is no `TextEnv`.
    """
    import gymnasium

    from textgym.core import TextEnv
    from textgym.core.errors import ConfigError

    for setting in settings.keys() & _GYMNASIUM_ONLY.keys():
        raise ConfigError(f"unknown setting {setting!r}: {_GYMNASIUM_ONLY[setting]}")
    known = isinstance(env_id, str) and env_id in gymnasium.registry
    name = env_id if known else find(env_id).id
    env = gymnasium.make(name, **settings).unwrapped
    if not isinstance(env, TextEnv):
        raise TypeError(f"{env_id} is no TextEnv but {type(env).__name__}")
    if settings.get("impossible") is not None:
        from textgym.core.impossible import prove_impossible

        prove_impossible(env)
    return env


def service(name: str) -> Any:
    """The module behind a verb that belongs to a domain, see `SERVICES`; imported when it is first asked for."""
    return importlib.import_module(SERVICES[name])


def register_all() -> None:
    """Register every entry with Gymnasium; ids that are registered already are left alone."""
    from gymnasium.envs import registration

    for entry in entries().values():
        if entry.id not in registration.registry:
            # No checker and no order enforcing: every TextEnv refuses a step out of order and a wrong action itself,
            # and `textgym check` runs Gymnasium's checker. A made environment is then the environment itself.
            registration.register(
                id=entry.id,
                entry_point=entry.entry_point,
                vector_entry_point=f"{VECTOR_ENTRY_POINTS}:{entry.id}",
                order_enforce=False,
                disable_env_checker=True,
                kwargs=dict(entry.settings),
            )
