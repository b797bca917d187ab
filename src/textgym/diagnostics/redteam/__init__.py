"""The red team: policies that try to be paid without solving the task, and what environments pay them.

```python
from textgym.diagnostics.redteam import red_team

report = red_team("textgym/Countdown-v0")
print(report.verdict, report.exploit_gap, report.worst(3))
```
"""

from textgym.diagnostics.redteam.arena import Arena, Seat, Stepped
from textgym.diagnostics.redteam.cheat import FAMILIES, Cheat, View
from textgym.diagnostics.redteam.junit import junit
from textgym.diagnostics.redteam.library import CHEATS, select_cheats
from textgym.diagnostics.redteam.measuring import attack
from textgym.diagnostics.redteam.running import red_team
from textgym.diagnostics.redteam.suite import RedTeamSuite
from textgym.diagnostics.report import CheatRow, RedTeamReport

__all__ = [
    "CHEATS",
    "FAMILIES",
    "Arena",
    "Cheat",
    "CheatRow",
    "RedTeamReport",
    "RedTeamSuite",
    "Seat",
    "Stepped",
    "View",
    "attack",
    "junit",
    "red_team",
    "select_cheats",
]
