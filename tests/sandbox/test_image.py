"""Recipes, their names, and where a Debian tree is taken from; with an engine, the image itself."""

import io
from pathlib import Path

import pytest
from pydantic import ValidationError

from textgym.sandbox import ImageError, Limits, SandboxUnavailableError, open_sandbox
from textgym.sandbox.debian_root import own_archive
from textgym.sandbox.engine import LABEL, connect
from textgym.sandbox.image import ImageSpec, build_image, image_exists


def test_a_tag_names_its_recipe() -> None:
    plain = ImageSpec()
    assert plain.tag == ImageSpec().tag
    assert plain.tag.startswith("textgym-sandbox:")
    tags = {plain.tag, ImageSpec(apt=("gcc",)).tag, ImageSpec(pip=("gcc",)).tag, ImageSpec(base="python:3.11-slim").tag}
    assert len(tags) == 4
    assert ImageSpec(apt=("gcc", "make", "gcc")).tag == ImageSpec(apt=("make", "gcc")).tag


@pytest.mark.parametrize("name", ["", "-o", "gcc;reboot", "a b", "$(id)", "x\ny", "../x", "name'"])
def test_names_of_packages_that_are_none_are_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        ImageSpec(apt=(name,))
    with pytest.raises(ValidationError):
        ImageSpec(pip=(name,))


def test_requirements_may_name_versions() -> None:
    assert ImageSpec(pip=("numpy>=2.0,<3", "httpx[http2]==0.27.0")).pip == ("httpx[http2]==0.27.0", "numpy>=2.0,<3")


def _etc(root: Path, sources: dict[str, str], release: str) -> Path:
    (root / "apt/sources.list.d").mkdir(parents=True)
    (root / "os-release").write_text(release)
    for name, text in sources.items():
        (root / "apt" / name).write_text(text)
    return root


def test_the_mirror_is_the_one_that_the_machine_uses_itself(tmp_path: Path) -> None:
    deb822 = """# a comment: with a colon
Types: deb deb-src
URIs: http://mirror.example/debian
Suites: trixie trixie-updates
Components: main contrib

Types: deb
URIs: http://mirror.example/debian-security
Suites: trixie-security
Components: main
"""
    etc = _etc(tmp_path, {"sources.list.d/a.sources": deb822}, 'ID=debian\nVERSION_CODENAME="trixie"\n')
    assert own_archive(etc) == ("trixie", "http://mirror.example/debian")


def test_sources_of_one_line_each(tmp_path: Path) -> None:
    lines = """
# deb http://no.example jammy main
deb-src http://source.example jammy main
deb [arch=amd64 signed-by=/x] http://other.example jammy universe
deb [ arch=amd64 ] http://mirror.example/ubuntu jammy main restricted # the one
"""
    etc = _etc(tmp_path, {"sources.list": lines}, "ID=ubuntu\nVERSION_CODENAME=jammy\n")
    assert own_archive(etc) == ("jammy", "http://mirror.example/ubuntu")


def test_a_machine_of_another_kind_leaves_the_mirror_to_debootstrap(tmp_path: Path) -> None:
    assert own_archive(_etc(tmp_path, {}, "ID=fedora\n")) == ("bookworm", None)


@pytest.mark.docker
def test_what_is_built_is_found_again_and_nothing_is_built_twice() -> None:
    lines: list[str] = []
    assert build_image(report=lines.append) == ImageSpec().tag
    assert lines == [f"{ImageSpec().tag} is there already"]
    client = connect()
    try:
        assert image_exists(client, ImageSpec().tag)
        assert not image_exists(client, ImageSpec(apt=("no-such-package-ever",)).tag)
    finally:
        client.close()


@pytest.mark.docker
def test_a_failed_build_says_why_and_leaves_nothing() -> None:
    spec = ImageSpec(base="textgym-no-such-image:0")
    with pytest.raises(ImageError, match="registry: "):
        build_image(spec, route="registry")
    client = connect()
    try:
        assert not image_exists(client, spec.tag)
    finally:
        client.close()


@pytest.mark.docker
def test_an_image_from_a_base_that_is_here_serves_as_well() -> None:
    spec = ImageSpec(base=ImageSpec().tag)
    tag = build_image(spec, route="registry", rebuild=True)
    try:
        with open_sandbox("docker", slots=1, image=tag) as box:
            assert box.run_python("print(1)").stdout == b"1\n"
    finally:
        client = connect()
        client.remove_image(tag)
        client.close()


@pytest.mark.docker
def test_an_image_whose_python_is_not_whole_is_refused() -> None:
    client = connect()
    dockerfile = f"FROM {ImageSpec().tag}\nRUN rm -r /usr/lib/python3*/sqlite3\n"
    file = io.BytesIO(dockerfile.encode())
    for _ in client.build(fileobj=file, network_mode="none", rm=True, decode=True, tag="textgym-test-cut:1"):
        pass
    spec = ImageSpec(base="textgym-test-cut:1")
    try:
        with pytest.raises(ImageError, match=r"(?s)lacks what a sandbox needs.*sqlite3"):
            build_image(spec, route="registry")
        assert not image_exists(client, spec.tag)
        assert not client.images(filters={"label": f"{LABEL}.image={spec.tag}"}, all=True)
    finally:
        client.remove_image("textgym-test-cut:1", force=True)
        client.close()


@pytest.mark.docker
def test_an_image_that_is_not_there_names_the_command_that_builds_it() -> None:
    with pytest.raises(SandboxUnavailableError, match="textgym sandbox build"):
        open_sandbox("docker", image=ImageSpec(apt=("gcc",)).tag)


@pytest.mark.docker
def test_no_program_of_the_image_gives_rights_away() -> None:
    source = """
import os, stat
found = []
for here, folders, names in os.walk("/"):
    folders[:] = [name for name in folders if os.path.join(here, name) not in ("/proc", "/sys", "/dev")]
    for name in names:
        path = os.path.join(here, name)
        if stat.S_ISREG(os.lstat(path).st_mode) and os.lstat(path).st_mode & 0o6000:
            found.append(path)
print(found)
"""
    with open_sandbox("docker", slots=1) as box:
        run = box.run_python(source, limits=Limits(wall_s=30))
    assert run.stdout == b"[]\n"
