"""Questions and answers of your own, from a file."""

from textgym.registry import Entry

ENVIRONMENTS: tuple[Entry, ...] = (
    Entry(
        id="textgym/DatasetQA-v0",
        entry_point="textgym.envs.math.dataset.env:DatasetQA",
        summary="Answer the questions of your own JSON lines or Parquet file, judged by a grader of your choice.",
        domain="math",
        tags=("single-turn", "dataset"),
    ),
)
