"""JSON: reading many files, changing one key, merging, counting, other formats."""

import copy
import json
from typing import Any

from textgym.envs.code.terminal.material import FIRST_NAMES, PROJECTS, day, login, people, words
from textgym.envs.code.terminal.scene import Catalogue, Job, Scene, python

CATALOGUE = Catalogue()


@CATALOGUE.add("field-of-many-files", "json", 2)
def _field_of_many_files(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("profiles", "cards", "accounts"))
    found = []
    for number, name in enumerate(people(r, 9)):
        mail = f"{login(name)}{number}@{r.choice(('home', 'work'))}.example"
        value: dict[str, Any] = {
            "name": name,
            "active": number % 3 != 0,
            "contact": {"mail": mail, "alt": {"mail": f"old-{mail}"}},
        }
        if number == 4:
            value = {"name": name, "active": True, "contact": {"phone": r.randint(1000, 9999)}}
        if number == 5:
            value["active"] = "no"
        folder = (top, f"{top}/{words(r, 1)[0]}", f"{top}/.archive")[number % 3]
        s.file(f"{folder}/{login(name)}-{number}.json", json.dumps(value, indent=r.choice((None, 2, 4))) + "\n")
        if value["active"] is True and "mail" in value["contact"]:
            found.append(mail)
    s.write("mails.txt", "\n".join(sorted(found)))
    program = python(
        "import json, os",
        "found = []",
        f"for folder, _, names in os.walk('{top}'):",
        "    for name in names:",
        "        value = json.load(open(os.path.join(folder, name)))",
        "        if value['active'] is True and 'mail' in value['contact']: found.append(value['contact']['mail'])",
        "open('mails.txt', 'w').write(''.join(f'{mail}\\n' for mail in sorted(found)))",
    )
    return Job(
        f"Each .json file below ~/{top} (hidden directories too) describes a person. Write contact.mail of those whose active is true "
        "(the JSON value) and who have one to ~/mails.txt, one a line, sorted.",
        [program],
        {
            "everybody": [program.replace("value['active'] is True and ", "")],
            "whatever is not false": [program.replace("value['active'] is True", "value['active']")],
            "every mail in the text": [f'grep -rhoE \'"mail": *"[^"]*\' {top} | sed \'s/.*"//\' | sort > mails.txt'],
            "only the top": [program.replace(f"os.walk('{top}')", f"[next(os.walk('{top}'))]")],
        },
    )


@CATALOGUE.add("change-one-key", "json", 2)
def _change_one_key(s: Scene) -> Job:
    r = s.rng
    name, *others = r.sample(PROJECTS, 6)
    version = f"{r.randint(2, 9)}.{r.randint(0, 20)}.{r.randint(0, 9)}"
    packages = r.sample(PROJECTS, 5)
    for number, package in enumerate(packages):
        value: dict[str, Any] = {
            "name": package,
            "version": "1.0.0",
            "dependencies": {other: f"1.{r.randint(0, 9)}.0" for other in others[:3]},
            "devDependencies": {name: "0.1.0", others[4]: "3.0.0"},
        }
        if number != 1:
            value["dependencies"][name] = f"1.{r.randint(0, 9)}.{r.randint(0, 9)}"
        path = s.file(
            f"packages/{package}{'/sub' if number == 2 else ''}/package.json", json.dumps(value, indent=2) + "\n"
        )
        if number != 1:
            value["dependencies"][name] = version
            s.rewrite(path, json.dumps(value), "json")
        s.file(f"packages/{package}/lock.json", json.dumps({"dependencies": {name: "1.0.0"}}) + "\n")
    program = python(
        "import json, os",
        "for folder, _, names in os.walk('packages'):",
        "    if 'package.json' in names:",
        "        path = os.path.join(folder, 'package.json')",
        "        value = json.load(open(path))",
        f"        if '{name}' in value['dependencies']:",
        f"            value['dependencies']['{name}'] = '{version}'",
        "            json.dump(value, open(path, 'w'), indent=2)",
    )
    return Job(
        f"In every package.json below ~/packages that has {name} among its dependencies, set its version there to {version}. "
        "devDependencies, other packages and other files stay as they are; where it is missing it is not added.",
        [program],
        {
            "everywhere in the file": [
                f'find packages -name package.json -exec sed -i \'s/"{name}": *"[^"]*"/"{name}": "{version}"/\' {{}} +'
            ],
            "added": [program.replace(f"if '{name}' in value['dependencies']", "if True")],
            "one layer": [
                program.replace("os.walk('packages')", "[next(os.walk(d.path)) for d in os.scandir('packages')]")
            ],
            "devDependencies": [program.replace("['dependencies']['", "['devDependencies']['")],
        },
    )


@CATALOGUE.add("deep-merge", "json", 3)
def _deep_merge(s: Scene) -> Job:
    r = s.rng
    keys = words(r, 9)
    base = {
        keys[0]: {keys[1]: r.randint(1, 9), keys[2]: {"on": True, "level": r.randint(1, 5)}, keys[3]: [1, 2, 3]},
        keys[4]: "old",
        keys[5]: {"a": 1},
        keys[8]: None,
    }
    over = {
        keys[0]: {keys[2]: {"level": r.randint(6, 9)}, keys[3]: [r.randint(4, 9)], keys[6]: "new"},
        keys[4]: None,
        keys[5]: r.randint(10, 99),
        keys[7]: {"b": False},
        keys[8]: {"c": 0},
    }
    s.file("config/default.json", json.dumps(base, indent=2) + "\n")
    s.file("config/local.json", json.dumps(over, indent=2) + "\n")

    def merged(one: Any, other: Any) -> Any:
        if isinstance(one, dict) and isinstance(other, dict):
            return {
                key: merged(one.get(key), other[key]) if key in other else one[key]
                for key in [*one, *(k for k in other if k not in one)]
            }
        return other

    s.write("config/effective.json", merged(copy.deepcopy(base), over), "json")
    program = python(
        "import json",
        "def merge(a, b):",
        "    if not (isinstance(a, dict) and isinstance(b, dict)): return b",
        "    return {**a, **{k: merge(a[k], b[k]) if k in a else b[k] for k in b}}",
        "a, b = (json.load(open(f'config/{n}.json')) for n in ('default', 'local'))",
        "json.dump(merge(a, b), open('config/effective.json', 'w'), indent=2)",
    )
    return Job(
        "Merge ~/config/local.json over ~/config/default.json into ~/config/effective.json: objects are merged key by key, at every "
        "depth; any other value in local.json (lists, numbers, null, ...) replaces the one in default.json.",
        [program],
        {
            "only the first layer": [program.replace("merge(a, b), open", "{**a, **b}, open")],
            "lists joined": [
                program.replace("return b", "return a + b if isinstance(a, list) and isinstance(b, list) else b", 1)
            ],
            "null ignored": [program.replace("return b", "return a if b is None else b", 1)],
            "the other way round": [program.replace("merge(a, b), open", "merge(b, a), open")],
        },
    )


@CATALOGUE.add("count-events", "json", 2)
def _count_events(s: Scene) -> Job:
    r = s.rng
    kinds = words(r, 5)
    lines, counts = [], dict.fromkeys(kinds, 0)
    for number in range(r.randint(40, 60)):
        kind, ok = r.choice(kinds), r.random() < 0.7 or number == 12
        text = r.choice((f'the "type": "{r.choice(kinds)}" was tried', "fine", "again"))
        event: dict[str, Any] = {"n": number, "type": kind, "ok": ok, "text": text}
        if number % 9 == 3:
            event = {"n": number, "ok": ok, "text": text}
        else:
            counts[kind] += ok
        if r.random() < 0.5:
            event = dict(reversed(event.items()))
        lines.append(json.dumps(event) if number % 2 else json.dumps(event, separators=(",", ":")))
        if number % 13 == 5:
            lines.append(r.choice(("", "{broken", f'{{"type": "{kinds[0]}", "ok": true')))
    s.file("events.jsonl", "\n".join(lines) + "\n")
    s.write("counts.json", {kind: number for kind, number in counts.items() if number}, "json")
    program = python(
        "import json",
        "counts = {}",
        "for line in open('events.jsonl'):",
        "    try: event = json.loads(line)",
        "    except ValueError: continue",
        "    if event.get('ok') is True and 'type' in event: counts[event['type']] = counts.get(event['type'], 0) + 1",
        "json.dump(counts, open('counts.json', 'w'))",
    )
    return Job(
        "~/events.jsonl has a JSON object a line; some lines are broken or empty and are to be ignored. Count the objects whose ok is "
        "true by their type (those without a type do not count). Write an object {type: count} to ~/counts.json, without types that "
        "never occur.",
        [program],
        {
            "not only ok": [program.replace("event.get('ok') is True and ", "")],
            "those without a type": [
                program.replace(
                    " and 'type' in event: counts[event['type']] = counts.get(event['type'], 0) + 1",
                    ": counts[event.get('type')] = counts.get(event.get('type'), 0) + 1",
                )
            ],
            "up to the first broken line": [program.replace("continue", "break")],
        },
    )


@CATALOGUE.add("json-to-env", "json", 2)
def _json_to_env(s: Scene) -> Job:
    r = s.rng
    keys = words(r, 8)
    value = {
        keys[0]: r.choice(PROJECTS),
        keys[1]: {keys[2]: r.randint(1000, 9999), keys[3]: {"max": r.randint(1, 50), keys[4]: r.random() < 0.5}},
        keys[5]: True,
        keys[6]: {keys[7]: " ".join(words(r, 2))},
    }
    s.file("settings.json", json.dumps(value, indent=2) + "\n")
    lines: list[str] = []

    def walk(prefix: str, part: Any) -> None:
        if isinstance(part, dict):
            for key, inner in part.items():
                walk(f"{prefix}_{key.upper()}", inner)
        else:
            lines.append(f"{prefix}={'true' if part is True else 'false' if part is False else part}")

    walk("APP", value)
    s.write("app.env", "\n".join(sorted(lines)))
    program = python(
        "import json",
        "lines = []",
        "def walk(prefix, part):",
        "    if isinstance(part, dict):",
        "        for key, inner in part.items(): walk(prefix + '_' + key.upper(), inner)",
        '    else: lines.append(f"{prefix}={str(part).lower() if isinstance(part, bool) else part}")',
        "walk('APP', json.load(open('settings.json')))",
        "open('app.env', 'w').write('\\n'.join(sorted(lines)) + '\\n')",
    )
    return Job(
        "Flatten ~/settings.json into ~/app.env: a line NAME=VALUE for each value that is no object, sorted. NAME is APP and the keys "
        "that lead to the value, joined by _ and in capitals, such as APP_SERVER_PORT. Values are written as they are, without quotes, "
        "true and false in lower case.",
        [program],
        {
            "quoted": [program.replace("else part}", "else json.dumps(part)}")],
            "True and False": [program.replace("str(part).lower()", "str(part)")],
            "no prefix": [program.replace("walk('APP', json", "walk('', json")],
        },
    )


@CATALOGUE.add("top-of-list", "json", 2)
def _top_of_list(s: Scene) -> Job:
    r = s.rng
    count = r.randint(3, 5)
    scores = [*r.sample(range(10, 99), 10), r.randint(100, 400), 9]
    scores[3] = scores[2]
    names = [name.lower() for name in r.sample(FIRST_NAMES, 12)]
    players = [
        {"name": name, "score": score, "team": {"id": r.randint(1, 4)}, "since": str(day(r))}
        for name, score in zip(names, scores, strict=True)
    ]
    out = dict(r.choice(players[4:10]))
    out.update(name="zz-out", score=900, retired=True)
    players.append(out)
    r.shuffle(players)
    s.file("players.json", json.dumps({"players": players, "season": 2024}, indent=1) + "\n")
    ranked = sorted((p for p in players if not p.get("retired")), key=lambda p: (-p["score"], p["name"]))[:count]  # type: ignore[operator]
    s.write("top.json", [{"name": p["name"], "score": p["score"]} for p in ranked], "json")
    program = python(
        "import json",
        "players = [p for p in json.load(open('players.json'))['players'] if not p.get('retired')]",
        "players.sort(key=lambda p: (-p['score'], p['name']))",
        f"json.dump([{{k: p[k] for k in ('name', 'score')}} for p in players[:{count}]], open('top.json', 'w'))",
    )
    return Job(
        f'From ~/players.json take the {count} players with the highest score, leaving out those with "retired": true; equal scores are '
        "ordered by name. Write ~/top.json: a list of objects with just name and score, best first.",
        [program],
        {
            "the retired too": [program.replace(" if not p.get('retired')", "")],
            "whole objects": [program.replace("{k: p[k] for k in ('name', 'score')}", "p")],
            "worst first": [program.replace("-p['score']", "p['score']")],
            "scores as text": [
                program.replace("-p['score'], p['name']", "str(p['score']), p['name']").replace(
                    "))\njson", "), reverse=True)\njson"
                )
            ],
        },
    )
