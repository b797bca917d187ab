"""`textgym replay`."""


def replay() -> None:
    """replay."""
