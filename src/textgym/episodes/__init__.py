"""The record of what happened: store, resume, replay, re-grade, export."""

from textgym.episodes.errors import (
    DamagedRecordWarning,
    ExportError,
    RecordError,
    ResumeError,
    StoreError,
    StoreFullError,
    StoreLockedError,
)
from textgym.episodes.manifest import Manifest
from textgym.episodes.provenance import provenance
from textgym.episodes.record import Episode, TurnRecord
from textgym.episodes.store import EpisodeStore

__all__ = [
    "DamagedRecordWarning",
    "Episode",
    "EpisodeStore",
    "ExportError",
    "Manifest",
    "RecordError",
    "ResumeError",
    "StoreError",
    "StoreFullError",
    "StoreLockedError",
    "TurnRecord",
    "provenance",
]
