"""Small interpreters, automata and simulators."""

from typing import Any

from textgym.core import Random
from textgym.envs.code.functions.draws import many, whole, wholes, word
from textgym.envs.code.functions.family import Family


def _orders(rng: Random) -> list[Any]:
    def order() -> str:
        name = rng.choice(["inc", "inc", "dec", "copy", "jump", "jump"])
        return name + " " + (str(rng.choice([-3, -2, -1, 2, 2, 3])) if name == "jump" else rng.choice("ab"))

    return [many(rng, 8, order), whole(rng, 0, 5)]


def _automaton(rng: Random) -> list[Any]:
    size = rng.randint(1, 4)
    table = [[rng.choice([-1, *range(size), *range(size)]) for _ in range(2)] for _ in range(size)]
    return [table, word(rng, "ab", 9)]


def _rewriting(rng: Random) -> list[Any]:
    rules = many(rng, 3, lambda: [rng.choice(["a", "b", "ab", "ba", "aa", "bb"]), word(rng, "abc", 2)])
    return [word(rng, "abab", 7), rules]


FAMILIES = (
    Family(
        says=(
            "Run `program` with the registers a and b; a begins with the number `start`, b with 0. 'inc r' adds 1 to register r, 'dec r' "
            "takes 1 off it$floor, 'copy r' puts the value of the other register into r, and 'jump n' goes n orders forward, or back if "
            "n is negative, if a is above 0 (else on to the next). It ends outside of the program, or after 40 orders. Return $what.",
            "Execute the orders of `program` until the place of the next one lies outside of it or 40 have been executed. There are two "
            "registers, a (at first `start`) and b (at first 0). inc and dec change the register named by 1$floor; copy sets the register "
            "named to the value of the other one; 'jump n' moves on by n places where a > 0, otherwise by 1 like all others. "
            "Return $what.",
        ),
        source="""
def run_registers(program: list[str], start: int) -> list[int]:
    held = {"a": start, "b": 0}
    place = 0
    done = 0
    while 0 <= place < len(program) and done < 40:
        done += 1
        name, value = program[place].split(" ")
        move = 1
        if name == "inc":
            held[value] += 1
        elif name == "dec":
            if held[value] > $floor_value:
                held[value] -= 1
        elif name == "copy":
            held[value] = held["b" if value == "a" else "a"]
        elif held["a"] > 0:
            move = int(value)
        place += move
    return $result
""",
        variants=tuple(
            {"floor": floor, "floor_value": value, "what": what, "result": result}
            for floor, value in ((" unless it is 0", "0"), (" unless it is -2", "-2"))
            for what, result in (
                ("[a, b] at the end", '[held["a"], held["b"]]'),
                ("[the place, from 0, of the order that would be next, how many were executed]", "[place, done]"),
            )
        ),
        inputs=_orders,
        examples=(
            ([["inc b", "dec a", "jump -2"], 3], [0, 3]),
            ([[], 2], [2, 0]),
            ([["copy b", "dec a"], 0], [0, 0]),
        ),
        difficulty=4,
    ),
    Family(
        says=(
            "Cells in `row` are '#' or '.'. In each of `steps` rounds all cells change at once: a cell is '#' afterwards if $rule. Beyond the "
            "ends of the row there is $edge. Return the row after the last round.",
            "Let `row`, a text of '#' and '.', change `steps` times. Of all cells at the same time, those become '#' for which it holds "
            "that $rule, and all others '.'. Next to the two ends of the row comes $edge. Return what `row` has become.",
        ),
        source="""
def evolve_cells(row: str, steps: int) -> str:
    cells = row
    for _ in range(steps):
        following = ""
        for i, cell in enumerate(cells):
            left = cells[i - 1] if i > 0 else $first
            right = cells[i + 1] if i + 1 < len(cells) else $last
            if $test:
                following += "#"
            else:
                following += "."
        cells = following
    return cells
""",
        variants=tuple(
            {"rule": rule, "test": test, "edge": edge, "first": first, "last": last}
            for rule, test in (
                ("exactly one of its two neighbours is '#'", "left != right"),
                (
                    "it is '#' and at least one neighbour is '.', or it is '.' and its right neighbour is '#'",
                    '(cell == "#" and left + right != "##") or (cell == "." and right == "#")',
                ),
                (
                    "at least two of itself and its two neighbours are '#'",
                    '(left + cell + right).count("#") >= 2',
                ),
            )
            for edge, first, last in (
                ("'.'", '"."', '"."'),
                ("the cell of the other end, as in a ring", "cells[-1]", "cells[0]"),
            )
        ),
        inputs=lambda rng: [word(rng, "#..", 14), rng.randint(0, 4)],
        examples=((["..#..", 1], ".#.#."), (["", 3], ""), (["#", 1], ".")),
        difficulty=3,
    ),
    Family(
        says=(
            "An automaton is in state 0. Reading `text` character by character, it goes from state s to table[s][0] with an 'a' and to "
            "table[s][1] with a 'b'; where `table` has -1, $stuck. Return $what.",
            "Follow `text`, of letters a and b, through the automaton `table`: row s holds the state that follows state s after an 'a', "
            "and the one after a 'b'; -1 means that $stuck. It starts in state 0. Return $what.",
        ),
        source="""
def follow_states(table: list[list[int]], text: str) -> $kind:
    state = 0
    visits = [0] * len(table)
    visits[0] = 1
    for char in text:
        other = table[state]["ab".index(char)]
        if other < 0:
            $otherwise
        state = other
        visits[state] += 1
    return $result
""",
        variants=tuple(
            {"stuck": stuck, "otherwise": otherwise, "what": what, "kind": kind, "result": result}
            for stuck, otherwise in (
                ("the reading ends", "break"),
                ("the character is passed over", "continue"),
                ("it goes back to state 0", "other = 0"),
            )
            for what, kind, result in (
                ("the state at the end", "int", "state"),
                (
                    "how often each state was entered, the beginning in state 0 being once",
                    "list[int]",
                    "visits",
                ),
            )
        ),
        inputs=_automaton,
        examples=(([[[1, 0], [1, -1]], "aab"], 1), ([[[-1, 0]], ""], 0), ([[[1, 0], [0, 1]], "ba"], 1)),
        difficulty=2,
    ),
    Family(
        says=(
            "Rewrite `text` with `rules`, each [old, new]: in every step take the first rule in the list whose old text occurs, and replace "
            "its $which occurrence by the new text. Stop when no rule fits, after $most steps, or when the text has more than 20 "
            "characters. Return $what.",
            "Apply `rules`, pairs [old, new] of texts, to `text`, at most $most times: each time the first rule of the list whose old part is "
            "found anywhere replaces the $which place where it is found. As soon as nothing is found, or the text is longer than 20 "
            "characters, it is over. Return $what.",
        ),
        source="""
def rewrite_text(text: str, rules: list[list[str]]) -> $kind:
    steps = 0
    fits = True
    while fits and steps < $most and len(text) <= 20:
        fits = False
        for old, new in rules:
            place = text.$find(old)
            if place >= 0:
                text = text[:place] + new + text[place + len(old) :]
                steps += 1
                fits = True
                break
    return $result
""",
        variants=tuple(
            {"which": which, "find": find, "most": most, "what": what, "kind": kind, "result": result}
            for which, find in (("first", "find"), ("last", "rfind"))
            for most, what, kind, result in (
                ("9", "the text at the end", "str", "text"),
                ("5", "the text at the end", "str", "text"),
                ("30", "how many replacements were made", "int", "steps"),
            )
        ),
        inputs=_rewriting,
        examples=((["aab", [["ab", "ba"]]], "baa"), (["", []], ""), (["ab", [["b", "c"]]], "ac")),
        difficulty=3,
    ),
    Family(
        says=(
            "Somebody types `keys` into an empty line: '<' and '>' move the cursor one place to the left and right, as far as that goes, '#' "
            "deletes the character $side the cursor, if there is one, and every other character is put in at the cursor, which then "
            "stands behind it$mode. Return the line.",
            "Simulate an editor with one line, at first empty. Of `keys`, '<' and '>' move the cursor to the left and right (not beyond the "
            "ends), '#' removes the character directly $side the cursor where there is one, other characters are typed at the cursor "
            "and move it behind them$mode. Return what the line holds at the end.",
        ),
        source="""
def type_keys(keys: str) -> str:
    line: list[str] = []
    cursor = 0
    for key in keys:
        if key == "<":
            cursor = max(0, cursor - 1)
        elif key == ">":
            cursor = min(len(line), cursor + 1)
        elif key == "#":
            if $can:
                $remove
        else:
            if $over and cursor < len(line):
                line.pop(cursor)
            line.insert(cursor, key)
            cursor += 1
    return "".join(line)
""",
        variants=tuple(
            {"side": side, "can": can, "remove": remove, "mode": mode, "over": over}
            for side, can, remove in (
                ("before", "cursor > 0", "cursor -= 1\n                line.pop(cursor)"),
                ("behind", "cursor < len(line)", "line.pop(cursor)"),
            )
            for mode, over in (
                ("", "False"),
                (", in place of the character that stood there, if there was one", "True"),
                (
                    "; a capital takes the place of the character behind the cursor, if there is one",
                    "key.isupper()",
                ),
            )
        ),
        inputs=lambda rng: [word(rng, "abCD<<>#", 14)],
        examples=((["ab<C#d"], "adb"), (["#<>"], ""), (["ab<<#"], "ab")),
        difficulty=3,
    ),
    Family(
        says=(
            "Jump through `offsets`: stand on the first place and go forward by its number, or back by a negative one, and so on, until "
            "you are outside of the list, $most jumps at most. After each jump, the number that was used $change. Return $what.",
            "Starting at place 0 of `offsets`, jump again and again by the number at the current place (to the left if negative). A number "
            "$change once it was used. The end is reached outside of the list or after $most jumps. Return $what.",
        ),
        source="""
def jump_around(offsets: list[int]) -> int:
    left = list(offsets)
    place = 0
    jumps = 0
    while 0 <= place < len(left) and jumps < $most:
        move = left[place]
        $change_code
        place += move
        jumps += 1
    return $result
""",
        variants=tuple(
            {"change": change, "change_code": code, "most": most, "what": what, "result": result}
            for change, code in (
                ("grows by 1", "left[place] += 1"),
                ("changes its sign and grows by 1", "left[place] = 1 - move"),
                ("grows by 1 if it is below 2, and shrinks by 1 otherwise", "left[place] += 1 if move < 2 else -1"),
            )
            for most, what, result in (
                ("30", "how many jumps there were", "jumps"),
                ("20", "the sum of the numbers that the list then holds", "sum(left)"),
            )
        ),
        inputs=lambda rng: [wholes(rng, 8, -2, 3)],
        examples=(([[0, 3, 0, 1, -3]], 5), ([[]], 0), ([[-1]], 1)),
        difficulty=2,
    ),
    Family(
        says=(
            "A lift stands on floor `start`. People press `calls`, floors, all at once. The lift $plan. Return the floors in the order in which "
            "it stops there, each once; a floor it stands on at the beginning is a stop if it is called.",
            "List the stops of a lift that begins on floor `start` and must reach every floor in `calls` (repetitions do not matter, the "
            "floor `start` may be among them). The lift $plan.",
        ),
        source="""
def plan_stops(start: int, calls: list[int]) -> list[int]:
    open_calls = sorted(set(calls))
    stops: list[int] = []
    floor = start
    while len(open_calls) > 0:
        above = [call for call in open_calls if call >= floor]
        below = [call for call in open_calls if call < floor]
        if $upwards:
            floor = $high
        else:
            floor = $low
        open_calls.remove(floor)
        stops.append(floor)
    return stops
""",
        variants=(
            {
                "plan": "goes up as long as there are calls at or above it, and then down to the others",
                "upwards": "len(above) > 0",
                "high": "above[0]",
                "low": "below[-1]",
            },
            {
                "plan": "goes down to all calls below its first floor, and then up to the others",
                "upwards": "len(below) == 0",
                "high": "above[0]",
                "low": "below[-1]",
            },
            {
                "plan": "always goes on to the nearest floor called, of two equally near ones to the upper one",
                "upwards": "len(below) == 0 or (len(above) > 0 and above[0] - floor <= floor - below[-1])",
                "high": "above[0]",
                "low": "below[-1]",
            },
            {
                "plan": "always goes on to the farthest floor called, of two equally far ones to the lower one",
                "upwards": "len(below) == 0 or (len(above) > 0 and above[-1] - floor > floor - below[0])",
                "high": "above[-1]",
                "low": "below[0]",
            },
        ),
        inputs=lambda rng: [rng.randint(0, 9), wholes(rng, 7, 0, 12)],
        examples=(([3, [5, 1, 4]], [4, 5, 1]), ([2, []], []), ([2, [2, 0, 1]], [2, 1, 0])),
        difficulty=3,
    ),
)
