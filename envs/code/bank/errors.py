"""Errors of the bank."""

from textgym.core import InfraError, TextgymError


class BankError(TextgymError, RuntimeError):
    """A package cannot be made into tasks, or its recipes cannot be used."""


class FetchError(BankError, InfraError):
    """A package's archive is not at hand and cannot be had; the message says why and what to do."""


class OfflineError(FetchError):
    """No index answers."""


class GoneError(FetchError):
    """No index offers the archive any more."""


class HashError(FetchError):
    """The bytes that an index offers under this name are others than the pinned ones."""


class ArchiveError(BankError):
    """An archive is malformed, too large, or holds what must not be unpacked."""
