"""Write the figures of the last run into docs/benchmarks.md: `python benchmarks/table.py [RESULTS]`.

The rows of benchmarks that were not run stay as they are, if the same Python and packages gave them on as many cores.
"""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from run_all import NAMES, RESULTS

_PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
_ROW = re.compile(r"\| ([a-z_]+)")
_LOADS = re.compile(r"load ([0-9.]+) to ([0-9.]+) during the run")
_BEGIN, _END = "<!-- figures -->\n", "<!-- end of figures -->\n"


def main() -> None:
    """Replace what stands between the page's two marks."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else RESULTS
    paths = [folder / f"{name}.json" for name in NAMES]
    results = [json.loads(path.read_text()) for path in paths if path.exists()]
    if not results:
        sys.exit(f"{folder} holds no results: run benchmarks/run_all.py first")
    text = _PAGE.read_text()
    before, _, rest = text.partition(_BEGIN)
    table, _, after = rest.partition(_END)
    _PAGE.write_text(f"{before}{_BEGIN}\n{_table(results, table)}\n{_END}{after}")


def _table(results: list[dict[str, Any]], table: str) -> str:
    """The table with the rows of these results, and what stays of the one before."""
    machine = results[0]["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in machine["versions"].items() if version)
    system = f"Python {machine['python']}, {machine['platform']}, {machine['cores']} cores, load "
    loads = [result["machine"][key] for result in results for key in ("load_before", "load_after")]
    rows = {result["name"]: _rows(result) for result in results}
    kept = _rows_before(table, (f"Python {machine['python']},", f" {machine['cores']} cores,", packages))
    if kept and (span := _LOADS.search(table)) and kept.keys() - rows.keys():
        loads += map(float, span.groups())
    left_out = [name for name in NAMES if name not in kept | rows]
    lines = [
        f"{system}{min(loads):.1f} to {max(loads):.1f} during the run; {packages}.",
        "",
        "| benchmark | figure | median | min to max | other clock | target | met |",
        "|---|---|---|---|---|---|---|",
        *[row for name in NAMES for row in (kept | rows).get(name, [])],
    ]
    if left_out:
        lines += ["", f"Not run: {', '.join(left_out)}."]
    return "\n".join(lines) + "\n"


def _rows(result: dict[str, Any]) -> list[str]:
    rows = []
    for target in result["targets"]:
        figure, other = target["figure"], target["other"]
        cells = (
            result["name"] + ("" if result["size"] == "full" else f" ({result['size']})"),
            target["claim"],
            f"{_number(figure['median'])} ({target['clock']})",
            f"{_number(figure['min'])} to {_number(figure['max'])}",
            "" if other is None else _number(other["median"]),
            f"{'≥' if target['relation'] == '>=' else '≤'} {_number(target['bound'])}",
            "yes" if target["met"] else "**no**",
        )
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def _rows_before(table: str, words: Sequence[str]) -> dict[str, list[str]]:
    """The rows of a table by their benchmark; none where what is above it lacks one of these words."""
    if not all(word in table for word in words):
        return {}
    rows: dict[str, list[str]] = {}
    for line in table.splitlines():
        if (first := _ROW.match(line)) and first[1] in NAMES:
            rows.setdefault(first[1], []).append(line)
    return rows


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


if __name__ == "__main__":
    main()
