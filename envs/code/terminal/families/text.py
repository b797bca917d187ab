"""Text: lines, words, endings, ranges, encodings."""

import re
from collections import Counter

from textgym.envs.code.terminal.material import FIRST_NAMES, PLACES, login, people, prose, sentence, words
from textgym.envs.code.terminal.scene import Catalogue, Job, Scene, python

CATALOGUE = Catalogue()


@CATALOGUE.add("replace-word", "text", 2)
def _replace_word(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("manual", "pages", "src"))
    old, new, *names = words(r, 13)
    for number, folder in enumerate(
        (top, f"{top}/{names[0]}", f"{top}/{names[1]} {r.randint(2, 9)}", f"{top}/.{names[2]}")
    ):
        body = f"{sentence(r)} {old}\nthe {old} and the {old}, again\n{old}s, un{old}ed, {old}_x and {old.title()} stay\n{prose(r, 2)}"
        path = s.file(f"{folder}/{names[number + 3]}.md", body)
        s.rewrite(path, re.sub(rf"\b{old}\b", new, body))
        s.file(f"{folder}/{names[number + 7]}.txt", body)
    edit = f"find {top} -type f -name '*.md' -exec sed -i 's/\\b{old}\\b/{new}/g' {{}} +"
    return Job(
        f"In all .md files below ~/{top}, hidden directories included, replace the word '{old}' by '{new}' wherever it stands as a "
        "whole word in lower case; a word is made of letters, digits and underscores.",
        [edit],
        {
            "parts of words": [edit.replace("\\b", "")],
            "once a line": [edit.replace("/g'", "/'")],
            "all files": [edit.replace(" -name '*.md'", "")],
            "any case": [edit.replace("/g'", "/gI'")],
            "only the top": [f"sed -i 's/\\b{old}\\b/{new}/g' {top}/*.md"],
        },
    )


@CATALOGUE.add("line-ends", "text", 2)
def _line_ends(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("drivers", "mail", "templates"))
    names = words(r, 10)
    for number, name in enumerate(names[:6]):
        folder = (top, f"{top}/{names[8]}", f"{top}/.{names[9]}")[number % 3]
        lines = prose(r, 3)
        path = s.file(f"{folder}/{name}.{'txt' if number < 4 else 'bin'}", lines.replace("\n", "\r\n"))
        if number < 4:
            s.rewrite(path, lines)
    inner = prose(r, 2).replace(" ", " \r ", 1)
    mixed = s.file(f"{top}/{names[6]}.txt", inner + "last line\r\n")
    s.rewrite(mixed, inner + "last line\n")
    return Job(
        f"Convert the .txt files below ~/{top} (any depth, hidden directories too) from DOS line ends (CR LF) to Unix line ends "
        "(LF). A carriage return that is not at the end of a line stays. Other files are not touched.",
        [f"find {top} -type f -name '*.txt' -exec sed -i 's/\\r$//' {{}} +"],
        {
            "every carriage return": [f"find {top} -type f -name '*.txt' -exec sed -i 's/\\r//g' {{}} +"],
            "every file": [f"find {top} -type f -exec sed -i 's/\\r$//' {{}} +"],
            "only the top": [f"sed -i 's/\\r$//' {top}/*.txt"],
        },
    )


@CATALOGUE.add("trailing-blanks", "text", 1)
def _trailing_blanks(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("code", "lib", "scripts"))
    names = words(r, 6)
    for number, name in enumerate(names):
        lines = [f"{r.choice(('', '    ', chr(9)))}{sentence(r)}" for _ in range(4)] + ["", "end"]
        trailing = ["  ", "\t", " \t ", "", "   ", ""]
        body = "".join(f"{line}{blank}\n" for line, blank in zip(lines, trailing, strict=True))
        path = s.file(f"{top}/{'inner/' if number % 2 else ''}{name}.py", body)
        s.rewrite(path, "".join(f"{line}\n" for line in lines))
    edit = f"find {top} -name '*.py' -type f -exec sed -i 's/[ \\t]*$//' {{}} +"
    return Job(
        f"Remove spaces and tabs at the ends of lines from all .py files below ~/{top}, at any depth. Indentation and empty lines "
        "stay.",
        [edit],
        {
            "spaces only": [edit.replace("[ \\t]*$", " *$")],
            "only the top": [f"sed -i 's/[ \\t]*$//' {top}/*.py"],
            "indentation too": [edit.replace("s/[ \\t]*$//", "s/[ \\t]*$//;s/^[ \\t]*//")],
            "empty lines too": [edit.replace("s/[ \\t]*$//", "s/[ \\t]*$//;/^$/d")],
        },
    )


@CATALOGUE.add("frequent-words", "text", 2)
def _frequent_words(s: Scene) -> Job:
    r = s.rng
    pool, count = words(r, 12), r.randint(4, 6)

    lines = []
    weights = [9, 9, *(12 - number for number in range(count - 2)), *([2] * 12)]
    bag = [word for word, weight in zip(pool, weights, strict=False) for _ in range(weight)]
    r.shuffle(bag)
    bag = [word.title() if r.random() < 0.3 else word for word in bag]
    while bag:
        taken, bag = bag[:7], bag[7:]
        lines.append(", ".join(taken) + ".")
    s.file("essay.txt", "\n".join(lines) + "\n")
    ranked = sorted(
        Counter(re.findall("[a-z]+", "\n".join(lines).lower())).items(), key=lambda item: (-item[1], item[0])
    )
    s.write("top.txt", "\n".join(f"{word} {number}" for word, number in ranked[:count]))
    split = "grep -oE '[A-Za-z]+' essay.txt | tr A-Z a-z | LC_ALL=C sort | uniq -c"
    form = f"head -n {count} | awk '{{print $2, $1}}' > top.txt"
    return Job(
        f"Find the {count} most frequent words of ~/essay.txt. A word is a run of letters; capital and small letters are the same. "
        "Write them to ~/top.txt, one a line in lower case as 'WORD COUNT', most frequent first, equally frequent ones in "
        "alphabetical order.",
        [f"{split} | sort -k1,1nr -k2,2 | {form}"],
        {
            "ties the other way": [f"{split} | sort -k1,1nr -k2,2r | {form}"],
            "case matters": [f"{split.replace('| tr A-Z a-z ', '')} | sort -k1,1nr -k2,2 | {form}"],
            "count first": [f"{split} | sort -k1,1nr -k2,2 | head -n {count} | awk '{{print $1, $2}}' > top.txt"],
            "rarest": [f"{split} | sort -k1,1n -k2,2 | {form}"],
        },
    )


@CATALOGUE.add("between-markers", "text", 2)
def _between_markers(s: Scene) -> Job:
    r = s.rng
    mark = r.choice(("CONFIG", "CERTIFICATE", "ABSTRACT", "DATA"))
    inside, lines = [], prose(r, 3).splitlines()
    for _ in range(r.randint(2, 3)):
        part = [*prose(r, r.randint(2, 4)).splitlines(), "", f"the {mark} above"]
        inside += part
        lines += [f"-----BEGIN {mark}-----", *part, f"-----END {mark}-----", *prose(r, 2).splitlines()]
    lines += ["-----BEGIN OTHER-----", *prose(r, 2).splitlines(), "-----END OTHER-----"]
    s.file("bundle.txt", "\n".join(lines) + "\n")
    s.write("parts.txt", "\n".join(inside) + "\n", "exact")
    cut = f"sed -n '/^-----BEGIN {mark}-----$/,/^-----END {mark}-----$/p' bundle.txt"
    return Job(
        f"~/bundle.txt has several sections, each between a line -----BEGIN {mark}----- and a line -----END {mark}-----. Write the "
        "lines inside all these sections, in their order, to ~/parts.txt, without the BEGIN and END lines; empty lines stay.",
        [f"{cut} | grep -vE '^-----(BEGIN|END) {mark}-----$' > parts.txt"],
        {
            "with the markers": [f"{cut} > parts.txt"],
            "the first section": [
                f"{cut} | sed '/END {mark}/q' | grep -vE '^-----(BEGIN|END) {mark}-----$' > parts.txt"
            ],
            "no empty lines": [f"{cut} | grep -vE '^-----(BEGIN|END) {mark}-----$|^$' > parts.txt"],
            "all sections": ["sed -n '/BEGIN/,/END/p' bundle.txt | grep -v -- ----- > parts.txt"],
        },
    )


@CATALOGUE.add("union-of-lists", "text", 1)
def _union_of_lists(s: Scene) -> Job:
    r = s.rng
    top, pool = r.choice(("lists", "members", "tags")), words(r, 20)
    pool[0], pool[1] = pool[0].upper(), pool[1].title()
    for name in ("a.txt", "b.txt", f"c {r.randint(1, 9)}.txt", ".d.txt"):
        s.file(
            f"{top}/{name}", "".join(f"{word}\n" for word in r.sample(pool, r.randint(8, 11)) + pool[:2] + pool[2:3])
        )
    s.file(f"{top}/old.lst", "".join(f"{word}\n" for word in ("zzz", "aaa")))
    every = sorted({line for path in s.files(top, ".txt") for line in s.text(path).splitlines()})
    extra = f"only-{r.randint(10, 99)}"
    s.append(f"{top}/.d.txt", f"{extra}\n")
    s.write("all.txt", "\n".join(sorted([*every, extra])))
    return Job(
        f"Join all lists in ~/{top}, that is its files ending in .txt, the hidden one too, into ~/all.txt: each line once, sorted "
        "by bytes (LC_ALL=C).",
        [f"cat {top}/*.txt {top}/.*.txt | LC_ALL=C sort -u > all.txt"],
        {
            "repetitions": [f"cat {top}/*.txt {top}/.*.txt | LC_ALL=C sort > all.txt"],
            "no hidden list": [f"cat {top}/*.txt | LC_ALL=C sort -u > all.txt"],
            "all files": [f"find {top} -type f -exec cat {{}} + | LC_ALL=C sort -u > all.txt"],
            "capitals folded": [f"cat {top}/*.txt {top}/.*.txt | LC_ALL=C sort -f > all.txt"],
        },
    )


@CATALOGUE.add("sort-by-number", "text", 1)
def _sort_by_number(s: Scene) -> Job:
    r = s.rng
    names = words(r, 12)
    numbers = r.sample(range(1, 200), 9) + r.sample(range(1000, 9000), 2) + [-r.randint(2, 50)]
    rows = list(zip(names, numbers, strict=True))
    s.file("scores.txt", "".join(f"{name}\t{number}\n" for name, number in rows))
    s.rewrite("scores.txt", "".join(f"{name}\t{number}\n" for name, number in sorted(rows, key=lambda row: -row[1])))
    return Job(
        "Sort the lines of ~/scores.txt by the number in their second column (columns are separated by tabs), largest first, and "
        "save the file under the same name.",
        ["sort -t $'\\t' -k 2,2nr -o scores.txt scores.txt"],
        {
            "as text": ["sort -t $'\\t' -k 2,2r -o scores.txt scores.txt"],
            "smallest first": ["sort -t $'\\t' -k 2,2n -o scores.txt scores.txt"],
            "emptied": ["sort -t $'\\t' -k 2,2nr scores.txt > scores.txt"],
            "by name": ["sort -o scores.txt scores.txt"],
        },
    )


@CATALOGUE.add("strip-comments", "text", 2)
def _strip_comments(s: Scene) -> Job:
    r = s.rng
    name = r.choice(("server.conf", "exim.conf", "daemon.rc"))
    kept, lines = [], []
    for key in words(r, 10):
        lines += [f"# {sentence(r)}"] if r.random() < 0.6 else [" \t", f"\t# {key} = off"]
        kept.append(
            f"{r.choice(('', '  '))}{key} = {r.choice(('on', '#' + str(r.randint(100, 999)), 'a # b', str(r.randint(1, 99))))}"
        )
        lines += [kept[-1], *([""] if r.random() < 0.5 else [])]
    kept += ["  colour = #ff0000", "plain = 1"]
    s.file(name, "\n".join(["# head", "", *lines, "\t# indented", *kept[-2:]]) + "\n")
    s.write(f"{name}.min", "\n".join(kept) + "\n", "exact")
    return Job(
        f"Write ~/{name} without its comments and blank lines to ~/{name}.min. A comment is a line whose first character, spaces "
        "and tabs aside, is #; a # later in a line belongs to a value. Blank lines hold nothing, or only spaces and tabs. The "
        "other lines stay exactly as they are.",
        [f"grep -vE '^[[:space:]]*(#|$)' {name} > {name}.min"],
        {
            "every #": [f"sed 's/#.*//' {name} | grep -v '^[[:space:]]*$' > {name}.min"],
            "indented comments kept": [f"grep -vE '^#|^[[:space:]]*$' {name} > {name}.min"],
            "lines with # dropped": [f"grep -v '#' {name} | grep -v '^[[:space:]]*$' > {name}.min"],
            "in place": [f"sed -i -E '/^[[:space:]]*(#|$)/d' {name}; cp {name} {name}.min"],
        },
    )


@CATALOGUE.add("paste-columns", "text", 1)
def _paste_columns(s: Scene) -> Job:
    r = s.rng
    names = people(r, r.randint(9, 14))
    s.file("names.txt", "".join(f"{name}\n" for name in names))
    towns = [r.choice(PLACES) for _ in names]
    s.file("towns.txt", "".join(f"{town}\n" for town in towns))
    s.write(
        "table.tsv",
        "".join(f"{number}\t{name}\t{town}\n" for number, (name, town) in enumerate(zip(names, towns, strict=True), 1)),
    )
    return Job(
        "Line by line, put ~/names.txt and ~/towns.txt beside each other in ~/table.tsv: the line's number (from 1), the name, the "
        "town, separated by single tabs.",
        ["paste names.txt towns.txt | awk '{print NR \"\\t\" $0}' > table.tsv"],
        {
            "towns first": ["paste towns.txt names.txt | awk '{print NR \"\\t\" $0}' > table.tsv"],
            "padded numbers": ["paste names.txt towns.txt | nl > table.tsv"],
            "from zero": ["paste names.txt towns.txt | awk '{print NR - 1 \"\\t\" $0}' > table.tsv"],
            "spaces": ["paste -d ' ' names.txt towns.txt | awk '{print NR, $0}' > table.tsv"],
        },
    )


@CATALOGUE.add("longest-line", "text", 2)
def _longest_line(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("poems", "letters", "specs"))
    names = words(r, 7)
    for number, name in enumerate(names[:5]):
        lines = prose(r, 5).splitlines()
        if number == 2:
            lines[r.randint(1, 4)] = "tab" + "é" * 75 + "ends"
        if number == 3:
            lines[r.randint(2, 4)] = "long " * 17 + "é" * 5
            at, winner = lines.index(next(line for line in lines if line.startswith("long long"))), name
        s.file(f"{top}/{f'{names[6]}/' if number % 2 else ''}{name}.txt", "\n".join(lines) + "\n")
    s.write("answer.txt", f"{names[6]}/{winner}.txt:{at + 1}")
    program = python(
        "import os",
        "best = (0, '')",
        f"for folder, _, names in os.walk('{top}'):",
        "    for name in names:",
        "        path = os.path.join(folder, name)",
        "        for number, line in enumerate(open(path, encoding='utf-8'), 1):",
        "            best = max(best, (len(line.rstrip('\\n')), f\"{os.path.relpath(path, '" + top + "')}:{number}\"))",
        "open('answer.txt', 'w').write(best[1] + '\\n')",
    )
    return Job(
        f"Find the longest line of all files below ~/{top}, in characters (the files are UTF-8). Write where it is to ~/answer.txt "
        f"as PATH:NUMBER, with the path relative to ~/{top} and lines counted from 1.",
        [program],
        {
            "in bytes": [program.replace(", encoding='utf-8'", ", encoding='latin-1'")],
            "from zero": [program.replace("utf-8'), 1)", "utf-8'), 0)")],
            "the path from home": [program.replace(f"os.path.relpath(path, '{top}')", "path")],
        },
    )


@CATALOGUE.add("split-into-parts", "text", 1)
def _split_into_parts(s: Scene) -> Job:
    r = s.rng
    size, count = r.randint(4, 9), r.randint(3, 6)
    lines = [f"{number} {sentence(r)}" for number in range(size * count + r.randint(1, size - 1))]
    name = r.choice(("records", "queue", "batch"))
    s.file(f"{name}.txt", "\n".join(lines) + "\n")
    for part in range(count + 1):
        s.write(f"parts/{name}-{part + 1:02d}.txt", "\n".join(lines[part * size : (part + 1) * size]) + "\n", "exact")
    cut = f"split -l {size} --numeric-suffixes=1 -a 2 --additional-suffix=.txt {name}.txt parts/{name}-"
    return Job(
        f"Cut ~/{name}.txt into files of {size} lines each, the last one with what is left: ~/parts/{name}-01.txt, "
        f"~/parts/{name}-02.txt and so on. The original stays.",
        ["mkdir parts", cut],
        {
            "from zero": ["mkdir parts", cut.replace("=1 ", "=0 ")],
            "a line more": ["mkdir parts", cut.replace(f"-l {size}", f"-l {size + 1}")],
            "letters": ["mkdir parts", cut.replace("--numeric-suffixes=1 ", "")],
        },
    )


@CATALOGUE.add("mail-addresses", "text", 2)
def _mail_addresses(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("threads", "exports", "tickets"))
    found = set()
    for number in range(5):
        lines = prose(r, 3).splitlines()
        for name in people(r, 4):
            mail = f"{login(name)}{r.choice(('', '.' + str(r.randint(1, 9)), '+lists'))}@{r.choice(words(r, 3))}.{r.choice(('example', 'test', 'org.example'))}"
            shown = mail.upper() if r.random() < 0.3 else mail
            found.add(mail.lower())
            lines.append(r.choice((f"From: {name} <{shown}>", f"write to {shown}, please", f"cc {shown}; {shown}")))
        lines += [
            f"not one: @{r.choice(FIRST_NAMES)} nor name@ nor a @ b.example",
            f"FYI <X.Y@Sub.{number}.TEST>",
            f"X.Y@Sub.{number}.TEST",
        ]
        found.add(f"x.y@sub.{number}.test")
        s.file(f"{top}/{f'.old/{number}' if number == 4 else number}.txt", "\n".join(lines) + "\n")
    s.write("addresses.txt", "\n".join(sorted(found)))
    form = "[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+"
    return Job(
        f"Collect the e-mail addresses in the files below ~/{top} (hidden directories too): what matches {form} as an extended "
        "regular expression. Write them to ~/addresses.txt in lower case, each once, sorted by bytes (LC_ALL=C), one a line.",
        [f"grep -rhoE '{form}' {top} | tr A-Z a-z | LC_ALL=C sort -u > addresses.txt"],
        {
            "case kept": [f"grep -rhoE '{form}' {top} | LC_ALL=C sort -u > addresses.txt"],
            "repetitions": [f"grep -rhoE '{form}' {top} | tr A-Z a-z | LC_ALL=C sort > addresses.txt"],
            "not the hidden": [f"grep -hoE '{form}' {top}/*.txt | tr A-Z a-z | LC_ALL=C sort -u > addresses.txt"],
        },
    )


@CATALOGUE.add("to-utf-8", "text", 2)
def _to_utf8(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("lang", "captions", "legacy"))
    names = words(r, 9)
    for number, name in enumerate(names[:6]):
        body = "".join(f"{word} {r.choice(('café', 'Straße', 'niño', 'façade', 'Ångström'))}\n" for word in words(r, 4))
        path = f"{top}/{f'{names[7]} {number}/' if number % 2 else ''}{name}.txt"
        if number < 4:
            s.file(path, body.encode("latin-1"))
            s.rewrite(path, body)
        else:
            s.file(path, body)
    s.file(f"{top}/{names[8]}.dat", "café\n".encode("latin-1"))
    turn = f"find {top} -type f -name '*.txt' | while IFS= read -r f; do "
    write = 'iconv -f ISO-8859-1 -t UTF-8 "$f" > /tmp/x && cat /tmp/x > "$f"; '
    return Job(
        f"Some .txt files below ~/{top} are in ISO-8859-1 (Latin-1), the others already in UTF-8. Convert the former to UTF-8 in "
        "place. Leave the latter, and all files that are not .txt, as they are.",
        [f'{turn}if ! iconv -f UTF-8 -t UTF-8 "$f" > /dev/null 2>&1; then {write}fi; done'],
        {
            "all of them": [f"{turn}{write}done"],
            "other files as well": [
                f'{turn.replace(" -name " + chr(39) + "*.txt" + chr(39), "")}if ! iconv -f UTF-8 -t UTF-8 "$f" > /dev/null 2>&1; then {write}fi; done'
            ],
            "letters lost": [f'{turn}iconv -c -f UTF-8 -t UTF-8 "$f" > /tmp/x; cat /tmp/x > "$f"; done'],
        },
    )


@CATALOGUE.add("last-lines", "text", 1)
def _last_lines(s: Scene) -> Job:
    r = s.rng
    top, count = r.choice(("logs", "history", "traces")), r.randint(2, 4)
    names = sorted(words(r, 6))
    parts = []
    for name in names:
        lines = [f"{name} {number} {sentence(r)}" for number in range(r.randint(count + 1, 9))]
        s.file(f"{top}/{name}.log", "\n".join(lines) + "\n")
        parts += [f"== {name}.log", *lines[-count:]]
    s.file(f"{top}/.hidden.log", "hidden\n" * 6)
    s.file(f"{top}/{names[0]}.log.1", "old\n" * 6)
    s.write("digest.txt", "\n".join(parts))
    loop = f'cd {top}; for f in *.log; do echo "== $f"; tail -n {count} "$f"; done > ../digest.txt'
    return Job(
        f"Make ~/digest.txt from the files in ~/{top} that end in .log (not the hidden one), in alphabetical order: for each a line "
        f"'== NAME' with the file's name, then its last {count} lines.",
        [loop],
        {
            "the first lines": [loop.replace("tail -n", "head -n")],
            "a line less": [loop.replace(f"tail -n {count}", f"tail -n {count - 1}")],
            "with the path": [f'for f in {top}/*.log; do echo "== $f"; tail -n {count} "$f"; done > digest.txt'],
            "the hidden too": [loop.replace("in *.log", "in .*.log *.log")],
        },
    )
