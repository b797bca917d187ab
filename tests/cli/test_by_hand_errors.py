"""What a new user gets wrong, verb by verb: one line that names the field and the way out, and the right exit code."""

import os
from importlib.util import find_spec

import pytest

from textgym.episodes import EpisodeStore


def refused(ended, *parts, code=2):
    """The command said all of this in one line, and nothing else."""
    assert ended.code == code, ended.err
    assert ended.out == ""
    assert ended.err.startswith("error: ")
    assert ended.err.count("\n") == 1
    for part in parts:
        assert part in ended.err


@pytest.mark.parametrize(
    "verb",
    [
        ["sandbox", "shell"],
        ["bank", "verify", "inflection", "-n", 1],
        ["bank", "build", "inflection", "--rebuild", "--out", "."],
    ],
)
def test_a_provider_that_there_is_not_is_wrong_usage_in_every_verb(textgym, verb, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    refused(textgym(*verb, "--provider", "chroot"), "--provider chroot", "docker", "bwrap")


def test_a_program_for_the_sandbox_that_cannot_be_read(textgym, tmp_path):
    refused(textgym("sandbox", "shell", tmp_path / "absent.py"), "absent.py: No such file")
    refused(textgym("sandbox", "shell", tmp_path), "Is a directory")


@pytest.mark.parametrize(
    "verb", [["run", "Countdown-v0", "--policy", "oracle", "-n", 1], ["export", "{run}", "--to", "jsonl"]]
)
def test_an_empty_out_is_refused_and_not_taken_for_the_working_directory(
    textgym, run_directory, tmp_path, monkeypatch, verb
):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    ended = textgym(*(run_directory if part == "{run}" else part for part in verb), "--out", "")
    assert ended.code == 2
    assert "--out" in ended.err
    assert "it is empty" in ended.err
    assert os.listdir() == []


def test_the_working_directory_can_still_be_named_as_out(textgym, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert textgym("run", "Countdown-v0", "--policy", "oracle", "-n", 1, "--out", ".").code == 0
    assert EpisodeStore.open(tmp_path).complete


@pytest.mark.parametrize("server", ["localhost", "localhost:8000/v1", "10.0.0.7", "gpu-3:8000", "gpu-3.lan/v1"])
def test_an_endpoint_without_its_scheme_is_not_taken_for_a_model_of_openai(textgym, monkeypatch, server):
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    refused(
        textgym("run", "Countdown-v0", "--policy", f"openai:qwen@{server}", "-n", 1), server.split(":")[0], "http://"
    )


@pytest.mark.parametrize("model", ["@cf/meta/llama-3.1-8b", "claude@20240620", "org/model@main", "m@v1"])
def test_an_at_sign_in_the_name_of_a_model_is_no_server(textgym, model):
    refused(textgym("run", "Countdown-v0", "--policy", f"openai:{model}", "-n", 1), "OPENAI_API_KEY")


def test_a_script_that_cannot_be_read_is_named_once(textgym, tmp_path):
    ended = textgym("run", "Countdown-v0", "--policy", f"script:{tmp_path}/absent.txt", "-n", 1)
    refused(ended, "absent.txt': No such file or directory")
    assert ended.err.count("absent.txt") == 1
    (tmp_path / "latin.txt").write_bytes(b"\xe9\n")
    refused(textgym("run", "Countdown-v0", "--policy", f"script:{tmp_path}/latin.txt", "-n", 1), "it is no UTF-8")


def test_an_export_names_the_path_that_was_given(textgym, run_directory, tmp_path):
    refused(
        textgym("export", run_directory, "--to", "jsonl", "--out", tmp_path), f"{tmp_path} is a directory", "'jsonl'"
    )
    (tmp_path / "file").touch()
    refused(
        textgym("export", run_directory, "--to", "parquet", "--out", tmp_path / "file"), "file is a file", "directory"
    )
    below = textgym("export", run_directory, "--to", "sft", "--out", tmp_path / "file" / "x.jsonl")
    refused(below, f"cannot write {tmp_path}/file/x.jsonl: ")


def test_an_export_of_nothing_says_why(textgym, tmp_path):
    assert textgym("run", "Countdown-v0", "--policy", "noop", "-n", 4, "--out", tmp_path / "run").code == 0
    sft = textgym("export", tmp_path / "run", "--to", "sft", "--out", tmp_path / "x.jsonl")
    assert (sft.code, "--min-reward" in sft.err) == (0, True)
    pairs = textgym("export", tmp_path / "run", "--to", "preferences", "--out", tmp_path / "x.jsonl")
    assert (pairs.code, "--group-size" in pairs.err) == (0, True)


def test_a_cache_that_cannot_be_written_is_named_with_the_way_out(textgym, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("TEXTGYM_CACHE", str(tmp_path / "file" / "cache"))
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    refused(textgym("bank", "fetch", "inflection"), "TEXTGYM_CACHE", f"{tmp_path}/file", code=1)


def test_a_package_named_twice_is_one_package(textgym):
    shown = textgym("bank", "list", "inflection", "inflection", "--json").json
    assert len(shown["packages"]) == 1


def test_codefix_names_a_wrong_package_and_a_wrong_issue(textgym):
    for setting, parts in (
        ('packages=["fncy"]', ("packages", "did you mean 'funcy'?")),
        ("issue=loud", ("issue", "'symptom', 'repro', 'vague' or 'none'")),
    ):
        for verb in (["info"], ["play"], ["run", "--policy", "oracle"]):
            refused(textgym(verb[0], "CodeFix-v0", *verb[1:], "-s", setting), *parts)


@pytest.mark.skipif(find_spec("reasoning_gym") is not None, reason="the extra is installed")
@pytest.mark.parametrize("verb", [["info"], ["play"], ["run", "--policy", "oracle"], ["bench"], ["check"]])
def test_an_environment_whose_extra_is_missing_names_it(textgym, verb):
    refused(textgym(verb[0], "ReasoningGym-v0", *verb[1:]), "pip install 'textgym[reasoning-gym]'")
