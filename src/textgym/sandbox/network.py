"""`Network`: which hosts the programs of a pool may reach over a network, by name."""

import ipaddress
import re
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, field_validator

_HOST_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
_CONTAINER = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}")
_NAMES_OF_THE_SANDBOX = frozenset(["localhost", "sandbox", "ip6-localhost", "ip6-loopback"])
_SMALLEST, _LARGEST = 29, 8


class Network(BaseModel):
    """The hosts that programs may reach, by TCP over IPv4, and no others. `docs/sandbox.md` says how that is enforced."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hosts: Mapping[str, str] = Field(
        min_length=1,
        max_length=24,
        description="the name that programs use for a host, to the name or id of the engine's container that is that host",
    )
    ports: tuple[int, ...] = Field(
        (),
        max_length=64,
        description="the only ports that programs may connect to, on every host and on themselves; every port if there are "
        "none. Needs Linux 6.7 with Landlock where the engine is",
    )
    subnets: ipaddress.IPv4Network = Field(
        ipaddress.IPv4Network("198.18.0.0/15"),
        description="where each sandbox gets a small network of its own from; nothing else on the engine's machine or beside "
        "a service may have addresses there. The default is set aside for tests (RFC 2544)",
    )

    @field_validator("hosts")
    @classmethod
    def _names(cls, hosts: Mapping[str, str]) -> Mapping[str, str]:
        for name, container in hosts.items():
            if not _HOST_NAME.fullmatch(name):
                raise ValueError(f"{name!r:.120} is no host name: lower-case letters, digits, hyphens and dots")
            if name in _NAMES_OF_THE_SANDBOX:
                raise ValueError(f"{name!r} is the sandbox itself; give the service another name")
            if not _CONTAINER.fullmatch(container):
                raise ValueError(f"{container!r:.120} is no name or id of a container")
        return dict(hosts)

    @field_validator("ports")
    @classmethod
    def _port_numbers(cls, ports: tuple[int, ...]) -> tuple[int, ...]:
        for port in ports:
            if not 1 <= port <= 65535:
                raise ValueError(f"{port} is no port")
        return tuple(sorted(set(ports)))

    @field_validator("subnets")
    @classmethod
    def _room(cls, subnets: ipaddress.IPv4Network) -> ipaddress.IPv4Network:
        if not _LARGEST <= subnets.prefixlen <= _SMALLEST:
            raise ValueError(f"{subnets} has no room for the networks; give one from /{_LARGEST} to /{_SMALLEST}")
        if subnets.is_loopback or subnets.is_multicast or subnets.is_link_local:
            raise ValueError(f"{subnets} has no addresses that a host could have")
        return subnets
