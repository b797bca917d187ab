"""Small notations: groups, patterns, settings, numbers in a text."""

from typing import Any

from textgym.core import Random
from textgym.envs.code.functions.draws import many, whole, word
from textgym.envs.code.functions.family import Family


def _nested(rng: Random, depth: int = 2) -> str:
    text = ""
    for _ in range(rng.randint(1, 3)):
        if depth > 0 and rng.randrange(2):
            text += str(rng.choice([0, 1, 2, 3])) + "[" + _nested(rng, depth - 1) + "]"
        else:
            text += word(rng, "abc", 2)
    return text


def _glob(rng: Random) -> list[Any]:
    text = word(rng, "aabc", 6)
    if rng.randrange(4) == 0:
        return [word(rng, "ab*?", 4), text]
    pattern = ""
    for char in text:
        pattern += rng.choice([char, char, char, "?", "*", "*" + char])
    return [pattern + rng.choice(["", "", "", "*", "a"]), text]


FAMILIES = (
    Family(
        says=(
            "Unfold `text`, in which '3[ab]' means $means: a digit and a text in brackets, nested at will; other characters stand for "
            "themselves.",
            "Read `text`, small letters and groups: one digit, '[', a text of the same kind, ']'. Return it with every group n[x] "
            "replaced by $means2, from the inside out.",
        ),
        source="""
def unfold(text: str) -> str:
    stack: list[tuple[str, int]] = []
    current = ""
    count = 0
    for char in text:
        if char.isdigit():
            count = int(char)
        elif char == "[":
            stack.append((current, count))
            current = ""
        elif char == "]":
            before, times = stack.pop()
            $ready
            current = before + $group
        else:
            current += char
    return current
""",
        variants=(
            {
                "means": "'ababab', the text so many times",
                "means2": "n times x",
                "ready": "pass",
                "group": "current * times",
            },
            {
                "means": "'ababab', but each second time the text is reversed, so that 3[ab] is 'abbaab'",
                "means2": "n copies of x of which the second, the fourth and so on are reversed",
                "ready": "pair = current + current[::-1]",
                "group": "pair * (times // 2) + current * (times % 2)",
            },
            {
                "means": "'aaabbb', each character so many times in a row",
                "means2": "x with each of its characters written n times in a row",
                "ready": "pass",
                "group": '"".join(char * times for char in current)',
            },
            {
                "means": "the first so many characters of the text, or the whole text if it is shorter",
                "means2": "the first n characters of x",
                "ready": "pass",
                "group": "current[:times]",
            },
        ),
        inputs=lambda rng: [_nested(rng)],
        examples=((["2[ab]c"], "ababc"), (["2[a2[b]]"], "abbabb"), (["0[a]"], "")),
        difficulty=4,
    ),
    Family(
        says=(
            "Does all of `text` match `pattern`, in which '?' stands for $one and '*' for $any? Every other character stands for itself.",
            "Tell whether `pattern` describes the whole of `text`: '?' is $one, '*' is $any, and any other character is itself.",
        ),
        source="""
def fits_pattern(pattern: str, text: str) -> bool:
    reached = [True] + [False] * len(text)
    for sign in pattern:
        following = [False] * (len(text) + 1)
        for i in range(len(text) + 1):
            if sign == "*":
                if i >= $least:
                    following[i] = any(reached[: i + 1 - $least])
            elif i > 0 and reached[i - 1] and (sign == "?" or sign == text[i - 1]):
                following[i] = True
            $empty
        reached = following
    return reached[-1]
""",
        variants=tuple(
            {"one": one, "empty": empty, "any": any_, "least": least}
            for one, empty in (
                ("exactly one character", "pass"),
                ("one character or none", 'if sign == "?" and reached[i]:\n                following[i] = True'),
            )
            for any_, least in (
                ("any number of characters, none included", "0"),
                ("one or more characters", "1"),
            )
        ),
        inputs=_glob,
        examples=((["a*c", "abbc"], True), (["a?", "a"], False), (["*", ""], True)),
        difficulty=4,
    ),
    Family(
        says=(
            "Read `text` as a list of settings 'name=value' separated by ';'. Entries without a '=' $flag, the value goes from the "
            "first '=' to the end of the entry, blanks at both ends of names and values are dropped, and entries with an empty name are "
            "skipped. If a name comes twice, $twice. Return the settings as a dict.",
            "Return the dict that `text` describes: at each ';' it is cut into entries, at the first '=' an entry is cut into a name "
            "and a value, both without blanks around them. An entry without '=' $flag2; one whose name is empty is left out; where "
            "a name is repeated, $twice.",
        ),
        source="""
def read_settings(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in text.split(";"):
        name, equals, value = entry.partition("=")
        name, value = name.strip(), value.strip()
        if name == "":
            continue
        if equals == "":
            $missing
        $store
    return found
""",
        variants=tuple(
            {"flag": flag, "flag2": flag2, "missing": missing, "twice": twice, "store": store}
            for flag, flag2, missing in (
                ("are skipped", "is skipped", "continue"),
                ("have the value 'yes'", "has the value 'yes'", 'value = "yes"'),
            )
            for twice, store in (
                ("the last value counts", "found[name] = value"),
                ("the first value counts", "found.setdefault(name, value)"),
                (
                    "the values are joined by a comma",
                    'found[name] = found[name] + "," + value if name in found else value',
                ),
            )
        ),
        inputs=lambda rng: [
            ";".join(
                many(
                    rng,
                    5,
                    lambda: (
                        rng.choice(["a", "b", " a", "", "c "])
                        + rng.choice(["=", "=", "= ", ""])
                        + rng.choice(["", "1", "x=y", " 2"])
                    ),
                )
            )
        ],
        examples=((["a=1; b = x=y"], {"a": "1", "b": "x=y"}), (["a;a=2"], {"a": "2"}), ([""], {})),
        difficulty=3,
    ),
    Family(
        says=(
            "Sum up the whole numbers that stand in `text`: a number is a run of digits as long as possible$sign. $which.",
            "Find all whole numbers in `text`, each as many digits in a row as there are$sign, and return their sum. $which.",
        ),
        source="""
def sum_in_text(text: str) -> int:
    total = 0
    digits = ""
    before = ""
    sign = ""
    for char in text + " ":
        if char.isdigit():
            if digits == "":
                sign = before
            digits += char
        elif digits != "":
            number = int(digits)
            if $negative and sign == "-":
                number = -number
            if $test:
                total += number
            digits = ""
        before = char
    return total
""",
        variants=tuple(
            {"sign": sign, "negative": negative, "which": which, "test": test}
            for sign, negative in (("", "False"), (", negative if a '-' stands directly before it", "True"))
            for which, test in (
                ("All of them count", "True"),
                ("Only those of two or more digits count", "len(digits) >= 2"),
                ("Those directly behind a letter do not count", "not sign.isalpha()"),
            )
        ),
        inputs=lambda rng: [
            "".join(
                many(rng, 8, lambda: rng.choice(["-", " ", "a", "x-", str(whole(rng, 0, 120)), str(rng.randrange(9))]))
            )
        ],
        examples=((["a1-12 b3"], 16), (["-"], 0), ([""], 0)),
        difficulty=2,
    ),
)
