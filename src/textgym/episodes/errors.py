"""What can go wrong between an episode and the disk."""

from collections.abc import Mapping
from typing import Any

from textgym.core import TextgymError


class StoreError(TextgymError, RuntimeError):
    """A run directory cannot be created, read or written; the message says what to do."""


class StoreFullError(StoreError):
    """There is no room for the next record. Every record before it is safe, and the store can go on once there is."""


class StoreLockedError(StoreError):
    """Another process (or another store in this one) is writing to the run."""


class RecordError(StoreError, ValueError):
    """An episode holds what JSON cannot, such as a not-a-number; the message names the place. Nothing was written."""


class ResumeError(StoreError, ValueError):
    """A run cannot be continued with other settings than it was begun with.

    Attributes:
        differences: by name of the field, the stored value and the one asked for; None where there is none.
    """

    def __init__(self, message: str, differences: Mapping[str, tuple[Any, Any]]) -> None:
        super().__init__(message)
        self.differences = dict(differences)


class DamagedRecordWarning(UserWarning):
    """Lines in the middle of an episode file do not match their checksums and are passed over."""


class ExportError(TextgymError, ValueError):
    """An export was asked for in a way that cannot work."""


class ExportFullError(ExportError):
    """There is no room for an export. What was at its place before is still there."""
