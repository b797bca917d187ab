"""Builds the bank of bugs: `python -m textgym.envs.code.functions.build`.

Families whose digest is that of the stored bank are left as they are; `--all` builds every one anew, `--verify N` builds
nothing and mines N variants again, spread over all families, to compare them with what is stored.
"""

import argparse
import json
import resource
import sys
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from textgym.envs.code.functions import bank
from textgym.envs.code.functions.mining import mine
from textgym.envs.code.functions.themes import THEMES, families, theme_families

_MEMORY = 2 * 2**30


def main(arguments: list[str] | None = None) -> int:
    """Build or verify, and report; 1 if what is stored is not what is found."""
    parser = argparse.ArgumentParser(description="Build the bank of bugs of the function families.")
    parser.add_argument("themes", nargs="*", help="themes to build; all unless named")
    parser.add_argument("--all", action="store_true", help="build families that have not changed as well")
    parser.add_argument("--verify", type=int, metavar="N", help="mine N variants again and compare")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    given = parser.parse_args(arguments)
    with ProcessPoolExecutor(given.jobs, initializer=bounded) as pool:
        if given.verify is not None:
            return _verify(pool, given.verify)
        bank.FOLDER.mkdir(exist_ok=True)
        for theme in given.themes or THEMES:
            _build(pool, theme, given.all)
    bank.forget()
    names = bank.stored_families()
    bugs = sum(len(bank.stored_bugs(name, v)) for name in names for v in range(len(families()[name].variants)))
    _say(f"{len(names)} families, {bugs} bugs")
    return 0


def bounded() -> None:
    """Bound the memory of this process: a mutant may try to make something huge."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def mined_record(name: str, variant: int) -> dict[str, Any]:
    """What the bank stores of one variant."""
    mined = mine(families()[name], variant)
    return {
        "hidden": list(mined.hidden),
        "shown": list(mined.shown),
        "bugs": [bug.as_json() for bug in mined.bugs],
        "same": [[one.start, one.end, one.replacement] for one in mined.same],
    }


def _build(pool: ProcessPoolExecutor, theme: str, anew: bool) -> None:
    path = bank.FOLDER / f"{theme}.json"
    old: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    made = {}
    for family in theme_families(theme):
        digest = bank.digest(family)
        if not anew and old.get(family.name, {}).get("digest") == digest:
            made[family.name] = old[family.name]
            continue
        numbers = range(len(family.variants))
        variants = list(pool.map(mined_record, [family.name] * len(numbers), numbers))
        made[family.name] = {"digest": digest, "variants": variants}
        _say(f"{theme}: {family.name}: {[len(one['bugs']) for one in variants]} bugs")
    if made != old:
        lines = [f"{json.dumps(name)}: {json.dumps(record, separators=(',', ':'))}" for name, record in made.items()]
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _verify(pool: ProcessPoolExecutor, count: int) -> int:
    every = [(name, v) for name in bank.stored_families() for v in range(len(families()[name].variants))]
    step = max(1, len(every) // max(count, 1))
    chosen = every[::step][:count]
    found = pool.map(mined_record, *zip(*chosen, strict=True))
    wrong = [place for place, record in zip(chosen, found, strict=True) if record != bank.stored_record(*place)]
    _say(f"{len(chosen)} of {len(every)} variants mined again, {len(wrong)} differ: {wrong}")
    return 1 if wrong else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
