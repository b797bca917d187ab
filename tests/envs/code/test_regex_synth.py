"""RegexSynth: formats mean what their descriptions and expressions say, hostile patterns cost little, and only one pays."""

import asyncio
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textgym.core import InfraError, Random, RedrawError, derive_key
from textgym.envs.code.regex import RegexSynth
from textgym.envs.code.regex.examples import draw_examples, right_about
from textgym.envs.code.regex.grammar import fill, skeleton
from textgym.envs.code.regex.language import (
    PRINTABLE,
    Alt,
    Chars,
    Language,
    Node,
    Repeat,
    Seq,
    Text,
    charset,
)
from textgym.envs.code.regex.matching import PatternError, match_all
from textgym.envs.code.regex.naive import naive_patterns, shape_patterns
from textgym.envs.code.regex.phrases import number
from textgym.envs.code.regex.themes import THEMES
from textgym.graders.code import box as boxes


def ends(node: Node, text: str, start: int) -> set[int]:
    """Where the members of a tree that begin at `start` end: the meaning of a tree, without any regular expression."""
    match node:
        case Chars(chars):
            return {start + 1} if text[start : start + 1] and text[start] in chars else set()
        case Text(what):
            return {start + len(what)} if text.startswith(what, start) else set()
        case Seq(parts):
            here = {start}
            for part in parts:
                here = {end for begin in here for end in ends(part, text, begin)}
            return here
        case Alt(parts):
            return {end for part in parts for end in ends(part, text, start)}
        case Repeat(part, low, high):
            found = set()
            here, times = {start}, 0
            while here and times <= (low + len(text) if high is None else high):
                if times >= low:
                    found |= here
                here, times = {end for begin in here for end in ends(part, text, begin)}, times + 1
            return found


def holds(language: Language, text: str) -> bool:
    return (
        len(text) in ends(language.node, text, 0)
        and all(set(chars) & set(text) for chars in language.needs)
        and not any(ban in text for ban in language.bans)
    )


def subjects(count: int) -> list[tuple[str, Language]]:
    found = []
    for name, theme in THEMES.items():
        for i in range(count):
            found.append((name, theme(Random(derive_key("theme", name, i))).language))
    for i in range(20 * count):
        rng = Random(derive_key("grammar", i))
        found.append(("grammar", fill(skeleton(rng, rng.randint(1, 5)), rng).language))
    return found


def test_an_expression_means_what_its_tree_says() -> None:
    checked = 0
    for _, language in subjects(1):
        rng = Random(derive_key("strings", language.pattern))
        others = rng.sample(near := language.neighbours(), min(6, len(near)))
        texts = [text for one in [language] * 4 + others if (text := one.sample(rng)) is not None and len(text) < 60]
        compiled = re.compile(language.pattern)
        for text in texts:
            assert (compiled.fullmatch(text) is not None) == holds(language, text), (language.pattern, text)
            checked += 1
        assert all(re.compile(one.pattern) for one in others)
    assert checked > 500


def trees() -> st.SearchStrategy[Node]:
    leaves = st.one_of(
        st.text(PRINTABLE, min_size=1, max_size=6).map(charset),
        st.text(PRINTABLE, min_size=1, max_size=3).map(Text),
    )

    def wider(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(inner, min_size=1, max_size=3).map(tuple)
        times = st.tuples(inner, st.integers(0, 2), st.sampled_from([1, 2, 3]))
        return st.one_of(
            several.map(Seq), several.map(Alt), times.map(lambda one: Repeat(one[0], one[1], one[1] + one[2]))
        )

    return st.recursive(leaves, wider, max_leaves=6)


@given(trees(), st.text(PRINTABLE, max_size=8), st.integers(0, 1000))
@settings(max_examples=150)
def test_any_tree_is_written_as_it_is_meant(node: Node, text: str, seed: int) -> None:
    language = Language(node)
    member = language.sample(Random(derive_key("member", seed)))
    assert member is not None
    for each in (member, text, member[1:], member + text):
        if len(each) <= 40:
            assert (re.fullmatch(language.pattern, each) is not None) == holds(language, each)


@given(st.integers(0, 400), st.integers(0, 400), st.booleans())
@settings(max_examples=80)
def test_a_range_holds_its_numbers_and_no_others(low: int, size: int, padded: bool) -> None:
    high = low + size
    width = len(str(high)) if padded else 0
    pattern = re.compile(Language(number(low, high, width).node).pattern)
    found = {text for one in range(1000) for text in (str(one), f"{one:03}", f"{one:02}") if pattern.fullmatch(text)}
    assert found == {str(one).zfill(width) for one in range(low, high + 1)}


@pytest.mark.parametrize("hint", ["full", "theme", "none"])
def test_what_is_hidden_is_fair_and_no_naive_pattern_is_right(hint: str) -> None:
    env = RegexSynth(hint=hint)
    for index in range(15):
        task = env.task("train", index)
        match, reject = task.data["match"], task.data["reject"]
        hidden_match, hidden_reject = task.secret["match"], task.secret["reject"]
        assert right_about(task.secret["pattern"], match + hidden_match, reject + hidden_reject)
        every = match + reject + hidden_match + hidden_reject
        assert len(set(every)) == len(every)
        assert len(match) == len(reject) == 8
        assert min(len(hidden_match), len(hidden_reject)) >= 12
        assert all(set(text) <= set(PRINTABLE) for text in every)
        for text in hidden_match + hidden_reject:
            assert len(text) < 3 or not any(text in shown for shown in match + reject)
        for pattern in naive_patterns(match, reject) + shape_patterns(match):
            assert not right_about(pattern, hidden_match, hidden_reject), pattern
        assert ("made of" in task.prompt) == (hint == "full")
        assert (task.data["topic"] in task.prompt) == (hint != "none")


def test_with_examples_alone_nothing_is_asked_that_was_not_shown() -> None:
    checked = 0
    for i, (_, language) in enumerate(subjects(1)[::4]):
        rng = Random(derive_key("fair", i))
        try:
            found = draw_examples(language, rng, shown=8, hidden=24, strictly=True)
        except RedrawError:
            continue
        again = Random(derive_key("fair", i))
        near = language.neighbours()
        for neighbour in again.sample(near, min(100, len(near))):  # those that were drawn
            if right_about(neighbour.pattern, found.match, found.reject):
                assert right_about(neighbour.pattern, found.hidden_match, found.hidden_reject)
                checked += 1
    assert checked > 50


def test_with_a_description_the_hidden_strings_tell_the_neighbours_apart() -> None:
    told = total = 0
    for i, (_, language) in enumerate(subjects(1)[::4]):
        try:
            found = draw_examples(language, Random(derive_key("power", i)), shown=8, hidden=28, strictly=False)
        except RedrawError:
            continue
        rng = Random(derive_key("witnesses", i))
        for neighbour in rng.sample(near := language.neighbours(), min(15, len(near))):
            theirs, ours = re.compile(neighbour.pattern), re.compile(language.pattern)
            texts = [text for _ in range(12) for one in (language, neighbour) if (text := one.sample(rng)) is not None]
            if any((theirs.fullmatch(text) is None) != (ours.fullmatch(text) is None) for text in texts):
                total += 1
                told += not right_about(
                    neighbour.pattern, found.match + found.hidden_match, found.reject + found.hidden_reject
                )
    assert told >= 0.8 * total > 150


def test_themes_and_skeletons_are_many_and_each_split_has_some() -> None:
    assert len(THEMES) >= 75
    env = RegexSynth(source="themes")
    families = {split: {env.task(split, i).family for i in range(12)} for split in ("train", "validation", "test")}
    assert len(families["train"]) >= 9
    assert min(len(families["validation"]), len(families["test"])) >= 3
    env = RegexSynth(source="grammar", pieces_min=3, pieces_max=3)
    assert all(str(env.task("test", i).family).count(" ") >= 3 for i in range(5))


@pytest.mark.slow
def test_a_hundred_thousand_formats_differ() -> None:
    rng = Random(b"formats")
    assert len({fill(skeleton(rng, rng.randint(2, 4)), rng).language.pattern for _ in range(101_000)}) >= 100_000


@pytest.fixture(scope="module")
def box() -> object:
    """The pool, or a skipped test where there can be none."""
    try:
        yield boxes.open_box()
    except InfraError as error:
        pytest.skip(str(error))
    boxes.close_box()


def step(env: RegexSynth, answer: str) -> tuple[str, float, bool, bool, dict[str, object]]:
    return env.step(f"<answer>{answer}</answer>")


@pytest.mark.usefixtures("box")
class TestAnswers:
    def test_patterns_match_as_a_whole(self) -> None:
        assert asyncio.run(match_all("a|ab", ["a", "ab", "b", "abc", ""])) == [True, True, False, False, False]
        assert asyncio.run(match_all("", ["", "a"])) == [True, False]
        assert asyncio.run(match_all("[^a]\u20ac?", ["\u20ac", "b\u20ac", "a"])) == [True, True, False]

    @pytest.mark.parametrize(
        ("pattern", "problem"),
        [
            ("(", "unterminated subpattern"),
            ("(?:(?:.|.)*)*\\x00", "too long"),
            ("(?:(?:.{1,9999}){1,9999}){1,9999}\\x00", "too long"),
            ("(" * 990 + ")" * 990, "nested"),
            ("a{99999999999999999999}", "too large"),
            ("(?L)a", "flags"),
            ("(?P<" + "x" * 9000 + ">a)(?P=y)", "unknown group"),
            ("\ud800", ""),
        ],
    )
    def test_a_pattern_that_cannot_be_used_says_why_and_harms_nobody(self, pattern: str, problem: str) -> None:
        strings = ["a" * 60, "b"]
        if problem:
            with pytest.raises(PatternError, match=problem) as caught:
                asyncio.run(match_all(pattern, strings))
            assert len(str(caught.value)) <= 200
        else:
            assert asyncio.run(match_all(pattern, strings)) == [False, False]
        assert asyncio.run(match_all("b", strings)) == [False, True]

    def test_the_expression_behind_the_strings_earns_one_and_naive_ones_nothing(self) -> None:
        env = RegexSynth()
        for index in range(6):
            env.reset(options={"split": "test", "index": index})
            task = env.task("test", index)
            for pattern in random.Random(index).sample(naive_patterns(task.data["match"], task.data["reject"]), 3):
                env.reset(options={"split": "test", "index": index})
                assert step(env, pattern)[1] == 0.0
            env.reset(options={"split": "test", "index": index})
            _, reward, terminated, _, info = env.step(env.oracle(task, None))  # type: ignore[arg-type]
            assert (reward, terminated) == (1.0, True)
            assert info["outcome"]["success"]
            assert [part["value"] for part in info["outcome"]["score"]["children"]] == [1.0, 1.0]

    def test_mistakes_are_shown_and_can_be_mended(self) -> None:
        env = RegexSynth(max_turns=3)
        env.reset(seed=5)
        task = env.task("train", 5)
        text, reward, terminated, truncated, info = step(env, ".*")
        assert (reward, terminated, truncated, info["shown_right"]) == (0.0, False, False, 8)
        assert text.startswith("Wrong about 8 of the 16 strings shown:")
        assert text.count("matches and must not: ") == 8
        assert not any(hidden in text for hidden in task.secret["reject"] if len(hidden) > 2)
        text, *_ = step(env, "(")
        assert "cannot be used" in text
        assert step(env, task.secret["pattern"])[1:3] == (1.0, True)

    def test_an_answer_that_is_right_about_all_strings_shown_is_final(self) -> None:
        env = RegexSynth()
        env.reset(seed=5)
        listing = naive_patterns(env.task("train", 5).data["match"], env.task("train", 5).data["reject"])[0]
        text, reward, terminated, _, info = step(env, listing)
        assert (reward, terminated) == (0.0, True)
        assert "hidden" in text
        shown, hidden = info["outcome"]["score"]["children"]
        assert shown["value"] == 1.0
        assert 0 < hidden["value"] < 1

    def test_less_feedback_on_demand(self) -> None:
        for feedback, expected in (
            ("count", "Wrong about 8 of the 16 strings shown."),
            ("none", "Wrong about strings shown."),
        ):
            env = RegexSynth(feedback=feedback)
            env.reset(seed=5)
            assert step(env, ".*")[0] == expected

    def test_the_last_wrong_answer_ends_the_episode(self) -> None:
        env = RegexSynth(max_turns=1)
        env.reset(seed=5)
        text, reward, terminated, _, info = step(env, ".*")
        assert (reward, terminated, info["outcome"]["status"]) == (0.0, True, "ok")
        assert "last answer" in text

    def test_long_patterns_are_not_tried(self) -> None:
        env = RegexSynth(max_pattern_chars=50)
        env.reset(seed=5)
        assert "at most 50" in step(env, "a" * 51)[0]
