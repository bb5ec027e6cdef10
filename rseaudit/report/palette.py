"""The colours of every page, light and dark, and which of them must be legible on which."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "paper": "#faf8f4",
        "sheet": "#ffffff",
        "shade": "#f1ede5",
        "line": "#ddd6c9",
        "ink": "#1f2530",
        "soft": "#545b68",
        "link": "#0b5563",
        "accent": "#0f6b6b",
        "accent-shade": "#e2efec",
        "alert": "#8f2d1f",
        "alert-shade": "#fae8e3",
        "advice": "#6f4c00",
        "advice-shade": "#faf0d6",
        "info": "#3a4f66",
        "info-shade": "#e7edf3",
        "mark": "#ffe7a3",
        "mark-line": "#b07d00",
    }
)
DARK: Mapping[str, str] = MappingProxyType(
    {
        "paper": "#15191f",
        "sheet": "#1c2129",
        "shade": "#252b35",
        "line": "#3a4250",
        "ink": "#e9e6df",
        "soft": "#b3b8c2",
        "link": "#8fd3d6",
        "accent": "#7ccbc2",
        "accent-shade": "#1d3836",
        "alert": "#f5a898",
        "alert-shade": "#3f231e",
        "advice": "#f0cd7e",
        "advice-shade": "#3a2f16",
        "info": "#b4cbe2",
        "info-shade": "#243140",
        "mark": "#5c4a12",
        "mark-line": "#e2b646",
    }
)
# (text, background): contrast 4.5:1 at least, in both schemes.
LEGIBLE: tuple[tuple[str, str], ...] = (
    *((text, ground) for text in ("ink", "soft", "link", "accent") for ground in ("paper", "sheet", "shade")),
    *((tone, f"{tone}-shade") for tone in ("accent", "alert", "advice", "info")),
    *((tone, ground) for tone in ("alert", "advice", "info") for ground in ("sheet", "paper")),
    ("ink", "mark"),
    ("ink", "accent-shade"),
    ("ink", "alert-shade"),
    ("ink", "advice-shade"),
)


def contrast(one: str, other: str) -> float:
    """Return the WCAG 2 contrast ratio of two ``#rrggbb`` colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
