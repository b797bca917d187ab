"""`open_sandbox`: which provider, how many slots, in what frame."""

import logging
import os

from textgym.sandbox.bwrap import BwrapProvider
from textgym.sandbox.docker import ContainerSize, DockerProvider
from textgym.sandbox.docker_fresh import DockerFreshProvider
from textgym.sandbox.errors import SandboxUnavailableError
from textgym.sandbox.limits import Limits
from textgym.sandbox.network import Network
from textgym.sandbox.pool import Sandbox
from textgym.sandbox.provider import Provider

_log = logging.getLogger(__name__)

PROVIDERS = ("docker", "bwrap", "docker-fresh")
_OVERHEAD_MB = 192
"""What a container needs beside one program at its limit: the supervisor, the zygote, and a program's files."""


def open_sandbox(
    provider: str | Provider = "auto",
    *,
    slots: int | None = None,
    limits: Limits | None = None,
    image: str | None = None,
    spares: int | None = None,
    network: Network | None = None,
) -> Sandbox:
    """Open a pool of sandboxes. Close it, or use it as a context manager.

    Args:
        provider: `docker` (a pool of hardened containers), `bwrap` (bubblewrap on this machine), `docker-fresh` (a container
            for each call), an object that is a `Provider`, or `auto`: the first of docker and bwrap that can be used here.
        slots: how many calls may run at a time; the number of processors unless given.
        limits: the limits of calls that name none; a container's own frame leaves room for one such program.
        image: the image of containers; the one that `textgym sandbox build` makes unless given.
        spares: how many further sandboxes are kept started once every slot is, so that no call waits for the start of one
            that takes the place of a worn or lost one; unless given, one for a pool of several slots, else none.
        network: the hosts that programs may reach by name, on the engine of the provider; none unless given. `bwrap` grants
            no network.

    Returns:
        The pool. Sandboxes are started at the first calls (see `Sandbox.warm_up`).

    Raises:
        SandboxUnavailableError: it cannot be used here, or not with what is asked for; the message says what to install or
            to change. Nothing is ever run without a sandbox instead.
        ValueError: no provider has that name, `slots` is below 1, `spares` below 0, or `network` is given beside an object
            that is a provider.
    """
    limits = limits or Limits()
    candidates: list[Provider]
    if not isinstance(provider, str):
        if network is not None:
            raise ValueError("network: a provider that is an object decides itself what it grants; give it the network")
        candidates = [provider]
    else:
        names = ("docker", "bwrap") if provider == "auto" else (provider,)
        candidates = [make_provider(name, limits, image, network) for name in names]
    reasons = []
    for candidate in candidates:
        reason = candidate.available()
        if reason is None:
            reap = getattr(candidate, "reap", None)
            if reap is not None:
                reap()
            places = os.cpu_count() or 1 if slots is None else slots
            return Sandbox(candidate, places, limits, min(1, places - 1) if spares is None else spares)
        reasons.append(f"{candidate.name}: {reason}")
        _log.info("the sandbox provider %s was passed over: %s", candidate.name, reason)
    raise SandboxUnavailableError("no sandbox can be opened here. " + "; ".join(reasons))


def make_provider(
    name: str, limits: Limits | None = None, image: str | None = None, network: Network | None = None
) -> Provider:
    """The provider of that name, with a frame that fits programs of these limits, and the network that they may use.

    Raises:
        ValueError: there is none.
    """
    limits = limits or Limits()
    if name not in PROVIDERS:
        raise ValueError(f"there is no sandbox provider {name!r}; choose auto, {', '.join(PROVIDERS)}")
    size = ContainerSize(
        memory_mb=max(ContainerSize().memory_mb, limits.memory_mb + _OVERHEAD_MB),
        processes=max(ContainerSize().processes, limits.processes + 16),
        disk_mb=max(ContainerSize().disk_mb, 2 * limits.file_mb),
    )
    if name == "bwrap":
        return BwrapProvider(size.memory_mb, size.processes, size.disk_mb, size.files, network)
    return (DockerProvider if name == "docker" else DockerFreshProvider)(image, size=size, network=network)
