"""The `docker` provider: one hardened container a slot, with the supervisor as its first process."""

import contextlib
import secrets
import threading
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from textgym.core import OptionalDependencyError
from textgym.sandbox.attach import AttachTransport
from textgym.sandbox.engine import LABEL, connect, engine_errors, knock
from textgym.sandbox.engine_network import (
    REMOVAL_SECONDS,
    EngineNetwork,
    admit_services,
    check_services,
    make_network,
    networks_of_sandboxes,
    remove_network,
)
from textgym.sandbox.errors import ImageError, SandboxLostError, SandboxUnavailableError, SlotTakenError
from textgym.sandbox.image import ImageSpec, require_image
from textgym.sandbox.network import Network
from textgym.sandbox.owners import is_abandoned, owner_labels
from textgym.sandbox.provider import RECYCLE_CALLS
from textgym.sandbox.slots import slot_uid
from textgym.sandbox.supervisor import BOOTSTRAP, SlotConfig

CAPABILITIES = ("SETUID", "SETGID", "CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL")
"""What the supervisor needs to give a child its own uid, to end it and to clean up after it. The child has none."""

SLOT = f"{LABEL}.slot"
WORK = "/box"
WRITABLE = {
    WORK: "mode=1777,exec",
    "/tmp": "mode=1777,noexec,size=16m,nr_inodes=1024",  # noqa: S108 - in the container
    "/dev/shm": "mode=1777,noexec,size=16m,nr_inodes=256",  # noqa: S108 - in the container
}
"""The only places that a program can write to, with their mount options; all are emptied after each call."""


class ContainerSize(BaseModel):
    """What one container may use, whatever its calls are allowed: the frame around their limits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    memory_mb: int = Field(
        768, ge=64, description="memory of all processes and files together, in MB; there is no swap"
    )
    processes: int = Field(128, ge=16, description="processes and threads, the supervisor's three among them")
    disk_mb: int = Field(64, ge=1, description="bytes in the working directory, in MB; they count as memory")
    files: int = Field(4096, ge=64, description="files and directories in the working directory")


class DockerProvider:
    """Starts containers on the engine that the environment names.

    Args:
        image: the image's name; by default the one that `textgym sandbox build` makes.
        size: what a container may use.
        runtime: the engine's runtime, for instance `runsc` for gVisor; by default the engine's own default.
        network: the hosts that programs may reach; by default they have no network at all.
    """

    name = "docker"
    max_calls = RECYCLE_CALLS

    def __init__(
        self,
        image: str | None = None,
        *,
        size: ContainerSize | None = None,
        runtime: str | None = None,
        network: Network | None = None,
    ) -> None:
        self.image = image or ImageSpec().tag
        self.size = size or ContainerSize()
        self.runtime = runtime
        self.network = network
        self._lock = threading.Lock()
        self._client: Any = None
        self._checked = False

    def available(self) -> str | None:
        """Why no container can be started here, in words; None if one can."""
        try:
            self._ready_client()
        except (SandboxUnavailableError, ImageError, OptionalDependencyError) as error:
            return str(error)
        return None

    def describe(self) -> dict[str, Any]:
        """Engine, image and frame, as plain data."""
        engine = self._ready_client().info()
        return {
            "provider": self.name,
            "engine": engine.get("ServerVersion"),
            "runtime": self.runtime or engine.get("DefaultRuntime"),
            "cgroups": engine.get("CgroupVersion", "1"),
            "security": engine.get("SecurityOptions", []),
            "image": self.image,
            "network": self.network.model_dump(mode="json") if self.network else None,
            "size": self.size.model_dump(),
        }

    def config(self, slot: int) -> SlotConfig:
        """What the supervisor in a slot is told about the container around it."""
        uid = slot_uid(slot)
        hosts, ports = (tuple(self.network.hosts), self.network.ports) if self.network else ((), ())
        return SlotConfig(uid=uid, gid=uid, work=WORK, wipe=tuple(WRITABLE), hosts=hosts, ports=ports)

    def start(self, slot: int) -> AttachTransport:
        """Start a container that waits for the supervisor's source on its stdin.

        It is named after its uid: the engine gives a name once, whoever asks and from wherever.

        Raises:
            SlotTakenError: it has given that one to another container.
            SandboxUnavailableError: the engine does not answer, or cannot make the network of a grant.
            ImageError: it has no such image.
            SandboxLostError: it could not start the container.
        """
        client = self._ready_client()
        container = network = None
        try:
            knock()
            if self.network is not None:
                network = make_network(client, self.network, f"textgym-uid-{slot_uid(slot)}", slot)
                admit_services(client, network)
            container = client.create_container(
                self.image,
                entrypoint=["python3", "-I", "-S", "-c", BOOTSTRAP],
                command=[],
                stdin_open=True,
                tty=False,
                user="0:0",
                hostname="sandbox",
                working_dir="/",
                healthcheck={"test": ["NONE"]},
                labels={**owner_labels(), SLOT: str(slot)},
                host_config=self._host_config(client, network),
                networking_config=_address_in(client, network),
                name=f"textgym-uid-{slot_uid(slot)}",
            )["Id"]
            streams = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
            connection = client.attach_socket(container, params=streams)
            transport = AttachTransport(connection, lambda: self._remove(client, container, network))
        except engine_errors() as error:
            self._remove(client, container, network)
            if getattr(error, "status_code", None) == HTTPStatus.CONFLICT:
                raise SlotTakenError(f"the engine has a container of uid {slot_uid(slot)}", _taken(client)) from None
            raise SandboxLostError(f"the engine could not make a container: {error}") from None
        except BaseException:
            self._remove(client, container, network)
            raise
        try:
            client.start(container)
        except engine_errors() as error:
            transport.kill()
            raise SandboxLostError(f"the engine could not start a container: {error}") from None
        except BaseException:
            transport.kill()
            raise
        return transport

    def reap(self) -> list[str]:
        """Remove the containers of owners that are gone, and their networks, whether or not their image is still there.

        Returns:
            The ids of the containers removed.

        Raises:
            SandboxUnavailableError: the engine does not answer.
        """
        client = self._connected()
        gone = []
        with contextlib.suppress(*engine_errors()):
            for container in client.containers(all=True, filters={"label": f"{LABEL}.owner"}):
                if is_abandoned(container.get("Labels") or {}):
                    self._remove(client, container["Id"])
                    gone.append(container["Id"][:12])
        self.reap_networks()
        return gone

    def reap_networks(self) -> list[str]:
        """Remove the networks of owners that are gone; the names of those removed. Services only leave them.

        Raises:
            SandboxUnavailableError: the engine does not answer.
        """
        client = self._connected()
        with contextlib.suppress(*engine_errors()):
            left = networks_of_sandboxes(client, abandoned=True)
            return [network["Name"] for network in left if remove_network(client, network["Id"])]
        return []

    def networks(self) -> list[str]:
        """The names of all networks of sandboxes on the engine, those of other owners too.

        Raises:
            SandboxUnavailableError: the engine does not answer.
        """
        client = self._connected()
        with contextlib.suppress(*engine_errors()):
            return sorted(network["Name"] for network in networks_of_sandboxes(client, abandoned=False))
        return []

    def close(self) -> None:
        """Close the connection to the engine."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client = None
            self._checked = False

    def _connected(self) -> Any:
        """A connection to the engine, made on the first use."""
        with self._lock:
            if self._client is None:
                self._client = connect()
            return self._client

    def _ready_client(self) -> Any:
        """The connection, once the engine was found to have what is asked for."""
        client = self._connected()
        with self._lock:
            if not self._checked:
                try:
                    require_image(client, self.image)
                    self._check_network(client)
                    self._check_runtime(client)
                except engine_errors() as error:
                    raise SandboxUnavailableError(f"the Docker engine does not answer: {error}") from None
                self._checked = True
            return client

    def _check_network(self, client: Any) -> None:
        """Look whether the grant's services are there, and make a network for it once, which tells all else."""
        if self.network is not None:
            check_services(client, self.network)
            trial = make_network(client, self.network, "textgym-trial", secrets.randbelow(1 << 16))
            remove_network(client, trial.id)

    def _check_runtime(self, client: Any) -> None:
        known = client.info().get("Runtimes") or {}
        if self.runtime is not None and self.runtime not in known:
            raise SandboxUnavailableError(
                f"the engine has no runtime {self.runtime!r}; it has {', '.join(sorted(known))}"
            )

    def _host_config(self, client: Any, network: EngineNetwork | None) -> Any:
        size = self.size
        memory = size.memory_mb << 20
        return client.create_host_config(
            # The engine itself removes the container when the supervisor ends, and it ends when its stdin does: also
            # when this process is killed.
            auto_remove=True,
            runtime=self.runtime,
            network_mode=network.id if network else "none",
            # The engine's own name server is to ask nobody (CVE-2024-29018), and the host's search domains are its own.
            **({"extra_hosts": dict(network.names), "dns": ["127.0.0.1"], "dns_search": ["."]} if network else {}),
            ipc_mode="private",
            read_only=True,
            cap_drop=["ALL"],
            cap_add=list(CAPABILITIES),
            security_opt=["no-new-privileges"],
            pids_limit=size.processes,
            mem_limit=memory,
            memswap_limit=memory,
            tmpfs={
                **{path: f"{options},nosuid,nodev" for path, options in WRITABLE.items()},
                WORK: f"{WRITABLE[WORK]},nosuid,nodev,size={size.disk_mb}m,nr_inodes={size.files}",
                # A message queue is a file there, and would outlive the program that made it.
                "/dev/mqueue": "size=4k,nr_inodes=1,mode=555,ro,nosuid,nodev,noexec",
            },
            ulimits=[{"Name": "core", "Soft": 0, "Hard": 0}],
            log_config={"Type": "none", "Config": {}},
        )

    def _remove(self, client: Any, container: str | None, network: EngineNetwork | None = None) -> None:
        """Remove a container and its network; returns when the engine has neither any more, or will not part with it."""
        import docker

        if container is not None:
            # Gone already, or going: with `auto_remove` the engine is often faster. One that is going still has its image
            # in use, and is waited for.
            with contextlib.suppress(*engine_errors()):
                knock()
                try:
                    client.remove_container(container, force=True, v=True)
                except docker.errors.APIError as error:
                    if error.status_code == HTTPStatus.CONFLICT:
                        client.wait(container, timeout=REMOVAL_SECONDS, condition="removed")
        if network is not None:
            remove_network(client, network.id)


def _address_in(client: Any, network: EngineNetwork | None) -> Any:
    """Where a container is to be in its network, as the engine is told."""
    if network is None:
        return None
    return client.create_networking_config({network.id: client.create_endpoint_config(ipv4_address=network.sandbox)})


def _taken(client: Any) -> set[int]:
    """The numbers of all sandboxes on the engine, as far as it tells."""
    with contextlib.suppress(*engine_errors()):
        found = client.containers(all=True, filters={"label": SLOT})
        return {int(number) for each in found if (number := each["Labels"][SLOT]).isdecimal()}
    return set()
