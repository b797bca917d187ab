"""Runs inside a sandbox: calls a candidate's function with the inputs it is sent, and writes down what comes back.

The text of this file is sent to a sandbox when it starts, whose zygote loads it under the name `DRIVER`, so it is
self-contained: standard library only, Python 3.9 or newer. The host imports the codec from here too, so that both ends
agree on it. The candidate shares the process with the driver and can do to it whatever it likes. That is no loss: nothing
here knows what is expected, and the host takes what it reads as hostile bytes.

What goes in, on stdin: a line with a JSON list of texts, each the encoded `[function, args, kwargs]` of a call, and the
candidate's source after it.
What comes out, on the result channel: for each case in order a frame of 4 bytes magic, 4 bytes number of the case, 4 bytes
length (big-endian), and as many bytes of JSON: `["value", encoded]`, or what went wrong in words: `["raised", type,
message]`, `["refused", why]` (the value is not plain data), `["unloadable", type, message]` (the source itself failed).
"""

from __future__ import annotations

import json
import linecache
import math
import os
import re
import struct
import sys
import types
from typing import Any

RECORD = struct.Struct("!4sII")
MAGIC = b"TGR1"
DRIVER = "textgym_driver"
MODULE = "solution"
MAX_DEPTH = 64
_MAX_BRACKETS = 3 * MAX_DEPTH + 8  # {"dict": [[key, value], ...]} is three brackets a level
_MAX_COLLISIONS = 256  # more members of a set that share a hash than any honest one: building it takes quadratic time
_EXACT = 2**53  # whole numbers that any JSON reader keeps
_MAX_DIGITS = 32  # no number that the encoder writes is longer
_MAX_MESSAGE = 300
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[{]|[\]}]', re.DOTALL)
_FLOATS = ("nan", "inf", "-inf")


class NotPlainError(ValueError):
    """A value is not plain data, or a text does not encode any; the message says why."""


def encode(value: Any, canonical: bool = False) -> str:
    """Plain data as JSON text: None, bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, nested.

    What JSON knows stands for itself; the rest, and every dict, is an object with one key that names the type. Types are
    looked at exactly: an instance of a subclass may lie about what it equals, and is refused.

    Args:
        value: the value.
        canonical: whether equal values have the same text: dicts sorted, and one zero. Otherwise dicts keep their order.

    Raises:
        NotPlainError: it holds something else, or is nested deeper than `MAX_DEPTH` (as one that holds itself is).
    """
    return _text(value, canonical, MAX_DEPTH)


def _text(value: Any, canonical: bool, depth: int) -> str:
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return json.dumps(value)
    if kind is int:
        return str(value) if -_EXACT < value < _EXACT else f'{{"int":"{value:#x}"}}'
    if kind is float:
        if not math.isfinite(value):
            return f'{{"float":"{value!r}"}}'
        return repr(value + 0.0 if canonical else value)
    if kind is complex:
        return f'{{"complex":[{_text(value.real, canonical, 0)},{_text(value.imag, canonical, 0)}]}}'
    if kind is bytes:
        return f'{{"bytes":"{value.hex()}"}}'
    if kind not in (list, tuple, dict, set, frozenset):
        raise NotPlainError(f"it holds a value of type {_type_name(kind)}, which is not plain data")
    if depth == 0:
        raise NotPlainError(f"it is nested deeper than {MAX_DEPTH}")
    if kind is dict:
        keys, items = ([_text(one, canonical, depth - 1) for one in side] for side in (value, value.values()))
        texts = [f"[{key},{item}]" for key, item in zip(keys, items)]  # noqa: B905 (before Python 3.10)
    else:
        texts = [_text(item, canonical, depth - 1) for item in value]
    if kind in (set, frozenset) or (kind is dict and canonical):
        texts.sort()
    body = f"[{','.join(texts)}]"
    return body if kind is list else f'{{"{kind.__name__}":{body}}}'


def decode(text: str) -> Any:
    """The value that `encode` gave this text for. Any other text is refused, in bounded time and memory.

    Raises:
        NotPlainError: the text does not encode a value.
    """
    depth = 0
    for token in _TOKEN.finditer(text):
        char = text[token.start()]
        depth += (char in "[{") - (char in "]}")
        if depth > _MAX_BRACKETS:
            raise NotPlainError("brackets are nested too deep")
    try:
        return _DECODER.decode(text)
    except NotPlainError:
        raise
    except (ValueError, TypeError, RecursionError, OverflowError) as error:
        raise NotPlainError(f"{type(error).__name__}: {error}"[:_MAX_MESSAGE]) from None


def _number(make: Any) -> Any:
    def parse(digits: str) -> Any:
        if len(digits) > _MAX_DIGITS:
            raise NotPlainError("a number has too many digits")
        return make(digits)

    return parse


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise NotPlainError("a number is too large")
    return value


def _constant(name: str) -> Any:
    raise NotPlainError(f"{name} is not JSON")


def _tagged(pairs: list[tuple[str, Any]]) -> Any:
    """The value of an object whose one key names a type; called from the inside out."""
    if len(pairs) != 1:
        raise NotPlainError("an object has one key, which names a type")
    tag, inner = pairs[0]
    if tag in ("tuple", "set", "frozenset", "dict", "complex"):
        if type(inner) is not list:
            raise NotPlainError(f"a {tag} needs a list")
    elif tag in ("int", "float", "bytes"):
        if type(inner) is not str:
            raise NotPlainError(f"{tag} needs a string")
    else:
        raise NotPlainError("an object names an unknown type")
    if tag == "int":
        return int(inner, 16)
    if tag == "float":
        if inner not in _FLOATS:
            raise NotPlainError("no such float")
        return float(inner)
    if tag == "bytes":
        return bytes.fromhex(inner)
    if tag == "tuple":
        return tuple(inner)
    if tag == "complex":
        if [type(part) for part in inner] != [float, float]:
            raise NotPlainError("a complex number has two floats")
        return complex(*inner)
    if tag == "dict":
        if any(type(pair) is not list or len(pair) != 2 for pair in inner):
            raise NotPlainError("a dict has pairs")
        made: Any = {}
        _check_hashes([key for key, _ in inner])
        made.update(inner)
    else:
        _check_hashes(inner)
        made = set(inner) if tag == "set" else frozenset(inner)
    if len(made) != len(inner):
        raise NotPlainError(f"a {tag} holds something twice")
    return made


def _check_hashes(members: list[Any]) -> None:
    hashes = sorted(map(hash, members))
    for first, last in zip(hashes, hashes[_MAX_COLLISIONS:]):  # noqa: B905 (of different lengths, and before Python 3.10)
        if first == last:
            raise NotPlainError("too many members share a hash")


def _type_name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"[:100]


_DECODER = json.JSONDecoder(
    parse_int=_number(int), parse_float=_number(_finite), parse_constant=_constant, object_pairs_hook=_tagged
)


def driver_source() -> str:
    """The text of this file, for the host to send."""
    with open(__file__, encoding="utf-8") as file:
        return file.read()


def main() -> None:
    """Load the candidate, answer every case, and leave at once: its threads and exit handlers have nothing to add."""
    leave, channel = os._exit, int(os.environ["RESULT_FD"])
    head, _, source = sys.stdin.buffer.read().partition(b"\n")
    cases = json.loads(head)
    sys.path.append(os.getcwd())  # last, so that no file beside the candidate stands in for a module
    module, problem = load(source)
    for number, text in enumerate(cases):
        record = problem or _answer(module, text)
        payload = record.encode()
        _write(channel, RECORD.pack(MAGIC, number, len(payload)) + payload)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:  # noqa: S112 (the candidate may have put anything there)
            continue
    leave(0)


def load(source: bytes) -> tuple[types.ModuleType, str | None]:
    """The candidate's source as a module, and the record that says why it could not be executed, if it could not."""
    module = types.ModuleType(MODULE)
    module.__file__ = os.path.abspath(f"{MODULE}.py")
    sys.modules[MODULE] = module
    lines = source.decode(errors="replace").splitlines(True)
    linecache.cache[module.__file__] = (len(source), None, lines, module.__file__)  # for tracebacks and inspect
    try:
        exec(compile(source, module.__file__, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 (this is what the sandbox is for)
    except BaseException as error:
        return module, json.dumps(["unloadable", *words(error)])
    return module, None


def _answer(module: types.ModuleType, text: str) -> str:
    function, args, kwargs = decode(text)  # anew for each case: what one call changes, the next does not see
    try:
        value = _resolve(module, function)(*args, **kwargs)
    except BaseException as error:
        return json.dumps(["raised", *words(error)])
    try:
        return f'["value",{encode(value)}]'
    except NotPlainError as error:
        return json.dumps(["refused", str(error)[:_MAX_MESSAGE]])
    except BaseException as error:
        return json.dumps(["refused", words(error)[0]])


def _resolve(module: types.ModuleType, function: str) -> Any:
    """What `function` names in the module; `Solution.add` is the method of a fresh `Solution()`."""
    target: Any = module
    for name in function.split("."):
        target = getattr(target() if isinstance(target, type) else target, name)
    return target


def words(error: BaseException) -> list[str]:
    """Type and message of an exception, cut short; it may lie about both."""
    try:
        message = f"{error}"[:_MAX_MESSAGE]
    except BaseException:
        message = ""
    return [f"{type(error).__name__}"[:100], message]


def _write(channel: int, data: bytes) -> None:
    while data:
        data = data[os.write(channel, data) :]
