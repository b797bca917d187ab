"""Duplicates and checksums: equal contents, sums that fit, what changed."""

import hashlib

from textgym.envs.code.terminal.material import prose, words
from textgym.envs.code.terminal.scene import Catalogue, Job, Scene

CATALOGUE = Catalogue()


def _sum(text: str, kind: str) -> str:
    return hashlib.new(kind, text.encode(), usedforsecurity=False).hexdigest()


@CATALOGUE.add("remove-duplicates", "duplicates", 3)
def _remove_duplicates(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("photos", "papers", "samples"))
    names = words(r, 30)
    folders = [top, f"{top}/{names[0]}", f"{top}/{names[1]} {r.randint(2, 9)}", f"{top}/.{names[2]}"]
    groups: dict[str, list[str]] = {}
    for number, count in enumerate((3, 2, 2, 1, 1, 1)):
        body = prose(r, 3)
        body = body if number < 4 else body[:20].ljust(20, "x")
        groups[body] = [
            s.file(f"{folders[(number + copy) % 4]}/{names[3 + number * 3 + copy]}.jpg", body) for copy in range(count)
        ]
    twin = next(iter(groups.values()))[0].rpartition("/")[2]
    for folder in folders:
        if f"{folder}/{twin}" not in s.tree:
            groups[f"other {folder}\n"] = [s.file(f"{folder}/{twin}", f"other {folder}\n")]
    for paths in groups.values():
        for path in sorted(paths, key=lambda path: path.encode())[1:]:
            s.remove(path)
    sums = f"find {top} -type f -exec md5sum {{}} +"
    rid = "| awk '{ h = substr($0, 1, 32); f = substr($0, 35); if (seen[h]++) print f }' | while IFS= read -r f; do rm -- \"$f\"; done"
    return Job(
        f"Some files below ~/{top} (hidden directories too) have the same contents as others. Of each group of equal files keep the one "
        "whose path comes first in byte order (LC_ALL=C sort of the paths), and delete the others. Names do not matter, directories "
        "stay.",
        [f"{sums} | LC_ALL=C sort -k 2 {rid}"],
        {
            "the last one kept": [f"{sums} | LC_ALL=C sort -r -k 2 {rid}"],
            "equal names": [
                f"find {top} -type f -printf '%f/%p\\n' | LC_ALL=C sort | awk -F/ 'seen[$1]++' | sed 's|^[^/]*/||' | while IFS= read -r f; do rm -- \"$f\"; done"
            ],
            "equal sizes": [
                f"find {top} -type f -printf '%s %p\\n' | LC_ALL=C sort -k 2 | awk 'seen[$1]++' | cut -d' ' -f 2- | while IFS= read -r f; do rm -- \"$f\"; done"
            ],
            "no hidden": [
                f"{sums.replace('-type f', '-type f -not -path ' + chr(39) + '*/.*' + chr(39))} | LC_ALL=C sort -k 2 {rid}"
            ],
        },
    )


@CATALOGUE.add("verify-sums", "checksums", 2)
def _verify_sums(s: Scene) -> Job:
    r = s.rng
    top, kind = r.choice(("mirror", "delivery", "iso")), r.choice(("sha256", "md5", "sha1"))
    names = words(r, 12)
    lines, bad = [], []
    for number, name in enumerate(names[:10]):
        path = f"{('', names[10] + '/')[number % 2]}{name}{' 1' if number == 3 else ''}.dat"
        body = prose(r, 2)
        lines.append(f"{_sum(body, kind)}  {path}")
        if number in (2, 3, 7):
            s.file(f"{top}/{path}", body[:-3] + r.choice("xyz") * 2 + "\n")
            bad.append(path)
        elif number in (5,):
            bad.append(path)
        else:
            s.file(f"{top}/{path}", body)
    s.file(f"{top}/{names[11]}.dat", prose(r, 1))
    r.shuffle(lines)
    s.file(f"{top}/SUMS", "\n".join(lines) + "\n")
    s.write("bad.txt", "\n".join(sorted(bad, key=str.encode)))
    check = f"cd {top}; {kind}sum -c SUMS 2> /dev/null"
    return Job(
        f"~/{top}/SUMS lists {kind} sums of files, with paths relative to ~/{top}. Write the paths of those that do not fit or do not "
        "exist to ~/bad.txt, as they stand in SUMS, sorted by bytes (LC_ALL=C). Files that are not listed do not matter.",
        [f"{check} | grep ': FAILED' | sed 's/: FAILED.*//' | LC_ALL=C sort > ~/bad.txt"],
        {
            "the missing left out": [f"{check} | grep ': FAILED$' | sed 's/: FAILED.*//' | LC_ALL=C sort > ~/bad.txt"],
            "the good ones": [f"{check} | grep ': OK' | sed 's/: OK//' | LC_ALL=C sort > ~/bad.txt"],
            "the unlisted too": [
                f"{check} | grep ': FAILED' | sed 's/: FAILED.*//' > /tmp/x; echo {names[11]}.dat >> /tmp/x; LC_ALL=C sort /tmp/x > ~/bad.txt"
            ],
            "with the verdict": [f"{check} | grep ': FAILED' | LC_ALL=C sort > ~/bad.txt"],
        },
    )


@CATALOGUE.add("write-sums", "checksums", 1)
def _write_sums(s: Scene) -> Job:
    r = s.rng
    top, kind = r.choice(("release", "dist", "handover")), r.choice(("sha256", "md5", "sha1"))
    names = words(r, 10)
    for number, name in enumerate(names[:7]):
        folder = (top, f"{top}/{names[7]}", f"{top}/.{names[8]}")[number % 3]
        s.file(f"{folder}/{name}{' 1' if number == 4 else ''}.bin", prose(r, 2))
    paths = sorted((path[len(top) + 1 :] for path in s.files(top)), key=str.encode)
    s.write(f"{top}/SUMS", "".join(f"{_sum(s.text(f'{top}/{path}'), kind)}  {path}\n" for path in paths))
    sums = "find . -type f ! -name SUMS -printf '%P\\n' | LC_ALL=C sort | while IFS= read -r f; do {}sum -- \"$f\"; done > /tmp/x; mv /tmp/x SUMS"
    return Job(
        f"Write ~/{top}/SUMS: a line for each file below ~/{top} (hidden directories too, SUMS itself not) as the program {kind}sum "
        f"writes it, with paths relative to ~/{top} and without ./ in front, sorted by path in byte order (LC_ALL=C).",
        [f"cd {top}", sums.format(kind)],
        {
            "another sum": [f"cd {top}; {sums.format('sha256' if kind != 'sha256' else 'md5')}"],
            "sorted by sum": [f"cd {top}; {sums.format(kind).replace('> /tmp/x;', '| sort > /tmp/x;')}"],
            "./ in front": [f"cd {top}; {sums.format(kind).replace('%P', './%P')}"],
            "no hidden": [f"cd {top}; {sums.format(kind).replace('find .', 'find *')}"],
        },
    )


@CATALOGUE.add("what-changed", "checksums", 3)
def _what_changed(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("etc", "site", "firmware"))
    names = words(r, 14)
    manifest, report = [], []
    for number, name in enumerate(names[:12]):
        path = f"{('', names[12] + '/', '.' + names[13] + '/')[number % 3]}{name}{' x' if number == 4 else ''}"
        body = prose(r, 2)
        state = ("same", "changed", "removed", "added", "same", "same")[number % 6] if number != 4 else "changed"
        if state != "added":
            manifest.append(f"{_sum(body, 'sha256')}  {path}")
        if state != "removed":
            s.file(f"{top}/{path}", f"{body}more\n" if state == "changed" else body)
        if state != "same":
            report.append(f"{state} {path}")
    s.file("manifest.sha256", "\n".join(manifest) + "\n")
    s.write("changes.txt", "\n".join(sorted(report, key=str.encode)))
    now = f"(cd {top}; find . -type f -printf '%P\\n' | while IFS= read -r f; do sha256sum -- \"$f\"; done) > /tmp/n"
    join = (
        'awk \'NR == FNR { old[substr($0, 67)] = $1; next } { f = substr($0, 67); if (!(f in old)) print "added " f; else if (old[f] != $1) '
        'print "changed " f; delete old[f] } END { for (f in old) print "removed " f }\' manifest.sha256 /tmp/n | LC_ALL=C sort > changes.txt'
    )
    return Job(
        f"~/manifest.sha256 holds the sha256 sums of the files that were once below ~/{top} (hidden directories included), with paths "
        f"relative to it. Compare with what is there now, and write ~/changes.txt: lines 'added PATH', 'changed PATH' and 'removed PATH', sorted "
        "in byte order (LC_ALL=C).",
        [f"{now}; {join}"],
        {
            "the removed missing": [f"{now}; {join.replace('removed', 'x')}; sed -i '/^x /d' changes.txt"],
            "the added missing": [f"{now}; {join}; sed -i '/^added /d' changes.txt"],
            "no hidden": [f"{now.replace('find .', 'find *').replace('%P', '%p')}; {join}"],
            "old and new exchanged": [f"{now}; {join.replace('manifest.sha256 /tmp/n', '/tmp/n manifest.sha256')}"],  # noqa: S108 (in the sandbox)
        },
    )
