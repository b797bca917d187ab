"""Finding: which files there are, by name, contents, size, age, place."""

from datetime import timedelta

from textgym.envs.code.terminal.material import day, prose, seconds, words
from textgym.envs.code.terminal.scene import DAY, Catalogue, Job, Scene

CATALOGUE = Catalogue()


def _forest(s: Scene, top: str, depth: int = 3) -> list[str]:
    """Directories below `top`, some with a space in their names, one hidden; the first is `top` itself."""
    r = s.rng
    folders = [s.folder(top)]
    for name in words(r, 5):
        parent = r.choice([folder for folder in folders if folder.count("/") < depth])
        folders.append(s.folder(f"{parent}/{name}{r.choice(('', '', f' {r.randint(2, 9)}'))}"))
    return [*folders, s.folder(f"{top}/.{words(r, 1)[0]}")]


@CATALOGUE.add("count-files-by-ending", "find", 1)
def _count_files_by_ending(s: Scene) -> Job:
    r = s.rng
    top, ending = r.choice(("srv", "data", "export", "work")), r.choice(("log", "csv", "txt", "dat"))
    folders = _forest(s, top)
    names = iter(words(r, 60))
    for folder in [*folders, *folders[:1]]:
        for _ in range(r.randint(1, 3)):
            s.file(f"{folder}/{next(names)}.{ending}", prose(r, 1))
        s.file(f"{folder}/{next(names)}.{ending}{r.choice(('.bak', '.old', 'x'))}", prose(r, 1))
    s.file(f"{top}/.{next(names)}.{ending}", "")
    s.folder(f"{top}/{next(names)}.{ending}")
    s.file(f"{top}/{next(names)}.{ending.upper()}", "")
    s.write("answer.txt", len(s.files(top, f".{ending}")), "number")
    found = f"find {top} -name '*.{ending}'"
    return Job(
        f"Count the regular files anywhere below ~/{top}, hidden ones included, whose names end in .{ending} exactly (in lower "
        "case). Write the number to ~/answer.txt.",
        [f"{found} -type f | wc -l > answer.txt"],
        {
            "directories as well": [f"{found} | wc -l > answer.txt"],
            "only the top": [f"ls {top}/*.{ending} -d | wc -l > answer.txt"],
            "any case": [f"find {top} -iname '*.{ending}' -type f | wc -l > answer.txt"],
            "without hidden ones": [f"{found} -type f -not -path '*/.*' | wc -l > answer.txt"],
            "one more": [f"echo $(( $({found} -type f | wc -l) + 1 )) > answer.txt"],
        },
    )


@CATALOGUE.add("largest-file", "find", 1)
def _largest_file(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("media", "backup", "uploads"))
    folders = _forest(s, top)
    names = words(r, 14)
    sizes = r.sample(range(100, 900), 13)
    for name, size in zip(names, sorted(sizes)[:-1], strict=False):
        s.file(f"{r.choice(folders[:-1])}/{name}.bin", b"x" * size)
    s.file(f"{top}/{names[12]}.bin", b"x" * (max(sizes) + 1))
    winner = s.file(f"{folders[-1]}/{names[13]} {r.randint(1, 9)}.bin", b"x" * (max(sizes) + 7))
    s.write("answer.txt", winner)
    return Job(
        f"Find the largest file below ~/{top}, in bytes; hidden directories count. Write its path relative to your home "
        f"directory (it begins with {top}/) to ~/answer.txt.",
        [f"find {top} -type f -printf '%s\\t%p\\n' | sort -n | tail -n 1 | cut -f 2 > answer.txt"],
        {
            "no hidden directories": [
                f"find {top} -type f -not -path '*/.*' -printf '%s\\t%p\\n' | sort -n | tail -n 1 | cut -f 2 > answer.txt"
            ],
            "cut at the space": [
                f"find {top} -type f -printf '%s %p\\n' | sort -n | tail -n 1 | cut -d' ' -f 2 > answer.txt"
            ],
            "the smallest": [f"find {top} -type f -printf '%s\\t%p\\n' | sort -n | head -n 1 | cut -f 2 > answer.txt"],
        },
    )


@CATALOGUE.add("files-with-word", "find", 2)
def _files_with_word(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("notes", "docs", "wiki"))
    word, *names = words(r, 16)
    folders = _forest(s, top)
    hits = []
    for number, name in enumerate(names):
        path = f"{folders[number % len(folders)]}/{name}.md"
        kind = number % 4
        body = prose(r, r.randint(1, 4)).replace(word, "xylem")
        line = (f"see {word}, below", f"{word}s and more", f"{word.upper()} is loud", f"un{word}ed")[kind]
        s.file(path, f"{body}{line}\n{prose(r, 1).replace(word, 'xylem')}")
        hits += [path] if kind == 0 else []
    top_hit = s.file(f"{top}/.{word}", f"{word}\n")
    hits.append(top_hit)
    s.write("matches.txt", "\n".join(sorted(hits)), "lines")
    return Job(
        f"Which files below ~/{top} (hidden ones too) contain '{word}' as a whole word, in lower case? Letters, digits and "
        f"underscores make a word. Write their paths to ~/matches.txt, one a line, each beginning with {top}/; order does "
        "not matter.",
        [f"grep -rlw {word} {top} > matches.txt"],
        {
            "any case": [f"grep -rliw {word} {top} > matches.txt"],
            "parts of words": [f"grep -rl {word} {top} > matches.txt"],
            "only the top": [f"grep -lw {word} {top}/* > matches.txt 2> /dev/null"],
        },
    )


@CATALOGUE.add("newest-file", "find", 1)
def _newest_file(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("inbox", "scans", "reports"))
    folders = _forest(s, top)
    first = seconds(day(r, 2022))
    times = sorted(r.sample(range(first, first + 300 * DAY), 12))
    names = words(r, 12)
    for name, time in zip(names, times, strict=False):
        s.file(f"{r.choice(folders)}/{name}.pdf", prose(r, 1), mtime=time)
    newest = s.file(f"{folders[-1]}/aa {r.randint(10, 99)}.pdf", prose(r, 1), mtime=first + 301 * DAY)
    s.write("answer.txt", newest.rpartition("/")[2])
    return Job(
        f"Which file below ~/{top}, at any depth and hidden directories included, was modified last? Write its name, without "
        "the directories, to ~/answer.txt.",
        [f"find {top} -type f -printf '%T@\\t%f\\n' | sort -n | tail -n 1 | cut -f 2 > answer.txt"],
        {
            "the oldest": [f"find {top} -type f -printf '%T@\\t%f\\n' | sort -n | head -n 1 | cut -f 2 > answer.txt"],
            "the last by name": [f"find {top} -type f -printf '%f\\n' | sort | tail -n 1 > answer.txt"],
            "not the hidden": [
                f"find {top} -type f -not -path '*/.*' -printf '%T@\\t%f\\n' | sort -n | tail -n 1 | cut -f 2 > answer.txt"
            ],
        },
    )


@CATALOGUE.add("remove-empty-directories", "find", 2)
def _remove_empty_directories(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("projects", "shared", "photos"))
    full = _forest(s, top)
    for folder in full:
        s.file(f"{folder}/{words(r, 1)[0]}.txt", r.choice(("", prose(r, 1))))
    s.file(f"{top}/empty.txt", "")
    tops = [f"{r.choice(full)}/empty-{number}" for number in range(3)]
    for number, folder in enumerate(tops):
        s.folder(f"{folder}/deeper {number}/deepest" if number else folder)
        s.remove(folder)
    return Job(
        f"Remove every directory below ~/{top} that holds no file, neither itself nor in any directory inside it. Files stay, "
        "empty ones as well.",
        [f"find {top} -mindepth 1 -depth -type d -empty -delete"],
        {
            "one layer": [f"find {top} -mindepth 1 -type d -empty -exec rmdir {{}} + 2> /dev/null"],
            "files as well": [f"find {top} -mindepth 1 -depth -empty -delete"],
        },
    )


@CATALOGUE.add("modified-between", "find", 2)
def _modified_between(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("invoices", "journal", "samples"))
    folders = _forest(s, top)
    start = day(r, 2023)
    first, end = seconds(start, 0), seconds(start, 0) + 14 * DAY
    names = words(r, 14)
    times = [first - 1, first, end - 1, end, *(r.randint(first - 30 * DAY, end + 30 * DAY) for _ in range(9))]
    inside = []
    for name, time in zip(names, times, strict=False):
        path = s.file(f"{r.choice(folders)}/{name}.txt", prose(r, 1), mtime=time)
        inside += [path] if first <= time < end else []
    last = (start + timedelta(days=14)).isoformat()
    s.write("found.txt", "\n".join(inside), "lines")
    between = f"find {top} -type f -newermt @{{}} ! -newermt @{{}} > found.txt"
    return Job(
        f"List the files below ~/{top} (hidden directories too) that were last modified from {start} 00:00:00 on and before "
        f"{last} 00:00:00, in UTC. Write their paths to ~/found.txt, one a line, each beginning with {top}/; order does not "
        "matter.",
        [between.format(first - 1, end - 1)],
        {
            "the first second missing": [between.format(first, end - 1)],
            "the last day missing": [between.format(first - 1, end - 1 - DAY)],
            "a second too many": [between.format(first - 1, end)],
            "no end": [between.partition(" ! ")[0].format(first - 1) + " > found.txt"],
        },
    )


@CATALOGUE.add("move-large-files", "find", 2)
def _move_large_files(s: Scene) -> Job:
    r = s.rng
    top, limit = r.choice(("cache", "render", "dump")), r.randint(3, 9) * 100
    folders = _forest(s, top)
    names = iter(words(r, 16))
    sizes = [
        limit,
        limit + 1,
        limit - 1,
        limit + r.randint(2, 400),
        *(r.randint(limit - 300, limit + 600) for _ in range(6)),
    ]
    for size in sizes:
        path = s.file(f"{r.choice(folders)}/{next(names)}.raw", b"." * size)
        if size > limit:
            s.move(path, f"large/{path.rpartition('/')[2]}")
    hidden = s.file(f"{folders[-1]}/{next(names)} {r.randint(1, 9)}.raw", b"." * (limit + 5))
    s.move(hidden, f"large/{hidden.rpartition('/')[2]}")
    s.make("large")
    return Job(
        f"Make the directory ~/large and move into it (flat) every file below ~/{top}, hidden directories included, that has "
        f"more than {limit} bytes. A file of exactly {limit} bytes stays. All names differ.",
        ["mkdir large", f"find {top} -type f -size +{limit}c -exec mv -t large {{}} +"],
        {
            "that many as well": ["mkdir large", f"find {top} -type f -size +{limit - 1}c -exec mv -t large {{}} +"],
            "copies": ["mkdir large", f"find {top} -type f -size +{limit}c -exec cp -t large {{}} +"],
            "blocks": ["mkdir large", f"find {top} -type f -size +{limit // 512} -exec mv -t large {{}} +"],
            "broken at spaces": ["mkdir large", f"mv $(find {top} -type f -size +{limit}c) large 2> /dev/null"],
        },
    )


@CATALOGUE.add("names-in-two-places", "find", 2)
def _names_in_two_places(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("modules", "library", "assets"))
    folders = _forest(s, top)
    common = [f"{name}.{r.choice(('txt', 'cfg'))}" for name in words(r, 4)]
    common[0] = common[0].replace(".", " b.", 1)
    for name in common:
        for folder in r.sample(folders, r.randint(2, 3)):
            s.file(f"{folder}/{name}", prose(r, 1))
    same = prose(r, 2)
    for number, name in enumerate(words(r, 8)):
        if f"{name}.txt" not in common and f"{name}.cfg" not in common:
            s.file(f"{r.choice(folders)}/{name}.dat", same if number < 3 else prose(r, 1))
    s.write("answer.txt", "\n".join(sorted(common)))
    return Job(
        f"Some file names occur in more than one directory below ~/{top} (that directory and hidden ones included). Write those "
        "names, without directories, to ~/answer.txt: one a line, each once, sorted by bytes (LC_ALL=C).",
        [f"find {top} -type f -printf '%f\\n' | LC_ALL=C sort | uniq -d > answer.txt"],
        {
            "all names": [f"find {top} -type f -printf '%f\\n' | LC_ALL=C sort -u > answer.txt"],
            "by contents": [
                f"find {top} -type f -exec md5sum {{}} + | sort | uniq -D -w 32 | sed 's|.*/||' | LC_ALL=C sort -u > answer.txt"
            ],
            "one time each occurrence": [f"find {top} -type f -printf '%f\\n' | LC_ALL=C sort | uniq -D > answer.txt"],
        },
    )


@CATALOGUE.add("deepest-file", "find", 2)
def _deepest_file(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("maze", "tree", "nest"))
    names = words(r, 12)
    for name in names[:4]:
        s.file(f"{top}/{name}/{r.choice(names)}/{r.choice(names)}.txt", prose(r, 1))
    s.file(f"{top}/{'very-' * 12}long/{names[5]}/{names[6]}.txt", prose(r, 1))
    s.folder(f"{top}/{names[7]}/a/b/c/d/e/f/g")
    deepest = s.file(f"{top}/{names[8]}/.{names[9]}/x/y/{names[10]} z/{names[11]}.txt", prose(r, 1))
    s.file(f"{top}/{names[4]}/1/2/3/{names[11]}.txt", prose(r, 1))
    s.write("answer.txt", deepest)
    return Job(
        f"Find the file (not the directory) below ~/{top} that lies deepest, in number of directories above it; hidden "
        f"directories count. Write its path, beginning with {top}/, to ~/answer.txt.",
        [f"find {top} -type f -printf '%d\\t%p\\n' | sort -n | tail -n 1 | cut -f 2 > answer.txt"],
        {
            "directories as well": [f"find {top} -printf '%d\\t%p\\n' | sort -n | tail -n 1 | cut -f 2 > answer.txt"],
            "the longest path": [
                f"find {top} -type f | awk '{{print length($0) \"\\t\" $0}}' | sort -n | tail -n 1 | cut -f 2 > answer.txt"
            ],
            "no hidden": [
                f"find {top} -type f -not -path '*/.*' -printf '%d\\t%p\\n' | sort -n | tail -n 1 | cut -f 2 > answer.txt"
            ],
        },
    )


@CATALOGUE.add("delete-by-pattern", "find", 1)
def _delete_by_pattern(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("build", "thesis", "site"))
    folders = _forest(s, top)
    names = iter(words(r, 40))
    for number, folder in enumerate(folders):
        s.remove(s.file(f"{folder}/{next(names)}{r.choice(('.tmp', '~'))}", prose(r, 1)))
        s.file(f"{folder}/{next(names)}.{('tmpl', 'txt')[number % 2]}", prose(r, 1))
    s.remove(s.file(f"{top}/.{next(names)}.tmp"))
    s.remove(s.file(f"{top}/{next(names)} {r.randint(2, 9)}.tmp"))
    s.remove(s.file(f"{top}/{next(names)}~"))
    s.folder(f"{top}/{next(names)}.tmp")
    s.file(f"{top}/tmp/{next(names)}.txt")  # noqa: S108 (a path in the task)
    return Job(
        f"Delete all regular files at any depth below ~/{top} whose names end in .tmp or in ~ (the character), hidden ones too. "
        "Leave directories alone, whatever they are called.",
        [f"find {top} -type f \\( -name '*.tmp' -o -name '*~' \\) -delete"],
        {
            "the first only": [f"find {top} -type f -name '*.tmp' -delete"],
            "directories too": [f"find {top} \\( -name '*.tmp' -o -name '*~' \\) -delete"],
            "not below": [f"rm -f {top}/*.tmp {top}/*~ 2> /dev/null"],
            "anything with tmp": [f"find {top} -type f \\( -name '*.tmp*' -o -name '*~' \\) -delete"],
        },
    )
