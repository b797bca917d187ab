"""Logs: counting, cutting out, putting together, rotating, masking."""

import re
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

from textgym.envs.code.terminal.material import (
    FIRST_NAMES,
    MESSAGES,
    PROJECTS,
    access_lines,
    address,
    log_lines,
    prose,
    sentence,
    words,
)
from textgym.envs.code.terminal.scene import Catalogue, Job, Scene, gzipped, python

CATALOGUE = Catalogue()


def _access_log(s: Scene, count: int, without_bytes: int = 0) -> tuple[str, list[str]]:
    """Put an access log, some of whose lines have - for the number of bytes; its path and its lines."""
    r = s.rng
    addresses = list({address(r): None for _ in range(6)})
    path = f"{r.choice(('var/log', 'logs', 'www'))}/access.log"
    lines = access_lines(r, count, addresses)
    for at in range(without_bytes):
        lines[7 * at + 3] = lines[7 * at + 3].rpartition(" ")[0] + " -"
    s.file(path, "\n".join(lines) + "\n")
    return path, lines


@CATALOGUE.add("requests-by-status", "logs", 1)
def _requests_by_status(s: Scene) -> Job:
    path, lines = _access_log(s, s.rng.randint(60, 90))
    counts = Counter(line.split()[8] for line in lines)
    s.write(
        "status.csv", [["status", "requests"], *([status, str(counts[status])] for status in sorted(counts))], "csv"
    )
    count = f"awk '{{{{ n[${{}}]++ }}}} END {{{{ for (k in n) print k \",\" n[k] }}}}' {path} | sort"
    return Job(
        f"~/{path} is a web server's access log in the common format: after the quoted request come the status and the number of "
        "bytes. Count the requests by status. Write ~/status.csv with the header status,requests and a row for each status, "
        "sorted by status.",
        [f"{{ echo status,requests; {count.format(9)}; }} > status.csv"],
        {
            "by bytes": [f"{{ echo status,requests; {count.format(10)}; }} > status.csv"],
            "no header": [f"{count.format(9)} > status.csv"],
            "anywhere in the line": [
                f"{{ echo status,requests; for c in 200 301 404 500 503; do echo $c,$(grep -c $c {path}); done; }} > status.csv"
            ],
        },
    )


@CATALOGUE.add("busiest-address", "logs", 2)
def _busiest_address(s: Scene) -> Job:
    r = s.rng
    path, lines = _access_log(s, 40)
    quiet, loud = (f"10.99.{r.randint(0, 99)}.{number}" for number in (r.randint(2, 90), r.randint(91, 250)))
    stamp = lines[-1].split("[")[1].split("]")[0]
    extra = [f'{loud} - - [{stamp}] "GET /img/404.png HTTP/1.1" 200 {404}' for _ in range(45)]
    extra += [f'{loud} - - [{stamp}] "GET /gone HTTP/1.1" 404 10' for _ in range(14)]
    extra += [f'{quiet} - - [{stamp}] "GET /gone HTTP/1.1" 404 {r.randint(10, 99)}' for _ in range(15 + len(lines))]
    extra = extra[: 59 + 15 + sum(line.split()[8] == "404" for line in lines)]
    lines += extra
    s.append(path, "\n".join(extra) + "\n")
    misses = Counter(line.split()[0] for line in lines if line.split()[8] == "404")
    (winner, number), _ = misses.most_common(2)
    s.write("answer.txt", f"{winner} {number}")
    rank = "sort | uniq -c | sort -n | tail -n 1 | awk '{print $2, $1}' > answer.txt"
    return Job(
        f"In the access log ~/{path} (common log format), which client address has the most requests that were answered with status "
        "404? Write 'ADDRESS COUNT' to ~/answer.txt.",
        [f"awk '$9 == 404 {{print $1}}' {path} | {rank}"],
        {
            "all requests": [f"awk '{{print $1}}' {path} | {rank}"],
            "404 anywhere": [f"grep 404 {path} | awk '{{print $1}}' | {rank}"],
            "count first": [
                f"awk '$9 == 404 {{print $1}}' {path} | sort | uniq -c | sort -n | tail -n 1 | awk '{{print $1, $2}}' > answer.txt"
            ],
        },
    )


@CATALOGUE.add("errors-in-window", "logs", 2)
def _errors_in_window(s: Scene) -> Job:
    r = s.rng
    lines = log_lines(r, 60)
    first, last = lines[15][:19], lines[45][:19]
    for at, level in (
        (14, "ERROR"),
        (15, "ERROR"),
        (30, "ERROR"),
        (45, "ERROR"),
        (50, "ERROR"),
        (31, "WARN"),
        (32, "INFO"),
    ):
        lines[at] = lines[at][:20] + f"{level} " + lines[at].split(" ", 3)[3]
    lines[32] += " after ERROR in worker"
    s.file("var/log/app.log", "\n".join(lines) + "\n")
    inside = [line for line in lines if first <= line[:19] < last and line[20:].startswith("ERROR ")]
    s.write("errors.log", "\n".join(inside))
    pick = 'awk \'$3 == "ERROR" && ($1 " " $2) {} "{}" && ($1 " " $2) {} "{}"\' var/log/app.log > errors.log'
    return Job(
        "Lines of ~/var/log/app.log look like '2024-05-17 08:30:12 LEVEL component: message'. Copy those of level ERROR with "
        f"{first} <= time < {last} to ~/errors.log, in their order.",
        [pick.format(">=", first, "<", last)],
        {
            "the end included": [pick.format(">=", first, "<=", last)],
            "the start excluded": [pick.format(">", first, "<", last)],
            "ERROR in the message": [pick.format(">=", first, "<", last).replace('$3 == "ERROR"', "/ERROR/")],
            "all levels": [pick.format(">=", first, "<", last).replace('$3 == "ERROR" && ', "")],
        },
    )


@CATALOGUE.add("join-rotated-logs", "logs", 2)
def _join_rotated_logs(s: Scene) -> Job:
    r = s.rng
    name, count = r.choice(PROJECTS), r.randint(10, 12)
    lines = log_lines(r, 4 * (count + 1))
    s.file(f"log/{name}.log", "\n".join(lines[-4:]) + "\n")
    for number in range(1, count + 1):
        at = len(lines) - 4 * (number + 1)
        text = "\n".join(lines[at : at + 4]) + "\n"
        if number <= 2:
            s.file(f"log/{name}.log.{number}", text)
        else:
            s.file(f"log/{name}.log.{number}.gz", gzipped(text.encode()))
    s.file(f"log/{name}.log.swp", "junk\n")
    s.write("whole.log", "\n".join(lines))
    loop = "for i in $(seq {} -1 3); do zcat log/" + name + ".log.$i.gz; done"
    tail = f"cat log/{name}.log.2 log/{name}.log.1 log/{name}.log"
    return Job(
        f"The log ~/log/{name}.log was rotated: {name}.log.1 is older than {name}.log, {name}.log.2 older still, and so on up to "
        f"{count}; from 3 on the files are gzipped ({name}.log.3.gz). Put all of it together in ~/whole.log, oldest lines first. "
        "The rotated files stay as they are.",
        [f"{{ {loop.format(count)}; {tail}; }} > whole.log"],
        {
            "order of names": [f"{{ for f in log/{name}.log.*.gz; do zcat $f; done; {tail}; }} > whole.log"],
            "newest first": [
                f"{{ cat log/{name}.log log/{name}.log.1 log/{name}.log.2; for i in $(seq 3 {count}); do zcat log/{name}.log.$i.gz; done; }} > whole.log"
            ],
            "without the packed": [f"{tail} > whole.log"],
            "unpacked in place": [
                f"gunzip log/*.gz; {{ for i in $(seq {count} -1 1); do cat log/{name}.log.$i; done; cat log/{name}.log; }} > whole.log"
            ],
        },
    )


@CATALOGUE.add("bytes-by-day", "logs", 2)
def _bytes_by_day(s: Scene) -> Job:
    path, lines = _access_log(s, s.rng.randint(70, 110), s.rng.randint(2, 4))
    totals: dict[str, int] = defaultdict(int)
    for line in lines:
        if 200 <= int(line.split()[8]) < 300:
            stamp = datetime.strptime(line.split("[")[1][:11], "%d/%b/%Y").replace(tzinfo=UTC)
            totals[f"{stamp:%Y-%m-%d}"] += int(line.split()[9].replace("-", "0"))
    s.write("traffic.txt", "\n".join(f"{date} {total}" for date, total in sorted(totals.items())))
    program = python(
        "import collections, datetime",
        "totals = collections.Counter()",
        f"for line in open('{path}'):",
        "    parts = line.split()",
        "    if '200' <= parts[8] < '300':",
        "        date = datetime.datetime.strptime(parts[3][1:12], '%d/%b/%Y').strftime('%Y-%m-%d')",
        "        totals[date] += int(parts[9].replace('-', '0'))",
        "with open('traffic.txt', 'w') as out:",
        "    for date, total in sorted(totals.items()): print(date, total, file=out)",
    )
    return Job(
        f"From the access log ~/{path} (common log format; the last field is the number of bytes, - where there is none), add up "
        "the bytes of all requests with a status of 200 to 299 for each day. Write lines 'YYYY-MM-DD TOTAL' to ~/traffic.txt, sorted "
        "by day; days without such a request are left out.",
        [program],
        {
            "every status": [program.replace("'200' <= parts[8] < '300'", "True")],
            "the date as logged": [
                program.replace(
                    "datetime.datetime.strptime(parts[3][1:12], '%d/%b/%Y').strftime('%Y-%m-%d')", "parts[3][1:12]"
                )
            ],
            "requests counted": [program.replace("int(parts[9].replace('-', '0'))", "1")],
        },
    )


@CATALOGUE.add("slowest-requests", "logs", 2)
def _slowest_requests(s: Scene) -> Job:
    r = s.rng
    count, total = r.randint(4, 7), r.randint(30, 45)
    times = r.sample(range(3, 990), total - 4) + r.sample(range(1000, 20000), 4)
    r.shuffle(times)
    lines = []
    for number, time in enumerate(times):
        lines.append(
            f"id={1000 + number * 3} took={time}ms path=/{r.choice(PROJECTS)}/{r.randint(1, 99)} retries={r.randint(0, 99)}ms"
        )
    s.file("requests.log", "\n".join(lines) + "\n")
    ranked = sorted(range(total), key=lambda number: -times[number])[:count]
    s.write("slow.txt", "\n".join(f"{1000 + number * 3} {times[number]}" for number in ranked))
    cut = "sed -E 's/^id=([0-9]+) took=([0-9]+)ms.*/\\1 \\2/' requests.log"
    return Job(
        f"Each line of ~/requests.log tells how long a request took. Write the {count} slowest to ~/slow.txt, slowest first, as lines "
        "'ID MILLISECONDS' (numbers only, without id= or ms).",
        [f"{cut} | sort -k 2,2nr | head -n {count} > slow.txt"],
        {
            "sorted as text": [f"{cut} | sort -k 2,2r | head -n {count} > slow.txt"],
            "slowest last": [f"{cut} | sort -k 2,2n | tail -n {count} > slow.txt"],
            "one less": [f"{cut} | sort -k 2,2nr | head -n {count - 1} > slow.txt"],
            "the wrong number": [
                f"sed -E 's/^id=([0-9]+).*retries=([0-9]+)ms/\\1 \\2/' requests.log | sort -k 2,2nr | head -n {count} > slow.txt"
            ],
        },
    )


@CATALOGUE.add("time-signed-in", "logs", 3)
def _time_signed_in(s: Scene) -> Job:
    r = s.rng
    names = [name.lower() for name in r.sample(FIRST_NAMES, 6)]
    now = datetime(2024, r.randint(1, 12), r.randint(1, 20), 20, tzinfo=UTC)
    since: dict[str, datetime] = {}
    totals = dict.fromkeys(names, 0)
    lines = []
    for _ in range(60):
        now += timedelta(seconds=r.randint(20, 2400))
        name = r.choice(names)
        if name in since:
            totals[name] += int((now - since.pop(name)).total_seconds())
            lines.append(f"{now:%Y-%m-%dT%H:%M:%SZ} logout user={name}")
        else:
            since[name] = now
            lines.append(f"{now:%Y-%m-%dT%H:%M:%SZ} login user={name}")
        if r.random() < 0.2:
            lines.append(f"{now:%Y-%m-%dT%H:%M:%SZ} failed user={r.choice(names)}")
    for name in [name for name in names if name not in since][:1] or names[:1]:
        if name not in since:
            since[name] = now
            lines.append(f"{now:%Y-%m-%dT%H:%M:%SZ} login user={name}")
    s.file("auth.log", "\n".join(lines) + "\n")
    rows = [
        [name, str(total)] for name, total in sorted(totals.items()) if any(f"user={name}" in line for line in lines)
    ]
    s.write("sessions.csv", [["user", "seconds"], *rows], "csv")
    program = python(
        "import datetime",
        "since, total, last = {}, {}, None",
        "for line in open('auth.log'):",
        "    stamp, what, who = line.split()",
        "    when = last = datetime.datetime.strptime(stamp, '%Y-%m-%dT%H:%M:%SZ')",
        "    name = who[5:]",
        "    total.setdefault(name, 0)",
        "    if what == 'login': since[name] = when",
        "    if what == 'logout': total[name] += int((when - since.pop(name)).total_seconds())",
        "#END",
        "with open('sessions.csv', 'w') as out:",
        "    print('user,seconds', file=out)",
        "    for name in sorted(total): print(f'{name},{total[name]}', file=out)",
    )
    return Job(
        "~/auth.log has logins, logouts and failed attempts of users, in the order of time (UTC). For each user that occurs in it add "
        "up the seconds between each login and the logout that follows; a session that is still open at the end counts nothing. "
        "Write ~/sessions.csv with the header user,seconds, sorted by user.",
        [program],
        {
            "open ones until the end": [
                program.replace(
                    "#END", "for name in since: total[name] += int((last - since[name]).total_seconds()) + 1"
                )
            ],
            "without the date": [program.replace(").total_seconds()", ").seconds - 1")],
            "from failed attempts": [program.replace("what == 'login'", "what != 'logout'")]
            if _failed_inside(lines)
            else [],
        },
    )


def _failed_inside(lines: list[str]) -> bool:
    """Whether an attempt fails while its user is signed in, not in the second of the login, and the session ends."""
    since: dict[str, str] = {}
    moved = set()
    for line in lines:
        stamp, what, user = line.split()
        if what == "login":
            since[user] = stamp
        elif what == "failed" and user in since and stamp != since[user]:
            moved.add(user)
        elif what == "logout":
            if user in moved:
                return True
            since.pop(user, None)
    return False


@CATALOGUE.add("rotate-log", "logs", 2)
def _rotate_log(s: Scene) -> Job:
    r = s.rng
    name, most = r.choice(PROJECTS), r.randint(3, 5)
    for number in range(most + 1):
        s.file(f"log/{name}.log" + (f".{number}" if number else ""), prose(r, 3), mode=0o640 if number == 0 else 0o644)
    s.file(f"log/{name}.err", prose(r, 2))
    for number in range(most):
        s.copy(f"log/{name}.log" + (f".{number}" if number else ""), f"log/{name}.log.{number + 1}")
    s.write(f"log/{name}.log", "", "exact")
    moves = [f"mv {name}.log.{number} {name}.log.{number + 1}" for number in range(most - 1, 0, -1)]
    return Job(
        f"Rotate ~/log/{name}.log by hand: {name}.log becomes {name}.log.1, {name}.log.1 becomes {name}.log.2, and so on; at most "
        f"{most} old files are kept, so what is now {name}.log.{most} is lost. Then there is a new, empty {name}.log.",
        ["cd log", " && ".join([*moves, f"mv {name}.log {name}.log.1", f": > {name}.log"])],
        {
            "upwards": ["cd log", "; ".join([f"mv {name}.log {name}.log.1", *reversed(moves), f": > {name}.log"])],
            "one too many kept": [
                "cd log",
                " && ".join(
                    [
                        f"mv {name}.log.{most} {name}.log.{most + 1}",
                        *moves,
                        f"mv {name}.log {name}.log.1",
                        f": > {name}.log",
                    ]
                ),
            ],
            "no new log": ["cd log", " && ".join([*moves, f"mv {name}.log {name}.log.1"])],
            "the new log not empty": ["cd log", " && ".join([*moves, f"cp {name}.log {name}.log.1"])],
        },
    )


@CATALOGUE.add("mask-secrets", "logs", 2)
def _mask_secrets(s: Scene) -> Job:
    r = s.rng
    key = r.choice(("token", "password", "apikey"))
    names = words(r, 5)
    for number, name in enumerate(names[:4]):
        lines = []
        for _ in range(5):
            values = ["".join(r.choice("abcdefXYZ0123456789-_") for _ in range(r.randint(6, 14))) for _ in range(2)]
            lines.append(f"{r.choice(MESSAGES)} {key}={values[0]} user={r.choice(names)}&{key}={values[1]};ok")
            lines.append(f"{sentence(r)} my{key}={values[1]} {key}s=3 {key} = none")
        path = f"logs/{'old/' if number % 2 else ''}{name}.log"
        body = "\n".join(lines) + "\n"
        s.file(path, body)
        s.rewrite(path, re.sub(rf"\b{key}=[A-Za-z0-9_-]+", f"{key}=***", body))
    s.file(f"logs/{names[4]}.txt", f"{key}=visible\n")
    edit = f"find logs -name '*.log' -exec sed -i -E 's/\\b{key}=[A-Za-z0-9_-]+/{key}=***/g' {{}} +"
    return Job(
        f"In all .log files below ~/logs, at any depth, replace the value in every {key}=VALUE by *** (so that it reads {key}=***). "
        f"A value is a run of letters, digits, _ and -. '{key}' must be a whole word: my{key}=... stays.",
        [edit],
        {
            "once a line": [edit.replace("/g'", "/'")],
            "the rest of the line": [edit.replace("[A-Za-z0-9_-]+/", ".*/")],
            "parts of words": [edit.replace("\\b", "")],
            "only the top": [f"sed -i -E 's/\\b{key}=[A-Za-z0-9_-]+/{key}=***/g' logs/*.log"],
        },
    )
