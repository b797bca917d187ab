"""What is handed out: the sdist, the wheel, the editable install, and a third party's package beside them."""

import json
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGIN = Path(__file__).parent / "plugin"
JUNK = shutil.ignore_patterns("__pycache__", "*.egg-info", "build", "dist")


def run(*command, cwd=None):
    """What a command prints; it must succeed."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def copy_of_the_source(folder):
    """The files that a build reads, so that nothing is left behind in the checkout."""
    folder.mkdir()
    for name in ("src", "envs"):
        shutil.copytree(ROOT / name, folder / name, symlinks=True, ignore=JUNK)
    for name in ("pyproject.toml", "LICENSE", "README.md", "MANIFEST.in"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return copy_of_the_source(tmp_path_factory.mktemp("source") / "textgym")


@pytest.fixture(scope="module")
def sdist(source, tmp_path_factory):
    out = tmp_path_factory.mktemp("sdist")
    run(sys.executable, "-m", "build", "--no-isolation", "--sdist", "--outdir", out, source)
    (made,) = out.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(sdist, tmp_path_factory):
    """The wheel as it is made for an index: from the sdist."""
    unpacked = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(unpacked, filter="data")
    (folder,) = unpacked.iterdir()
    return build_wheel(folder, tmp_path_factory.mktemp("wheel"))


def build_wheel(folder, out):
    run(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", out, folder)
    (made,) = out.iterdir()
    return made


class Environment:
    """A virtual environment that finds our dependencies where these tests find them, but not textgym."""

    def __init__(self, folder):
        venv.create(folder, with_pip=False, symlinks=True)
        self.bin = folder / "bin"
        self.python = self.bin / "python"
        (site,) = folder.glob("lib/python*/site-packages")
        (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
        self.site = site

    def install(self, *arguments):
        run(sys.executable, "-m", "pip", "--python", self.python, "install", "--quiet", "--disable-pip-version-check",
            "--no-deps", "--no-build-isolation", "--no-index", *arguments)  # fmt: skip

    def ask(self, code, cwd):
        """What the code prints as JSON, from a folder in which no checkout is in the way."""
        return json.loads(run(self.python, "-I", "-W", "error", "-c", "import json, textgym\n" + code, cwd=cwd))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """An environment with the wheel and the third party's package."""
    environment = Environment(tmp_path_factory.mktemp("installed") / "venv")
    plugin = tmp_path_factory.mktemp("plugin") / "textgym-coin"
    shutil.copytree(PLUGIN, plugin, ignore=JUNK)
    environment.install(wheel)
    environment.install(plugin)
    return environment


DATA = ("envs/code/functions/stored/*.json", "envs/code/recipes/*.json", "envs/code/recipes/*.zst")


def modules_of(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.py")}


def files_of_the_package():
    library = {f"textgym/{name}" for name in modules_of(ROOT / "src" / "textgym") if not name.startswith("envs/")}
    environments = {f"textgym/envs/{name}" for name in modules_of(ROOT / "envs")}
    data = {f"textgym/{path.relative_to(ROOT).as_posix()}" for pattern in DATA for path in ROOT.glob(pattern)}
    assert data
    return library | environments | data | {"textgym/py.typed"}


def test_the_environments_are_linked_into_the_package_by_a_relative_link():
    link = ROOT / "src" / "textgym" / "envs"
    assert link.is_symlink()
    assert link.readlink() == Path("../../envs")


def test_the_wheel_holds_the_package_with_its_environments_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
        metadata = archive.read(next(name for name in names if name.endswith("METADATA"))).decode()
    assert {name for name in names if ".dist-info/" not in name} == files_of_the_package()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert wheel.name.endswith("-py3-none-any.whl")
    assert "License-Expression: Apache-2.0" in metadata
    assert "Requires-Python: >=3.11" in metadata


def test_the_sdist_holds_what_a_build_needs_and_no_tests(sdist):
    with tarfile.open(sdist) as archive:
        members = archive.getmembers()
    names = {member.name.partition("/")[2] for member in members if member.isfile()}
    assert {f"src/{name}" for name in files_of_the_package()} <= names
    assert {"LICENSE", "pyproject.toml"} <= names
    assert not any(name.startswith("tests") for name in names)
    assert not any(member.issym() or member.islnk() for member in members)


def test_the_sdist_builds_the_same_wheel_as_the_checkout(wheel, source, tmp_path):
    def contents(path):
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/RECORD")}

    assert contents(wheel) == contents(build_wheel(source, tmp_path))


PLAY = """
import gymnasium
env = gymnasium.make("textgym/GuessNumber-v0")
env.reset(seed=1)
print(json.dumps({
    "files": [textgym.__file__, __import__("sys").modules[type(env).__module__].__file__],
    "version": textgym.__version__,
    "reward": env.step(env.oracle(env.episode.task, env.episode.state))[1],
    "ids": list(textgym.entries()),
}))
"""


def test_the_installed_wheel_plays(installed, tmp_path):
    answer = installed.ask(PLAY, tmp_path)
    assert all(Path(file).is_relative_to(installed.site) for file in answer["files"])
    assert f"textgym-{answer['version']}.dist-info" in [path.name for path in installed.site.iterdir()]
    assert "textgym/GuessNumber-v0" in answer["ids"]
    listed = json.loads(run(installed.bin / "textgym", "list", "--json", cwd=tmp_path))
    assert [entry["id"] for entry in listed] == answer["ids"]


THIRD_PARTY = """
import gymnasium
made = [gymnasium.make("coin/Coin-v0"), textgym.make("coin/Coin-v0", max_turns=3)]
rewards = []
for env in made:
    env.reset(seed=5)
    rewards.append(env.step(env.oracle(env.episode.task, env.episode.state))[1])
print(json.dumps({
    "entry": textgym.entries()["coin/Coin-v0"].as_json(),
    "last": list(textgym.entries())[-1],
    "ids": [env.spec.id for env in made],
    "rewards": rewards,
    "task": env.reset(seed=5)[1]["task_id"],
}))
"""


def test_a_third_partys_package_is_indistinguishable_from_ours(installed, tmp_path):
    answer = installed.ask(THIRD_PARTY, tmp_path)
    assert answer["entry"]["domain"] == "games"
    assert answer["last"] == "coin/Coin-v0"
    assert answer["ids"] == ["coin/Coin-v0"] * 2
    assert answer["rewards"] == [1.0, 1.0]
    assert answer["task"] == "coin/Coin-v0/train/5"
    listed = json.loads(run(installed.bin / "textgym", "list", "--json", cwd=tmp_path))
    assert "coin/Coin-v0" in [entry["id"] for entry in listed]


def test_an_import_finds_a_third_partys_page_without_importing_its_environment(installed, tmp_path):
    code = "import sys; textgym.entries(); print(json.dumps([name for name in sys.modules if 'coin' in name]))"
    assert installed.ask(code, tmp_path) == ["textgym_coin"]


def test_an_editable_install_plays_from_the_checkout(tmp_path):
    checkout = copy_of_the_source(tmp_path / "textgym")
    environment = Environment(tmp_path / "venv")
    environment.install("--editable", checkout)
    answer = environment.ask(PLAY, tmp_path)
    assert all(Path(file).resolve().is_relative_to(checkout.resolve()) for file in answer["files"])
    assert Path(answer["files"][1]).resolve().is_relative_to((checkout / "envs").resolve())
    page = checkout / "envs" / "math" / "__init__.py"
    page.write_text(page.read_text().replace("Find a hidden number", "Seek a hidden number"))
    code = "print(json.dumps(textgym.entries()['textgym/GuessNumber-v0'].summary))"
    assert environment.ask(code, tmp_path).startswith("Seek")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_a_distribution_works_in_an_empty_environment(kind, request, tmp_path):
    """With the dependencies that it declares, from the package index."""
    venv.create(tmp_path / "venv", with_pip=True, symlinks=True)
    python = tmp_path / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", request.getfixturevalue(kind))
    answer = json.loads(run(python, "-I", "-W", "error", "-c", "import json, textgym\n" + PLAY, cwd=tmp_path))
    assert answer["ids"]
    report = run(tmp_path / "venv" / "bin" / "textgym", "run", "textgym/GuessNumber-v0", "--policy", "oracle",
                 "--episodes", "20", "--json", cwd=tmp_path)  # fmt: skip
    assert json.loads(report)
