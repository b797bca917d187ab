"""textgym sandbox: what is here, how well it holds, and how it ends."""

import contextlib
import os
import subprocess
from pathlib import Path

import docker
import pytest

from textgym.sandbox.engine import connect
from textgym.sandbox.image import ImageSpec
from textgym.sandbox.opening import PROVIDERS
from textgym.sandbox.owners import OWNER, owner_labels


def test_status_says_what_is_here_and_what_the_others_lack(textgym):
    ended = textgym("sandbox", "status", "--json")
    shown = ended.json
    assert [each["provider"] for each in shown["providers"]] == list(PROVIDERS)
    assert shown["available"] == any(each["available"] for each in shown["providers"])
    assert ended.code == (0 if shown["available"] else 1)
    assert all(bool(each["why_not"]) != each["available"] for each in shown["providers"])
    text = textgym("sandbox", "status").out
    assert all(name in text for name in PROVIDERS)


def test_without_any_provider_status_and_selftest_fail_and_say_what_to_install(textgym, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    status = textgym("sandbox", "status", "--json")
    assert status.code == 1
    assert not status.json["available"]
    assert all("install" in each["why_not"] for each in status.json["providers"])
    tested = textgym("sandbox", "selftest", "--json")
    assert tested.code == 1
    assert not tested.json["passed"]
    assert [each["passed"] for each in tested.json["providers"]] == [None] * len(PROVIDERS)
    words = textgym("sandbox", "selftest")
    assert words.code == 1
    assert "no untrusted code" in words.err
    refused = textgym("sandbox", "shell", typed="echo hi\n")
    assert refused.code == 1
    assert "hi" not in refused.out
    assert "install" in refused.err


@pytest.mark.sandbox
def test_the_self_test_of_a_provider_that_holds(textgym):
    ended = textgym("sandbox", "selftest", "--provider", "bwrap", "--json")
    (report,) = ended.json["providers"]
    assert ended.code == 0, [finding for finding in report["findings"] if not finding["held"]]
    assert ended.json["passed"]
    assert len(report["findings"]) > 20
    assert ended.json["host"]["kernel"].startswith("Linux")


def test_a_wrong_provider_is_wrong_usage(textgym):
    ended = textgym("sandbox", "selftest", "--provider", "chroot")
    assert ended.code == 2
    assert "bwrap" in ended.err


def test_a_wrong_package_name_is_wrong_usage(textgym):
    ended = textgym("sandbox", "build", "--apt", "x; rm -rf /")
    assert ended.code == 2


@pytest.mark.sandbox
def test_the_shell_runs_lines_and_programs_in_a_sandbox(textgym, tmp_path):
    ended = textgym("sandbox", "shell", "--provider", "bwrap", typed="echo one > file; cat file\nls\nexit 3\n")
    assert ended.code == 0
    assert ended.out == "one\n"
    assert "exit code 3" in ended.err
    program = tmp_path / "program.py"
    program.write_text("print('\\x1b[2Jhello')\nraise SystemExit(4)")
    ended = textgym("sandbox", "shell", program, "--provider", "bwrap")
    assert ended.code == 1
    assert ended.out == "\\x1b[2Jhello\n"


@pytest.mark.docker
def test_clean_removes_what_a_dead_run_left_even_when_the_image_is_gone(textgym, monkeypatch):
    client = connect()
    container = client.create_container(
        ImageSpec().tag,
        ["sleep", "600"],
        labels={**owner_labels(), OWNER: "1:1"},
        host_config=client.create_host_config(network_mode="none"),
    )["Id"]
    try:
        monkeypatch.setattr("textgym.sandbox.image.REPOSITORY", "textgym-sandbox-gone")
        ended = textgym("sandbox", "clean", "--json")
        assert ended.code == 0
        assert container[:12] in ended.json["containers"]
        assert client.containers(all=True, filters={"id": container}) == []
    finally:
        with contextlib.suppress(docker.errors.NotFound):
            client.remove_container(container, force=True)
        client.close()


@pytest.mark.skipif(not os.access("/sys/fs/cgroup/pids", os.W_OK), reason="no control group can be made here")
def test_clean_removes_the_control_groups_that_a_dead_run_left(textgym):
    with subprocess.Popen(["true"]) as dead:
        pass
    group = Path(f"/sys/fs/cgroup/pids/textgym-{dead.pid}-0-0")
    group.mkdir()
    ended = textgym("sandbox", "clean", "--json")
    assert str(group) in ended.json["control_groups"]
    assert not group.exists()
