"""`import textgym` in fresh processes: light, and every id is known to Gymnasium whichever is imported first."""

import subprocess
import sys

import pytest

import textgym


def python(code):
    """What the code prints in a fresh process in which every warning is an error."""
    process = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr
    return process.stdout.split()


def test_importing_textgym_imports_nothing_heavy_and_no_environment():
    loaded = python("import sys, textgym, textgym.registry; textgym.entries(); print(*sys.modules)")
    heavy = {"gymnasium", "numpy", "pydantic", "rich", "typer", "httpx", "pyarrow", "textgym.core", "textgym.runner"}
    assert heavy.isdisjoint(loaded)
    assert {entry.entry_point.partition(":")[0] for entry in textgym.entries().values()}.isdisjoint(loaded)


MAKE = """
env = gymnasium.make("textgym/GuessNumber-v0", high=50)
env.reset(seed=1)
print(type(env).__name__, len([name for name in gymnasium.registry if name.startswith("textgym/")]) == len(textgym.entries()))
"""


@pytest.mark.parametrize(
    "imports",
    [
        "import textgym, gymnasium",
        "import gymnasium, textgym",
        "import textgym; from gymnasium.utils import seeding; import gymnasium",
        "from gymnasium.utils import seeding; import textgym, gymnasium",
        "import textgym; import gymnasium.vector; import gymnasium",
        "from gymnasium import spaces; import gymnasium, textgym",
        "import textgym.core, gymnasium, textgym",
        "from textgym import Text, TextEnv; import gymnasium, textgym",
        "import textgym, importlib; importlib.reload(textgym); import gymnasium; importlib.reload(textgym)",
        "import textgym, gymnasium, importlib; importlib.reload(textgym)",
        "import textgym, importlib.util; importlib.util.find_spec('gymnasium'); import gymnasium",
        "import textgym, importlib; gymnasium = importlib.import_module('gymnasium')",
        "import textgym, pkgutil; pkgutil.resolve_name('gymnasium:make'); import gymnasium",
    ],
)
def test_ids_are_registered_in_every_order_of_imports(imports):
    assert python(imports + MAKE) == ["GuessNumber", "True"]


def test_gymnasium_is_left_as_its_own_loader_made_it():
    plain = "import gymnasium; print(type(gymnasium.__loader__).__name__, type(gymnasium.__spec__.loader).__name__)"
    assert python("import textgym; " + plain) == python(plain)
    assert python("import sys, textgym, gymnasium; print(*[type(f).__module__ for f in sys.meta_path])") == python(
        "import sys, gymnasium; print(*[type(f).__module__ for f in sys.meta_path])"
    )


def test_a_failed_import_of_gymnasium_can_be_tried_again(tmp_path):
    broken = tmp_path / "gymnasium"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ImportError('half installed')")
    code = f"""
import sys, textgym
sys.path.insert(0, {str(tmp_path)!r})
try:
    import gymnasium
except ImportError as error:
    print(str(error).replace(" ", "-"))
sys.path.remove({str(tmp_path)!r})
import importlib; importlib.invalidate_caches()
import gymnasium
"""
    assert python(code + MAKE) == ["half-installed", "GuessNumber", "True"]


def test_without_gymnasium_the_import_and_the_listing_work(tmp_path):
    code = "import sys, textgym; sys.modules['gymnasium'] = None; print('textgym/GuessNumber-v0' in textgym.entries())"
    assert python(code) == ["True"]


def test_every_public_name_is_there():
    code = """
import textgym
for name in textgym.__all__:
    assert getattr(textgym, name) is not None, name
assert set(textgym.__all__) <= set(dir(textgym))
print(textgym.__version__)
try:
    textgym.nothing
except AttributeError as error:
    print("nothing" in str(error))
"""
    version, refused = python(code)
    assert version[0].isdigit()
    assert refused == "True"


def test_names_for_type_checkers_are_the_names_that_are_there():
    import ast
    from pathlib import Path

    import textgym

    tree = ast.parse(Path(textgym.__file__).read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    declared = {alias.asname for node in block.body for alias in node.names}
    assert declared == set(textgym.__all__)
