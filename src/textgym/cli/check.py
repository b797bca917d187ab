"""`textgym check`."""


def check() -> None:
    """check."""
