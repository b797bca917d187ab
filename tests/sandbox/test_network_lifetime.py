"""A network is granted when its pool opens, or refused by name, and it goes with its sandbox."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from support.networks import FETCH, Services, networks_of
from support.sandboxes import until
from textgym.sandbox import Network, SandboxUnavailableError, open_sandbox
from textgym.sandbox.docker import DockerProvider
from textgym.sandbox.engine_network import networks_of_sandboxes, remove_network
from textgym.sandbox.opening import make_provider
from textgym.sandbox.owners import OWNER

pytestmark = pytest.mark.docker


def test_a_lost_service_is_the_programs_to_notice(services: Services) -> None:
    name = services.start()
    attempt = """
import socket
try:
    socket.create_connection(("search", 8000), 5)
except OSError as error:
    print("an error of the program")
"""
    with (
        open_sandbox("docker", slots=1, network=Network(hosts={"search": name})) as kept,
        open_sandbox("docker-fresh", slots=1, network=Network(hosts={"search": name})) as fresh,
    ):
        assert kept.run_python(FETCH).stdout == b"200\n"
        services.stop(name)
        for pool in (kept, fresh):
            run = pool.run_python(attempt)
            assert (run.status, run.retried, run.stdout) == ("exit", False, b"an error of the program\n")
        services.start(name=name)
        # Sandboxes that are started from now on meet the one that has taken its place.
        assert fresh.run_python(FETCH).stdout == b"200\n"


def test_services_that_are_not_there_are_named_when_the_pool_opens(services: Services) -> None:
    asleep, alone = services.start(running=False), services.start("none")
    of_the_host = services.start("host", running=False)
    for name, words in (
        ("no-such-service", "does not have"),
        (asleep, "does not run"),
        (of_the_host, "does not run"),
        (alone, "network mode is none.*docker network create --internal"),
    ):
        with pytest.raises(SandboxUnavailableError, match=rf"network\.hosts: 'search' is to be .*{name}.*{words}"):
            open_sandbox("docker", network=Network(hosts={"search": name}))


def test_where_no_network_can_be_granted_the_provider_that_can_is_named(search: str) -> None:
    grant = Network(hosts={"search": search})
    with pytest.raises(SandboxUnavailableError, match=r"bwrap: .*docker"):
        open_sandbox("bwrap", network=grant)
    with pytest.raises(ValueError, match=r"network: .*give it the network"):
        open_sandbox(make_provider("docker"), network=grant)
    with open_sandbox(DockerProvider(network=grant), slots=1) as given:
        assert given.run_python(FETCH).stdout == b"200\n"
    with open_sandbox("auto", slots=1, network=grant) as chosen:
        assert chosen.provider.name == "docker"


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"hosts": {}}, "hosts"),
        ({"hosts": {"a b": "x"}}, "hosts"),
        ({"hosts": {"search\n1.2.3.4 example.com": "x"}}, "hosts"),
        ({"hosts": {"localhost": "x"}}, "hosts"),
        ({"hosts": {"search": "../x"}}, "hosts"),
        ({"hosts": {"search": "x"}, "ports": [0]}, "ports"),
        ({"hosts": {"search": "x"}, "subnets": "10.0.0.0/30"}, "subnets"),
        ({"hosts": {"search": "x"}, "subnets": "127.0.0.0/24"}, "subnets"),
        ({"hosts": {"search": "x"}, "host": {}}, "host"),
    ],
)
def test_a_malformed_grant_is_refused_by_the_name_of_its_field(fields: dict[str, Any], where: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Network(**fields)
    assert refused.value.errors()[0]["loc"][0] == where


def test_subnets_that_others_have_are_passed_over(engine: Any, services: Services, search: str) -> None:
    import docker

    def taken(subnet: str) -> str:
        pool = docker.types.IPAMConfig(pool_configs=[docker.types.IPAMPool(subnet=subnet)])
        name = f"textgym-test-{secrets.token_hex(4)}"
        return str(engine.create_network(name, internal=True, ipam=pool, labels=services.labels)["Id"])

    blocks = [taken("198.51.100.0/29")]
    try:
        grant = Network(hosts={"search": search}, subnets="198.51.100.0/28")
        with open_sandbox("docker", slots=1, network=grant) as squeezed:
            assert squeezed.run_python(FETCH).stdout == b"200\n"
        blocks.append(taken("198.51.100.8/29"))
        with pytest.raises(SandboxUnavailableError, match=r"network\.subnets: .*198\.51\.100\.0/28"):
            open_sandbox("docker", slots=1, network=grant)
    finally:
        for block in blocks:
            assert remove_network(engine, block)


@pytest.mark.skipif(not os.path.exists("/var/run/docker.sock"), reason="the engine is not on this machine")
def test_an_engine_that_cannot_make_networks_is_told_from_one_that_can(
    search: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a kernel without the means answers: what is missing is said, and nothing but a grant needs it."""
    with _an_engine_without_networks(tmp_path / "engine.sock"):
        monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/engine.sock")
        with pytest.raises(SandboxUnavailableError, match=r"operation not supported.*bridge, veth and iptables"):
            open_sandbox("docker", slots=1, network=Network(hosts={"search": search}))
        open_sandbox("docker", slots=1).close()


@contextlib.contextmanager
def _an_engine_without_networks(path: Path) -> Iterator[None]:
    """The engine, but for the answer to a request that makes a network, which is what a kernel without a driver has it say."""
    told = b'{"message":"operation not supported"}'
    answer = b"HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"

    def serve(near: socket.socket) -> None:
        with near, socket.socket(socket.AF_UNIX) as far, contextlib.suppress(OSError):
            far.connect("/var/run/docker.sock")
            threading.Thread(target=copy, args=(far, near), daemon=True).start()
            while data := near.recv(65536):
                if b"/networks/create" in data:
                    near.sendall(answer % (len(told), told))
                else:
                    far.sendall(data)

    def copy(one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)

    def accept(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        thread = threading.Thread(target=accept, args=(listener,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def test_a_network_goes_with_its_sandbox(services: Services, engine: Any) -> None:
    """When it is replaced, when it is killed, when the pool is closed; and the service is left as it was."""
    name = services.start()
    before = set(networks_of(engine))

    def ours() -> set[str]:
        return set(networks_of(engine)) - before

    with open_sandbox("docker", slots=1, network=Network(hosts={"search": name})) as kept:
        kept.warm_up()
        (first,) = ours()
        assert sorted(services.networks(name)) == sorted([services.network, first])
        (connected,) = engine.networks(names=[first])
        sandbox = next(
            each
            for each, facts in engine.inspect_network(connected["Id"])["Containers"].items()
            if facts["Name"].startswith("textgym-uid-")
        )
        engine.kill(sandbox)
        assert kept.run_python(FETCH).stdout == b"200\n"
        until(lambda: len(ours()) == 1)
        assert ours() != {first}
    assert ours() == set()
    with open_sandbox("docker-fresh", slots=1, network=Network(hosts={"search": name})) as fresh:
        for _ in range(2):
            assert fresh.run_python(FETCH).stdout == b"200\n"
        until(lambda: ours() == set())
    assert services.networks(name) == [services.network]


_OWNER = """
import sys, time
from textgym.sandbox import Network, open_sandbox
box = open_sandbox("docker", slots=2, spares=0, network=Network(hosts={"search": sys.argv[1]}))
box.warm_up()
print("up", flush=True)
time.sleep(600)
"""


def test_the_networks_of_a_killed_owner_are_removed_by_the_next(services: Services, engine: Any) -> None:
    name = services.start()
    with subprocess.Popen([sys.executable, "-c", _OWNER, name], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        owner = next(
            each["Labels"][OWNER]
            for each in networks_of_sandboxes(engine, abandoned=False)
            if each["Labels"][OWNER].startswith(f"{process.pid}:")
        )
        left = networks_of(engine, owner)
        assert len(left) == 2
        provider = make_provider("docker")
        assert isinstance(provider, DockerProvider)
        try:
            assert set(left) <= set(provider.networks())
            assert not set(left) & set(provider.reap_networks())  # its owner lives
            process.send_signal(signal.SIGKILL)
            process.wait()
            provider.reap()
            assert networks_of(engine, owner) == []
            assert engine.containers(all=True, filters={"label": f"{OWNER}={owner}"}) == []
        finally:
            provider.close()
    assert services.networks(name) == [services.network]
