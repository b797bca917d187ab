"""`textgym info`: what one environment is, and what can be set."""

import inspect
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from textgym.cli.options import AsJson, EnvId, Settings, read_settings, read_value
from textgym.cli.screen import console, facts, print_json, table, visible

if TYPE_CHECKING:
    from rich.console import RenderableType

    from textgym.core import TextEnv
    from textgym.registry import Entry

_SECTION = re.compile(r"([A-Z][\w ]{0,24}):\s+(.*)")


def info(env_id: EnvId, settings: Settings = None, as_json: AsJson = False) -> None:
    """Show an environment: its specification, settings, splits, tools and a sample prompt."""
    from textgym.registry import find, make

    entry = find(env_id)
    env = make(entry.id, **read_settings(settings))
    report = _report(entry, env)
    if as_json:
        print_json(report)
    else:
        _show(entry, report)


def _report(entry: "Entry", env: "TextEnv[Any, Any]") -> dict[str, Any]:
    from textgym.core import SPLITS

    sample = env.start(env.task(env.config.split, 0))
    sample.close()
    return {
        **entry.as_json(),
        "specification": inspect.getdoc(type(env)) or "",
        "execution": env.execution,
        "oracle_score": env.oracle_score,
        "random_ceiling": env.random_ceiling,
        "config": _settings(env),
        "splits": {split: env.size(split) for split in SPLITS},
        "tools": env.tool_schemas(),
        "sample": {"task_id": sample.task.id, "difficulty": sample.task.difficulty, "prompt": sample.observation},
    }


def _settings(env: "TextEnv[Any, Any]") -> list[dict[str, Any]]:
    """The fields of the environment's config, its own before those that every environment has."""
    from textgym.core import Config

    schema = type(env.config).model_json_schema()
    kinds, values = schema.get("$defs", {}), env.config.model_dump(mode="json")
    fields = []
    for name, field in type(env.config).model_fields.items():
        own = name not in Config.model_fields
        value = {
            "name": name,
            "value": values[name],
            "allowed": _allowed(schema["properties"][name], kinds),
            "description": field.description or "",
            "own": own,
            "in_task": own and name not in type(env.config).not_in_task,
        }
        fields.append(value)
    return sorted(fields, key=lambda value: not value["own"])


def _allowed(schema: dict[str, Any], kinds: dict[str, Any]) -> str:
    """The values that a JSON schema admits, in a few words: `whole number, 1 to 10`, `easy | hard`."""
    if "$ref" in schema:
        schema = kinds[schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        return " or ".join(_allowed(part, kinds) for part in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    names = {"integer": "whole number", "boolean": "true | false", "null": "null", "string": "text", "array": "list"}
    kind = str(schema.get("type", "any"))
    return ", ".join(filter(None, (names.get(kind, kind), _range(schema))))


def _range(schema: dict[str, Any]) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f"{low:,} to {high:,}"
    bounds = ((">", above), ("≥", low), ("<", below), ("≤", high))
    return ", ".join(f"{sign} {bound:,}" for sign, bound in bounds if bound is not None)


def _show(entry: "Entry", report: dict[str, Any]) -> None:
    from rich.padding import Padding
    from rich.rule import Rule
    from rich.text import Text

    screen = console(prose=True)
    screen.print(Text(entry.id, style="bold"))
    for part in _specification(report["specification"] or entry.summary):
        screen.print(part)
    screen.print()
    screen.print(facts(_overview(entry, report)))
    for own, title in ((True, "Settings"), (False, "Settings that every environment has")):
        rows = table("setting", "value", "allowed", "what it is", title=title)
        rows.columns[0].no_wrap = True
        for field in report["config"]:
            if field["own"] is own:
                rows.add_row(field["name"], _shown(field["value"]), field["allowed"], field["description"])
        if rows.row_count:
            screen.print()
            screen.print(rows)
    sample = report["sample"]
    screen.print()
    screen.print(Rule(Text(f"the prompt of {sample['task_id']}"), align="left", style="dim"))
    screen.print(Padding(visible(sample["prompt"]), (0, 2)))


def _shown(value: Any) -> str:
    """A value as `--set` takes it: a text as it stands, anything else, and a text that would be read as such, as JSON."""
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return value if value and read_value(value) == value else json.dumps(value, ensure_ascii=False)


def _overview(entry: "Entry", report: dict[str, Any]) -> dict[str, Any]:
    rows: dict[str, Any] = {"domain": entry.domain, "tags": ", ".join(entry.tags)}
    if entry.needs:
        rows["needs"] = ", ".join(entry.needs)
    sizes = report["splits"]
    if all(size is None for size in sizes.values()):
        rows["splits"] = f"{', '.join(sizes)}; tasks without end"
    else:
        rows["splits"] = ", ".join(f"{split}: {'no end' if size is None else size}" for split, size in sizes.items())
    if report["tools"]:
        rows["tools"] = ", ".join(tool.get("function", tool).get("name", "?") for tool in report["tools"])
    rows["execution"] = report["execution"]
    rows["mean reward"] = f"oracle {report['oracle_score']:g}, guessing at most {report['random_ceiling']:g}"
    return rows


def _specification(docstring: str) -> Iterator["RenderableType"]:
    """The docstring, so that it wraps to any width: its `Name: text` sections side by side, other paragraphs joined."""
    sections: dict[str, str] = {}
    paragraph: list[str] = []

    def ended() -> Iterator["RenderableType"]:
        if paragraph:
            yield visible(" ".join(paragraph))
            paragraph.clear()
        if sections:
            yield facts(sections)
            sections.clear()

    for line in docstring.splitlines():
        match = _SECTION.match(line)
        if match:
            if paragraph:
                yield from ended()
            sections[match[1]] = match[2]
        elif sections and line[:1].isspace():
            name = next(reversed(sections))
            sections[name] = f"{sections[name]} {line.strip()}".strip()
        elif line.strip() and not line[:1].isspace() and not line.startswith(("- ", "* ", "|")):
            if sections:
                yield from ended()
            paragraph.append(line)
        else:  # an empty line, or one that stands for itself, as in a list or an example
            yield from ended()
            yield visible(line)
    yield from ended()
