"""Any OpenAI-compatible `/chat/completions` endpoint."""

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, get_args
from urllib.parse import quote, urlsplit

from textgym.core import Completion, Message, Turn
from textgym.core.errors import did_you_mean
from textgym.core.randomness import Random, derive_key
from textgym.endpoints import (
    OPENAI_URL,
    Answered,
    ChatReply,
    NativeCall,
    checked_headers,
    completions_url,
    read_chat_reply,
    usable_key,
)
from textgym.endpoints.address import PATH
from textgym.policies.base import Policy, PolicySettingError
from textgym.policies.http_calls import CallLimits, HttpCaller, settings_of_a_policy

Protocol = Literal["tags", "xml", "json"]
EncodeCalls = Callable[[Sequence[tuple[str, dict[str, Any]]]], str]
"""Writes tool calls, given as (name, arguments), in the text that an environment reads."""

_OURS = ("model", "messages", "tools", "stream", "n")
_PLAIN = "/:~@+=, "  # beside letters and digits, what may stand in a header as it is
_SEED_BITS = 31  # the widest that every server takes


class ChatEndpoint(Policy):
    """A model behind an OpenAI-compatible `/chat/completions`: OpenAI itself, vLLM, SGLang, llama.cpp, a proxy.

    The model is sent `turn.messages` and answers with text. With `native_tools`, it is also sent the environment's tools;
    the calls it makes are written in the environment's text protocol and are then the whole action, so that exactly what
    was called is executed, and whatever the model wrote beside them is kept in `extra["content"]`. A call whose arguments
    are no JSON object is passed on as it is, and the environment says what is wrong with it.

    What is known of an answer is kept in its `Completion`: `finish_reason`, `usage`, `logprobs`, `prompt_ids`,
    `token_ids`, and in `extra`:

    - `model`: the model that answered;
    - `latency`: seconds of the request that succeeded;
    - `retries`: reason and pause of every request that failed before it; left out where none did;
    - `truncated`: true where the answer was cut off (`finish_reason` is `length`);
    - `seed`: the seed that was sent, if one was;
    - `reasoning`, `refusal`: where the server keeps them apart from the text. Reasoning is not sent back;
    - `content`, `tool_calls`: with native calls, what was written beside them, and the calls as the server gave them;
    - `dropped`: what the server gave and could not be used.

    Args:
        model: the model's name, as the server knows it.
        base_url: where the API begins, such as `http://127.0.0.1:8000/v1`. By default the environment variable
            `OPENAI_BASE_URL`, else OpenAI's own.
        api_key: sent as a bearer token. By default the environment variable named in `api_key_env`; "" sends none.
        api_key_env: name of the environment variable that holds the key.
        system: a system prompt, sent before the conversation.
        native_tools: the text protocol (`tags`, `xml` or `json`) in which the environment reads tool calls, or a function
            that writes calls as text. None sends no tools: the model writes the text protocol itself.
        temperature: sampling temperature; the server's default where None, as for the next three.
        top_p: nucleus sampling threshold.
        max_tokens: tokens of one answer. Servers that want another field for it are given that field in `extra_body`.
        stop: texts that end the answer.
        seed: sent with every request, or "turn" for one that is drawn from `turn.rng()`, so that siblings of a group
            differ and a repeated run asks with the same seeds.
        logprobs: ask for the log-probability of each token.
        token_ids: ask for token ids, in the way of vLLM and SGLang (`return_token_ids`).
        extra_body: further fields of the request.
        headers: further headers; they appear in no record.
        session_header: header that carries the episode's id, for routers that keep a session on one server. None sends
            none.
        limits: how hard one call tries; see `CallLimits`.

    Raises:
        PolicySettingError: a setting cannot be used.
    """

    name = "openai"

    def __init__(
        self,
        model: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        api_key_env: str = "OPENAI_API_KEY",
        system: str | None = None,
        native_tools: Protocol | EncodeCalls | None = None,
        temperature: float | None = None,
        top_p: float | None = None,
        max_tokens: int | None = None,
        stop: Sequence[str] | None = None,
        seed: int | Literal["turn"] | None = None,
        logprobs: bool = False,
        token_ids: bool = False,
        extra_body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        session_header: str | None = "X-Session-ID",
        limits: CallLimits | None = None,
    ) -> None:
        if not model:
            raise PolicySettingError("the model's name is empty")
        if not (seed is None or seed == "turn" or type(seed) is int):
            raise PolicySettingError(f"seed must be a whole number, 'turn' or None, not {seed!r}")
        if isinstance(native_tools, str) and native_tools not in get_args(Protocol):
            raise PolicySettingError(
                f"no tool protocol {native_tools!r}: {did_you_mean(native_tools, get_args(Protocol))}"
            )
        with settings_of_a_policy():
            url = completions_url(base_url or os.environ.get("OPENAI_BASE_URL") or OPENAI_URL)
            key = usable_key(os.environ.get(api_key_env) if api_key is None else api_key, api_key_env)
            checked = checked_headers(headers or {})
        if not key and urlsplit(url).hostname == urlsplit(OPENAI_URL).hostname:
            raise PolicySettingError(
                f"{OPENAI_URL} needs an API key: set {api_key_env}, or give base_url for a server of yours"
            )
        self.model = model
        self._shown_url = url.partition("?")[0].removesuffix(PATH)
        self._system = system
        self._native_tools = native_tools
        self._turn_seed = seed == "turn"
        self._settings = _request_settings(
            temperature=temperature,
            top_p=top_p,
            max_tokens=max_tokens,
            stop=[stop] if isinstance(stop, str) else stop if stop is None else list(stop),
            seed=None if seed == "turn" else seed,
            logprobs=logprobs or None,
            return_token_ids=token_ids or None,
        )
        self._extra_body = _checked_extra(extra_body or {}, self._settings)
        self._session_header = session_header
        self._caller = HttpCaller(url, limits or CallLimits(), key, checked)

    def __repr__(self) -> str:
        return f"ChatEndpoint({self.model!r}, base_url={self._shown_url!r})"

    async def answer(self, turn: Turn) -> Completion:
        """The model's answer.

        Raises:
            PolicyError: the server refuses, or does not answer within retries and deadline.
        """
        seed = turn.rng().getrandbits(_SEED_BITS) if self._turn_seed else self._settings.get("seed")
        request = self._request(turn, seed)
        session = {self._session_header: quote(turn.episode_id, safe=_PLAIN)} if self._session_header else None
        answered = await self._caller.post(
            json.dumps(request).encode(),
            read_chat_reply,
            Random(derive_key("retry", turn.episode_id, turn.index)),
            session,
        )
        return self._completion(answered, seed)

    def describe(self) -> dict[str, Any]:
        """Name, model, URL and everything that shapes the answers; no key and no headers."""
        known: dict[str, Any] = {"name": self.name, "model": self.model, "base_url": self._shown_url}
        if self._system is not None:
            known["system"] = self._system
        if self._native_tools is not None:
            tools = self._native_tools
            known["native_tools"] = tools if isinstance(tools, str) else getattr(tools, "__qualname__", "function")
        sampling = {**self._settings, **self._extra_body, **({"seed": "turn"} if self._turn_seed else {})}
        return known | ({"sampling": sampling} if sampling else {})

    async def aclose(self) -> None:
        """Close the connections; the policy can be used again and then opens new ones."""
        await self._caller.aclose()

    def _request(self, turn: Turn, seed: int | None) -> dict[str, Any]:
        system: list[Message] = [] if self._system is None else [{"role": "system", "content": self._system}]
        request: dict[str, Any] = {"model": self.model, "messages": system + turn.messages, **self._settings}
        if seed is not None:
            request["seed"] = seed
        if self._native_tools is not None and turn.tools:
            request["tools"] = list(turn.tools)
        return request | self._extra_body

    def _completion(self, answered: Answered[ChatReply], seed: int | None) -> Completion:
        reply = answered.value
        text = reply.text or reply.refusal or ""
        logprobs = reply.logprobs
        extra: dict[str, Any] = {"model": reply.model or self.model, "latency": answered.seconds}
        known: dict[str, Any] = {
            "retries": answered.retries,
            "truncated": reply.finish_reason == "length",
            "reasoning": reply.reasoning,
            "refusal": reply.refusal,
        }
        if self._native_tools is not None and reply.calls:
            known["content"] = reply.text
            known["tool_calls"] = [{"name": call.name, "arguments": call.arguments} for call in reply.calls]
            text = _as_text(reply.calls, self._encoder())
        if logprobs is not None and reply.token_ids is not None and len(logprobs) != len(reply.token_ids):
            # One of the two is of other tokens, and nobody can tell which log-probability belongs to which id.
            known["dropped"] = f"{len(logprobs)} logprobs for {len(reply.token_ids)} token ids"
            logprobs = None
        extra |= {key: value for key, value in known.items() if value}
        if seed is not None:
            extra["seed"] = seed
        return Completion(
            text=text,
            finish_reason=reply.finish_reason,
            prompt_ids=reply.prompt_ids,
            token_ids=reply.token_ids,
            logprobs=logprobs,
            usage=reply.usage,
            extra=extra,
        )

    def _encoder(self) -> EncodeCalls:
        protocol = self._native_tools
        if callable(protocol):
            return protocol
        from textgym.actions import encode_calls

        assert protocol is not None
        return lambda calls: encode_calls(protocol, calls)


def _as_text(calls: Sequence[NativeCall], encode: EncodeCalls) -> str:
    """The calls in the environment's text protocol; as plain JSON where one of them cannot be written in it."""
    read: list[tuple[str, dict[str, Any]]] = []
    try:
        for call in calls:
            arguments = json.loads(call.arguments or "{}")
            if not isinstance(arguments, dict):
                raise ValueError(f"arguments are {type(arguments).__name__}, not an object")
            read.append((call.name, arguments))
        return encode(read)
    except (ValueError, TypeError, RecursionError):
        return "\n".join(
            json.dumps({"name": call.name, "arguments": call.arguments}, ensure_ascii=False) for call in calls
        )


def _request_settings(**settings: Any) -> dict[str, Any]:
    """The sampling fields of a request, those at None left out.

    Raises:
        PolicySettingError: a number is out of the range that any server takes.
    """
    for name, low, high, kinds in (
        ("temperature", 0, sys.float_info.max, (int, float)),
        ("top_p", 0, 1, (int, float)),
        ("max_tokens", 1, sys.maxsize, (int,)),
    ):
        value = settings[name]
        if value is not None and (type(value) not in kinds or not low <= value <= high):
            end = "to 1" if high == 1 else "or more"
            raise PolicySettingError(f"{name} must be {low} {end}, not {value!r}")
    return {name: value for name, value in settings.items() if value is not None}


def _checked_extra(extra_body: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    for name in extra_body:
        if name in _OURS:
            raise PolicySettingError(f"extra_body may not hold {name!r}: the policy sets it")
        if name in settings:
            raise PolicySettingError(f"{name!r} is given twice: as a setting and in extra_body")
    try:
        json.dumps(dict(extra_body), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise PolicySettingError(f"extra_body must be JSON: {error}") from None
    return dict(extra_body)
