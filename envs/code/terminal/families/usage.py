"""Usage: how much there is, where, and whose."""

import json

from textgym.envs.code.terminal.material import FIRST_NAMES, prose, words
from textgym.envs.code.terminal.scene import Catalogue, Job, Scene

CATALOGUE = Catalogue()


@CATALOGUE.add("bytes-per-directory", "usage", 2)
def _bytes_per_directory(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("srv", "projects", "home-backup"))
    names = words(r, 40)
    totals: dict[str, int] = {}
    for number, folder in enumerate(names[:5]):
        folder = folder + (" x" if number == 2 else "")
        sizes = [r.randint(1, 900) for _ in range(5)]
        for place, size in zip(("", "sub/", ".hidden/", "sub/deep/", ""), sizes, strict=True):
            s.file(f"{top}/{folder}/{place}{names[5 + number * 5 + len(totals) + size % 3]}-{size}.bin", b"x" * size)
        totals[folder] = sum(len(s.tree[path].data) for path in s.files(f"{top}/{folder}"))
    s.file(f"{top}/loose.txt", prose(r, 2))
    s.write(
        "usage.txt",
        "\n".join(f"{size}\t{folder}" for folder, size in sorted(totals.items(), key=lambda item: (-item[1], item[0]))),
    )
    loop = "cd {0}; for d in */; do printf '%s\\t%s\\n' \"$(find \"$d\" -type f{1} -printf '%s\\n' | awk '{{ n += $1 }} END {{ print n + 0 }}')\" \"${{d%/}}\"; done | sort -k1,1nr -k2 > ~/usage.txt"
    return Job(
        f"For each directory directly in ~/{top}, add up the sizes in bytes of all files in it, at any depth, hidden ones included (the "
        "lengths of the files, not the blocks on the disk). Write ~/usage.txt: lines 'BYTES<tab>DIRECTORY', the name without path or "
        "slash, largest first.",
        [loop.format(top, "")],
        {
            "blocks": [f"cd {top}; du -s --block-size=1 */ | sed 's|/$||' | sort -k1,1nr -k2 > ~/usage.txt"],
            "no hidden": [loop.format(top, " -not -path '*/.*'")],
            "smallest first": [loop.format(top, "").replace("k1,1nr", "k1,1n")],
            "one layer": [loop.format(top, "").replace('find "$d"', 'find "$d" -maxdepth 1')],
        },
    )


@CATALOGUE.add("over-quota", "usage", 2)
def _over_quota(s: Scene) -> Job:
    r = s.rng
    users = [name.lower() for name in r.sample(FIRST_NAMES, 7)]
    limits = {}
    over = []
    for number, user in enumerate(users):
        sizes = [r.randint(50, 400) for _ in range(3)]
        for place, size in zip(("", "mail/", ".cache/"), sizes, strict=True):
            s.file(f"users/{user}/{place}{words(r, 1)[0]}.dat", b"." * size)
        total = sum(sizes)
        if number == 6:
            continue
        limits[user] = (
            total,
            total - 1,
            total + 1,
            total - r.randint(2, 40),
            total + r.randint(5, 90),
            total - sizes[2] - 1,
        )[number]
        if total > limits[user]:
            over.append(f"{user} {total - limits[user]}")
    limits["ghost"] = 10
    s.file("quota.json", json.dumps(dict(sorted(limits.items())), indent=2) + "\n")
    s.write("over.txt", "\n".join(sorted(over)))
    loop = (
        "python3 -c \"import json; [print(k, v) for k, v in sorted(json.load(open('quota.json')).items())]\" | while read -r u q; do "
        "[ -d users/$u ] || continue; n=$(find users/$u -type f -printf '%s\\n' | awk '{ n += $1 } END { print n + 0 }'); "
        "if [ $n -gt $q ]; then echo $u $((n - q)); fi; done > over.txt"
    )
    return Job(
        "~/quota.json gives users a number of bytes. The files of a user are those below ~/users/NAME, hidden ones included; users without "
        "a quota, and quotas without a user, do not matter. Write ~/over.txt: a line 'NAME BYTES' for each user whose files have more "
        "bytes in all than the quota, with how many they are over; sorted by name.",
        [loop],
        {
            "at the limit as well": [loop.replace("-gt", "-ge")],
            "no hidden": [loop.replace("-type f", "-type f -not -path '*/.*'")],
            "the whole use": [loop.replace("$((n - q))", "$n")],
            "blocks": [loop.replace("find users/$u -type f -printf '%s\\n'", "du -s --block-size=1 users/$u")],
        },
    )


@CATALOGUE.add("lines-of-code", "usage", 2)
def _lines_of_code(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("src", "repo", "firmware"))
    names = words(r, 20)
    counts = {"py": 0, "c": 0, "sh": 0}
    for number, name in enumerate(names[:10]):
        ending = ("py", "c", "sh", "h", "txt")[number % 5]
        folder = (top, f"{top}/{names[10]}", f"{top}/.{names[11]}", f"{top}/{names[12]} {r.randint(2, 9)}")[number % 4]
        lines = []
        for _ in range(r.randint(4, 12)):
            lines += r.choice(
                (["  " + " ".join(words(r, 3))], [""], ["\t "], [f"# {names[13]}"], ["x = 1  # one"], ["    # later"])
            )
        lines += ["", "# end", "end"]
        s.file(f"{folder}/{name}.{ending}", "\n".join(lines) + "\n")
        if ending in counts:
            counts[ending] += sum(1 for line in lines if line.strip() and not line.strip().startswith("#"))
    s.write("loc.txt", "\n".join(f"{ending} {count}" for ending, count in sorted(counts.items())))
    loop = f"for e in c py sh; do echo $e $(find {top} -type f -name \"*.$e\" -exec cat {{}} + | grep -cvE '^[[:space:]]*(#|$)'); done > loc.txt"
    return Job(
        f"Count the lines of code below ~/{top} (hidden directories too) in the files that end in .py, .c and .sh: lines that are not "
        "empty or just white space, and whose first other character is not #. Write ~/loc.txt with the lines 'c NUMBER', 'py NUMBER', "
        "'sh NUMBER' in this order.",
        [loop],
        {
            "all lines": [loop.replace("grep -cvE '^[[:space:]]*(#|$)'", "wc -l")],
            "blank ones too": [loop.replace("(#|$)", "#")],
            "comments too": [loop.replace("(#|$)", "$")],
            "every #": [loop.replace("'^[[:space:]]*(#|$)'", "'#|^[[:space:]]*$'")]
            if " # one" in "".join(s.text(p) for p in s.files(top) if p.endswith((".py", ".c", ".sh")))
            else [],
        },
    )
