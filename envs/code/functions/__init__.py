"""Small reference functions, families of them, and what environments make of them: bugs, hidden inputs, verdicts.

A *family* is one problem with a reference solution, written for this project. Families live in `themes`, some ten to
fifteen to a theme, each theme a tuple `FAMILIES`; it is listed by its name in `themes/__init__.py`. One family:

    Family(
        says=(
            "Shorten every run of one character in `text` to at most $most characters.",
            "Return `text` without what exceeds $most equal characters in a row.",
        ),
        source='''
    def squeeze_runs(text: str) -> str:
        kept: list[str] = []
        run = 0
        for i, char in enumerate(text):
            run = run + 1 if i > 0 and char == text[i - 1] else 1
            if run <= $most:
                kept.append(char)
        return "".join(kept)
    ''',
        variants=each(most=(1, 2, 3, 4)),
        inputs=lambda rng: [word(rng, "aabc", 14)],
        examples=((["aaab"], "ab"), ([""], "")),
        difficulty=2,
    )

- `source`: top-level imports of the standard library, helper functions, and last the function that is asked for; its name
  names the family, and is unique. Plain ASCII, type annotations on the signature, no docstring, no f-string (renaming does
  not look into them), no keyword arguments for its own helpers, no module-level state, no input or output. 5 to 40 lines
  with conditions, loops and constants where bugs can live. It must not change its arguments. Ticks: at most a few hundred
  loop rounds on any generated input.
- `says`: at least two docstrings in different words, each complete: whoever reads it can write the function without the
  source. What empty inputs, ties and limits give is said wherever `inputs` can reach it. Parameters stand in backquotes.
- `variants`: at least four ways to fill the `$names` in `source` and `says` alike (constants, directions, words), as dicts;
  `each(most=(1, 2))` makes all combinations of independent ones; write coupled ones as a tuple of dicts. Each variant must
  behave differently from the others.
- `inputs(rng)`: one list of arguments, drawn with the generator given (see `draws`): plain data, small (at most some twenty
  elements, short texts), empty and extreme ones among them, and such that random ones reach every branch. No exceptions: a
  reference never raises on them.
- `examples`: at least two `(arguments, result)` pairs for the first variant, worked out by hand.
- `difficulty`: 1 (a line of thought) to 5 (an algorithm with a catch).
- Arguments and results: None, bool, int, str, lists, dicts and tuples of these. No floats; fractions as two whole numbers.

Behaviour is never shared between families. `tests/envs/code/test_function_families.py` proves all of this.
"""

from textgym.envs.code.functions.family import Family, each

__all__ = ["Family", "each"]
