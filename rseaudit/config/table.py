"""The base of all TOML tables."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """A TOML table: strict types, no unknown key, never changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


def at_most_one(table: BaseModel, *keys: str) -> bool:
    """Tell whether one of ``keys`` is given; two or more are refused."""
    given = [type(table).model_fields[key].alias or key for key in keys if getattr(table, key) is not None]
    if len(given) > 1:
        raise ValueError(f"only one of {', '.join(given)} can be used")
    return bool(given)
