"""The image that Docker sandboxes run: Python with its whole standard library, git, and nothing else beside them.

An image is named after its recipe: the tag is a hash of everything that goes in, so a changed recipe never meets an image
built from an old one, and a built image is found again without a network. Two routes lead to it: a Dockerfile where a
registry answers, and `debootstrap` where none does.
"""

import contextlib
import hashlib
import io
import json
import re
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, field_validator

from textgym.sandbox.debian_root import make_root
from textgym.sandbox.engine import LABEL, connect, engine_errors
from textgym.sandbox.errors import ImageError
from textgym.sandbox.owners import owner_labels

REPOSITORY = "textgym-sandbox"
UNCHECKED = "unchecked"
"""What an imported image is called until its Python was tried."""

RECIPE = 2
"""Goes into every tag: raised when the way an image is made changes."""

BESIDE_PYTHON = ("git",)
"""Debian packages of every image: what a program in a repository expects to find."""

Route = Literal["auto", "registry", "debootstrap"]

_APT_NAME = re.compile(r"[a-z0-9][a-z0-9+.\-]{0,100}")
_PIP_NAME = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._\-]{0,100}(\[[A-Za-z0-9,._\-]{1,100}\])?((==|>=|<=|~=|<|>)[A-Za-z0-9.*+!\-,<>=~]{1,60})?"
)
_SELF_CHECK = "import asyncio, ctypes, decimal, json, lzma, resource, select, socket, sqlite3, ssl, unittest, zlib"
# What the zygote and its children need; a Python cut down below it would fail in the middle of somebody's episode.


class ImageSpec(BaseModel):
    """What goes into an image.

    Attributes:
        base: the image that the registry route starts from.
        apt: further Debian packages.
        pip: further Python packages, as requirements (`numpy`, `numpy==2.1.0`). Wheels only: nothing is compiled.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: str = "python:3.12-slim"
    apt: tuple[str, ...] = ()
    pip: tuple[str, ...] = ()

    @field_validator("apt")
    @classmethod
    def _debian_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return _checked(names, _APT_NAME, "name of a Debian package")

    @field_validator("pip")
    @classmethod
    def _requirements(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return _checked(names, _PIP_NAME, "requirement")

    @property
    def tag(self) -> str:
        """The image's full name, `textgym-sandbox:<hash of the recipe>`."""
        recipe = json.dumps([RECIPE, _SELF_CHECK, self.base, self.apt, self.pip])
        return f"{REPOSITORY}:{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"


def _checked(names: tuple[str, ...], form: re.Pattern[str], what: str) -> tuple[str, ...]:
    for name in names:
        if not form.fullmatch(name):
            raise ValueError(f"{name!r:.120} is no {what}")
    return tuple(sorted(set(names)))


def image_exists(client: Any, tag: str) -> bool:
    """Whether the engine has the image."""
    import docker

    try:
        client.inspect_image(tag)
    except docker.errors.ImageNotFound:
        return False
    return True


def require_image(client: Any, tag: str) -> str:
    """The tag, if the engine has that image.

    Raises:
        ImageError: it has not; the message says how to build it.
    """
    if image_exists(client, tag):
        return tag
    if tag == ImageSpec().tag:
        raise ImageError(f"the engine has no image {tag}; build it once with: textgym sandbox build")
    raise ImageError(
        f"the engine has no image {tag}; pull or build it, or for one of ours with further packages: "
        "textgym sandbox build --apt NAME --pip NAME"
    )


def build_image(
    spec: ImageSpec | None = None,
    *,
    route: Route = "auto",
    rebuild: bool = False,
    report: Callable[[str], None] = lambda line: None,
) -> str:
    """Build the image unless the engine has it, and prove that its Python is whole.

    Args:
        spec: what goes in.
        route: `registry` (a Dockerfile), `debootstrap` (a Debian tree made on this machine, as root), or `auto`: the first,
            then the second.
        rebuild: build even if the image is there, for newer packages.
        report: receives one line of progress at a time.

    Returns:
        The image's tag.

    Raises:
        SandboxUnavailableError: no engine answers.
        ImageError: no route led to an image; the message says why each failed.
    """
    spec = spec or ImageSpec()
    client = connect(timeout_s=1800)
    try:
        if not rebuild and image_exists(client, spec.tag):
            report(f"{spec.tag} is there already")
            return spec.tag
        routes = {"registry": _from_registry, "debootstrap": _from_debootstrap}
        failures = []
        for name in routes if route == "auto" else (route,):
            report(f"building {spec.tag} by the {name} route")
            try:
                image = routes[name](client, spec, report)
                try:
                    _check_python(client, image)
                    client.tag(image, REPOSITORY, spec.tag.partition(":")[2], force=True)
                finally:
                    _drop_unchecked(client, image)
            except engine_errors(ImageError) as error:
                failures.append(f"{name}: {error}")
                report(f"the {name} route failed: {error}")
            else:
                report(f"{spec.tag} is ready")
                return spec.tag
        raise ImageError("the image could not be built. " + "; ".join(failures))
    finally:
        client.close()


def remove_images() -> list[str]:
    """Remove every image of ours from the engine; the names of those that went.

    Raises:
        SandboxUnavailableError: no engine answers.
        ImageError: a sandbox still runs one of them.
    """
    client = connect()
    try:
        gone = []
        for image in client.images(filters={"label": f"{LABEL}.image"}):
            name = (image["RepoTags"] or [image["Id"]])[0]
            try:
                client.remove_image(image["Id"], force=True)
            except engine_errors() as error:
                raise ImageError(f"{name} cannot be removed: {error}") from None
            gone.append(name)
        return gone
    finally:
        client.close()


def _from_registry(client: Any, spec: ImageSpec, report: Callable[[str], None]) -> str:
    dockerfile = [f"FROM {spec.base}"]
    names = " ".join((*BESIDE_PYTHON, *spec.apt))
    dockerfile.append(  # what the base has already needs no network
        f"RUN dpkg -s {names} >/dev/null 2>&1 || (apt-get update && "
        f"apt-get install -y --no-install-recommends {names} && rm -rf /var/lib/apt/lists/*)"
    )
    if spec.pip:
        names = " ".join(f"'{name}'" for name in spec.pip)
        dockerfile.append(f"RUN python3 -m pip install --no-cache-dir --only-binary=:all: {names}")
    # A child has no privilege to gain and none to lose: but what is not there needs no second look.
    dockerfile.append("RUN find / -xdev -perm /6000 -type f -exec chmod a-s {} +")
    dockerfile.append(f"LABEL {LABEL}.image={spec.tag}")
    image = ""
    for event in client.build(
        fileobj=io.BytesIO("\n".join(dockerfile).encode()),
        rm=True,
        forcerm=True,
        decode=True,
    ):
        if "error" in event:
            raise ImageError(str(event["error"]).strip())
        if line := str(event.get("stream", event.get("status", ""))).strip():
            report(line)
        image = event.get("aux", {}).get("ID", image)
    if not image:
        raise ImageError("the engine ended the build without an image")
    return image


def _from_debootstrap(client: Any, spec: ImageSpec, report: Callable[[str], None]) -> str:
    with tempfile.TemporaryDirectory(prefix="textgym-image-") as directory:
        root = Path(directory) / "root"
        make_root(root, (*BESIDE_PYTHON, *spec.apt), spec.pip, report)
        report("importing the tree into the engine")
        pack = ["tar", "--numeric-owner", "--one-file-system", "-C", str(root), "-c", "."]
        with subprocess.Popen(pack, stdout=subprocess.PIPE) as tar:
            answer = client.import_image_from_stream(
                tar.stdout,
                repository=REPOSITORY,
                tag=UNCHECKED,
                changes=[
                    "ENV PATH=/usr/local/bin:/usr/bin:/bin",
                    "ENV LANG=C.UTF-8",
                    f"LABEL {LABEL}.image={spec.tag}",
                ],
            )
        if tar.returncode:
            raise ImageError(f"tar exited with status {tar.returncode}")
    for line in answer.splitlines():
        event = json.loads(line)
        if "error" in event:
            raise ImageError(str(event["error"]))
        if str(event.get("status", "")).startswith("sha256:"):
            return str(event["status"])
    raise ImageError(f"the engine answered the import with {answer!r:.200}")


def _drop_unchecked(client: Any, image: str) -> None:
    """Take back the name that an import needs; an image that no other name was given to goes with it."""
    with contextlib.suppress(*engine_errors()):
        unchecked = f"{REPOSITORY}:{UNCHECKED}"
        names = client.inspect_image(image)["RepoTags"]
        if unchecked in names or not names:
            client.remove_image(unchecked if names else image)


def _check_python(client: Any, image: str) -> None:
    """Start the image's Python once, without network, and import what sandboxes need."""
    container = client.create_container(
        image,
        ["python3", "-I", "-c", f"import sys; assert sys.version_info >= (3, 9), sys.version; {_SELF_CHECK}"],
        host_config=client.create_host_config(network_mode="none", cap_drop=["ALL"], read_only=True),
        labels=owner_labels(),
    )
    try:
        client.start(container)
        if client.wait(container, timeout=60)["StatusCode"] != 0:
            said = client.logs(container).decode(errors="replace").strip()
            raise ImageError(f"the image's Python lacks what a sandbox needs: {said[-300:]}")
    finally:
        client.remove_container(container, force=True, v=True)
