"""What programs can put on the wire of their network: TCP over IPv4 to the listed hosts, and nothing that others hear."""

import contextlib
import os
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support.networks import attacked
from textgym.sandbox import Network, Sandbox
from textgym.sandbox.engine import LABEL
from textgym.sandbox.engine_network import make_network, remove_network
from textgym.sandbox.image import ImageSpec
from textgym.sandbox.owners import owner_labels

pytestmark = pytest.mark.docker

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


@pytest.mark.skipif(not os.path.exists("/var/run/docker.sock"), reason="the engine is not on this machine")
def test_the_engines_machine_never_hears_of_a_program(networked: Sandbox) -> None:
    """At no address that it has, by no route, no interface that is named, and no broadcast."""
    with _listening() as (port, heard):
        assert attacked(networked, _REACHES_FOR_THE_WIRE + _AT_ALL_ADDRESSES, _addresses_of_this_machine(), port) == []
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


def _addresses_of_this_machine() -> list[str]:
    local = re.findall(
        r"\|-- (\S+)\n\s+/32 host LOCAL", Path("/proc/net/fib_trie").read_text(encoding="ascii"), flags=re.MULTILINE
    )
    return sorted(set(local) - {"127.0.0.1"})


def test_tcp_over_ipv4_is_all_that_can_be_spoken(networked: Sandbox) -> None:
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
    assert attacked(networked, program) == []
