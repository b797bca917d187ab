"""Programs that run inside a sandbox, sent there as text: the standard library of Python 3.9, and nothing of textgym."""
