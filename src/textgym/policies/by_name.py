"""Policies by the name that a user writes.

| name | policy |
|---|---|
| `oracle`, `noop`, `random` | the reference policies of the environment |
| `human` | a person at the terminal |
| `script:FILE` | fixed actions; see `script_from_file` |
| `openai:MODEL` | an OpenAI-compatible endpoint, at `OPENAI_BASE_URL` or OpenAI's own |
| `openai:MODEL@URL` | the same at this base URL, such as `openai:Qwen/Qwen3-8B@http://127.0.0.1:8000/v1` |
"""

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any

from textgym.core.errors import did_you_mean
from textgym.policies.base import AnyPolicy, PolicySettingError
from textgym.policies.chat_endpoint import ChatEndpoint
from textgym.policies.human import Human
from textgym.policies.reference import Noop, Oracle, RandomPolicy
from textgym.policies.script import script_from_file

NAMES: dict[str, Callable[[], AnyPolicy]] = {"oracle": Oracle, "noop": Noop, "random": RandomPolicy, "human": Human}
"""Policies that need nothing but their name."""

FORMS: dict[str, str] = {"script": "script:FILE", "openai": "openai:MODEL or openai:MODEL@URL"}
"""Policies that need more, by what stands before the colon."""

_URL = re.compile("https?://")
# A model's name may hold an @ of its own; only one that a URL follows begins the URL.
_AT_URL = re.compile("@(?=https?://)")
_HOST = re.compile(r"@((?:localhost|\d{1,3}(?:\.\d{1,3}){3}|[\w.-]+:\d+|[\w.-]+(?::\d+)?/v\d+)(?:[:/].*)?)$")
"""A server without its scheme, at the end of a name: `localhost`, an address, a port, or a path such as `/v1`."""


def policy_by_name(name: str, **settings: Any) -> AnyPolicy:
    """The policy of this name.

    Args:
        name: see the table of this module.
        settings: keyword arguments of `ChatEndpoint`, for `openai:` only.

    Raises:
        PolicySettingError: there is no such policy, the closest is named; or a setting cannot be used.
    """
    kind, colon, rest = name.partition(":")
    if kind == "openai" and colon:
        return _endpoint(rest, settings)
    if settings:
        raise PolicySettingError(f"policy {name!r} takes no settings; these were given: {', '.join(sorted(settings))}")
    if name in NAMES:
        return NAMES[name]()
    if kind == "script" and rest:
        return script_from_file(rest)
    if _URL.match(name):
        raise PolicySettingError(f"a URL names no model: write {FORMS['openai']}")
    if kind in FORMS:
        raise PolicySettingError(f"policy {name!r} is not complete: write {FORMS[kind]}")
    known = [*NAMES, *FORMS]
    raise PolicySettingError(f"no policy {name!r}: {did_you_mean(kind, known)}")


def _endpoint(rest: str, settings: Mapping[str, Any]) -> ChatEndpoint:
    allowed = [name for name in inspect.signature(ChatEndpoint).parameters if name != "model"]
    for setting in settings:
        if setting not in allowed:
            raise PolicySettingError(f"openai: no setting {setting!r}: {did_you_mean(setting, allowed)}")
    model, *url = _AT_URL.split(rest, maxsplit=1)
    if not model:
        raise PolicySettingError(f"policy 'openai:{rest}' names no model: write {FORMS['openai']}")
    if not url and (host := _HOST.search(model)):
        # Taken for a part of the model's name, it would send every prompt to OpenAI, and the key with it.
        raise PolicySettingError(
            f"policy 'openai:{rest}': {host[1]!r} looks like a server: write http:// or https:// before it"
        )
    if url and settings.get("base_url") is not None:
        raise PolicySettingError("the base URL is given twice: in the policy's name and as base_url")
    return ChatEndpoint(model, **(dict(settings) | ({"base_url": url[0]} if url else {})))
