"""Settings that every test shares."""

from hypothesis import settings

# The same examples in every run, and no deadline: how fast a shared machine is decides no verdict.
settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("repeatable")
