"""Schedules: crontabs as files, and what is due, kept or expired by date."""

from datetime import date, datetime, timedelta

from textgym.envs.code.terminal.material import FIRST_NAMES, PROJECTS, day, prose, words
from textgym.envs.code.terminal.scene import Catalogue, Job, Scene, python

CATALOGUE = Catalogue()


@CATALOGUE.add("jobs-at-time", "schedules", 3)
def _jobs_at_time(s: Scene) -> Job:
    r = s.rng
    when = datetime(2024, r.randint(1, 12), r.randint(1, 28), r.randint(1, 22), r.choice((0, 15, 30, 45)))
    weekday = when.isoweekday() % 7
    names = words(r, 12)
    minute, hour = str(when.minute), str(when.hour)
    fields = [
        (minute, hour, "*", "*", "*", True),
        ("*/15", "*", "*", "*", "*", True),
        (f"{(when.minute + 7) % 60}", hour, "*", "*", "*", False),
        (minute, f"{max(0, when.hour - 1)}-{when.hour}", "*", "*", "*", True),
        (minute, f"{when.hour + 1}-23", "*", "*", "*", False),
        (minute, hour, "*", "*", str(weekday), True),
        (minute, hour, "*", "*", str((weekday + 1) % 7), False),
        (minute, hour, str(when.day), str(when.month), "*", True),
        (minute, hour, str(when.day % 28 + 1), "*", "*", False),
        (f"3,{when.minute},59", f"2,{when.hour}", "*", "*", "*", True),
        ("*/7", hour, "*", "*", "*", when.minute % 7 == 0),
        (minute, "*", "*", str(when.month % 12 + 1), "*", False),
    ]
    rows = [
        (" ".join(parts[:5]) + f" /usr/local/bin/{name}", name, parts[5])
        for parts, name in zip(fields, names, strict=True)
    ]
    r.shuffle(rows)
    lines = ["# m h dom mon dow command", "MAILTO=root"]
    for line, _, _ in rows:
        lines += [line, *([f"#{line}x"] if r.random() < 0.2 else [])]
    s.file("crontab", "\n".join(lines) + "\n")
    s.write("due.txt", "\n".join(sorted(name for _, name, due in rows if due)))
    program = python(
        f"now = ({when.minute}, {when.hour}, {when.day}, {when.month}, {weekday})",
        "def fits(field, value):",
        "    for part in field.split(','):",
        "        part, _, step = part.partition('/')",
        "        low, _, high = part.partition('-')",
        "        first, last = (0, 59) if low == '*' else (int(low), int(high or low))",
        "        if first <= value <= last and (value - first) % int(step or 1) == 0: return True",
        "    return False",
        "due = []",
        "for line in open('crontab'):",
        "    parts = line.split()",
        "    if line.startswith('#') or len(parts) < 6: continue",
        "    if all(fits(f, v) for f, v in zip(parts, now)): due.append(parts[5].rpartition('/')[2])",
        "open('due.txt', 'w').write('\\n'.join(sorted(due)) + '\\n')",
    )
    return Job(
        f"~/crontab has the usual five fields (minute, hour, day of month, month, day of week with 0 for Sunday) and a command; there are "
        f"lists (1,2), ranges (1-5) and steps (*/15). Which commands run at {when:%Y-%m-%d %H:%M}, a {when:%A}? No line restricts both the day of "
        "month and the day of week. Write their names, without the path, to ~/due.txt, sorted, one a line.",
        [program],
        {
            "no steps": [program.replace("(value - first) % int(step or 1) == 0", "(not step or value == 0)")]
            if when.minute
            else [program.replace("(value - first) % int(step or 1) == 0", "not step")],
            "no weekdays": [program.replace("zip(parts, now)", "zip(parts[:4], now)")],
            "commented ones": [
                program.replace("line.startswith('#') or ", "").replace("line.split()", "line.lstrip('#').split()")
            ]
            if any(line.startswith("#") and "/" in line for line in lines)
            else [],
            "no ranges": [program.replace("int(high or low)", "int(low)")],
            "an hour later": [program.replace(f"({when.minute}, {when.hour},", f"({when.minute}, {when.hour + 1},")],
        },
    )


@CATALOGUE.add("edit-crontab", "schedules", 2)
def _edit_crontab(s: Scene) -> Job:
    r = s.rng
    names = r.sample(PROJECTS, 7)
    lines, fixed = ["# nightly jobs", "PATH=/usr/bin"], ["# nightly jobs", "PATH=/usr/bin"]
    hour, minute = r.randint(0, 23), r.randint(0, 59)
    off = names[2]
    for number, name in enumerate(names[:6]):
        line = f"{r.randint(0, 59)} {r.randint(0, 23)} * * {r.choice(('*', '1-5', '0'))} /opt/bin/{name} --daily"
        parts = line.split(" ", 2)
        lines.append(line)
        fixed.append(f"{minute} {hour} {parts[2]}" if number == 0 else f"#{line}" if number == 2 else line)
    for line in (
        f"5 4 * * * /opt/bin/{names[0]}-report",
        f"#1 1 * * * /opt/bin/{names[0]} --daily",
        f"9 9 1 * * /opt/bin/un{off} --daily",
    ):
        lines.append(line)
        fixed.append(line)
    s.file("crontab.txt", "\n".join(lines) + "\n")
    s.rewrite("crontab.txt", "\n".join(fixed) + "\n")
    move = f"sed -i -E 's#^[0-9]+ [0-9]+ (.*/opt/bin/{names[0]} )#{minute} {hour} \\1#' crontab.txt"
    stop = f"sed -i -E '/^[0-9].*\\/bin\\/{off} /s/^/#/' crontab.txt"
    return Job(
        f"In ~/crontab.txt (minute, hour, day of month, month, day of week, command), let the job /opt/bin/{names[0]} run at "
        f"{hour:02d}:{minute:02d} on its days (write the numbers without leading zeros), and switch the job /opt/bin/{off} off by a # in front "
        "of its line. Lines that are switched off already and other commands stay.",
        [move, stop],
        {
            "hour and minute exchanged": [move.replace(f"#{minute} {hour} ", f"#{hour} {minute} "), stop]
            if hour != minute
            else [],
            "other commands too": [move.replace(f"{names[0]} )", f"{names[0]})"), stop],
            "deleted": [move, stop.replace("/s/^/#/", "/d")],
            "the end of a name": [move, stop.replace("\\/bin\\/", "")],
        },
    )


@CATALOGUE.add("expire-by-date", "schedules", 2)
def _expire_by_date(s: Scene) -> Job:
    r = s.rng
    days = r.choice((14, 30, 45, 60))
    today = day(r).replace(day=r.randint(3, 27)) + timedelta(
        days=days
    )  # the limit is no first of a month, nor the day before
    name = r.choice(PROJECTS)
    limit = today - timedelta(days=days)
    dates: dict[date, None] = {
        limit: None,
        limit - timedelta(days=1): None,
        limit + timedelta(days=1): None,
        today: None,
    }
    while len(dates) < 14:
        dates[today - timedelta(days=r.randint(1, 160))] = None
    firsts = [(today.replace(day=1) - timedelta(days=70 + 31 * k)).replace(day=1) for k in range(2)]
    for each in [*dates, *firsts]:
        path = f"backup/{name}-{each}.tar"
        if path not in s.tree:
            s.file(path, prose(r, 1))
            if each < limit and each.day != 1:
                s.remove(path)
    s.file(f"backup/{name}-latest.tar", prose(r, 1))
    s.file(f"backup/other-{firsts[0].replace(day=9)}.tar", prose(r, 1))
    loop = (
        f"limit=$(date -u -d '{today} - {days} days' +%F); for f in backup/{name}-[0-9]*.tar; do d=${{f#backup/{name}-}}; d=${{d%.tar}}; "
        'if [[ $d < $limit && $d != *-01 ]]; then rm "$f"; fi; done'
    )
    return Job(
        f"The files ~/backup/{name}-YYYY-MM-DD.tar are backups of those days. Today is {today}. Delete the backups of more than {days} days "
        f"ago, but keep those of the first day of a month. A backup that is exactly {days} days old stays, and so do all other files.",
        [loop],
        {
            "that day too": [loop.replace("[[ $d < $limit &&", "[[ ! $d > $limit &&")],
            "the firsts as well": [loop.replace(" && $d != *-01", "")],
            "a day too late": [loop.replace(f"- {days} days", f"- {days + 1} days")],
            "every name": [
                loop.replace(f"backup/{name}-[0-9]*.tar", "backup/*.tar").replace(f"#backup/{name}-", "#backup/*-")
            ],
        },
    )


@CATALOGUE.add("keep-last-backups", "schedules", 2)
def _keep_last_backups(s: Scene) -> Job:
    r = s.rng
    count = r.randint(2, 3)
    hosts = words(r, 3)
    hosts.append(f"{hosts[0]}-db")
    for number, host in enumerate(hosts):
        taken = r.sample(range(9, 120), count + 2 if number != 1 else count)
        for place, serial in enumerate(sorted(taken, reverse=True)):
            path = s.file(f"dumps/{host}.{serial}.sql", prose(r, 1))
            if place >= count:
                s.remove(path)
        if number == 0:
            path = s.file(f"dumps/{host}.8.sql", prose(r, 1))
            s.remove(path)
    s.file(f"dumps/{hosts[2]}.sql", prose(r, 1))
    s.file(f"dumps/{hosts[2]}.7.sql.part", prose(r, 1))
    keep = f"ls | grep -E '^[^.]+\\.[0-9]+\\.sql$' | sed 's/\\..*//' | sort -u | while read -r h; do ls | grep -E \"^$h\\.[0-9]+\\.sql$\" | sort {{}} | head -n -{count} | xargs -r rm --; done"
    return Job(
        f"~/dumps has dumps named HOST.NUMBER.sql. Of each host keep the {count} with the highest numbers and delete the others. Files with "
        "other names stay.",
        ["cd dumps", keep.format("-t. -k2,2n")],
        {
            "numbers as text": ["cd dumps", keep.format("-t. -k2,2")] if _text_order_differs(s, count) else [],
            "the lowest kept": ["cd dumps", keep.format("-t. -k2,2nr")],
            "one less": ["cd dumps", keep.format("-t. -k2,2n").replace(f"-n -{count}", f"-n -{count - 1}")],
            "all hosts together": [
                "cd dumps",
                f"ls | grep -E '^[^.]+\\.[0-9]+\\.sql$' | sort -t. -k2,2n | head -n -{count} | xargs -r rm --",
            ],
        },
    )


def _text_order_differs(s: Scene, count: int) -> bool:
    """Whether the highest numbers of a host are others when they are compared as text."""
    numbers: dict[str, list[str]] = {}
    for path in s.files("dumps", ".sql"):
        parts = path.removeprefix("dumps/").split(".")
        if len(parts) == 3:
            numbers.setdefault(parts[0], []).append(parts[1])
    return any(set(sorted(each)[-count:]) != set(sorted(each, key=int)[-count:]) for each in numbers.values())


@CATALOGUE.add("next-on-duty", "schedules", 2)
def _next_on_duty(s: Scene) -> Job:
    r = s.rng
    names = r.sample(FIRST_NAMES, 6)
    start = day(r)
    rows, at = [], start
    for number in range(14):
        rows.append((at, at + timedelta(days=r.randint(0, 5)), names[number % 6]))
        at = rows[-1][1] + timedelta(days=2 if number == 9 else r.randint(1, 3))
    asked = [rows[3][0], rows[7][1], rows[9][1] + timedelta(days=1), rows[11][0], rows[5][1] + timedelta(days=1)]
    answers = []
    for each in asked:
        found = [name for first, last, name in rows if first <= each <= last]
        answers.append(f"{each} {found[0] if found else 'nobody'}")
    shuffled = list(rows)
    r.shuffle(shuffled)
    s.file("duty.txt", "".join(f"{first}..{last} {name}\n" for first, last, name in shuffled))
    s.file("days.txt", "".join(f"{each}\n" for each in asked))
    s.write("answers.txt", "\n".join(answers))
    program = (
        "while read -r d; do awk -v d=$d '{ split($1, t, /\\.\\./) } t[1] <= d && d <= t[2] { n = $2 } END { print d, (n ? n : \"nobody\") }' "
        "duty.txt; done < days.txt > answers.txt"
    )
    return Job(
        "A line 'FIRST..LAST NAME' of ~/duty.txt says that NAME is on duty from the day FIRST to the day LAST, both included; periods do not "
        "overlap, and some days have nobody. For each day in ~/days.txt write a line 'DAY NAME' to ~/answers.txt, in the same order, with nobody "
        "where nobody is on duty.",
        [program],
        {
            "without the last day": [program.replace("d <= t[2]", "d < t[2]")],
            "without the first day": [program.replace("t[1] <= d", "t[1] < d")],
            "days of nobody left out": [program + "; sed -i /nobody/d answers.txt"],
        },
    )
