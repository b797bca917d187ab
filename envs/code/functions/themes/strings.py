"""Texts: runs, words, prefixes, letters."""

from typing import Any

from textgym.core import Random
from textgym.envs.code.functions.draws import LOWER, many, sentence, spoken, whole, word
from textgym.envs.code.functions.family import Family, each


def _related_words(rng: Random) -> list[Any]:
    """Words with a beginning and an end in common, more or less of them."""
    head, tail = spoken(rng), spoken(rng)
    return [many(rng, 4, lambda: head[: rng.randint(1, 6)] + word(rng, "ab", 3) + tail[rng.randint(-1, 3) :], 1)]


def _nearly_palindrome(rng: Random) -> list[Any]:
    """A text and its mirror image, often with a slip."""
    half = word(rng, "abA1. ", 5)
    mirrored = half[::-1].upper() if rng.randrange(4) == 0 else half[::-1]
    return [half + rng.choice(["", "-", "x", " "]) + mirrored + rng.choice(["", "", "", "!", "a"])]


FAMILIES = (
    Family(
        says=(
            "Shorten every run of one character in `text` to at most $most characters.",
            "Return `text` without what exceeds $most equal characters in a row.",
        ),
        source="""
def squeeze_runs(text: str) -> str:
    kept: list[str] = []
    run = 0
    for i, char in enumerate(text):
        run = run + 1 if i > 0 and char == text[i - 1] else 1
        if run <= $most:
            kept.append(char)
    return "".join(kept)
""",
        variants=each(most=(1, 2, 3, 4)),
        inputs=lambda rng: [word(rng, "aabc", 16)],
        examples=((["aaab"], "ab"), ([""], "")),
        difficulty=1,
    ),
    Family(
        says=(
            "Write `text` as its runs of equal characters, each as the character and then its count. A count below $least "
            "is left out, and the character stands as often as it did.",
            "Encode runs in `text`: a run of $least or more equal characters becomes the character followed by how often "
            "it occurs; shorter runs stay as they are.",
        ),
        source="""
def encode_runs(text: str) -> str:
    parts: list[str] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and text[end] == text[start]:
            continue
        size = end - start
        if size >= $least:
            parts.append(text[start] + str(size))
        else:
            parts.append(text[start:end])
        start = end
    return "".join(parts)
""",
        variants=each(least=(1, 2, 3, 4)),
        inputs=lambda rng: [word(rng, "xyyz", 18)],
        examples=((["xxy"], "x2y1"), ([""], "")),
        difficulty=2,
    ),
    Family(
        says=(
            "Shift every letter of `text` by `steps` places $way in the alphabet, around its end, and keep its case. "
            "Digits are $digits; all else stays as it is.",
            "Apply a Caesar shift of `steps` letters $way to `text`. The alphabet is a ring, upper case stays upper, "
            "digits are $digits, and other characters do not change.",
        ),
        source="""
def shift_letters(text: str, steps: int) -> str:
    shifted = ""
    for char in text:
        if "a" <= char <= "z":
            shifted += chr((ord(char) - 97 $sign steps) % 26 + 97)
        elif "A" <= char <= "Z":
            shifted += chr((ord(char) - 65 $sign steps) % 26 + 65)
        elif char.isdigit():
            shifted += $digit
        else:
            shifted += char
    return shifted
""",
        variants=(
            {"way": "forwards", "sign": "+", "digits": "kept", "digit": "char"},
            {"way": "backwards", "sign": "-", "digits": "kept", "digit": "char"},
            {
                "way": "forwards",
                "sign": "+",
                "digits": "replaced by their complement to nine",
                "digit": "str(9 - int(char))",
            },
            {
                "way": "backwards",
                "sign": "-",
                "digits": "shifted by as much in the same direction, around the ten digits",
                "digit": "str((int(char) - steps) % 10)",
            },
        ),
        inputs=lambda rng: [word(rng, "abcxyzABXYZ059 -", 12), whole(rng, -3, 30)],
        examples=((["xyZ-9", 3], "abC-9"), (["", 5], "")),
        difficulty=2,
    ),
    Family(
        says=(
            "Return the longest text that each of `words` $place; with fewer than $least words there is none, and the "
            "result is empty.",
            "What is the longest piece of text that every one of `words` $place? Given fewer than $least words, return an "
            "empty text.",
        ),
        source="""
def common_affix(words: list[str]) -> str:
    if len(words) < $least:
        return ""
    shared = words[0]$order
    for word in words[1:]:
        other = word$order
        size = 0
        while size < min(len(shared), len(other)) and shared[size] == other[size]:
            size += 1
        shared = shared[:size]
    return shared$order
""",
        variants=(
            {"place": "begins with", "least": "1", "order": ""},
            {"place": "ends with", "least": "1", "order": "[::-1]"},
            {"place": "begins with", "least": "2", "order": ""},
            {"place": "ends with", "least": "2", "order": "[::-1]"},
        ),
        inputs=_related_words,
        examples=(([["flow", "flower", "flip"]], "fl"), ([[]], "")),
        difficulty=2,
    ),
    Family(
        says=(
            "Is the text `word` the same read backwards, looking at its letters and digits alone, $case? One with fewer "
            "than $least such characters is not.",
            "Tell whether `word` is a palindrome. Only letters and digits count, $case, and there must be at least $least "
            "of them.",
        ),
        source="""
def reads_both_ways(word: str) -> bool:
    kept = [char$lower for char in word if char.isalnum()]
    if len(kept) < $least:
        return False
    left, right = 0, len(kept) - 1
    while left < right:
        if kept[left] != kept[right]:
            return False
        left += 1
        right -= 1
    return True
""",
        variants=tuple(
            {"case": case, "lower": lower, "least": least}
            for case, lower in (("whatever their case", ".lower()"), ("upper and lower case being different", ""))
            for least in ("1", "2", "4")
        ),
        inputs=_nearly_palindrome,
        examples=((["Never odd, or even"], True), (["a-b"], False), (["."], False)),
        difficulty=2,
    ),
    Family(
        says=(
            "Reverse $what of `text`, that is, its pieces between single blanks that have at least $least characters; "
            "shorter ones and the blanks stay as they are.",
            "Of the pieces into which single blanks divide `text`, those of $least or more characters are treated: "
            "reverse $what. Everything else is left alone.",
        ),
        source="""
def turn_words(text: str) -> str:
    words = text.split(" ")
    long = [i for i, word in enumerate(words) if len(word) >= $least]
    turned = list(words)
    for place, i in enumerate(long):
        turned[i] = $turned
    return " ".join(turned)
""",
        variants=tuple(
            {"what": what, "turned": turned, "least": least}
            for what, turned in (
                ("the characters of each word", "words[i][::-1]"),
                ("the order of the words", "words[long[-1 - place]]"),
            )
            for least in ("1", "4", "5")
        ),
        inputs=lambda rng: [sentence(rng, 6)],
        examples=((["ab cde f"], "ba edc f"), ([""], "")),
        difficulty=2,
    ),
    Family(
        says=(
            "Which character occurs $often in `text`, among those that occur at all? Of several return the one that "
            "stands $where; for an empty text, an empty text.",
            "Return the character with the $count count in `text`, in a tie the one found $where. If there are no "
            "characters, return an empty text.",
        ),
        source="""
def standout_character(text: str) -> str:
    counts: dict[str, int] = {}
    for char in text:
        counts[char] = counts.get(char, 0) + 1
    chosen = ""
    for char in text:
        if chosen == "" or counts[char] $sign counts[chosen]:
            chosen = char
    return chosen
""",
        variants=(
            {"often": "most often", "count": "highest", "where": "first", "sign": ">"},
            {"often": "least often", "count": "lowest", "where": "first", "sign": "<"},
            {"often": "most often", "count": "highest", "where": "last", "sign": ">="},
            {"often": "least often", "count": "lowest", "where": "last", "sign": "<="},
        ),
        inputs=lambda rng: [word(rng, "abcde", 14)],
        examples=((["abcbc"], "b"), ([""], "")),
        difficulty=2,
    ),
    Family(
        says=(
            "Cut `text` into pieces of `size` characters, counted from $end, and join them with '$mark'. Only the $odd "
            "piece may be shorter. With a `size` below 1 the text stays whole.",
            "Put '$mark' between groups of `size` characters of `text`. Groups are counted from $end, so that the $odd "
            "one takes what is left over. A `size` of less than 1 changes nothing.",
        ),
        source="""
def group_characters(text: str, size: int) -> str:
    if size < 1:
        return text
    first = $first
    pieces = [text[:first]] if first > 0 else []
    for start in range(first, len(text), size):
        pieces.append(text[start : start + size])
    return "$mark".join(pieces)
""",
        variants=tuple(
            {"mark": mark, "end": end, "odd": odd, "first": first}
            for mark in ("-", " ", "_")
            for end, odd, first in (("the left", "last", "0"), ("the right", "first", "len(text) % size"))
        ),
        inputs=lambda rng: [word(rng, "0123456789ABC", 12), whole(rng, -1, 5)],
        examples=((["ABCDE", 2], "AB-CD-E"), (["AB", 0], "AB"), (["", 3], "")),
        difficulty=2,
    ),
    Family(
        says=(
            "Break `text` into words at blanks and fill lines with them from left to right: a word goes on the current "
            "line if the line, with $gap between words, then has at most `width` characters, otherwise it begins the next "
            "line, even if it is longer than a line. Return the lines.",
            "Wrap the words of `text` (what blanks separate) greedily into lines of at most `width` characters, where "
            "neighbours on a line are separated by $gap. A word that is too long for any line gets one of its own. The "
            "result is the list of lines.",
        ),
        source="""
def wrap_words(text: str, width: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in text.split():
        if line == "":
            line = word
        elif len(line) + $size + len(word) <= width:
            line = line + "$between" + word
        else:
            lines.append(line)
            line = word
    if line != "":
        lines.append(line)
    return lines
""",
        variants=(
            {"gap": "one blank", "size": "1", "between": " "},
            {"gap": "two blanks", "size": "2", "between": "  "},
            {"gap": "the three characters ' | '", "size": "3", "between": " | "},
            {"gap": "a comma and a blank", "size": "2", "between": ", "},
        ),
        inputs=lambda rng: [sentence(rng, 7), whole(rng, 4, 18)],
        examples=((["to be or not", 5], ["to be", "or", "not"]), (["", 4], [])),
        difficulty=3,
    ),
    Family(
        says=(
            "Turn `name`, written like $example, into words in lower case joined by '$mark'. A capital begins a new "
            "word, except after another capital or at the very beginning; $digits.",
            "Rewrite `name` (such as $example) in lower case with '$mark' in front of each capital that follows a "
            "character which is no capital; $digits.",
        ),
        source="""
def split_camel(name: str) -> str:
    result = ""
    for i, char in enumerate(name):
        before = name[i - 1] if i > 0 else ""
        begins = char.isupper() and not before.isupper()
        if $counts and char.isdigit() and not before.isdigit():
            begins = True
        if begins and i > 0:
            result += "$mark"
        result += char.lower()
    return result
""",
        variants=tuple(
            {"example": "'readHTTPHeader2'", "mark": mark, "digits": digits, "counts": counts}
            for mark in ("_", "-", " ")
            for digits, counts in (
                ("digits are treated like small letters", "False"),
                ("the first of several digits in a row begins a word as well, except at the very beginning", "True"),
            )
        ),
        inputs=lambda rng: [
            "".join(
                many(
                    rng,
                    5,
                    lambda: rng.choice(
                        [spoken(rng, 1), spoken(rng, 1).capitalize(), "ID", "X", str(rng.randrange(40))]
                    ),
                )
            )
        ],
        examples=((["getURLFor"], "get_urlfor"), (["Ab2c"], "ab2c"), ([""], "")),
        difficulty=3,
    ),
    Family(
        says=(
            "Is `pattern` found in `text` as a subsequence, its characters in order, $gaps? If so return the position in "
            "`text` of the $which matched character, always taking the earliest match for each character; otherwise -1. "
            "An empty pattern gives -1.",
            "Match the characters of `pattern` in `text` one after the other, each at the first possible place behind the "
            "one before, $gaps. Return where the $which of them was matched, or -1 if that fails or `pattern` is empty.",
        ),
        source="""
def match_in_order(pattern: str, text: str) -> int:
    places: list[int] = []
    start = 0
    for char in pattern:
        found = text.find(char, start)
        if found < 0:
            return -1
        places.append(found)
        start = found + $step
    if len(places) == 0:
        return -1
    return places[$index]
""",
        variants=tuple(
            {"gaps": gaps, "step": step, "which": which, "index": index}
            for gaps, step in (("with anything between them", "1"), ("with at least one character between them", "2"))
            for which, index in (("first", "0"), ("last", "-1"))
        ),
        inputs=lambda rng: [word(rng, "abc", 3), word(rng, "aabbc", 14)],
        examples=((["ac", "babc"], 1), (["cc", "abc"], -1), (["", "a"], -1)),
        difficulty=2,
    ),
    Family(
        says=(
            "Replace each letter of `text` by its partner in the reversed alphabet (a and z, b and y, ...), in lower case, "
            "drop $dropped, and return the result $cut.",
            "Encode `text` in Atbash: lower-case letters, each mirrored in the alphabet, without $dropped. The result is "
            "given $cut.",
        ),
        source="""
def mirror_letters(text: str) -> str:
    coded: list[str] = []
    for char in text.lower():
        if "a" <= char <= "z":
            coded.append(chr(219 - ord(char)))
        elif $kept:
            coded.append(char)
    pieces = []
    for start in range(0, len(coded), $size):
        pieces.append("".join(coded[start : start + $size]))
    return " ".join(pieces)
""",
        variants=tuple(
            {"dropped": dropped, "kept": kept, "cut": cut, "size": size}
            for dropped, kept in (
                ("all characters but letters and digits", "char.isdigit()"),
                ("all other characters but digits and dots", 'char.isdigit() or char == "."'),
            )
            for cut, size in (
                ("in groups of five divided by blanks", "5"),
                ("in groups of three divided by blanks", "3"),
            )
        ),
        inputs=lambda rng: [word(rng, LOWER + "ABYZ019.. ", 14)],
        examples=((["Abc xyz1"], "zyxcb a1"), ([" "], "")),
        difficulty=2,
    ),
)
