"""What the JSON of RFT graders is made of: types, fields, metrics, and the names of errors."""

from typing import Any

from textgym.graders.errors import GraderSpecError

FIELDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "string_check": (frozenset({"input", "reference", "operation"}), frozenset()),
    "text_similarity": (frozenset({"input", "reference", "evaluation_metric"}), frozenset()),
    "score_model": (frozenset({"model", "input"}), frozenset({"range", "sampling_params"})),
    "label_model": (frozenset({"model", "input", "labels", "passing_labels"}), frozenset()),
    "python": (frozenset({"source"}), frozenset({"image_tag"})),
    "multi": (frozenset({"graders", "calculate_output"}), frozenset()),
}
"""The types, each with the fields that it must have and those that it may have, beside `type` and `name`."""

METRICS: dict[str, dict[str, Any]] = {
    "fuzzy_match": {"type": "fuzzy"},
    "bleu": {"type": "bleu"},
    "gleu": {"type": "gleu"},
    "meteor": {"type": "meteor"},
    "cosine": {"type": "cosine_tfidf"},
    **{f"rouge_{n}": {"type": "rouge", "n": n} for n in range(1, 6)},
    "rouge_l": {"type": "rouge", "n": "L"},
}
"""The metrics of `text_similarity`, each with the type and the settings of the grader here that computes it."""

ERRORS: dict[str, Any] = {
    "formula_parse_error": False,
    "sample_parse_error": False,
    "truncated_observation_error": False,
    "unresponsive_reward_error": False,
    "invalid_variable_error": False,
    "other_error": False,
    "python_grader_server_error": False,
    "python_grader_server_error_type": None,
    "python_grader_runtime_error": False,
    "python_grader_runtime_error_details": None,
    "model_grader_server_error": False,
    "model_grader_server_error_details": None,
    "model_grader_refusal_error": False,
    "model_grader_parse_error": False,
}
"""`metadata.errors` of a run in which nothing failed."""


class NotExpressible(GraderSpecError):  # noqa: N818 (it says what a grader is, and reads so where it is caught)
    """A grader cannot be said in OpenAI's JSON.

    Attributes:
        node: the node that cannot, by its names from the root on, such as `sum > gate`.
    """

    def __init__(self, node: str, why: str) -> None:
        super().__init__(f"{node}: {why}")
        self.node = node
