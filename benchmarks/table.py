"""Write the figures of the last run into docs/benchmarks.md: `python benchmarks/table.py [RESULTS]`."""

import json
import sys
from pathlib import Path
from typing import Any

from run_all import NAMES, RESULTS

_PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
_BEGIN, _END = "<!-- figures -->\n", "<!-- end of figures -->\n"


def main() -> None:
    """Replace what stands between the page's two marks."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else RESULTS
    paths = [folder / f"{name}.json" for name in NAMES]
    results = [json.loads(path.read_text()) for path in paths if path.exists()]
    if not results:
        sys.exit(f"{folder} holds no results: run benchmarks/run_all.py first")
    left_out = [path.stem for path in paths if not path.exists()]
    text = _PAGE.read_text()
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    _PAGE.write_text(f"{before}{_BEGIN}\n{_table(results, left_out)}\n{_END}{after}")


def _table(results: list[dict[str, Any]], left_out: list[str]) -> str:
    machine = results[0]["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in machine["versions"].items() if version)
    loads = [result["machine"][key] for result in results for key in ("load_before", "load_after")]
    lines = [
        f"Python {machine['python']}, {machine['platform']}, {machine['cores']} cores, load {min(loads):.1f} to "
        f"{max(loads):.1f} during the run; {packages}.",
        "",
        "| benchmark | figure | median | min to max | other clock | target | met |",
        "|---|---|---|---|---|---|---|",
    ]
    for result in results:
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
            lines.append(f"| {' | '.join(cells)} |")
    if left_out:
        lines += ["", f"Not run: {', '.join(left_out)}."]
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


if __name__ == "__main__":
    main()
