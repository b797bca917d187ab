"""The record of what happened: store, resume, replay, re-grade, export."""

from textgym.episodes.errors import (
    DamagedRecordWarning,
    ExportError,
    ExportFullError,
    RecordError,
    ResumeError,
    StoreError,
    StoreFullError,
    StoreLockedError,
)
from textgym.episodes.exporting import EXPORT_FORMATS, ExportFormat, ExportReport, export
from textgym.episodes.manifest import Manifest
from textgym.episodes.masking import masked
from textgym.episodes.provenance import provenance
from textgym.episodes.record import Episode, TurnRecord
from textgym.episodes.regrading import Grader, regrade
from textgym.episodes.replaying import Divergence, ReplayReport, replay, replay_store
from textgym.episodes.rows import flat_rows, preference_rows, sft_rows
from textgym.episodes.store import EpisodeStore

__all__ = [
    "EXPORT_FORMATS",
    "DamagedRecordWarning",
    "Divergence",
    "Episode",
    "EpisodeStore",
    "ExportError",
    "ExportFormat",
    "ExportFullError",
    "ExportReport",
    "Grader",
    "Manifest",
    "RecordError",
    "ReplayReport",
    "ResumeError",
    "StoreError",
    "StoreFullError",
    "StoreLockedError",
    "TurnRecord",
    "export",
    "flat_rows",
    "masked",
    "preference_rows",
    "provenance",
    "regrade",
    "replay",
    "replay_store",
    "sft_rows",
]
