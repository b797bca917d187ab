"""Leaves on form, length and repetition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.graders import GraderSpecError, load
from textgym.graders.primitives.form import boxed_contents
from textgym.graders.primitives.normal import normalise


def value(kind, output, **settings):
    score = load({"type": kind, **settings}).grade({}, output)
    assert score.status == "ok", score
    return score.value


@pytest.mark.parametrize(
    ("output", "worth"),
    [
        ("<answer>4</answer>", 1),
        ("so <answer> 4 </answer>.", 1),
        ("<answer></answer>", 0),
        ("<answer>3</answer><answer>4</answer>", 0),
        ("</answer>4<answer>", 0),
        ("<answer>4", 0),
        ("<Answer>4</Answer>", 0),
    ],
)
def test_tag(output, worth):
    assert value("tag", output) == worth


def test_tag_settings():
    assert value("tag", "x <a>4</a>", tag="a", only=True) == 0
    assert value("tag", " <a>4</a>\n", tag="a", only=True) == 1
    with pytest.raises(GraderSpecError, match="tag"):
        load({"type": "tag", "tag": "a b"})


@pytest.mark.parametrize(
    ("output", "contents"),
    [
        (r"\boxed{4}", ["4"]),
        (r"\boxed {4}", ["4"]),
        (r"\boxed{\frac{1}{2}} and \boxed{x}", [r"\frac{1}{2}", "x"]),
        (r"\boxed{\boxed{4}}", [r"\boxed{4}"]),
        (r"\boxed{\{1, 2\}}", [r"\{1, 2\}"]),
        (r"\boxed{4", []),
        (r"{\boxed{4}", ["4"]),
        (r"\boxed4", []),
    ],
)
def test_boxes(output, contents):
    assert boxed_contents(output) == contents
    assert value("boxed", output) == (len(contents) == 1)


@pytest.mark.parametrize(
    ("output", "worth"),
    [
        ("<think>a</think>b", 1),
        ("\n<think>a</think>\nb", 1),
        ("x<think>a</think>b", 0),
        ("<think>a</think>", 0),
        ("<think> </think>b", 0),
        ("<think>a</think>b<think>c</think>d", 0),
        ("a</think>b", 0),
    ],
)
def test_think_format(output, worth):
    assert value("think_format", output) == worth


def test_think_format_where_the_prompt_opened_it():
    assert value("think_format", "a</think>b", opened=True) == 1
    assert value("think_format", "<think>a</think>b", opened=True) == 0


def test_scripts():
    assert value("script_is", "Привет world", scripts=["Cyrillic"]) == pytest.approx(6 / 11)
    assert value("script_is", "Привет world", scripts=["Cyrillic"], at_least=0.9) == 0
    assert value("script_is", "東京タワーです", scripts=["Han", "Katakana", "Hiragana"]) > 0.8
    assert value("script_is", "12 345", scripts=["Latin"]) == 0
    with pytest.raises(GraderSpecError, match="Klingon"):
        load({"type": "script_is", "scripts": ["Klingon"]})


def test_a_language_is_told_and_a_wrong_or_unknown_one_is_not():
    german = "Das ist ein deutscher Satz über Katzen, die am Fenster sitzen."
    assert value("language_is", german, languages=["de"]) > 0.95
    assert value("language_is", german, languages=["en", "fr"]) < 0.05
    assert value("language_is", german, languages=["de"], at_least=0.9) == 1
    assert value("language_is", "The cats are sitting at the window.", languages=["de"], at_least=0.9) == 0
    assert value("language_is", "猫は窓のそばに座っています。", languages=["ja"]) > 0.5
    english = "The cats are sitting at the window, and nobody knows what they are waiting for. "
    assert 0.4 < value("language_is", f"{german * 100} {english * 80}", languages=["de"]) < 0.6
    for nothing in ("", "12 345", "?!", "\0", "\u0301" * 100_000):
        assert value("language_is", nothing, languages=["en"]) == 0
    with pytest.raises(GraderSpecError, match="no language that can be told"):
        load({"type": "language_is", "languages": ["english"]})


def test_length_window():
    window = {"low": 3, "high": 5, "slack": 4}
    assert [value("length_window", "w " * count, **window) for count in (0, 1, 3, 5, 7, 9, 20)] == [
        0.25,
        0.5,
        1,
        1,
        0.5,
        0,
        0,
    ]
    assert value("length_window", "w " * 6, low=3, high=5) == 0
    assert value("length_window", "abcd", low=4, unit="chars") == 1
    assert value("length_window", {"usage": {"completion_tokens": 7}}, low=4, unit="tokens") == 1
    assert load({"type": "length_window", "unit": "tokens"}).grade({}, "x").status == "error"
    with pytest.raises(GraderSpecError, match="high"):
        load({"type": "length_window", "low": 3, "high": 2})


def test_soft_overlong_is_that_of_dapo():
    def worth(tokens):
        return value("soft_overlong", {"usage": {"completion_tokens": tokens}}, max_length=20, margin=4)

    assert [worth(tokens) for tokens in (0, 16, 17, 18, 20, 99)] == [0, 0, -0.25, -0.5, -1, -1]


def test_repetition():
    assert value("repetition", "a b c d") == 0
    assert value("repetition", "a b") == 0
    assert value("repetition", "a b a b a b", n=2) == pytest.approx(-3 / 5)
    assert value("repetition", "spam " * 1000) == pytest.approx(-997 / 998)


@given(st.text(max_size=60))
def test_the_canonical_form_is_unicodes(text):
    import unicodedata

    assert normalise(text, case=True, space="keep") == unicodedata.normalize("NFKC", text)


def test_no_run_of_marks_is_hidden_from_the_bound():
    import sys
    import unicodedata

    from textgym.graders.primitives.normal import _marks

    starts_with_mark = [
        char
        for char in map(chr, range(sys.maxunicode + 1))
        if unicodedata.combining(unicodedata.normalize("NFKC", char)[0])
    ]
    assert all(_marks().fullmatch(char * 2) for char in starts_with_mark)
