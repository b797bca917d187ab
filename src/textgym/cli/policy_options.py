"""Which policy plays: `--policy`, and the options of an endpoint."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textgym.cli.exits import CommandError
from textgym.cli.options import read_pairs

if TYPE_CHECKING:
    from textgym.policies import AnyPolicy

_PANEL = "Endpoint"

PolicyName = Annotated[
    str | None,
    typer.Option(
        "--policy",
        "-p",
        help="oracle, noop, random, human, script:FILE, openai:MODEL or openai:MODEL@URL.",
        show_default=False,
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model", "-m", help="The same as --policy openai:MODEL.", rich_help_panel=_PANEL, show_default=False
    ),
]
BaseUrl = Annotated[
    str | None,
    typer.Option(
        help="Such as http://127.0.0.1:8000/v1; else OPENAI_BASE_URL, else OpenAI's.",
        rich_help_panel=_PANEL,
        show_default=False,
    ),
]
ApiKeyEnv = Annotated[
    str | None,
    typer.Option(
        help="Environment variable that holds the key; else OPENAI_API_KEY.", rich_help_panel=_PANEL, show_default=False
    ),
]
Temperature = Annotated[
    float | None,
    typer.Option(min=0, help="Sampling temperature; else the server's.", rich_help_panel=_PANEL, show_default=False),
]
MaxTokens = Annotated[
    int | None, typer.Option(min=1, help="Tokens of one answer.", rich_help_panel=_PANEL, show_default=False)
]
System = Annotated[str | None, typer.Option(help="System prompt.", rich_help_panel=_PANEL, show_default=False)]
PolicySettings = Annotated[
    list[str] | None,
    typer.Option(
        "--policy-set",
        metavar="NAME=VALUE",
        help="Any other setting of the endpoint, such as top_p=0.9, logprobs=true, native_tools=json, seed=turn, "
        "extra_body={...}; or of its calls, such as timeout=60, retries=2, max_in_flight=16. May be repeated.",
        rich_help_panel=_PANEL,
        show_default=False,
    ),
]


def read_policy(name: str | None, model: str | None, pairs: Sequence[str] | None, **flags: Any) -> "AnyPolicy":
    """The policy that these options describe.

    Args:
        name: of `--policy`.
        model: of `--model`.
        pairs: of `--policy-set`.
        flags: settings that have an option of their own; None where it was not given.

    Raises:
        CommandError: no policy is named, or two are.
        PolicySettingError: there is no such policy, or a setting cannot be used.
    """
    from textgym.policies.by_name import policy_by_name

    if name is None and model is None:
        raise CommandError("name who plays: --policy oracle, noop, random, human, script:FILE or openai:MODEL")
    if model is not None:
        if name not in (None, "openai"):
            raise CommandError(f"--policy {name} and --model {model} name two policies: leave one out")
        name = f"openai:{model}"
    settings = read_pairs("--policy-set", pairs) | {key: value for key, value in flags.items() if value is not None}
    return policy_by_name(str(name), **_with_limits(settings))


def _with_limits(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings of calls, gathered in the object that the endpoint takes."""
    import dataclasses

    from textgym.policies.http_calls import CallLimits

    names = {field.name for field in dataclasses.fields(CallLimits)}
    limits = {name: settings.pop(name) for name in list(settings) if name in names}
    for name, value in limits.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise CommandError(f"--policy-set {name}={json.dumps(value)}: write a number")
    return settings | ({"limits": CallLimits(**limits)} if limits else {})
