"""The `docker-fresh` provider: a container for each call. Slow, and the reference that the others are compared with."""

from textgym.sandbox.docker import DockerProvider


class DockerFreshProvider(DockerProvider):
    """As `DockerProvider`, with the same image and flags, but no container serves a second call."""

    name = "docker-fresh"
    max_calls = 1
