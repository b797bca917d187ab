"""`textgym view`."""


def view() -> None:
    """view."""
