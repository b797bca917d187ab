"""Permissions: modes of files and directories."""

from textgym.envs.code.terminal.material import prose, words
from textgym.envs.code.terminal.scene import Catalogue, Job, Scene

CATALOGUE = Catalogue()


@CATALOGUE.add("usual-modes", "permissions", 2)
def _usual_modes(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("www", "public", "webroot"))
    names = iter(words(r, 24))
    for folder in (top, f"{top}/{next(names)}", f"{top}/.{next(names)}", f"{top}/{next(names)} {r.randint(2, 9)}"):
        s.folder(folder, r.choice((0o777, 0o700, 0o775)))
        s.chmod(folder, 0o755)
        for ending, mode in ((".html", 0o644), (".sh", 0o755), ("", 0o644), (".sh.txt", 0o644)):
            path = s.file(f"{folder}/{next(names)}{ending}", prose(r, 1), mode=r.choice((0o777, 0o600, 0o664, 0o711)))
            s.chmod(path, mode)
    folders = f"find {top} -type d -exec chmod 755 {{}} +"
    files = f"find {top} -type f -exec chmod 644 {{}} +"
    scripts = f"find {top} -type f -name '*.sh' -exec chmod 755 {{}} +"
    return Job(
        f"Set the modes of ~/{top} and everything below it, hidden ones included: directories 755, files whose names end in .sh 755, "
        "all other files 644.",
        [folders, f"{files}; {scripts}"],
        {
            "755 for all": [f"chmod -R 755 {top}"],
            "scripts forgotten": [folders, files],
            "not the hidden": [
                f"chmod 755 {top}; find {top}/* -type d -exec chmod 755 {{}} +; find {top}/* -type f -exec chmod 644 {{}} +; find {top}/* -name '*.sh' -exec chmod 755 {{}} +"
            ],
            "anything with sh": [folders, f"{files}; {scripts.replace('*.sh', '*.sh*')}"],
        },
    )


@CATALOGUE.add("no-writing-by-others", "permissions", 2)
def _no_writing_by_others(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("shared", "pool", "exchange"))
    names = words(r, 14)
    listed = []
    for number, name in enumerate(names[:10]):
        folder = (top, f"{top}/{names[10]}", f"{top}/.{names[11]}")[number % 3]
        mode = (0o777, 0o666, 0o644, 0o755, 0o602, 0o664, 0o640)[number % 7]
        path = s.file(f"{folder}/{name}{' b' if number == 1 else ''}.txt", prose(r, 1), mode=mode)
        if mode & 0o002:
            s.chmod(path, mode & ~0o002)
            listed.append(path)
    s.folder(f"{top}/{names[12]}", 0o777)
    s.write("fixed.txt", "\n".join(listed), "lines")
    pick = f"find {top} -type f -perm -002"
    return Job(
        f"Find the regular files below ~/{top} (hidden directories too) that everybody may write to (the permission o+w). Write their "
        f"paths, each beginning with {top}/, to ~/fixed.txt, one a line in any order, and take that permission away from them and no "
        "other. Directories stay as they are.",
        [f"{pick} > fixed.txt", f"{pick} -exec chmod o-w {{}} +"],
        {
            "644 for all of them": [f"{pick} > fixed.txt; {pick} -exec chmod 644 {{}} +"],
            "directories too": [f"{pick} > fixed.txt; chmod -R o-w {top}"],
            "listed afterwards": [f"{pick} -exec chmod o-w {{}} +; {pick} > fixed.txt"],
            "the group too": [f"{pick} > fixed.txt; {pick} -exec chmod go-w {{}} +"],
        },
    )


@CATALOGUE.add("run-what-has-shebang", "permissions", 2)
def _run_what_has_shebang(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("tools", "bin", "hooks"))
    names = words(r, 14)
    for number, name in enumerate(names[:11]):
        folder = (top, f"{top}/{names[11]}", f"{top}/{names[12]} {r.randint(2, 9)}")[number % 3]
        first = (f"#!/usr/bin/env {r.choice(('python3', 'bash'))}", f"# {name}", "#!/bin/sh", "", " #!/bin/sh")[
            number % 5
        ]
        ending = r.choice(("", ".sh", ".py", ".txt")) if number > 4 else ("", ".sh", ".txt", ".sh", ".py")[number]
        mode = 0o755 if number in (5, 6) else r.choice((0o644, 0o600))
        path = s.file(f"{folder}/{name}{ending}", f"{first}\n#!/bin/sh\n{prose(r, 1)}", mode=mode)
        if first.startswith("#!") and not mode & 0o100:
            s.chmod(path, mode | 0o100)
    loop = f"find {top} -type f | while IFS= read -r f; do {{}}; done"
    return Job(
        f"Make the files below ~/{top} that begin with #! (the very first two characters) executable for their owner: u+x, and nothing "
        "else changes. Names and endings say nothing about it.",
        [loop.format('[ "$(head -c 2 "$f")" = "#!" ] && chmod u+x "$f"')],
        {
            "by ending": [f"find {top} -type f \\( -name '*.sh' -o -name '*.py' \\) -exec chmod u+x {{}} +"],
            "any line": [loop.format('grep -q "^#!" "$f" && chmod u+x "$f"')],
            "for everybody": [loop.format('[ "$(head -c 2 "$f")" = "#!" ] && chmod a+x "$f"')],
        },
    )


@CATALOGUE.add("lock-keys", "permissions", 1)
def _lock_keys(s: Scene) -> Job:
    r = s.rng
    top = r.choice((".ssh", "certs", ".keys"))
    names = words(r, 8)
    for number, name in enumerate(names[:6]):
        folder = (top, f"{top}/{names[6]}", f"{top}/{names[6]}/{names[7]}")[number % 3]
        secret = s.file(
            f"{folder}/{name}.{('key', 'pem')[number % 2]}",
            f"-----BEGIN {name}-----\n",
            mode=r.choice((0o644, 0o640, 0o666)),
        )
        s.chmod(secret, 0o600)
        s.file(f"{folder}/{name}.pub", prose(r, 1), mode=0o644)
        s.file(f"{folder}/{name}.key.txt", prose(r, 1), mode=0o644)
    for folder in (top, f"{top}/{names[6]}", f"{top}/{names[6]}/{names[7]}"):
        s.chmod(folder, 0o700)
    keys = f"find {top} -type f \\( -name '*.key' -o -name '*.pem' \\) -exec chmod 600 {{}} +"
    folders = f"find {top} -type d -exec chmod 700 {{}} +"
    return Job(
        f"Set ~/{top} and all directories in it to mode 700, and all files in it, at any depth, that end in .key or .pem to mode 600. "
        "The other files keep their modes.",
        [keys, folders],
        {
            "all files": [f"find {top} -type f -exec chmod 600 {{}} +; {folders}"],
            "one ending": [f"find {top} -type f -name '*.key' -exec chmod 600 {{}} +", folders],
            "only the top": [f"chmod 600 {top}/*.key {top}/*.pem; chmod 700 {top}"],
            "no directories": [keys],
        },
    )
