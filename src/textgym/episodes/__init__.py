"""The record of what happened: store, resume, replay, re-grade, export."""

from textgym.episodes.record import Episode, TurnRecord

__all__ = ["Episode", "TurnRecord"]
