"""Writes docs/environments.md from the registry; `--check` only says whether the page is up to date."""

import inspect
import sys
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

from textgym.core import Config, TextEnv
from textgym.registry import PAGES, Entry

PAGE = Path(__file__).with_name("environments.md")
HEADER = """\
# Environments

This page is generated from the registry: `make docs` writes it anew. Every environment also has the settings of
[`Config`](#settings-of-every-environment).

Families of mathematics with one answer in `<answer></answer>` read it in the form that their prompt names, and also in its
usual clothes: `$...$`, `\\(...\\)` or `\\boxed{...}` around the whole, one full stop at the end, the minus sign of typesetters,
`√66` for `sqrt(66)`, `\\frac{1}{2}` where that is the whole answer, `x = 3` where the value of x is asked for, and `1,234,567`
where one number is (in a list a comma separates). Nothing else is taken off: two answers, a word or a unit beside the answer
are not read. An answer that is in the form without that keeps its meaning.
"""


def page() -> str:
    """The whole page as Markdown."""
    ours = [entry for name in PAGES for entry in import_module(name).ENVIRONMENTS]
    parts = [HEADER, _index(ours)]
    for domain, entries in groupby(ours, key=lambda entry: entry.domain):
        parts.append(f"## {domain}\n")
        parts += [_section(entry) for entry in entries]
    parts.append("## Settings of every environment\n")
    parts.append(_settings(Config, inherited=True))
    return "\n".join(parts)


def _index(entries: list[Entry]) -> str:
    rows = [
        f"| [`{entry.id}`](#{_anchor(entry.id)}) | {entry.summary} | {', '.join(entry.tags)} |" for entry in entries
    ]
    return "\n".join(["| id | what it asks | tags |", "|---|---|---|", *rows, ""])


def _anchor(env_id: str) -> str:
    return "".join(letter for letter in env_id.lower() if letter.isalnum() or letter in "-_")


def _section(entry: Entry) -> str:
    module, _, name = entry.entry_point.partition(":")
    env_class: type[TextEnv[Any, Any]] = getattr(import_module(module), name)
    specification = inspect.cleandoc(env_class.__doc__ or entry.summary)
    parts = [f"### {entry.id}\n", f"```text\n{specification}\n```\n"]
    if entry.needs:
        parts.append(f"Needs: {', '.join(entry.needs)}.\n")
    parts.append(_settings(env_class.Config, inherited=False))
    return "\n".join(parts)


def _settings(config: type[Config], *, inherited: bool) -> str:
    """A table of the fields that `config` adds to or changes from the common `Config`, or of all its fields."""
    rows = []
    schema = config.model_json_schema()["properties"]
    for name, field in config.model_fields.items():
        common = Config.model_fields.get(name)
        default = field.get_default(call_default_factory=True, validated_data={})
        if not inherited and common is not None and common.default == default:
            continue
        rows.append(f"| `{name}` | `{default!r}` | {_allowed(schema[name])} | {field.description or ''} |")
    if not rows:
        return "No settings of its own.\n"
    return "\n".join(["| setting | default | allowed | meaning |", "|---|---|---|---|", *rows, ""])


def _allowed(schema: dict[str, Any]) -> str:
    choices = schema.get("anyOf", [schema])
    return " or ".join(_one_allowed(choice) for choice in choices)


def _one_allowed(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    words = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    bounds = [f"{sign} {schema[key]:g}" for key, sign in words.items() if key in schema]
    kind = {"null": "none", "boolean": "true, false"}.get(schema.get("type", ""), schema.get("type", "any"))
    return ", ".join([kind, *bounds])


def main() -> int:
    """Write the page, or with `--check` compare it: 0 if it is up to date, 1 if not."""
    wanted = page()
    if "--check" in sys.argv[1:]:
        current = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        if current != wanted:
            print(f"{PAGE.name} is out of date: run `make docs`", file=sys.stderr)
            return 1
        return 0
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
