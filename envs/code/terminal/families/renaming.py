"""Renaming: endings, letters, numbers, dates, tables of names."""

from textgym.envs.code.terminal.material import day, prose, words
from textgym.envs.code.terminal.scene import Catalogue, Job, Scene, python

CATALOGUE = Catalogue()


@CATALOGUE.add("change-ending", "rename", 1)
def _change_ending(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("docs", "chapters", "posts"))
    old, new = r.choice((("txt", "md"), ("jpeg", "jpg"), ("htm", "html"), ("yaml", "yml")))
    names = iter(words(r, 20))
    for folder in (top, f"{top}/{next(names)}", f"{top}/{next(names)} {r.randint(1, 9)}", f"{top}/.{next(names)}"):
        for middle in ("", f".{old}.v2", " b"):
            stem = f"{folder}/{next(names)}{middle}"
            s.move(s.file(f"{stem}.{old}", prose(r, 2)), f"{stem}.{new}")
        s.file(f"{folder}/{next(names)}.{old}x", prose(r, 1))
    return Job(
        f"Rename every file below ~/{top}, at any depth and in hidden directories too, from the ending .{old} to .{new}. "
        "Nothing else in the names changes.",
        [
            f"find {top} -type f -name '*.{old}' -print0 | while IFS= read -r -d '' f; do mv -- \"$f\" \"${{f%.{old}}}.{new}\"; done"
        ],
        {
            "only the top": [f'for f in {top}/*.{old}; do mv -- "$f" "${{f%.{old}}}.{new}"; done'],
            "the first match": [
                f"find {top} -type f -name '*.{old}' -print0 | while IFS= read -r -d '' f; do mv -- \"$f\" \"${{f/.{old}/.{new}}}\"; done"
            ],
            "broken at spaces": [
                f"for f in $(find {top} -name '*.{old}'); do mv $f ${{f%.{old}}}.{new}; done 2> /dev/null"
            ],
        },
    )


@CATALOGUE.add("lower-case-names", "rename", 2)
def _lower_case_names(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("Camera", "Scans", "Fonts"))
    names = iter(words(r, 20))
    for folder in (top, f"{top}/{next(names).title()}", f"{top}/{next(names).upper()} Old"):
        s.folder(folder)
        for form in (str.upper, str.title):
            name = (
                f"{form(next(names))}{r.choice((' ', '_', '-'))}{r.randint(10, 99)}.{r.choice(('JPG', 'Png', 'TXT'))}"
            )
            s.move(s.file(f"{folder}/{name}", prose(r, 1)), f"{folder}/{name.lower()}")
        s.file(f"{folder}/{next(names)}.txt", prose(r, 1))
    hidden = next(names).title()
    s.move(s.file(f"{top}/.{hidden}", prose(r, 1)), f"{top}/.{hidden.lower()}")
    return Job(
        f"Rename all files below ~/{top}, hidden ones too, so that their names are in lower case, endings included. The "
        "directories keep their names.",
        [
            f"find {top} -type f -name '*[A-Z]*' -print0 | while IFS= read -r -d '' f; do b=\"${{f##*/}}\"; mv -- \"$f\" "
            '"${f%/*}/${b,,}"; done'
        ],
        {
            "not the hidden": [
                f"find {top} -type f -name '[!.]*' -name '*[A-Z]*' -print0 | while IFS= read -r -d '' f; do b=\"${{f##*/}}\"; "
                'mv -- "$f" "${f%/*}/${b,,}"; done'
            ],
            "only the top": [
                f'cd {top}; for f in * .[!.]*; do [ -f "$f" ] && mv -- "$f" "${{f,,}}" 2> /dev/null; done; cd'
            ],
            "directories too": [
                python(
                    "import os",
                    f"for folder, _, names in os.walk('{top}', topdown=False):",
                    "    for name in os.listdir(folder): os.rename(os.path.join(folder, name), os.path.join(folder, name.lower()))",
                )
            ],
        },
    )


@CATALOGUE.add("number-files", "rename", 2)
def _number_files(s: Scene) -> Job:
    r = s.rng
    top, ending = r.choice(("slides", "tracks", "pages")), r.choice(("ogg", "svg", "txt"))
    names = [f"{name}.{ending}" for name in words(r, r.randint(11, 14))]
    names[0] = names[0].capitalize()
    names[1] = names[1].replace(".", f" {r.randint(2, 9)}.")
    for name in names:
        s.file(f"{top}/{name}", prose(r, 1))
    for place, name in enumerate(sorted(names), 1):
        s.move(f"{top}/{name}", f"{top}/{place:03d}-{name}")
    s.file(f"{top}/.order", "kept\n")
    number = 'i=0; export LC_ALL=C; for f in *.{e}; do i=$((i + 1)); mv -- "$f" "$(printf %03d {n})-$f"; done; cd'
    return Job(
        f"Put a number in front of each .{ending} file in ~/{top}: 001-, 002-, and so on, in the order of the names as sorted "
        "by bytes (LC_ALL=C, so capital letters come first).",
        [f"cd {top}", number.format(e=ending, n="$i")],
        {
            "from zero": [f"cd {top}; " + number.format(e=ending, n="$((i - 1))")],
            "capitals not first": [
                f"cd {top}; i=0; ls *.{ending} | sort -f | while IFS= read -r f; do i=$((i + 1)); "
                'mv -- "$f" "$(printf %03d $i)-$f"; done; cd'
            ]
            if sorted(names) != sorted(names, key=str.lower)
            else [],
            "two digits": [f"cd {top}; " + number.format(e=ending, n="$i").replace("%03d", "%02d")],
        },
    )


@CATALOGUE.add("spaces-to-underscores", "rename", 2)
def _spaces_to_underscores(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("music", "papers", "recipes"))
    names = iter(words(r, 24))
    inner = f"{next(names)} {next(names)}"
    inner_most = f"{inner}/{next(names)}  {next(names)}"
    for folder in (top, f"{top}/{inner}", f"{top}/{inner_most}"):
        for path in (f"{folder}/{next(names)} {next(names)} {next(names)}.txt", f"{folder}/{next(names)}.txt"):
            s.file(path, prose(r, 1))
    for folder in (f"{top}/{inner}", f"{top}/{inner_most}"):
        s.remove(folder)
        s.make(folder.replace(" ", "_"))
    for path in s.files(top):
        if " " in path:
            s.remove(path)
            s.copy(path, path.replace(" ", "_"))
    rename = 'mv -- "$f" "${f%/*}/$(basename -- "$f" | tr " " _)"'
    return Job(
        f"In the names of all files and directories below ~/{top}, at any depth, replace every space by an underscore.",
        [f"find {top} -depth -name '* *' -print0 | while IFS= read -r -d '' f; do {rename}; done"],
        {
            "files only": [
                f"find {top} -depth -type f -name '* *' -print0 | while IFS= read -r -d '' f; do {rename}; done"
            ],
            "one space each": [
                f"find {top} -depth -name '* *' -print0 | while IFS= read -r -d '' f; do b=\"${{f##*/}}\"; "
                'mv -- "$f" "${f%/*}/${b/ /_}"; done'
            ],
            "runs of spaces as one": [
                f"find {top} -depth -name '* *' -print0 | while IFS= read -r -d '' f; do {rename.replace('tr ', 'tr -s ')}; done"
            ],
        },
    )


@CATALOGUE.add("dates-in-names", "rename", 2)
def _dates_in_names(s: Scene) -> Job:
    r = s.rng
    top, prefix = r.choice(("photos", "scans", "clips")), r.choice(("IMG", "SCAN", "VID"))
    for number in range(r.randint(7, 11)):
        when = day(r).replace(day=r.randint(1, 12)) if number % 2 else day(r).replace(day=r.randint(13, 28))
        clock = f"{r.randint(0, 23):02d}{r.randint(0, 59):02d}{r.randint(0, 59):02d}"
        folder = top if number < 5 else f"{top}/more"
        name = f"{prefix}_{when:%d%m%Y}_{clock}.jpg"
        s.move(s.file(f"{folder}/{name}", prose(r, 1)), f"{folder}/{when:%Y-%m-%d}_{clock}.jpg")
    s.file(f"{top}/{prefix}_edited.jpg", prose(r, 1))
    s.file(f"{top}/{prefix}_{day(r):%d%m%Y}_000000.jpg.part", prose(r, 1))
    digits = "([0-9]{2})([0-9]{2})([0-9]{4})_([0-9]{6})"
    loop = (
        f'find {top} -type f | while IFS= read -r f; do b="${{f##*/}}"; if [[ $b =~ ^{prefix}_{digits}\\.jpg$ ]]; then mv "$f" '
        '"${f%/*}/ORDER"; fi; done'
    )
    right = "${BASH_REMATCH[3]}-${BASH_REMATCH[2]}-${BASH_REMATCH[1]}_${BASH_REMATCH[4]}.jpg"
    return Job(
        f"Files below ~/{top} (at any depth) that are named {prefix}_DDMMYYYY_HHMMSS.jpg (day, month, year, then the time) shall be "
        "named YYYY-MM-DD_HHMMSS.jpg instead, in the directories where they are. Others keep their names.",
        [loop.replace("ORDER", right)],
        {
            "day and month swapped": [
                loop.replace("ORDER", right.replace("[2]}-${BASH_REMATCH[1]", "[1]}-${BASH_REMATCH[2]"))
            ],
            "only the top": [loop.replace("-type f", "-maxdepth 1 -type f").replace("ORDER", right)],
            "the prefix kept": [loop.replace("ORDER", f"{prefix}_{right}")],
        },
    )


@CATALOGUE.add("swap-names", "rename", 1)
def _swap_names(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("etc", "themes", "keys"))
    one, other = words(r, 2)
    ending = r.choice((".conf", ".json", ""))
    first, second = (
        s.file(f"{top}/{name}{ending}", prose(r, 3), mode=r.choice((0o644, 0o640))) for name in (one, other)
    )
    s.file(f"{top}/{one}{ending}.bak", prose(r, 2))
    s.copy(first, second)
    s.copy(second, first)
    return Job(
        f"Swap the names of the two files {one}{ending} and {other}{ending} in ~/{top}.",
        [f"cd {top}", f"mv {one}{ending} swap && mv {other}{ending} {one}{ending} && mv swap {other}{ending}"],
        {
            "one is lost": [f"cd {top}; mv {one}{ending} {other}{ending}; cp {other}{ending} {one}{ending}"],
            "a copy is left": [
                f"cd {top}; cp {one}{ending} swap; cp {other}{ending} {one}{ending}; cp swap {other}{ending}"
            ],
        },
    )


@CATALOGUE.add("rename-by-table", "rename", 3)
def _rename_by_table(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("stations", "samples", "episodes"))
    old = [f"{name}.dat" for name in words(r, 9)]
    cycle, plain, missing = old[:4], old[4:7], old[7]
    new = [f"{name} {r.randint(1, 9)}.dat" for name in words(r, 20)[9:12]]
    for name in (*cycle, *plain, old[8]):
        s.file(f"{top}/{name}", prose(r, 2))
    table = [*zip(cycle, [*cycle[1:], cycle[0]], strict=True), *zip(plain, new, strict=True), (missing, "never.dat")]
    r.shuffle(table)
    s.file(f"{top}/names.csv", "old,new\n" + "".join(f"{a},{b}\n" for a, b in table))
    for name in plain:
        s.remove(f"{top}/{name}")
    for a, b in table:
        if a != missing:
            s.copy(f"{top}/{a}", f"{top}/{b}")
    loop = "tail -n +2 names.csv | while IFS=, read -r a b; do {}; done"
    return Job(
        f"The table ~/{top}/names.csv (columns old,new) says how the files in ~/{top} are to be renamed, all at once: a new name "
        "may be the old name of another file, which is then renamed too. Lines for files that do not exist are ignored.",
        [
            f"cd {top}; mkdir ../moving",
            loop.format('[ -f "$a" ] && mv -- "$a" "../moving/$b"'),
            "mv ../moving/* . && rmdir ../moving",
        ],
        {
            "one after the other": [f"cd {top}", loop.format('[ -f "$a" ] && mv -- "$a" "$b"')],
            "never over another": [f"cd {top}", loop.format('[ -f "$a" ] && mv -n -- "$a" "$b"')],
            "the first line missed": [
                f"cd {top}; mkdir ../moving; "
                + loop.replace("+2", "+3").format('[ -f "$a" ] && mv -- "$a" "../moving/$b"')
                + "; mv ../moving/* .; rmdir ../moving"
            ]
            if table[0][0] != missing
            else [],
        },
    )


@CATALOGUE.add("strip-copy-marks", "rename", 2)
def _strip_copy_marks(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("downloads-2024", "desk", "inbox"))
    names = words(r, 10)
    for number, name in enumerate(names[:5]):
        folder = top if number < 3 else f"{top}/{names[9]}"
        s.move(s.file(f"{folder}/{name} (copy).txt", prose(r, 1)), f"{folder}/{name}.txt")
    for name in names[5:7]:
        s.file(f"{top}/{name} (copy).txt", prose(r, 1))
        s.file(f"{top}/{name}.txt", prose(r, 1))
        s.remove(f"{top}/{name} (copy).txt")
    s.file(f"{top}/{names[7]} (copy) final.txt", prose(r, 1))
    loop = "find {} -type f -name '* (copy).txt' -print0 | while IFS= read -r -d '' f; do t=\"${{f% (copy).txt}}.txt\"; {}; done"
    return Job(
        f"Below ~/{top}, at any depth, there are files named like 'x (copy).txt'. Where no 'x.txt' is beside it, rename such a "
        "file to 'x.txt'; where there is one, delete the copy and leave 'x.txt' as it is.",
        [loop.format(top, 'if [ -e "$t" ]; then rm -- "$f"; else mv -- "$f" "$t"; fi')],
        {
            "written over": [loop.format(top, 'mv -f -- "$f" "$t"')],
            "the copies left": [loop.format(top, 'mv -n -- "$f" "$t"')],
            "all deleted": [loop.format(top, 'rm -- "$f"')],
        },
    )
