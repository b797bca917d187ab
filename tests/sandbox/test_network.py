"""A network that is granted by name leads to the listed hosts and ports, and nowhere else."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from support.networks import CONNECT, FETCH, LIMITS, PORT, Services, attacked, networks_of
from textgym.sandbox import Network, Sandbox, SandboxError, open_sandbox
from textgym.sandbox.conformance import ATTACKS, Attack

pytestmark = pytest.mark.docker


def test_a_listed_host_is_reached_by_its_name_from_programs_of_every_kind(networked: Sandbox) -> None:
    assert networked.run_python(FETCH).stdout == b"200\n"
    assert networked.run(["python3", "-c", FETCH]).stdout == b"200\n"
    with networked.session() as shell:
        shell.write_files({"fetch.py": FETCH.encode()})
        assert shell.run("python3 fetch.py").stdout == b"200\n"


def test_what_is_granted_is_described_as_plain_data(networked: Sandbox, search: str) -> None:
    described = json.loads(json.dumps(networked.describe()))
    assert described["network"] == {"hosts": {"search": search}, "ports": [], "subnets": "198.18.0.0/15"}


def test_two_names_may_be_one_host_and_hosts_may_be_many(services: Services, search: str, other: str) -> None:
    hosts = {"search": search, "index.search": search, "other": other}
    with open_sandbox("docker-fresh", slots=1, network=Network(hosts=hosts)) as fresh:
        program = "import socket\nprint(*map(socket.gethostbyname, ['search', 'index.search', 'other']))"
        first, second, third = fresh.run_python(program).stdout.split()
        assert first == second != third


def test_programs_still_talk_to_themselves(networked: Sandbox) -> None:
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
    run = networked.run_python(program)
    assert (run.stdout, run.stderr) == (b"b'pair'\nb'hello\\n!'\n", b"")


def test_containers_that_are_not_listed_cannot_be_reached(networked: Sandbox, services: Services, other: str) -> None:
    on_the_default_bridge = services.start("bridge")
    addresses = services.addresses(other) + services.addresses(on_the_default_bridge)
    assert len(addresses) == 2
    program = CONNECT + (
        "for host in given[0] + given[1]:\n"
        "    for port in (80, 8000):\n"
        "        attempt(host, lambda host=host, port=port: answers(host, port))\n"
    )
    assert attacked(networked, program, addresses, [other, on_the_default_bridge, "other", "service"]) == []


def test_the_sandboxes_of_a_pool_do_not_meet(search: str, engine: Any) -> None:
    with (
        open_sandbox("docker", slots=2, spares=0, limits=LIMITS, network=Network(hosts={"search": search})) as pool,
        ThreadPoolExecutor(1) as beside,
    ):
        pool.warm_up()
        names = networks_of(engine)
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
            CONNECT
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
        assert attacked(pool, program, subnets) == []
        run = listening.result()
        assert run.ok
        assert b"held: nobody came" in run.stdout


def test_no_name_but_the_listed_ones_is_known(networked: Sandbox, other: str) -> None:
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
    assert attacked(networked, program, other) == []


def test_listed_ports_are_the_only_ones_or_the_grant_is_refused(networked: Sandbox, search: str) -> None:
    asked = (
        "import ctypes\nprint(ctypes.CDLL(None).syscall(444, None, 0, 1))"  # which version of Landlock the kernel has
    )
    knows_ports = int(networked.run_python(asked).stdout) >= 4
    program = (
        CONNECT
        + f"""
expect("the listed port", answers("search", {PORT}).startswith("connected"))
for port in (1, 53, 80, {PORT + 1}, 65535):
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
    grant = Network(hosts={"search": search}, ports=(PORT,))
    with open_sandbox("docker", slots=1, limits=LIMITS, network=grant) as bounded:
        if knows_ports:
            assert bounded.run_python(FETCH).stdout == b"200\n"
            assert attacked(bounded, program) == []
        else:
            with pytest.raises(SandboxError, match=r"ports: .*Linux 6\.7"):
                bounded.warm_up()


@pytest.mark.parametrize(
    "attack",
    [attack for attack in ATTACKS if attack.telling and attack.name != "reaches_the_network"],
    ids=lambda attack: attack.name,
)
def test_what_holds_without_a_network_holds_with_one(networked: Sandbox, attack: Attack) -> None:
    assert attack.run(networked) == []


def test_the_example_of_the_page_reaches_its_service(search: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```python\n((?:(?!^```).)*?Network\(.*?)^```", page, flags=re.DOTALL | re.MULTILINE)
    shown, _, expected = block.rstrip().rpartition("  # ")
    lines = shown.rstrip().splitlines()
    lines[-1] = f"    assert {lines[-1].strip()} == {expected}"
    source = "\n".join(lines).replace("my-search", search)
    assert search in source
    exec(compile(source, "sandbox.md", "exec"), {})
