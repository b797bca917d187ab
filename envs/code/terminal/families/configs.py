"""Configuration: keys in sections, defaults and overrides, switches, tables of hosts."""

import re

from textgym.envs.code.terminal.material import PROJECTS, address, words
from textgym.envs.code.terminal.scene import Catalogue, Job, Scene

CATALOGUE = Catalogue()


@CATALOGUE.add("ini-key", "configuration", 2)
def _ini_key(s: Scene) -> Job:
    r = s.rng
    sections = r.sample(PROJECTS, 4)
    key, other = r.choice((("port", "support"), ("host", "ghost"), ("level", "sublevel")))
    old, new = r.randint(1000, 4999), r.randint(5000, 9999)
    lines, fixed = [], []
    for number, section in enumerate(sections):
        block = [
            f"[{section}]",
            f"{other} = {old}",
            f"# {key} = {old}",
            f"{key} = {old + (number == 3)}",
            f"{words(r, 1)[0]} = yes",
            "",
        ]
        lines += block
        fixed += [f"{key} = {new}" if number == 2 and line == f"{key} = {old}" else line for line in block]
    path = s.file(f"etc/{r.choice(PROJECTS)}.ini", "\n".join(lines), mode=r.choice((0o644, 0o640)))
    s.rewrite(path, "\n".join(fixed))
    section = sections[2]
    edit = f"sed -i '/^\\[{section}\\]/,/^\\[/ s/^{key} = .*/{key} = {new}/' {path}"
    return Job(
        f"In ~/{path}, set {key} in the section [{section}] to {new}: the line becomes '{key} = {new}'. Nothing else changes, comments and "
        "other sections included.",
        [edit],
        {
            "every section": [f"sed -i 's/^{key} = .*/{key} = {new}/' {path}"],
            "the comment too": [
                edit.replace(f"s/^{key}", f"s/{key}").replace(f"/{key} = {new}/'", f"/{key} = {new}/'")
            ],
            "the first section": [f"sed -i '0,/^{key} = .*/ s//{key} = {new}/' {path}"],
            "without spaces": [edit.replace(f"/{key} = {new}/", f"/{key}={new}/")],
        },
    )


@CATALOGUE.add("env-overrides", "configuration", 2)
def _env_overrides(s: Scene) -> Job:
    r = s.rng
    keys = [word.upper() for word in words(r, 12)]
    base = {key: r.choice(("on", "a=b", "x y", str(r.randint(1, 99)))) for key in keys[:9]}
    over = {key: f"new{r.randint(1, 99)}" for key in (keys[2], keys[5], keys[9], keys[10])}
    over[keys[6]] = ""
    over[f"{keys[1]}_X"] = "longer"
    first = "# defaults\n" + "".join(f"{key}={value}\n" for key, value in base.items())
    s.file("app/.env", first)
    s.file("app/.env.local", "# here\n\n" + "".join(f"{key}={value}\n" for key, value in over.items()))
    whole = {**base, **over}
    s.write("app/.env.merged", "".join(f"{key}={whole[key]}\n" for key in sorted(whole, key=str.encode)))
    merge = "cat {} | grep -vE '^(#|$)' | awk '{{ k = $0; sub(/=.*/, \"\", k); v[k] = $0 }} END {{ for (k in v) print v[k] }}' | LC_ALL=C sort -t= -k1,1 > app/.env.merged"
    return Job(
        "Write ~/app/.env.merged: all variables of ~/app/.env and ~/app/.env.local, one KEY=VALUE a line, sorted by key (bytes, "
        "LC_ALL=C), without comments and empty lines. Where both have a key, the value of .env.local counts, an empty one as well.",
        [merge.format("app/.env app/.env.local")],
        {
            "the other way round": [merge.format("app/.env.local app/.env")],
            "both values": ["cat app/.env app/.env.local | grep -vE '^(#|$)' | LC_ALL=C sort > app/.env.merged"],
            "empty ones ignored": [merge.format("app/.env app/.env.local").replace("(#|$)", "(#|$|[A-Z_]+=$)")],
        },
    )


@CATALOGUE.add("hosts-table", "configuration", 2)
def _hosts_table(s: Scene) -> Job:
    r = s.rng
    names = words(r, 14)
    rows = {name: address(r) for name in names[:8]}
    lines = (
        ["127.0.0.1 localhost", "# machines"]
        + [f"{ip} {name}" for name, ip in rows.items()]
        + [f"# {address(r)} {names[9]}"]
    )
    s.file("etc/hosts", "\n".join(lines) + "\n")
    added = [
        (names[9], address(r)),
        (names[10], address(r)),
        (f"{names[0]}-2", address(r)),
        (names[11][:3], address(r)),
    ]
    changed = [(names[2], address(r)), (names[5], address(r))]
    same = [(names[4], rows[names[4]])]
    wanted = [*added, *changed, *same]
    r.shuffle(wanted)
    s.file("wanted.txt", "".join(f"{name} {ip}\n" for name, ip in wanted))
    table = dict(wanted)
    fixed = []
    for line in lines:
        parts = line.split()
        fixed.append(f"{table[parts[1]]} {parts[1]}" if not line.startswith("#") and parts[1] in table else line)
    fixed += [f"{ip} {name}" for name, ip in wanted if name not in rows]
    s.rewrite("etc/hosts", "\n".join(fixed) + "\n")
    program = (
        "awk 'NR == FNR { w[$1] = $2; order[++n] = $1; next } !/^#/ && ($2 in w) { print w[$2], $2; delete w[$2]; next } { print } "
        "END { for (i = 1; i <= n; i++) if (order[i] in w) print w[order[i]], order[i] }' wanted.txt etc/hosts > /tmp/x; cat /tmp/x > etc/hosts"
    )
    return Job(
        "Lines of ~/wanted.txt are 'NAME ADDRESS', lines of ~/etc/hosts 'ADDRESS NAME'. Bring the hosts file up to date in place: where a "
        "wanted name has a line (comments are none), its address is replaced there; the other wanted names are added at the end, in "
        "the order of wanted.txt. All other lines stay.",
        [program],
        {
            "everything appended": ["awk '{ print $2, $1 }' wanted.txt >> etc/hosts"],
            "only the new ones": [
                'while read -r n a; do grep -q "^[^#]* $n$" etc/hosts || echo "$a $n" >> etc/hosts; done < wanted.txt'
            ],
            "a comment taken for a line": [
                program.replace(
                    "!/^#/ && ($2 in w) { print w[$2], $2; delete w[$2]",
                    "($NF in w) { print w[$NF], $NF; delete w[$NF]",
                )
            ],
            "removed and appended": [
                'while read -r n a; do sed -i "/ $n\\$/d" etc/hosts; echo "$a $n" >> etc/hosts; done < wanted.txt'
            ],
        },
    )


@CATALOGUE.add("feature-switch", "configuration", 1)
def _feature_switch(s: Scene) -> Job:
    r = s.rng
    names = words(r, 12)
    flag = names[0]
    for number, name in enumerate(names[1:7]):
        folder = ("conf", f"conf/{names[7]}", f"conf/{names[8]} {r.randint(2, 9)}")[number % 3]
        value = ("off", "off", "on", "off", "offset", "auto")[number]
        body = f"{names[9]}: off\n{flag}: {value}\n{flag}_old: off\n  {flag}: off\n# {flag}: off\n"
        path = s.file(f"{folder}/{name}.yaml", body)
        if value == "off":
            s.rewrite(path, body.replace(f"\n{flag}: off\n", f"\n{flag}: on\n", 1))
    s.file(f"conf/{names[10]}.yaml.bak", f"{flag}: off\n")
    edit = f"find conf -name '*.yaml' -exec sed -i 's/^{flag}: off$/{flag}: on/' {{}} +"
    return Job(
        f"In all .yaml files below ~/conf, at any depth, change the lines that are exactly '{flag}: off' to '{flag}: on'. Indented "
        "lines, comments, other values and other keys stay.",
        [edit],
        {
            "indented ones too": [edit.replace("s/^", "s/")],
            "the beginning of a value": [edit.replace("off$", "off")],
            "only the top": [f"sed -i 's/^{flag}: off$/{flag}: on/' conf/*.yaml"],
            "backups too": [edit.replace("'*.yaml'", "'*.yaml*'")],
        },
    )


@CATALOGUE.add("enable-options", "configuration", 2)
def _enable_options(s: Scene) -> Job:
    r = s.rng
    names = [word.title() for word in words(r, 10)]
    lines = ["# Options are switched on by taking away the # in front."]
    for number, name in enumerate(names[:8]):
        lines += [
            f"# {name} does something",
            f"{'#' if number % 4 != 3 else ''}{name} {r.randint(1, 99)}",
            f"#{name}More {r.randint(1, 99)}",
        ]
    lines.append(f"##{names[0]} 0")
    chosen = [names[0], names[2], names[3], names[5]]
    path = s.file("sshd_config", "\n".join(lines) + "\n", mode=0o600)
    s.file("enable.txt", "".join(f"{name}\n" for name in chosen))
    pattern = re.compile(rf"#({'|'.join(chosen)}) \d+")
    s.rewrite(path, "".join(f"{line[1:] if pattern.fullmatch(line) else line}\n" for line in lines))
    loop = 'while read -r n; do sed -i -E "s/^#($n [0-9]+)$/\\1/" sshd_config; done < enable.txt'
    return Job(
        "~/enable.txt names options, one a line. In ~/sshd_config, take away the # in front of each of them where a line reads '#NAME NUMBER' "
        "(one #, the whole name, a number and nothing more). All other lines stay, and so does the file's mode.",
        [loop],
        {
            "longer names too": [loop.replace("$n [0-9]+", "$n.*")],
            "any line with the name": [loop.replace("^#($n [0-9]+)$", "^# *($n.*)$")],
            "one # of two": [loop.replace("^#($n [0-9]+)$", "#($n [0-9]+)$")],
            "the mode lost": [loop + "; cp sshd_config /tmp/x; rm sshd_config; cat /tmp/x > sshd_config"],
        },
    )
