"""The network of one sandbox on the engine: internal, without the host in it, shared with the services of the grant alone.

Each sandbox has a network of its own, so none meets another. The engine's machine has no address in it (`inhibit_ipv4`),
and it leads nowhere. Names come from the sandbox's hosts file; addresses are fixed before anything starts.
"""

import contextlib
import ipaddress
import logging
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from textgym.sandbox.engine import engine_errors, knock
from textgym.sandbox.errors import SandboxUnavailableError
from textgym.sandbox.network import Network
from textgym.sandbox.owners import OWNER, is_abandoned, owner_labels

_log = logging.getLogger(__name__)

_BESIDE_SERVICES = 4
"""Addresses of a network that are no service's: the network's own, the gateway's (nobody has it), the sandbox's, broadcast."""

_TRIES = 32
_SUBNETS_LOOKED_AT = 1 << 14
REMOVAL_SECONDS = 10.0
"""How long the engine is given to remove what is still in use, in seconds."""

_NO_NETWORK_OF_ITS_OWN = ("none", "host")
_NEEDS = (
    "a granted network needs the engine's bridge driver, and in the engine's kernel bridge, veth and iptables (NAT); "
    "without `network` a sandbox needs none of them"
)


@dataclass(frozen=True, slots=True)
class EngineNetwork:
    """A network that the engine has made for one sandbox.

    Attributes:
        id, name: as the engine calls it.
        sandbox: the sandbox's address.
        services: the address of each service, by its container.
        names: the address of each host, by the name that programs use.
    """

    id: str
    name: str
    sandbox: str
    services: Mapping[str, str]
    names: Mapping[str, str]


def make_network(client: Any, grant: Network, name: str, first: int) -> EngineNetwork:
    """Make a network that has an address for every service of a grant.

    Args:
        client: a connection to the engine.
        grant: the grant.
        name: the beginning of the network's name.
        first: the number of the subnet that is tried first; sandboxes that begin at different ones hardly ever meet.

    Raises:
        SandboxUnavailableError: the engine cannot make such networks, or none of the grant's subnets is free.
    """
    import docker

    containers = list(dict.fromkeys(grant.hosts.values()))
    name = f"{name}-{secrets.token_hex(4)}"
    subnets = _free_subnets(client, grant, len(containers) + _BESIDE_SERVICES, first)
    for _, subnet in zip(range(_TRIES), subnets, strict=False):
        pool = docker.types.IPAMPool(subnet=str(subnet), gateway=str(subnet[1]))
        try:
            made = client.create_network(
                name,
                driver="bridge",
                internal=True,
                options={"com.docker.network.bridge.inhibit_ipv4": "true"},
                ipam=docker.types.IPAMConfig(pool_configs=[pool]),
                labels=owner_labels(),
            )
        except docker.errors.APIError as error:
            if "overlap" in str(error).lower():
                continue  # another sandbox was faster
            raise SandboxUnavailableError(f"the engine cannot make an internal network ({error}); {_NEEDS}") from None
        services = {container: str(subnet[3 + index]) for index, container in enumerate(containers)}
        names = {host: services[container] for host, container in grant.hosts.items()}
        return EngineNetwork(made["Id"], name, str(subnet[2]), services, names)
    raise SandboxUnavailableError(
        f"network.subnets: no network is free in {grant.subnets} on this engine; give a range that nothing else uses"
    )


def _free_subnets(client: Any, grant: Network, addresses: int, first: int) -> Iterator[ipaddress.IPv4Network]:
    """The subnets of a grant that hold so many addresses and that no network of the engine has."""
    prefix = min(29, 32 - (addresses - 1).bit_length())
    if prefix < grant.subnets.prefixlen:
        return
    taken = []
    for network in client.networks():
        for pool in (network.get("IPAM") or {}).get("Config") or ():
            with contextlib.suppress(ValueError):
                taken.append(ipaddress.IPv4Network(pool.get("Subnet", "")))
    size, count = 1 << (32 - prefix), 1 << (prefix - grant.subnets.prefixlen)
    for step in range(min(count, _SUBNETS_LOOKED_AT)):
        start = grant.subnets.network_address + (first + step) % count * size
        subnet = ipaddress.IPv4Network((start, prefix))
        if not any(subnet.overlaps(other) for other in taken):
            yield subnet


def admit_services(client: Any, network: EngineNetwork) -> None:
    """Give every service its address in the network. One that is gone stays out: nobody answers under its name then.

    Raises:
        SandboxUnavailableError: the engine cannot connect one that is there.
    """
    import docker

    for container, address in network.services.items():
        try:
            client.connect_container_to_network(container, network.id, ipv4_address=address)
        except docker.errors.APIError as error:
            lost = why_no_service(client, container)
            if lost is None:
                raise SandboxUnavailableError(
                    f"network.hosts: the engine cannot connect {container!r} ({error}); {_NEEDS}"
                ) from None
            _log.warning("a sandbox was started without a service: %s", lost)


def check_services(client: Any, grant: Network) -> None:
    """Look whether every service of a grant is there.

    Raises:
        SandboxUnavailableError: one is not; the message names the field.
    """
    for host, container in grant.hosts.items():
        why = why_no_service(client, container)
        if why is not None:
            raise SandboxUnavailableError(f"network.hosts: {host!r} is to be {why}")


def why_no_service(client: Any, container: str) -> str | None:
    """Why a container cannot be a service of a grant, in words that begin with its name; None if it can."""
    import docker

    try:
        found = client.inspect_container(container)
    except docker.errors.NotFound:
        return f"the container {container!r}, which the engine does not have; start it before the pool is opened"
    if not found["State"].get("Running"):
        return f"the container {container!r}, which does not run; start it before the pool is opened"
    mode = found["HostConfig"].get("NetworkMode", "")
    if mode in _NO_NETWORK_OF_ITS_OWN or mode.startswith("container:"):
        return (
            f"the container {container!r}, which cannot be connected to a network (its network mode is {mode:.80}); "
            "start it on one of its own: docker network create --internal NAME"
        )
    return None


def remove_network(client: Any, network: str) -> bool:
    """Remove a network, whoever is still connected to it; whether it is gone.

    The engine refuses while an endpoint is in use, and takes its time to free that of a container that has just ended.
    """
    import docker

    deadline = time.monotonic() + REMOVAL_SECONDS
    while True:
        try:
            knock()
            for container in client.inspect_network(network).get("Containers") or {}:
                with contextlib.suppress(docker.errors.APIError):
                    client.disconnect_container_from_network(container, network, force=True)
            client.remove_network(network)
            return True
        except docker.errors.NotFound:
            return True
        except docker.errors.APIError as error:
            if time.monotonic() >= deadline:
                _log.warning("a network could not be removed: %s", error)
                return False
            time.sleep(0.05)
        except engine_errors():
            return False


def networks_of_sandboxes(client: Any, *, abandoned: bool) -> list[dict[str, Any]]:
    """The engine's networks of sandboxes: all, or those whose owners are gone, as the engine describes them."""
    found: list[dict[str, Any]] = client.networks(filters={"label": OWNER})
    return [each for each in found if not abandoned or is_abandoned(each.get("Labels") or {})]
