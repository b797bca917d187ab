"""`textgym bench`."""


def bench() -> None:
    """bench."""
