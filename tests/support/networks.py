"""Services that the network of a sandbox may lead to, and programs that try what it leads to."""

import contextlib
import json
import secrets
from typing import Any

from textgym.sandbox import Limits, Sandbox
from textgym.sandbox.conformance.attack import breaches, prelude
from textgym.sandbox.engine import LABEL
from textgym.sandbox.engine_network import networks_of_sandboxes, remove_network
from textgym.sandbox.image import ImageSpec
from textgym.sandbox.owners import OWNER, owner_labels

PORT = 8000
_SERVE = f"python3 -m http.server {PORT} --directory /usr/share".split()
LIMITS = Limits(wall_s=60, cpu_s=10)
FETCH = """
import time, urllib.request
for _ in range(100):
    try:
        print(urllib.request.urlopen("http://search:8000/", timeout=2).status)
        break
    except OSError:
        time.sleep(0.1)
"""
CONNECT = """
import errno, socket

def answers(host, port):
    # Whoever refuses a connection has been reached.
    with socket.socket() as client:
        client.settimeout(0.5)
        try:
            client.connect((host, port))
        except ConnectionRefusedError:
            return "refused by " + host
    return "connected to " + host
"""


class Services:
    """Containers that listen, on an internal network of their own, and are gone after the tests, or with this process."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._made: list[str] = []
        self.network = f"textgym-test-{secrets.token_hex(4)}"
        self._id = engine.create_network(self.network, internal=True, labels=self.labels)["Id"]

    @property
    def labels(self) -> dict[str, str]:
        return {**owner_labels(), f"{LABEL}.test": "service"}

    def start(self, network: str | None = None, *, running: bool = True, name: str | None = None) -> str:
        """The name of a new service."""
        name = name or f"textgym-test-{secrets.token_hex(4)}"
        made = self._engine.create_container(
            ImageSpec().tag,
            _SERVE,
            name=name,
            labels=self.labels,
            host_config=self._engine.create_host_config(network_mode=network or self._id, init=True),
        )["Id"]
        self._made.append(made)
        if running:
            self._engine.start(made)
        return name

    def stop(self, name: str) -> None:
        self._engine.remove_container(name, force=True)

    def addresses(self, name: str) -> list[str]:
        networks = self._engine.inspect_container(name)["NetworkSettings"]["Networks"]
        return [each["IPAddress"] for each in networks.values()]

    def networks(self, name: str) -> list[str]:
        return list(self._engine.inspect_container(name)["NetworkSettings"]["Networks"])

    def close(self) -> None:
        import docker

        for container in self._made:
            with contextlib.suppress(docker.errors.APIError):
                self._engine.remove_container(container, force=True)
        assert remove_network(self._engine, self._id)


def networks_of(engine: Any, owner: str | None = None) -> list[str]:
    """The networks of this process's sandboxes, or another's."""
    wanted = owner or owner_labels()[OWNER]
    found = networks_of_sandboxes(engine, abandoned=False)
    return [each["Name"] for each in found if each["Labels"][OWNER] == wanted and f"{LABEL}.test" not in each["Labels"]]


def attacked(box: Sandbox, program: str, *beside: object) -> list[str]:
    """What went wrong where a program that uses `attempt` and `expect` is run; it finds `beside` in `given`."""
    source = f"{prelude()}import json\ngiven = json.loads({json.dumps(beside)!r})\n{program}\ndone()\n"
    run = box.run_python(source, limits=LIMITS)
    finished = [] if run.ok and not run.retried and b"tried everything" in run.stdout else [str(run)]
    return breaches(run) + finished
