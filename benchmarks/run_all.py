"""Run the benchmarks: `python benchmarks/run_all.py [NAME ...] [--quick] [--out DIR]`; see docs/benchmarks.md."""

import argparse
import importlib
import json
import os
import sys
import time
from pathlib import Path

from report import machine
from sizes import Size

NAMES = ("step", "vector", "fields", "shards", "waiting", "tail", "reset", "snapshot", "startup", "crash", "soak")
RESULTS = Path(__file__).parent / "results"


def main() -> int:
    """Run them one after the other, print each report, and write it as JSON. Returns the exit status."""
    parser = argparse.ArgumentParser(description="Measure textgym beside its peers.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; by default all")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds: a look, not for quoting")
    parser.add_argument("--smoke", action="store_true", help="next to no work: shows only that everything runs")
    parser.add_argument("--out", type=Path, default=RESULTS, help="directory for NAME.json")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in NAMES]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}")
    size = Size("smoke" if options.smoke else "quick" if options.quick else "full")
    options.out.mkdir(parents=True, exist_ok=True)
    for name in options.names or NAMES:
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
        path = options.out / f"{name}.json"
        path.write_text(json.dumps(report.as_json(found, size.name), indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
