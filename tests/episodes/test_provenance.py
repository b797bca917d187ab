"""What a record keeps about the program that made it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


def provenance_in(directory: Path) -> dict[str, str]:
    code = "import json; from textgym.episodes import provenance; print(json.dumps(provenance()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=directory, capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def git(directory: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *identity, *arguments], cwd=directory, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_outside_a_checkout_there_is_no_commit(tmp_path: Path) -> None:
    assert provenance_in(tmp_path).keys() == {"textgym", "gymnasium", "python"}


def test_the_commit_says_whether_files_were_changed(tmp_path: Path) -> None:
    try:
        git(tmp_path, "init", "-q")
    except FileNotFoundError:
        pytest.skip("git is not installed")
    (tmp_path / "file").write_text("one")
    git(tmp_path, "add", "file")
    git(tmp_path, "commit", "-q", "-m", "first")
    commit = git(tmp_path, "rev-parse", "HEAD")
    assert provenance_in(tmp_path)["commit"] == commit
    (tmp_path / "file").write_text("two")
    assert provenance_in(tmp_path)["commit"] == f"{commit}-dirty"
