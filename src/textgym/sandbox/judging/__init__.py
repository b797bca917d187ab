"""Verdicts on objects: tests in one sandbox, the code under test in another, and the host between them."""
