"""The programs of the two sides, as text for the sandboxes."""

import importlib.resources

CANDIDATE = "textgym_candidate"
JUDGE = "textgym_judge"
_LINK = "textgym_link"
_FILES = {_LINK: "inside_link", CANDIDATE: "inside_candidate", JUDGE: "inside_judge"}


def library() -> list[tuple[str, str]]:
    """Modules by the names that they have inside, each after those it imports."""
    folder = importlib.resources.files("textgym.sandbox") / "judging"
    return [(name, _inside((folder / f"{file}.py").read_text(encoding="utf-8"))) for name, file in _FILES.items()]


def _inside(source: str) -> str:
    """The text with the names that modules have inside."""
    source = source.replace("from textgym.sandbox.driver import", "from textgym_driver import")
    return source.replace("from textgym.sandbox.judging.inside_link import", f"from {_LINK} import")
