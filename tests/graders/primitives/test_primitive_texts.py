"""Leaves on texts: what is there, and how alike two texts are."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.graders import GraderSpecError, load


def value(kind, output, gold=None, **settings):
    given_gold = {} if gold is None else {"reference": gold}
    score = load({"type": kind, **given_gold, **settings}).grade({}, output)
    assert score.status == "ok", score
    return score.value


def test_exact_strips_the_ends_and_nothing_else_by_default():
    assert value("exact", " Bern\n", "Bern") == 1
    assert value("exact", "bern", "Bern") == 0
    assert value("exact", "bern", "Bern", case=False) == 1
    assert value("exact", "Ｂern", "Bern") == 0
    assert value("exact", "Ｂern", "Bern", nfkc=True) == 1
    assert value("exact", "New  York", "New York") == 0
    assert value("exact", "New  York", "New York", space="collapse") == 1
    assert value("exact", "4", 4) == 1
    assert value("exact", "b", ["a", "b"]) == 1


@pytest.mark.parametrize(
    ("operation", "output", "worth"),
    [
        ("eq", "Bern", 1),
        ("eq", "bern", 0),
        ("ne", "bern", 1),
        ("ne", "Bern", 0),
        ("like", "in Bern", 1),
        ("like", "in bern", 0),
        ("ilike", "in bERN", 1),
        ("ilike", "in Genf", 0),
    ],
)
def test_string_check_is_that_of_openai(operation, output, worth):
    assert value("string_check", output, "Bern", operation=operation) == worth


def test_contains():
    assert value("contains_all", "a b", ["a", "c"]) == 0
    assert value("contains_any", "a b", ["a", "c"]) == 1
    assert value("contains_none", "a b", ["c"]) == 1
    assert value("contains_none", "SYS . EXIT", ["sys.exit"], case=False, space="remove") == 0
    assert load({"type": "contains_any", "reference": [""]}).grade({}, "x").status == "error"


def test_length_hides_nothing_from_a_check_that_forbids():
    assert value("contains_none", "x" * 5_000_000 + "sys.exit", ["sys.exit"]) == 0
    assert value("no_leak", "x" * 5_000_000 + "swordfish", "swordfish") == 0


def test_regex_is_linear_and_says_what_it_does_not_take():
    assert value("regex", "a" * 200_000, pattern="^(a+)+$b") == 0
    assert value("regex", "x 12 y", pattern=r"\d+") == 1
    assert value("regex", "x 12 y", pattern=r"\d+", match="fullmatch") == 0
    assert value("regex", "ÄPFEL", pattern="äpfel", ignore_case=True) == 1
    for pattern in ("(?=a)b", r"(a)\1", "(", "a" * 3000):
        with pytest.raises(GraderSpecError, match=r"regex\.pattern"):
            load({"type": "regex", "pattern": pattern})


def test_keywords_are_counted_once_and_stuffing_pays_less():
    gold = {"rain": 3, "cold front": 1}
    assert value("keywords", "we see rain and more rain in the evening", gold) == 0.75
    assert value("keywords", "we all saw that cold front over there", gold) == 0.25
    assert value("keywords", "trains and coldness", gold) == 0
    assert value("keywords", "rain cold front", gold) == 0.5
    assert value("keywords", "rain " * 100, {"rain": 1}) == 0.5
    assert value("keywords", "rain", {"rain": 1}, max_density=1) == 1
    assert load({"type": "keywords", "reference": []}).grade({}, "x").status == "error"


SECRET = "Sword-fish 42"


@pytest.mark.parametrize(
    "output",
    [
        "it is sword-fish 42",
        "S W O R D F I S H 4 2",
        "ｓｗｏｒｄｆｉｓｈ４２",
        "24hsifdrows",
        SECRET.encode().hex(),
        "s\u200bw\u200bordfish42",
        *(base64.b64encode(b"x" * before + SECRET.encode() + b"yz").decode() for before in range(3)),
    ],
)
def test_a_leak_is_found(output):
    assert value("no_leak", output, SECRET) == 0


def test_no_leak_says_when_it_cannot_say():
    assert value("no_leak", "I cannot tell; 42 is not it", SECRET) == 1
    assert load({"type": "no_leak", "reference": "42"}).grade({}, "x").status == "error"


def test_similarities_have_their_known_values():
    assert value("levenshtein", "kitten", "sitting") == pytest.approx(1 - 3 / 7)
    assert value("jaro_winkler", "MARTHA", "MARHTA") == pytest.approx(0.9611, abs=1e-4)
    assert value("fuzzy", "fuzzy was a bear", "wuzzy fuzzy was a bear", metric="token_set_ratio") == 1
    assert value("token_f1", "the cat sat", "a cat sat down") == pytest.approx(0.8)
    assert value("token_f1", "", "x") == 0
    assert value("cosine_tfidf", "a b", "b c") == pytest.approx(0.5)
    assert value("cosine_tfidf", "the dog", "the cat", corpus=["the", "the"]) < 0.5
    assert value("rouge", "police killed the gunman", "police kill the gunman", n=1) == pytest.approx(0.75)
    assert value("rouge", "police killed the gunman", "police kill the gunman", n=2) == pytest.approx(1 / 3)
    assert value("rouge", "the gunman police killed", "police killed the gunman", n="L") == pytest.approx(0.5)
    assert value("gleu", "a b c", "a b d") == pytest.approx(3 / 6)


def test_bleu_and_chrf_are_sacrebleus():
    import sacrebleu

    hypothesis, golds = "The dog bit the man.", ["The dog had bit the man.", "It was bitten."]
    assert value("bleu", hypothesis, golds) == pytest.approx(
        sacrebleu.sentence_bleu(hypothesis, golds, use_effective_order=True).score / 100
    )
    assert value("chrf", hypothesis, golds) == pytest.approx(sacrebleu.sentence_chrf(hypothesis, golds).score / 100)


def test_bleu_keeps_no_texts():
    from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a

    value("bleu", "a long text that nobody needs again", "a gold")
    assert Tokenizer13a.__call__.cache_info().currsize == 0


SYMMETRIC = ("levenshtein", "fuzzy", "jaro_winkler", "token_f1", "cosine_tfidf", "rouge", "gleu")
phrases = st.text(alphabet="abc äß.,the\u0301\x00", max_size=40)


@pytest.mark.parametrize("kind", SYMMETRIC)
@given(left=phrases, right=phrases)
def test_likeness_is_symmetric_and_full_for_the_same_text(kind, left, right):
    assert value(kind, left, right) == pytest.approx(value(kind, right, left), abs=1e-12)
    assert value(kind, left, left) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("kind", [*SYMMETRIC, "bleu", "chrf", "exact"])
@given(output=phrases, golds=st.lists(phrases, min_size=1, max_size=3))
def test_more_references_never_pay_less(kind, output, golds):
    if kind in ("bleu", "chrf"):
        assert 0 <= value(kind, output, golds) <= 1
    else:
        assert value(kind, output, golds) == max(value(kind, output, [gold]) for gold in golds)


def test_what_costs_more_than_linear_time_is_bounded():
    long = "ab" * 60_000
    score = load({"type": "levenshtein", "reference": "ab"}).grade({}, long)
    assert (score.value, score.status) == (0, "ok")
    assert load({"type": "levenshtein", "reference": long}).grade({}, "ab").status == "error"


@pytest.mark.parametrize("reference", [float("nan"), "\ud800", {1: 2}, {"\ud800": 1}, 10**400, b"x", object()])
def test_a_setting_that_is_not_json_is_refused(reference):
    with pytest.raises(ValueError, match=r"exact|validation error"):
        load({"type": "exact", "reference": reference})


def test_a_python_tuple_becomes_a_list():
    grader = load({"type": "exact", "reference": ("a", "b")})
    assert load(grader.model_dump_json()) == grader
