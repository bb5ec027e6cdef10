"""What decides which addresses a spider may ask for."""

from __future__ import annotations

from typing import Protocol


class Addresses(Protocol):
    """Says why an address is refused, in one stable word; ``None`` when it may be asked for."""

    def refusal(self, url: str) -> str | None: ...
