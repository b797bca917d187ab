"""What it costs to begin: `textgym --help`, and the imports."""

import json
import subprocess
import sys
from pathlib import Path

from peers import GEM_MISSING, has_gem
from report import Report, Row, Spread, Target
from sizes import Size

_SPAWN = Path(__file__).parent.parent / "spawn.py"


def run(size: Size) -> Report:
    """Every command in a fresh process; the caches of the file system are warm."""
    report = Report("startup", "a fresh process: CPU seconds and peak memory")
    python = sys.executable
    script = Path(python).with_name("textgym")
    commands = {
        "python -c pass": [python, "-c", "pass"],
        "textgym --help": [str(script), "--help"] if script.exists() else [python, "-m", "textgym", "--help"],
        "import textgym": [python, "-c", "import textgym"],
        "import gymnasium": [python, "-c", "import gymnasium"],
        "import textgym, gymnasium": [python, "-c", "import textgym, gymnasium"],
    }
    if has_gem():
        commands["import gem"] = [python, "-c", "import gem"]
    else:
        report.left_out.append(GEM_MISSING)
    rounds = size.pick(15, 5, 1)
    found: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            found[name].append(_measure(command))
    cpu = {name: [one["cpu"] for one in each] for name, each in found.items()}
    peak = {name: [one["peak"] for one in each] for name, each in found.items()}
    for name in commands:
        report.rows.append(Row(name, "s", None, Spread.of(cpu[name])))
        report.rows.append(Row(f"{name}: peak memory", "MB", Spread.of(peak[name])))
    gymnasium = cpu["import gymnasium"]
    ratio = [a / b for a, b in zip(cpu["import textgym"], gymnasium, strict=True)]
    both = [a / b for a, b in zip(cpu["import textgym, gymnasium"], gymnasium, strict=True)]
    report.targets += [
        Target("textgym --help, CPU seconds", Spread.of(cpu["textgym --help"]), "<=", 0.3),
        Target("textgym --help, peak MB", Spread.of(peak["textgym --help"]), "<=", 60, "memory"),
        Target("import textgym over import gymnasium", Spread.of(ratio), "<=", 1.3),
        Target("import textgym, gymnasium over import gymnasium", Spread.of(both), "<=", 1.3),
    ]
    return report


def _measure(command: list[str]) -> dict[str, float]:
    """One run of a command through `spawn.py`."""
    spawn = subprocess.run([sys.executable, "-I", "-S", str(_SPAWN), *command], check=True, capture_output=True)
    measured: dict[str, float] = json.loads(spawn.stdout)
    if measured["status"]:
        raise RuntimeError(f"{' '.join(command)} failed: {spawn.stderr.decode()[-500:]}")
    return measured
