from textgym.actions.numbers import whole_number

__all__ = ["whole_number"]
