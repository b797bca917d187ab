"""That there is one solution, shown by plain searches over what the prompt says, written without looking at the solvers."""

import re
from collections.abc import Callable, Iterator
from itertools import groupby, permutations, product

import pytest

import textgym
from textgym.core import Task

TASKS = range(8)


def tasks(name: str, **knobs: object) -> Iterator[tuple[textgym.TextEnv, Task]]:
    env = textgym.make(f"textgym/{name}-v0", **knobs)
    for index in TASKS:
        yield env, env.task("train", index)


def earns(env: textgym.TextEnv, task: Task, answer: str) -> float:
    live = env.start(task)
    live.step(f"I think so. <answer>{answer}</answer>")
    return live.total


def body(task: Task) -> str:
    return task.prompt.partition("\n\nReply with")[0]


# -- Zebra -------------------------------------------------------------------------------------------------------------

SAID: list[tuple[str, Callable[[int, int], bool]]] = [
    (r"there is exactly one house between those of (.+) and (.+)", lambda a, b: abs(a - b) == 2),
    (r"(.+) does not live in house (\d)", lambda a, b: a != b),
    (r"(.+) lives in house (\d)", lambda a, b: a == b),
    (r"(.+) lives next to (.+)", lambda a, b: abs(a - b) == 1),
    (r"(.+) lives directly left of (.+)", lambda a, b: a + 1 == b),
    (r"(.+) lives somewhere left of (.+)", lambda a, b: a < b),
    (r"(.+) is not (.+)", lambda a, b: a != b),
    (r"(.+) is (.+)", lambda a, b: a == b),
]


def zebra_solutions(task: Task, left_out: int | None = None) -> list[str]:
    values: list[list[str]] = task.data["values"]
    houses = range(1, len(values[0]) + 1)
    known = [name for names in values for name in names]

    def bearer(text: str) -> str:
        return next(name for name in known if re.search(rf"\b{name}\b", text, re.IGNORECASE))

    clues = []
    for line in body(task).split("The clues:\n\n")[1].split("\n\n")[0].split("\n"):
        number, _, said = line.partition(". ")
        pattern, holds = next(
            (pattern, holds) for pattern, holds in SAID if re.fullmatch(pattern, said.rstrip("."), re.IGNORECASE)
        )
        match = re.fullmatch(pattern, said.rstrip("."), re.IGNORECASE)
        assert match is not None
        one, two = match.groups()
        if int(number) != left_out:
            clues.append((bearer(one), int(two) if two.isdigit() else bearer(two), holds))
    found = []
    for orders in product(*(permutations(names) for names in values)):
        at = {name: house for order in orders for house, name in zip(houses, order, strict=True)}
        if all(holds(at[one], two if isinstance(two, int) else at[two]) for one, two, holds in clues):
            found.append("; ".join(", ".join(house) for house in zip(*orders, strict=True)))
    return found


def test_zebra_has_one_solution_and_no_clue_too_many() -> None:
    for env, task in tasks("Zebra", houses=3, attributes=3):
        assert zebra_solutions(task) == [task.secret["answer"]]
        for number in range(1, int(task.difficulty) + 1):  # type: ignore[arg-type]
            assert len(zebra_solutions(task, left_out=number)) > 1
        assert earns(env, task, task.secret["answer"].upper().replace("; ", "\n")) == 1.0
        houses = task.secret["answer"].split("; ")
        assert earns(env, task, "; ".join(houses[::-1])) == 0.0
        assert earns(env, task, "; ".join(houses[:-1])) == 0.0


def test_zebra_with_four_houses_and_all_kinds_of_clues() -> None:
    for positions in (0.0, 1.0):
        for _, task in list(tasks("Zebra", houses=4, attributes=3, positions=positions))[:3]:
            assert zebra_solutions(task) == [task.secret["answer"]]


# -- KnightsKnaves -----------------------------------------------------------------------------------------------------


def true_of(said: str, knights: set[str], names: list[str]) -> bool:
    def atom(text: str) -> bool:
        match = re.fullmatch(r"(\w+) is a (knight|knave)", text)
        assert match is not None
        return (match[1] in knights) == (match[2] == "knight")

    said = said.rstrip(".")
    if match := re.fullmatch(r"(Exactly|At least|At most) (\d+) of us (?:is a knight|are knights)", said):
        count = int(match[2])
        return {"Exactly": len(knights) == count, "At least": len(knights) >= count, "At most": len(knights) <= count}[
            match[1]
        ]
    if match := re.fullmatch(r"(\w+) and (\w+) are of (the same kind|different kinds)", said):
        return ((match[1] in knights) == (match[2] in knights)) == (match[3] == "the same kind")
    if match := re.fullmatch(r"If (.+), then (.+)", said):
        return not atom(match[1]) or atom(match[2])
    if match := re.fullmatch(r"(.+) if and only if (.+)", said):
        return atom(match[1]) == atom(match[2])
    if match := re.fullmatch(r"(.+) and (.+)", said):
        return atom(match[1]) and atom(match[2])
    if match := re.fullmatch(r"(.+) or (.+)", said):
        return atom(match[1]) or atom(match[2])
    return atom(said)


@pytest.mark.parametrize("knobs", [{"people": 3}, {"people": 6, "compound": 1.0}, {"people": 8}])
def test_one_assignment_of_knights_fits_what_everybody_says(knobs: dict[str, object]) -> None:
    for env, task in tasks("KnightsKnaves", **knobs):
        names: list[str] = task.data["names"]
        says = dict(re.findall(r"- (\w+) says: (.+)", task.prompt))
        assert set(says) == set(names)
        possible = []
        for kinds in product((True, False), repeat=len(names)):
            knights = {name for name, knight in zip(names, kinds, strict=True) if knight}
            if all(true_of(said, knights, names) == (name in knights) for name, said in says.items()):
                possible.append(knights)
        assert len(possible) == 1
        right = possible[0]
        assert earns(env, task, ", ".join(sorted(right, reverse=True)).lower() or "none") == 1.0
        assert earns(env, task, ", ".join(sorted(set(names) - right)) or "none") == 0.0


# -- boards ------------------------------------------------------------------------------------------------------------


def fill(blank: str, choices: str, lawful: Callable[[list[str], int], bool]) -> list[str]:
    """All ways to fill the dots in reading order such that every prefix is lawful."""
    found: list[str] = []

    def go(cells: list[str], at: int) -> None:
        if at == len(blank):
            found.append("".join(cells))
            return
        for sign in blank[at] if blank[at] != "." else choices:
            cells.append(sign)
            if lawful(cells, at):
                go(cells, at + 1)
            cells.pop()

    go([], 0)
    return found


def repeats(cells: list[str], at: int, size: int) -> bool:
    row, column = divmod(at, size)
    before = [cells[other] for other in range(at) if other // size == row or other % size == column]
    return cells[at] in before


def plain(answer: str) -> str:
    return "".join(answer.split())


@pytest.mark.parametrize("difficulty", ["easy", "medium"])
def test_futoshiki_has_one_solution(difficulty: str) -> None:
    for env, task in tasks("Futoshiki", difficulty=difficulty):
        board = body(task).split("\n\n", 1)[1].split("\n")
        size = len(board[0]) // 4 + 1
        rows = [line.ljust(4 * size) for line in board]
        blank = "".join(rows[2 * row][4 * column] for row in range(size) for column in range(size))

        def lawful(cells: list[str], at: int, rows: list[str] = rows, size: int = size) -> bool:
            row, column = divmod(at, size)
            if repeats(cells, at, size):
                return False
            if column:
                sign = rows[2 * row][4 * column - 2]
                if (sign == "<" and cells[at - 1] >= cells[at]) or (sign == ">" and cells[at - 1] <= cells[at]):
                    return False
            if row:
                sign = rows[2 * row - 1][4 * column]
                if (sign == "^" and cells[at - size] >= cells[at]) or (sign == "v" and cells[at - size] <= cells[at]):
                    return False
            return True

        assert fill(blank, "123456"[:size], lawful) == [plain(task.secret["answer"])]
        assert earns(env, task, plain(task.secret["answer"])) == 1.0
        assert earns(env, task, plain(task.secret["answer"]).translate(str.maketrans("12", "21"))) == 0.0


def seen_from(heights: str) -> int:
    return sum(all(height > before for before in heights[:at]) for at, height in enumerate(heights))


@pytest.mark.parametrize("knobs", [{"size": 4}, {"size": 4, "views": 8, "givens": 10}])
def test_skyscrapers_have_one_solution(knobs: dict[str, object]) -> None:
    size = 4
    squares = fill("." * 16, "1234", lambda cells, at: not repeats(cells, at, size))
    assert len(squares) == 576
    for env, task in tasks("Skyscrapers", **knobs):
        board = body(task).split("\n\n", 1)[1].split("\n")
        top, bottom = board[0].split(), board[-1].split()
        inner = [re.fullmatch(r"(.) \| (.*) \| (.)", line) for line in board[2:-2]]
        assert all(inner)
        left, cells, right = ([match[group] for match in inner if match] for group in (1, 2, 3))
        blank = plain(" ".join(cells))

        def fits(square: str, clues: tuple[list[str], ...] = (top, bottom, left, right), blank: str = blank) -> bool:
            rows = [square[at : at + size] for at in range(0, 16, size)]
            columns = ["".join(column) for column in zip(*rows, strict=True)]
            looks = (columns, [c[::-1] for c in columns], rows, [r[::-1] for r in rows])
            return all(sign in (".", own) for sign, own in zip(blank, square, strict=True)) and all(
                clue in (".", str(seen_from(line)))
                for side, lines in zip(clues, looks, strict=True)
                for clue, line in zip(side, lines, strict=True)
            )

        assert [square for square in squares if fits(square)] == [plain(task.secret["answer"])]
        assert earns(env, task, task.secret["answer"]) == 1.0


def test_binairo_has_one_solution() -> None:
    size = 6
    for env, task in tasks("Binairo", size=size, givens=0):
        blank = plain(body(task).split("\n\n", 1)[1])

        def lawful(cells: list[str], at: int) -> bool:
            row, column = divmod(at, size)
            lines = ["".join(cells[row * size :]), "".join(cells[column::size])]
            if any(line.endswith(("000", "111")) or max(line.count("0"), line.count("1")) > 3 for line in lines):
                return False
            rows = ["".join(cells[start : start + size]) for start in range(0, at + 1, size)]
            full = [line for line in rows if len(line) == size]
            columns = ["".join(cells[start::size]) for start in range(size)] if at + 1 == size * size else []
            return len(set(full)) == len(full) and len(set(columns)) == len(columns)

        assert fill(blank, "01", lawful) == [plain(task.secret["answer"])]
        flipped = plain(task.secret["answer"]).translate(str.maketrans("01", "10"))
        assert earns(env, task, flipped) == 0.0


def test_nonograms_have_one_picture() -> None:
    size = 5
    for env, task in tasks("Nonogram", size=size):
        clues = {
            kind: [[int(part) for part in line.split()] for line in re.findall(rf"{kind} \d+: ([\d ]+)", task.prompt)]
            for kind in ("Row", "Column")
        }
        runs = [[run for run in clue if run] for clue in clues["Row"] + clues["Column"]]

        def lengths(line: str) -> list[int]:
            return [len(list(group)) for sign, group in groupby(line) if sign == "#"]

        rows = [
            [line for line in map("".join, product("#.", repeat=size)) if lengths(line) == run] for run in runs[:size]
        ]
        pictures = [
            "\n".join(lines)
            for lines in product(*rows)
            if all(lengths("".join(column)) == runs[size + at] for at, column in enumerate(zip(*lines, strict=True)))
        ]
        assert pictures == [task.secret["answer"]]
        assert earns(env, task, pictures[0]) == 1.0


@pytest.mark.parametrize("size", [4, 5])
def test_kakuro_has_one_solution(size: int) -> None:
    for env, task in tasks("Kakuro", size=size):
        blank = plain(body(task).split("\n\n")[1])
        sums = []
        for kind, line, first, last, total in re.findall(r"(Row|Column) (\d), \w+ (\d) to (\d): (\d+)", task.prompt):
            span = range(int(first) - 1, int(last))
            fixed = int(line) - 1
            sums.append(([fixed * size + at if kind == "Row" else at * size + fixed for at in span], int(total)))

        def lawful(cells: list[str], at: int, sums: list[tuple[list[int], int]] = sums) -> bool:
            for run, total in sums:
                if at in run:
                    digits = [int(cells[cell]) for cell in run if cell <= at]
                    if len(set(digits)) < len(digits) or sum(digits) > total:
                        return False
                    if run[-1] == at and sum(digits) != total:
                        return False
            return True

        assert fill(blank, "123456789", lawful) == [plain(task.secret["answer"])]
        assert earns(env, task, task.secret["answer"].replace(" ", ",")) == 1.0


# -- SatAssignment -----------------------------------------------------------------------------------------------------


def test_every_satisfying_assignment_is_right_and_no_other_and_they_are_few() -> None:
    for env, task in tasks("SatAssignment", variables=6, clauses=25):
        lines = body(task).split("\n\n")[1].split("\n")
        clauses = [[int(part.replace("not x", "-").replace("x", "")) for part in line.split(" or ")] for line in lines]
        right = 0
        for signs in product((1, -1), repeat=6):
            chosen = {sign * variable for variable, sign in enumerate(signs, 1)}
            satisfied = all(any(literal in chosen for literal in clause) for clause in clauses)
            right += satisfied
            assert earns(env, task, ", ".join(map(str, chosen))) == float(satisfied)
        assert 1 <= right <= 0.03 * 64
        assert earns(env, task, "1 2 3 4 5 6") == earns(env, task, "-1 -2 -3 -4 -5 -6") == 0.0
