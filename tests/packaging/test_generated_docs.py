"""Pages that are generated are up to date."""

import runpy
import subprocess
import sys
from pathlib import Path

import textgym

DOCS = Path(__file__).parents[2] / "docs"
GENERATOR = DOCS / "generate_environments.py"


def test_the_page_of_environments_is_what_the_registry_says():
    check = subprocess.run([sys.executable, GENERATOR, "--check"], capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stderr


def test_the_page_shows_every_environment_of_ours():
    page = runpy.run_path(str(GENERATOR))["page"]()
    for env_id, entry in textgym.entries().items():
        if env_id.startswith("textgym/"):
            assert f"### {env_id}\n" in page
            assert entry.summary in page


def test_a_stale_page_is_noticed(tmp_path):
    copy = tmp_path / GENERATOR.name
    copy.write_text(GENERATOR.read_text())
    stale = subprocess.run([sys.executable, copy, "--check"], capture_output=True, text=True, check=False)
    assert (stale.returncode, "make docs" in stale.stderr) == (1, True)
    subprocess.run([sys.executable, copy], check=True)
    assert (tmp_path / "environments.md").read_text() == (DOCS / "environments.md").read_text()
    subprocess.run([sys.executable, copy, "--check"], check=True)
