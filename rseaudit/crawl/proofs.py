"""How a platform shows that an account is logged in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rseaudit.crawl.page import Page


@dataclass(frozen=True, slots=True)
class Proof:
    """An address to ask for, and whether its answer shows that the account is logged in."""

    url: str
    shows: Callable[[Page], bool]
