"""`textgym run`."""


def run() -> None:
    """run."""
