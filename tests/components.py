"""Programs that tests need and a machine may lack."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

REQUIRED = bool(os.environ.get("RSEAUDIT_REQUIRE_COMPONENTS"))


def missing(component: str, remedy: str) -> NoReturn:
    """Skip a test whose component is not here; in CI it must be."""
    message = f"{component} is not installed: {remedy}"
    if REQUIRED:
        pytest.fail(message)
    pytest.skip(message)
