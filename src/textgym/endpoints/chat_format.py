"""The body of an OpenAI-compatible chat completion, read without trust.

Servers differ in what they leave out and where they put what they add, so what is not needed for the answer is taken
where it makes sense and ignored where it does not: a sample must not be lost, or drawn a second time, over a strange
`usage`. Only a body in which no answer can be found is an error.
"""

import json
import math
from dataclasses import dataclass
from typing import Any

_FINISH_UNKNOWN = "unknown"
_MAX_LABEL = 200


class UnreadableBodyError(ValueError):
    """A response in which there is no completion: not JSON, or without the fields that make one."""


@dataclass(frozen=True, slots=True)
class NativeCall:
    """A tool call as the server gave it; `arguments` is text that should be a JSON object and may be anything."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ChatReply:
    """What a server answered; None or empty where it did not say.

    Attributes:
        text: what the model wrote, reasoning left out.
        calls: native tool calls, in order.
        finish_reason: as the server gave it; `unknown` where it gave none.
        reasoning: the reasoning, where the server keeps it apart from the text.
        refusal: the text of a refusal, where the server keeps it apart.
        prompt_ids: token ids of the prompt.
        token_ids: token ids of the answer.
        logprobs: log-probability of each token of the answer.
        usage: token counts.
        model: the model that answered, which may be more exact than the one asked for.
    """

    text: str
    calls: tuple[NativeCall, ...] = ()
    finish_reason: str = _FINISH_UNKNOWN
    reasoning: str | None = None
    refusal: str | None = None
    prompt_ids: list[int] | None = None
    token_ids: list[int] | None = None
    logprobs: list[float] | None = None
    usage: dict[str, Any] | None = None
    model: str | None = None


def read_chat_reply(body: bytes) -> ChatReply:
    """Read the body of a successful response. Only the first choice is looked at.

    Raises:
        UnreadableBodyError: there is no answer in it; the message says what is missing.
    """
    data = _loads(body)
    match data:
        case {"choices": [{"message": dict(message)} as choice, *_]}:
            pass
        case {"error": _}:
            raise UnreadableBodyError(f"an error instead of a completion: {error_text(body)}")
        case _:
            raise UnreadableBodyError("no choices[0].message in the response")
    content = message.get("content")
    text = _content(content)
    calls = _calls(message.get("tool_calls"))
    if text is None and content is not None:
        raise UnreadableBodyError(f"message.content is {type(content).__name__}, not text")
    return ChatReply(
        text=text or "",
        calls=calls,
        finish_reason=_label(choice.get("finish_reason")) or _FINISH_UNKNOWN,
        reasoning=_content(message.get("reasoning_content")) or _content(message.get("reasoning")),
        refusal=_content(message.get("refusal")),
        prompt_ids=_first_ids(data.get("prompt_token_ids"), choice.get("prompt_token_ids")),
        token_ids=_first_ids(choice.get("token_ids"), choice.get("response_token_ids")),
        logprobs=_logprobs(choice.get("logprobs")),
        usage=_usage(data.get("usage")),
        model=_label(data.get("model")),
    )


def error_text(body: bytes) -> str:
    """What a server said in the body of an error: the message where it has one, else the beginning of the body."""
    text = body[:65_536].decode("utf-8", "replace")
    try:
        said = _loads(body)
    except UnreadableBodyError:
        said = None
    match said:
        case {"error": {"message": str(message)}} | {"error": str(message)}:
            text = message
        case {"message": str(message)} | {"detail": str(message)}:
            text = message
    return text


def one_line(text: str, limit: int) -> str:
    """`text` on one line of at most `limit` characters, without anything that could steer a terminal."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= limit else f"{line[: limit - 3]}..."


def _loads(body: bytes) -> Any:
    try:
        # NaN and Infinity are no JSON, but some servers write them as log-probabilities.
        return json.loads(body.decode("utf-8"), parse_constant=lambda _: None)
    except RecursionError:
        raise UnreadableBodyError("JSON nested too deeply") from None
    except ValueError as error:
        raise UnreadableBodyError(f"no JSON: {error}" if body else "an empty body") from None


def _whole(text: str) -> str:
    """Text that can be stored as UTF-8: JSON can spell lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _label(value: object) -> str | None:
    return _whole(value)[:_MAX_LABEL] if isinstance(value, str) else None


def _content(value: object) -> str | None:
    """Text, given as such or as a list of parts; None for anything else."""
    if isinstance(value, str):
        return _whole(value)
    if isinstance(value, list):
        parts = [part["text"] for part in value if isinstance(part, dict) and isinstance(part.get("text"), str)]
        return _whole("".join(parts))
    return None


def _calls(value: object) -> tuple[NativeCall, ...]:
    calls: list[NativeCall] = []
    for item in value if isinstance(value, list) else ():
        match item:
            case {"function": {"name": str(name), "arguments": str(arguments)}}:
                calls.append(NativeCall(_whole(name), _whole(arguments)))
            case {"function": {"name": str(name), **rest}}:
                # Some servers give the arguments as an object instead of as its text, or leave out an empty one.
                calls.append(NativeCall(_whole(name), json.dumps(rest.get("arguments") or {})))
            case _:
                calls.append(NativeCall("", _whole(json.dumps(item))))
    return tuple(calls)


def _first_ids(*places: object) -> list[int] | None:
    for value in places:
        if isinstance(value, list) and all(type(item) is int for item in value):
            return value
    return None


def _logprobs(value: object) -> list[float] | None:
    match value:
        case {"content": list(tokens)}:
            numbers = [_finite(token.get("logprob")) if isinstance(token, dict) else None for token in tokens]
            known = [number for number in numbers if number is not None]
            return known if len(known) == len(numbers) else None
    return None


def _finite(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _usage(value: object) -> dict[str, Any] | None:
    """The numbers of `usage`, one level of details included."""
    if not isinstance(value, dict):
        return None
    usage: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(item, dict):
            usage[_whole(key)] = {_whole(name): n for name, n in item.items() if _finite(n) is not None}
        elif _finite(item) is not None:
            usage[_whole(key)] = item
    return usage
