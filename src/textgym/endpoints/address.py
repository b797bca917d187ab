"""Where a server is, and what is sent along to it: checked before anything goes out, without repeating a secret."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from textgym.endpoints.errors import EndpointSettingError

OPENAI_URL = "https://api.openai.com/v1"
PATH = "/chat/completions"


def completions_url(base_url: str) -> str:
    """The URL to post to.

    Args:
        base_url: where the API begins, such as `http://127.0.0.1:8000/v1`; what is posted to may stand in it already.

    Raises:
        EndpointSettingError: this is no URL of an API. Its text repeats no part that may hold a password.
    """
    try:
        parts = urlsplit(base_url.strip())
        host = parts.hostname
        _ = parts.port  # read for its check
    except ValueError:
        parts, host = None, None
    if parts is None or parts.scheme not in ("http", "https") or not host:
        raise EndpointSettingError("base_url must look like http://127.0.0.1:8000/v1")
    if parts.username is not None or parts.password is not None:
        raise EndpointSettingError("base_url holds a user name or password: give the key as api_key or in its variable")
    if parts.fragment:
        raise EndpointSettingError("base_url has a part after '#': write a policy by name as openai:MODEL@URL")
    path = parts.path.rstrip("/").removesuffix(PATH)
    return parts._replace(path=path + PATH).geturl()


def usable_key(key: str | None, variable: str) -> str | None:
    """The key without stray white space; None where there is none.

    Raises:
        EndpointSettingError: no header can hold it. It is refused here because later errors would quote it.
    """
    key = (key or "").strip()
    if not key.isascii() or not key.isprintable():
        raise EndpointSettingError(f"the API key (api_key or {variable}) has characters that no HTTP header can hold")
    return key or None


def checked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers themselves.

    Raises:
        EndpointSettingError: a name or value has characters that no header can hold.
    """
    for name, value in headers.items():
        if not (name.isascii() and name.isprintable() and value.isascii() and value.isprintable()):
            raise EndpointSettingError(f"header {name!r} has characters that no HTTP header can hold")
    return dict(headers)
