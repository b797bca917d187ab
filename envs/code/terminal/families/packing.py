"""Packing: archives in and out, gzip, restoring from a backup."""

import io
import zipfile

from textgym.envs.code.terminal.material import day, prose, seconds, words
from textgym.envs.code.terminal.scene import DAY, Catalogue, Job, Scene, gzipped, tarred

CATALOGUE = Catalogue()


@CATALOGUE.add("unpack-some", "archives", 2)
def _unpack_some(s: Scene) -> Job:
    r = s.rng
    name, ending = r.choice(("dump", "release", "export")), r.choice(("csv", "sql", "xml"))
    names = words(r, 10)
    files = {}
    for number, word in enumerate(names):
        folder = (f"{name}-1", f"{name}-1/{names[0]}", f"{name}-1/{names[1]} x/deep")[number % 3]
        files[f"{folder}/{word}.{ending if number < 6 else 'txt'}"] = prose(r, 2)
    files[f"{name}-1/notes.{ending}.txt"] = prose(r, 1)
    s.file(f"{name}.tar.gz", gzipped(tarred(files)))
    for path, body in files.items():
        if path.endswith(f".{ending}"):
            s.write(f"out/{path.rpartition('/')[2]}", body, "exact")
    take = f"find /tmp/x -type f -name '*.{ending}' -exec mv -t out {{}} +"
    return Job(
        f"Unpack from ~/{name}.tar.gz only the files whose names end in .{ending}, into ~/out, all directly in that directory (no "
        "two have the same name). The archive stays.",
        [f"mkdir out /tmp/x; tar -xzf {name}.tar.gz -C /tmp/x; {take}"],
        {
            "with directories": [f"mkdir out; tar -xzf {name}.tar.gz -C out --wildcards '*.{ending}'"],
            "everything": [
                f"mkdir out /tmp/x; tar -xzf {name}.tar.gz -C /tmp/x; find /tmp/x -type f -exec mv -t out {{}} +"
            ],
            "not the deep ones": [f"mkdir out /tmp/x; tar -xzf {name}.tar.gz -C /tmp/x; mv /tmp/x/*/*.{ending} out"],
        },
    )


@CATALOGUE.add("pack-directory", "archives", 2)
def _pack_directory(s: Scene) -> Job:
    r = s.rng
    top, skipped = r.choice(("site", "thesis", "plugin")), r.choice((".git", ".cache", "__pycache__"))
    names = iter(words(r, 24))
    kept = {}
    for folder in (top, f"{top}/{next(names)}", f"{top}/{next(names)} {r.randint(2, 9)}"):
        for _ in range(2):
            path = s.file(f"{folder}/{next(names)}.txt", prose(r, 2))
            kept[path] = s.text(path)
        s.file(f"{folder}/{next(names)}.tmp", prose(r, 1))
        s.file(f"{folder}/{skipped}/{next(names)}.txt", prose(r, 1))
    path = s.file(f"{top}/.env", "MODE=live\n")
    kept[path] = s.text(path)
    s.write(f"{top}.tar.gz", kept, "tar")
    tar = f"tar -czf {top}.tar.gz --exclude='*.tmp' --exclude={skipped} {top}"
    return Job(
        f"Pack the directory ~/{top} into ~/{top}.tar.gz, so that the members' names begin with {top}/. Leave out files that end in "
        f".tmp and everything in directories named {skipped}, wherever they are; other hidden files belong in.",
        [tar],
        {
            "everything": [f"tar -czf {top}.tar.gz {top}"],
            "names from inside": [f"tar -czf {top}.tar.gz --exclude='*.tmp' --exclude={skipped} -C {top} ."],
            "no hidden files": [tar.replace("--exclude='*.tmp'", "--exclude='*.tmp' --exclude='.*'")],
            "only the upper ones left out": [
                f"tar -czf {top}.tar.gz --exclude='{top}/*.tmp' --no-wildcards-match-slash --anchored --exclude={top}/{skipped} {top}"
            ],
        },
    )


@CATALOGUE.add("gzip-old-files", "archives", 2)
def _gzip_old_files(s: Scene) -> Job:
    r = s.rng
    top, limit = r.choice(("logs", "mail", "metrics")), day(r)
    edge = seconds(limit, 0)
    names = words(r, 12)
    for number, name in enumerate(names[:8]):
        folder = (top, f"{top}/{names[8]} {r.randint(2, 9)}", f"{top}/.{names[9]}")[number % 3]
        time = (edge - 1, edge, edge - 40 * DAY, edge + 3 * DAY)[number % 4]
        body = prose(r, 4)
        path = s.file(f"{folder}/{name}.log", body, mtime=time)
        if time < edge:
            s.remove(path)
            s.write(f"{path}.gz", body, "gzip")
    s.file(f"{top}/{names[10]}.log.gz", gzipped(prose(r, 2).encode()), mtime=edge - 50 * DAY)
    s.file(f"{top}/{names[11]}.txt", prose(r, 2), mtime=edge - 50 * DAY)
    pick = f"find {top} -type f -name '*.log' ! -newermt @{edge - 1} -exec gzip {{}} +"
    return Job(
        f"Compress with gzip every .log file below ~/{top} (hidden directories too) that was last modified before {limit} 00:00:00 UTC: "
        "x.log becomes x.log.gz. Younger files and files of other kinds stay.",
        [pick],
        {
            "all of them": [f"find {top} -type f -name '*.log' -exec gzip {{}} +"],
            "originals kept": [pick.replace("gzip {}", "gzip -k {}")],
            "any kind": [pick.replace(" -name '*.log'", " ! -name '*.gz'")],
            "that second too": [f"find {top} -type f -name '*.log' ! -newermt @{edge} -exec gzip {{}} +"],
        },
    )


@CATALOGUE.add("restore-missing", "archives", 3)
def _restore_missing(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("wiki", "vault", "course"))
    names = words(r, 12)
    saved = {}
    for number, name in enumerate(names[:9]):
        path = f"{top}/{('', names[9] + '/', names[10] + ' ' + str(r.randint(2, 9)) + '/')[number % 3]}{name}.txt"
        saved[path] = prose(r, 2)
        if number >= 4:
            s.file(path, saved[path] if number < 6 else prose(r, 2))
        else:
            s.write(path, saved[path], "exact")
    s.file(f"{top}/{names[11]}.txt", prose(r, 1))
    s.file("backup.tar", tarred(saved))
    return Job(
        f"~/backup.tar is a backup of ~/{top}. Restore from it the files that are missing now; files that exist stay as they are, "
        "whatever the backup says.",
        ["tar -xf backup.tar --skip-old-files"],
        {
            "everything restored": ["tar -xf backup.tar"],
            "only the top": [
                f"tar -xf backup.tar --skip-old-files --wildcards --no-wildcards-match-slash '{top}/*.txt'"
            ],
            "elsewhere": [f"mkdir {top}/restored; tar -xf backup.tar --skip-old-files -C {top}/restored"],
        },
    )


@CATALOGUE.add("zip-in-zip", "archives", 3)
def _zip_in_zip(s: Scene) -> Job:
    r = s.rng
    names = words(r, 8)
    files = {f"{name}.txt": prose(r, 2) for name in names[:4]}
    files[f"{names[6]} {r.randint(1, 9)}/{names[7]}.txt"] = prose(r, 2)
    inner = _zipped({path: body.encode() for path, body in list(files.items())[2:]})
    outer = _zipped({**{path: body.encode() for path, body in list(files.items())[:2]}, f"{names[4]}.zip": inner})
    s.file(f"{names[5]}.zip", outer)
    for path, body in files.items():
        s.write(f"unpacked/{path}", body, "exact")
    out = f"mkdir unpacked; python3 -m zipfile -e {names[5]}.zip unpacked"
    return Job(
        f"Unpack ~/{names[5]}.zip into ~/unpacked. It holds another zip file: unpack that into the same directory, and delete it there, "
        "so that only the other files remain. The outer archive stays.",
        [out, f"cd unpacked && python3 -m zipfile -e {names[4]}.zip . && rm {names[4]}.zip"],
        {
            "the inner one packed": [out],
            "the inner one kept": [out, f"cd unpacked && python3 -m zipfile -e {names[4]}.zip ."],
            "in a directory of its own": [
                out,
                f"cd unpacked && python3 -m zipfile -e {names[4]}.zip {names[4]} && rm {names[4]}.zip",
            ],
        },
    )


def _zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path, data in files.items():
            archive.writestr(zipfile.ZipInfo(path, (2024, 1, 1, 0, 0, 0)), data)
    return buffer.getvalue()
