"""The conformance suite: what every provider must hold, as a pytest class and as a table of attacks.

```python
from textgym.sandbox.conformance import SandboxConformance

class TestMine(SandboxConformance):
    provider = "mine"
```
"""

from textgym.sandbox.conformance.attack import Attack, Traces, look
from textgym.sandbox.conformance.forgeries import FORGERIES, Forgery
from textgym.sandbox.conformance.objects import MESSAGE_FORGERIES, OBJECT_TESTS
from textgym.sandbox.conformance.suite import ATTACKS, SandboxConformance

__all__ = [
    "ATTACKS",
    "FORGERIES",
    "MESSAGE_FORGERIES",
    "OBJECT_TESTS",
    "Attack",
    "Forgery",
    "SandboxConformance",
    "Traces",
    "look",
]
