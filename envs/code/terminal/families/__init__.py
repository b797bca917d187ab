"""The templates, a module a topic. `TEMPLATES` has them all by name, in the order of their names.

A template puts files into a `Scene`, says what is to become of them, and returns a `Job`: the instruction, commands that
do it, and scripts that look right and are not. Every wrong script must fail on every draw, so each template puts in what
they stumble over: hidden files, deeper directories, names with spaces, ties, look-alikes.
"""

from textgym.envs.code.terminal.families import (
    configs,
    duplicates,
    finding,
    json_files,
    layout,
    links,
    logs,
    merging,
    packing,
    permissions,
    processes,
    renaming,
    schedules,
    tables,
    text,
    usage,
)
from textgym.envs.code.terminal.scene import Template

_MODULES = (
    configs,
    duplicates,
    finding,
    json_files,
    layout,
    links,
    logs,
    merging,
    packing,
    permissions,
    processes,
    renaming,
    schedules,
    tables,
    text,
    usage,
)

TEMPLATES: dict[str, Template] = dict(
    sorted((name, template) for module in _MODULES for name, template in module.CATALOGUE.templates.items())
)
