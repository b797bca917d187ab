"""Machines with a state: stacks, queues, caches, counters, turtles, lifts."""

from typing import Any

from textgym.core import Random
from textgym.envs.code.functions.draws import many, whole, wholes, word
from textgym.envs.code.functions.family import Family


def _stack_program(rng: Random) -> list[Any]:
    numbers = many(rng, 4, lambda: str(rng.randint(-5, 9)), 1)
    return [numbers + many(rng, 7, lambda: rng.choice([str(rng.randint(0, 9)), "dup", "+", "-", "*", "swap", "drop"]))]


def _events(rng: Random) -> list[Any]:
    return [word(rng, "iiiood", 16), rng.choice([0, 1, 2, 3, 4, 5])]


FAMILIES = (
    Family(
        says=(
            "Run `program` on an empty stack: a number is pushed; '+', '-' and '*' replace the two upper values by their result "
            "(the lower one stands on the left); 'dup' pushes the upper value again, 'swap' exchanges the upper two, and 'drop' "
            "removes the upper one. A word that finds too few values $few. Return the stack, the bottom first$end.",
            "Execute the words of `program` with a stack that starts empty. Numbers are pushed, '+', '-', '*' combine the top two "
            "(second from top first), 'dup' doubles the top, 'swap' swaps the top two, 'drop' drops the top. Where values are "
            "missing, the word $few. The result is the stack from bottom to top$end.",
        ),
        source="""
def run_stack(program: list[str]) -> list[int]:
    stack: list[int] = []
    needs = {"+": 2, "-": 2, "*": 2, "swap": 2, "dup": 1, "drop": 1}
    for word in program:
        if len(stack) < needs.get(word, 0):
            $few_code
        if word == "dup":
            stack.append(stack[-1])
        elif word == "drop":
            stack.pop()
        elif word in needs:
            second = stack.pop()
            first = stack.pop()
            if word == "+":
                stack.append(first + second)
            elif word == "-":
                stack.append(first - second)
            elif word == "*":
                stack.append(first * second)
            else:
                stack.extend([second, first])
        else:
            stack.append(int(word))
    return $result
""",
        variants=tuple(
            {"few": few, "few_code": code, "end": end, "result": result}
            for few, code in (("is skipped", "continue"), ("ends the program", "break"))
            for end, result in (
                ("", "stack"),
                (", without its upper half (rounded down)", "stack[: len(stack) - len(stack) // 2]"),
            )
        ),
        inputs=_stack_program,
        examples=(([["2", "3", "-", "dup"]], [-1, -1]), ([["+", "4"]], [4]), ([[]], [])),
        difficulty=3,
    ),
    Family(
        says=(
            "A cache holds `room` keys. Each of `keys` is asked for in turn: if it is there that is a hit, else it is a miss, and "
            "it is put in, after $out has been thrown out if the cache was full. With `room` below 1 all are misses. Return $what.",
            "Simulate a cache for `room` keys under the requests `keys`. A request for a key inside is a hit; any other brings the "
            "key in, and from a full cache $out leaves for it. A `room` of less than 1 holds nothing. Return $what.",
        ),
        source="""
def simulate_cache(keys: list[int], room: int) -> list[int]:
    cache: list[int] = []
    hits = 0
    for key in keys:
        if key in cache:
            hits += 1
            if $refresh:
                cache.remove(key)
                cache.append(key)
            continue
        if room < 1:
            continue
        if len(cache) == room:
            cache.pop($victim)
        cache.append(key)
    return $result
""",
        variants=tuple(
            {"out": out, "refresh": refresh, "victim": victim, "what": what, "result": result}
            for out, refresh, victim in (
                ("the key that was not asked for the longest", "True", "0"),
                ("the key that came in first", "False", "0"),
                ("the key that was asked for last", "True", "-1"),
            )
            for what, result in (
                ("the numbers of hits and of misses", "[hits, len(keys) - hits]"),
                ("the keys that are in it at the end, in ascending order", "sorted(cache)"),
            )
        ),
        inputs=lambda rng: [wholes(rng, 12, 0, 5), whole(rng, 0, 4)],
        examples=(([[1, 2, 1, 3, 2], 2], [1, 4]), ([[1, 1], 0], [0, 2]), ([[], 3], [0, 0])),
        difficulty=3,
    ),
    Family(
        says=(
            "A turtle stands at (0, 0) and looks north. `moves` has letters: F takes it one step ahead, $letters; every other "
            "letter is ignored. Return its place and the direction it looks in as `[x, y, direction]`, where north is up (y "
            "grows) and directions are 'N', 'E', 'S', 'W'.",
            "Follow `moves` from the origin, looking north: with F go one step in the direction of sight, $letters; other letters "
            "do nothing. Return `[x, y, direction]`; y grows to the north, x to the east, and the direction is one of N, E, S, W.",
        ),
        source="""
def walk_turtle(moves: str) -> list[int | str]:
    steps = [(0, 1), (1, 0), (0, -1), (-1, 0)]
    x, y, facing = 0, 0, 0
    for move in moves:
        if move == "F":
            x += steps[facing][0]
            y += steps[facing][1]
        elif move == "R":
            facing = (facing + $right) % 4
        elif move == "L":
            facing = (facing - $left) % 4
        elif move == "B" and $back:
            x -= steps[facing][0] * $back_steps
            y -= steps[facing][1] * $back_steps
    return [x, y, "NESW"[facing]]
""",
        variants=(
            {
                "letters": "B one step back, L and R turn it left and right by a quarter",
                "right": "1",
                "left": "1",
                "back": "True",
                "back_steps": "1",
            },
            {
                "letters": "L and R turn it left and right by a quarter",
                "right": "1",
                "left": "1",
                "back": "False",
                "back_steps": "1",
            },
            {
                "letters": "B two steps back, L and R turn it left and right by a quarter",
                "right": "1",
                "left": "1",
                "back": "True",
                "back_steps": "2",
            },
            {
                "letters": "B one step back, L turns it left by a quarter, and R turns it round by half",
                "right": "2",
                "left": "1",
                "back": "True",
                "back_steps": "1",
            },
        ),
        inputs=lambda rng: [word(rng, "FFFLRBX", 12)],
        examples=((["FFRF"], [1, 2, "E"]), ([""], [0, 0, "N"]), (["LB"], [1, 0, "W"])),
        difficulty=2,
    ),
    Family(
        says=(
            "People come to a counter and leave it: in `events` an 'i' joins the end of the queue, an 'o' serves $served, and a 'd' "
            "makes $leaver give up. People are numbered from 1 as they come. The queue has room for `room` people; who finds it "
            "full goes away at once, but has a number. With nobody there, 'o' and 'd' do nothing. Return the numbers of those "
            "served, in order.",
            "Simulate a queue for at most `room` people. Letters of `events`: 'i' is an arrival (numbered 1, 2, ...; in vain if the "
            "queue is full), 'o' lets $served be served, 'd' lets $leaver leave unserved; both do nothing if the queue is empty. "
            "Return who was served, in that order.",
        ),
        source="""
def serve_queue(events: str, room: int) -> list[int]:
    waiting: list[int] = []
    served: list[int] = []
    came = 0
    for event in events:
        if event == "i":
            came += 1
            if len(waiting) < room:
                waiting.append(came)
        elif len(waiting) == 0:
            continue
        elif event == "o":
            served.append(waiting.pop($front))
        else:
            waiting.pop($back)
    return served
""",
        variants=tuple(
            {"served": served, "front": front, "leaver": leaver, "back": back}
            for served, front in (("the first in the queue", "0"), ("the last in the queue", "-1"))
            for leaver, back in (
                ("the last in the queue", "-1"),
                ("the first in the queue", "0"),
                ("the one in the middle of the queue (of two, the one further back)", "len(waiting) // 2"),
            )
        ),
        inputs=_events,
        examples=((["iioo", 2], [1, 2]), (["iiido", 2], [1]), (["o", 3], [])),
        difficulty=3,
    ),
    Family(
        says=(
            "Count the passes of a vending machine. It takes `coins` one by one; as soon as the money inside reaches $price it gives "
            "out $goods and $change. A coin that is not 1, 2 or 5 falls through. Return how much it gave out and the money left "
            "inside.",
            "A machine adds up `coins` (values other than 1, 2 and 5 do not count). Whenever it holds at least $price it sells "
            "$goods and $change. Return `[sold, left]`: what was sold in all, and the money still inside.",
        ),
        source="""
def vend_items(coins: list[int]) -> list[int]:
    inside = 0
    sold = 0
    for coin in coins:
        if coin not in (1, 2, 5):
            continue
        inside += coin
        $loop inside >= $price:
            sold += 1
            inside $after
    return [sold, inside]
""",
        variants=tuple(
            {"price": price, "goods": goods, "loop": loop, "change": change, "after": after}
            for price in ("3", "2")
            for goods, loop, change, after in (
                ("one item", "if", "keeps the rest", f"-= {price}"),
                ("one item", "if", "returns the rest", "= 0"),
                ("as many items as that pays for", "while", "keeps what is left", f"-= {price}"),
            )
        ),
        inputs=lambda rng: [many(rng, 10, lambda: rng.choice([1, 1, 2, 2, 5, 5, 5, 3, 10, 0]))],
        examples=(([[5, 1, 3, 2]], [2, 2]), ([[]], [0, 0])),
        difficulty=2,
    ),
    Family(
        says=(
            "Undo and redo: `commands` act on a list of numbers that starts empty. '+n' appends the number n, 'u' takes back the "
            "latest change that is not taken back yet, 'r' repeats the latest one taken back; a new '+n' $forget. $many 'u' or 'r' "
            "without anything to do is ignored. Return the numbers at the end.",
            "Apply `commands` to an empty list: '+n' adds n at the end, 'u' undoes, 'r' redoes, each ignored if there is nothing to "
            "undo or redo. After an undo, a new '+n' $forget. $many Return the list that results.",
        ),
        source="""
def undo_redo(commands: list[str]) -> list[int]:
    done: list[int] = []
    undone: list[int] = []
    for command in commands:
        if command == "u":
            for _ in range($steps):
                if done:
                    undone.append(done.pop())
        elif command == "r":
            if undone:
                done.append(undone.pop())
        else:
            done.append(int(command[1:]))
            if $clear:
                undone.clear()
    return done
""",
        variants=tuple(
            {"forget": forget, "clear": clear, "many": note, "steps": steps}
            for forget, clear in (
                ("makes it impossible to redo what was undone before", "True"),
                ("leaves what was undone before to be redone behind it", "False"),
            )
            for note, steps in (
                ("Each 'u' takes back one change.", "1"),
                ("Each 'u' takes back two changes, or one if there is only one.", "2"),
            )
        ),
        inputs=lambda rng: [
            many(rng, 12, lambda: rng.choice(["u", "u", "r", "r", f"+{rng.randint(0, 9)}", f"+{rng.randint(0, 9)}"]))
        ],
        examples=(([["+1", "+2", "u", "r", "u", "+3"]], [1, 3]), ([["u", "r"]], [])),
        difficulty=2,
    ),
    Family(
        says=(
            "A traffic light shows red, green and yellow in turn, for as many seconds as the three numbers `times` say, beginning "
            "with red at second 0. Cars reach it at the seconds `arrivals`, in ascending order. A car drives on at once if it sees "
            "$go, otherwise at the next second at which that is so; one car needs $gap, so that the next can follow only then. "
            "Return when each car drives on.",
            "Cars arrive at the (ascending) seconds `arrivals` at a light that is red from second 0 on, then green, then yellow, and "
            "so on again; `times` has the seconds of the three in this order. For each car return the first second, not before it "
            "arrives, at which the light is $go and the car before it, which needs $gap, is gone.",
        ),
        source="""
def pass_light(arrivals: list[int], times: list[int]) -> list[int]:
    red, green, yellow = times
    period = red + green + yellow
    passed: list[int] = []
    free = 0
    for arrival in arrivals:
        second = max(arrival, free)
        while not ($test):
            second += 1
        passed.append(second)
        free = second + $need
    return passed
""",
        variants=tuple(
            {"go": go, "test": test, "gap": gap, "need": need}
            for go, test in (
                ("green", "red <= second % period < red + green"),
                ("green or yellow", "second % period >= red"),
            )
            for gap, need in (("one second", "1"), ("two seconds", "2"), ("no time at all", "0"))
        ),
        inputs=lambda rng: [
            sorted(many(rng, 6, lambda: rng.randint(0, 25))),
            [rng.randint(1, 6), rng.randint(1, 5), rng.randint(0, 3)],
        ],
        examples=(([[0, 1, 4], [2, 2, 1]], [2, 3, 7]), ([[], [1, 1, 1]], [])),
        difficulty=3,
    ),
)
