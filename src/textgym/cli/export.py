"""`textgym export`."""


def export() -> None:
    """export."""
