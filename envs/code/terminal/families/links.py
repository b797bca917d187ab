"""Links: where they point, which are broken, what they stand for."""

from textgym.envs.code.terminal.material import PROJECTS, prose, words
from textgym.envs.code.terminal.scene import Catalogue, Job, Scene

CATALOGUE = Catalogue()


@CATALOGUE.add("current-release", "links", 2)
def _current_release(s: Scene) -> Job:
    r = s.rng
    name = r.choice(PROJECTS)
    major = r.randint(1, 4)
    versions = [(major, 9, r.randint(0, 9)), (major, 10, 2), (major, 10, 11), (major, 2, 30), (major - 1, 40, 1)]
    top = f"opt/{name}"
    for version in versions:
        s.file(f"{top}/releases/{'.'.join(map(str, version))}/VERSION", f"{version}\n")
    s.folder(f"{top}/releases/{major}.11.0-rc1")
    s.folder(f"{top}/releases/tmp")
    s.symlink(f"{top}/current", f"releases/{major}.2.30")
    s.point(f"{top}/current", f"releases/{major}.10.11")
    pick = "ls releases | grep -E '^[0-9]+(\\.[0-9]+)*$' | {} | tail -n 1"
    return Job(
        f"In ~/{top}, the link 'current' shall point to the highest version in 'releases', as a relative link of the form "
        "releases/VERSION. Versions are compared number by number; what is not just numbers and dots is no release.",
        [f"cd {top}", f"ln -sfn releases/$({pick.format('sort -V')}) current"],
        {
            "compared as text": [f"cd {top}; ln -sfn releases/$({pick.format('sort')}) current"],
            "the candidate too": [
                f"cd {top}; ln -sfn releases/$(ls releases | grep '^[0-9]' | sort -V | tail -n 1) current"
            ],
            "a full path": [f"cd {top}; ln -sfn $PWD/releases/$({pick.format('sort -V')}) current"],
            "a link inside the old release": [f"cd {top}; ln -sf releases/$({pick.format('sort -V')}) current"],
        },
    )


@CATALOGUE.add("broken-links", "links", 2)
def _broken_links(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("desktop", "collection", "shortcuts"))
    names = words(r, 14)
    listed = []
    for number, name in enumerate(names[:9]):
        folder = (top, f"{top}/{names[9]}", f"{top}/.{names[10]}")[number % 3]
        if number < 4:
            path = s.symlink(
                f"{folder}/{name}{' 2' if number == 1 else ''}",
                r.choice((f"gone-{name}", f"../{names[12]}/x", "/nowhere/at/all")),
            )
            s.remove(path)
            listed.append(path)
        else:
            s.file(f"{folder}/{name}.txt", prose(r, 1))
            s.symlink(f"{folder}/to-{name}", f"{name}.txt")
    s.symlink(f"{top}/to-folder", names[9])
    s.symlink(f"{top}/chain", "to-folder")
    chain = s.symlink(f"{top}/broken-chain", listed[0].rpartition("/")[2])
    s.remove(chain)
    s.write("broken.txt", "\n".join([*listed, chain]), "lines")
    return Job(
        f"Delete the symbolic links below ~/{top} (hidden directories too) whose target does not exist, a link to such a link "
        f"included. Write their paths, each beginning with {top}/, to ~/broken.txt, one a line in any order. Links that work stay.",
        [f"find {top} -xtype l > broken.txt", 'while IFS= read -r f; do rm -- "$f"; done < broken.txt'],
        {
            "all links": [f"find {top} -type l > broken.txt; find {top} -type l -delete"],
            "listed only": [f"find {top} -xtype l > broken.txt"],
            "listed afterwards": [f"find {top} -xtype l -delete; find {top} -xtype l > broken.txt"],
            "only the top": [f"find {top} -maxdepth 1 -xtype l > broken.txt; find {top} -maxdepth 1 -xtype l -delete"],
        },
    )


@CATALOGUE.add("links-to-copies", "links", 2)
def _links_to_copies(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("bundle", "image", "kit"))
    names = words(r, 12)
    for number, name in enumerate(names[:6]):
        target = s.file(f"store/{name}.bin", prose(r, 2), mode=r.choice((0o644, 0o755)))
        up = "../" if number % 2 == 0 else "../../"
        path = f"{top}/{'' if number % 2 == 0 else names[9] + '/'}{name}{' b' if number == 3 else ''}"
        if number < 4:
            s.symlink(path, f"{up}{target}")
            s.copy(target, path)
        else:
            s.file(path, prose(r, 1))
    first = f"{top}/{names[0]}"
    s.symlink(f"{top}/{names[10]}", names[0])
    s.copy(f"store/{names[0]}.bin", f"{top}/{names[10]}")
    s.symlink(f"store/{names[11]}", f"../{first}")
    loop = "find {} -type l -print0 | while IFS= read -r -d '' f; do {}; done"
    copy = 'cp -L -- "$f" /tmp/x && rm -- "$f" && cp /tmp/x "$f"; rm -f /tmp/x'
    return Job(
        f"Replace every symbolic link below ~/{top} by a copy of the file that it leads to in the end, under the link's name. Links "
        "elsewhere and the files themselves stay.",
        [loop.format(top, copy)],
        {
            "files moved": [loop.format(top, 't="$(readlink -f -- "$f")"; rm -- "$f"; mv -- "$t" "$f"')],
            "only the top": [loop.format(f"{top} -maxdepth 1", copy)],
            "links deleted": [loop.format(top, 'rm -- "$f"')],
        },
    )


@CATALOGUE.add("link-farm", "links", 2)
def _link_farm(s: Scene) -> Job:
    r = s.rng
    top = r.choice(("apps", "packages", "tools"))
    projects = r.sample(PROJECTS, 5)
    names = words(r, 12)
    for number, project in enumerate(projects):
        for name in names[2 * number : 2 * number + 2]:
            runs = number == 0 or r.random() < 0.6 or name == names[2 * number]
            s.file(f"{top}/{project}/bin/{name}", "#!/bin/sh\n", mode=0o755 if runs else 0o644)
            if runs:
                s.point(f"bin/{name}", f"../{top}/{project}/bin/{name}")
        s.file(f"{top}/{project}/README", prose(r, 1))
    s.file(f"{top}/{projects[0]}/bin/readme.txt", prose(r, 1), mode=0o644)
    s.file(f"{top}/{projects[1]}/lib/{names[10]}", prose(r, 1), mode=0o755)
    s.folder("bin")
    make = "for f in {}; do {}; done"
    return Job(
        f"For each file in ~/{top}/*/bin that its owner may execute, make a symbolic link of the same name in ~/bin with a relative "
        f"target, such as ../{top}/PROJECT/bin/NAME.",
        ["cd bin", make.format(f"../{top}/*/bin/*", '[ -x "$f" ] && ln -s "$f" .')],
        {
            "full paths": [make.format(f"~/{top}/*/bin/*", '[ -x "$f" ] && ln -s "$f" bin/')],
            "all files": ["cd bin", make.format(f"../{top}/*/bin/*", 'ln -s "$f" .')],
            "relative to home": [make.format(f"{top}/*/bin/*", '[ -x "$f" ] && ln -s "$f" bin/')],
            "copies": ["cd bin", make.format(f"../{top}/*/bin/*", '[ -x "$f" ] && cp "$f" .')],
        },
    )
