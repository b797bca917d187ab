"""Programs that run inside a box, sent there as text: the standard library of Python 3.9, and nothing of textgym.

Where a program declares `ORDER`, the host puts an assignment of plain values.
"""
