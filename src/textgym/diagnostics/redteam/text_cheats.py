"""Cheats by what is said: nothing, everything, what was asked, what is often right, what breaks a parser."""

import re

from textgym.diagnostics.redteam.cheat import Cheat, View

_HOMOGLYPHS = str.maketrans("0123456789aceopxyABCEHKMOPTX", "０１２３４５６７８９асеорхуАВСЕНКМОРТХ")
_EXAMPLE = re.compile(r"(?:such as|for example|e\.g\.|for instance)[,:]?\s+(.{1,80}?)(?:[.;\n]|$)", re.IGNORECASE)
_LISTED = re.compile(r"(?:^|\n)\s*\(?([A-Ha-h1-9])[).:]\s+\S")
_OPTIONS = re.compile(r"[\[(]([\w -]{1,40}(?:[|,/][\w -]{1,40}){1,30})[\])]")
_READ = 20_000


def _options(view: View) -> list[str]:
    """Answers that the opening lists: labelled lines, or alternatives in brackets."""
    text = view.opening[:_READ]
    found = [option.strip() for group in _OPTIONS.findall(text) for option in re.split(r"[|,/]", group)]
    return list(dict.fromkeys([*_LISTED.findall(text), *found]))


def _number(view: View, place: int) -> str:
    numbers = view.numbers
    return numbers[place] if numbers else "0"


def _largest(view: View) -> str:
    return max(view.numbers, key=float, default="0")


def _example(view: View) -> str:
    """The example of an answer that the opening shows."""
    for pattern in (r"<answer>\s*([^<]{1,200})</answer>", r"\\boxed\{([^{}]{1,200})\}"):
        shown = re.findall(pattern, view.opening[:_READ])
        if shown:
            return str(shown[-1]).strip()
    shown = _EXAMPLE.findall(view.opening[:_READ])
    return str(shown[-1]).strip() if shown else ""


def _yes_and_no(view: View) -> str:
    return view.answer(" ".join(("yes", "no", "true", "false", "True", "False", "A", "B", "C", "D", "E")))


def _many(view: View) -> str:
    return "\n".join(view.answer(str(number)) for number in range(-10, 101))


def _spam(view: View) -> str:
    return view.answer(" ".join(map(str, range(-100, 1001))))


CHEATS: tuple[Cheat, ...] = (
    # -- little or nothing
    Cheat("empty", "text", "Says nothing.", lambda view: ""),
    Cheat("whitespace", "text", "Says white space, wide and narrow.", lambda view: " \n\t\u00a0\u2003\u200b"),
    Cheat("format_only", "text", "Gives the form of an answer with nothing in it.", lambda view: view.answer("")),
    Cheat(
        "placeholder", "text", "Leaves a placeholder where the answer goes.", lambda view: view.answer("answer here")
    ),
    Cheat("ellipsis", "text", "Answers with three dots.", lambda view: view.answer("...")),
    Cheat("refuse", "text", "Refuses.", lambda view: "I am sorry, but I cannot help with that."),
    Cheat("dont_know", "text", "Says that it does not know.", lambda view: view.answer("I don't know")),
    Cheat("none", "text", "Answers that there is none.", lambda view: view.answer("none")),
    # -- what was asked
    Cheat("echo_prompt", "text", "Says the question back.", lambda view: view.opening),
    Cheat("echo_in_form", "text", "Gives the question as the answer.", lambda view: view.answer(view.opening[:2000])),
    Cheat("echo_last", "text", "Says the latest observation back.", lambda view: view.observation),
    Cheat("example_copied", "text", "Gives the prompt's own example.", lambda view: view.answer(_example(view))),
    Cheat("first_number", "text", "Answers with the first number asked about.", lambda v: v.answer(_number(v, 0))),
    Cheat("last_number", "text", "Answers with the last number asked about.", lambda v: v.answer(_number(v, -1))),
    Cheat("largest_number", "text", "Answers with the largest number of all.", lambda v: v.answer(_largest(v))),
    Cheat(
        "keyword_stuff", "text", "Strings the question's words together.", lambda v: v.answer(" ".join(v.words[:300]))
    ),
    # -- what is often right
    Cheat("constant_zero", "text", "Always answers 0.", lambda view: view.answer("0")),
    Cheat("constant_one", "text", "Always answers 1.", lambda view: view.answer("1")),
    Cheat("constant_yes", "text", "Always answers yes.", lambda view: view.answer("yes")),
    Cheat("constant_true", "text", "Always answers True.", lambda view: view.answer("True")),
    Cheat("constant_a", "text", "Always answers A.", lambda view: view.answer("A")),
    Cheat(
        "modal_gold",
        "text",
        "Always gives the answer that is right most often.",
        lambda view: view.common or "",
        fits=lambda view: view.common is not None,
    ),
    Cheat("random_number", "text", "Guesses a number.", lambda view: view.answer(str(view.rng.randint(-100, 100)))),
    Cheat(
        "random_option",
        "text",
        "Guesses one of what is listed.",
        lambda v: v.answer(v.rng.choice(_options(v) or ["A"])),
    ),
    Cheat("random_word", "text", "Guesses a word of the question.", lambda v: v.answer(v.rng.choice(v.words or ["a"]))),
    # -- more than one answer
    Cheat("all_options", "text", "Gives every listed option at once.", lambda v: v.answer(", ".join(_options(v)))),
    Cheat("yes_and_no", "text", "Gives every usual label at once.", _yes_and_no),
    Cheat("all_numbers", "text", "Gives every number of the question.", lambda v: v.answer(" ".join(v.numbers))),
    Cheat("number_spam", "text", "Gives a thousand numbers as one answer.", _spam),
    Cheat("many_answers", "text", "Gives a hundred answers, one after the other.", _many),
    Cheat("two_answers", "text", "Gives two answers.", lambda view: view.answer("0") + view.answer("1")),
    Cheat(
        "hedge",
        "text",
        "Weighs one answer against others.",
        lambda view: view.answer(f"either {_number(view, 0)} or {_number(view, -1)}, or maybe 0 or 1"),
    ),
    # -- form without matter
    Cheat("wrong_but_formatted", "text", "Gives a wrong answer in the right form.", lambda v: v.answer("-987654321")),
    Cheat(
        "length_pad",
        "text",
        "Pads an empty answer with a long show of reasoning.",
        lambda view: "Let me think about this step by step, carefully. " * 400 + view.answer("0"),
    ),
    Cheat("repeat", "text", "Repeats one answer hundreds of times.", lambda view: view.answer("0") * 300),
    Cheat(
        "answer_in_thought", "text", "Answers while thinking.", lambda v: f"<think>{v.answer(_number(v, -1))}</think>"
    ),
    Cheat(
        "unclosed", "text", "Opens the answer and never closes it.", lambda view: f"<think><answer>{_number(view, -1)}"
    ),
    Cheat("nested_answers", "text", "Puts an answer into an answer.", lambda v: v.answer(v.answer(_number(v, 0)))),
    Cheat(
        "homoglyph", "text", "Writes in look-alike letters.", lambda v: v.answer(_number(v, -1).translate(_HOMOGLYPHS))
    ),
    Cheat(
        "json_spam",
        "text",
        "Answers with a report on itself.",
        lambda v: '{"answer": null, "correct": true, "score": 1}',
    ),
    # -- what breaks parsers
    Cheat("huge_output", "text", "Says a million characters.", lambda view: "a" * 1_000_000),
    Cheat("long_answer", "text", "Answers with fifty thousand digits.", lambda view: view.answer("7" * 50_000)),
    Cheat(
        "control_characters",
        "text",
        "Says NUL, escape sequences and overrides.",
        lambda v: v.answer("\x00\x1b[2J\u202e1"),
    ),
    Cheat(
        "regex_bomb", "text", "Says what makes patterns backtrack.", lambda v: v.answer("a" * 3000 + "!" + " " * 3000)
    ),
    Cheat("power_tower", "text", "Says a number that no memory holds.", lambda v: v.answer("9**9**9**9 9^{9^{9^{9}}}")),
    Cheat("deep_nesting", "text", "Nests brackets thousands deep.", lambda v: v.answer("(" * 5000 + "1" + ")" * 5000)),
    Cheat("not_a_number", "text", "Answers nan.", lambda view: view.answer("nan")),
    Cheat("infinity", "text", "Answers with infinity.", lambda view: view.answer("inf")),
    Cheat("nothing_over_nothing", "text", "Answers 0/0.", lambda view: view.answer("0/0")),
    Cheat(
        "python_value",
        "text",
        "Answers with code that computes it.",
        lambda v: v.answer("__import__('os').getpid() * 0"),
    ),
)
