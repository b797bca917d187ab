"""Merging: what two lists or directories have in common, what differs, one made like the other."""

from textgym.envs.code.terminal.material import day, prose, seconds, words
from textgym.envs.code.terminal.scene import DAY, Catalogue, Job, Scene

CATALOGUE = Catalogue()


@CATALOGUE.add("only-in-first", "merge", 1)
def _only_in_first(s: Scene) -> Job:
    r = s.rng
    one, other = r.sample(("invited", "members", "2023", "2024", "wanted", "installed"), 2)
    pool = words(r, 24)
    both, left, right = pool[:8], pool[8:16], pool[16:]
    first = [*both, *left, left[0], f"{both[0]}x"]
    second = [*both, *right, left[1].upper(), f"{left[2]}s", left[3][:3]]
    r.shuffle(first)
    r.shuffle(second)
    s.file(f"{one}.txt", "\n".join(first) + "\n")
    s.file(f"{other}.txt", "\n".join(second) + "\n")
    s.write("only.txt", "\n".join(sorted(set(first) - set(second), key=str.encode)))
    sets = f"<(LC_ALL=C sort -u {one}.txt) <(LC_ALL=C sort -u {other}.txt) > only.txt"
    return Job(
        f"Write to ~/only.txt the lines of ~/{one}.txt that do not occur in ~/{other}.txt (as whole lines, capital letters count), each "
        "once, sorted by bytes (LC_ALL=C).",
        [f"LC_ALL=C comm -23 {sets}"],
        {
            "of the other": [f"LC_ALL=C comm -13 {sets}"],
            "parts of lines": [f"grep -vFf {other}.txt {one}.txt | LC_ALL=C sort -u > only.txt"],
            "any case": [f"grep -vixFf {other}.txt {one}.txt | LC_ALL=C sort -u > only.txt"],
            "twice": [f"grep -vxFf {other}.txt {one}.txt | LC_ALL=C sort > only.txt"],
        },
    )


@CATALOGUE.add("mirror-directory", "merge", 2)
def _mirror_directory(s: Scene) -> Job:
    r = s.rng
    source, target = r.choice((("site", "mirror"), ("work", "stick"), ("live", "standby")))
    names = words(r, 16)
    for number, name in enumerate(names[:9]):
        folder = ("", f"{names[9]}/", f".{names[10]}/")[number % 3]
        path = f"{folder}{name}{' 1' if number == 4 else ''}.txt"
        body = prose(r, 2)
        s.file(f"{source}/{path}", body)
        if number < 6:
            s.file(f"{target}/{path}", body if number < 3 else body[: len(body) // 2].ljust(len(body), "#"))
        if number >= 3:
            s.copy(f"{source}/{path}", f"{target}/{path}")
    s.remove(s.file(f"{target}/{names[11]}.txt", prose(r, 1)))
    s.remove(s.file(f"{target}/.{names[12]}", prose(r, 1)))
    s.file(f"{target}/{names[13]}/{names[14]}.txt", prose(r, 1))
    s.remove(f"{target}/{names[13]}")
    return Job(
        f"Make ~/{target} an exact mirror of ~/{source}: the same files with the same contents, hidden ones included, and nothing that "
        f"~/{source} does not have, no directory either. ~/{source} stays as it is.",
        [f"find {target} -mindepth 1 -delete && cp -a {source}/. {target}/"],
        {
            "nothing deleted": [f"cp -a {source}/. {target}/"],
            "not the hidden": [f"rm -rf {target}/*; cp -a {source}/* {target}/"],
            "missing files only": [
                f'cp -an {source}/. {target}/; cd {target}; find . -type f | while IFS= read -r f; do [ -e ../{source}/"$f" ] || rm -- "$f"; done; find . -type d -empty -delete'
            ],
            "one too deep": [f"find {target} -mindepth 1 -delete; cp -a {source} {target}/"],
        },
    )


@CATALOGUE.add("keep-newer", "merge", 3)
def _keep_newer(s: Scene) -> Job:
    r = s.rng
    one, other = r.choice((("laptop", "desktop"), ("alice", "bob"), ("left", "right")))
    names = words(r, 14)
    start = seconds(day(r))
    for number, name in enumerate(names[:10]):
        path = f"{('', names[10] + '/', names[11] + ' 2/')[number % 3]}{name}.md"
        size = r.randint(1, 4)
        times = (start + r.randint(0, 50) * DAY, start + r.randint(0, 50) * DAY)
        if times[0] == times[1] or number < 2:
            times = (start + number, start + DAY - number)
        if number in (2, 5):
            times = (start + 9 * DAY, start + 8 * DAY)
        places = (one, other) if number < 7 else ((one,), (other,))[number % 2]
        for place in places:
            time = times[0] if place == one else times[1]
            s.file(f"{place}/{path}", prose(r, size if place == one else 5 - size), mtime=time)
        chosen = places[0] if len(places) == 1 else one if times[0] > times[1] else other
        s.copy(f"{chosen}/{path}", f"merged/{path}", mtime=s.tree[f"{chosen}/{path}"].mtime)
    return Job(
        f"Merge ~/{one} and ~/{other} into a new directory ~/merged: every file that is in either, at the same path; where both have "
        "it, the one that was modified later. The files keep their times of modification. The two directories stay.",
        [f"cp -a {one} merged", f"cp -au {other}/. merged/"],
        {
            "the second wins": [f"cp -a {one} merged; cp -a {other}/. merged/"],
            "the first wins": [f"cp -a {one} merged; cp -an {other}/. merged/"],
            "times lost": [f"cp -a {one} merged; cp -au {other}/. merged/; find merged -type f -exec touch {{}} +"],
            "into the first": [f"cp -au {other}/. {one}/; cp -a {one} merged"],
        },
    )


@CATALOGUE.add("compare-directories", "merge", 2)
def _compare_directories(s: Scene) -> Job:
    r = s.rng
    names = words(r, 16)
    report = []
    for number, name in enumerate(names[:12]):
        path = f"{('', names[12] + '/', '.' + names[13] + '/')[number % 3]}{name}{' 7' if number == 5 else ''}.cfg"
        body = prose(r, 2)
        kind = ("same", "differ", "left", "right", "same", "differ")[number % 6]
        time = seconds(day(r))
        if kind != "right":
            s.file(f"left/{path}", body, mtime=time + r.choice((60, 3600)))
        if kind != "left":
            s.file(f"right/{path}", body if kind != "differ" else body[:-2] + "#\n", mtime=time)
        if kind != "same":
            report.append(f"{kind} {path}")
    s.write("report.txt", "\n".join(sorted(report, key=str.encode)))
    listed = "(cd left; find . -type f -printf '%P\\n'; cd ../right; find . -type f -printf '%P\\n') | LC_ALL=C sort -u"
    judge = (
        'while IFS= read -r f; do if [ ! -e "right/$f" ]; then echo "left $f"; elif [ ! -e "left/$f" ]; then echo "right $f"; '
        'elif ! cmp -s "left/$f" "right/$f"; then echo "differ $f"; fi; done | LC_ALL=C sort > report.txt'
    )
    return Job(
        "Compare the directories ~/left and ~/right, hidden directories included, by the contents of the files. Write ~/report.txt: "
        "'left PATH' for a file only in left, 'right PATH' for one only in right, 'differ PATH' where the contents differ; paths relative "
        "to the two, sorted by bytes (LC_ALL=C).",
        [f"{listed} | {judge}"],
        {
            "as diff says it": ["diff -rq left right | LC_ALL=C sort > report.txt"],
            "by time": [f"{listed} | {judge}".replace('! cmp -s "left/$f" "right/$f"', '[ "left/$f" -nt "right/$f" ]')],
            "by size": [
                f"{listed} | {judge}".replace(
                    '! cmp -s "left/$f" "right/$f"', '[ $(stat -c %s "left/$f") != $(stat -c %s "right/$f") ]'
                )
            ],
            "no hidden": [f"{listed.replace('find .', 'find *').replace('%P', '%p')} | {judge}"],
        },
    )


@CATALOGUE.add("merge-sorted-records", "merge", 2)
def _merge_sorted_records(s: Scene) -> Job:
    r = s.rng
    names = words(r, 18)
    keys = [*sorted(r.sample(range(100, 999), 14)), 1005, 1010]
    old = dict(zip(keys[:11], names, strict=False))
    new = dict(zip(keys[7:], names[9:], strict=False))
    del old[keys[1]]
    removed = keys[3]
    lines_old, lines_new = ([f"{key} {name}" for key, name in table.items()] for table in (old, new))
    r.shuffle(lines_new)
    s.file("base.txt", "\n".join(lines_old) + "\n")
    s.file("update.txt", "\n".join([*lines_new, f"{removed} -"]) + "\n")
    whole = {**old, **new}
    del whole[removed]
    s.rewrite("base.txt", "\n".join(f"{key} {whole[key]}" for key in sorted(whole)) + "\n", "text")
    join = "awk '{}' base.txt update.txt | sort -n > /tmp/x; cat /tmp/x > base.txt"
    body = '{ v[$1] = $2 } END { for (k in v) if (v[k] != "-") print k, v[k] }'
    return Job(
        "Lines of ~/base.txt are 'KEY NAME'. Apply ~/update.txt to it in place: a line there replaces the one with the same key or is "
        "new; the name - means that the key is removed. Sort the result by key, as numbers. update.txt stays.",
        [join.replace("{}", body)],
        {
            "appended": [join.replace("{}", "{ print }")],
            "the old ones win": [join.replace("{}", "!($1 in v) " + body)],
            "sorted as text": [join.replace("{}", body).replace("sort -n", "LC_ALL=C sort")],
            "removed keys left": [join.replace("{}", body.replace(' if (v[k] != "-")', ""))],
        },
    )
