"""Layout: trees sorted into other trees."""

from textgym.envs.code.terminal.material import day, people, prose, seconds, words
from textgym.envs.code.terminal.scene import Catalogue, Job, Scene

CATALOGUE = Catalogue()


@CATALOGUE.add("sort-by-ending", "layout", 2)
def _sort_by_ending(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("downloads-new", "drop", "unsorted"))
    names = words(r, 16)
    for number, name in enumerate(names[:11]):
        ending = ("pdf", "PNG", "txt", "tar.gz", "", "png")[number % 6]
        file_name = f"{name}{' 2' if number == 3 else ''}{'.' + ending if ending else ''}"
        path = s.file(f"{top}/{file_name}", prose(r, 1))
        s.move(path, f"{top}/{ending.rpartition('.')[2].lower() or 'other'}/{file_name}")
    s.file(f"{top}/.{names[11]}.txt", prose(r, 1))
    s.file(f"{top}/{names[12]}/{names[13]}.txt", prose(r, 1))
    loop = (
        'for f in *; do [ -f "$f" ] || continue; case "$f" in *.*) d="${f##*.}"; d="${d,,}";; *) d=other;; esac; mkdir -p "$d"; '
        'mv -- "$f" "$d/"; done'
    )
    return Job(
        f"Sort the files directly in ~/{top} into directories inside it that are named by what follows the last dot of the name, in "
        "lower case (x.PNG goes to png/x.PNG); names without a dot go to other/. Hidden files and files in directories stay.",
        [f"cd {top}", loop],
        {
            "capitals kept": [f"cd {top}", loop.replace('d="${d,,}"', ":")],
            "the first dot": [f"cd {top}", loop.replace("##*.", "#*.")],
            "hidden ones too": [f"cd {top}", "shopt -s dotglob; " + loop],
            "copies": [f"cd {top}", loop.replace("mv --", "cp --")],
        },
    )


@CATALOGUE.add("sort-by-month", "layout", 2)
def _sort_by_month(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("camera", "voice", "receipts"))
    for number, name in enumerate(words(r, r.randint(9, 14))):
        when = day(r, 2021 + number % 3).replace(day=r.randint(2, 27))
        if number == 0:
            when = when.replace(month=2)
        time = seconds(when, r.randint(0, 23), r.randint(0, 59))
        path = s.file(f"{top}/{name}{' b' if number == 2 else ''}.jpg", prose(r, 1), mtime=time)
        s.move(path, f"{top}/{when:%Y}/{when:%m}/{path.rpartition('/')[2]}", mtime=time)
    loop = 'for f in *.jpg; do d=$(date -u -r "$f" +%Y/%m); mkdir -p $d; {} -- "$f" $d/; done'
    return Job(
        f"Move each .jpg file in ~/{top} to ~/{top}/YYYY/MM/ according to the month (UTC) in which it was last modified. The names and "
        "the times of modification stay.",
        [f"cd {top}", loop.format("mv")],
        {
            "months without zero": [f"cd {top}", loop.format("mv").replace("%m", "%-m")],
            "in one layer": [f"cd {top}", loop.format("mv").replace("%Y/%m", "%Y-%m")],
            "times lost": [f"cd {top}", loop.format("cp"), "rm *.jpg"],
            "by year": [f"cd {top}", loop.format("mv").replace("%Y/%m", "%Y")],
        },
    )


@CATALOGUE.add("flatten-tree", "layout", 3)
def _flatten_tree(s: Scene) -> Job:
    r = s.rng
    top, goal = r.choice((("album", "flat"), ("corpus", "all"), ("tree", "leaves")))
    names = words(r, 12)
    folders = ["", f"{names[0]}/", f"{names[0]}/{names[1]}/", f"{names[2]} {r.randint(2, 9)}/", f".{names[3]}/"]
    for number, folder in enumerate(folders):
        for name in (names[4], names[5 + number]):
            path = s.file(f"{top}/{folder}{name}.txt", prose(r, 1))
            s.copy(path, f"{goal}/{folder.replace('/', '__')}{name}.txt")
    loop = f'cd {top}; find . -type f -printf \'%P\\n\' | while IFS= read -r f; do cp -- "$f" "../{goal}/${{f//\\//__}}"; done'
    return Job(
        f"Copy all files below ~/{top} (hidden directories too) into a new directory ~/{goal}, all directly in it. The new name is the "
        f"path relative to ~/{top} with each / replaced by two underscores: a/b/c.txt becomes a__b__c.txt. ~/{top} stays.",
        [f"mkdir {goal}", loop],
        {
            "names only": [f"mkdir {goal}", loop.replace("${f//\\//__}", "${f##*/}")],
            "one underscore": [f"mkdir {goal}", loop.replace("__", "_")],
            "the first slash": [f"mkdir {goal}", loop.replace("${f//", "${f/")],
            "moved": [f"mkdir {goal}", loop.replace("cp --", "mv --")],
        },
    )


@CATALOGUE.add("build-from-outline", "layout", 2)
def _build_from_outline(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("course", "service", "book"))
    names = iter(words(r, 40))
    lines = [f"# layout of {top}", ""]
    for _ in range(r.randint(3, 4)):
        folder = f"{next(names)}{r.choice(('', ' ' + str(r.randint(2, 9))))}"
        lines.append(f"{folder}/")
        s.make(f"{top}/{folder}")
        for _ in range(r.randint(1, 3)):
            file_name, text = f"{next(names)}.md", next(names)
            lines.append(f"{folder}/{file_name}\t{text}")
            s.write(f"{top}/{folder}/{file_name}", text)
        inner = f"{folder}/{next(names)}/{next(names)}/"
        lines.append(inner)
        s.make(f"{top}/{inner[:-1]}")
    lines.append(f"{next(names)}.txt\tempty")
    s.write(f"{top}/{lines[-1].partition(chr(9))[0]}", "empty")
    s.file("outline.txt", "\n".join(lines) + "\n")
    loop = (
        "grep -vE '^(#|$)' outline.txt | while IFS=$'\\t' read -r path text; do case \"$path\" in */) mkdir -p \"TOP/$path\";; *) "
        'mkdir -p "$(dirname -- "TOP/$path")"; printf \'%s\\n\' "$text" > "TOP/$path";; esac; done'
    ).replace("TOP", top)
    return Job(
        f"Build the tree that ~/outline.txt describes in a new directory ~/{top}. A line that ends in / is a directory; any other is a "
        "file, followed by a tab and the one line of text that it holds. Lines that begin with # and empty lines mean nothing.",
        [loop],
        {
            "empty files": [loop.replace("printf '%s\\n' \"$text\" >", ": >")],
            "files only": [loop.replace(f'mkdir -p "{top}/$path"', ":")],
            "in the wrong place": [loop.replace(f"{top}/$path", "./$path")],
        },
    )


@CATALOGUE.add("file-by-owner", "layout", 2)
def _file_by_owner(s: Scene) -> Job:
    r = s.rng
    names = words(r, 14)
    owners = [name.split()[1].lower() for name in people(r, 4)]
    rows = []
    for number, name in enumerate(names[:11]):
        file_name = f"{name}{' 3' if number == 2 else ''}.txt"
        s.file(f"scans/{file_name}", prose(r, 1))
        if number != 7:
            owner = owners[number % len(owners)]
            rows.append(f"{file_name},{owner}")
            s.move(f"scans/{file_name}", f"people/{owner}/{file_name}")
        else:
            s.move(f"scans/{file_name}", f"people/nobody/{file_name}")
    rows.append(f"{names[11]}.txt,{owners[0]}")
    r.shuffle(rows)
    s.file("owners.csv", "file,owner\n" + "\n".join(rows) + "\n")
    loop = 'tail -n +2 owners.csv | while IFS=, read -r f o; do [ -f "scans/$f" ] || continue; mkdir -p "people/$o"; mv -- "scans/$f" "people/$o/"; done'
    rest = "mkdir -p people/nobody; mv scans/* people/nobody/"
    return Job(
        "~/owners.csv (columns file,owner) says to whom the files in ~/scans belong. Move each to ~/people/OWNER/. Files that the table "
        "does not have go to ~/people/nobody/; lines for files that do not exist are ignored. ~/scans stays, empty.",
        [loop, rest],
        {
            "the rest left": [loop],
            "broken at spaces": [
                loop.replace('"scans/$f" "', 'scans/$f "').replace('[ -f "scans/$f" ] || continue;', ""),
                rest,
            ],
            "scans removed": [loop, rest, "rmdir scans"],
            "the first line missed": [loop.replace("+2", "+3"), rest]
            if rows[0].split(",")[0] != f"{names[11]}.txt"
            else [],
        },
    )
