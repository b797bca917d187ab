"""Processes and their environment: scripts to run with the right variables, arguments and places; processes on record."""

from textgym.envs.code.terminal.material import PROJECTS, login, people, words
from textgym.envs.code.terminal.scene import Catalogue, Job, Scene

CATALOGUE = Catalogue()


@CATALOGUE.add("run-with-variables", "processes", 2)
def _run_with_variables(s: Scene) -> Job:
    r = s.rng
    names = [word.upper() for word in words(r, 4)]
    values = [" ".join(words(r, 2)), str(r.randint(10, 99)), f"{words(r, 1)[0]}=x", r.choice(PROJECTS)]
    s.file("job/.env", "".join(f"{name}='{value}'\n" for name, value in zip(names, values, strict=True)))
    script = ["#!/bin/bash", 'cd "$(dirname "$0")" || exit 1', ': "${' + names[0] + ":?is not set" + '}"']
    script += [f'echo "{name.lower()} is ${{{name}:-missing}}"' for name in names]
    script += ['echo "arguments: $# ($1)"', "cat input.txt | wc -l", 'echo "warning: slow" >&2', "exit 3"]
    s.file("job/run.sh", "\n".join(script) + "\n", mode=0o644)
    count = r.randint(3, 9)
    s.file("job/input.txt", "line\n" * count)
    argument = " ".join(words(r, 3))
    output = [f"{name.lower()} is {value}" for name, value in zip(names, values, strict=True)]
    s.write("out.txt", "\n".join([*output, f"arguments: 1 ({argument})", str(count)]))
    s.write("code.txt", 3, "number")
    run = f"bash job/run.sh '{argument}' > out.txt; echo $? > code.txt"
    return Job(
        f"Run the bash script ~/job/run.sh with the variables of ~/job/.env in its environment and with the single argument '{argument}'. Put "
        "what it writes to its standard output (not its errors) in ~/out.txt, and its exit code in ~/code.txt. The script's file and its mode "
        "stay as they are.",
        [f"set -a; . job/.env; set +a; {run}"],
        {
            "not exported": [f". job/.env; {run}"],
            "errors as well": [f"set -a; . job/.env; set +a; {run.replace('> out.txt', '> out.txt 2>&1')}"],
            "three arguments": [f"set -a; . job/.env; set +a; {run.replace(chr(39), '')}"],
            "made executable": [
                f"set -a; . job/.env; set +a; chmod +x job/run.sh; ./job/run.sh '{argument}' > out.txt; echo $? > code.txt"
            ],
        },
    )


@CATALOGUE.add("stale-pid-files", "processes", 2)
def _stale_pid_files(s: Scene) -> Job:
    r = s.rng
    names = r.sample(PROJECTS, 9)
    pids = r.sample(range(200, 999), 9) + r.sample(range(2000, 9999), 6)
    rows, listed = (
        [
            f"{login(name)} {pid} /usr/sbin/{word}"
            for name, pid, word in zip(people(r, 4), pids[9:13], words(r, 4), strict=True)
        ],
        [],
    )
    for number, (name, pid) in enumerate(zip(names, pids, strict=False)):
        path = s.file(f"run/{name}.pid", f"{pid}\n")
        if number < 4:
            rows.append(f"root {pid} /opt/{name}/bin/{name} --daemon")
        else:
            if number == 4:
                rows.append(f"root {pid} /usr/bin/other")
            if number == 5:
                rows.append(f"root {pid}0 /opt/{name}/bin/{name} --daemon")
            if number == 6:
                rows.append(f"root {pids[14]} /opt/{name}/bin/{name} --pid={pid}")
            s.remove(path)
            listed.append(name)
    s.file(f"run/{names[4]}.sock.txt", "socket\n")
    r.shuffle(rows)
    s.file("processes.txt", "USER PID COMMAND\n" + "\n".join(rows) + "\n")
    s.write("stale.txt", "\n".join(sorted(listed)))
    loop = "for f in run/*.pid; do n=$(basename $f .pid); if ! {}; then rm $f; echo $n; fi; done | sort > stale.txt"
    right = "awk -v p=$(cat $f) -v c=/opt/$n/bin/$n '$2 == p && $3 == c { ok = 1 } END { exit !ok }' processes.txt"
    return Job(
        "~/processes.txt lists the running processes (user, process id, command). ~/run/NAME.pid holds the process id of the service NAME, whose "
        "command is /opt/NAME/bin/NAME. Delete the .pid files that are stale: there is no process of that id, or it runs another command. Write "
        "the names of those services to ~/stale.txt, sorted.",
        [loop.format(right)],
        {
            "the id alone": [loop.format(right.replace(" && $3 == c", ""))],
            "the id anywhere": [loop.format("grep -q $(cat $f) processes.txt")],
            "the command alone": [loop.format(right.replace("$2 == p && ", ""))],
            "nothing deleted": [loop.format(right).replace("rm $f; ", "")],
        },
    )


@CATALOGUE.add("repair-build", "processes", 2)
def _repair_build(s: Scene) -> Job:
    r = s.rng
    names = words(r, 8)
    parts = names[:4]
    folder, variable = f"build/{names[4]}/objects", names[5].upper()
    script = [
        "#!/bin/bash",
        "set -eu",
        'cd "$(dirname "$0")"',
        f'[ "${{{variable}:-}}" = "{names[6]}" ] || {{ echo "{variable} must be {names[6]}" >&2; exit 2; }}',
        f'[ -d {folder} ] || {{ echo "no directory {folder}" >&2; exit 3; }}',
        *(f'[ -r src/{part}.in ] || {{ echo "cannot read src/{part}.in" >&2; exit 4; }}' for part in parts),
        f"for p in {' '.join(parts)}; do tr a-z A-Z < src/$p.in > {folder}/$p.out; done",
        f"cat {folder}/*.out > build/result.txt",
        "echo built",
    ]
    s.file("work/build.sh", "\n".join(script) + "\n", mode=0o755)
    bodies = {part: f"{' '.join(words(r, 4))}\n" for part in parts}
    for number, part in enumerate(parts):
        s.file(f"work/src/{part}.in", bodies[part], mode=0o200 if number == 2 else 0o644)
    s.chmod(f"work/src/{parts[2]}.in", 0o600)
    for part in parts:
        s.write(f"work/{folder}/{part}.out", bodies[part].upper(), "exact")
    s.write("work/build/result.txt", "".join(bodies[part].upper() for part in sorted(parts)), "exact")
    fix = [f"mkdir -p work/{folder}", f"chmod u+r work/src/{parts[2]}.in"]
    return Job(
        "~/work/build.sh does not run through; it says why. Make it do so without changing the script or the contents of any file: set what it "
        "wants in its environment, make the directory that is missing, and where its owner may not read a source, add that permission (u+r) "
        "and no other. At the end its results must be there.",
        ["cd work; ./build.sh", f"cd ~; {'; '.join(fix)}", f"{variable}={names[6]} work/build.sh"],
        {
            "never run": fix,
            "too much allowed": [fix[0], "chmod 644 work/src/*.in", f"{variable}={names[6]} work/build.sh"],
            "the script changed": [fix[0], fix[1], "sed -i '/must be/d' work/build.sh", "work/build.sh"],
            "a file left out": [
                fix[0],
                f"sed '/{parts[2]}/d' work/build.sh > work/b.sh",
                f"{variable}={names[6]} bash work/b.sh; rm work/b.sh",
            ],
        },
    )


@CATALOGUE.add("exit-codes", "processes", 2)
def _exit_codes(s: Scene) -> Job:
    r = s.rng
    names = words(r, 9)
    rows = []
    for number, name in enumerate(names[:7]):
        code = (0, r.randint(1, 9), 0, r.randint(20, 99), 143, 0, r.randint(1, 9))[number]
        say = (
            f"echo 'error: {name}'",
            "true",
            "echo 'exit 0'",
            "false",
            "kill -TERM $$",
            "echo failed >&2",
            "echo OK",
        )[number]
        s.file(f"checks/{name}{' 2' if number == 3 else ''}.sh", f"#!/bin/sh\n{say}\nexit {code}\n", mode=0o755)
        rows.append(f"{name}{' 2' if number == 3 else ''}.sh {code}")
    s.file("checks/README", "not a check\n", mode=0o755)
    s.file(f"checks/{names[8]}.sh", "#!/bin/sh\necho switched off\nexit 9\n", mode=0o644)
    s.write("codes.txt", "\n".join(sorted(rows, key=str.encode)))
    loop = 'cd checks; for f in *.sh; do [ -x "$f" ] || continue; ./"$f" > /dev/null 2>&1; echo "$f $?"; done 2> /dev/null | LC_ALL=C sort > ~/codes.txt'
    return Job(
        "Run each .sh file in ~/checks that its owner may execute, and write a line 'NAME CODE' for it to ~/codes.txt: the file's name and the exit "
        "code as bash gives it in $?, sorted by bytes (LC_ALL=C). The others are not run and not listed.",
        [loop],
        {
            "all of them": [loop.replace('[ -x "$f" ] || continue; ./"$f"', 'sh "./$f"')],
            "passed or failed": [loop.replace('echo "$f $?"', '[ $? = 0 ] && echo "$f 0" || echo "$f 1"')],
            "by what they say": [
                loop.replace(
                    './"$f" > /dev/null 2>&1; echo "$f $?"',
                    './"$f" 2>&1 | grep -qiE \'error|fail\'; echo "$f $((1 - $?))"',
                )
            ],
            "the code of cd": [loop.replace("2>&1; echo", "2>&1; true; echo")],
        },
    )
