"""Texts: runs, words, prefixes, letters."""

from textgym.envs.code.functions.draws import word
from textgym.envs.code.functions.family import Family, each

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
        difficulty=2,
    ),
)
