"""The exception tree; each branch is an exit code.

::

    RseauditError
    ├── UsageError            2   wrong option, unknown source, command not built yet
    │   └── ConfigError       2   one or more problems in a TOML file
    │       (StoreError       2)  the store cannot be used as it is
    ├── IncompleteError       3   something that was asked could not be read
    │   ├── FetchError        3   one address, one cause
    │   └── SessionError      3   the login was refused or lost
    └── LockedError           5   another run of the same job holds the store

Anything else that escapes is a bug of ours (4); an interruption is 130; findings at or
above ``--fail-on`` are 1 and are not an exception.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum


class Exit(IntEnum):
    """What the process tells its caller. ``worst`` decides when several apply."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    INCOMPLETE = 3
    BUG = 4
    LOCKED = 5
    INTERRUPTED = 130


_PRECEDENCE = (Exit.BUG, Exit.INTERRUPTED, Exit.LOCKED, Exit.USAGE, Exit.INCOMPLETE, Exit.FINDINGS)


def worst(*codes: Exit) -> Exit:
    """Return the code that wins when several apply: 4, 130, 5, 2, 3, 1, then 0."""
    return next((code for code in _PRECEDENCE if code in codes), Exit.OK)


class RseauditError(Exception):
    """An error that a person can act on: where, what, what was expected, what to do."""

    exit_code: Exit = Exit.BUG

    def __init__(
        self,
        what: str,
        *,
        where: str | None = None,
        expected: str | None = None,
        remedy: str | None = None,
    ) -> None:
        self.what = what
        self.where = where
        self.expected = expected
        self.remedy = remedy
        super().__init__(what)

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        parts = [head]
        if self.expected:
            parts.append(f"expected: {self.expected}")
        if self.remedy:
            parts.append(f"next: {self.remedy}")
        return "\n  ".join(parts)


class UsageError(RseauditError):
    """The command, its options or its input cannot be used as given."""

    exit_code = Exit.USAGE


class ConfigError(UsageError):
    """All problems of one configuration file, each as ``file:line: key: problem``."""

    def __init__(self, problems: Sequence[str], *, remedy: str | None = None) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems), remedy=remedy)


class StoreError(UsageError):
    """The store cannot be opened, is damaged, read-only or of a newer schema."""


class NoStoreError(StoreError):
    """There is no store yet where one is expected."""


class IncompleteError(RseauditError):
    """Something that was asked for could not be read; what could be is kept."""

    exit_code = Exit.INCOMPLETE


class FetchError(IncompleteError):
    """One address that could not be read, with its cause."""


class SessionError(IncompleteError):
    """The login was refused, or the session was lost and could not be had again."""


class LockedError(RseauditError):
    """Another run of the same job holds the store."""

    exit_code = Exit.LOCKED
