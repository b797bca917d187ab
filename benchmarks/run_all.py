"""Run the benchmarks: `python benchmarks/run_all.py [NAME ...] [--quick] [--out DIR]`; see docs/benchmarks.md."""

import argparse
import importlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from report import machine
from sizes import Size

NAMES = (
    "step",
    "vector",
    "fields",
    "shards",
    "waiting",
    "tail",
    "reset",
    "generation",
    "snapshot",
    "startup",
    "crash",
    "soak",
    "sandbox",
    "sandbox_soak",
    "quorum",
    "functions",
    "repair",
    "graders",
    "math_equal",
)
RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Read the command line, and run what it names one after the other."""
    parser = argparse.ArgumentParser(description="Measure textgym beside its peers.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; by default all")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds: a look, not for quoting")
    parser.add_argument("--smoke", action="store_true", help="next to no work: shows only that everything runs")
    parser.add_argument("--out", type=Path, default=RESULTS, help="directory for NAME.json")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in NAMES]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}")
    names = options.names or NAMES
    if len(names) > 1:  # each in a process of its own, so that none finds the memory and the caches of the one before
        flags = [f"--{flag}" for flag in ("quick", "smoke") if getattr(options, flag)]
        for name in names:
            subprocess.run([sys.executable, __file__, name, *flags, "--out", str(options.out)], check=True)
        return
    measure(names[0], Size("smoke" if options.smoke else "quick" if options.quick else "full"), options.out)


def measure(name: str, size: Size, out: Path) -> None:
    """Run one benchmark, print its report, and write it into the directory `out`."""
    found = machine()
    found["load_before"] = os.getloadavg()[0]
    began = time.perf_counter()
    report = importlib.import_module(f"figures.{name}").run(size)
    found["seconds"] = time.perf_counter() - began
    found["load_after"] = os.getloadavg()[0]
    report.print()
    print(
        f"  {found['cores']} cores, load {found['load_before']:.2f} before and {found['load_after']:.2f} after; "
        f"took {found['seconds']:.0f} s\n",
        flush=True,
    )
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{name}.json").write_text(json.dumps(report.as_json(found, size.name), indent=2) + "\n")


if __name__ == "__main__":
    main()
