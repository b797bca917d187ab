"""What the zygote tells the supervisor when a child has ended."""

from __future__ import annotations

import struct

OUTCOME = struct.Struct("!idiQ")
"""Wait status, CPU seconds since the order, the process that waits for the next order (0 for none), and largest resident set
in kB."""

REFUSED = -1
"""Wait status when no child could be forked."""
