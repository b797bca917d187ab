"""A network that is granted by name: it leads to the listed hosts, and nowhere else, and goes with its sandbox."""

import contextlib
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from support.sandboxes import until
from textgym.sandbox import Limits, Network, Sandbox, SandboxError, SandboxUnavailableError, open_sandbox
from textgym.sandbox.conformance import ATTACKS, Attack
from textgym.sandbox.conformance.attack import breaches, prelude
from textgym.sandbox.docker import DockerProvider
from textgym.sandbox.engine import LABEL, connect
from textgym.sandbox.engine_network import make_network, networks_of_sandboxes, remove_network
from textgym.sandbox.image import ImageSpec
from textgym.sandbox.opening import make_provider
from textgym.sandbox.owners import OWNER, owner_labels

pytestmark = pytest.mark.docker

_PORT = 8000
_SERVE = f"python3 -m http.server {_PORT} --directory /usr/share".split()
_LIMITS = Limits(wall_s=60, cpu_s=10)
_FETCH = """
import time, urllib.request
for _ in range(100):
    try:
        print(urllib.request.urlopen("http://search:8000/", timeout=2).status)
        break
    except OSError:
        time.sleep(0.1)
"""
_CONNECT = """
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
_REACHES_FOR_THE_WIRE = """
import socket, struct
interface = socket.if_nametoindex("eth0")

def sent(address, port, how):
    kind = socket.SOCK_DGRAM if "datagram" in how else socket.SOCK_STREAM
    client = socket.socket(socket.AF_INET, kind)
    client.settimeout(0.5)
    if "bound" in how:
        client.setsockopt(socket.SOL_SOCKET, 25, b"eth0\\0")
    if "index" in how:
        client.setsockopt(socket.SOL_SOCKET, 62, interface)
    if "unicast" in how:
        client.setsockopt(socket.IPPROTO_IP, 50, struct.pack("!I", interface))
    if "direct" in how:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_DONTROUTE, 1)
    if "broadcast" in how:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    if "information" in how:
        chosen = struct.pack("iII", interface, 0, 0)
        return client.sendmsg([b"x"], [(socket.IPPROTO_IP, 8, chosen)], 4, (address, port))
    if kind == socket.SOCK_DGRAM:
        return client.sendto(b"x", (address, port))
    if "fast open" in how:
        return client.sendto(b"x", 0x20000000, (address, port))
    try:
        return client.connect((address, port))
    except ConnectionRefusedError:
        return "refused"

def by_way_of_ipv6(address, port):
    # A failed connection to a link-local address can leave its interface with the socket.
    client = socket.socket(socket.AF_INET6)
    client.settimeout(0.5)
    try:
        client.connect(("fe80::1", 1, 0, interface))
    except OSError:
        pass
    return client.connect(("::ffff:" + address, port))

HOW = ["", "bound", "index", "unicast", "direct", "bound direct", "index direct", "fast open", "datagram", "datagram bound",
       "datagram bound direct", "datagram information", "datagram unicast direct", "datagram broadcast bound"]
"""


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    client = connect()
    yield client
    client.close()


class _Services:
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


@pytest.fixture(scope="module")
def services(engine: Any) -> Iterator[_Services]:
    started = _Services(engine)
    yield started
    started.close()


@pytest.fixture(scope="module")
def search(services: _Services) -> str:
    return services.start()


@pytest.fixture(scope="module")
def other(services: _Services) -> str:
    """One that runs beside the listed one and is not listed."""
    return services.start()


@pytest.fixture(scope="module")
def box(search: str) -> Iterator[Sandbox]:
    with open_sandbox("docker", slots=1, limits=_LIMITS, network=Network(hosts={"search": search})) as opened:
        assert opened.run_python(_FETCH).stdout == b"200\n"
        yield opened


def _networks(engine: Any, owner: str | None = None) -> list[str]:
    """The networks of this process's sandboxes, or another's."""
    wanted = owner or owner_labels()[OWNER]
    found = networks_of_sandboxes(engine, abandoned=False)
    return [each["Name"] for each in found if each["Labels"][OWNER] == wanted and f"{LABEL}.test" not in each["Labels"]]


def _attack(box: Sandbox, program: str, *beside: object) -> list[str]:
    """What went wrong where a program that uses `attempt` and `expect` is run; it finds `beside` in `given`."""
    source = f"{prelude()}import json\ngiven = json.loads({json.dumps(beside)!r})\n{program}\ndone()\n"
    run = box.run_python(source, limits=_LIMITS)
    finished = [] if run.ok and not run.retried and b"tried everything" in run.stdout else [str(run)]
    return breaches(run) + finished


def _addresses_of_this_machine() -> list[str]:
    local = re.findall(
        r"\|-- (\S+)\n\s+/32 host LOCAL", Path("/proc/net/fib_trie").read_text(encoding="ascii"), flags=re.MULTILINE
    )
    return sorted(set(local) - {"127.0.0.1"})


def test_a_listed_host_is_reached_by_its_name_from_programs_of_every_kind(box: Sandbox) -> None:
    assert box.run_python(_FETCH).stdout == b"200\n"
    assert box.run(["python3", "-c", _FETCH]).stdout == b"200\n"
    with box.session() as shell:
        shell.write_files({"fetch.py": _FETCH.encode()})
        assert shell.run("python3 fetch.py").stdout == b"200\n"


def test_what_is_granted_is_described_as_plain_data(box: Sandbox, search: str) -> None:
    described = json.loads(json.dumps(box.describe()))
    assert described["network"] == {"hosts": {"search": search}, "ports": [], "subnets": "198.18.0.0/15"}


def test_two_names_may_be_one_host_and_hosts_may_be_many(services: _Services, search: str, other: str) -> None:
    hosts = {"search": search, "index.search": search, "other": other}
    with open_sandbox("docker-fresh", slots=1, network=Network(hosts=hosts)) as fresh:
        program = "import socket\nprint(*map(socket.gethostbyname, ['search', 'index.search', 'other']))"
        first, second, third = fresh.run_python(program).stdout.split()
        assert first == second != third


def test_programs_still_talk_to_themselves(box: Sandbox) -> None:
    program = """
import asyncio, socket
near, far = socket.socketpair()
near.sendall(b"pair")
print(far.recv(4))

async def main():
    async def answer(reader, writer):
        writer.writelines([await reader.readline(), b"!"])
        await writer.drain()
        writer.close()
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"hello\\n")
    print(await reader.read())
    writer.close()
    server.close()

asyncio.run(main())
"""
    run = box.run_python(program)
    assert (run.stdout, run.stderr) == (b"b'pair'\nb'hello\\n!'\n", b"")


def test_containers_that_are_not_listed_cannot_be_reached(box: Sandbox, services: _Services, other: str) -> None:
    on_the_default_bridge = services.start("bridge")
    addresses = services.addresses(other) + services.addresses(on_the_default_bridge)
    assert len(addresses) == 2
    program = _CONNECT + (
        "for host in given[0] + given[1]:\n"
        "    for port in (80, 8000):\n"
        "        attempt(host, lambda host=host, port=port: answers(host, port))\n"
    )
    assert _attack(box, program, addresses, [other, on_the_default_bridge, "other", "service"]) == []


@pytest.mark.skipif(not os.path.exists("/var/run/docker.sock"), reason="the engine is not on this machine")
def test_the_engines_machine_never_hears_of_a_program(box: Sandbox) -> None:
    """At no address that it has, by no route, no interface that is named, and no broadcast."""
    with _listening() as (port, heard):
        assert _attack(box, _REACHES_FOR_THE_WIRE + _AT_ALL_ADDRESSES, _addresses_of_this_machine(), port) == []
        assert heard() == []


_AT_ALL_ADDRESSES = """
addresses, port = given
with open("/proc/net/route") as lines:
    routes = [line.split() for line in lines][1:]
gateways = {socket.inet_ntoa(struct.pack("<I", int(route[2], 16))) for route in routes if int(route[2], 16)}
own = socket.gethostbyname("sandbox").rpartition(".")
subnet = [own[0] + ".%d" % last for last in range(int(own[2]) & ~7, (int(own[2]) | 7) + 1)]
expect("host addresses are known: %s" % addresses, len(addresses) > 0)
listed = socket.gethostbyname("search")
for address in [*addresses, *gateways, *subnet, "255.255.255.255", "224.0.0.1", "10.0.2.2"]:
    for how in HOW:
        if address not in (listed, "".join(own)):
            attempt(address + " " + how, lambda: sent(address, port, how))
for address in addresses:
    attempt("by way of ipv6 " + address, lambda: by_way_of_ipv6(address, port))
with open("/proc/net/arp") as lines:
    known = {line.split()[0] for line in list(lines)[1:] if int(line.split()[2], 16) & 2}
expect("no machine but the listed one is on the wire: %s" % known, known <= {listed})
expect("no address of IPv6", all(line.split()[-1] == "lo" for line in open("/proc/net/if_inet6")))
"""


@contextlib.contextmanager
def _listening() -> Iterator[tuple[int, Callable[[], list[str]]]]:
    """A port of this machine, and what has come there by TCP or UDP, on any of its addresses."""
    with contextlib.ExitStack() as open_sockets:
        tcp = open_sockets.enter_context(socket.create_server(("0.0.0.0", 0)))
        port = tcp.getsockname()[1]
        udp = open_sockets.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("0.0.0.0", port))
        for each in (tcp, udp):
            each.setblocking(False)

        def heard() -> list[str]:
            told = []
            with contextlib.suppress(BlockingIOError):
                told.append(f"a connection from {tcp.accept()[1]}")
            with contextlib.suppress(BlockingIOError):
                while True:
                    told.append(f"a datagram from {udp.recvfrom(16)[1]}")
            return told

        yield port, heard


@pytest.mark.skipif(not os.path.exists("/var/run/docker.sock"), reason="the engine is not on this machine")
def test_without_the_filter_the_same_wire_leads_to_the_engines_machine(engine: Any, search: str) -> None:
    """What makes the filter necessary: a process without it, in such a network, finds the machine on the wire."""
    network = make_network(engine, Network(hosts={"search": search}), "textgym-test", 77)
    program = _REACHES_FOR_THE_WIRE + (
        "import time\n"
        "for how in HOW:\n"
        "    try:\n"
        "        sent(ADDRESS, 9, how)\n"
        "    except OSError:\n"
        "        pass\n"
        "time.sleep(0.5)\n"
        "print(open('/proc/net/arp').read())\n"
    )
    address = _addresses_of_this_machine()[0]
    container = engine.create_container(
        ImageSpec().tag,
        ["python3", "-c", program.replace("ADDRESS", repr(address))],
        user="60000:60000",
        labels={**owner_labels(), f"{LABEL}.test": "bare"},
        networking_config=engine.create_networking_config(
            {network.id: engine.create_endpoint_config(ipv4_address=network.sandbox)}
        ),
        host_config=engine.create_host_config(network_mode=network.id, cap_drop=["ALL"]),
    )["Id"]
    try:
        engine.start(container)
        engine.wait(container)
        seen = engine.logs(container).decode()
        assert re.search(rf"^{re.escape(address)} +0x1 +0x2 ", seen, flags=re.MULTILINE), seen
    finally:
        engine.remove_container(container, force=True)
        assert remove_network(engine, network.id)


def test_the_sandboxes_of_a_pool_do_not_meet(search: str, engine: Any) -> None:
    with (
        open_sandbox("docker", slots=2, spares=0, limits=_LIMITS, network=Network(hosts={"search": search})) as pool,
        ThreadPoolExecutor(1) as beside,
    ):
        pool.warm_up()
        names = _networks(engine)
        subnets = [
            each["IPAM"]["Config"][0]["Subnet"] for each in engine.networks(names=names) if each["Name"] in names
        ]
        listening = beside.submit(
            pool.run_python,
            """
import socket
with socket.create_server(("0.0.0.0", 7000)) as server:
    print(socket.gethostbyname("sandbox"), flush=True)
    server.settimeout(12)
    try:
        print("BREACH:", server.accept())
    except TimeoutError:
        print("held: nobody came")
""",
        )
        program = (
            _CONNECT
            + """
import ipaddress
own, listed = socket.gethostbyname("sandbox"), socket.gethostbyname("search")
for subnet in given[0]:
    for address in map(str, ipaddress.ip_network(subnet)):
        if address not in (own, listed):
            attempt(address, lambda: answers(address, 7000))
"""
        )
        assert len(set(subnets)) >= 2
        assert _attack(pool, program, subnets) == []
        run = listening.result()
        assert run.ok
        assert b"held: nobody came" in run.stdout


def test_no_name_but_the_listed_ones_is_known(box: Sandbox, other: str) -> None:
    program = """
import socket, struct
expect("the listed name", socket.gethostbyname("search").startswith("198."))
for name in ("example.com", "localhost.localdomain", "host.docker.internal", "gateway.docker.internal", *given):
    attempt("look up " + name, lambda: socket.getaddrinfo(name, 80))

def ask_the_engine(name):
    # The engine's own name server can be spoken to over TCP, and must have asked nobody.
    question = struct.pack("!6H", 1, 0x100, 1, 0, 0, 0)
    question += b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\\0" + struct.pack("!2H", 1, 1)
    with socket.socket() as client:
        client.settimeout(6)
        client.connect(("127.0.0.11", 53))
        client.sendall(struct.pack("!H", len(question)) + question)
        answer = client.recv(512)
    if len(answer) < 14 or struct.unpack("!H", answer[8:10])[0] == 0:
        raise OSError("no answer with an address")
    return answer

for name in ("example.com", "host.docker.internal", *given):
    attempt("ask for " + name, lambda: ask_the_engine(name))
with open("/etc/resolv.conf") as file:
    expect("no name server of the host's, and no search domain", all(
        line.split()[1:] in (["127.0.0.11"], ["127.0.0.1"]) for line in file if line.startswith(("nameserver", "search"))))
"""
    assert _attack(box, program, other) == []


def test_tcp_over_ipv4_is_all_that_can_be_spoken(box: Sandbox) -> None:
    program = """
import socket
INET, INET6, STREAM, DATAGRAM, RAW, SEQUENCED = 2, 10, 1, 2, 3, 5
for family, kind, protocol in (
    (INET, RAW, 1), (INET, RAW, 255), (INET, DATAGRAM, 0), (INET, DATAGRAM, 17), (INET, DATAGRAM, 1), (INET, DATAGRAM, 136),
    (INET, SEQUENCED, 132), (INET, STREAM, 132), (INET, STREAM, 262), (INET, STREAM, 33), (INET, 6, 33), (INET, 10, 0),
    (INET6, STREAM, 0), (INET6, DATAGRAM, 0), (INET6, RAW, 58), (17, RAW, 3), (17, DATAGRAM, 3), (16, RAW, 0), (16, DATAGRAM, 0),
    (40, STREAM, 0), (43, STREAM, 0), (38, SEQUENCED, 0), (44, RAW, 0), (29, RAW, 1), (21, SEQUENCED, 0), (30, STREAM, 0),
):
    attempt("socket %d %d %d" % (family, kind, protocol), lambda: socket.socket(family, kind, protocol))
with socket.socket() as client:
    for level, option, value in (
        (1, 25, b"eth0\\0"), (1, 62, 1), (1, 5, 1), (0, 4, b"\\x83\\x07\\x04\\x0a\\0\\0\\x01\\0"), (0, 8, 1), (0, 15, 1), (0, 19, 1),
        (0, 32, socket.inet_aton("127.0.0.1")), (0, 50, socket.htonl(1)), (41, 17, 1), (41, 50, 1),
    ):
        attempt("option %d %d" % (level, option), lambda: client.setsockopt(level, option, value))
    client.setsockopt(0, socket.IP_TOS, 16)
    client.setsockopt(6, socket.TCP_NODELAY, 1)
    client.setsockopt(1, socket.SO_KEEPALIVE, 1)
    attempt("begin with data", lambda: client.sendto(b"x", 0x20000000, ("127.0.0.1", 1)))
    attempt("begin with a message", lambda: client.sendmsg([b"x"], [], 0x20000000, ("127.0.0.1", 1)))
"""
    assert _attack(box, program) == []


def test_listed_ports_are_the_only_ones_or_the_grant_is_refused(box: Sandbox, search: str) -> None:
    asked = (
        "import ctypes\nprint(ctypes.CDLL(None).syscall(444, None, 0, 1))"  # which version of Landlock the kernel has
    )
    knows_ports = int(box.run_python(asked).stdout) >= 4
    program = (
        _CONNECT
        + f"""
expect("the listed port", answers("search", {_PORT}).startswith("connected"))
for port in (1, 53, 80, {_PORT + 1}, 65535):
    for host in ("search", "127.0.0.1", "127.0.0.11"):
        def connect():
            try:
                return answers(host, port)
            except PermissionError:
                raise
            except OSError as error:
                return error
        attempt("%s %d" % (host, port), connect)
        attempt("fast open %s %d" % (host, port), lambda: socket.socket().sendto(b"x", 0x20000000, (host, port)))
"""
    )
    grant = Network(hosts={"search": search}, ports=(_PORT,))
    with open_sandbox("docker", slots=1, limits=_LIMITS, network=grant) as bounded:
        if knows_ports:
            assert bounded.run_python(_FETCH).stdout == b"200\n"
            assert _attack(bounded, program) == []
        else:
            with pytest.raises(SandboxError, match=r"ports: .*Linux 6\.7"):
                bounded.warm_up()


@pytest.mark.parametrize(
    "attack",
    [attack for attack in ATTACKS if attack.telling and attack.name != "reaches_the_network"],
    ids=lambda attack: attack.name,
)
def test_what_holds_without_a_network_holds_with_one(box: Sandbox, attack: Attack) -> None:
    assert attack.run(box) == []


def test_a_lost_service_is_the_programs_to_notice(services: _Services) -> None:
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
        assert kept.run_python(_FETCH).stdout == b"200\n"
        services.stop(name)
        for pool in (kept, fresh):
            run = pool.run_python(attempt)
            assert (run.status, run.retried, run.stdout) == ("exit", False, b"an error of the program\n")
        services.start(name=name)
        # Sandboxes that are started from now on meet the one that has taken its place.
        assert fresh.run_python(_FETCH).stdout == b"200\n"


def test_services_that_are_not_there_are_named_when_the_pool_opens(services: _Services) -> None:
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
        assert given.run_python(_FETCH).stdout == b"200\n"
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


def test_subnets_that_others_have_are_passed_over(engine: Any, services: _Services, search: str) -> None:
    import docker

    def taken(subnet: str) -> str:
        pool = docker.types.IPAMConfig(pool_configs=[docker.types.IPAMPool(subnet=subnet)])
        name = f"textgym-test-{secrets.token_hex(4)}"
        return str(engine.create_network(name, internal=True, ipam=pool, labels=services.labels)["Id"])

    blocks = [taken("198.51.100.0/29")]
    try:
        grant = Network(hosts={"search": search}, subnets="198.51.100.0/28")
        with open_sandbox("docker", slots=1, network=grant) as squeezed:
            assert squeezed.run_python(_FETCH).stdout == b"200\n"
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


def test_a_network_goes_with_its_sandbox(services: _Services, engine: Any) -> None:
    """When it is replaced, when it is killed, when the pool is closed; and the service is left as it was."""
    name = services.start()
    before = set(_networks(engine))

    def ours() -> set[str]:
        return set(_networks(engine)) - before

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
        assert kept.run_python(_FETCH).stdout == b"200\n"
        until(lambda: len(ours()) == 1)
        assert ours() != {first}
    assert ours() == set()
    with open_sandbox("docker-fresh", slots=1, network=Network(hosts={"search": name})) as fresh:
        for _ in range(2):
            assert fresh.run_python(_FETCH).stdout == b"200\n"
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


def test_the_networks_of_a_killed_owner_are_removed_by_the_next(services: _Services, engine: Any) -> None:
    name = services.start()
    with subprocess.Popen([sys.executable, "-c", _OWNER, name], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        owner = next(
            each["Labels"][OWNER]
            for each in networks_of_sandboxes(engine, abandoned=False)
            if each["Labels"][OWNER].startswith(f"{process.pid}:")
        )
        left = _networks(engine, owner)
        assert len(left) == 2
        provider = make_provider("docker")
        assert isinstance(provider, DockerProvider)
        try:
            assert set(left) <= set(provider.networks())
            assert not set(left) & set(provider.reap_networks())  # its owner lives
            process.send_signal(signal.SIGKILL)
            process.wait()
            provider.reap()
            assert _networks(engine, owner) == []
            assert engine.containers(all=True, filters={"label": f"{OWNER}={owner}"}) == []
        finally:
            provider.close()
    assert services.networks(name) == [services.network]


def test_the_example_of_the_page_reaches_its_service(search: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```python\n((?:(?!^```).)*?Network\(.*?)^```", page, flags=re.DOTALL | re.MULTILINE)
    shown, _, expected = block.rstrip().rpartition("  # ")
    lines = shown.rstrip().splitlines()
    lines[-1] = f"    assert {lines[-1].strip()} == {expected}"
    source = "\n".join(lines).replace("my-search", search)
    assert search in source
    exec(compile(source, "sandbox.md", "exec"), {})
