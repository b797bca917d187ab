"""Ciphers and the order of characters."""

from textgym.envs.code.functions.draws import whole, word
from textgym.envs.code.functions.family import Family

FAMILIES = (
    Family(
        says=(
            "Shift the small letters of `text` one by one $way in the alphabet (a ring), each by the place (a is 0) of the next letter of "
            "`key`, which has small letters only and begins anew when it is used up. $others With an empty key nothing changes.",
            "Encrypt `text` with `key`, a text of small letters that is repeated as needed: each small letter of the text moves $way, round the "
            "alphabet, by as many places as the current letter of the key is away from a. $others If the key is empty, return the "
            "text as it is.",
        ),
        source="""
def shift_by_key(text: str, key: str) -> str:
    if key == "":
        return text
    result = ""
    used = 0
    for char in text:
        step = ord(key[used % len(key)]) - 97
        if "a" <= char <= "z":
            place = (ord(char) - 97 $sign step) % 26
            result += chr(place + 97)
            used += 1
        else:
            result += char
            used $also
    return result
""",
        variants=tuple(
            {"way": way, "sign": sign, "others": others, "also": also}
            for way, sign in (("forwards", "+"), ("backwards", "-"))
            for others, also in (
                ("Other characters stay and use up no letter of the key.", "+= 0"),
                ("Other characters stay, but use up a letter of the key.", "+= 1"),
                ("Other characters stay, and the key begins anew behind them.", "= 0"),
            )
        ),
        inputs=lambda rng: [word(rng, "aabmyzz -A", 12), word(rng, "abcnz", 4)],
        examples=((["ab z", "bc"], "bd a"), (["ab", ""], "ab"), (["", "b"], "")),
        difficulty=2,
    ),
    Family(
        says=(
            "Write `text` along a zigzag over `rails` lines: the first character on the $first line, each next one a line further, turning round at "
            "the last and the first line. Return the characters of the lines, $order$between. With one line or fewer return the text "
            "as it is.",
            "Put the characters of `text` on `rails` lines, beginning on the $first one and going to and fro between the two outer lines, one line a "
            "character. Read the lines one after the other, $order$between. If `rails` is below 2 the text stays.",
        ),
        source="""
def zigzag_lines(text: str, rails: int) -> str:
    if rails < 2:
        return text
    lines = [""] * rails
    line = $start
    step = $step
    for char in text:
        lines[line] += char
        if line + step < 0 or line + step >= rails:
            step = -step
        line += step
    return "$mark".join(lines$turn)
""",
        variants=tuple(
            {
                "first": first,
                "start": start,
                "step": step,
                "order": order,
                "turn": turn,
                "between": between,
                "mark": mark,
            }
            for first, start, step in (("top", "0", "1"), ("bottom", "rails - 1", "-1"))
            for order, turn in (("from top to bottom", ""), ("from the second of them to the bottom", "[1:]"))
            for between, mark in (("", ""), (", with '/' between two lines, empty ones too", "/"))
        ),
        inputs=lambda rng: [word(rng, "abcdefg", 14), whole(rng, 0, 5)],
        examples=((["abcdef", 3], "aebdfc"), (["", 2], ""), (["abc", 1], "abc")),
        difficulty=3,
    ),
    Family(
        says=(
            "Code `text`, letters from a to f, one after the other: for each letter give its place, from 0, in the list a, b, c, d, e, f as it is "
            "then, and after that $move. Return the places.",
            "A list holds the letters a to f in this order. For every letter of `text`, which has no others, note where it stands in the list, "
            "counting from 0, and then $move. The result is the list of what was noted.",
        ),
        source="""
def list_places(text: str) -> list[int]:
    letters = list("abcdef")
    places: list[int] = []
    for char in text:
        place = letters.index(char)
        places.append(place)
        letters.pop(place)
        letters.insert($target, char)
    return places
""",
        variants=(
            {"move": "move the letter to the front of the list", "target": "0"},
            {"move": "move the letter to the end of the list", "target": "5"},
            {"move": "exchange it with the letter before it, if there is one", "target": "max(0, place - 1)"},
            {
                "move": "move the letter to the front of the list if its place is an even number, otherwise to the end",
                "target": "0 if place % 2 == 0 else 5",
            },
            {"move": "move the letter to half its place, rounded down", "target": "place // 2"},
        ),
        inputs=lambda rng: [word(rng, "abcdef", 12)],
        examples=((["bba"], [1, 0, 1]), ([""], []), (["ff"], [5, 0])),
        difficulty=2,
    ),
    Family(
        says=(
            "Write `text` row by row into a table with `width` columns, the last row being filled up with '$fill', and read it column by column, "
            "$order. A `width` below 1 gives an empty text.",
            "Lay the characters of `text` out in rows of `width`, put '$fill' into the free places of the last row, and return the columns one "
            "after the other, $order. With `width` under 1 the result is empty.",
        ),
        source="""
def read_columns(text: str, width: int) -> str:
    if width < 1:
        return ""
    full = text
    while len(full) % width != 0:
        full += "$fill"
    result = ""
    for number in $columns:
        column = full[number::width]
        if $flip:
            column = column[::-1]
        result += column
    return result
""",
        variants=tuple(
            {"fill": fill, "order": order, "columns": columns, "flip": flip}
            for fill in ("_", "x")
            for order, columns, flip in (
                ("from left to right, each from bottom to top", "range(width)", "True"),
                ("from right to left, each from top to bottom", "range(width - 1, -1, -1)", "False"),
                (
                    "from left to right, the first from top to bottom, the second from bottom to top, and so on by turns",
                    "range(width)",
                    "number % 2 == 1",
                ),
            )
        ),
        inputs=lambda rng: [word(rng, "abcdefgh", 13), whole(rng, -1, 6)],
        examples=((["abcde", 2], "eca_db"), (["", 3], ""), (["ab", 0], "")),
        difficulty=2,
    ),
    Family(
        says=(
            "Make a sound code of `name`, small letters only: keep its first letter; each later letter becomes a digit by the groups $groups (1, 2, "
            "3, 4), and letters in no group are dropped. Digits equal to the digit $before are dropped too. Return the letter and at most "
            "three digits, filled up with '0' to three. An empty name gives an empty text.",
            "Code `name` (small letters) by its sound. Letters of the groups $groups stand for 1, 2, 3 and 4; others have no digit. The code is the "
            "first letter as it is, and then the digits of the letters behind it, without those that equal the digit $before, cut after "
            "three digits or filled with '0' up to three. For an empty name return an empty text.",
        ),
        source="""
def sound_code(name: str) -> str:
    if name == "":
        return ""
    digits = ""
    last = $start
    for letter in name[1:]:
        digit = ""
        for number, group in enumerate($table, 1):
            if letter in group:
                digit = str(number)
        if digit != "" and digit != last:
            digits += digit
        if $keep:
            last = digit
    return name[0] + (digits + "000")[:3]
""",
        variants=tuple(
            {"groups": groups, "table": table, "before": before, "start": '""', "keep": keep}
            for groups, table in (
                ("bp, cgk, dt, lmnr", '("bp", "cgk", "dt", "lmnr")'),
                ("bcd, fgp, lr, mnst", '("bcd", "fgp", "lr", "mnst")'),
            )
            for before, keep in (
                (
                    "of the letter directly before, if that has one and is not the first letter",
                    "True",
                ),
                ("that was kept last", 'digit != ""'),
            )
        ),
        inputs=lambda rng: [word(rng, "aebbpdtclmnrs", 9)],
        examples=((["bpap"], "b110"), ([""], ""), (["tlm"], "t400")),
        difficulty=3,
    ),
)
