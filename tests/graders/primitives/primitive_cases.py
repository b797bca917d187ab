"""One grader of each type, with an item and a sample that earns the most it can give."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

TABLE = "city,people\nBern,134591\nGenf,203856\n"
DIFF = "--- a/x.py\n+++ b/x.py\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n"
OPENED = (
    {
        "role": "assistant",
        "tool_calls": [{"id": "1", "function": {"name": "open", "arguments": '{"url": "https://a.org/x"}'}}],
    },
    {"role": "tool", "tool_call_id": "1", "content": "text"},
)
CALLS = [{"name": "search", "arguments": {"query": "rain", "k": 3}}]


@dataclass(frozen=True)
class Case:
    """A grader's JSON, what it is asked about, and the best sample there is."""

    grader: dict[str, Any]
    best: Any
    item: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.grader["type"]


SENTENCE = "The quick brown fox jumps over the lazy dog."
GOLD = "{{ item.gold }}"


def against(kind: str, gold: Any, best: Any, **settings: Any) -> Case:
    return Case({"type": kind, "reference": GOLD, **settings}, best, {"gold": gold})


CASES = [
    against("exact", "Bern", "Bern"),
    against("string_check", "Bern", "in Bern", operation="like"),
    against("contains_all", ["Bern", "Genf"], "Genf and Bern"),
    against("contains_any", ["Bern", "Genf"], "Genf"),
    against("contains_none", ["sys.exit"], "print(1)"),
    Case({"type": "regex", "pattern": r"^\d+ \p{L}+$"}, "12 äpfel"),
    against("keywords", {"rain": 2, "cold front": 1}, "There will be rain, and a cold front passes over."),
    against("no_leak", "swordfish", "I cannot say."),
    against("levenshtein", SENTENCE, SENTENCE),
    against("fuzzy", SENTENCE, SENTENCE),
    against("jaro_winkler", "Martha", "Martha"),
    against("token_f1", ["the Beatles", "Beatles"], "Beatles!"),
    against("cosine_tfidf", SENTENCE, SENTENCE, corpus=["the dog", "the cat"]),
    against("rouge", SENTENCE, SENTENCE),
    against("gleu", SENTENCE, SENTENCE),
    against("bleu", SENTENCE, SENTENCE),
    against("chrf", SENTENCE, SENTENCE),
    against("number_equal", "1/3", "1/3"),
    against("number_score", 40, "40.0"),
    Case({"type": "in_range", "low": GOLD, "high": 7}, "6", {"gold": 5}),
    against("quantity_equal", "36 km/h", "10 m/s"),
    against("choice", "B", "The answer is (B)."),
    against("ordinal", "good", "good", labels=["bad", "fair", "good"]),
    against("set_f1", ["a", "b"], "b, A"),
    against("jaccard", ["a", "b"], "b, A"),
    against("set_exact", ["a", "b"], '["b", "a"]'),
    against("sequence_match", ["a", "b", "c"], "a, b, c"),
    against("kendall", ["a", "b", "c"], "a, b, c"),
    against("ndcg", {"a": 3, "b": 1}, "a, b, c"),
    against("recall_at_k", ["a", "b"], "b, c, a"),
    against("mrr", ["a", "b"], "b, c"),
    Case({"type": "json_valid"}, '```json\n{"a": 1}\n```'),
    Case({"type": "json_only"}, ' [{"a": 1}]\n'),
    against(
        "json_schema", {"type": "object", "required": ["a"], "properties": {"a": {"pattern": "^x+$"}}}, '{"a": "xx"}'
    ),
    against("json_equal", {"total": 3, "at": "noon"}, '{"total": 3.0, "at": "one"}', ignore=["at"]),
    against("json_field_f1", {"a": [1, 2], "b": {"c": None}}, '{"b": {"c": null}, "a": [1, 2]}'),
    against("table_match", TABLE, "| People | City |\n|---|:-:|\n| 203,856 | genf |\n| 134591 | Bern |"),
    Case({"type": "table_valid", "columns": ["city"], "min_rows": 2}, TABLE),
    against("citation_precision", ["d1", "d2"], "It rains [d1]. It pours [d2, d1]."),
    against("citation_recall", [["d1"], ["d2", "d3"]], "It rains [d1]. It pours [d3]."),
    Case({"type": "url_in_trajectory", "tools": ["open"]}, {"output_text": "See https://A.org/x.", "messages": OPENED}),
    against("tool_call_match", CALLS, {"output_tools": CALLS}),
    Case({"type": "tag"}, "It is <answer>4</answer>."),
    Case({"type": "boxed"}, r"So $\boxed{\frac{1}{2}}$."),
    Case({"type": "think_format"}, "<think>2 and 2</think> 4"),
    Case({"type": "script_is", "scripts": ["Cyrillic"]}, "Привет, мир!"),
    Case(
        {"type": "language_is", "languages": ["de"], "at_least": 0.9},
        "Das ist ein deutscher Satz über Katzen und ihre Menschen.",
    ),
    Case({"type": "length_window", "low": 2, "high": 4, "slack": 3}, "one two three"),
    Case({"type": "soft_overlong", "max_length": 10, "margin": 5, "unit": "words"}, "one two"),
    Case({"type": "repetition"}, "one two three four"),
    Case({"type": "compiles"}, "```python\nprint(1)\n```"),
    against("ast_equal", "x = 1 + (2*3)\n", "x = (1+2 * 3)  # seven"),
    Case({"type": "diff_applies"}, DIFF, {"files": {"x.py": "one\ntwo\n"}}),
    Case(
        {"type": "files_unchanged", "globs": ["tests/**"], "sha256": {"tests/a": hashlib.sha256(b"kept").hexdigest()}},
        {"artifacts": {"tests/a": "kept", "src/b": "changed"}},
    ),
]
